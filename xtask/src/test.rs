//! `cargo xtask test`: all that is checked before a change is taken.

use crate::{
    apps::{self, App},
    budget, reproducible, running,
    shell_words::seconds,
    system::{self, Browser},
    tools::{self, TARGET},
    wasm::{self, Script},
};
use cli::{Error, wasm_opt::Names};
use contract::code::{BUILD_FAILED, TESTS_FAILED};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// Check everything: format, clippy, unit, integration and wasm tests, sizes, end-to-end tests.
///
/// Installs Chromium, its driver and PostgreSQL where it can (Debian and relatives, as root or with sudo),
/// else says what to install.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask test\n  cargo xtask test --fast\n  cargo xtask test a_guest_buys"
)]
pub struct Arguments {
    /// Run only the end-to-end tests whose names have this in them.
    name: Option<String>,
    /// Leave out what needs a browser or releases: end-to-end and wasm tests, sizes, the same bytes from a second build.
    #[arg(long, conflicts_with = "name")]
    fast: bool,
}

/// The package with the end-to-end tests.
const END_TO_END: &str = "menagerie-tests";

/// Passed and failed tests, over all steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Runs the checks. The last line has the numbers of all of them.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut tests = Tests { workspace: apps::workspace(), count: Count::default(), at_fault: Vec::new() };
    let done = tests.all(arguments);
    let Tests { count, at_fault, .. } = tests;
    if !at_fault.is_empty() {
        eprintln!("\nAt fault: {}", at_fault.join(", "));
    }
    println!(
        "\n{} passed, {} failed",
        count.passed,
        count.failed.max(u64::from(done.is_err() || !at_fault.is_empty()))
    );
    done?;
    match at_fault.as_slice() {
        [] => Ok(()),
        steps => Err(Error::new(TESTS_FAILED, format!("not in order: {}", steps.join(", ")))),
    }
}

struct Tests {
    workspace: PathBuf,
    count: Count,
    at_fault: Vec<String>,
}

impl Tests {
    fn all(&mut self, arguments: &Arguments) -> Result<(), Error> {
        tools::ensure(&self.workspace)?;
        let apps = apps::all(&self.workspace)?;
        let browser = if arguments.fast {
            system::ensure_database()?;
            None
        } else {
            Some(system::ensure()?)
        };
        if arguments.name.is_none() {
            self.step("format", &["fmt", "--all", "--check"], &[])?;
            self.step("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])?;
            self.clippy_for_browsers()?;
            self.step("tests", &["test", "--workspace", "--exclude", END_TO_END, "--no-fail-fast"], &[])?;
        }
        let Some(browser) = browser else { return Ok(()) };
        if arguments.name.is_none() {
            self.tests_in_wasm(&browser)?;
        }
        self.end_to_end(&apps, &browser, arguments.name.as_deref())?;
        match &arguments.name {
            Some(name) if self.count == Count::default() => {
                Err(Error::new(TESTS_FAILED, format!("no end-to-end test has `{name}` in its name")))
            }
            _ => Ok(()),
        }
    }

    /// The packages that only mean something in a browser, as the browser's compiler sees them.
    fn clippy_for_browsers(&mut self) -> Result<(), Error> {
        let packages = browser_packages(&self.workspace)?;
        let chosen: Vec<_> = packages.iter().flat_map(|(package, _)| ["--package", package]).collect();
        let arguments =
            [&["clippy", "--target", TARGET], chosen.as_slice(), &["--", "-D", "warnings"]].concat();
        self.step("clippy wasm", &arguments, &[])
    }

    fn tests_in_wasm(&mut self, browser: &Browser) -> Result<(), Error> {
        let mut packages = browser_packages(&self.workspace)?;
        packages.retain(|(_, tests)| *tests);
        if packages.is_empty() {
            return Ok(());
        }
        let chosen: Vec<_> = packages.iter().flat_map(|(package, _)| ["--package", package]).collect();
        let arguments = [&["test", "--no-fail-fast", "--target", TARGET], chosen.as_slice()].concat();
        let driver = browser.driver.to_string_lossy();
        let runner = ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
        self.step("tests wasm", &arguments, &[runner, ("CHROMEDRIVER", driver.as_ref())])
    }

    fn end_to_end(&mut self, apps: &[App], browser: &Browser, name: Option<&str>) -> Result<(), Error> {
        println!("\n== builds");
        let server = running::program(&self.workspace, "menagerie-server", "menagerie-server")?;
        let cli = running::program(&self.workspace, "menagerie-cli", "menagerie")?;
        apps::build(apps, &self.workspace)?;
        if name.is_none()
            && let Err(error) = budget::check(apps, &self.workspace)
        {
            println!("{}", error.message());
            self.at_fault.push("budget".to_owned());
        }
        if name.is_none()
            && let Err(error) = reproducible::check(&self.workspace)
        {
            println!("{}", error.message());
            self.at_fault.push("reproducible builds".to_owned());
        }
        apps::build(&apps::fixtures(&self.workspace), &self.workspace)?;
        let engine = apps::engine(&self.workspace).join("dist");
        write_engine(&self.workspace, &engine)?;
        let mut arguments = vec!["test", "--package", END_TO_END, "--no-fail-fast"];
        arguments.extend(name);
        let paths =
            [server.as_path(), &cli, &browser.driver, &browser.chromium, &engine].map(Path::to_string_lossy);
        let variables = [
            ("MENAGERIE_SERVER", paths[0].as_ref()),
            ("MENAGERIE_CLI", paths[1].as_ref()),
            ("CHROMEDRIVER", paths[2].as_ref()),
            ("CHROMIUM", paths[3].as_ref()),
            ("MENAGERIE_ENGINE", paths[4].as_ref()),
        ];
        self.step("end to end", &arguments, &variables)
    }

    /// Runs cargo, shows what it says as it comes, and counts the tests in it.
    fn step(&mut self, name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), Error> {
        println!("\n== {name}: cargo {}", arguments.join(" "));
        let start = Instant::now();
        let fault = |error: std::io::Error| Error::new(BUILD_FAILED, format!("cargo cannot be run: {error}"));
        let mut command: Command = tools::command("cargo", &self.workspace)?;
        command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(fault)?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                self.count.add(&line);
            }
        }
        let status = child.wait().map_err(fault)?;
        println!(
            "== {name}: {} in {}",
            if status.success() { "in order" } else { "NOT IN ORDER" },
            seconds(start)
        );
        if !status.success() {
            self.at_fault.push(name.to_owned());
        }
        Ok(())
    }
}

/// The wasm with the agent engine, in all its languages, as `engine.wasm` and `engine.js`.
fn write_engine(workspace: &Path, folder: &Path) -> Result<(), Error> {
    let features = ["train", "whole", "vectors", "de", "fr", "es", "nl"];
    let module = wasm::build(workspace, &apps::engine(workspace), &features, Names::Drop, Script::Global)?;
    fs::create_dir_all(folder).map_err(|error| apps::cannot_read(folder, &error))?;
    for (name, bytes) in [("engine.wasm", module.wasm.as_slice()), ("engine.js", module.script.as_bytes())] {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| apps::cannot_read(&path, &error))?;
    }
    Ok(())
}

impl Count {
    /// Adds the numbers of a test runner's closing line: `test result: ok. 3 passed; 0 failed; …`.
    fn add(&mut self, line: &str) {
        let Some(numbers) = line.trim_start().strip_prefix("test result: ") else { return };
        let number = |what: &str| {
            let (before, _) = numbers.split_once(what)?;
            before.split_whitespace().next_back()?.parse::<u64>().ok()
        };
        self.passed += number(" passed").unwrap_or(0);
        self.failed += number(" failed").unwrap_or(0);
    }
}

/// The packages of the shell, the microapps and what those are made of, and whether each has tests for browsers.
fn browser_packages(workspace: &Path) -> Result<Vec<(String, bool)>, Error> {
    let mut dirs = ["crates/microapp", "crates/operator"].map(|dir| workspace.join(dir)).to_vec();
    dirs.extend(apps::all(workspace)?.into_iter().map(|app| app.dir));
    let mut packages = Vec::new();
    for dir in dirs {
        let path = dir.join("Cargo.toml");
        let text = fs::read_to_string(&path).map_err(|error| apps::cannot_read(&path, &error))?;
        let manifest: toml::Table = toml::from_str(&text)
            .map_err(|error| Error::new(BUILD_FAILED, format!("{}: {error}", path.display())))?;
        let tests =
            manifest.get("dev-dependencies").is_some_and(|needs| needs.get("wasm-bindgen-test").is_some());
        let name = manifest.get("package").and_then(|package| package.get("name")?.as_str());
        packages.extend(name.map(|name| (name.to_owned(), tests)));
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up() {
        let mut count = Count::default();
        for line in [
            "test result: ok. 45 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.08s",
            "test result: FAILED. 8 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.18s",
            "    test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.18s",
            "test verify::folders ... ok",
            "they say that 3 passed",
        ] {
            count.add(line);
        }
        assert_eq!(count, Count { passed: 55, failed: 1 });
    }
}
