//! The JavaScript that wasm-bindgen writes, turned into a factory.
//!
//! `--target web` makes a module with one instance for ever. As `function create() { … }` every call
//! gives an instance of its own, and one that is let go of takes its memory along.

use crate::{Error, compact::compact};
use contract::code::RELEASE_GLUE;

/// Top-level functions that find, fetch and start the wasm. The entry module does that, against hashes.
const LOADERS: [&str; 3] = ["__wbg_load", "__wbg_init", "__wbg_init_once"];

/// The one line in which wasm-bindgen 0.2.130 exports its loaders.
const LAST_LINE: &str = "export { initSync, __wbg_init as default };";

/// The one line in which it takes the instance's exports, and what stands for it: the entry module's guard hears of
/// faults in whatever the page calls.
const EXPORTS: [&str; 2] = ["wasm = instance.exports;", "wasm = __menagerie_guard(instance.exports);"];

/// The glue as a factory.
#[derive(Debug, PartialEq, Eq)]
pub struct Factory {
    /// `function create(__menagerie_guard) { … return { initSync, … }; }`
    pub code: String,
    /// What an instance has besides `initSync`.
    pub exports: Vec<String>,
}

/// Wraps `glue`, the `--target web` output of wasm-bindgen; `file` is its name for messages.
pub fn factory(glue: &str, file: &str) -> Result<Factory, Error> {
    let mut exports = Vec::new();
    let mut body = String::with_capacity(glue.len());
    let mut closed = false;
    let mut skipping = false;
    for (number, line) in glue.lines().enumerate() {
        let fault = |what: &str| {
            Err(Error::new(RELEASE_GLUE, format!("{file}:{}", number + 1), format!("{what}: `{line}`")))
        };
        if skipping {
            skipping = line != "}";
        } else if line == LAST_LINE {
            closed = true;
        } else if line.starts_with("import ") || line.starts_with("import{") {
            return fault("imports are not taken up; inline JavaScript snippets cannot be packed");
        } else if let Some(declaration) = line.strip_prefix("export ") {
            match declared(declaration) {
                Some(name) => exports.push(name.to_owned()),
                None => return fault("this export is not known"),
            }
            body.push_str(declaration);
            body.push('\n');
        } else if is_loader(line) {
            skipping = true;
        } else if line != "let __wbg_init_promise;" {
            body.push_str(line);
            body.push('\n');
        }
    }
    if !closed || skipping || !body.contains("\nfunction initSync(") {
        return Err(Error::new(
            RELEASE_GLUE,
            file,
            format!("`initSync` or the closing `{LAST_LINE}` is missing"),
        ));
    }
    let body = compact(&body);
    if body.matches(EXPORTS[0]).count() != 1 {
        return Err(Error::new(RELEASE_GLUE, file, format!("there is not one `{}`", EXPORTS[0])));
    }
    let body = body.replace(EXPORTS[0], EXPORTS[1]);
    for unwanted in ["import.meta", "import("] {
        if let Some(line) = body.lines().find(|line| line.contains(unwanted)) {
            return Err(Error::new(
                RELEASE_GLUE,
                file,
                format!("`{unwanted}` cannot be packed: `{}`", line.trim()),
            ));
        }
    }
    let names =
        ["initSync"].into_iter().chain(exports.iter().map(String::as_str)).collect::<Vec<_>>().join(", ");
    let code = format!("function create(__menagerie_guard) {{\n{body}return {{ {names} }};\n}}\n");
    Ok(Factory { code, exports })
}

/// The name that `function f(…`, `class C {` or `const K = …` declares.
fn declared(declaration: &str) -> Option<&str> {
    let declaration = declaration.strip_prefix("async ").unwrap_or(declaration);
    let (keyword, rest) = declaration.split_once(' ')?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
    (matches!(keyword, "function" | "class" | "const" | "let" | "var") && end > 0).then(|| &rest[..end])
}

fn is_loader(line: &str) -> bool {
    let name = line.strip_prefix("async function ").or_else(|| line.strip_prefix("function "));
    name.and_then(|rest| rest.split_once('(')).is_some_and(|(name, _)| LOADERS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
export class Thing {
    free() {}
}
/**
 * doc with import() in it
 */
export function mount(props) {
    return wasm.mount(props);
}
let wasmModule, wasm;
async function __wbg_load(module, imports) {
    if (module) {
        return 1;
    }
}

function initSync(module) {
    const instance = module;
    wasm = instance.exports;
}
let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    return __wbg_init_once(new URL('x_bg.wasm', import.meta.url));
}
async function __wbg_init_once(module_or_path) {
}

export { initSync, __wbg_init as default };
";

    #[test]
    fn the_factory_keeps_what_runs_and_drops_what_loads() {
        let factory = factory(GLUE, "x.js").unwrap();
        assert_eq!(factory.exports, ["Thing", "mount"]);
        assert_eq!(
            factory.code,
            "function create(__menagerie_guard) {\nclass Thing {\nfree() {}\n}\nfunction mount(props) {\nreturn wasm.mount(props);\n}\n\
             let wasmModule, wasm;\nfunction initSync(module) {\nconst instance = module;\n\
             wasm = __menagerie_guard(instance.exports);\n}\n\
             return { initSync, Thing, mount };\n}\n"
        );
    }

    #[test]
    fn what_cannot_be_packed_is_named() {
        let check = |glue: String, place: &str, part: &str| {
            let error = factory(&glue, "x.js").unwrap_err();
            assert_eq!((error.code, error.place.as_str()), (RELEASE_GLUE, place), "{error}");
            assert!(error.what.contains(part), "{error}");
        };
        check(format!("import * as a from './snippets/a.js';\n{GLUE}"), "x.js:1", "snippets");
        check(GLUE.replace("export class", "export enum"), "x.js:1", "not known");
        check(GLUE.replace("export { initSync", "export { initAsync"), "x.js:28", "not known");
        check(GLUE.replace("function initSync(", "function start("), "x.js", "initSync");
        check(GLUE.replace("return wasm.mount(props)", "return import('./a.js')"), "x.js", "import(");
        check(GLUE.replace("free() {}", "free() { import.meta.url }"), "x.js", "import.meta");
        check(GLUE.replace("instance.exports", "instance"), "x.js", "instance.exports");
        check(String::new(), "x.js", "missing");
    }
}
