//! `cargo xtask budget`: how many bytes a visitor fetches, and how many we allowed ourselves.

use crate::{
    apps::{self, App},
    bench::nlu,
    shell_words::kilobytes,
    tools, why,
};
use cli::{
    Error,
    size::{MICROAPP, is_fetched},
};
use contract::{
    code::{BUDGET_EXCEEDED, CONFIGURATION},
    manifest::{App as Live, Manifest, Placed, Share},
    release::{DESCRIPTION_FILE, Release},
};
use release::{Files, SHELL, is_for_operators, verify};

pub use cli::size::brotli;
use std::path::Path;

/// Measure releases after brotli 11 against their budgets.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  cargo xtask budget\n  cargo xtask budget --why cart")]
pub struct Arguments {
    /// Name the biggest functions of a microapp, or of `shell`.
    #[arg(long, value_name = "APP")]
    why: Option<String>,
}

/// Bytes that are allowed, as for microapps.
const SHELL_BUDGET: usize = 95_000;
/// The chat with its engine. Up to the first answer its loader, agent and tokens come on top, of some 17 KB: 180 KB
/// are allowed for all of it together, and a test of its page counts them.
const BOT_BUDGET: usize = 156_000;
/// The chat.
const BOT: &str = "bot";
const FIRST_VISIT: usize = 200_000;

/// The microapp that a first visit opens.
const FIRST: &str = "home";

/// Builds what is not built, and measures.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    tools::ensure(&workspace)?;
    let apps = apps::all(&workspace)?;
    if let Some(name) = &arguments.why {
        let app = apps.iter().find(|app| app.name == *name).ok_or_else(|| unknown(name, &apps))?;
        return why::run(app, &workspace);
    }
    apps::build(&apps, &workspace)?;
    check(&apps, &workspace)
}

/// Measures the releases of `apps`, which are built, and the engine alone, and prints the table.
pub fn check(apps: &[App], workspace: &Path) -> Result<(), Error> {
    let mut rows = measure(apps)?;
    let engine = nlu::engine(workspace)?;
    rows.push(Row { wasm: engine, budget: nlu::ENGINE, ..Row::empty("engine") });
    print(&rows);
    let over: Vec<_> =
        rows.iter().filter(|row| row.total() > row.budget).map(|row| row.name.as_str()).collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(Error::new(BUDGET_EXCEEDED, format!("over budget: {}", over.join(", "))))
}

fn unknown(name: &str, apps: &[App]) -> Error {
    let names: Vec<_> = apps.iter().map(|app| app.name.as_str()).collect();
    Error::new(CONFIGURATION, format!("--why {name}: there is no such app; there are {}", names.join(", ")))
}

/// One line of the table.
#[derive(Debug)]
struct Row {
    name: String,
    wasm: usize,
    javascript: usize,
    css: usize,
    others: usize,
    budget: usize,
}

impl Row {
    fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), wasm: 0, javascript: 0, css: 0, others: 0, budget: 0 }
    }

    fn total(&self) -> usize {
        self.wasm + self.javascript + self.css + self.others
    }
}

fn measure(apps: &[App]) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    let mut releases = Vec::new();
    for app in apps {
        let files = app.files()?;
        let release = verify::files(&files)?;
        rows.push(row(&release, &files));
        releases.push(release);
    }
    let part = |name: &str, of: fn(&Row) -> usize| rows.iter().find(|row| row.name == name).map_or(0, of);
    let sum = |of: fn(&Row) -> usize| part(SHELL, of) + part(FIRST, of);
    let first = Row {
        name: "first visit".to_owned(),
        wasm: sum(|row| row.wasm),
        javascript: sum(|row| row.javascript),
        css: sum(|row| row.css),
        others: sum(|row| row.others) + manifest(releases),
        budget: FIRST_VISIT,
    };
    rows.push(first);
    Ok(rows)
}

/// A microapp counts with what the shell fetches of it; the shell with all its files, and of its pages in
/// several languages with the largest.
fn row(release: &Release, files: &Files) -> Row {
    let is_shell = release.name == SHELL;
    let mut row = Row {
        budget: match release.name.as_str() {
            SHELL => SHELL_BUDGET,
            BOT => BOT_BUDGET,
            _ => MICROAPP,
        },
        ..Row::empty(&release.name)
    };
    let mut page = 0;
    for (name, bytes) in files {
        if name.ends_with(".html") {
            page = page.max(if is_shell { brotli(bytes) } else { 0 });
            continue;
        }
        if name == DESCRIPTION_FILE || !(is_shell || is_fetched(release, name)) {
            continue;
        }
        let part = match name.rsplit('.').next() {
            Some("wasm") => &mut row.wasm,
            Some("js") => &mut row.javascript,
            Some("css") => &mut row.css,
            _ => &mut row.others,
        };
        *part += brotli(bytes);
    }
    row.others += page;
    row
}

/// The manifest with every microapp of the shop live.
fn manifest(releases: Vec<Release>) -> usize {
    let listed = |release: &Release| release.name != SHELL && !is_for_operators(&release.name);
    let live = releases.into_iter().filter(listed).map(|release| {
        let base = format!("/apps/{}/{}/", release.name, release.version);
        Live {
            name: release.name.clone(),
            revision: 1,
            releases: vec![Share { percent: 100.0, placed: Placed { base, release } }],
            fallback: None,
        }
    });
    let manifest = Manifest { contract: contract::CONTRACT, revision: 1, apps: live.collect() };
    serde_json::to_vec(&manifest).map_or(0, |json| brotli(&json))
}

fn print(rows: &[Row]) {
    println!("\nKilobytes after brotli 11\n");
    println!(
        "{:<12} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "", "wasm", "JS", "CSS", "others", "together", "budget"
    );
    for row in rows {
        let numbers = [row.wasm, row.javascript, row.css, row.others, row.total(), row.budget].map(kilobytes);
        let cells: String = numbers.iter().map(|number| format!(" {number:>9}")).collect();
        println!("{:<12}{cells}{}", row.name, if row.total() > row.budget { "  OVER" } else { "" });
    }
    println!(
        "\nEngine: what the agent engine, in English, adds to a wasm. First visit: shell, {FIRST} and manifest; pictures and answers of the API come on top."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(name: &str) -> (Release, Files) {
        let file = serde_json::json!({ "size": 0, "integrity": "" });
        let release = serde_json::from_value(serde_json::json!({
            "contract": 1, "name": name, "version": "1.0.0", "entry": "x.js", "title": "X", "module": "x.wasm",
            "styles": ["x.css"], "files": { "x.js": file, "x.wasm": file, "x.css": file, "host.js": file },
        }));
        let bytes = |name: &str| (name.to_owned(), (0..=255).cycle().take(2000).collect());
        (
            release.unwrap(),
            ["x.js", "x.wasm", "x.css", "host.js", "index.html", "index.de.html", DESCRIPTION_FILE]
                .map(bytes)
                .into(),
        )
    }

    #[test]
    fn microapps_count_what_is_fetched_and_the_shell_counts_all() {
        let (cart, files) = release("cart");
        let one = brotli(&files["x.js"]);
        let measured = row(&cart, &files);
        assert_eq!((measured.javascript, measured.wasm, measured.css), (one, one, one));
        assert_eq!((measured.others, measured.budget), (0, MICROAPP));
        let (shell, files) = release(SHELL);
        let measured = row(&shell, &files);
        assert_eq!((measured.javascript, measured.others, measured.budget), (2 * one, one, SHELL_BUDGET));
    }
}
