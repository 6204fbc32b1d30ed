//! What is printed, for readers that may go away: `menagerie … | head`.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// What a shell says of a program that ended because nobody reads it any more: 128 and SIGPIPE.
const NOBODY_READS: i32 = 141;

/// Prints text as it is, at once. If nobody reads it any more the program ends, without a word.
pub fn text(text: impl Display) {
    let mut out = io::stdout().lock();
    if let Err(error) = write!(out, "{text}").and_then(|()| out.flush())
        && error.kind() == ErrorKind::BrokenPipe
    {
        std::process::exit(NOBODY_READS);
    }
}

/// The same for a line.
pub fn line(line: impl Display) {
    text(format_args!("{line}\n"));
}

/// Says a line beside the output: how far it is, what is wrong. Nobody has to read it.
pub fn note(line: impl Display) {
    // Where it cannot be said there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}
