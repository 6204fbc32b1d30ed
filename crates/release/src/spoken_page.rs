//! The shell's page in another language.
//!
//! All that is to be read on it is the shell's own and stands there in English: texts between its elements, and
//! the attributes that are read out or shown.

use crate::{
    Error,
    locales::{self, Locales, Said, Texts},
};
use contract::code::RELEASE_MANIFEST;
use lol_html::{
    RewriteStrSettings, element,
    html_content::{ContentType, TextType},
    rewrite_str, text,
};
use std::{cell::RefCell, collections::BTreeSet};

/// The attributes that people are told.
const ATTRIBUTES: [&str; 4] = ["aria-label", "placeholder", "alt", "title"];

/// The language of the code.
const ENGLISH: (&str, &str) = ("en", "English");

/// The page in English and in every other language, each with the ways to the others: by code, `""` for English.
///
/// What the shell's `module` itself can say in the language travels in the page.
pub fn pages(
    page: &str,
    file: &str,
    locales: &Locales,
    module: &[u8],
) -> Result<Vec<(String, String)>, Error> {
    let mut pages =
        vec![(String::new(), in_language(page, file, ENGLISH.0, &Texts::new(), locales, module)?)];
    for (code, texts) in &locales.0 {
        pages.push((code.clone(), in_language(page, file, code, texts, locales, module)?));
    }
    Ok(pages)
}

/// Everything that is to be read on the page, in the order of the alphabet.
pub fn texts(page: &str) -> BTreeSet<String> {
    let found = RefCell::new(BTreeSet::new());
    let note = |english: &str| {
        found.borrow_mut().insert(english.to_owned());
        None
    };
    // A page that cannot be read is told when it is packed.
    let _ = rewrite(page, &note, None);
    found.into_inner()
}

fn in_language(
    page: &str,
    file: &str,
    code: &str,
    texts: &Texts,
    locales: &Locales,
    module: &[u8],
) -> Result<String, Error> {
    let say = |english: &str| match texts.get(english) {
        Some(Said::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let own = locales::spoken(texts, module);
    let own = (!own.is_empty()).then(|| serde_json::to_string(&own).unwrap_or_default());
    let way = Way { code, choices: choices(code, locales), own };
    rewrite(page, &say, Some(&way))
        .map_err(|error| Error::new(RELEASE_MANIFEST, file, format!("cannot be read as HTML: {error}")))
}

/// What a page has besides other texts.
struct Way<'a> {
    code: &'a str,
    choices: String,
    own: Option<String>,
}

/// Buttons to the languages, by their own names.
fn choices(now: &str, locales: &Locales) -> String {
    let name = |texts: &Texts, code: &str| match texts.get(locales::NAME) {
        Some(Said::Text(name)) => name.clone(),
        _ => code.to_owned(),
    };
    let others = locales.0.iter().map(|(code, texts)| (code.clone(), name(texts, code)));
    let all = std::iter::once((ENGLISH.0.to_owned(), ENGLISH.1.to_owned())).chain(others);
    let button = |(code, name): (String, String)| {
        let current = if code == now { " aria-current=\"true\"" } else { "" };
        format!(
            "<button class=\"link\" type=\"button\" lang=\"{code}\" data-language=\"{code}\" data-test=\"language-{code}\"{current}>{name}</button>"
        )
    };
    all.map(button).collect()
}

fn rewrite(
    page: &str,
    say: &dyn Fn(&str) -> Option<String>,
    way: Option<&Way>,
) -> Result<String, lol_html::errors::RewritingError> {
    // A text comes in pieces; it is said with the last one.
    let so_far = RefCell::new(String::new());
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("html", |element| {
            if let Some(way) = way.filter(|way| way.code != ENGLISH.0) {
                element.set_attribute("lang", way.code)?;
            }
            Ok(())
        }))
        .append_element_content_handler(element!("head", |element| {
            if let Some(own) = way.and_then(|way| way.own.as_ref()) {
                // As markup has it: a text cannot end the element.
                let own = own.replace('<', "\\u003c");
                let script = format!("<script type=\"application/json\" id=\"texts\">{own}</script>");
                element.append(&script, ContentType::Html);
            }
            Ok(())
        }))
        .append_element_content_handler(element!("[data-languages]", |element| {
            match way {
                Some(way) if way.choices.matches("<button").count() > 1 => {
                    element.remove_attribute("data-languages");
                    element.set_inner_content(&way.choices, ContentType::Html);
                }
                _ => element.remove(),
            }
            Ok(())
        }))
        .append_element_content_handler(element!("meta[name=description]", |element| {
            if let Some(said) = element.get_attribute("content").and_then(|english| say(&english)) {
                element.set_attribute("content", &said)?;
            }
            Ok(())
        }))
        .append_element_content_handler(element!("body *", |element| {
            for name in ATTRIBUTES {
                let english = element.get_attribute(name).filter(|english| is_text(english));
                if let Some(said) = english.and_then(|english| say(&english)) {
                    element.set_attribute(name, &said)?;
                }
            }
            Ok(())
        }))
        .append_element_content_handler(text!("body", |chunk| {
            // `<noscript>` is raw to a parser that runs scripts.
            if !matches!(chunk.text_type(), TextType::Data | TextType::RawText) {
                return Ok(());
            }
            so_far.borrow_mut().push_str(chunk.as_str());
            if !chunk.last_in_text_node() {
                chunk.remove();
                return Ok(());
            }
            let whole = so_far.take();
            let english = whole.trim();
            let said = if is_text(english) { say(english) } else { None };
            let whole = said.map_or_else(|| whole.clone(), |said| whole.replacen(english, &escape(&said), 1));
            chunk.replace(&whole, ContentType::Html);
            Ok(())
        }));
    rewrite_str(page, settings)
}

/// Whether something is to be read, not only a sign or a number.
fn is_text(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const PAGE: &str = r#"<html lang="en-GB"><head><meta name="description" content="Beds."></head><body><nav data-languages></nav><img alt="" src="x"><p aria-label="Close">There is nothing at <code></code>. Sorry &amp; bye.</p><template><b>Close</b></template><noscript class="x">No scripts here.</noscript></body></html>"#;

    fn locales() -> Locales {
        let said = |text: &str| Said::Text(text.to_owned());
        let texts = [
            (locales::NAME, "Deutsch"),
            ("Beds.", "Betten."),
            ("Close", "Schließen <&>"),
            ("There is nothing at", "Hier ist nichts:"),
            ("No scripts here.", "Keine Skripte."),
            ("Said by the wasm", "Vom Wasm </script>"),
        ];
        let texts: Texts =
            texts.into_iter().map(|(english, german)| (english.to_owned(), said(german))).collect();
        Locales([("de".to_owned(), texts)].into())
    }

    #[test]
    fn a_page_in_every_language() {
        let pages: BTreeMap<_, _> =
            pages(PAGE, "index.html", &locales(), b"..Said by the wasm..").unwrap().into_iter().collect();
        let button = |code: &str, name: &str, current: &str| {
            format!(
                r#"<button class="link" type="button" lang="{code}" data-language="{code}" data-test="language-{code}"{current}>{name}</button>"#
            )
        };
        let current = r#" aria-current="true""#;
        let english = PAGE.replace(
            "<nav data-languages></nav>",
            &format!("<nav>{}{}</nav>", button("en", "English", current), button("de", "Deutsch", "")),
        );
        assert_eq!(pages[""], english);
        let buttons = [button("en", "English", ""), button("de", "Deutsch", current)].concat();
        let expected = [
            r#"<html lang="de"><head><meta name="description" content="Betten.">"#,
            r#"<script type="application/json" id="texts">{"Said by the wasm":"Vom Wasm \u003c/script>"}</script></head>"#,
            &format!("<body><nav>{buttons}</nav>"),
            r#"<img alt="" src="x"><p aria-label="Schließen <&>">Hier ist nichts: <code></code>. Sorry &amp; bye.</p>"#,
            r#"<template><b>Schließen &lt;&amp;&gt;</b></template><noscript class="x">Keine Skripte.</noscript></body></html>"#,
        ];
        assert_eq!(pages["de"], expected.concat());
    }

    #[test]
    fn one_language_needs_no_choice() {
        let pages = pages(PAGE, "index.html", &Locales::default(), b"").unwrap();
        assert_eq!(pages, [(String::new(), PAGE.replace("<nav data-languages></nav>", ""))]);
    }

    #[test]
    fn what_is_to_be_read() {
        let found = texts(PAGE);
        assert_eq!(
            found.iter().collect::<Vec<_>>(),
            [". Sorry &amp; bye.", "Beds.", "Close", "No scripts here.", "There is nothing at"]
        );
    }
}
