//! What a microapp may be called.

use crate::Error;
use contract::{
    code::{CONFIGURATION, RELEASE_NAME},
    release::is_app_name,
};
use release::{ROOT, SHELL, is_for_operators};

/// Names that cargo or rustc keep for themselves, or that a microapp depends on.
const TAKEN: [&str; 21] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "incremental",
    "leptos",
    "microapp",
    "menagerie-contract",
    "menagerie-locale",
    "menagerie-microapp",
    "proc-macro",
    "release",
    "serde",
    "std",
    "test",
    "target",
    "tests",
    "dist",
    "wasm-bindgen",
    "web-sys",
];

/// Words of Rust, which no crate can be called.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Whether a new microapp may have this name.
pub fn check(name: &str) -> Result<(), Error> {
    let refused = |why: &str| Err(Error::new(RELEASE_NAME, format!("{name:?} {why}")));
    if !is_app_name(name) {
        return refused("is no name for a microapp; it must match [a-z][a-z0-9-]{0,31}");
    }
    if name == SHELL {
        return refused("is the shell's own name");
    }
    if name == ROOT {
        return refused("is what every microapp's root element is called");
    }
    if is_for_operators(name) {
        return refused("is an app of the operators' console, which no shopper is shown");
    }
    if TAKEN.contains(&name) {
        return refused("means something else to cargo");
    }
    if KEYWORDS.contains(&name) {
        return refused("is a word of Rust");
    }
    Ok(())
}

/// `wish-list` as people write it: `Wish list`.
pub fn in_words(name: &str) -> String {
    let words = name.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    words[..1].to_uppercase() + &words[1..]
}

/// A title, which is written into Rust, TOML and HTML.
pub fn checked_title(title: &str) -> Result<String, Error> {
    let title = title.trim();
    let is_plain = |c: char| c.is_alphanumeric() || " -–,.:!?'’()+/".contains(c);
    if title.is_empty() || title.chars().count() > 60 || !title.chars().all(is_plain) {
        let what =
            format!("--title {title:?}: it takes 1 to 60 letters, digits, blanks and - , . : ! ? ' ( ) + /");
        return Err(Error::new(CONFIGURATION, what));
    }
    Ok(title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{check as checked, *};

    fn check(name: &str, good: bool) {
        match checked(name) {
            Ok(()) => assert!(good, "{name} was taken"),
            Err(error) => {
                assert!(!good, "{error}");
                assert_eq!(error.code(), RELEASE_NAME);
                assert!(error.message().contains("Choose"), "no way out: {}", error.message());
            }
        }
    }

    #[test]
    fn names() {
        for name in ["cart", "wish-list", "a", "x9", "a-", &"a".repeat(32)] {
            check(name, true);
        }
        for name in [
            "",
            "Cart",
            "9x",
            "-a",
            "wish_list",
            "wish list",
            "../x",
            "a/b",
            "ä",
            "shell",
            "root",
            "console",
            "backoffice",
            "leptos",
            "test",
            "fn",
            "async",
            ".",
            "con\0",
            &"a".repeat(33),
        ] {
            check(name, false);
        }
    }

    #[test]
    fn names_in_words() {
        for (name, words) in [("cart", "Cart"), ("wish-list", "Wish list"), ("a--b-", "A b")] {
            assert_eq!(in_words(name), words);
        }
    }

    #[test]
    fn titles() {
        for (title, expected) in [
            ("Wish list", Some("Wish list")),
            (" Für dich! ", Some("Für dich!")),
            ("", None),
            ("a\"b", None),
            ("a{b", None),
            ("<b>", None),
            ("a\\b", None),
            ("a\nb", None),
        ] {
            assert_eq!(checked_title(title).ok().as_deref(), expected, "{title:?}");
        }
    }
}
