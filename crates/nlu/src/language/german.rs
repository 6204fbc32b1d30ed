//! German.

use super::Language;

/// German.
pub static GERMAN: Language = Language {
    code: "de",
    common: &[
        "aber", "als", "am", "an", "auf", "aus", "bei", "bin", "bist", "bitte", "da", "das", "dass", "dem",
        "den", "der", "des", "die", "du", "ein", "eine", "einem", "einen", "einer", "es", "fur", "habe",
        "haben", "hat", "ich", "im", "in", "ist", "ja", "kann", "kannst", "man", "mein", "meine", "mich",
        "mir", "mit", "nach", "oder", "sein", "sich", "sie", "sind", "so", "uber", "um", "und", "vom", "von",
        "war", "was", "wenn", "wie", "will", "wir", "wird", "wo", "zu", "zum", "zur",
    ],
    endings: &["ungen", "ung", "en", "er", "es", "em", "e", "n", "s"],
    elides: false,
    decimal: ",",
    day_first: true,
};
