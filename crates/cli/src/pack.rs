//! `menagerie pack`: what a build staged becomes a release. Trunk's `post_build` hook.

use crate::{
    Error, agent,
    wasm_opt::{self, Names},
};
use contract::{
    code::{BUILD_FAILED, CONFIGURATION},
    release::DESCRIPTION_FILE,
};
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
    if out.canonicalize().is_ok_and(|out| dir.canonicalize().is_ok_and(|dir| out == dir)) {
        let what = format!(
            "--out {} is the source, in whose place the release would go; name another folder",
            out.display()
        );
        return Err(Error::new(CONFIGURATION, what));
    }
    let versioning =
        if arguments.is_final { Versioning::Final { revision: revision(dir) } } else { Versioning::Local };
    let mut remark = "";
    let packed = if dir.join("Cargo.toml").is_file() || !dir.join(DESCRIPTION_FILE).is_file() {
        let mut parts = Parts::read(dir, &staging)?;
        let mut vectors = None;
        if let Some(folder) = &parts.description.microapp.vectors {
            let (file, ready) = agent::browser::pack_vectors(&dir.join(folder))?;
            parts.files.extend([file]);
            vectors = Some(ready);
        }
        for agent in &parts.description.microapp.agents {
            parts.files.extend(agent::browser::pack(&dir.join(agent), vectors.as_ref())?);
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

/// The last commit that changed something in the folder, or nothing outside a repository: what changes elsewhere makes no
/// other bytes of the same sources.
fn revision(dir: &Path) -> String {
    let output =
        Command::new("git").arg("-C").arg(dir).args(["log", "-1", "--format=%H", "--", "."]).output();
    let commit = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
    commit.map(|text| String::from_utf8_lossy(&text).trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_release_does_not_take_the_place_of_its_source() {
        let dir = tempfile::tempdir().unwrap();
        let description = r#"{ "name": "hello", "version": "1.0.0", "title": "Hello", "entry": "hello.js" }"#;
        fs::write(dir.path().join(DESCRIPTION_FILE), description).unwrap();
        fs::write(dir.path().join("hello.js"), "export const { mount, unmount } = lifecycles;").unwrap();
        let mut arguments = Arguments {
            dir: dir.path().to_owned(),
            shell: false,
            staging: None,
            out: Some(dir.path().join(".")),
            profile: "release".to_owned(),
            is_final: false,
        };
        let error = run(&arguments).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION, "{error}");
        assert_eq!(fs::read_to_string(dir.path().join(DESCRIPTION_FILE)).unwrap(), description);
        arguments.out = None;
        assert_eq!(run(&arguments).unwrap(), run(&arguments).unwrap());
    }
}
