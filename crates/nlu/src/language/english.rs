//! English.

use super::Language;

/// English.
pub static ENGLISH: Language = Language {
    code: "en",
    common: &[
        "a", "am", "an", "and", "are", "as", "at", "be", "by", "can", "could", "did", "do", "does", "for",
        "from", "had", "has", "have", "i", "i'd", "i'm", "if", "in", "is", "it", "it's", "me", "my", "of",
        "on", "or", "please", "so", "that", "the", "there", "this", "to", "was", "what's", "will", "with",
        "would", "you", "your",
    ],
    endings: &["ing", "ed", "ies", "es", "s", "ly", "er", "e", "y"],
    elides: false,
    decimal: ".",
    day_first: false,
};

/// Whether a code names a region, and another one than the United States. Its second letter tells: of where English is
/// at home, American Samoa alone shares it, and the way of writing too.
pub fn is_day_first(code: &str) -> bool {
    code.as_bytes().get(4).is_some_and(|second| second | 32 != b's')
}

/// English of everywhere but the United States.
pub static BRITISH: Language = Language { day_first: true, ..ENGLISH };
