//! `cargo xtask docs`: documents that are made from code.

use crate::apps::{self, cannot_read};
use cli::Error;
use contract::code::TABLE;
use std::{fmt::Write, fs};

/// What the hundreds stand for.
const CHAPTERS: [&str; 6] = [
    "Making and checking a release",
    "The shell and the lifecycles of microapps",
    "Stores in the browser",
    "The shop's API",
    "The server and its registry",
    "Tools",
];

/// Writes them.
pub fn write() -> Result<(), Error> {
    let path = apps::workspace().join("docs/errors.md");
    fs::write(&path, errors()).map_err(|error| cannot_read(&path, &error))?;
    println!("{}", path.display());
    Ok(())
}

/// `docs/errors.md`: every number, what it means, and the way out.
fn errors() -> String {
    let mut text = "# Error numbers\n\nMade from `crates/contract/src/code.rs` by `cargo xtask docs`. \
                    A number never changes its meaning and is never used again.\n"
        .to_owned();
    let mut chapter = 0;
    for entry in TABLE {
        if entry.code.0 / 100 != chapter {
            chapter = entry.code.0 / 100;
            let title = CHAPTERS.get(usize::from(chapter).wrapping_sub(1)).unwrap_or(&"Others");
            let _ = write!(
                text,
                "\n## {chapter}xx: {title}\n\n| number | what happened | way out |\n|---|---|---|\n"
            );
        }
        let _ = writeln!(text, "| {} | {} | {} |", entry.code, entry.meaning, entry.way_out);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_says_what_the_code_says() {
        let path = apps::workspace().join("docs/errors.md");
        let written = fs::read_to_string(&path).unwrap_or_default();
        let expected = errors();
        let difference =
            expected.lines().zip(written.lines().chain(std::iter::repeat(""))).find(|(a, b)| a != b);
        assert!(written == expected, "run `cargo xtask docs`; the first difference: {difference:#?}");
    }
}
