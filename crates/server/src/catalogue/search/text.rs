//! The index of words, in memory: which products have what is looked for, best match first.
//!
//! It is derived from the database and never written to disk: a crash cannot leave it wrong.

use super::words::{self, STEMS, WHOLE, WORDS, Word};
use tantivy::{
    Index, IndexReader, ReloadPolicy, TantivyDocument, TantivyError, Term,
    collector::TopDocs,
    directory::RamDirectory,
    indexer::SingleSegmentIndexWriter,
    query::{
        BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query,
        RegexQuery, TermQuery,
    },
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

/// For the tables of one segment; what they hold grows beyond it.
const MEMORY: usize = 15_000_000;

/// What a product's texts are worth when a word is found in them: name, kind, description.
const WEIGHTS: [f32; 3] = [100.0, 30.0, 10.0];
/// What a way to be found is worth of it.
const SAME: f32 = 1.0;
const STEM: f32 = 0.9;
const BEGINNING: f32 = 0.8;
const INSIDE: f32 = 0.6;
const TYPO: f32 = 0.5;
const TYPO_IN_BEGINNING: f32 = 0.4;
/// BM25 of the name settles who goes first among equals; it never reaches the next way to be found.
const AMONG_EQUALS: f32 = 0.2;

/// The texts of a product, by weight.
pub struct Texts<'a> {
    /// Its name.
    pub title: &'a str,
    /// What it is: category, maker, what can be chosen.
    pub kind: &'a str,
    /// Everything about it.
    pub description: &'a str,
    /// The slug of its category.
    pub category: &'a str,
}

/// How much is forgiven. Only when nothing is found as it was typed, typing errors are looked for: “ball” finds
/// no bells in a shop that has balls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Forgive {
    Nothing,
    /// In names and kinds, letters before and behind a word: “Bett” is in “Hundebett”.
    Compounds,
    Typos,
    TyposInBeginnings,
    /// Also in descriptions: in a long text there is a word that is like any short one.
    TyposAnywhere,
    /// Words that are missing, too.
    Words,
}

#[derive(Clone, Copy)]
struct Part {
    words: Field,
    stems: Field,
    weight: f32,
}

/// The index. A product's number in it is its place among those it was built of.
pub struct TextIndex {
    reader: IndexReader,
    parts: [Part; 3],
    category: Field,
    products: usize,
}

/// An index that is being written.
pub struct TextIndexBuilder {
    writer: SingleSegmentIndexWriter,
    parts: [Part; 3],
    category: Field,
    products: usize,
}

impl TextIndexBuilder {
    /// With one more product.
    pub fn add(&mut self, texts: &Texts<'_>) -> Result<(), TantivyError> {
        let mut document = TantivyDocument::new();
        for (part, text) in self.parts.iter().zip([texts.title, texts.kind, texts.description]) {
            document.add_text(part.words, text);
            document.add_text(part.stems, text);
        }
        document.add_text(self.category, texts.category);
        self.products += 1;
        self.writer.add_document(document)
    }

    /// Ready to be asked.
    pub fn finish(self) -> Result<TextIndex, TantivyError> {
        let index = self.writer.finalize()?;
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(TextIndex { reader, parts: self.parts, category: self.category, products: self.products })
    }
}

impl TextIndex {
    /// Begins a new one.
    pub fn builder() -> Result<TextIndexBuilder, TantivyError> {
        let mut schema = Schema::builder();
        let parts = WEIGHTS.map(|weight| Part {
            words: schema.add_text_field(&format!("words{weight}"), indexed(WORDS)),
            stems: schema.add_text_field(&format!("stems{weight}"), indexed(STEMS)),
            weight,
        });
        let category = schema.add_text_field("category", indexed(WHOLE));
        // One segment, written without threads: documents keep the order in which they come.
        let writer = Index::builder()
            .schema(schema.build())
            .tokenizers(words::analysers())
            .single_segment_index_writer(RamDirectory::create(), MEMORY)?;
        Ok(TextIndexBuilder { writer, parts, category, products: 0 })
    }

    /// The places of the products that have all of `words`, best match first, equals in their order. Where none has, of those that
    /// have some.
    pub fn find(&self, words: &[Word]) -> Result<Vec<usize>, TantivyError> {
        if self.products == 0 {
            return Ok(Vec::new()); // the library panics at a search for typing errors in nothing
        }
        for forgive in [
            Forgive::Nothing,
            Forgive::Compounds,
            Forgive::Typos,
            Forgive::TyposInBeginnings,
            Forgive::TyposAnywhere,
        ] {
            let helps = words.iter().any(|word| match forgive {
                Forgive::Nothing | Forgive::Words => true,
                Forgive::Compounds => word.may_be_inside(),
                Forgive::Typos | Forgive::TyposInBeginnings | Forgive::TyposAnywhere => word.typos() > 0,
            });
            if !helps {
                continue;
            }
            let found = self.find_forgiving(words, forgive)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        match words.iter().filter(|word| tells(word)).count() {
            1.. if words.len() > 1 => self.find_forgiving(words, Forgive::Words),
            _ => Ok(Vec::new()),
        }
    }

    fn find_forgiving(&self, words: &[Word], forgive: Forgive) -> Result<Vec<usize>, TantivyError> {
        let wanted = words.iter().filter(|word| forgive != Forgive::Words || tells(word));
        let clauses = wanted.map(|word| {
            let occur = if word.little || forgive == Forgive::Words { Occur::Should } else { Occur::Must };
            Ok((occur, self.anywhere(word, forgive)?))
        });
        let mut clauses = clauses.collect::<Result<Vec<_>, TantivyError>>()?;
        clauses.extend(words.iter().filter(|word| !word.little).map(|word| {
            let [title, ..] = &self.parts;
            let term = Term::from_field_text(title.stems, &word.stem);
            let bm25 = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, Box::new(BoostQuery::new(bm25, AMONG_EQUALS)) as Box<dyn Query>)
        }));
        let query = BooleanQuery::new(clauses);
        let all = TopDocs::with_limit(self.products).order_by_score();
        let found = self.reader.searcher().search(&query, &all)?;
        Ok(found.into_iter().filter_map(|(_, address)| usize::try_from(address.doc_id).ok()).collect())
    }

    /// The best of all places and ways to find `word`.
    fn anywhere(&self, word: &Word, forgive: Forgive) -> Result<Box<dyn Query>, TantivyError> {
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        let mut way =
            |query: Box<dyn Query>, worth: f32| ways.push(Box::new(ConstScoreQuery::new(query, worth)));
        for Part { words, stems, weight } in self.parts {
            let text = || Term::from_field_text(words, &word.text);
            let stem = || Term::from_field_text(stems, &word.stem);
            let exactly = |term| Box::new(TermQuery::new(term, IndexRecordOption::Basic));
            way(exactly(text()), weight * SAME);
            way(exactly(stem()), weight * STEM);
            if word.last {
                way(Box::new(FuzzyTermQuery::new_prefix(text(), 0, true)), weight * BEGINNING);
            }
            let typos = word.typos();
            let here = match forgive {
                Forgive::Nothing | Forgive::Compounds | Forgive::Words => false,
                Forgive::Typos | Forgive::TyposInBeginnings => weight > WEIGHTS[2],
                Forgive::TyposAnywhere => true,
            };
            if forgive == Forgive::Compounds && weight > WEIGHTS[2] && word.may_be_inside() {
                // It has letters and digits alone, so nothing in it means anything else there.
                let inside = RegexQuery::from_pattern(&format!(".*{}.*", word.text), words)?;
                way(Box::new(inside), weight * INSIDE);
            }
            if here && typos > 0 {
                way(Box::new(FuzzyTermQuery::new(text(), typos, true)), weight * TYPO);
                way(Box::new(FuzzyTermQuery::new(stem(), typos, true)), weight * TYPO);
                if forgive != Forgive::Typos && word.last {
                    let beginning = FuzzyTermQuery::new_prefix(text(), typos, true);
                    way(Box::new(beginning), weight * TYPO_IN_BEGINNING);
                }
            }
        }
        for category in &word.categories {
            let term = Term::from_field_text(self.category, category);
            way(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), WEIGHTS[1] * STEM);
        }
        Ok(Box::new(DisjunctionMaxQuery::new(ways)))
    }
}

/// Whether a word says by itself what is looked for: letters alone, and "for", do not.
fn tells(word: &Word) -> bool {
    !word.little && word.text.chars().count() >= 3
}

fn indexed(analyser: &str) -> TextOptions {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(analyser).set_index_option(IndexRecordOption::WithFreqs);
    TextOptions::default().set_indexing_options(indexing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: [[&str; 3]; 9] = [
        ["Cosy bed", "Dogs Paws Navy", "A bed for dogs who dream of sheep."],
        ["Ball", "Toys Paws", "It bounces; 100% rubber. Dogs love it."],
        ["Bell for budgies", "Birds", "It rings."],
        ["Hamster wheel", "Small pets", "Silent."],
        ["Dog bed cover with a long zip for very large dogs", "Dogs", "Washable."],
        ["Dog bed", "Dogs", "Round."],
        ["Squeaky carrot", "Toys", "A ball it is not."],
        ["Scratching post", "Cats", "Sisal on a Käfig."],
        ["Wheelbarrow of treats", "Food", "For hamsters' friends."],
    ];

    fn index(products: &[[&str; 3]]) -> TextIndex {
        let mut index = TextIndex::builder().unwrap();
        for [title, kind, description] in products {
            index.add(&Texts { title, kind, description, category: kind }).unwrap();
        }
        index.finish().unwrap()
    }

    #[test]
    fn found_and_ranked() {
        let index = index(&SHOP);
        let check = |typed: &str, expected: &[usize]| {
            assert_eq!(index.find(&words::read(typed).unwrap()).unwrap(), expected, "{typed}");
        };
        // Name before kind before description; a shorter name before a longer one.
        check("dog", &[5, 4, 0, 1]);
        check("ball", &[1, 6]);
        // Every word, anywhere.
        check("cosy navy", &[0]);
        check("cosy ball", &[1, 0, 6]);
        check("cheap budgies", &[2]);
        check("a nothing of the kind", &[]);
        // Plural and singular.
        check("beds", &[0, 5, 4]);
        check("hamster", &[3, 8]);
        // As one types.
        check("scr", &[7]);
        check("squeaky ca", &[6]);
        check("squ carrot", &[6]);
        // Typing errors, when nothing else is found.
        check("hamstre", &[3]);
        check("hmaster wheel", &[3]);
        check("sqeuaky carot", &[6]);
        check("bel", &[2]);
        check("bll", &[]);
        check("baal", &[1]);
        check("scretching pots", &[7]);
        check("scretch", &[7]);
        // Inside another word, before typing errors.
        check("barrow", &[8]);
        check("arrow treats", &[8]);
        check(&"猫".repeat(30), &[]);
        // Nothing is like it, and nothing is built to find that out.
        let letters: Vec<char> = (0..180_u32).filter_map(|n| char::from_u32(0x4e00 + n * 64)).collect();
        let words: Vec<String> = letters.chunks(30).map(|word| word.iter().collect()).collect();
        assert!(words::read(&words.join(" ")).unwrap().iter().all(|word| word.typos() == 0));
        check(&words.join(" "), &[]);
        // In a description, when nothing in names is like it.
        check("ringz", &[2]);
        // Little words may be missing, accents are none.
        check("a bed for the cosy", &[0]);
        check("kafig", &[7]);
        check("KÄFIG", &[7]);
    }

    #[test]
    fn an_empty_shop_finds_nothing() {
        let index = index(&[]);
        assert!(index.find(&words::read("bed").unwrap()).unwrap().is_empty());
    }

    #[test]
    fn names_without_a_word_find_nothing() {
        let index = index(&[["!", "", ""]]);
        assert!(index.find(&words::read("hamster").unwrap()).unwrap().is_empty());
    }
}
