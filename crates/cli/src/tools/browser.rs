//! Where Chromium and its driver are.

use super::find;
use crate::Error;
use contract::code::TOOL_MISSING;
use std::{env, path::PathBuf};

/// A program that is needed, and how it is found.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The variable that names it: Chrome on a Mac, say.
    variable: &'static str,
    what: &'static str,
    /// What it may be called in PATH.
    names: &'static [&'static str],
}

/// The browser.
pub const CHROMIUM: Program = Program {
    variable: "CHROMIUM",
    what: "Chromium",
    names: &["chromium", "chromium-browser", "google-chrome"],
};
/// What drives it, of the same version.
pub const CHROMEDRIVER: Program =
    Program { variable: "CHROMEDRIVER", what: "chromedriver", names: &["chromedriver"] };

impl Program {
    /// The program that its variable names, else the first of its names in PATH. A variable that names nothing is an error.
    pub fn look(&self) -> Result<Option<PathBuf>, Error> {
        match env::var_os(self.variable).filter(|value| !value.is_empty()).map(PathBuf::from) {
            Some(path) if path.is_file() => Ok(Some(path)),
            Some(path) => {
                let what = format!("{} names {}, which is not there", self.variable, path.display());
                Err(Error::new(TOOL_MISSING, what))
            }
            None => Ok(self.names.iter().find_map(|name| find(name))),
        }
    }

    /// The same; the error says what to install.
    pub fn find(&self) -> Result<PathBuf, Error> {
        let missing = || {
            let what = format!(
                "{} is not in PATH; on Debian: sudo apt-get install chromium chromium-driver; elsewhere CHROMIUM and \
                 CHROMEDRIVER name the programs, of the same version",
                self.what
            );
            Error::new(TOOL_MISSING, what)
        };
        self.look()?.ok_or_else(missing)
    }
}
