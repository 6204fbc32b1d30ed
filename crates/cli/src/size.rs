//! What a release weighs on its way to a visitor.

use contract::release::Release;
use release::{Files, compress};

/// The bytes of a kilobyte, wherever one is told.
pub const KILOBYTE: u64 = 1000;

/// The bytes that a microapp may have after brotli.
pub const MICROAPP: usize = 75_000;

/// The size after brotli at its best, as the server sends it.
pub fn brotli(bytes: &[u8]) -> usize {
    compress::brotli(bytes).len()
}

/// Whether a page fetches the file in order to mount the microapp.
pub fn is_fetched(release: &Release, name: &str) -> bool {
    name == release.entry
        || release.module.as_deref() == Some(name)
        || release.styles.iter().any(|style| style == name)
}

/// What a page fetches in order to mount the microapp, after brotli.
pub fn fetched(release: &Release, files: &Files) -> usize {
    files.iter().filter(|(name, _)| is_fetched(release, name)).map(|(_, bytes)| brotli(bytes)).sum()
}

/// `57.5 KB`, a kilobyte being 1,000 bytes as in the budgets.
pub fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_rounded_down_to_tenths() {
        assert_eq!(
            [0, 99, 100, 75_000, 75_099, 75_100].map(kilobytes).join(" "),
            "0.0 KB 0.0 KB 0.1 KB 75.0 KB 75.0 KB 75.1 KB"
        );
    }
}
