//! What can be read out of a wasm module, and what need not travel with it.

use crate::Error;
use contract::code::RELEASE_GLUE;
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{BinaryReader, BinaryReaderError, Export, ExternalKind, Parser, Payload, TypeRef};

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
    let name = without_hash(import);
    let api = name.strip_prefix("__wbg_").filter(|_| name != import)?;
    let own = api.starts_with('_') || api.starts_with("static_accessor_");
    (!own).then(|| api.strip_prefix("instanceof_").unwrap_or(api))
}

/// `__wbg_get` of `__wbg_get_d7176cfb76d71114`.
pub(crate) fn without_hash(import: &str) -> &str {
    let is_hash = |text: &str| text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    import.rsplit_once('_').filter(|(_, hash)| is_hash(hash)).map_or(import, |(name, _)| name)
}

/// The names of what the module imports, in its order.
pub(crate) fn imports(wasm: &[u8], file: &str) -> Result<Vec<String>, Error> {
    names(wasm, file, IMPORTS, |reader| {
        reader.read_string()?;
        let name = reader.read_string()?;
        reader.read::<TypeRef>().map(|_| name)
    })
}

/// The names of the modules that it imports from.
pub(crate) fn imported_modules(wasm: &[u8], file: &str) -> Result<Vec<String>, Error> {
    names(wasm, file, IMPORTS, |reader| {
        let module = reader.read_string()?;
        reader.read_string()?;
        reader.read::<TypeRef>().map(|_| module)
    })
}

/// The names of what the module exports, in its order.
pub(crate) fn exports(wasm: &[u8], file: &str) -> Result<Vec<String>, Error> {
    names(wasm, file, EXPORTS, |reader| reader.read::<Export>().map(|export| export.name))
}

/// New names for what a module imports and exports, by the old ones. What has none is no longer exported.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    /// Of the modules that it imports from.
    pub(crate) modules: BTreeMap<String, String>,
    /// Of its imports.
    pub(crate) imports: BTreeMap<String, String>,
    /// Of its exports.
    pub(crate) exports: BTreeMap<String, String>,
}

/// The module with its imports and exports under new names.
pub(crate) fn renamed(wasm: &[u8], file: &str, naming: &Naming) -> Result<Vec<u8>, Error> {
    let name = |names: &BTreeMap<String, String>, old: &str| {
        names.get(old).map_or_else(|| old.to_owned(), String::clone)
    };
    rebuilt(wasm, file, |id, section| match id {
        IMPORTS => relisted(section, |reader, written| {
            push_name(written, &name(&naming.modules, reader.read_string()?));
            push_name(written, &name(&naming.imports, reader.read_string()?));
            copy(section, reader, written, |reader| reader.read::<TypeRef>().map(drop)).map(|()| true)
        }),
        EXPORTS => relisted(section, |reader, written| {
            let new = naming.exports.get(reader.read_string()?);
            push_name(written, new.map_or("", String::as_str));
            copy(section, reader, written, |reader| {
                reader.read::<ExternalKind>()?;
                reader.read_var_u32().map(drop)
            })?;
            Ok(new.is_some())
        }),
        _ => Ok(section.to_vec()),
    })
}

/// The module with no exports but those of `kept`.
pub(crate) fn with_exports(wasm: &[u8], file: &str, kept: &BTreeSet<String>) -> Result<Vec<u8>, Error> {
    let exports = kept.iter().map(|name| (name.clone(), name.clone())).collect();
    renamed(wasm, file, &Naming { exports, ..Naming::default() })
}

/// The module with the element section that `rewrite` makes of its own.
pub(crate) fn with_elements(
    wasm: &[u8],
    file: &str,
    rewrite: impl Fn(&[u8]) -> Read<Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    rebuilt(wasm, file, |id, section| if id == ELEMENTS { rewrite(section) } else { Ok(section.to_vec()) })
}

/// The module without custom sections: names and producers, which nobody needs to run it.
pub fn without_custom_sections(wasm: &[u8], file: &str) -> Result<Vec<u8>, Error> {
    rebuilt(wasm, file, |id, section| Ok(if id == CUSTOM { Vec::new() } else { section.to_vec() }))
}

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const ELEMENTS: u8 = 9;

pub(crate) type Read<T> = Result<T, BinaryReaderError>;

/// The module with the sections that `rewrite` makes of its own; an empty one is left out.
fn rebuilt(wasm: &[u8], file: &str, rewrite: impl Fn(u8, &[u8]) -> Read<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let mut built = wasm.get(..8).unwrap_or_default().to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| invalid(file, &error))?;
        if let Some((id, range)) = payload.as_section() {
            let section = rewrite(id, &wasm[range.start as usize..range.end as usize]);
            let section = section.map_err(|error| invalid(file, &error))?;
            if !section.is_empty() {
                built.push(id);
                push_length(&mut built, section.len());
                built.extend_from_slice(&section);
            }
        }
    }
    Ok(built)
}

/// A section that is a list, written anew; `entry` reads one and writes it, and says whether it stays.
fn relisted(section: &[u8], entry: impl Fn(&mut BinaryReader, &mut Vec<u8>) -> Read<bool>) -> Read<Vec<u8>> {
    let mut reader = BinaryReader::new(section, 0);
    let (mut count, mut entries) = (0, Vec::new());
    for _ in 0..reader.read_var_u32()? {
        let mut written = Vec::new();
        if entry(&mut reader, &mut written)? {
            count += 1;
            entries.append(&mut written);
        }
    }
    let mut list = Vec::new();
    push_length(&mut list, count);
    list.append(&mut entries);
    Ok(list)
}

/// What `read` passes over, byte for byte.
fn copy(
    section: &[u8],
    reader: &mut BinaryReader,
    written: &mut Vec<u8>,
    read: impl Fn(&mut BinaryReader) -> Read<()>,
) -> Read<()> {
    let start = reader.original_position() as usize;
    read(reader)?;
    written.extend_from_slice(&section[start..reader.original_position() as usize]);
    Ok(())
}

/// The names in the list that is section `id`.
fn names(
    wasm: &[u8],
    file: &str,
    id: u8,
    entry: impl for<'a> Fn(&mut BinaryReader<'a>) -> Read<&'a str>,
) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| invalid(file, &error))?;
        let Some((_, range)) = payload.as_section().filter(|(of, _)| *of == id) else { continue };
        let mut reader = BinaryReader::new(&wasm[range.start as usize..range.end as usize], range.start);
        for _ in 0..reader.read_var_u32().map_err(|error| invalid(file, &error))? {
            names.push(entry(&mut reader).map_err(|error| invalid(file, &error))?.to_owned());
        }
    }
    Ok(names)
}

fn push_name(bytes: &mut Vec<u8>, name: &str) {
    push_length(bytes, name.len());
    bytes.extend_from_slice(name.as_bytes());
}

/// LEB128, as wasm writes numbers.
pub(crate) fn push_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

/// Says of a module that it cannot be taken apart and put together again.
pub(crate) fn unusable(file: &str, error: &impl std::error::Error) -> Error {
    let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    Error::new(RELEASE_GLUE, file, format!("is not a WebAssembly module that can be packed: {why}"))
}

pub(crate) fn invalid(file: &str, error: &BinaryReaderError) -> Error {
    Error::new(RELEASE_GLUE, file, format!("is not a WebAssembly module: {error}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A module that imports functions from `./x_bg.js` and exports the first of them under each of `exports`.
    pub(crate) fn wasm(imports: &[&str], exports: &[&str]) -> Vec<u8> {
        let list = |entries: Vec<Vec<u8>>| [vec![entries.len() as u8], entries.concat()].concat();
        let named = |name: &str, rest: &[u8]| {
            let mut bytes = Vec::new();
            push_name(&mut bytes, name);
            [&bytes, rest].concat()
        };
        let section = |id: u8, body: Vec<u8>| {
            let mut section = vec![id];
            push_length(&mut section, body.len());
            [section, body].concat()
        };
        let imports = imports.iter().map(|name| [named("./x_bg.js", &[]), named(name, &[0, 0])].concat());
        let exports = exports.iter().map(|name| named(name, &[0, 0]));
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(1, vec![1, 0x60, 0, 0]),
            section(CUSTOM, named("producers", &[1, 2, 3])),
            section(IMPORTS, list(imports.collect())),
            section(EXPORTS, list(exports.collect())),
        ]
        .concat()
    }

    #[test]
    fn web_apis_are_named_without_what_is_wasm_bindgens_own() {
        let imports = [
            "__wbg_addEventListener_847fd86b8c33ec43",
            "__wbg___wbindgen_throw_4c88d8bf264fd984",
            "__wbg_instanceof_Window_5cf453f5639aa1a2",
            "__wbg_static_accessor_SELF_53bb20457401453d",
        ];
        assert_eq!(web_apis(&wasm(&imports, &[]), "x.wasm").unwrap(), ["Window", "addEventListener"]);
    }

    #[test]
    fn custom_sections_go_and_the_rest_stays() {
        let wasm = wasm(&["__wbg_fetch_847fd86b8c33ec43"], &["memory"]);
        let kept = without_custom_sections(&wasm, "x.wasm").unwrap();
        assert_eq!(kept.len(), wasm.len() - 15);
        assert_eq!(web_apis(&kept, "x.wasm").unwrap(), ["fetch"]);
        assert_eq!(without_custom_sections(&kept, "x.wasm").unwrap(), kept);
    }

    #[test]
    fn names_are_read_and_given() {
        let before = wasm(&["one", "two"], &["three", "four"]);
        assert_eq!(imports(&before, "x.wasm").unwrap(), ["one", "two"]);
        assert_eq!(imported_modules(&before, "x.wasm").unwrap(), ["./x_bg.js", "./x_bg.js"]);
        assert_eq!(exports(&before, "x.wasm").unwrap(), ["three", "four"]);
        let kept = with_exports(&before, "x.wasm", &BTreeSet::from(["four".to_owned()])).unwrap();
        assert_eq!(kept, wasm(&["one", "two"], &["four"]));
        let pair = |old: &str, new: &str| BTreeMap::from([(old.to_owned(), new.to_owned())]);
        let naming = Naming { imports: pair("two", "b"), exports: pair("three", "c"), ..Naming::default() };
        assert_eq!(renamed(&before, "x.wasm", &naming).unwrap(), wasm(&["one", "b"], &["c"]));
    }

    #[test]
    fn what_is_no_module() {
        assert_eq!(web_apis(b"<!doctype html>", "x.wasm").unwrap_err().code, RELEASE_GLUE);
        assert_eq!(without_custom_sections(b"", "x.wasm").unwrap_err().code, RELEASE_GLUE);
        let mut cut = wasm(&["one"], &["two"]);
        cut.truncate(cut.len() - 1);
        assert_eq!(exports(&cut, "x.wasm").unwrap_err().code, RELEASE_GLUE);
    }
}
