//! Short names for what glue and wasm know one another by.
//!
//! `__wbg_addEventListener_847fd86b8c33ec43` stands in both, its hash is text that nothing compresses, and there
//! are two hundred of them: 3 to 4 KB of every microapp. The order of the wasm gives the names, so the same
//! build has the same ones.

use crate::{
    Error,
    module::{self, Naming},
    reach::{begins_word, import_name, word},
};
use contract::code::RELEASE_GLUE;
use std::collections::BTreeMap;

/// Glue and wasm under short names; `file` is the glue's for messages.
pub(crate) fn shorten(glue: &str, wasm: &[u8], file: &str) -> Result<(String, Vec<u8>), Error> {
    let naming = Naming {
        modules: numbered(module::imported_modules(wasm, file)?),
        imports: numbered(module::imports(wasm, file)?),
        exports: numbered(module::exports(wasm, file)?),
    };
    let mut given = 0;
    let mut shortened = String::with_capacity(glue.len());
    for line in glue.lines() {
        let line = match import_name(line).and_then(|name| Some((name, naming.imports.get(name)?))) {
            Some((name, short)) => {
                given += 1;
                line.replacen(name, short, 1)
            }
            None => modules_named(line, &naming.modules),
        };
        exports_named(&line, &naming.exports, &mut shortened).map_err(|name| {
            Error::new(RELEASE_GLUE, file, format!("names `wasm.{name}`, which the wasm does not export"))
        })?;
        shortened.push('\n');
    }
    if given != naming.imports.len() {
        let what = format!("has {given} of the {} functions that the wasm imports", naming.imports.len());
        return Err(Error::new(RELEASE_GLUE, file, what));
    }
    Ok((shortened, module::renamed(wasm, file, &naming)?))
}

/// `a`, `b`, … for each name, in order.
fn numbered(names: Vec<String>) -> BTreeMap<String, String> {
    let mut numbered = BTreeMap::new();
    for name in names {
        let number = numbered.len();
        numbered.entry(name).or_insert_with(|| short(number));
    }
    numbered
}

/// `a` to `Z`, then `aa`: letters alone, so that they are names everywhere.
fn short(mut number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[number % LETTERS.len()]));
        match number / LETTERS.len() {
            0 => return name,
            rest => number = rest - 1,
        }
    }
}

/// `"./cart_bg.js": import0,`
fn modules_named(line: &str, names: &BTreeMap<String, String>) -> String {
    let named = names.iter().find_map(|(name, short)| {
        let key = format!("\"{name}\": ");
        line.trim_start().starts_with(&key).then(|| line.replacen(&key, &format!("\"{short}\": "), 1))
    });
    named.unwrap_or_else(|| line.to_owned())
}

/// Puts `line` into `out`, with every `wasm.name` under its new name; `Err` is a name that there is not.
fn exports_named<'a>(
    line: &'a str,
    names: &BTreeMap<String, String>,
    out: &mut String,
) -> Result<(), &'a str> {
    let mut done = 0;
    for (at, found) in line.match_indices("wasm.") {
        let name = word(&line[at + found.len()..]);
        if begins_word(line, at) && !name.is_empty() {
            let short = names.get(name).ok_or(name)?;
            out.push_str(&line[done..at + found.len()]);
            out.push_str(short);
            done = at + found.len() + name.len();
        }
    }
    out.push_str(&line[done..]);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::tests::wasm;

    const GLUE: &str = "\
export function mount(props) {
    return wasm.mount(props, this.wasm.mount);
}
function __wbg_get_imports() {
    const import0 = {
        __wbg_fetch_1: function(arg0) {
            return fetch(arg0, wasm.memory.buffer);
        },
    };
    return {
        \"./x_bg.js\": import0,
    };
}
";

    #[test]
    fn both_sides_get_the_same_names() {
        let module = wasm(&["__wbg_fetch_1"], &["memory", "mount"]);
        let (glue, module) = shorten(GLUE, &module, "x.js").unwrap();
        let expected = GLUE
            .replace("return wasm.mount(", "return wasm.b(")
            .replace("wasm.memory", "wasm.a")
            .replace("__wbg_fetch_1", "a")
            .replace("./x_bg.js", "a");
        assert_eq!(glue, expected);
        assert_eq!(module, wasm_of_short_names());
    }

    fn wasm_of_short_names() -> Vec<u8> {
        let wasm = wasm(&["a"], &["a", "b"]);
        let at = wasm.windows(9).position(|bytes| bytes == b"./x_bg.js").unwrap();
        // The module's name is eight bytes shorter, and so is its section (the byte two before it is its length).
        let mut short = wasm.clone();
        short.splice(at - 1..at + 9, [1, b'a']);
        short[at - 3] -= 8;
        short
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let check = |glue: &str, imports: &[&str], exports: &[&str], part: &str| {
            let error = shorten(glue, &wasm(imports, exports), "x.js").unwrap_err();
            assert_eq!(error.code, RELEASE_GLUE);
            assert!(error.what.contains(part), "{error}");
        };
        check(GLUE, &["__wbg_fetch_1"], &["memory"], "wasm.mount");
        check(GLUE, &["__wbg_fetch_1", "__wbg_open_2"], &["memory", "mount"], "1 of the 2");
    }

    #[test]
    fn names_are_many_and_different() {
        let names: std::collections::BTreeSet<_> = (0..5_000).map(short).collect();
        assert_eq!(names.len(), 5_000);
        assert_eq!([0, 51, 52, 103, 104].map(short), ["a", "Z", "aa", "Za", "ab"]);
    }
}
