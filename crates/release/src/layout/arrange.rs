//! Writes a module in another order.

use super::{Layout, contents::Contents};
use crate::{Error, module};
use std::{
    collections::{BTreeMap, VecDeque},
    convert::Infallible,
};
use wasm_encoder::{
    CodeSection, FunctionSection, ImportSection, Module, TypeSection, ValType,
    reencode::{self, Reencode},
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionSectionReader, ImportSectionReader, Parser,
    TypeSectionReader,
};

/// The number of the first listed function: microapps import a hundred functions, and the shell two.
const FIRST_FUNCTION: usize = 256;
const EMPTY: &str = " -> ";
/// No locals, and the end.
const EMPTY_BODY: [u8; 2] = [0x00, 0x0b];

/// See [`super::arranged`].
pub(super) fn arranged(wasm: &[u8], file: &str, layout: &Layout) -> Result<Vec<u8>, Error> {
    let contents = Contents::read(wasm, file)?;
    let has_names = contents.functions.iter().any(|name| !name.is_empty());
    if !has_names || !contents.is_plain {
        return Ok(wasm.to_vec());
    }
    let mut arranged = Module::new();
    Arrange::new(layout, &contents)
        .parse_core_module(&mut arranged, Parser::new(0), wasm)
        .map_err(|error| module::unusable(file, &error))?;
    Ok(arranged.finish())
}

/// Where everything goes.
struct Arrange {
    types: Vec<Type>,
    imports: Vec<usize>,
    /// The module's own; `None` is an empty one.
    functions: Vec<Option<usize>>,
    /// New numbers by the old ones.
    type_numbers: Vec<u32>,
    /// Of imported functions and the module's own.
    function_numbers: Vec<u32>,
    /// The type of an empty function.
    empty: u32,
}

/// A type: one of the module's, or a listed one that it lacks.
enum Type {
    Own(usize),
    Added(Vec<ValType>, Vec<ValType>),
}

impl Arrange {
    fn new(layout: &Layout, contents: &Contents) -> Self {
        let own_types = in_order(&layout.types, &contents.types);
        let mut types = Vec::new();
        for (place, own) in own_types.into_iter().enumerate() {
            let lacking = layout.types.get(place).and_then(|signature| added(signature));
            types.extend(own.map(Type::Own).or(lacking.map(|(takes, gives)| Type::Added(takes, gives))));
        }
        let own = |kind: &Type| if let Type::Own(own) = kind { Some(*own) } else { None };
        let type_numbers = numbers(types.iter().map(own), contents.types.len());
        let is_empty = |kind: &Type| match kind {
            Type::Own(own) => contents.types.get(*own).is_some_and(|signature| signature == EMPTY),
            Type::Added(takes, gives) => takes.is_empty() && gives.is_empty(),
        };
        let empty = types.iter().position(is_empty).unwrap_or_else(|| {
            types.push(Type::Added(Vec::new(), Vec::new()));
            types.len() - 1
        });
        let imports: Vec<usize> =
            in_order(&layout.imports, &contents.imports).into_iter().flatten().collect();
        let mut functions = vec![None; FIRST_FUNCTION.saturating_sub(imports.len())];
        functions.extend(in_order(&layout.functions, &contents.functions));
        let mut function_numbers = numbers(imports.iter().copied().map(Some), imports.len());
        let own_numbers = numbers(functions.iter().copied(), contents.functions.len());
        function_numbers.extend(own_numbers.into_iter().map(|number| number + imports.len() as u32));
        Self { types, imports, functions, type_numbers, function_numbers, empty: empty as u32 }
    }
}

/// The places of `names`: of those of `listed` first, `None` where there is no such name, and then of the others.
fn in_order(listed: &[String], names: &[String]) -> Vec<Option<usize>> {
    let mut places = BTreeMap::<&str, VecDeque<usize>>::new();
    for (place, name) in names.iter().enumerate() {
        places.entry(name).or_default().push_back(place);
    }
    let mut order: Vec<Option<usize>> =
        listed.iter().map(|name| places.get_mut(name.as_str()).and_then(VecDeque::pop_front)).collect();
    let mut others: Vec<usize> = places.into_values().flatten().collect();
    others.sort_unstable();
    order.extend(others.into_iter().map(Some));
    order
}

/// The new numbers of `count` things, which stand in `order`.
fn numbers(order: impl Iterator<Item = Option<usize>>, count: usize) -> Vec<u32> {
    let mut numbers = vec![0; count];
    for (new, old) in (0..).zip(order) {
        if let Some(number) = old.and_then(|old| numbers.get_mut(old)) {
            *number = new;
        }
    }
    numbers
}

/// What a function of this signature takes and gives.
fn added(signature: &str) -> Option<(Vec<ValType>, Vec<ValType>)> {
    let values = |words: &str| words.split_whitespace().map(value).collect::<Option<Vec<_>>>();
    let (takes, gives) = signature.split_once("->")?;
    Some((values(takes)?, values(gives)?))
}

fn value(word: &str) -> Option<ValType> {
    Some(match word {
        "i32" => ValType::I32,
        "i64" => ValType::I64,
        "f32" => ValType::F32,
        "f64" => ValType::F64,
        "externref" => ValType::EXTERNREF,
        "funcref" => ValType::FUNCREF,
        _ => return None,
    })
}

type Written = Result<(), reencode::Error<Infallible>>;

impl Reencode for Arrange {
    type Error = Infallible;

    fn type_index(&mut self, number: u32) -> Result<u32, reencode::Error> {
        Ok(self.type_numbers.get(number as usize).copied().unwrap_or(number))
    }

    fn function_index(&mut self, number: u32) -> Result<u32, reencode::Error> {
        Ok(self.function_numbers.get(number as usize).copied().unwrap_or(number))
    }

    fn parse_type_section(&mut self, written: &mut TypeSection, section: TypeSectionReader<'_>) -> Written {
        let mut own = section
            .into_iter_err_on_gc_types()
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .map(Some)
            .collect::<Vec<_>>();
        for kind in std::mem::take(&mut self.types) {
            match kind {
                Type::Added(takes, gives) => written.ty().function(takes, gives),
                Type::Own(place) => {
                    if let Some(function) = own.get_mut(place).and_then(Option::take) {
                        written.ty().func_type(&self.func_type(function)?);
                    }
                }
            }
        }
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        written: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Written {
        let own = section.into_imports().collect::<Result<Vec<_>, _>>()?;
        for place in std::mem::take(&mut self.imports) {
            if let Some(import) = own.get(place) {
                self.parse_import(written, *import)?;
            }
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        written: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Written {
        let own = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for place in &self.functions {
            let kind =
                place.and_then(|place| own.get(place)).and_then(|old| self.type_numbers.get(*old as usize));
            written.function(kind.copied().unwrap_or(self.empty));
        }
        Ok(())
    }

    fn parse_code_section(&mut self, written: &mut CodeSection, section: CodeSectionReader<'_>) -> Written {
        let own = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for place in std::mem::take(&mut self.functions) {
            match place.and_then(|place| own.get(place)) {
                Some(body) => self.parse_function_body(written, body.clone())?,
                None => {
                    written.raw(&EMPTY_BODY);
                }
            }
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Written {
        Ok(())
    }
}
