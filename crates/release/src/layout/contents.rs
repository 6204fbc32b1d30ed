//! What a module has, by names that are the same in every build.

use crate::{Error, module, table};
use wasmparser::{CompositeInnerType, FuncType, Parser, Payload, TypeRef, ValType};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Whether all types are of functions, and so are all imports, as wasm-bindgen leaves them.
    pub(super) is_plain: bool,
    /// `i32 i32 -> i64`
    pub(super) types: Vec<String>,
    /// `__wbg_get` for `__wbg_get_d7176cfb76d71114`.
    pub(super) imports: Vec<String>,
    /// Those of the module itself. One without a name has an empty one.
    pub(super) functions: Vec<String>,
}

impl Contents {
    pub(super) fn read(wasm: &[u8], file: &str) -> Result<Self, Error> {
        let invalid = |error| module::invalid(file, &error);
        let mut contents = Self { is_plain: true, ..Self::default() };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(invalid)? {
                Payload::TypeSection(section) => {
                    for group in section {
                        let group = group.map_err(invalid)?;
                        contents.is_plain &= !group.is_explicit_rec_group();
                        for of_group in group.into_types() {
                            match of_group.composite_type.inner {
                                CompositeInnerType::Func(function) => {
                                    contents.types.push(signature(&function))
                                }
                                _ => contents.is_plain = false,
                            }
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.map_err(invalid)?;
                        contents.is_plain &= matches!(import.ty, TypeRef::Func(_));
                        contents.imports.push(module::without_hash(import.name).to_owned());
                    }
                }
                Payload::FunctionSection(section) => {
                    contents.functions = vec![String::new(); section.count() as usize];
                }
                _ => {}
            }
        }
        for (number, name) in table::function_names(wasm).map_err(invalid)? {
            let place = (number as usize).checked_sub(contents.imports.len());
            if let Some(of_function) = place.and_then(|place| contents.functions.get_mut(place)) {
                *of_function = without_number(name);
            }
        }
        Ok(contents)
    }
}

/// `<str>::trim` for `<str>::trim.123`, as one of several copies is called.
fn without_number(name: String) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name.rsplit_once('.') {
        Some((copied, number)) if is_number(number) => copied.to_owned(),
        _ => name,
    }
}

fn signature(function: &FuncType) -> String {
    let words = |types: &[ValType]| types.iter().map(ValType::to_string).collect::<Vec<_>>().join(" ");
    format!("{} -> {}", words(function.params()), words(function.results()))
}
