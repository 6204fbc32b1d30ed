//! What is printed, for readers that may go away: `menagerie … | head`.

use crate::Error;
use contract::code::CONFIGURATION;
use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// What a shell says of a program that ended because nobody reads it any more: 128 and SIGPIPE.
const NOBODY_READS: i32 = 141;

/// Prints text, at once. If nobody reads it any more the program ends, without a word; if it cannot be written, with one.
///
/// What agents and servers of others say moves no cursor and sets no title: of control characters a mark is seen.
pub fn text(text: impl Display) {
    let mut out = io::stdout().lock();
    let Err(error) = write!(out, "{}", visible(text.to_string())).and_then(|()| out.flush()) else { return };
    if error.kind() == ErrorKind::BrokenPipe {
        std::process::exit(NOBODY_READS);
    }
    let error = Error::new(CONFIGURATION, format!("the answer cannot be written: {error}"));
    note(error.message());
    std::process::exit(error.exit_code().into());
}

/// The same for a line.
pub fn line(line: impl Display) {
    text(format_args!("{line}\n"));
}

/// Says a line beside the output: how far it is, what is wrong. Nobody has to read it.
pub fn note(line: impl Display) {
    pass_on(visible(line.to_string()).as_bytes());
}

/// Says beside the output what a program that was run has said, in its colours.
pub fn pass_on(said: &[u8]) {
    let mut out = io::stderr().lock();
    // Where it cannot be said there is nobody to tell.
    let _ = out.write_all(said).and_then(|()| out.write_all(b"\n"));
}

/// Whether a terminal might act on a character.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// The text with a mark for each such character: Unicode has pictures of the older ones.
fn visible(text: String) -> String {
    let mark = |c: char| match u32::from(c) {
        _ if !is_control(c) => c,
        0x7f => '\u{2421}',
        old @ ..0x20 => char::from_u32(0x2400 + old).unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::REPLACEMENT_CHARACTER,
    };
    if text.contains(is_control) { text.chars().map(mark).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_seen_and_do_nothing() {
        for (text, expected) in [
            ("a\tb\nü 😀", "a\tb\nü 😀"),
            ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
            ("a\r\n\0\x7f\u{9b}1m", "a␍\n␀␡\u{fffd}1m"),
        ] {
            assert_eq!(visible(text.to_owned()), expected);
        }
    }
}
