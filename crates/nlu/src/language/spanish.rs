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
    decimal: ",",
    day_first: true,
};

/// Regions that write 1,234.5: Latin America as a whole, and those of its countries that do (Unicode CLDR).
const WITH_POINT: [&str; 11] = ["419", "DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US"];

/// Whether a code names such a region.
pub fn has_point(code: &str) -> bool {
    code.get(3..).is_some_and(|code| WITH_POINT.iter().any(|region| region.eq_ignore_ascii_case(code)))
}

/// Spanish of those regions.
pub static AMERICAN: Language = Language { decimal: ".", ..SPANISH };
