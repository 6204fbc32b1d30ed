//! `cargo xtask texts`: what is said, against what the languages' files say.

use crate::apps::{self, cannot_read};
use cli::Error;
use contract::{
    code,
    code::TABLE,
    shop::money::{Money, SAMPLE},
};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use release::{
    description::Description,
    locales::{Locales, NAME, Said, Texts},
    spoken_page,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Where the languages are.
const LOCALES: &str = "assets/locales";
/// A catalogue whose categories have names in every language.
const SEED: &str = "assets/catalogue/petstore.csv";
/// What stands before such names in the languages' files (`server/src/language.rs`).
const KINDS: [&str; 2] = ["category:", "option:"];
/// Whose texts they hold.
const PARTS: [&str; 6] = [
    "shell/src",
    "microapps",
    "crates/microapp/src",
    "crates/operator/src",
    "crates/contract/src",
    "crates/server/src",
];
/// The operators' pages, whose texts stand in braces.
const PAGES: [&str; 2] = ["assets/console/index.html", "assets/console/none.html"];
/// What people read here is found by its calls; the others' is not yet, or in a way of their own (the chat's
/// languages are its agents').
const CHECKED: [&str; 11] = [
    "shell/",
    "crates/microapp/",
    "crates/operator/",
    "microapps/account/",
    "microapps/backoffice/",
    "microapps/cart/",
    "microapps/checkout/",
    "microapps/console/",
    "microapps/contact/",
    "microapps/home/",
    "microapps/product/",
];
/// What says something in the language of the page, and which of its arguments is English.
const CALLS: [(&str, usize); 4] = [("t", 0), ("t_with", 0), ("t_count", 1), ("attr_t", 1)];
/// What says a sentence in an answer of the server, and which of its arguments that is.
const ANSWERS: [(&str, usize); 4] = [("field", 1), ("wrong", 1), ("expect", 2), ("titled", 0)];
/// Attributes that people are told.
const ATTRIBUTES: [&str; 4] = ["aria-label", "placeholder", "alt", "title"];
/// What is said to developers, in English.
const FOR_DEVELOPERS: [&str; 6] = ["Failure", "log_error", "missing", "panic", "debug_assert", "read"];

/// Compare what the code says with assets/locales.
///
/// Without a language it lists what every language lacks, what nobody says any more, and texts that are said
/// past the languages. With one it prints that language's file, with English where it has nothing yet.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask texts\n  cargo xtask texts --language fr > fr.json && mv fr.json assets/locales/"
)]
pub struct Arguments {
    /// The ISO 639 code of a language, such as fr.
    #[arg(long)]
    language: Option<String>,
}

/// What the code says.
#[derive(Default)]
struct Spoken {
    /// English, and where it is said first.
    said: BTreeMap<String, String>,
    /// Every literal: something may be said by way of a variable.
    literals: BTreeSet<String>,
    /// What is said past the languages, and where.
    past: Vec<String>,
}

/// Compares, or prints a language.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    let spoken = Spoken::read(&workspace)?;
    let locales = Locales::read(&workspace.join(LOCALES))?;
    if let Some(language) = &arguments.language {
        println!("{}", file(&spoken, locales.0.get(language))?);
        return Ok(());
    }
    let findings = spoken.compare(&locales);
    for finding in &findings {
        println!("{finding}");
    }
    let count = format!("{} texts, {} languages besides English", spoken.said.len(), locales.0.len());
    match findings.len() {
        0 => println!("{count}: nothing is amiss"),
        some => return Err(Error::new(code::RELEASE_LOCALE, format!("{count}: {some} findings"))),
    }
    Ok(())
}

/// A language's file, with English where it has nothing yet.
fn file(spoken: &Spoken, texts: Option<&Texts>) -> Result<String, Error> {
    let mut all: BTreeMap<&str, serde_json::Value> =
        spoken.said.keys().map(|english| (english.as_str(), english.as_str().into())).collect();
    for (english, said) in texts.into_iter().flatten() {
        all.insert(english, serde_json::json!(said));
    }
    // What the language calls itself: the chooser on every page says it.
    all.entry(NAME).or_insert_with(|| "".into());
    serde_json::to_string_pretty(&all).map_err(|error| Error::new(code::RELEASE_LOCALE, error.to_string()))
}

impl Spoken {
    fn read(workspace: &Path) -> Result<Self, Error> {
        let mut spoken = Self::default();
        let mut files = Vec::new();
        for part in PARTS {
            sources(&workspace.join(part), &mut files)?;
        }
        for path in files {
            let text = fs::read_to_string(&path).map_err(|error| cannot_read(&path, &error))?;
            let place = path.strip_prefix(workspace).unwrap_or(&path).display().to_string();
            // What does not compile is the compiler's to tell.
            let Ok(tokens) = text.parse::<TokenStream>() else { continue };
            let checked = CHECKED.iter().any(|part| place.starts_with(part));
            let speaks = checked || place.starts_with("crates/server/");
            Walk { spoken: &mut spoken, place: &place, checked, speaks }.tokens(tokens);
        }
        let page = workspace.join("index.html");
        let html = fs::read_to_string(&page).map_err(|error| cannot_read(&page, &error))?;
        spoken.said.extend(spoken_page::texts(&html).into_iter().map(|text| (text, "index.html".to_owned())));
        for place in PAGES {
            let page = workspace.join(place);
            let html = fs::read_to_string(&page).map_err(|error| cannot_read(&page, &error))?;
            let texts = html.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0.to_owned()));
            spoken.said.extend(texts.map(|text| (text, place.to_owned())));
        }
        for app in CHECKED.iter().filter(|part| part.starts_with("microapps/")) {
            let description = Description::read(&workspace.join(app))?;
            spoken.said.insert(description.microapp.title, format!("{app}Cargo.toml"));
        }
        // Pages and server say it by its name.
        spoken.said.insert(SAMPLE.to_owned(), "crates/contract/src/shop/money.rs".to_owned());
        // The names of the seed catalogue are said by whoever shows them, each under the key of its kind.
        let seed = workspace.join(SEED);
        let seed = fs::read_to_string(&seed).map_err(|error| cannot_read(&seed, &error))?;
        let names = seed.split([',', '\n', '"']);
        spoken.literals.extend(names.flat_map(|name| KINDS.map(|kind| [kind, name].concat())));
        for entry in TABLE.iter().filter(|entry| (400..500).contains(&entry.code.0)) {
            for text in [entry.meaning, entry.way_out] {
                spoken.said.insert(text.to_owned(), entry.code.to_string());
            }
        }
        Ok(spoken)
    }

    fn compare(&self, locales: &Locales) -> Vec<String> {
        let mut findings = self.past.clone();
        for (language, texts) in &locales.0 {
            let lacks = self.said.iter().filter(|(english, _)| !texts.contains_key(*english));
            findings.extend(
                lacks.map(|(english, place)| format!("{language}.json has no “{english}” ({place})")),
            );
            let known = |english: &str| self.said.contains_key(english) || self.literals.contains(english);
            let idle = texts.keys().filter(|english| *english != NAME && !known(english));
            findings
                .extend(idle.map(|english| format!("{language}.json has “{english}”, which nobody says")));
            if !matches!(texts.get(NAME), Some(Said::Text(name)) if !name.is_empty()) {
                findings.push(format!("{language}.json has no “{NAME}”: what the language calls itself"));
            }
            if let Some(Said::Text(sample)) = texts.get(SAMPLE)
                && !is_sample(sample)
            {
                findings.push(format!(
                    "{language}.json has “{sample}” for “{SAMPLE}”: write 1234.50 euro as the language does, such as 1.234,50 €"
                ));
            }
        }
        findings
    }
}

/// Whether amounts can be written by a sample: the one that it is of comes out as it is, another one does not.
fn is_sample(sample: &str) -> bool {
    let written = |amount, currency: &str| Money { amount, currency: currency.to_owned() }.written(sample);
    written(123_450, "EUR") == sample && written(123_450, "GBP") != sample && written(0, "EUR") != sample
}

/// All Rust files below.
fn sources(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let entries = fs::read_dir(dir).map_err(|error| cannot_read(dir, &error))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true if path.ends_with("dist") => {}
            true => sources(&path, found)?,
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
    Ok(())
}

/// A way through the tokens of one file.
struct Walk<'a> {
    spoken: &'a mut Spoken,
    place: &'a str,
    /// Whether nothing may be said past the languages.
    checked: bool,
    /// Whether its calls are ours.
    speaks: bool,
}

impl Walk<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for at in 0..tokens.len() {
            let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
            match &tokens[at] {
                TokenTree::Literal(literal) => {
                    if let Some(text) = string(&literal.to_string()) {
                        if self.checked && is_sentence(&text) {
                            self.past(&text, literal.span());
                        }
                        self.spoken.literals.insert(text);
                    }
                }
                TokenTree::Group(group) => {
                    let name = match before(1) {
                        Some(TokenTree::Ident(name)) => name.to_string(),
                        // A macro's or a path's: `panic!(…)`, `Failure::new(…)`.
                        Some(TokenTree::Punct(_)) => ident(before(2)),
                        _ => String::new(),
                    };
                    // `Failure::new(…)`, and all that is inside.
                    let owner = if name == "new" { ident(before(4)) } else { String::new() };
                    let is_attribute = group.delimiter() == Delimiter::Bracket && is_punct(before(1), '#');
                    let is_tests = name == "tests" && ident(before(2)) == "mod";
                    if is_tests {
                        let speaks = std::mem::replace(&mut self.speaks, false);
                        self.quietly(group.stream());
                        self.speaks = speaks;
                    } else if is_attribute
                        || FOR_DEVELOPERS.contains(&owner.as_str())
                        || FOR_DEVELOPERS.contains(&name.as_str())
                    {
                        self.quietly(group.stream());
                    } else if let Some((_, argument)) = CALLS.iter().find(|(call, _)| *call == name) {
                        self.call(group.stream(), *argument);
                    } else {
                        if let Some((_, argument)) = ANSWERS.iter().find(|(call, _)| *call == name) {
                            self.answer(group.stream(), *argument);
                        }
                        self.attribute(group.stream());
                        // `self.text("locale")` reads something.
                        if name == "text" && is_punct(before(2), '.') && ident(before(3)) != "self" {
                            self.bare_text(group.stream());
                        }
                        self.tokens(group.stream());
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// Notes the literals alone.
    fn quietly(&mut self, tokens: TokenStream) {
        let checked = std::mem::replace(&mut self.checked, false);
        self.tokens(tokens);
        self.checked = checked;
    }

    /// `t("…")`: what is English in it is said; the rest may be anything.
    fn call(&mut self, tokens: TokenStream, argument: usize) {
        for (at, tokens) in arguments(tokens).into_iter().enumerate() {
            let tokens: TokenStream = tokens.into_iter().collect();
            match at == argument {
                true => self.said(tokens),
                // The other form of a plural is a key's neighbour, not a key.
                false if at < argument => self.quietly(tokens),
                false => self.tokens(tokens),
            }
        }
    }

    /// `.field("password", "…")`: a sentence there is said; what is none names values, for programs.
    fn answer(&mut self, tokens: TokenStream, argument: usize) {
        if let Some([TokenTree::Literal(text)]) = arguments(tokens).get(argument).map(Vec::as_slice)
            && string(&text.to_string()).is_some_and(|english| is_sentence(&english))
        {
            self.said(TokenTree::Literal(text.clone()).into());
        }
    }

    fn said(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Literal(literal) => {
                    if let Some(text) = string(&literal.to_string()).filter(|_| self.speaks) {
                        let place = format!("{}:{}", self.place, literal.span().start().line);
                        self.spoken.said.entry(text).or_insert(place);
                    }
                }
                TokenTree::Group(group) => self.said(group.stream()),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// `("aria-label", "…")`
    fn attribute(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        if let [TokenTree::Literal(name), comma, TokenTree::Literal(text)] = &tokens[..]
            && is_punct(Some(comma), ',')
            && string(&name.to_string()).is_some_and(|name| ATTRIBUTES.contains(&name.as_str()))
            && let Some(english) =
                string(&text.to_string()).filter(|english| is_text(english) && !is_sentence(english))
        {
            self.past(&english, text.span());
        }
    }

    /// `.text("…")`
    fn bare_text(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        if let [TokenTree::Literal(text)] = &tokens[..]
            && let Some(english) =
                string(&text.to_string()).filter(|english| is_text(english) && !is_sentence(english))
        {
            self.past(&english, text.span());
        }
    }

    fn past(&mut self, text: &str, span: proc_macro2::Span) {
        if self.checked {
            let place = format!("{}:{}", self.place, span.start().line);
            self.spoken
                .past
                .push(format!("{place}: “{text}” is said past the languages: t(…), .t(…), .attr_t(…)"));
        }
    }
}

/// What stands between the commas of a call.
fn arguments(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens.split(|token| is_punct(Some(token), ',')).map(<[TokenTree]>::to_vec).collect()
}

fn ident(token: Option<&TokenTree>) -> String {
    match token {
        Some(TokenTree::Ident(name)) => name.to_string(),
        _ => String::new(),
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

/// The value of a string literal.
fn string(literal: &str) -> Option<String> {
    match syn::parse_str(literal).ok()? {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// Letters that make a word.
fn is_text(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 1
}

/// `Only two left.`: a capital, small letters, a blank.
fn is_sentence(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_uppercase)
        && chars.next().is_some_and(char::is_lowercase)
        && text.trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_what_the_code_says() {
        let workspace = apps::workspace();
        let findings =
            Spoken::read(&workspace).unwrap().compare(&Locales::read(&workspace.join(LOCALES)).unwrap());
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }

    #[test]
    fn a_language_says_how_it_writes_amounts() {
        let file = |sample: &str| {
            let texts = [(NAME, "Français"), (SAMPLE, sample)];
            let texts = texts.map(|(english, said)| (english.to_owned(), Said::Text(said.to_owned())));
            Locales([("fr".to_owned(), texts.into())].into())
        };
        for (sample, findings) in
            [("1 234,50 €", 0), ("€ 1.234,50", 0), ("12,34 €", 1), ("1.234 €", 1), ("euro", 1)]
        {
            let found =
                Spoken { literals: [SAMPLE.to_owned()].into(), ..Spoken::default() }.compare(&file(sample));
            assert_eq!(found.len(), findings, "{sample}: {found:?}");
        }
    }

    #[test]
    fn a_language_says_what_it_calls_itself() {
        let fresh = file(&Spoken::default(), None).unwrap();
        assert_eq!(fresh, "{\n  \"@name\": \"\"\n}");
        let locales = Locales([("fr".to_owned(), serde_json::from_str(&fresh).unwrap())].into());
        let found = Spoken::default().compare(&locales);
        assert_eq!(found, ["fr.json has no “@name”: what the language calls itself"]);
    }

    #[track_caller]
    fn check(code: &str, said: &[&str], past: &[&str]) {
        let mut spoken = Spoken::default();
        Walk { spoken: &mut spoken, place: "a.rs", checked: true, speaks: true }
            .tokens(code.parse().unwrap());
        assert_eq!(spoken.said.keys().collect::<Vec<_>>(), said, "{code}");
        let found: Vec<_> = spoken.past.iter().map(|past| past.split(['“', '”']).nth(1).unwrap()).collect();
        assert_eq!(found, past, "{code}");
    }

    #[test]
    fn sentences_in_answers_of_the_server_are_said() {
        let check = |code: &str, said: &[&str]| {
            let mut spoken = Spoken::default();
            Walk { spoken: &mut spoken, place: "a.rs", checked: false, speaks: true }
                .tokens(code.parse().unwrap());
            assert_eq!(spoken.said.keys().collect::<Vec<_>>(), said, "{code}");
        };
        check(r#"Failure::new(X).field("password", "Not the present one.")"#, &["Not the present one."]);
        check(r#"check.wrong("name", "No control characters.")"#, &["No control characters."]);
        check(r#"check.expect(good && x(1, 2), "name", "Not a name.")"#, &["Not a name."]);
        check(r#"failure.titled("Null characters cannot be kept.")"#, &["Null characters cannot be kept."]);
        check(
            r#"x.field("answer", "approve or decline."); x.field("From here", &y).expect("It is there")"#,
            &[],
        );
    }

    #[test]
    fn what_is_said_and_what_is_said_past_the_languages() {
        check(r#"el("p").t("Shop")"#, &["Shop"], &[]);
        check(r#"t(if new { "Sign up" } else { "Sign in" })"#, &["Sign in", "Sign up"], &[]);
        check(r#"t_with("Remove {name}", &[("name", &t("Bed"))])"#, &["Bed", "Remove {name}"], &[]);
        check(r#"t_count("{n} item", "{n} items", 3)"#, &["{n} items"], &[]);
        check(r#"x.attr_t("aria-label", "Close")"#, &["Close"], &[]);
        check(r#"x.attr("aria-label", "Close")"#, &[], &["Close"]);
        check(r#"x.attrs(&[("type", "button"), ("alt", "A dog")])"#, &[], &["A dog"]);
        check(r#"x.text("Shop").text("·").text(&name)"#, &[], &["Shop"]);
        check(r#"let hint = "Only two left.".to_owned();"#, &[], &["Only two left."]);
        check(r#"Failure::new(code::X, "There is none")"#, &[], &[]);
        check(r#"x.field("code", t_with("At most {n}.", &[("n", &most)]))"#, &["At most {n}."], &[]);
        check(r#"#[error("Not there")] enum E { A } mod tests { const X: &str = "For tests"; }"#, &[], &[]);
    }
}
