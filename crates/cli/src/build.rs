//! `menagerie build`: one `trunk build` for each microapp, with the tools that fit its Cargo.lock.

use crate::{
    Error, output,
    pack::{self, FINAL_VARIABLE},
    shown::Format,
    size::{self, kilobytes},
    tools::{self, TARGET, Toolset},
};
use contract::code::{BUILD_FAILED, CONFIGURATION};
use release::{Files, SHELL, verify};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    io::stderr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// Where a build leaves the release: in the folder that Trunk.toml has for it. The shell's, whose page is at the root of its
/// workspace, is `shell/dist`.
pub(crate) fn release_of(dir: &Path) -> PathBuf {
    dist_of(dir).join("release")
}

/// Where a build leaves everything.
pub(crate) fn dist_of(dir: &Path) -> PathBuf {
    dir.join(Trunk::of(dir).build.dist.unwrap_or_else(|| PathBuf::from("dist")))
}

/// Refuses sources that are in no commit which a final release could name.
fn require_commit(dir: &Path) -> Result<(), Error> {
    let is_shell =
        Trunk::of(dir).hooks.iter().any(|hook| hook.command_arguments.iter().any(|a| a == "--shell"));
    let sources = if is_shell { dir.join(SHELL) } else { dir.to_owned() };
    pack::revision(&sources, &[dist_of(dir)]).map(drop)
}

/// What we read of a Trunk.toml.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Trunk {
    build: TrunkBuild,
    hooks: Vec<TrunkHook>,
}

impl Trunk {
    fn of(dir: &Path) -> Self {
        let text = fs::read_to_string(dir.join("Trunk.toml")).unwrap_or_default();
        // What is wrong in it is trunk's to say.
        toml::from_str(&text).unwrap_or_default()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TrunkBuild {
    dist: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TrunkHook {
    command_arguments: Vec<String>,
}

/// Build and pack microapps: a release each, in `dist/release`.
///
/// Each is built by its own `trunk build --release`, with the wasm-bindgen that its Cargo.lock names. Tools that are
/// missing are installed into a folder of their own. The same sources give the same bytes. Without --final the version
/// carries the hash of the content, so that the same version never means two things.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  menagerie build .\n  menagerie build wishlist --final\n  menagerie build microapps/cart microapps/home --json"
)]
pub struct Arguments {
    /// The microapps' folders, each with a Trunk.toml. For the shell, the root of its workspace.
    #[arg(required = true)]
    pub dirs: Vec<PathBuf>,
    /// The version exactly as Cargo.toml has it, without the content's hash. For releases that are for ever.
    #[arg(long = "final")]
    pub is_final: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// What a build made.
#[derive(Debug, Serialize)]
struct Built {
    name: String,
    version: String,
    /// The release.
    dir: String,
    /// Bytes of all files.
    bytes: usize,
    /// Bytes after brotli of what a page fetches.
    fetched: usize,
    files: BTreeMap<String, Sizes>,
    seconds: f32,
}

#[derive(Debug, Serialize)]
struct Sizes {
    bytes: usize,
    brotli: usize,
}

/// Builds one after the other and says what each became, and how long it took.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    // All are looked at before the first takes its minutes.
    arguments.dirs.iter().try_for_each(|dir| is_microapp(dir))?;
    if arguments.is_final {
        arguments.dirs.iter().try_for_each(|dir| require_commit(dir))?;
    }
    let mut done = Vec::new();
    for dir in &arguments.dirs {
        let start = Instant::now();
        let say = |what: &str| output::note(format!("{}: {what}", dir.display()));
        let tools = tools_for(dir, &say)?;
        say(&tools.told());
        if arguments.is_final {
            tools.require_all()?;
            // Cargo may have changed Cargo.lock.
            require_commit(dir)?;
        }
        say("compiling; the first time takes minutes …");
        trunk_with(&tools, dir, Output::Show, arguments.is_final)?;
        let mut built = measured(dir)?;
        built.seconds = start.elapsed().as_secs_f32();
        done.push(built);
    }
    Ok(arguments.format.show(&done, || done.iter().map(told).collect::<Vec<_>>().join("\n")))
}

fn is_microapp(dir: &Path) -> Result<(), Error> {
    let missing = |what: &str| Err(Error::new(CONFIGURATION, format!("{} {what}", dir.display())));
    if !dir.is_dir() {
        return missing("is no folder");
    }
    if dir.join("Trunk.toml").is_file() {
        return Ok(());
    }
    if dir.join("microapp.json").is_file() {
        return missing(
            "is a microapp in plain JavaScript, which needs no build: `menagerie pack --dir DIR --out …` packs it",
        );
    }
    missing("has no Trunk.toml, so it is no microapp; `menagerie new NAME` makes one")
}

/// Reads what the build left.
fn measured(dir: &Path) -> Result<Built, Error> {
    let place = release_of(dir);
    if !place.is_dir() {
        let what = format!(
            "{} was built but not packed: Trunk.toml lacks the post_build hook that runs `menagerie pack`",
            dir.display()
        );
        return Err(Error::new(CONFIGURATION, what));
    }
    let files: Files = verify::read(&place)?;
    let release = verify::files(&files)?;
    let sizes = |bytes: &Vec<u8>| Sizes { bytes: bytes.len(), brotli: size::brotli(bytes) };
    Ok(Built {
        fetched: size::fetched(&release, &files),
        name: release.name,
        version: release.version,
        dir: fs::canonicalize(&place).unwrap_or(place).display().to_string(),
        bytes: files.values().map(Vec::len).sum(),
        files: files.iter().map(|(name, bytes)| (name.clone(), sizes(bytes))).collect(),
        seconds: 0.0,
    })
}

fn told(built: &Built) -> String {
    let allowed = match built.name.as_str() {
        SHELL => String::new(),
        _ => format!(" of the {} that a microapp may have", kilobytes(size::MICROAPP)),
    };
    format!(
        "{} {} in {}: {}, {} after brotli{allowed}, built in {:.1} s",
        built.name,
        built.version,
        built.dir,
        kilobytes(built.bytes),
        kilobytes(built.fetched),
        built.seconds
    )
}

/// What becomes of the words of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// They are shown as they come.
    Show,
    /// They are shown if it fails.
    ShowIfFailed,
}

/// Runs `trunk build --release` in `dir`, for a local release.
pub fn trunk(dir: &Path, output: Output) -> Result<(), Error> {
    let tools = tools_for(dir, &|what| output::note(format!("{}: {what}", dir.display())))?;
    trunk_with(&tools, dir, output, false)
}

/// Crates first, then tools: what cargo fetches may change Cargo.lock, and that says which tools fit.
fn tools_for(dir: &Path, say: &dyn Fn(&str)) -> Result<Toolset, Error> {
    fetch(dir, tools::command("cargo"));
    let tools = Toolset::ensure(dir, say)?;
    if tools.compiles_standard_library() {
        // What that is made of, too.
        fetch(dir, tools.release_command("cargo", dir));
    }
    Ok(tools)
}

/// The build, with `no_color` as the environment has it.
fn command(tools: &Toolset, dir: &Path, is_final: bool, no_color: Option<OsString>) -> Command {
    let mut command: Command = tools.release_command("trunk", dir);
    // Trunk would fetch tools that it does not find, which ours are not; and it forbids cargo to fetch crates.
    command.args(["--quiet", "--skip-version-check", "build", "--release", "--offline"]);
    let here = env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf));
    command.env("PATH", with_ourselves(tools.path(), here)).env_remove("RUST_BACKTRACE");
    // Trunk takes it for a flag that contradicts `--quiet`.
    command.env_remove("RUST_LOG");
    command.env_remove(FINAL_VARIABLE);
    if is_final {
        command.env(FINAL_VARIABLE, "true");
    }
    // Trunk refuses `NO_COLOR=1`, which others ask for, and colours of its own beside it.
    match no_color.is_some_and(|value| !value.is_empty()) {
        true => command.env("NO_COLOR", "true").env_remove("TRUNK_COLOR"),
        false => command.env_remove("NO_COLOR"),
    };
    command.stdin(Stdio::null());
    command
}

fn trunk_with(tools: &Toolset, dir: &Path, output: Output, is_final: bool) -> Result<(), Error> {
    let mut command = command(tools, dir, is_final, env::var_os("NO_COLOR"));
    let fault = |why: String| Error::new(BUILD_FAILED, format!("trunk build in {} {why}", dir.display()));
    let status = match output {
        // Its words are no part of our answer.
        Output::Show => command.stdout(stderr()).status().map_err(|error| fault(error.to_string()))?,
        Output::ShowIfFailed => {
            let result = command.output().map_err(|error| fault(error.to_string()))?;
            if !result.status.success() {
                output::pass_on(&result.stdout);
                output::pass_on(&result.stderr);
            }
            result.status
        }
    };
    if status.success() { Ok(()) } else { Err(fault("failed".to_owned())) }
}

/// Has cargo fetch the crates that are not there yet. Where it cannot, what is there may do, as it does offline.
fn fetch(dir: &Path, mut command: Command) {
    if !dir.join("Cargo.toml").is_file() {
        return;
    }
    let mut rustc = tools::command("rustc");
    let host = rustc.args(["--print", "host-tuple"]).current_dir(dir).stdin(Stdio::null()).output();
    let host =
        host.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    command.current_dir(dir).stdin(Stdio::null());
    command.args(["fetch", "--target", TARGET]).stdout(stderr());
    if !host.is_empty() {
        command.args(["--target", &host]);
    }
    if !command.status().is_ok_and(|status| status.success()) {
        output::note(format!(
            "{}: cargo could not fetch crates; going on with those that are there",
            dir.display()
        ));
    }
}

/// PATH with this program's folder first: the hook of a build runs `menagerie`. Where somebody's wasm-bindgen lies beside it,
/// as in cargo's folder, the one that fits comes before: trunk takes the first.
fn with_ourselves(path: &OsString, here: Option<PathBuf>) -> OsString {
    const BINDGEN: &str = "wasm-bindgen";
    let beside = here.as_ref().and_then(|here| tools::find_in(here.as_os_str(), BINDGEN));
    let fitting = beside.and(tools::find_in(path, BINDGEN));
    let fitting = fitting.and_then(|program| program.parent().map(Path::to_path_buf));
    let folders = fitting.into_iter().chain(here).chain(env::split_paths(path));
    env::join_paths(folders).unwrap_or_else(|_| path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That a folder with these files is refused before anything runs, and why.
    fn check(files: &[&str], expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            fs::write(dir.path().join(file), "").unwrap();
        }
        let arguments =
            Arguments { dirs: vec![dir.path().to_owned()], is_final: false, format: Format { json: false } };
        let error = run(&arguments).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), files.len(), "something was left");
    }

    #[test]
    fn folders_that_cannot_be_built() {
        check(&[], "has no Trunk.toml");
        check(&["microapp.json"], "menagerie pack");
        check(&["Trunk.toml"], "E607");
        check(&["Trunk.toml", "Cargo.toml"], "E607");
    }

    #[test]
    fn a_release_lies_where_trunk_puts_it() {
        let dir = tempfile::tempdir().unwrap();
        let check = |text: &str, expected: &str| {
            fs::write(dir.path().join("Trunk.toml"), text).unwrap();
            assert_eq!(release_of(dir.path()), dir.path().join(expected), "{text}");
        };
        check("", "dist/release");
        check("[build]\ntarget = \"x.html\"", "dist/release");
        check("[build]\ndist = \"shell/dist\"", "shell/dist/release");
        check("[build", "dist/release");
    }

    #[test]
    fn what_trunk_is_told_by_the_environment() {
        let tools = Toolset::of_nothing();
        // What is set, and what is taken out.
        let told = |no_color: Option<&str>, name: &str| {
            let command = command(&tools, Path::new("."), false, no_color.map(OsString::from));
            let value = command.get_envs().find(|(key, _)| *key == name).map(|(_, value)| value);
            value.map(|value| value.map(OsString::from))
        };
        for taken_out in ["RUST_LOG", "NO_COLOR", FINAL_VARIABLE] {
            assert_eq!(told(None, taken_out), Some(None), "{taken_out}");
        }
        assert_eq!(told(Some(""), "NO_COLOR"), Some(None));
        assert_eq!(told(None, "TRUNK_COLOR"), None);
        assert_eq!(told(Some("1"), "NO_COLOR"), Some(Some("true".into())));
        assert_eq!(told(Some("1"), "TRUNK_COLOR"), Some(None));
    }

    #[cfg(unix)]
    #[test]
    fn the_wasm_bindgen_that_fits_is_found_before_one_beside_us() {
        use std::os::unix::fs::PermissionsExt;
        let [ours, fitting] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let program = |folder: &Path| {
            let program = folder.join("wasm-bindgen");
            fs::write(&program, "").unwrap();
            fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
        };
        program(fitting.path());
        let path = env::join_paths([fitting.path(), ours.path()]).unwrap();
        let first = || {
            let path = with_ourselves(&path, Some(ours.path().to_owned()));
            env::split_paths(&path).next().unwrap()
        };
        assert_eq!(first(), ours.path(), "another `menagerie` may lie beside the one that fits");
        program(ours.path());
        assert_eq!(first(), fitting.path());
    }

    #[test]
    fn a_build_without_the_hook_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = measured(dir.path()).unwrap_err();
        assert!(error.to_string().contains("post_build"), "{error}");
    }
}
