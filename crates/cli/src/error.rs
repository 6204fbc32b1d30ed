use contract::code::{Code, TABLE};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A release is at fault, or what it is made of.
    #[error(transparent)]
    Release(#[from] release::Error),
    /// Anything else that has a number.
    #[error("{code} {what}")]
    Numbered {
        /// The number.
        code: Code,
        /// What happened, in one sentence, with the place of the fault.
        what: String,
    },
}

impl Error {
    /// An error with a number of ours.
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self::Numbered { code, what: what.into() }
    }

    /// The number.
    pub fn code(&self) -> Code {
        match self {
            Self::Release(error) => error.code,
            Self::Numbered { code, .. } => *code,
        }
    }

    /// What the reader can do about it, from the table of numbers.
    pub fn way_out(&self) -> &'static str {
        TABLE.iter().find(|entry| entry.code == self.code()).map_or("", |entry| entry.way_out)
    }

    /// The whole message for people.
    pub fn message(&self) -> String {
        format!("{self}\n  {}", self.way_out())
    }
}
