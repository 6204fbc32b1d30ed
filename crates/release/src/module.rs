//! What can be read out of a wasm module, and what need not travel with it.

use crate::Error;
use contract::code::RELEASE_GLUE;
use std::collections::BTreeSet;
use wasmparser::{Parser, Payload, TypeRef};

/// The Web APIs and JavaScript functions that the module imports through wasm-bindgen, sorted.
///
/// `__wbg_addEventListener_847fd86b8c33ec43` is `addEventListener`; `file` is the name for messages.
pub fn web_apis(wasm: &[u8], file: &str) -> Result<Vec<String>, Error> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ImportSection(section) = payload.map_err(|error| invalid(file, &error))? else {
            continue;
        };
        for import in section.into_imports() {
            let import = import.map_err(|error| invalid(file, &error))?;
            if matches!(import.ty, TypeRef::Func(_))
                && let Some(name) = web_api(import.name)
            {
                names.insert(name.to_owned());
            }
        }
    }
    Ok(names.into_iter().collect())
}

/// The API behind the name of an import, if it is not wasm-bindgen's own.
fn web_api(import: &str) -> Option<&str> {
    let (name, hash) = import.strip_prefix("__wbg_")?.rsplit_once('_')?;
    let own = name.starts_with('_') || name.starts_with("static_accessor_");
    let hashed = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hashed && !own).then(|| name.strip_prefix("instanceof_").unwrap_or(name))
}

/// The module without custom sections: names and producers, which nobody needs to run it.
pub fn without_custom_sections(wasm: &[u8], file: &str) -> Result<Vec<u8>, Error> {
    let mut kept = wasm.get(..8).unwrap_or_default().to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| invalid(file, &error))?;
        if let Some((id, range)) = payload.as_section()
            && id != 0
        {
            let section = &wasm[range.start as usize..range.end as usize];
            kept.push(id);
            push_length(&mut kept, section.len());
            kept.extend_from_slice(section);
        }
    }
    Ok(kept)
}

/// LEB128, as wasm writes numbers.
fn push_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

fn invalid(file: &str, error: &wasmparser::BinaryReaderError) -> Error {
    Error::new(RELEASE_GLUE, file, format!("is not a WebAssembly module: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module that imports `names` from `./x_bg.js` and has a custom section.
    fn module(names: &[&str]) -> Vec<u8> {
        let section = |id: u8, body: Vec<u8>| {
            let mut section = vec![id];
            push_length(&mut section, body.len());
            [section, body].concat()
        };
        let text = |text: &str| [vec![text.len() as u8], text.as_bytes().to_vec()].concat();
        let imports: Vec<u8> =
            names.iter().flat_map(|name| [text("./x_bg.js"), text(name), vec![0, 0]].concat()).collect();
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(1, vec![1, 0x60, 0, 0]),
            section(0, [text("producers"), vec![1, 2, 3]].concat()),
            section(2, [vec![names.len() as u8], imports].concat()),
        ]
        .concat()
    }

    #[test]
    fn web_apis_are_named_without_what_is_wasm_bindgens_own() {
        let wasm = module(&[
            "__wbg_addEventListener_847fd86b8c33ec43",
            "__wbg___wbindgen_throw_4c88d8bf264fd984",
            "__wbg_instanceof_Window_5cf453f5639aa1a2",
            "__wbg_static_accessor_SELF_53bb20457401453d",
        ]);
        assert_eq!(web_apis(&wasm, "x.wasm").unwrap(), ["Window", "addEventListener"]);
    }

    #[test]
    fn custom_sections_go_and_the_rest_stays() {
        let wasm = module(&["__wbg_fetch_847fd86b8c33ec43"]);
        let kept = without_custom_sections(&wasm, "x.wasm").unwrap();
        assert_eq!(kept.len(), wasm.len() - 15);
        assert_eq!(web_apis(&kept, "x.wasm").unwrap(), ["fetch"]);
        assert_eq!(without_custom_sections(&kept, "x.wasm").unwrap(), kept);
    }

    #[test]
    fn what_is_no_module() {
        assert_eq!(web_apis(b"<!doctype html>", "x.wasm").unwrap_err().code, RELEASE_GLUE);
        assert_eq!(without_custom_sections(b"", "x.wasm").unwrap_err().code, RELEASE_GLUE);
    }
}
