//! `cargo xtask fuzz`: what the API's document allows, and what it does not, asked of a server of its own.

use crate::{
    apps,
    running::{self, Running},
    serve, tools,
};
use cli::Error;
use contract::code::{TESTS_FAILED, TOOL_MISSING};
use std::process::{Command, Stdio};

/// Asks the API whatever its OpenAPI document allows and forbids, alone and in sequences, by schemathesis.
///
/// A fault is an answer of 500 or more, one that the document does not know, and one that contradicts it.
/// tests/fuzz says who asks, and what is let pass.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Needs schemathesis 4 (`pip install schemathesis`).\n\nExamples:\n  cargo xtask fuzz\n  \
                        cargo xtask fuzz -- --max-examples 200\n  cargo xtask fuzz -- --include-path-regex orders"
)]
pub struct Arguments {
    /// The port that the server gets.
    #[arg(long, default_value_t = 8095)]
    port: u16,
    /// Flags for `schemathesis run`.
    #[arg(last = true)]
    flags: Vec<String>,
}

/// Starts a server with the shop's releases, and has it asked.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    let schemathesis = cli::tools::find("schemathesis").ok_or_else(|| {
        let how = "Install it with `pip install schemathesis`, and have it in the PATH.";
        Error::new(TOOL_MISSING, format!("schemathesis is missing. {how}"))
    })?;
    running::port_is_free(arguments.port)?;
    tools::ensure(&workspace)?;
    let shop = apps::all(&workspace)?;
    apps::build(&shop, &workspace)?;
    let program = running::program(&workspace, "menagerie-server", "menagerie-server")?;
    running::return_on_stop()?;
    let data = tempfile::tempdir().map_err(|error| apps::cannot_read(&workspace, &error))?;
    let running = Running::start(&program, arguments.port, data.path(), &["--trusted-proxy", "127.0.0.1"])?;
    for app in &shop {
        serve::publish(app, &running)?;
    }
    let folder = workspace.join("tests/fuzz");
    let origin = format!("http://127.0.0.1:{}", arguments.port);
    let status = Command::new(schemathesis)
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .args(["run", &format!("{origin}/api/openapi.json")])
        .args(&arguments.flags)
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("MENAGERIE_SERVER", &origin)
        .env("MENAGERIE_TOKEN", &running.token)
        .current_dir(data.path()) // what it keeps for the next run goes with the rest
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Error::new(TOOL_MISSING, format!("schemathesis cannot be run: {error}")))?;
    running.stop();
    if status.success() {
        return Ok(());
    }
    Err(Error::new(TESTS_FAILED, "the API and its document differ".to_owned()))
}
