//! Makes wasm smaller with binaryen's `wasm-opt`, where there is one.

use crate::{Error, output, tools};
use contract::code::{BUILD_FAILED, CONFIGURATION, Code, TOOL_MISSING};
use std::{fs, path::Path};

/// What rustc's output needs; older versions of wasm-opt fail on some of it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What is asked for, found by measuring what arrives after brotli rather than what lies on the disk
/// (docs/ARCHITECTURE.md, "Size"): a body that is repeated costs next to nothing, one that was inlined and
/// specialised is new text.
const PASSES: [&str; 12] = [
    "-Oz",
    // No inlining, but of functions with one caller and a dozen bytes.
    "--always-inline-max-function-size",
    "0",
    "--flexible-inline-max-function-size",
    "0",
    "--one-caller-inline-max-function-size",
    "12",
    "--skip-pass=local-cse",
    "--skip-pass=simplify-locals",
    "--converge",
    // Engines take how an address is aligned for a hint that they need not have; the same one everywhere repeats.
    "--dealign",
    // The copies of one generic function stand side by side.
    "--reorder-functions-by-name",
];

/// Whether function names stay in the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// For those who look for what is large.
    Keep,
    /// For those who ship.
    Drop,
}

/// The wasm after `wasm-opt -Oz`; `None` when there is no wasm-opt.
pub fn optimise(wasm: &[u8], names: Names) -> Result<Option<Vec<u8>>, Error> {
    let Some(program) = tools::wasm_opt() else { return Ok(None) };
    optimise_with(&program, wasm, names).map(Some)
}

fn optimise_with(program: &Path, wasm: &[u8], names: Names) -> Result<Vec<u8>, Error> {
    let fault = |code: Code, what: String| Error::new(code, format!("`{}` {what}", program.display()));
    let folder = tempfile::tempdir()
        .map_err(|error| fault(CONFIGURATION, format!("has no folder to work in: {error}")))?;
    let (input, output) = (folder.path().join("in.wasm"), folder.path().join("out.wasm"));
    fs::write(&input, wasm)
        .map_err(|error| fault(CONFIGURATION, format!("cannot be given the wasm: {error}")))?;
    let mut command = tools::command(program);
    command.args(PASSES).args(FEATURES).arg(&input).arg("-o").arg(&output);
    if names == Names::Keep {
        command.arg("--debuginfo");
    }
    let result = command.output().map_err(|error| {
        fault(TOOL_MISSING, format!("cannot be run: {error}; remove it, and another is installed"))
    })?;
    if !result.status.success() {
        output::pass_on(&result.stderr);
        return Err(fault(BUILD_FAILED, format!("failed: {}", result.status)));
    }
    fs::read(&output).map_err(|error| fault(CONFIGURATION, format!("left no result: {error}")))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_what_it_said_itself_is_a_build_that_failed() {
        for (program, expected) in
            [("false", BUILD_FAILED), ("true", CONFIGURATION), ("nowhere/x", TOOL_MISSING)]
        {
            let error = optimise_with(Path::new(program), b"\0asm", Names::Drop).unwrap_err();
            assert_eq!(error.code(), expected, "{error}");
        }
    }
}
