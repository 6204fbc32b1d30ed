//! Setting the stock of a variant, as far as it has come.

/// What is going on in the row of a variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The variant.
    pub variant: i64,
    /// What there was when somebody began to type; nothing while nobody does.
    pub expected: Option<i64>,
    /// The server is asked.
    pub busy: bool,
    /// What is said about it.
    pub says: String,
    /// What the server would not take, and what there is by now.
    pub conflict: Option<(i64, i64)>,
    /// What was typed cannot be.
    pub wrong: bool,
}

/// How many somebody typed; nothing when it is no number that there can be.
pub fn pieces(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|pieces| (0..=1_000_000_000).contains(pieces))
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_are_whole_and_not_too_many() {
        for (typed, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("1000000000", Some(1_000_000_000)),
            ("1000000001", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("many", None),
        ] {
            assert_eq!(pieces(typed), expected, "{typed}");
        }
    }
}
