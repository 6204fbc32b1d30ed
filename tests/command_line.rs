//! The command line, run as a team runs it.

use crate::environment;
use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

/// What a run of `menagerie` came to.
#[derive(Debug)]
pub struct Ran {
    /// What a pipeline sees.
    pub code: i32,
    /// What it answered.
    pub out: String,
    /// What it said meanwhile, errors included.
    pub err: String,
}

impl Ran {
    /// The answer, which has to be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }

    /// The same after the run ended well.
    #[must_use]
    pub fn well(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }
}

/// Runs `menagerie` with these words and variables in a folder.
pub async fn menagerie(dir: &Path, words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(environment::cli());
    command.args(words).current_dir(dir).stdin(Stdio::null()).envs(variables.iter().copied());
    // A build of another workspace than ours, with a folder of its own for what it compiles.
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| environment::workspace().join("target"), Into::into)
        .join("teams");
    command.env("CARGO_TARGET_DIR", target);
    for variable in ["CARGO", "CARGO_MANIFEST_DIR", "RUSTUP_TOOLCHAIN", "RUSTC_BOOTSTRAP"] {
        command.env_remove(variable);
    }
    let run = tokio::task::spawn_blocking(move || command.output());
    let Output { status, stdout, stderr } = run.await.expect("it runs").expect("it can be run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it speaks UTF-8");
    Ran { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
}
