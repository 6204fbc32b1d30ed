//! Styles that reach nothing but their own microapp, and that no neighbour's styles change.
//!
//! 1. [`rules`] refuses what is page-wide, with file, line and column.
//! 2. lightningcss flattens nesting and writes what browsers of the last three years read.
//! 3. [`selector`] puts the sheet's class on every part of every selector (stylers decides where), in a way
//!    that leaves the order among the sheet's own rules as it was and beats every neighbour's class.
//! 4. [`names`] renames keyframes, fonts, containers and the sheet's own custom properties.
//! 5. [`reset`] puts the elements back to the browser's defaults first.
//! 6. [`check`] reads the outcome again and trusts none of the above.

mod check;
mod layer;
mod names;
mod reset;
mod rules;
mod selector;

use crate::{Error, SHELL, source};
use contract::code::{RELEASE_FILE_NAME, STYLE_SYNTAX};
use lightningcss::{
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet},
    targets::{Browsers, Features, Targets},
};
use std::{fs, path::Path};

/// One style sheet of a microapp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its path, for messages.
    pub path: String,
    /// Its name in the release.
    pub file: String,
    /// The class on every element that it styles.
    pub class: String,
    /// What stands before it, path and text: our own rules, and sheets that it shares with others.
    pub before: Vec<(String, String)>,
    /// Its text.
    pub css: String,
}

/// What every main sheet begins with: the same controls in every microapp.
const BASE: &str = include_str!("style/base.css");

impl Sheet {
    /// Reads `style.css` (class `m-<app>`) and `styles/*.css` (class `m-<app>_<file>`) of the microapp in `dir`; and the
    /// `shared` ones, whose rules stand before those of `style.css`.
    ///
    /// There is always a main sheet, if only with our own rules in it.
    pub fn read(dir: &Path, app: &str, shared: &[String]) -> Result<Vec<Self>, Error> {
        let path = dir.join("style.css");
        let main = match path.is_file() {
            true => Self::open(&path, app, None)?,
            false => Self::new(&path, app, None, String::new()),
        };
        let mut before = vec![("base.css".to_owned(), BASE.to_owned())];
        for path in shared.iter().map(|path| dir.join(path)) {
            let css = source::text(&path)?;
            before.push((path.display().to_string(), css));
        }
        let mut sheets = vec![Self { before, ..main }];
        let folder = dir.join("styles");
        if folder.is_dir() {
            let entries = fs::read_dir(&folder).map_err(|error| source::unreadable(&folder, &error))?;
            let mut paths: Vec<_> =
                entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
            paths.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
            paths.sort();
            for path in paths {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                if !stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                    let what =
                        "the name of a style sheet becomes a class: use small letters, digits and dashes";
                    return Err(Error::new(RELEASE_FILE_NAME, path.display().to_string(), what));
                }
                sheets.push(Self::open(&path, app, Some(&stem))?);
            }
        }
        Ok(sheets)
    }

    fn open(path: &Path, app: &str, part: Option<&str>) -> Result<Self, Error> {
        Ok(Self::new(path, app, part, source::text(path)?))
    }

    fn new(path: &Path, app: &str, part: Option<&str>, css: String) -> Self {
        let (file, class) = match part {
            None => (format!("{app}.css"), format!("m-{app}")),
            // No name has an underscore: `m-cart-mini` is the microapp of that name.
            Some(part) => (format!("{app}-{part}.css"), format!("m-{app}_{part}")),
        };
        Self { path: path.display().to_string(), file, class, before: Vec::new(), css }
    }
}

/// Whose rules they are: a microapp's, or the shell's, which owns the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Microapp,
    Page,
}

/// Scopes the sheets of the microapp `app`; the answer is file names and texts, in order.
pub fn scope(app: &str, sheets: &[Sheet]) -> Result<Vec<(String, String)>, Error> {
    let owner = if app == SHELL { Owner::Page } else { Owner::Microapp };
    let flat = sheets.iter().map(|sheet| flatten(sheet, owner)).collect::<Result<Vec<_>, _>>()?;
    let mut names = names::Names::new(app);
    for (sheet, css) in sheets.iter().zip(&flat) {
        names.collect(&mut parse(&sheet.path, css)?, &sheet.class);
    }
    let mut scoped = Vec::new();
    for (sheet, css) in sheets.iter().zip(&flat) {
        let rules = scope_rules(sheet, css, owner, &names)?;
        let reset = match owner {
            Owner::Microapp => reset::css(app, &sheet.class, &names),
            Owner::Page => String::new(),
        };
        check::all(sheet, &rules, owner, &names)?;
        scoped.push((sheet.file.clone(), format!("{reset}{rules}\n")));
    }
    Ok(scoped)
}

/// The sheet made small, and not scoped: for the design tokens, which are the page's.
pub fn minify(path: &str, css: &str) -> Result<String, Error> {
    let mut sheet = parse(path, css)?;
    shrink(path, &mut sheet)?;
    print(path, &sheet)
}

/// Checks the rules as they were written and flattens them, each text by itself: a brace that one leaves open ends with it.
fn flatten(sheet: &Sheet, owner: Owner) -> Result<String, Error> {
    let mut css = String::new();
    for (path, text) in
        sheet.before.iter().map(|(path, text)| (path, text)).chain([(&sheet.path, &sheet.css)])
    {
        let mut parsed = parse(path, text)?;
        rules::check(path, &mut parsed, owner)?;
        shrink(path, &mut parsed)?;
        css.push_str(&print(path, &parsed)?);
    }
    Ok(css)
}

fn scope_rules(sheet: &Sheet, css: &str, owner: Owner, names: &names::Names) -> Result<String, Error> {
    let mut parsed = parse(&sheet.path, css)?;
    let scope = selector::Scope { class: &sheet.class, owner };
    let layers = layer::Layers::collect(&parsed.rules);
    layers.unwrap(&mut parsed.rules, &mut |rule, level| scope.rule(rule, level));
    names.rename(&mut parsed);
    print(&sheet.path, &parsed)
}

fn parse<'i>(path: &str, css: &'i str) -> Result<StyleSheet<'i>, Error> {
    let options = ParserOptions { filename: path.to_owned(), ..ParserOptions::default() };
    StyleSheet::parse(css, options).map_err(|error| {
        let place =
            error.loc.as_ref().map_or(path.to_owned(), |at| format!("{path}:{}:{}", at.line + 1, at.column));
        Error::new(STYLE_SYNTAX, place, format!("{}", error.kind))
    })
}

fn shrink(path: &str, sheet: &mut StyleSheet) -> Result<(), Error> {
    sheet
        .minify(MinifyOptions { targets: targets(), ..MinifyOptions::default() })
        .map_err(|error| Error::new(STYLE_SYNTAX, path, error.to_string()))
}

fn print(path: &str, sheet: &StyleSheet) -> Result<String, Error> {
    let options = PrinterOptions { minify: true, targets: targets(), ..PrinterOptions::default() };
    sheet
        .to_css(options)
        .map(|result| result.code)
        .map_err(|error| Error::new(STYLE_SYNTAX, path, error.to_string()))
}

/// The browsers of the last three years, as of late 2026. Nesting is flattened all the same, since scoping
/// looks at whole selectors; `light-dark()` stays, since its replacement would need variables of its own.
fn targets() -> Targets {
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    Targets {
        browsers: Some(Browsers {
            android: version(119, 0),
            chrome: version(119, 0),
            edge: version(119, 0),
            firefox: version(119, 0),
            safari: version(17, 1),
            ios_saf: version(17, 1),
            ..Browsers::default()
        }),
        include: Features::Nesting,
        exclude: Features::LightDark,
    }
}

#[cfg(test)]
mod tests;
