//! The compiler, and parts of it that rustup adds.

use super::command;
use crate::Error;
use contract::code::TOOL_MISSING;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

/// The compiler that a folder asks for.
#[derive(Debug, Default)]
pub(super) struct Compiler {
    /// Where its parts are.
    pub sysroot: PathBuf,
    /// The commit that it was made of.
    pub commit: String,
}

impl Compiler {
    /// That of a folder.
    pub fn of(dir: &Path) -> Self {
        let said = |arguments: &[&str]| {
            let output = command("rustc").args(arguments).current_dir(dir).stdin(Stdio::null()).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
        };
        let commit = |line: &str| line.strip_prefix("commit-hash: ").map(str::to_owned);
        Self {
            sysroot: said(&["--print", "sysroot"]).trim().into(),
            commit: said(&["-vV"]).lines().find_map(commit).unwrap_or_default(),
        }
    }

    /// Has rustup add a part of it that is missing at `place`.
    pub fn ensure(&self, dir: &Path, place: &Path, kind: &str, name: &str) -> Result<(), Error> {
        if self.sysroot.join(place).exists() {
            return Ok(());
        }
        let status =
            command("rustup").args([kind, "add", name]).current_dir(dir).stdout(std::io::stderr()).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            _ => {
                let what = format!("the compiler has no {name}; by hand: rustup {kind} add {name}");
                Err(Error::new(TOOL_MISSING, what))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_there_is_left_alone() {
        let here = Path::new(".");
        let compiler = Compiler::of(here);
        assert_eq!(compiler.commit.len(), 40, "{compiler:?}");
        compiler.ensure(here, Path::new("lib/rustlib"), "component", "nothing-of-that-name").unwrap();
        let missing = compiler.ensure(here, Path::new("lib/nothing"), "component", "nothing-of-that-name");
        let error = missing.unwrap_err().to_string();
        assert!(error.contains("by hand: rustup component add nothing-of-that-name"), "{error}");
    }
}
