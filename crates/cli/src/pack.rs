//! `menagerie pack`: what a build staged becomes a release. Trunk's `post_build` hook.

use crate::{
    Error, agent,
    wasm_opt::{self, Names},
};
use contract::{code::BUILD_FAILED, release::DESCRIPTION_FILE};
use release::pack::{Packed, Parts, Versioning, plain};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Says `--final` to the hook of a build.
pub const FINAL_VARIABLE: &str = "MENAGERIE_FINAL";

/// Make a release of a microapp.
///
/// Run as Trunk's post_build hook it needs no flags. A folder with a `microapp.json` and no Cargo.toml is a
/// microapp in plain JavaScript and needs no build before.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  menagerie pack\n  menagerie pack --dir microapps/cart --staging microapps/cart/dist\n  menagerie pack --dir . --shell\n  menagerie pack --dir hello-in-javascript --out /tmp/hello"
)]
pub struct Arguments {
    /// The microapp's folder.
    #[arg(long, env = "TRUNK_SOURCE_DIR", default_value = ".")]
    pub dir: PathBuf,
    /// It is the shell: its folder is `shell` in `--dir`, its page the staged `index.html`.
    #[arg(long)]
    pub shell: bool,
    /// Where the build put JavaScript and wasm [default: `dist` in the microapp's folder].
    #[arg(long, env = "TRUNK_STAGING_DIR")]
    pub staging: Option<PathBuf>,
    /// Where the release goes [default: `release` in the staging folder].
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// `release` runs wasm-opt, `debug` does not.
    #[arg(long, env = "TRUNK_PROFILE", default_value = "release")]
    pub profile: String,
    /// The version exactly as Cargo.toml has it, without the content's hash. For releases that are for ever.
    #[arg(long = "final", env = FINAL_VARIABLE, hide_env = true)]
    pub is_final: bool,
}

/// Packs, and says on one line what came out.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let dir = &if arguments.shell { arguments.dir.join("shell") } else { arguments.dir.clone() };
    let staging = arguments.staging.clone().unwrap_or_else(|| dir.join("dist"));
    let out = arguments.out.clone().unwrap_or_else(|| staging.join("release"));
    let versioning =
        if arguments.is_final { Versioning::Final { revision: revision(dir) } } else { Versioning::Local };
    let mut remark = "";
    let packed = if dir.join("Cargo.toml").is_file() || !dir.join(DESCRIPTION_FILE).is_file() {
        let mut parts = Parts::read(dir, &staging)?;
        for agent in &parts.description.microapp.agents {
            parts.files.extend(agent::browser::pack(&dir.join(agent))?);
        }
        if arguments.profile == "release" {
            match wasm_opt::optimise(&parts.module, Names::Keep)? {
                Some(smaller) => parts.module = smaller,
                None => remark = ", without wasm-opt: it is not installed",
            }
        }
        parts.pack(&versioning)?
    } else {
        plain(dir, &versioning)?
    };
    packed
        .write(&out)
        .map_err(|error| Error::new(BUILD_FAILED, format!("{} cannot be written: {error}", out.display())))?;
    Ok(format!(
        "{} {} in {}, {} KB{remark}",
        packed.release.name,
        packed.release.version,
        out.display(),
        kilobytes(&packed)
    ))
}

fn kilobytes(packed: &Packed) -> usize {
    packed.files.values().map(Vec::len).sum::<usize>().div_ceil(1024)
}

/// The commit of the source, or nothing outside a repository.
fn revision(dir: &Path) -> String {
    let output = Command::new("git").arg("-C").arg(dir).args(["rev-parse", "HEAD"]).output();
    let commit = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
    commit.map(|text| String::from_utf8_lossy(&text).trim().to_owned()).unwrap_or_default()
}
