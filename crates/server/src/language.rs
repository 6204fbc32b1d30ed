//! The languages of the server's answers, pages and mails: English in the code, every other one a file,
//! `assets/locales/de.json`, with its mails beside it, `de.letters.txt`.
//!
//! [`speak`] finds out what a request wants; within it [`t`] and [`t_with`] say things in that language.

use crate::{assets, mail::Letter};
use axum::{
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use contract::shop::money::{Money, SAMPLE, decimal_point};
use std::{collections::BTreeMap, fmt, future::Future, sync::LazyLock};

/// The cookie with the language that a visitor took; the shell's script writes it.
const COOKIE: &str = "menagerie_language";
/// Folder and ending of the files.
const FOLDER: &str = "locales/";
const TEXTS: &str = ".json";
const LETTERS: &str = ".letters.txt";

/// A language.
#[derive(Clone, Copy)]
pub struct Language(&'static Spoken);

/// What a name of the catalogue is of.
#[derive(Clone, Copy)]
pub enum Named {
    /// A category: `category:Dogs`.
    Category,
    /// Something to choose about a product: `option:Colour`.
    Option,
}

struct Spoken {
    code: String,
    texts: BTreeMap<String, String>,
    letters: String,
}

/// English first, then the others by their codes.
static LANGUAGES: LazyLock<Vec<Spoken>> = LazyLock::new(|| {
    let mut all = vec![read("en")];
    let names = assets::names(FOLDER);
    let codes = names.filter_map(|name| Some(name.strip_prefix(FOLDER)?.strip_suffix(TEXTS)?.to_owned()));
    let mut codes: Vec<_> = codes.collect();
    codes.sort();
    all.extend(codes.iter().map(|code| read(code)));
    all
});

tokio::task_local! {
    static NOW: Language;
}

fn read(code: &str) -> Spoken {
    let file = |ending| assets::text(&[FOLDER, code, ending].concat()).unwrap_or_default();
    // A plural belongs to what counts in the browser.
    let texts: BTreeMap<String, serde_json::Value> = serde_json::from_str(&file(TEXTS)).unwrap_or_default();
    let texts = texts.into_iter().filter_map(|(english, said)| Some((english, said.as_str()?.to_owned())));
    Spoken { code: code.to_owned(), texts: texts.collect(), letters: file(LETTERS) }
}

/// Answers a request in the language that it wants.
pub async fn speak(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    language.within(next.run(request)).await
}

/// A text in the language of the request; English outside of one, and where the language has no other.
pub fn t(english: &str) -> String {
    Language::now().say(english)
}

/// A name of the catalogue in the language of the request.
pub fn named(of: Named, name: &str) -> String {
    Language::now().name(of, name)
}

/// A text with values in its places, `{name}`, in the language of the request.
pub fn t_with(english: &str, places: &[(&str, &str)]) -> String {
    fill(&t(english), places)
}

impl Language {
    /// Every language, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(Self)
    }

    /// The language of the code.
    pub fn english() -> Self {
        Self(&LANGUAGES[0])
    }

    /// The language of the request that is being answered.
    pub fn now() -> Self {
        NOW.try_with(|language| *language).unwrap_or_else(|_| Self::english())
    }

    /// Does something in this language.
    pub fn within<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        NOW.scope(self, work)
    }

    /// ISO 639.
    pub fn code(self) -> &'static str {
        &self.0.code
    }

    /// The language of a code such as `de`; English where it is none of ours.
    pub fn of_code(code: &str) -> Self {
        Self::all().find(|language| language.code() == code).unwrap_or_else(Self::english)
    }

    /// The one of ours that a visitor took or, before they did, the one that their browser likes best.
    pub fn of(headers: &HeaderMap) -> Self {
        let codes = Self::all().map(Self::code).collect::<Vec<_>>();
        wanted(headers, &codes).map_or_else(Self::english, Self::of_code)
    }

    /// A text, in English where this language has no other.
    pub fn say(self, english: &str) -> String {
        self.0.texts.get(english).map_or(english, String::as_str).to_owned()
    }

    /// A name that the shop's owner gave, as it is where this language has no other. Such names have keys of their own: a
    /// category “Home” is not the home page.
    pub fn name(self, of: Named, name: &str) -> String {
        let of = match of {
            Named::Category => "category:",
            Named::Option => "option:",
        };
        self.0.texts.get(&[of, name].concat()).map_or(name, String::as_str).to_owned()
    }

    /// What its file of mails says in a letter: subject, then text; English where it has none.
    pub fn letter(self, letter: Letter) -> &'static str {
        let found = section(&self.0.letters, letter.name());
        if found.is_empty() { section(&LANGUAGES[0].letters, letter.name()) } else { found }
    }

    /// A share in hundredths of a percent, without zeros that say nothing: `12.5`.
    pub fn percent(self, points: i64) -> String {
        let sample = self.say(SAMPLE);
        let (whole, rest) = (points / 100, points % 100);
        if rest == 0 {
            return whole.to_string();
        }
        let digits = format!("{rest:02}");
        [&whole.to_string(), &decimal_point(&sample), digits.trim_end_matches('0')].concat()
    }

    /// An amount: `€1,234.50`, `1.234,50 €`.
    pub fn money(self, money: &Money) -> String {
        money.written(&self.say(SAMPLE))
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Of `codes` the one that a visitor took, else the one that their browser likes best (`Accept-Language`).
pub fn wanted<'a>(headers: &HeaderMap, codes: &[&'a str]) -> Option<&'a str> {
    let ours = |code: &str| codes.iter().copied().find(|ours| *ours == code);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    if let Some(taken) = pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, code)| ours(code)) {
        return Some(taken);
    }
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best = (None, 0.0);
    for wish in text.unwrap_or_default().split(',').take(20) {
        let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
        let weight = weight.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.trim().strip_prefix('='));
        let weight: f32 = weight.and_then(|weight| weight.trim().parse().ok()).unwrap_or(0.0);
        let found = ours(&tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase());
        if found.is_some() && weight > best.1 {
            best = (found, weight);
        }
    }
    best.0
}

/// What stands under `[name]`, up to the next section.
fn section<'a>(file: &'a str, name: &str) -> &'a str {
    let mut sections = file.split("\n[").skip(1);
    let found = sections.find_map(|section| section.strip_prefix(name)?.strip_prefix("]\n"));
    found.unwrap_or_default()
}

/// Fills places. A value is shown on one line, unless its place has a line for itself.
pub fn fill(text: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    // From left to right, so that a value with braces in it is not filled in itself.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let alone = filled.ends_with('\n') && after.starts_with('\n');
        let value = places.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        filled.extend(value.chars().map(|c| if c.is_control() && !(alone && c == '\n') { ' ' } else { c }));
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn german() -> Language {
        Language::of_code("de")
    }

    #[test]
    fn languages_are_files() {
        assert_eq!(Language::all().map(Language::code).collect::<Vec<_>>(), ["en", "de"]);
        assert_eq!(Language::of_code("xx"), Language::english());
        let text = assets::text("locales/de.json").unwrap();
        let texts: Result<BTreeMap<String, serde_json::Value>, _> = serde_json::from_str(&text);
        assert!(texts.is_ok(), "{texts:?}");
    }

    #[tokio::test]
    async fn answers_are_in_the_language_of_the_request() {
        assert_eq!(t("At least {n} characters."), "At least {n} characters.");
        let said = german().within(async { t_with("At least {n} characters.", &[("n", "3")]) }).await;
        assert_eq!(said, "Mindestens 3 Zeichen.");
        assert_eq!(german().within(async { t("nothing that is known") }).await, "nothing that is known");
    }

    #[test]
    fn names_of_the_catalogue_are_not_texts_of_the_pages() {
        for (of, name, expected) in [
            (Named::Category, "Dogs", "Hunde"),
            (Named::Option, "Colour", "Farbe"),
            (Named::Option, "Dogs", "Dogs"),
            (Named::Category, "Home", "Home"),
            (Named::Category, "Sale", "Sale"),
            (Named::Option, "Set", "Set"),
        ] {
            assert_eq!(german().name(of, name), expected);
            assert_eq!(Language::english().name(of, name), name);
        }
        assert_eq!(german().say("Home"), "Startseite");
    }

    #[test]
    fn values_stay_on_their_line_and_are_not_filled_in_themselves() {
        assert_eq!(fill("a {x} b {y}{z}", &[("x", "{y}"), ("y", "1\r\nBcc: 2")]), "a {y} b 1  Bcc: 2");
        assert_eq!(fill("a\n{x}\nb {x}", &[("x", "1\n2\r3")]), "a\n1\n2 3\nb 1 2 3", "a list has lines");
    }

    #[test]
    fn amounts_as_each_language_writes_them() {
        let money = Money { amount: 123_450, currency: "EUR".to_owned() };
        assert_eq!(Language::english().money(&money), "€1,234.50");
        assert_eq!(german().money(&money), "1.234,50\u{a0}€");
    }

    #[test]
    fn the_language_that_a_visitor_took_or_their_browser_likes_best() {
        for (cookie, accepted, expected) in [
            ("", "", "en"),
            ("", "de", "de"),
            ("", "de-AT,en;q=0.8", "de"),
            ("", "fr, en;q=0.4, de;q=0.7", "de"),
            ("", "en-GB,de;q=0.9", "en"),
            ("", "fr", "en"),
            ("", "de;q=nonsense", "en"),
            ("", "en; q=0.5, de; q=0.9", "de"),
            ("", "de;Q=0.9 , en ; q = 0.5", "de"),
            ("", "de;level=1", "en"),
            ("menagerie_language=de", "en", "de"),
            ("a=b; menagerie_language=en", "de", "en"),
            ("menagerie_language=xx", "de", "de"),
            ("menagerie_languages=en", "de", "de"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            assert_eq!(Language::of(&headers).code(), expected, "{cookie} {accepted}");
        }
    }
}
