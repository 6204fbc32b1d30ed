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
};
