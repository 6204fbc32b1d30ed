//! Leaves out of the glue what nobody can reach, and tells which exports of the wasm are left.
//!
//! Libraries export classes that no microapp makes an instance of (Leptos brings three, for streams of its
//! server functions). An export is a root for every optimiser, so their code would travel with each microapp.
//!
//! The glue is taken in top-level items, as wasm-bindgen 0.2.130 writes it: one begins where a line does, and
//! goes on while lines are indented or close it.

use crate::{Error, module, table};
use std::collections::BTreeSet;

/// Glue and wasm without what is out of reach; `file` is the glue's name for messages. The wasm only loses
/// exports: it is for an optimiser to leave out what hung on them.
pub(crate) fn reached(glue: &str, wasm: &[u8], file: &str) -> Result<(String, Vec<u8>), Error> {
    let imported = module::imports(wasm, file)?.into_iter().collect();
    let reached = reachable(glue, &imported);
    let wasm = module::with_exports(wasm, file, &used_exports(&reached))?;
    let left_out: BTreeSet<String> = classes(glue).difference(&classes(&reached)).cloned().collect();
    let wasm = table::without_classes(&wasm, file, &left_out)?;
    Ok((reached, wasm))
}

/// Where the functions that the wasm imports stand, and how deep.
const IMPORTS: &str = "function __wbg_get_imports() {";
const IMPORT_INDENT: &str = "        ";

/// The glue without what is out of reach. Of the functions for the wasm, those that it has among its `imported`.
fn reachable(glue: &str, imported: &BTreeSet<String>) -> String {
    let items: Vec<Item> = items(glue).into_iter().map(|text| Item::read(text, imported)).collect();
    let mut reached: Vec<bool> = items.iter().map(|item| item.is_root).collect();
    loop {
        let words: BTreeSet<&str> = items
            .iter()
            .zip(&reached)
            .filter(|(_, reached)| **reached)
            .flat_map(|(item, _)| words(&item.text))
            .collect();
        let before = reached.iter().filter(|reached| **reached).count();
        for (item, reached) in items.iter().zip(&mut reached) {
            *reached |= item.name.as_deref().is_some_and(|name| words.contains(name));
        }
        if reached.iter().filter(|reached| **reached).count() == before {
            break;
        }
    }
    items.iter().zip(reached).filter(|(_, reached)| *reached).map(|(item, _)| item.text.as_str()).collect()
}

/// The names of the classes in `glue`.
fn classes(glue: &str) -> BTreeSet<String> {
    let declared = glue.match_indices("class ").filter(|(at, _)| begins_word(glue, *at));
    declared.map(|(at, found)| word(&glue[at + found.len()..]).to_owned()).collect()
}

/// The exports of the wasm that `glue` names: `wasm.memory`.
fn used_exports(glue: &str) -> BTreeSet<String> {
    glue.match_indices("wasm.")
        .filter(|(at, _)| begins_word(glue, *at))
        .map(|(at, found)| word(&glue[at + found.len()..]).to_owned())
        .collect()
}

/// The name with which `text` begins.
pub(crate) fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !is_of_word(c)).unwrap_or(text.len())]
}

/// Whether a name of its own begins at `at`: not in the middle of one, nor as a property of something.
pub(crate) fn begins_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| is_of_word(c) || c == '.')
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty())
}

/// The texts of the top-level items.
fn items(glue: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in glue.lines() {
        let goes_on = line.is_empty() || line.starts_with([' ', '\t', '}', ')']);
        match items.last_mut() {
            Some(item) if goes_on => item.push_str(line),
            _ => items.push(line.to_owned()),
        }
        if let Some(item) = items.last_mut() {
            item.push('\n');
        }
    }
    items
}

struct Item {
    text: String,
    /// What others reach it by; statements have none.
    name: Option<String>,
    is_root: bool,
}

impl Item {
    fn read(text: String, imported: &BTreeSet<String>) -> Self {
        let (exported, declaration) = match text.strip_prefix("export ") {
            Some(declaration) => (true, declaration),
            None => (false, text.as_str()),
        };
        let declaration = declaration.strip_prefix("async ").unwrap_or(declaration);
        let after = |keyword| declaration.strip_prefix(keyword).map(|rest| word(rest).to_owned());
        // A class without a way to make one is as good as not exported.
        let makes = declaration.contains("constructor(") || declaration.contains(" __wrap(");
        let (name, is_root) = if let Some(name) = after("function ") {
            let is_root = exported || name == "initSync";
            (Some(name), is_root)
        } else if let Some(name) = after("class ") {
            (Some(name), exported && makes)
        } else if let Some(name) = after("const ") {
            (Some(name), exported)
        } else if let Some(name) = after("if (Symbol.dispose) ") {
            (Some(name), false)
        } else {
            (None, true)
        };
        let text = if text.starts_with(IMPORTS) { without_unused(&text, imported) } else { text };
        Self { text, name, is_root }
    }
}

/// The functions for the wasm, without those that it does not import.
fn without_unused(text: &str, imported: &BTreeSet<String>) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut keeps = true;
    for line in text.lines() {
        if let Some(name) = import_name(line) {
            keeps = imported.contains(name) || !name.starts_with("__wb");
        } else if !line.starts_with(IMPORT_INDENT) {
            keeps = true;
        }
        if keeps {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The name of the import whose function begins on this line.
pub(crate) fn import_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(IMPORT_INDENT)?;
    let name = word(rest);
    (!name.is_empty() && rest[name.len()..].starts_with(": ")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
export class Stream {
    free() {
        wasm.__wbg_stream_free(StreamFinalization);
    }
}
if (Symbol.dispose) Stream.prototype[Symbol.dispose] = Stream.prototype.free;

export class Thing {
    static __wrap(ptr) {
        return thing(ptr);
    }
}
/**
 * doc
 */
export function mount(props) {
    return wasm.mount(helped(props));
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_close_1: function(arg0) {
            closed(arg0);
        },
        __wbg_open_2: function() { return handleError(function (arg0) {
            opened(arg0);
        }, arguments); },
        __wbindgen_cast_3: function(arg0) {
            const ret = makeClosure(arg0, called);
            return ret;
        },
    };
    return {
        __proto__: null,
        \"./x_bg.js\": import0,
    };
}
function called(arg0) {
    wasm.invoke(arg0);
}
function closed(arg0) {}
function handleError(f) {}
function helped(x) { return not.wasm.here; }
function makeClosure() {}
function opened(arg0) { wasm.opened(arg0); }
function thing(ptr) {}
const StreamFinalization = (typeof FinalizationRegistry === 'undefined')
    ? {}
    : new FinalizationRegistry(ptr => wasm.__wbg_stream_free(ptr, 1));
let wasm;
function initSync(module) {
    wasm.__wbindgen_start(__wbg_get_imports());
}
";

    fn imported(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_nobody_reaches_goes() {
        let glue = reachable(GLUE, &imported(&["__wbg_open_2", "__wbindgen_cast_3"]));
        for gone in ["Stream", "__wbg_close_1", "closed", "stream_free"] {
            assert!(!glue.contains(gone), "{gone} in {glue}");
        }
        for kept in [
            "class Thing",
            "function thing(",
            "export function mount",
            "function helped",
            "__wbg_open_2: ",
            "opened(arg0);",
            "}, arguments); },",
            "function called",
            "let wasm;",
            "\"./x_bg.js\": import0",
            "function initSync",
        ] {
            assert!(glue.contains(kept), "{kept} not in {glue}");
        }
        let exports: Vec<_> = used_exports(&glue).into_iter().collect();
        assert_eq!(exports, ["__wbindgen_start", "invoke", "mount", "opened"]);
    }

    #[test]
    fn what_follows_from_it_goes_too() {
        let glue = reachable(GLUE, &imported(&[]));
        for gone in ["makeClosure", "function called", "handleError", "opened"] {
            assert!(!glue.contains(gone), "{gone} in {glue}");
        }
        assert_eq!(reachable(&glue, &imported(&[])), glue);
    }
}
