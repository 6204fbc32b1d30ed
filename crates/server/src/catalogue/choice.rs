//! The values that a variant stands for, as they are kept: the first two in columns of their own, the third one
//! and what follows it in the last column, apart by a character that no value has.

/// Between the values in the last column: the unit separator, which an import refuses in a value.
const SEPARATOR: char = '\u{1f}';

/// Values in the columns `option1`, `option2` and `option3`; '' where there are fewer.
pub fn columns(values: &[String]) -> [String; 3] {
    let one = |at: usize| values.get(at).cloned().unwrap_or_default();
    let rest = values.get(2..).unwrap_or_default();
    [one(0), one(1), rest.join(&SEPARATOR.to_string())]
}

/// The values in the columns; '' where there are fewer.
pub fn values(columns: [&str; 3]) -> impl Iterator<Item = &str> {
    let [first, second, rest] = columns;
    [first, second].into_iter().chain(rest.split(SEPARATOR))
}

/// The values for a sentence: `Navy, M`.
pub fn named(columns: [&str; 3]) -> String {
    values(columns).filter(|value| !value.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_values_comes_back() {
        for (given, name) in [
            (&[][..], ""),
            (&["Navy"], "Navy"),
            (&["Navy", "M"], "Navy, M"),
            (&["Navy", "M", "Wool"], "Navy, M, Wool"),
            (&["Navy", "M", "Wool", "Left", "Plain"], "Navy, M, Wool, Left, Plain"),
        ] {
            let given: Vec<_> = given.iter().map(|value| (*value).to_owned()).collect();
            let kept = columns(&given);
            let kept = kept.each_ref().map(String::as_str);
            let back: Vec<_> = values(kept).take(given.len()).collect();
            assert_eq!(back, given);
            assert_eq!(named(kept), name);
        }
    }
}
