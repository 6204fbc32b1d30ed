//! The entry module: the template, with the factory and the hashes of the other files put in.

use crate::{Error, compact::compact, glue::Factory};
use contract::{
    code::RELEASE_ENTRY,
    release::{File, Release},
};
use serde::Serialize;
use std::collections::BTreeMap;

const MICROAPP: &str = include_str!("entry.js");
const SHELL: &str = include_str!("boot.js");

/// The host of pages without our shell; travels with every wasm microapp.
pub const HOST_FILE: &str = "host.js";
const HOST: &str = include_str!("host.js");

/// What hears of faults in a wasm, for both.
const GUARD: &str = include_str!("guard.js");

/// What the entry module knows of its release. Its own hash cannot be in it.
#[derive(Serialize)]
struct Own<'a> {
    name: &'a str,
    version: &'a str,
    module: Option<&'a str>,
    styles: &'a [String],
    files: BTreeMap<&'a str, &'a File>,
}

/// The bytes of [`HOST_FILE`].
pub fn host() -> Vec<u8> {
    compact(HOST).into_bytes()
}

/// The entry module of `release`, whose other files are listed already.
pub fn module(release: &Release, factory: &Factory) -> Result<String, Error> {
    let (template, required) = match release.name.as_str() {
        crate::SHELL => (SHELL, &["start"][..]),
        _ => (MICROAPP, &["microapp_mount", "microapp_unmount"][..]),
    };
    if let Some(missing) = required.iter().find(|name| !factory.exports.iter().any(|export| export == *name))
    {
        let what =
            format!("the wasm does not export `{missing}`; `microapp::export!` does that for a microapp");
        return Err(Error::new(RELEASE_ENTRY, &release.entry, what));
    }
    let own = Own {
        name: &release.name,
        version: &release.version,
        module: release.module.as_deref(),
        styles: &release.styles,
        files: release
            .files
            .iter()
            .filter(|(name, _)| **name != release.entry)
            .map(|(name, file)| (name.as_str(), file))
            .collect(),
    };
    let json = serde_json::to_string(&own)
        .map_err(|error| Error::new(RELEASE_ENTRY, &release.entry, error.to_string()))?;
    // The template is compacted before the JSON goes in: what is in strings is nobody's indentation.
    let template = compact(template).replacen("/*@guard*/", &compact(GUARD), 1);
    Ok(template.replacen("/*@create*/", &factory.code, 1).replacen("/*@release*/", &json, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(name: &str) -> Release {
        serde_json::from_value(serde_json::json!({
            "contract": 1, "name": name, "version": "1.0.0", "entry": "x.js", "title": "X", "module": "x_bg.wasm",
            "files": { "x.js": { "size": 1, "integrity": "sha384-own" }, "x_bg.wasm": { "size": 2, "integrity": "sha384-wasm" } },
        }))
        .unwrap()
    }

    fn factory(exports: &[&str]) -> Factory {
        let exports = exports.iter().map(|name| (*name).to_owned()).collect();
        Factory { code: "function create() { return {}; }\n".to_owned(), exports }
    }

    #[test]
    fn markers_are_filled() {
        let code = module(&release("x"), &factory(&["microapp_mount", "microapp_unmount"])).unwrap();
        assert!(code.contains("function create()") && code.contains("sha384-wasm"), "{code}");
        assert!(!code.contains("sha384-own") && !code.contains("/*@"), "{code}");
        let exports = crate::exports::names(&code);
        assert!(
            ["bootstrap", "mount", "update", "unmount"].iter().all(|name| exports.contains(*name)),
            "{exports:?}"
        );
        let code = module(&release(crate::SHELL), &factory(&["start"])).unwrap();
        assert!(code.contains("sha384-wasm") && !code.contains("/*@"), "{code}");
    }

    #[test]
    fn a_wasm_that_is_no_microapp() {
        let error = module(&release("x"), &factory(&["microapp_mount"])).unwrap_err();
        assert_eq!(error.code, RELEASE_ENTRY);
        assert!(error.what.contains("microapp_unmount"), "{error}");
    }
}
