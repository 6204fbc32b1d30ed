use contract::code::Code;

/// What is wrong with a release or with what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} {place}: {what}")]
pub struct Error {
    /// The number; `docs/errors.md` has a line for each.
    pub code: Code,
    /// The file, with line and column where there are any.
    pub place: String,
    /// What is wrong there, and what would be right.
    pub what: String,
}

impl Error {
    pub(crate) fn new(code: Code, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { code, place: visible(place.into()), what: visible(what.into()) }
    }
}

/// With characters that a terminal would obey, such as those in a stranger's names, written out.
fn visible(text: String) -> String {
    let is_obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(is_obeyed) {
        return text;
    }
    text.chars().fold(String::new(), |mut shown, c| {
        if is_obeyed(c) {
            shown.extend(c.escape_default())
        } else {
            shown.push(c)
        }
        shown
    })
}

/// Says of a file of a release, or of what a build left, that it could not be read.
pub(crate) fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Error {
    Error::new(
        contract::code::RELEASE_FILE_MISSING,
        path.display().to_string(),
        format!("cannot be read: {error}"),
    )
}
