//! Spanish.

use super::Language;

/// Spanish.
pub static SPANISH: Language = Language {
    code: "es",
    common: &[
        "a", "al", "como", "con", "de", "del", "el", "ella", "en", "es", "esta", "este", "favor", "he", "la",
        "las", "le", "lo", "los", "me", "mi", "mis", "no", "nos", "o", "para", "pero", "por", "puedes",
        "que", "quiero", "se", "si", "soy", "su", "sus", "te", "tu", "un", "una", "y", "yo",
    ],
    endings: &[
        "aciones", "acion", "mente", "ando", "iendo", "ados", "adas", "ado", "ada", "es", "ar", "er", "ir",
        "os", "as", "o", "a", "e", "s",
    ],
    elides: false,
};
