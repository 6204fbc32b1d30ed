//! Puts what most microapps have first in a wasm, in the same order in all of them.
//!
//! Types, imports and functions are known by their numbers. A function more or less gives all that follow it other
//! numbers, and so every call in every body changes: of two microapps with the same libraries hardly a body is the
//! same, and a microapp that travels as its difference from another one (RFC 9842) repeats, call by call, what is
//! known. So what `layout.txt` lists has the same number in every module. A listed function that a module lacks is
//! an empty one in it, which costs a tenth of a byte.
//!
//! Names are compared without the hashes of crates and web-sys, and the numbers of copies, so that a list outlives their
//! versions. One that is old makes differences larger, and nothing wrong.

mod arrange;
mod contents;

use crate::Error;
use contents::Contents;
use std::{cmp::Reverse, collections::BTreeMap, fmt::Write};

/// Made by `cargo xtask layout` of the microapps in this repository.
const COMMON: &str = include_str!("layout.txt");
const TYPE: &str = "type ";
const IMPORT: &str = "import ";
const FUNCTION: &str = "function ";

/// What stands first in a module, in this order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// `i32 i32 -> i64`
    types: Vec<String>,
    imports: Vec<String>,
    functions: Vec<String>,
}

/// The module with what most microapps have in its place, without custom sections. One whose functions have no names
/// stays as it is.
pub(crate) fn arranged(wasm: &[u8], file: &str) -> Result<Vec<u8>, Error> {
    arrange::arranged(wasm, file, &Layout::read(COMMON))
}

impl Layout {
    /// What two thirds of `modules` have. Functions stand by their names, so that the copies of a generic one are
    /// neighbours; imports with those first that all have, as no place can be kept for one.
    pub fn of(modules: &[Vec<u8>]) -> Result<Self, Error> {
        let (mut types, mut imports, mut functions) = (Count::new(), Count::new(), Count::new());
        for wasm in modules {
            let contents = Contents::read(wasm, "a module")?;
            count(&mut types, contents.types);
            count(&mut imports, contents.imports);
            count(&mut functions, contents.functions.into_iter().filter(|name| !name.is_empty()));
        }
        let common = |all: Count| {
            let common = all.into_iter().filter(|(_, times)| times * 3 >= modules.len() * 2);
            common.map(|((name, _), times)| (name, times)).collect::<Vec<_>>()
        };
        let names = |common: Vec<(String, usize)>| common.into_iter().map(|(name, _)| name).collect();
        let mut imports = common(imports);
        imports.sort_by_key(|(_, times)| Reverse(*times));
        Ok(Self { types: names(common(types)), imports: names(imports), functions: names(common(functions)) })
    }

    /// A line for each.
    pub fn to_text(&self) -> String {
        let kinds = [(TYPE, &self.types), (IMPORT, &self.imports), (FUNCTION, &self.functions)];
        let mut text = String::new();
        for (kind, names) in kinds {
            for name in names {
                let _ = writeln!(text, "{kind}{name}");
            }
        }
        text
    }

    /// Reads what [`Layout::to_text`] wrote.
    fn read(text: &str) -> Self {
        let of =
            |kind: &str| text.lines().filter_map(|line| line.strip_prefix(kind)).map(str::to_owned).collect();
        Self { types: of(TYPE), imports: of(IMPORT), functions: of(FUNCTION) }
    }
}

/// How many modules have the n-th of a name.
type Count = BTreeMap<(String, usize), usize>;

fn count(all: &mut Count, names: impl IntoIterator<Item = String>) {
    let mut own = BTreeMap::<String, usize>::new();
    for name in names {
        let times = own.entry(name.clone()).or_default();
        *all.entry((name, *times)).or_default() += 1;
        *times += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::code::RELEASE_GLUE;
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
        FunctionSection, ImportSection, MemoryType, Module, NameMap, NameSection, RefType, TableSection,
        TableType, TypeSection, ValType,
    };
    use wasmparser::{ExternalKind, Operator, Parser, Payload};

    /// A module of functions that call others: `"a"` takes and gives nothing, `"b:i32"` takes a number. What is called
    /// stands behind it: imports by their names, functions by theirs. The last one is exported as `run` and stands in
    /// the table.
    fn wasm(imports: &[&str], functions: &[(&str, &[&str])]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([ValType::F64, ValType::F64], []);
        types.ty().function([ValType::I32], []);
        types.ty().function([], []);
        let kind = |name: &str| if name.ends_with(":i32") { 1 } else { 2 };
        let mut imported = ImportSection::new();
        for name in imports {
            imported.import("./x_bg.js", name, EntityType::Function(kind(name)));
        }
        let all: Vec<&str> = imports.iter().copied().chain(functions.iter().map(|(name, _)| *name)).collect();
        let number = |name: &str| all.iter().position(|known| *known == name).unwrap() as u32;
        let (mut declared, mut bodies, mut names) =
            (FunctionSection::new(), CodeSection::new(), NameMap::new());
        for (own, (name, called)) in (imports.len() as u32..).zip(functions) {
            declared.function(kind(name));
            let mut body = Function::new([]);
            for called in *called {
                if kind(called) == 1 {
                    body.instructions().i32_const(7);
                }
                body.instructions().call(number(called));
            }
            body.instructions().end();
            bodies.function(&body);
            names.append(own, name);
        }
        let last = all.len() as u32 - 1;
        let (mut tables, mut exports, mut elements) =
            (TableSection::new(), ExportSection::new(), ElementSection::new());
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 2,
            maximum: None,
            shared: false,
        });
        exports.export("run", ExportKind::Func, last);
        elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([last].as_slice().into()));
        let mut named = NameSection::new();
        named.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imported).section(&declared).section(&tables).section(&exports);
        module.section(&elements).section(&bodies).section(&named);
        module.finish()
    }

    /// What is in an arranged module, by number: imports, functions as what they call, and what `run` and the table are.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Found {
        types: Vec<String>,
        imports: Vec<String>,
        bodies: Vec<Vec<u32>>,
        run: u32,
        in_table: u32,
        customs: usize,
    }

    fn found(wasm: &[u8]) -> Found {
        wasmparser::Validator::new().validate_all(wasm).unwrap();
        let contents = Contents::read(wasm, "x.wasm").unwrap();
        let mut found = Found { types: contents.types, imports: contents.imports, ..Found::default() };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::CodeSectionEntry(body) => {
                    let calls =
                        body.get_operators_reader().unwrap().into_iter().filter_map(
                            |operator| match operator.unwrap() {
                                Operator::Call { function_index } => Some(function_index),
                                _ => None,
                            },
                        );
                    found.bodies.push(calls.collect());
                }
                Payload::ExportSection(exports) => {
                    let export = exports.into_iter().next().unwrap().unwrap();
                    assert_eq!(export.kind, ExternalKind::Func);
                    found.run = export.index;
                }
                Payload::ElementSection(elements) => {
                    let element = elements.into_iter().next().unwrap().unwrap();
                    let wasmparser::ElementItems::Functions(functions) = element.items else {
                        panic!("no list of functions")
                    };
                    found.in_table = functions.into_iter().next().unwrap().unwrap();
                }
                Payload::CustomSection(_) => found.customs += 1,
                _ => {}
            }
        }
        found
    }

    fn list(types: &[&str], imports: &[&str], functions: &[&str]) -> Layout {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Layout { types: owned(types), imports: owned(imports), functions: owned(functions) }
    }

    #[test]
    fn what_is_listed_has_the_same_number_in_every_module() {
        let layout = list(&["i32 -> ", "i64 -> i64"], &["log", "now"], &["grow", "shrink", "twice:i32"]);
        let cart = wasm(
            &["fetch_0123456789abcdef", "now_0123456789abcdef", "log_0123456789abcdef"],
            &[
                ("cart", &["fetch_0123456789abcdef", "grow.17", "total"]),
                ("grow.17", &["log_0123456789abcdef", "twice:i32"]),
                ("total", &["cart"]),
                ("twice:i32", &["now_0123456789abcdef"]),
                ("main", &["cart", "twice:i32"]),
            ],
        );
        let home = wasm(
            &["log_fedcba9876543210", "now_fedcba9876543210"],
            &[
                ("shrink", &[]),
                ("twice:i32", &["now_fedcba9876543210"]),
                ("grow", &["log_fedcba9876543210", "twice:i32"]),
                ("home", &["shrink", "grow"]),
            ],
        );
        let arranged = |wasm: &[u8]| found(&arrange::arranged(wasm, "x.wasm", &layout).unwrap());
        let (cart, home) = (arranged(&cart), arranged(&home));

        assert_eq!(cart.types, ["i32 -> ", "i64 -> i64", "f64 f64 -> ", " -> "]);
        assert_eq!(home.types, cart.types);
        assert_eq!(cart.imports, ["log", "now", "fetch"]);
        assert_eq!(home.imports, ["log", "now"]);
        // grow is 256, shrink 257 (empty in cart), twice 258; a module's own follow.
        let own = |found: &Found| found.bodies[256 - found.imports.len()..].to_vec();
        let (calls_of_grow, calls_of_twice) = (vec![0, 258], vec![1]);
        assert_eq!(
            own(&cart),
            [
                calls_of_grow.clone(),
                vec![],
                calls_of_twice.clone(),
                vec![2, 256, 260],
                vec![259],
                vec![259, 258]
            ]
        );
        assert_eq!(own(&home), [calls_of_grow, vec![], calls_of_twice, vec![257, 256]]);
        assert_eq!((cart.run, cart.in_table, cart.customs), (261, 261, 0));
        assert_eq!((home.run, home.in_table, home.customs), (259, 259, 0));
    }

    #[test]
    fn what_cannot_be_told_apart_stays_as_it_is() {
        let layout = list(&[" -> "], &["log"], &["grow"]);
        let same = |wasm: &[u8]| assert!(arrange::arranged(wasm, "x.wasm", &layout).unwrap() == wasm);
        let named = wasm(&["now", "log"], &[("main", &["log"])]);
        same(&crate::module::without_custom_sections(&named, "x.wasm").unwrap());
        same(b"\0asm\x01\0\0\0");
        // Its functions have names, and one of the imports is none: their numbers would be off by one.
        let (mut types, mut imports) = (TypeSection::new(), ImportSection::new());
        types.ty().function([], []);
        let memory =
            MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        imports.import("./x_bg.js", "memory", memory).import("./x_bg.js", "log", EntityType::Function(0));
        let (mut declared, mut bodies, mut names) =
            (FunctionSection::new(), CodeSection::new(), NameMap::new());
        declared.function(0);
        let mut body = Function::new([]);
        body.instructions().call(0).end();
        bodies.function(&body);
        names.append(1, "grow");
        let mut named = NameSection::new();
        named.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&declared).section(&bodies).section(&named);
        let module = module.finish();
        wasmparser::Validator::new().validate_all(&module).unwrap();
        same(&module);
    }

    #[test]
    fn what_is_no_module() {
        let named = wasm(&["log"], &[("main", &["log"])]);
        for cut in 0..named.len() {
            // Where a section ends, what is left is a module, and there is nothing to say.
            if let Err(error) = arranged(&named[..cut], "x.js") {
                assert_eq!((error.code, error.place.as_str()), (RELEASE_GLUE, "x.js"), "cut at {cut}");
            }
        }
        assert!(arranged(&named[..named.len() / 2], "x.js").is_err());
    }

    #[test]
    fn two_thirds_are_most() {
        let home = wasm(&["log", "now"], &[("grow", &[]), ("grow", &[]), ("home", &[])]);
        let cart = wasm(&["now"], &[("grow", &[]), ("shrink", &[]), ("cart", &[])]);
        let contact = wasm(&["now", "log"], &[("grow", &[]), ("grow", &[]), ("shrink", &[])]);
        let layout = Layout::of(&[home, cart, contact]).unwrap();
        let types = [" -> ", "f64 f64 -> ", "i32 -> "];
        assert_eq!(layout, list(&types, &["now", "log"], &["grow", "grow", "shrink"]));
        assert_eq!(Layout::read(&layout.to_text()), layout);
    }

    #[test]
    fn the_list_is_one() {
        let layout = Layout::read(COMMON);
        assert_eq!(layout.to_text(), COMMON);
        assert!(!layout.types.is_empty() && !layout.imports.is_empty() && !layout.functions.is_empty());
    }
}
