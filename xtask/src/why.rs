//! `cargo xtask budget --why APP`: which functions are the biggest.

use crate::{
    apps::App,
    shell_words::kilobytes,
    wasm::{self, Script},
};
use cli::{Error, output, wasm_opt::Names};
use contract::code::BUILD_FAILED;
use std::{collections::BTreeMap, path::Path};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// How many are named.
const LINES: usize = 30;

/// Builds `app` with names kept, and lists what is big in it.
pub fn run(app: &App, workspace: &Path) -> Result<(), Error> {
    let module = wasm::build(workspace, &app.dir, &[], Names::Keep, Script::Module)?;
    let parts =
        parts(&module.wasm).map_err(|error| Error::new(BUILD_FAILED, format!("{}: {error}", app.name)))?;
    let total: usize = parts.iter().map(|part| part.bytes).sum();
    output::line(format_args!(
        "\n{}: {} in {} functions and data, before compression\n",
        app.name,
        kilobytes(total),
        parts.len()
    ));
    for part in parts.iter().take(LINES) {
        output::line(format_args!("{:>9}  {}", kilobytes(part.bytes), part.name));
    }
    Ok(())
}

/// A function, or all of the data.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    name: String,
    bytes: usize,
}

/// The parts of a module, biggest first.
fn parts(wasm: &[u8]) -> Result<Vec<Part>, wasmparser::BinaryReaderError> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    let mut data = 0;
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push((body.range().end - body.range().start) as usize),
            Payload::DataSection(section) => data = (section.range().end - section.range().start) as usize,
            Payload::CustomSection(section) => {
                let KnownCustom::Name(section) = section.as_known() else { continue };
                for name in section {
                    if let Name::Function(map) = name? {
                        for naming in map {
                            let naming = naming?;
                            names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let function = |(index, bytes): (u32, usize)| {
        let name = names.get(&index).map(|name| format!("{:#}", rustc_demangle::demangle(name)));
        Part { name: name.unwrap_or_else(|| format!("function {index}")), bytes }
    };
    let mut parts: Vec<_> = (imported..).zip(bodies).map(function).collect();
    parts.push(Part { name: "data: texts, tables, places of panics".to_owned(), bytes: data });
    parts.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_and_sorted() {
        let section = |id: u8, body: &[u8]| [&[id, body.len() as u8], body].concat();
        let wasm = [
            b"\0asm\x01\0\0\0".to_vec(),
            section(1, &[1, 0x60, 0, 0]),
            section(2, b"\x01\x01e\x01f\x00\x00"), // one import, so functions begin at 1
            section(3, &[2, 0, 0]),
            section(10, &[2, 2, 0, 0x0b, 4, 0, 1, 1, 0x0b]), // bodies of 2 and 4 bytes
            section(0, b"\x04name\x01\x08\x01\x02\x05_ZN1a"),
        ]
        .concat();
        let parts = parts(&wasm).unwrap();
        let found: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.bytes)).collect();
        assert_eq!(found, [("_ZN1a", 4), ("function 1", 2), ("data: texts, tables, places of panics", 0)]);
    }
}
