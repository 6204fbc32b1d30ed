//! Whatever archive, description or folder comes: a release, or an error that names the file at fault; never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A failed unwrap is how a test fails.

use contract::{code, release::DESCRIPTION_FILE};
use proptest::prelude::*;
use release::{Error, Files, archive, description::Description, hash, verify};
use serde_json::{Value, json};

const ENTRY: &str = "export const mount = 1; export const unmount = 2;";

/// What means something in a description or in what is around it, or nothing.
const WORDS: [&str; 20] = [
    "",
    "null",
    "{}",
    "[]",
    "[[",
    "\"",
    "\\",
    "\\u0000",
    "-1",
    "1e999",
    "99999999999999999999",
    "true",
    "{\"a\":",
    ",",
    "\n",
    "\0",
    "\u{1b}[2J",
    "../cart.js",
    "microapp.json",
    "\u{feff}",
];

/// A change: where, how far, in which way, with which word.
type Change = (usize, usize, u8, usize);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((0_usize..20_000, 0_usize..60, 0_u8..6, 0..WORDS.len()), 1..4)
}

fn good() -> Files {
    let style = ".m-cart { color: red }";
    let description = json!({
        "contract": 1, "name": "cart", "version": "1.0.0", "entry": "cart.js", "module": "cart_bg.wasm", "styles": ["cart.css"],
        "files": {
            "cart.js": hash::file(ENTRY.as_bytes()), "cart.css": hash::file(style.as_bytes()), "cart_bg.wasm": hash::file(b"\0asm"),
        },
        "title": "Cart", "titles": { "de": "Warenkorb" }, "routes": ["/cart", "/cart/{id}"],
        "aliases": { "/basket?id={id}": "/cart/{id}" }, "slot": "main", "load": "idle", "commands": ["cart.add"],
        "events": ["cart.changed"], "needs": ["storage"], "webApis": ["fetch"], "revision": "abc",
    });
    Files::from([
        ("cart.js".to_owned(), ENTRY.as_bytes().to_vec()),
        ("cart.css".to_owned(), style.as_bytes().to_vec()),
        ("cart_bg.wasm".to_owned(), b"\0asm".to_vec()),
        (DESCRIPTION_FILE.to_owned(), serde_json::to_vec_pretty(&description).unwrap()),
    ])
}

/// A bit is turned; a piece is taken out or doubled; the rest is cut off; a word takes a piece's place.
fn damage(bytes: &mut Vec<u8>, (at, length, way, word): Change) {
    let at = at % bytes.len().max(1);
    let to = (at + length).min(bytes.len());
    match way {
        0 if at < to => bytes[at] ^= 1 << (length % 8),
        1 => drop(bytes.drain(at..to)),
        2 => {
            let piece = bytes[at..to].to_vec();
            bytes.splice(to..to, piece);
        }
        3 => bytes.truncate(at),
        _ => drop(bytes.splice(at..to.min(at + 6), WORDS[word].bytes())),
    }
}

/// A word in the place of a value, or of the name of one, at any depth.
fn damage_value(value: &mut Value, (at, length, way, word): Change) {
    let next = (at / 7, length, way, word);
    let replaces = at % 5 == 0;
    match value {
        Value::Array(items) if !items.is_empty() && !replaces => {
            let place = at % items.len();
            damage_value(&mut items[place], next);
        }
        Value::Object(fields) if !fields.is_empty() && !replaces => {
            let name = fields.keys().nth(at % fields.len()).cloned().unwrap();
            if way == 0 {
                let inner = fields.remove(&name).unwrap();
                fields.insert(WORDS[word].to_owned(), inner);
            } else {
                damage_value(&mut fields[&name], next);
            }
        }
        value => {
            *value = match way {
                0 => Value::Null,
                1 => json!(-1),
                2 => json!(u64::MAX),
                3 => json!([WORDS[word]]),
                4 => json!({ WORDS[word]: 1 }),
                _ => json!(WORDS[word]),
            }
        }
    }
}

/// What a terminal does something at.
fn is_obeyed(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// An error has a number of releases, names the file at fault, says what is wrong, and does nothing to a terminal.
fn check_error(error: &Error, places: &[&str]) {
    let numbers = [
        code::RELEASE_MANIFEST,
        code::RELEASE_NAME,
        code::RELEASE_FILE_NAME,
        code::RELEASE_FILE_MISSING,
        code::RELEASE_INTEGRITY,
        code::RELEASE_TOO_LARGE,
        code::RELEASE_ENTRY,
    ];
    assert!(numbers.contains(&error.code), "{error}");
    assert!(places.iter().any(|place| error.place.contains(place)), "{error}");
    assert!(!error.what.is_empty() && !error.to_string().contains(is_obeyed), "{error:?}");
}

/// What is taken is what its description says; what is refused names a file of either.
fn check(files: &Files) {
    let described = verify::read_description(files);
    match verify::files(files) {
        Ok(release) => {
            assert_eq!(release.files.len() + 1, files.len());
            for (name, file) in &release.files {
                assert_eq!(hash::file(&files[name]), *file);
            }
            assert!(files.contains_key(&release.entry) && !release.title.trim().is_empty());
        }
        Err(error) => {
            // What a terminal would obey is written out.
            let shown = |name: &String| -> String {
                let letter = |c| if is_obeyed(c) { c.escape_default().to_string() } else { c.to_string() };
                name.chars().map(letter).collect()
            };
            let mut places = vec![DESCRIPTION_FILE.to_owned()];
            places.extend(files.keys().map(shown));
            if let Ok(release) = &described {
                let named = release.module.iter().chain(&release.styles).chain([&release.entry]);
                places.extend(release.files.keys().chain(named).map(shown));
            }
            check_error(&error, &places.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_of_a_release_may_be_damaged(file in 0_usize..6, changes in changes()) {
        let mut files = good();
        // Most often the description.
        let name = files.keys().nth(file).map_or(DESCRIPTION_FILE, String::as_str).to_owned();
        for change in changes {
            damage(files.get_mut(&name).unwrap(), change);
        }
        check(&files);
    }

    #[test]
    fn any_value_of_a_description_may_be_another(changes in changes()) {
        let mut files = good();
        let mut description = serde_json::from_slice(&files[DESCRIPTION_FILE]).unwrap();
        for change in changes {
            damage_value(&mut description, change);
        }
        files.insert(DESCRIPTION_FILE.to_owned(), description.to_string().into_bytes());
        check(&files);
    }

    #[test]
    fn any_file_may_be_missing_or_have_another_name(file in 0_usize..4, name in prop::option::of("\\PC{0,8}|[a-z.]{1,6}")) {
        let mut files = good();
        let taken = files.keys().nth(file).cloned().unwrap();
        let bytes = files.remove(&taken).unwrap();
        name.map(|name| files.insert(name, bytes));
        check(&files);
    }

    #[test]
    fn any_archive_may_be_damaged(changes in changes()) {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in good() {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            archive.append_data(&mut header, name, &*bytes).unwrap();
        }
        let mut archive = archive.into_inner().unwrap();
        for change in changes {
            damage(&mut archive, change);
        }
        match archive::unpack(&*archive, "cart.tar") {
            Ok(files) => check(&files),
            Err(error) => check_error(&error, &["cart.tar"]),
        }
    }

    #[test]
    fn any_cargo_toml_may_be_damaged(changes in changes()) {
        let mut text = b"[package]\nname = \"cart\"\nversion = \"1.0.0\"\n[package.metadata.microapp]\ntitle = \"Cart\"\n\
            routes = [\"/cart\"]\naliases = { \"/basket\" = \"/cart\" }\nload = \"idle\"\n".to_vec();
        for change in changes {
            damage(&mut text, change);
        }
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("Cargo.toml"), text).unwrap();
        if let Err(error) = Description::read(dir.path()) {
            // It shows the line at fault below what it says.
            assert!(error.place.ends_with("Cargo.toml") && !error.what.is_empty(), "{error}");
        }
    }
}
