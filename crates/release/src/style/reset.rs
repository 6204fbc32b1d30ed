//! Puts the microapp's elements back to the browser's defaults before its own rules.

use super::{names::Names, selector::NOBODY};
use std::fmt::Write;

/// The class that the microapp's root element has besides the one of its main sheet; no microapp is called [`crate::ROOT`].
const ROOT: &str = "m-root";

/// What comes before the sheet's rules.
///
/// Its weight is that of an id and a class, which every own rule has too, so that own rules win by what
/// they add or by coming later. Pictures keep what their attributes say (`width`, `fill`), which `revert`
/// would take away; `revert-layer` takes away other rules only. The root alone says what is inherited.
pub(super) fn css(app: &str, class: &str, names: &Names) -> String {
    let inherit = |tokens: &mut dyn Iterator<Item = &str>| {
        tokens.fold(String::new(), |mut css, token| {
            let _ = write!(css, ";{token}:inherit");
            css
        })
    };
    let tokens = inherit(&mut names.tokens(class));
    let nobody = format!(":not(#{NOBODY})");
    let mut css = format!(
        ".{class}:not(#{NOBODY},img,svg,svg *){{all:revert{tokens}}}\
         .{class}{nobody}:where(img,svg,svg *){{all:revert-layer{tokens}}}\
         .{class}{nobody}::before,.{class}{nobody}::after,.{class}{nobody}::placeholder,.{class}{nobody}::marker{{all:revert}}"
    );
    if class == format!("m-{app}") {
        let mut tokens = names.all_tokens();
        tokens.extend(["--color-text", "--weight-normal", "--text-md", "--leading-body", "--font-body"]);
        let tokens = inherit(&mut tokens.into_iter());
        let _ = write!(
            css,
            ".{ROOT}:where(.{class}){nobody}{{all:initial;display:block;color:var(--color-text);\
             font:var(--weight-normal) var(--text-md)/var(--leading-body) var(--font-body);\
             color-scheme:inherit;direction:inherit{tokens}}}"
        );
    }
    css
}
