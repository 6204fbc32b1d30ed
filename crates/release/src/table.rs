//! Takes functions out of a module's table that only instances of left-out classes could call.
//!
//! A function whose address was taken (a closure, a future, a way to drop something) stands in the table, and
//! whatever stands there is a root for every optimiser. Where a class that Rust exports is out of reach for the
//! glue, nobody makes an instance of it, so nothing calls what belongs to its type.

use crate::{Error, module};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use wasmparser::{
    BinaryReader, BinaryReaderError, DataKind, ElementItems, ElementKind, ElementSectionReader, KnownCustom,
    Name, Operator, Parser, Payload,
};

/// wasm-bindgen keeps every instance of an exported class in one of these: so a class is known by its whole path,
/// and no other type of the same name is taken for it.
const KEPT_IN: &str = "wasm_bindgen::__rt::WasmRefCell<";

/// The module without table entries for functions that name the types of `classes`, but those that other types call
/// too. Without names in the module nothing is known, and it stays as it is.
pub(crate) fn without_classes(wasm: &[u8], file: &str, classes: &BTreeSet<String>) -> Result<Vec<u8>, Error> {
    let names = function_names(wasm).map_err(|error| module::invalid(file, &error))?;
    let paths: BTreeSet<&str> = names
        .iter()
        .flat_map(|(_, name)| name.match_indices(KEPT_IN).map(|(at, found)| path(&name[at + found.len()..])))
        .filter(|path| path.rsplit("::").next().is_some_and(|class| classes.contains(class)))
        .collect();
    let mut gone: BTreeSet<u32> = names
        .iter()
        .filter(|(_, name)| paths.iter().any(|path| mentions(name, path)))
        .map(|(index, _)| *index)
        .collect();
    let shared = shared(wasm, &gone).map_err(|error| module::invalid(file, &error))?;
    gone.retain(|function| !shared.contains(function));
    module::with_elements(wasm, file, |section| without(section, &gone))
}

/// Those of `gone` that the vtable of another type has, too: compilers merge functions that do the same, and the name
/// that is left may be that of a class that goes. A vtable is how to drop a value (0 where there is nothing to do), its
/// size, its alignment and its methods; it is another's where not all of its functions are gone, and then all stay.
fn shared(wasm: &[u8], gone: &BTreeSet<u32>) -> Result<BTreeSet<u32>, BinaryReaderError> {
    let (mut table, mut shared) = (BTreeMap::new(), BTreeSet::new());
    if gone.is_empty() {
        return Ok(shared);
    }
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    if let (ElementItems::Functions(functions), Some(start)) =
                        (&element.items, start(&element.kind)?)
                    {
                        for (slot, function) in (start..).zip(functions.clone()) {
                            table.insert(slot, function?);
                        }
                    }
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    let DataKind::Active { offset_expr, .. } = &data.kind else { continue };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                        continue;
                    };
                    let first = value.wrapping_neg().rem_euclid(4) as usize;
                    let (words, _) = data.data.get(first..).unwrap_or_default().as_chunks::<4>();
                    let words: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
                    for at in (0..words.len()).filter(|at| begins_vtable(&words[*at..])) {
                        let drop = table.get(&words[at]);
                        if drop.is_none() && words[at] != 0 {
                            continue;
                        }
                        let methods = (at + 3..words.len())
                            .map_while(|at| table.get(&words[at]).filter(|_| !begins_vtable(&words[at..])));
                        let functions: Vec<u32> = drop.into_iter().chain(methods).copied().collect();
                        if drop.is_none() || !functions.iter().all(|function| gone.contains(function)) {
                            shared.extend(functions.iter().filter(|function| gone.contains(function)));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(shared)
}

/// Whether behind the first of these words there are a size and an alignment that a type may have.
fn begins_vtable(words: &[u32]) -> bool {
    matches!(words, [_, size, alignment, ..]
        if alignment.is_power_of_two() && *alignment <= 16 && size.is_multiple_of(*alignment))
}

/// The path with which a demangled name begins: `streams::source::Source` of `streams::source::Source>>`.
fn path(name: &str) -> &str {
    &name[..name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(name.len())]
}

fn mentions(name: &str, path: &str) -> bool {
    name.match_indices(path).any(|(at, found)| {
        self::path(&name[at..]).len() == found.len() || {
            // Something inside of it: `streams::Source::pull::{{closure}}`.
            name[at + found.len()..].starts_with("::")
        }
    })
}

/// Functions by number, with their names, less the hashes of crates.
pub(crate) fn function_names(wasm: &[u8]) -> Result<Vec<(u32, String)>, BinaryReaderError> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(section) = section.as_known() else { continue };
        for subsection in section {
            let Name::Function(functions) = subsection? else { continue };
            for function in functions {
                let function = function?;
                names.push((function.index, without_hashes(function.name)));
            }
        }
    }
    Ok(names)
}

/// `streams::Source` for `streams[18cdbfb47f5bdf1a]::Source`.
fn without_hashes(name: &str) -> String {
    let mut pieces = name.split('[');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |name, piece| match piece.split_once(']') {
        Some((hash, rest)) if hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => name + rest,
        _ => [&name, "[", piece].concat(),
    })
}

/// An element section without `gone`: each run of functions between them is a segment of its own, and what is
/// left out of the table is null.
fn without(section: &[u8], gone: &BTreeSet<u32>) -> Result<Vec<u8>, BinaryReaderError> {
    let (mut count, mut segments) = (0, Vec::new());
    for element in ElementSectionReader::new(BinaryReader::new(section, 0))? {
        let element = element?;
        let functions = match (&element.items, start(&element.kind)?) {
            (ElementItems::Functions(functions), Some(start)) => {
                let functions: Vec<u32> = functions.clone().into_iter().collect::<Result<_, _>>()?;
                functions.iter().any(|function| gone.contains(function)).then_some((start, functions))
            }
            _ => None,
        };
        match functions {
            None => {
                count += 1;
                let Range { start, end } = element.range;
                segments.extend_from_slice(&section[start as usize..end as usize]);
            }
            Some((start, functions)) => {
                for run in runs(&functions, gone) {
                    count += 1;
                    push_segment(&mut segments, start + run.start as u32, &functions[run]);
                }
            }
        }
    }
    let mut rebuilt = Vec::new();
    module::push_length(&mut rebuilt, count);
    rebuilt.append(&mut segments);
    Ok(rebuilt)
}

/// Where a segment begins that is put into the first table, as all of the linker's are.
fn start(kind: &ElementKind) -> Result<Option<u32>, BinaryReaderError> {
    let ElementKind::Active { table_index: None | Some(0), offset_expr } = kind else { return Ok(None) };
    Ok(match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => u32::try_from(value).ok(),
        _ => None,
    })
}

/// The runs of functions between those that are gone.
fn runs(functions: &[u32], gone: &BTreeSet<u32>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in functions.iter().enumerate().filter(|(_, function)| !gone.contains(function)) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// `(elem (i32.const start) func …)`
fn push_segment(segments: &mut Vec<u8>, start: u32, functions: &[u32]) {
    const ACTIVE: u8 = 0;
    const I32_CONST: u8 = 0x41;
    const END: u8 = 0x0b;
    segments.extend([ACTIVE, I32_CONST]);
    push_signed(segments, start);
    segments.push(END);
    module::push_length(segments, functions.len());
    for function in functions {
        module::push_length(segments, *function as usize);
    }
}

/// LEB128 of a signed number: the sixth bit of the last byte is the sign.
fn push_signed(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 0x3f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(segments: &[(u32, &[u32])]) -> Vec<u8> {
        let mut section = vec![segments.len() as u8];
        for (start, functions) in segments {
            push_segment(&mut section, *start, functions);
        }
        section
    }

    fn check(segments: &[(u32, &[u32])], gone: &[u32], expected: &[(u32, &[u32])]) {
        let gone = gone.iter().copied().collect();
        assert_eq!(without(&elements(segments), &gone).unwrap(), elements(expected));
    }

    #[test]
    fn what_is_left_stays_in_its_place() {
        check(&[(1, &[5, 6, 7])], &[], &[(1, &[5, 6, 7])]);
        check(&[(1, &[5, 6, 7])], &[9], &[(1, &[5, 6, 7])]);
        check(&[(1, &[5, 6, 7])], &[5], &[(2, &[6, 7])]);
        check(&[(1, &[5, 6, 7])], &[6], &[(1, &[5]), (3, &[7])]);
        check(&[(1, &[5, 6, 7])], &[5, 6, 7], &[]);
        check(&[(62, &[5, 6, 5, 300, 7])], &[5], &[(63, &[6]), (65, &[300, 7])]);
        check(&[(1, &[5]), (200, &[6, 7])], &[6], &[(1, &[5]), (201, &[7])]);
    }

    /// A module with these functions in its table, from 1 on, and this data at an address that is no multiple of four.
    fn module(functions: &[u32], data: &[u32]) -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let data: Vec<u8> =
            [0; 2].into_iter().chain(data.iter().flat_map(|word| word.to_le_bytes())).collect();
        let data_section = [&[1, 0, 0x41, 0x12, 0x0b, data.len() as u8], data.as_slice()].concat();
        for (id, section) in [(9, elements(&[(1, functions)])), (11, data_section)] {
            wasm.extend([id, section.len() as u8]);
            wasm.extend(section);
        }
        wasm
    }

    #[test]
    fn what_others_call_too_stays() {
        for (data, expected) in [
            // Slots 1 to 4 have the functions 5 to 8, of which 5 and 6 are gone.
            (&[1, 12, 4, 2, 0][..], &[][..]),
            (&[3, 12, 4, 4, 0], &[]),
            (&[9, 1, 12, 4, 3, 0], &[5]),
            (&[3, 0, 1, 2, 3, 12, 4, 2], &[6]),
            // Every method counts, and so does a type of which nothing is to be dropped.
            (&[3, 12, 4, 4, 1], &[5]),
            (&[1, 12, 4, 2, 3], &[5, 6]),
            (&[0, 12, 4, 1], &[5]),
            // Another vtable follows, or something that is none.
            (&[1, 12, 4, 2, 3, 12, 4, 4], &[]),
            (&[3, 12, 4, 4, 99, 1], &[]),
            // No vtables: the alignment is none, or the size does not fit it.
            (&[1, 12, 3, 4], &[]),
            (&[1, 10, 4, 4], &[]),
            (&[1, 12, 4], &[]),
        ] {
            let shared = shared(&module(&[5, 6, 7, 8], data), &BTreeSet::from([5, 6])).unwrap();
            assert_eq!(shared.into_iter().collect::<Vec<_>>(), expected, "{data:?}");
        }
    }

    #[test]
    fn a_type_is_known_by_its_whole_path() {
        for (name, mentioned) in [
            ("core::ptr::drop_in_place<streams::Source>", true),
            ("core[9f]::ptr::drop_in_place::<streams[18cdbfb47f5bdf1a]::Source>", true),
            ("core::ptr::drop_in_place::<[streams::Source; 2]>", true),
            ("streams::Source::pull::{{closure}}", true),
            ("<streams::Source as core::fmt::Debug>::fmt", true),
            ("core::ptr::drop_in_place<streams::SourceMap>", false),
            ("core::ptr::drop_in_place<other::Source>", false),
        ] {
            assert_eq!(mentions(&without_hashes(name), "streams::Source"), mentioned, "{name}");
        }
    }
}
