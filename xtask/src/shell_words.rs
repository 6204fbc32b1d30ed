//! Words and numbers for people.

use std::time::Instant;

/// `12.3 s` since `start`.
pub fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f32())
}

/// `57.5 KB`, a kilobyte being 1,000 bytes as in the budgets.
pub fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::kilobytes;

    #[test]
    fn bytes_are_rounded_down_to_tenths() {
        assert_eq!(
            [0, 99, 100, 75_000, 75_099, 75_100].map(kilobytes).join(" "),
            "0.0 KB 0.0 KB 0.1 KB 75.0 KB 75.0 KB 75.1 KB"
        );
    }
}
