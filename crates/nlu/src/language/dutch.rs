//! Dutch.

use super::Language;

/// Dutch.
pub static DUTCH: Language = Language {
    code: "nl",
    common: &[
        "aan", "als", "ben", "bij", "dan", "dat", "de", "deze", "die", "dit", "een", "en", "er", "graag",
        "heb", "hebben", "heeft", "het", "hij", "hoe", "ik", "in", "is", "je", "kan", "kun", "maar", "me",
        "met", "mij", "mijn", "naar", "niet", "of", "om", "op", "te", "tot", "u", "uit", "van", "voor",
        "wat", "we", "wil", "ze", "zijn", "zo",
    ],
    endings: &["ingen", "ing", "en", "er", "es", "e", "s", "t"],
    elides: false,
    decimal: ",",
    day_first: true,
};
