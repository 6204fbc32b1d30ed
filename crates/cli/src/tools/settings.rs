//! How a workspace wants its releases compiled: `[workspace.metadata.menagerie]` in its Cargo.toml.

use super::lock;
use crate::Error;
use contract::code::CONFIGURATION;
use std::{fs, path::Path};

/// The value of `panic`, as profiles have it where cargo is not stable.
const IMMEDIATE_ABORT: &str = "immediate-abort";

/// What a workspace says of its releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// `panic = "immediate-abort"`: a panic stops a release at once, without words.
    pub immediate_abort: bool,
}

impl Settings {
    /// Those of the workspace that `dir` is in.
    pub fn of(dir: &Path) -> Result<Self, Error> {
        let place = lock::workspace(dir)?.join("Cargo.toml");
        let read = fs::read_to_string(&place).unwrap_or_default();
        Self::read(&read).map_err(|what| Error::new(CONFIGURATION, format!("{}: {what}", place.display())))
    }

    fn read(manifest: &str) -> Result<Self, String> {
        // What else is wrong in it is cargo's to say.
        let manifest: toml::Table = manifest.parse().unwrap_or_default();
        let within = |table: Option<&toml::Value>, name: &str| table?.get(name).cloned();
        let settings = within(within(manifest.get("workspace"), "metadata").as_ref(), "menagerie");
        let names = settings.iter().filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
        if let Some(other) = names.into_iter().find(|name| *name != "panic") {
            return Err(format!(
                "[workspace.metadata.menagerie] has `{other}`, which is not known; it can have `panic`"
            ));
        }
        match within(settings.as_ref(), "panic") {
            None => Ok(Self::default()),
            Some(value) if value.as_str() == Some(IMMEDIATE_ABORT) => Ok(Self { immediate_abort: true }),
            Some(other) => Err(format!(
                "[workspace.metadata.menagerie] has panic = {other}; it can be \"{IMMEDIATE_ABORT}\", or left out"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(manifest: &str, expected: Result<bool, &str>) {
        match (Settings::read(manifest), expected) {
            (Ok(settings), Ok(immediate_abort)) => assert_eq!(settings, Settings { immediate_abort }),
            (Err(what), Err(expected)) => assert!(what.contains(expected), "{what}"),
            (found, _) => panic!("{found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn how_panics_end() {
        let menagerie = "[workspace.metadata.menagerie]\n";
        check(&format!("{menagerie}panic = \"immediate-abort\""), Ok(true));
        check(menagerie, Ok(false));
        check("[workspace]\n[profile.release]\npanic = \"abort\"", Ok(false));
        check(&format!("{menagerie}panic = \"abort\""), Err("has panic = \"abort\"; it can be"));
        check(&format!("{menagerie}panic = true"), Err("has panic = true"));
        check(&format!("{menagerie}panics = true"), Err("has `panics`, which is not known"));
    }
}
