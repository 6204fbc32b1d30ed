//! The shell's page: `integrity` for every file of the release that it names, the scope class for every element.

use crate::{Error, Files, hash};
use contract::code::{RELEASE_FILE_MISSING, RELEASE_MANIFEST};
use lol_html::{RewriteStrSettings, element, html_content::Element, rewrite_str};

/// Stands for the base address of the shell's release; the server puts it in when it answers.
pub const BASE: &str = "%BASE%";

/// The scope class of the shell's own style.
const SCOPE: &str = "m-shell";

/// What `rel` must be for browsers to check `integrity` on a `<link>`. A preloaded wasm is checked when it is fetched.
const CHECKED_LINKS: [&str; 2] = ["stylesheet", "modulepreload"];

/// The page with hashes, and without what was meant for Trunk.
pub fn with_integrity(page: &str, file: &str, files: &Files) -> Result<String, Error> {
    let mut missing = None;
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("[data-trunk]", |element| {
            element.remove();
            Ok(())
        }))
        .append_element_content_handler(element!("body, body *", |element| {
            // Every element of the page is the shell's: it carries the scope class, as in its views.
            let classes = element.get_attribute("class").map(|own| format!("{own} {SCOPE}"));
            element.set_attribute("class", &classes.unwrap_or_else(|| SCOPE.to_owned()))?;
            Ok(())
        }))
        .append_element_content_handler(element!("[src], [href]", |element| {
            let Some(name) = own_file(element) else { return Ok(()) };
            match files.get(&name) {
                Some(bytes) if is_checked(element) => {
                    element.set_attribute("integrity", &hash::integrity(bytes))?
                }
                Some(_) => {}
                None => missing = Some(name),
            }
            Ok(())
        }));
    let rewritten = rewrite_str(page, settings)
        .map_err(|error| Error::new(RELEASE_MANIFEST, file, format!("cannot be read as HTML: {error}")))?;
    match missing {
        Some(name) => Err(Error::new(
            RELEASE_FILE_MISSING,
            file,
            format!("names {BASE}{name}, which is not in the release"),
        )),
        None => Ok(rewritten),
    }
}

/// The file of the release that the element's address names.
fn own_file(element: &Element) -> Option<String> {
    let address = element.get_attribute("src").or_else(|| element.get_attribute("href"))?;
    let name = address.strip_prefix(BASE)?.split(['?', '#']).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn is_checked(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "script" => true,
        "link" => element
            .get_attribute("rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| CHECKED_LINKS.contains(&rel))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        ["a.js", "a.css", "a.svg"].iter().map(|name| ((*name).to_owned(), name.as_bytes().to_vec())).collect()
    }

    fn check(page: &str, expected: &str) {
        let expected = ["a.js", "a.css"].iter().fold(expected.to_owned(), |text, name| {
            text.replace(&format!("#{name}#"), &hash::integrity(name.as_bytes()))
        });
        assert_eq!(with_integrity(page, "index.html", &files()).unwrap(), expected);
    }

    #[test]
    fn integrity_where_browsers_check_it() {
        check(
            r#"<script type="module" src="%BASE%a.js"></script>"#,
            r##"<script type="module" src="%BASE%a.js" integrity="#a.js#"></script>"##,
        );
        check(
            r#"<link rel="modulepreload" href="%BASE%a.js"><link rel=stylesheet href="%BASE%a.css">"#,
            r##"<link rel="modulepreload" href="%BASE%a.js" integrity="#a.js#"><link rel=stylesheet href="%BASE%a.css" integrity="#a.css#">"##,
        );
        check(r#"<link rel="icon" href="%BASE%a.svg">"#, r#"<link rel="icon" href="%BASE%a.svg">"#);
        check(r#"<a href="/x">x</a>"#, r#"<a href="/x">x</a>"#);
        check(r#"<p>1</p><link data-trunk rel="rust" href="x/Cargo.toml"><p>2</p>"#, "<p>1</p><p>2</p>");
    }

    #[test]
    fn every_element_of_the_body_is_in_the_shells_scope() {
        check(
            r#"<body><p class="x">1<b>2</b></p></body>"#,
            r#"<body class="m-shell"><p class="x m-shell">1<b class="m-shell">2</b></p></body>"#,
        );
    }

    #[test]
    fn a_file_that_is_not_there() {
        let error = with_integrity(r#"<img src="%BASE%b.png">"#, "index.html", &files()).unwrap_err();
        assert_eq!(error.code, RELEASE_FILE_MISSING);
        assert!(error.what.contains("b.png"), "{error}");
    }
}
