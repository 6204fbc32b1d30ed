//! The languages of a release: of a folder with a file for each (`de.json`), what its wasm or page can say.
//!
//! English stands in the code and is the key. Which keys a wasm can say is read off its data: a text that it
//! does not hold it cannot ask for.

use crate::{Error, Files, source};
use contract::code::RELEASE_LOCALE;
use memchr::memmem;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The entry under which a language has its own name: `Deutsch`.
pub const NAME: &str = "@name";

/// The forms of a plural that CLDR knows.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// What is said instead of an English text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// Always the same.
    Text(String),
    /// By the plural form of a number.
    Forms(BTreeMap<String, String>),
}

/// A language: English → what is said.
pub type Texts = BTreeMap<String, Said>;

/// Languages by their ISO 639 codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locales(pub BTreeMap<String, Texts>);

impl Locales {
    /// Those of the microapp in `source`: in the folder that it names, or in the usual one, which need not be there.
    pub fn of_microapp(source: &Path, named: Option<&str>) -> Result<Self, Error> {
        let dir = source.join(named.unwrap_or("locales"));
        if named.is_none() && !dir.is_dir() {
            return Ok(Self::default());
        }
        Self::read(&dir)
    }

    /// Reads the files of a folder.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let mut locales = BTreeMap::new();
        let entries = fs::read_dir(dir).map_err(|error| {
            let what = format!("is no folder with languages that can be read: {error}");
            Error::new(RELEASE_LOCALE, dir.display().to_string(), what)
        })?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let fault = |what: String| Error::new(RELEASE_LOCALE, path.display().to_string(), what);
            let text = source::text(&path).map_err(|error| fault(error.what))?;
            let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if !is_code(&code) {
                return Err(fault("is not named after an ISO 639 code, such as de.json".to_owned()));
            }
            let texts: Texts = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
            if let Some(what) = texts.iter().find_map(|(english, said)| wrong(english, said)) {
                return Err(fault(what));
            }
            locales.insert(code, texts);
        }
        Ok(Self(locales))
    }

    /// The files with what `module` can say: `locale.de.json`. A language of which it says nothing has none.
    pub fn files(&self, module: &[u8]) -> Files {
        let said = self.0.iter().map(|(code, texts)| (code, spoken(texts, module)));
        said.filter(|(_, texts)| !texts.is_empty())
            .filter_map(|(code, texts)| {
                Some((format!("locale.{code}.json"), serde_json::to_vec(&texts).ok()?))
            })
            .collect()
    }

    /// A text in every language that has it.
    pub fn of(&self, english: &str) -> BTreeMap<String, String> {
        let said = |(code, texts): (&String, &Texts)| match texts.get(english)? {
            Said::Text(text) => Some((code.clone(), text.clone())),
            Said::Forms(_) => None,
        };
        self.0.iter().filter_map(said).collect()
    }
}

/// Of `texts` those that `module` can say.
pub fn spoken<'a>(texts: &'a Texts, module: &[u8]) -> BTreeMap<&'a str, &'a Said> {
    let can = |english: &str| memmem::find(module, english.as_bytes()).is_some();
    texts.iter().map(|(english, said)| (english.as_str(), said)).filter(|(english, _)| can(english)).collect()
}

fn is_code(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())
}

/// What is wrong with an entry.
fn wrong(english: &str, said: &Said) -> Option<String> {
    match said {
        Said::Text(text) if text.is_empty() => Some(format!("says nothing for “{english}”")),
        Said::Text(text) => (places(text) != places(english))
            .then(|| format!("has other places in “{text}” than English has in “{english}”")),
        Said::Forms(forms) => {
            if let Some(form) = forms.keys().find(|form| !FORMS.contains(&form.as_str())) {
                return Some(format!("has “{form}” for “{english}”: plural forms are {}", FORMS.join(", ")));
            }
            if !forms.contains_key("other") {
                return Some(format!("has no form “other” for “{english}”"));
            }
            let known = places(english);
            let alien = forms.values().find(|text| text.is_empty() || !places(text).is_subset(&known))?;
            Some(format!("has other places in “{alien}” than English has in “{english}”"))
        }
    }
}

/// The places of a text: `{name}`.
pub fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Locales, Error> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), text).unwrap();
        fs::write(dir.path().join("de.letters.txt"), "not for here").unwrap();
        Locales::read(dir.path())
    }

    #[test]
    fn a_release_carries_what_its_wasm_can_say() {
        let text = r#"{ "@name": "Deutsch", "Remove": "Entfernen", "Shop": "Laden",
            "{n} items": { "one": "{n} Ding", "other": "{n} Dinge" } }"#;
        let locales = read("de.json", text).unwrap();
        let files = locales.files(b"\0asm..Remove..{n} item{n} items..");
        let expected = r#"{"Remove":"Entfernen","{n} items":{"one":"{n} Ding","other":"{n} Dinge"}}"#;
        assert_eq!(String::from_utf8_lossy(&files["locale.de.json"]), expected);
        assert!(locales.files(b"\0asm").is_empty());
        assert_eq!(locales.of("Shop"), [("de".to_owned(), "Laden".to_owned())].into());
    }

    #[test]
    fn a_folder_that_is_named_has_to_be_there() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Locales::of_microapp(dir.path(), None).unwrap().0.is_empty());
        let error = Locales::of_microapp(dir.path(), Some("../loclaes")).unwrap_err();
        assert_eq!(error.code, RELEASE_LOCALE);
        assert!(error.place.ends_with("loclaes"), "{error}");
        fs::create_dir(dir.path().join("locales")).unwrap();
        fs::write(dir.path().join("locales/de.json"), "\u{feff}{}").unwrap();
        for named in [None, Some("locales")] {
            assert_eq!(Locales::of_microapp(dir.path(), named).unwrap().0.len(), 1, "{named:?}");
        }
    }

    #[test]
    fn faults_say_where() {
        for (name, text, part) in [
            ("de.json", "{", "EOF"),
            ("de.json", r#"{"a": 1}"#, "did not match"),
            ("german.json", "{}", "ISO 639"),
            ("DE.json", "{}", "ISO 639"),
            ("de.json", r#"{"Remove {name}": "Entfernen"}"#, "places"),
            ("de.json", r#"{"Remove": "{name} entfernen"}"#, "places"),
            ("de.json", r#"{"Remove": ""}"#, "nothing"),
            ("de.json", r#"{"{n} items": {"many": "{n} Dinge"}}"#, "other"),
            ("de.json", r#"{"{n} items": {"plural": "{n} Dinge", "other": "x"}}"#, "plural forms"),
            ("de.json", r#"{"{n} items": {"other": "{m} Dinge"}}"#, "places"),
        ] {
            let error = read(name, text).unwrap_err();
            assert_eq!(error.code, RELEASE_LOCALE);
            assert!(error.place.ends_with(name) && error.what.contains(part), "{error}");
        }
    }
}
