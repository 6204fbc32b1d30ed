//! Setting the stock of a variant, as far as it has come.

/// What is going on in the row of a variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The variant.
    pub variant: i64,
    /// What there was when somebody began to type; nothing while nobody does.
    pub expected: Option<i64>,
    /// What they typed.
    pub typed: String,
    /// The server is asked.
    pub busy: bool,
    /// What is said about it.
    pub says: String,
    /// What the server would not take, and what there is by now.
    pub conflict: Option<(i64, i64)>,
    /// What was typed cannot be.
    pub wrong: bool,
}

impl Edit {
    /// The same with what is typed now. Whoever types saw how many there are by now, or else what there was before, or `known`.
    pub fn typed(self, typed: String, known: i64) -> Self {
        let now = self.conflict.map(|(_, now)| now);
        Self { expected: now.or(self.expected).or(Some(known)), typed, conflict: None, ..self }
    }
}

/// How many somebody typed; nothing when it is no number that there can be. A sign may be meant as a change, and is none.
pub fn pieces(text: &str) -> Option<i64> {
    let digits = Some(text.trim()).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits?.parse().ok().filter(|pieces| *pieces <= 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_whole_and_not_too_many() {
        for (typed, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("1000000000", Some(1_000_000_000)),
            ("1000000001", None),
            ("-1", None),
            ("+10", None),
            ("1.5", None),
            ("", None),
            ("many", None),
        ] {
            assert_eq!(pieces(typed), expected, "{typed}");
        }
    }

    #[test]
    fn who_types_has_seen_what_was_said_last() {
        let nothing = Edit::default();
        let begun = Edit { expected: Some(5), ..Edit::default() };
        let refused = Edit { conflict: Some((70, 4)), ..begun.clone() };
        for (edit, expected) in [(nothing, 9), (begun, 5), (refused, 4)] {
            let edit = edit.typed("71".to_owned(), 9);
            assert_eq!((edit.expected, &*edit.typed, edit.conflict), (Some(expected), "71", None));
        }
    }
}
