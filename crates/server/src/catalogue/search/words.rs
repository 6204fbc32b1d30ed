//! How texts become words: split at what is neither letter nor digit, in lower case, without accents; and
//! their stems, so that “beds” finds a bed.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, RemoveLongFilter, SimpleTokenizer, Stemmer,
    StopWordFilter, TextAnalyzer, TokenizerManager,
};
use unicode_normalization::UnicodeNormalization as _;

/// The words as they stand in the text.
pub const WORDS: &str = "words";
/// Their English stems.
pub const STEMS: &str = "stems";
/// The text as it is, for what is no text.
pub const WHOLE: &str = "whole";
/// More words than anybody types; each one costs time.
pub const MOST_WORDS: usize = 20;
/// Longer ones are rubbish that nobody looks for.
const LONGEST_WORD: usize = 100;
/// Longer words that are not of ASCII alone are taken at their word. What finds typing errors in a word grows with the square of its
/// letters where they begin with different bytes: 30 Chinese ones would take 16 MB, and that for each field.
const LONGEST_FOREIGN: usize = 24;

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it was typed, folded.
    pub text: String,
    /// Its stem.
    pub stem: String,
    /// Whether it may be missing: “for”, “with”.
    pub little: bool,
    /// Whether it may be the beginning of a word: the one that is being typed.
    pub last: bool,
    /// Categories, by slug, that are called so in another language; [`read`] knows of none.
    pub categories: Vec<String>,
}

impl Word {
    /// Whether it is looked for inside others. Shorter ones are by chance in too many.
    pub fn may_be_inside(&self) -> bool {
        (4..=30).contains(&self.text.chars().count())
    }

    /// How many letters of it may be wrong. Numbers are taken at their word.
    pub fn typos(&self) -> u8 {
        let letters = self.text.chars().count();
        if self.text.chars().any(char::is_numeric) {
            return 0;
        }
        match letters {
            4.. if !self.text.is_ascii() => u8::from(self.text.len() <= LONGEST_FOREIGN),
            4..=7 => 1,
            8..=30 => 2,
            _ => 0,
        }
    }
}

/// The ways in which texts become words, for the index.
pub fn analysers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(WORDS, folded());
    manager.register(STEMS, stems());
    manager.register(WHOLE, RawTokenizer::default());
    manager
}

fn folded() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

fn stems() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The words of what was typed. `None` when nothing can be what is looked for: no letter and no digit in it,
/// or a word that is too long for any text.
pub fn read(typed: &str) -> Option<Vec<Word>> {
    // As an import has its texts: a letter with its mark is one character.
    let typed: String = typed.nfc().collect();
    let pieces: Vec<&str> = typed
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|piece| !piece.is_empty())
        .take(MOST_WORDS)
        .collect();
    let (mut folded, mut stems, mut little) = (folded(), stems(), little_words());
    let count = pieces.len();
    let words: Option<Vec<Word>> = pieces
        .into_iter()
        .enumerate()
        .map(|(place, piece)| {
            let text = only(&mut folded, piece)?;
            Some(Word {
                stem: only(&mut stems, piece)?,
                little: place + 1 < count
                    && little.as_mut().is_some_and(|little| only(little, &text).is_none()),
                last: place + 1 == count,
                categories: Vec::new(),
                text,
            })
        })
        .collect();
    words.filter(|words| !words.is_empty())
}

/// Brings names into the order of a dictionary: Ä beside A.
pub struct Alphabet(TextAnalyzer);

impl Alphabet {
    /// For all names.
    pub fn new() -> Self {
        Self(folded())
    }

    /// What a name is sorted by.
    pub fn key(&mut self, name: &str) -> (String, String) {
        let mut words = String::new();
        self.0.token_stream(name).process(&mut |token| words.extend([&*token.text, " "]));
        (words, name.to_owned())
    }
}

/// Whether a name has all of `words`, the last one maybe only its beginning.
pub fn begin(words: &[Word], name: &str) -> bool {
    let named = read(name).unwrap_or_default();
    let fits = |word: &Word, other: &Word| {
        other.stem == word.stem || (word.last && other.text.starts_with(&word.text))
    };
    words.iter().all(|word| named.iter().any(|other| fits(word, other)))
}

/// Lets every word through but little ones.
fn little_words() -> Option<TextAnalyzer> {
    let filter = StopWordFilter::new(Language::English)?;
    Some(TextAnalyzer::builder(SimpleTokenizer::default()).filter(filter).build())
}

fn only(analyser: &mut TextAnalyzer, text: &str) -> Option<String> {
    let mut stream = analyser.token_stream(text);
    stream.advance().then(|| stream.token().text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_words() {
        let check = |typed: &str, expected: &str| {
            let words = read(typed).unwrap_or_default().into_iter();
            let texts = words.map(|word| {
                let marks = [(word.little, "?"), (word.last, "*")];
                let marks: String = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
                if word.stem == word.text {
                    format!("{}{marks}", word.text)
                } else {
                    format!("{}={}{marks}", word.text, word.stem)
                }
            });
            assert_eq!(texts.collect::<Vec<_>>().join(" "), expected, "{typed:?}");
        };
        check("", "");
        check("  % _ ' 🐶 \u{301}", "");
        check("Dog BEDS", "dog beds=bed*");
        check("a bed for the dogs", "a? bed for? the? dogs=dog*");
        check("bed for", "bed for*");
        check("the", "the*");
        check("Käfig/Größe", "kafig grosse=gross*");
        check("Ka\u{308}fig", "kafig*");
        check("title:dog AND +(cat~2 \"x\"^9", "title=titl dog and? cat 2 x 9*");
        check("猫 кошка", "猫 кошка*");
        check(&"x".repeat(101), "");
        check(&format!("bed {}", "x".repeat(101)), "");
        assert_eq!(read(&"a ".repeat(100)).unwrap().len(), MOST_WORDS);
    }

    #[test]
    fn names_are_in_the_order_of_a_dictionary() {
        let expected = ["!", "äpfel", "Apfel A", "Apfel-B", "Ball", "Öl", "Oma", "Übung", "Z"];
        let mut sorted = expected;
        sorted.reverse();
        let mut alphabet = Alphabet::new();
        sorted.sort_by_cached_key(|name| alphabet.key(name));
        assert_eq!(sorted, expected);
    }

    #[test]
    fn longer_words_may_have_more_typos() {
        let check =
            |typed: &str, expected: u8| assert_eq!(read(typed).unwrap()[0].typos(), expected, "{typed}");
        check("cat", 0);
        check("ball", 1);
        check("hamster", 1);
        check("squeaker", 2);
        check("käse", 1);
        check("1000", 0);
        check("h2o4", 0);
        check(&"a".repeat(30), 2);
        check(&"a".repeat(31), 0);
        // What costs much to look for is looked for as it was typed.
        check("кошка", 1);
        check("переноска", 1);
        check("дезинфицирующий", 0);
        check("고양이집사용품", 1);
        check(&"猫".repeat(8), 1);
        check(&"猫".repeat(9), 0);
        check(&"𠀀".repeat(7), 0);
        check(&"猫".repeat(30), 0);
    }
}
