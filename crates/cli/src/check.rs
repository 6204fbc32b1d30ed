//! `menagerie check`: whether a release keeps the contract, found out in a real browser.

mod browser;
mod findings;
mod scenes;
mod serve;
pub mod subject;

use crate::{
    Error,
    shown::Format,
    size::{self, kilobytes},
};
use contract::code::{CHECK_BUDGET, CONTRACT_BROKEN, RELEASE_STALE};
use findings::{Finding, Report};
use release::verify;
use std::{path::PathBuf, time::Duration};

/// Check that a release keeps the contract with the shell, by mounting it in a real browser.
///
/// First what needs no browser: description, names, hashes, size. Then, in Chromium: every route is mounted, updated and
/// unmounted, each step within its deadline; after 20 mounts no memory, listener, timer or element is left; neighbours
/// and the microapp do not change how the other looks; it runs beside neighbours that changed the language's prototypes,
/// and on a page without a shell.
///
/// Ends with 0 when all is well, 1 when something was found, 2 when the check could not be made.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  menagerie check .\n  menagerie check microapps/cart/dist/release --json\n  menagerie check bot.tar --budget 180\n  CHROMIUM=/opt/chrome/chrome CHROMEDRIVER=/opt/chrome/chromedriver menagerie check ."
)]
pub struct Arguments {
    /// A microapp's folder that was built, a release's folder, or a release as a tar.
    #[arg(value_name = "DIR|FILE")]
    subject: PathBuf,
    /// Kilobytes that it may have after brotli.
    #[arg(long, value_name = "KB", default_value_t = size::MICROAPP / 1000)]
    budget: usize,
    /// How long each of the checks in the browser may take.
    #[arg(long, default_value = "90s", value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// Only what needs no browser.
    #[arg(long)]
    no_browser: bool,
    #[command(flatten)]
    format: Format,
}

/// Checks, and tells what was found.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let report = report(arguments).map_err(|error| Error::NotChecked(Box::new(error)))?;
    let shown = arguments.format.show(&report, || report.told());
    match report.findings.len() {
        0 => Ok(shown),
        count => {
            let faults = if count == 1 { "fault" } else { "faults" };
            let what = format!("{}: {count} {faults}", report.subject);
            Err(Error::new(CONTRACT_BROKEN, what).with_output(shown))
        }
    }
}

fn report(arguments: &Arguments) -> Result<Report, Error> {
    let files = subject::read(&arguments.subject)?;
    let mut report = Report::new(&arguments.subject);
    let release = match verify::files(&files) {
        Ok(release) => release,
        Err(error) => {
            report.add("release", vec![Finding::new(error.code, error.place, error.what)], String::new());
            return Ok(report);
        }
    };
    report.subject = format!("{} {}", release.name, release.version);
    report.add("release", Vec::new(), format!("{} files", release.files.len()));
    if let Some(packed) = subject::packed(&arguments.subject) {
        let place = packed.place.display().to_string();
        let stale = Finding::new(RELEASE_STALE, &place, "is not what the source makes now");
        report.add("packed", (!packed.is_fresh).then_some(stale).into_iter().collect(), place);
    }
    let (fetched, budget) = (size::fetched(&release, &files), arguments.budget.saturating_mul(1000));
    let words = format!("{} of {} after brotli", kilobytes(fetched), kilobytes(budget));
    let over = (fetched > budget).then(|| Finding::new(CHECK_BUDGET, &release.name, &words));
    report.add("size", over.into_iter().collect(), words);
    if !arguments.no_browser {
        scenes::play(&release, files, arguments.timeout, &mut report)?;
    }
    Ok(report)
}
