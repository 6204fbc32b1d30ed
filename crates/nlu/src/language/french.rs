//! French.

use super::Language;

/// French.
pub static FRENCH: Language = Language {
    code: "fr",
    common: &[
        "a", "ai", "au", "aux", "avec", "c'est", "ce", "ces", "dans", "de", "des", "du", "elle", "en", "es",
        "est", "et", "il", "ils", "j'ai", "je", "l", "la", "le", "les", "leur", "lui", "ma", "me", "mes",
        "moi", "mon", "ne", "nous", "on", "ou", "par", "pas", "peux", "pour", "qu", "que", "qui", "sa", "se",
        "ses", "son", "sont", "sur", "ta", "te", "tu", "un", "une", "veux", "vous",
    ],
    endings: &["ements", "ement", "ations", "ation", "ees", "ee", "es", "er", "ez", "e", "s"],
    elides: true,
    decimal: ",",
    day_first: true,
};
