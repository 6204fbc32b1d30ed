//! What the engine knows of languages: tokens, accents, stems, common words.

#[cfg(feature = "nl")]
mod dutch;
mod english;
mod fold;
#[cfg(feature = "fr")]
mod french;
#[cfg(feature = "de")]
mod german;
mod letters;
#[cfg(feature = "es")]
mod spanish;
mod tokenise;

pub use fold::folded;
pub use letters::{is_capital, is_letter, is_letter_or_number, is_number, small};
pub use tokenise::{Kind, Token, tokenise};

/// A language. Everything that differs between languages is data here.
#[derive(Debug)]
pub struct Language {
    /// ISO 639-1.
    pub code: &'static str,
    /// Words that tell little of what a sentence is about, sorted, folded.
    common: &'static [&'static str],
    /// Endings that fall off a stem, the first that fits.
    endings: &'static [&'static str],
    /// Whether a word before an apostrophe is cut short, "l'eau", and not one after it, "Ann's".
    elides: bool,
    /// The decimal sign.
    pub decimal: &'static str,
    /// Whether dates in digits begin with the day.
    pub day_first: bool,
}

/// The words of a sentence, folded, parted by one blank: what two phrases have in common that differ in
/// signs and capitals alone.
pub fn bare(text: &str) -> String {
    let words: Vec<String> = tokenise(text).into_iter().filter(Token::is_word).map(|t| t.folded).collect();
    words.join(" ")
}

impl Language {
    /// The language of a code like `en` or `en-GB`: its region says how numbers and dates are written. A language that
    /// is not known is treated as one without endings and common words.
    pub fn of(code: &str) -> &'static Language {
        match code.get(..2).unwrap_or(code) {
            "en" if english::is_day_first(code) => &english::BRITISH,
            "en" => &english::ENGLISH,
            #[cfg(feature = "de")]
            "de" => &german::GERMAN,
            #[cfg(feature = "fr")]
            "fr" => &french::FRENCH,
            #[cfg(feature = "es")]
            "es" if spanish::has_point(code) => &spanish::AMERICAN,
            #[cfg(feature = "es")]
            "es" => &spanish::SPANISH,
            #[cfg(feature = "nl")]
            "nl" => &dutch::DUTCH,
            _ => &UNKNOWN,
        }
    }

    /// Whether a word tells little.
    pub fn is_common(&self, word: &str) -> bool {
        self.common.binary_search(&word).is_ok()
    }

    /// A word without its ending. Light: it brings "flights" and "flight" together, not "flew".
    pub fn stem(&self, word: &str) -> String {
        let before = crate::text::before(word, b'\'');
        let after = word.get(before.len() + 1..).filter(|_| cfg!(feature = "fr") && self.elides);
        let word = after.unwrap_or(before);
        let mut stem = word;
        if word.is_ascii() && !word.ends_with("ss") {
            for ending in self.endings {
                if let Some(rest) = word.strip_suffix(ending)
                    && rest.len() >= 3
                {
                    stem = rest;
                    break;
                }
            }
        }
        let bytes = stem.as_bytes();
        let doubled = bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
        if doubled && stem.is_ascii() {
            stem = stem.get(..stem.len() - 1).unwrap_or(stem);
        }
        stem.to_owned()
    }
}

static UNKNOWN: Language =
    Language { code: "", common: &[], endings: &[], elides: false, decimal: ".", day_first: false };

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn endings_fall_and_common_words_are_found() {
        for (code, word, stem) in [
            ("en", "flights", "flight"),
            ("en", "booking", "book"),
            ("en", "google's", "googl"),
            ("en", "glass", "glas"),
            ("en-GB", "stories", "stor"),
            ("de", "bestellungen", "bestel"),
            ("fr", "l'eau", "eau"),
            ("fr", "presqu'ile", "ile"),
            ("xx", "words", "words"),
            ("en", "是", "是"),
        ] {
            assert_eq!(Language::of(code).stem(word), stem, "{word}");
        }
        for code in ["en", "de", "fr", "es", "nl"] {
            let language = Language::of(code);
            assert!(language.common.windows(2).all(|w| w[0] < w[1]), "{code} is sorted");
            assert!(!language.is_common("weather"));
        }
        assert!(Language::of("de").is_common("ich"));
    }
}
