//! The agent's own entity types: synonyms in a trie of stems, one wrong letter where that is allowed,
//! regular expressions, and composites of other entities.

use super::{Match, Regexp};
use crate::agent::{EntityKind, EntityType, Entry};
use crate::hash::Hash;
use crate::json::{Map, Value};
use crate::language::{Language, Token, tokenise};
use crate::order::{keep, sort_by, sort_dedup};
use crate::pattern::Patterns;
use crate::places::get;
use crate::text;
use crate::trie::{Lists, Trie};

/// Entity types, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    types: Vec<String>,
    fuzzy: Vec<bool>,
    trie: Trie,
    /// Synonyms that end at a node.
    at: Lists,
    /// Type and value of each synonym.
    ends: Vec<(u32, u32)>,
    values: Vec<String>,
    /// A word with a letter left out, and the word; sorted.
    near: Vec<(u32, u32)>,
    /// Words that may be said with a wrong letter.
    words: Vec<String>,
    regexps: Vec<(u32, Regexp)>,
    composites: Vec<(u32, Vec<Element>)>,
}

#[derive(Debug, Clone)]
enum Element {
    Entity { entity: String, alias: String },
    Word(u32),
}

/// Shorter words are matched as they are even where one wrong letter is allowed.
const SHORTEST_FUZZY: usize = 4;
/// In longer words, a letter that is left out is looked for in so many only.
const MOST_FUZZY: usize = 40;
/// The hash of words.
const KEY: u32 = 90;
/// A synonym of more words is cut.
const LONGEST_SYNONYM: usize = 24;

fn key(word: &str) -> u32 {
    Hash::new(KEY).text(word).finish()
}

/// Every form of `word` with one letter left out, and itself.
fn forms(word: &str) -> Vec<u32> {
    let mut forms = vec![key(word)];
    let end = word.char_indices().nth(MOST_FUZZY).map_or(word.len(), |(end, _)| end);
    let seen = word.get(..end).unwrap_or(word);
    for (at, letter) in seen.char_indices() {
        let (before, after) = (seen.get(..at), seen.get(at + letter.len_utf8()..));
        let hash = Hash::new(KEY).text(before.unwrap_or("")).text(after.unwrap_or(""));
        forms.push(hash.finish());
    }
    forms
}

/// The expressions of an entry: exports have the value among the synonyms too.
pub fn expressions(entry: &Entry) -> impl Iterator<Item = &String> {
    let value = Some(&entry.value).filter(|value| !value.is_empty() && !entry.synonyms.contains(value));
    entry.synonyms.iter().filter(|expression| !expression.is_empty()).chain(value)
}

/// Whether two words differ by one letter: missing, more, other, or two neighbours swapped.
fn one_apart(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = |a: usize, b: usize| (a, b);
    let tail = |(i, j): (usize, usize)| a.get(i..) == b.get(j..) && a.get(i..).is_some();
    tail(rest(same + 1, same))
        || tail(rest(same, same + 1))
        || tail(rest(same + 1, same + 1))
        || (a.get(same) == b.get(same + 1)
            && a.get(same + 1) == b.get(same)
            && tail(rest(same + 2, same + 2)))
}

impl Dictionary {
    /// Gets entity types ready. Expressions that are not understood are left out; reading an export names them.
    pub fn new(types: &[&EntityType], language: &Language, code: &str) -> Self {
        let mut dictionary = Self::default();
        for entity in types {
            dictionary.add(entity, language, code);
        }
        sort_dedup(&mut dictionary.words);
        for (number, word) in (0..).zip(&dictionary.words) {
            dictionary.near.extend(forms(word).into_iter().map(|form| (form, number)));
        }
        sort_dedup(&mut dictionary.near);
        dictionary
    }

    fn add(&mut self, entity: &EntityType, language: &Language, code: &str) {
        let number = self.types.len() as u32;
        self.types.push(entity.name.clone());
        self.fuzzy.push(entity.fuzzy);
        for entry in entity.entries_in(code) {
            if entity.kind == EntityKind::Regexp {
                let understood = expressions(entry).filter_map(|expression| Regexp::new(expression).ok());
                self.regexps.extend(understood.map(|regexp| (number, regexp)));
                continue;
            }
            let list = [entry.value.clone()];
            let said: &[String] = if entry.synonyms.is_empty() { &list } else { &entry.synonyms };
            let value = self.values.len() as u32;
            self.values.push(entry.value.clone());
            for synonym in said {
                let elements = elements(synonym, language);
                if elements.iter().any(|e| matches!(e, Element::Entity { .. })) {
                    self.composites.push((number, elements));
                } else {
                    self.insert(synonym, (number, value), entity.fuzzy, language);
                }
            }
        }
    }

    fn insert(&mut self, synonym: &str, end: (u32, u32), fuzzy: bool, language: &Language) {
        let tokens = tokenise(synonym);
        if tokens.is_empty() {
            return;
        }
        // Where another value's words have the same stems, "bedding" is found as it is written.
        for as_written in [false, true] {
            let mut node = 0;
            for token in tokens.iter().take(LONGEST_SYNONYM) {
                let word = if as_written { token.folded.clone() } else { stem(token, language) };
                if fuzzy && word.chars().count() >= SHORTEST_FUZZY {
                    self.words.push(word.clone());
                }
                node = self.trie.grow(node, key(&word));
            }
            if !self.at.of(node).any(|e| get(&self.ends, e).0 == end.0) {
                self.at.push(node);
                self.ends.push(end);
                return;
            }
        }
    }

    /// All values of a sentence, overlapping ones of different types too; of one type the longest. A word that `phrases` have is
    /// no other with a wrong letter.
    pub fn find(&self, tokens: &[Token], text: &str, language: &Language, phrases: &Patterns) -> Vec<Match> {
        let (mut words, mut written, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for token in tokens {
            let word = stem(token, language);
            written.push(key(&token.folded));
            keys.push(key(&word));
            words.push(word);
        }
        let is_known = |at: usize| tokens.get(at).is_some_and(|token| phrases.has(&token.folded));
        let mut found = Vec::new();
        for from in 0..tokens.len() {
            self.walk(&keys, &written, &words, &is_known, from, &mut found);
        }
        let mut steps = 0;
        for (number, regexp) in &self.regexps {
            for (start, end) in regexp.find_all(text, &mut steps) {
                if let Some((from, to)) = crate::slots::tokens_of(tokens, start, end) {
                    let value = Value::from(text.get(start..end).unwrap_or(""));
                    found.push(Match { from, to, entity: text_at(&self.types, *number), value });
                }
            }
        }
        super::longest(found)
    }

    fn walk(
        &self,
        keys: &[u32],
        written: &[u32],
        words: &[String],
        is_known: &dyn Fn(usize) -> bool,
        from: usize,
        found: &mut Vec<Match>,
    ) {
        // (node, mistakes): exact first, so that a mistake is only assumed where nothing else fits.
        let mut here = vec![(0u32, 0u32)];
        // (type, the token after it, value)
        let mut longest: Vec<(u32, usize, u32)> = Vec::new();
        for at in from..words.len().min(from + LONGEST_SYNONYM) {
            let mut next: Vec<(u32, u32)> = Vec::new();
            for &(node, mistakes) in &here {
                // As it is written last: of two values that are as long it is the one.
                let [stem, same] = [keys, written].map(|keys| self.trie.step(node, get(keys, at)));
                for to in stem.into_iter().chain(same.filter(|_| same != stem)) {
                    next.push((to, mistakes));
                }
                if stem.or(same).is_none()
                    && mistakes == 0
                    && !self.near.is_empty()
                    && let Some(word) = words.get(at).filter(|word| word.chars().count() >= SHORTEST_FUZZY)
                {
                    let exact = next.len();
                    for form in forms(word) {
                        self.step_near(node, form, word, &mut next);
                    }
                    // Asked last, since it looks through all phrases.
                    if next.len() > exact && is_known(at) {
                        next.truncate(exact);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            for &(node, mistakes) in &next {
                for end in self.at.of(node) {
                    let (number, value) = get(&self.ends, end);
                    if mistakes == 0 || get(&self.fuzzy, number as usize) {
                        keep(&mut longest, &mut |l| l.0 != number);
                        longest.push((number, at + 1, value));
                    }
                }
            }
            here = next;
        }
        found.extend(longest.into_iter().map(|(number, to, value)| Match {
            from,
            to,
            entity: text_at(&self.types, number),
            value: Value::from(text_at(&self.values, value)),
        }));
    }

    /// Steps on by the words that are one letter apart from `said`, and of which `form` is what is left without
    /// a letter.
    fn step_near(&self, node: u32, form: u32, said: &str, next: &mut Vec<(u32, u32)>) {
        let first = self.near.partition_point(|n| n.0 < form);
        for &(other, word) in self.near.get(first..).unwrap_or_default() {
            if other != form {
                break;
            }
            let Some(word) = self.words.get(word as usize) else { break };
            if one_apart(word, said)
                && let Some(to) = self.trie.step(node, key(word))
                && !next.contains(&(to, 1))
            {
                next.push((to, 1));
            }
        }
    }

    /// Adds the entities that composites are made of.
    pub fn parts<'d>(&'d self, parts: &mut Vec<&'d str>) {
        for element in self.composites.iter().flat_map(|composite| &composite.1) {
            if let Element::Entity { entity, .. } = element {
                parts.push(entity);
            }
        }
    }

    /// Composites of the matches that were found.
    pub fn compose(&self, tokens: &[Token], matches: &[Match], language: &Language) -> Vec<Match> {
        let mut found = Vec::new();
        if self.composites.is_empty() {
            return found;
        }
        let mut sorted: Vec<&Match> = matches.iter().collect();
        sort_by(&mut sorted, |a, b| a.from.cmp(&b.from));
        for (number, elements) in &self.composites {
            for from in 0..tokens.len() {
                let mut at = from;
                let mut value = Map::new();
                let whole = elements.iter().all(|element| match element {
                    Element::Word(word) => {
                        let fits = tokens.get(at).is_some_and(|t| key(&stem(t, language)) == *word);
                        at += 1;
                        fits
                    }
                    Element::Entity { entity, alias } => {
                        let first = sorted.partition_point(|m| m.from < at);
                        let here = sorted.iter().skip(first).take_while(|m| m.from == at);
                        let part = here.filter(|m| &m.entity == entity).max_by_key(|m| m.to);
                        part.is_some_and(|part| {
                            at = part.to;
                            value.insert(alias.clone(), part.value.clone());
                            true
                        })
                    }
                });
                if whole && at > from {
                    let entity = text_at(&self.types, *number);
                    found.push(Match { from, to: at, entity, value: Value::Object(value) });
                }
            }
        }
        super::longest(found)
    }
}

/// A text that is there.
fn text_at(texts: &[String], at: u32) -> String {
    texts.get(at as usize).cloned().unwrap_or_default()
}

fn stem(token: &Token, language: &Language) -> String {
    if token.is_word() { language.stem(&token.folded) } else { token.folded.clone() }
}

/// The elements of a composite like `@size:size @colour:colour shirt`.
fn elements(synonym: &str, language: &Language) -> Vec<Element> {
    let mut elements = Vec::new();
    for word in text::words(synonym) {
        match word.strip_prefix('@') {
            Some(reference) if !reference.is_empty() => {
                let (entity, alias) = text::cut(reference, b':').unwrap_or((reference, reference));
                elements.push(Element::Entity { entity: entity.to_owned(), alias: alias.to_owned() });
            }
            _ => elements.extend(tokenise(word).iter().map(|t| Element::Word(key(&stem(t, language))))),
        }
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Entry;
    use crate::pattern::Piece;

    fn entity(name: &str, entries: &[(&str, &[&str])]) -> EntityType {
        let entries = entries.iter().map(|(value, synonyms)| Entry {
            value: value.to_string(),
            synonyms: synonyms.iter().map(|s| s.to_string()).collect(),
        });
        EntityType {
            name: name.into(),
            entries: [("en".to_owned(), entries.collect())].into(),
            ..EntityType::default()
        }
    }

    fn check(sentence: &str, expected: &[&str]) {
        let mut city = entity(
            "city",
            &[("NYC", &["New York", "big apple"]), ("LA", &["Los Angeles"]), ("York", &["York"])],
        );
        city.fuzzy = true;
        let content = entity("content", &[("joke", &["joke", "funny story"]), ("fact", &["fact", "trivia"])]);
        let mut iban = entity("iban", &[(r"\d{10}", &[])]);
        iban.kind = EntityKind::Regexp;
        let trip = entity("trip", &[("@city:from to @city:to", &[])]);
        let language = Language::of("en");
        let dictionary = Dictionary::new(&[&city, &content, &iban, &trip], language, "en");
        let tokens = tokenise(sentence);
        let mut phrases = Patterns::default();
        phrases.add(0, &["forks", "from"].map(|word| Piece::Word(word.into())));
        let mut matches = dictionary.find(&tokens, sentence, language, &phrases);
        matches.extend(dictionary.compose(&tokens, &matches, language));
        let found: Vec<String> = matches.iter().map(|m| format!("{}={}", m.entity, m.value)).collect();
        assert_eq!(found, expected, "{sentence}");
    }

    #[test]
    fn values_are_found() {
        check("tell me JOKES", &[r#"content="joke""#]);
        check("a funny story please", &[r#"content="joke""#]);
        check("fly to new york", &[r#"city="NYC""#]);
        check("fly to new yrok", &[r#"city="NYC""#]);
        check("fly to los angelos", &[r#"city="LA""#]);
        check("fly to los angxlxs", &[]);
        check("jokr", &[]);
        check("the yorks", &[r#"city="York""#]);
        // A word of the agent's phrases is no mistake.
        check("the forks", &[]);
        check("the yorkk", &[r#"city="York""#]);
        check("pay 0123456789", &[r#"iban="0123456789""#]);
        check(
            "york to los angeles",
            &[r#"city="York""#, r#"city="LA""#, r#"trip={"from":"York","to":"LA"}"#],
        );
        check("", &[]);
    }

    #[test]
    fn values_of_one_stem_are_told_apart_as_they_are_written() {
        let cover: (&str, &[&str]) = ("cover", &["bedding cover"]);
        let mut product = entity("product", &[("bed", &["bed", "beds"]), ("bedding", &["bedding"]), cover]);
        for fuzzy in [false, true] {
            product.fuzzy = fuzzy;
            let language = Language::of("en");
            let dictionary = Dictionary::new(&[&product], language, "en");
            for (said, value) in [
                ("a bed", "bed"),
                ("two beds", "bed"),
                ("Bedding, please", "bedding"),
                ("a bedding cover", "cover"),
            ] {
                let found = dictionary.find(&tokenise(said), said, language, &Patterns::default());
                assert_eq!(found.len(), 1, "{said}");
                assert_eq!(found[0].value, Value::from(value), "{said}");
            }
        }
    }

    #[test]
    fn one_letter_apart() {
        for (a, b, apart) in [
            ("abcd", "abd", true),
            ("abcd", "abxd", true),
            ("abcd", "acbd", true),
            ("abcd", "abcde", true),
            ("abcd", "axcx", false),
            ("abcd", "abcd", false),
        ] {
            assert_eq!(one_apart(a, b) && a != b, apart, "{a} {b}");
        }
    }
}
