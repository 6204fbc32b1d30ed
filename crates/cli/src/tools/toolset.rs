//! The tools that build one microapp: those that fit its Cargo.lock. What is missing is installed.

use super::{command, compiler::Compiler, find_in, folder, lock, path, settings::Settings};
use crate::Error;
use contract::code::{CONFIGURATION, TOOL_MISSING};
use serde::Deserialize;
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

/// Newer ones need a newer compiler than rust-toolchain.toml names.
const TRUNK: &str = "0.21.14";
/// The npm package that carries `wasm-opt`.
const BINARYEN: &str = "132.0.0";
/// The oldest Node that runs it.
const NODE: u32 = 20;
/// Where the sources of the standard library are in the compiler's folder.
const SOURCES: &str = "lib/rustlib/src/rust";
/// What microapps are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The tools for the microapp, or the workspace, in a folder.
#[derive(Clone, Debug)]
pub struct Toolset {
    /// The version of wasm-bindgen in its Cargo.lock.
    wasm_bindgen: String,
    /// The version of wasm-opt, or why there is none.
    wasm_opt: Result<String, String>,
    path: OsString,
    /// Flags of the compiler for the wasm.
    flags: Flags,
    /// Whether a panic in a release stops it at once, without words.
    immediate_abort: bool,
    /// A folder with sources that these cannot name otherwise, so that the wasm says where it is.
    told: Option<PathBuf>,
}

impl Toolset {
    /// Finds the tools for `dir` and installs what is missing; `say` hears what takes long.
    pub fn ensure(dir: &Path, say: &dyn Fn(&str)) -> Result<Self, Error> {
        let wasm_bindgen = lock::wasm_bindgen(dir)?;
        let immediate_abort = Settings::of(dir)?.immediate_abort;
        let compiler = Compiler::of(dir);
        compiler.ensure(dir, &Path::new("lib/rustlib").join(TARGET), "target", TARGET)?;
        if immediate_abort {
            compiler.ensure(dir, &Path::new(SOURCES).join("library/Cargo.lock"), "component", "rust-src")?;
        }
        if version_of(&path(), "trunk").as_deref() != Some(TRUNK) {
            cargo_install(dir, "trunk", TRUNK, &folder(), &["--locked"], say)?;
        }
        let path = match path_with(&wasm_bindgen) {
            Some(path) => path,
            None => {
                // Without --locked: its lock file names a package that the registry no longer has.
                cargo_install(dir, "wasm-bindgen-cli", &wasm_bindgen, &root_of(&wasm_bindgen), &[], say)?;
                path_with(&wasm_bindgen).ok_or_else(|| {
                    let what = format!(
                        "wasm-bindgen {wasm_bindgen} is installed, but says that it is another version"
                    );
                    Error::new(TOOL_MISSING, what)
                })?
            }
        };
        let (flags, told) = flags(dir, &compiler);
        Ok(Self { wasm_bindgen, wasm_opt: binaryen(say), path, flags, immediate_abort, told })
    }

    /// Refuses to go on without wasm-opt: a release that is for ever is as small as it can be, and the same whoever builds it.
    pub fn require_all(&self) -> Result<(), Error> {
        if let Some(folder) = &self.told {
            let what = "would be named in the wasm, and a name with blanks cannot be replaced. Move it";
            let what = format!("--final: {} {what}, or set CARGO_HOME or RUSTUP_HOME", folder.display());
            return Err(Error::new(CONFIGURATION, what));
        }
        match &self.wasm_opt {
            Ok(_) => Ok(()),
            Err(why) => Err(Error::new(TOOL_MISSING, format!("--final needs wasm-opt {BINARYEN}: {why}"))),
        }
    }

    /// One line with what there is.
    pub fn told(&self) -> String {
        let wasm_opt = match &self.wasm_opt {
            Ok(version) => format!("wasm-opt {version}"),
            Err(why) => format!("no wasm-opt, so the wasm stays larger ({why})"),
        };
        format!("trunk {TRUNK}, wasm-bindgen {}, {wasm_opt}", self.wasm_bindgen)
    }

    /// PATH with these tools first.
    pub fn path(&self) -> &OsString {
        &self.path
    }

    /// A command that runs in `dir` and finds these tools first.
    pub fn command(&self, program: &str, dir: &Path) -> Command {
        // By its full path: where a program is looked for is our own PATH, not the one that it is given.
        let mut command = command(find_in(&self.path, program).unwrap_or_else(|| program.into()));
        command.current_dir(dir).env("PATH", &self.path);
        command.env(self.flags.variable, &self.flags.text);
        // Where there are any of these, cargo forgets all others, those of the workspace too. They are among ours.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    /// Whether a release has a standard library that is compiled with it.
    pub fn compiles_standard_library(&self) -> bool {
        self.immediate_abort
    }

    /// A [`command`](Self::command) that compiles for a release: [`TARGET`] alone, and what that is compiled with.
    pub fn release_command(&self, program: &str, dir: &Path) -> Command {
        let mut command = self.command(program, dir);
        if self.immediate_abort {
            // Unstable in cargo and rustc: the standard library is compiled anew with it (docs/ARCHITECTURE.md, "Size").
            command.env("RUSTC_BOOTSTRAP", "1").env(STANDARD_LIBRARY_VARIABLE, "std,panic_abort");
            command.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
            let flags = format!("{} -Zunstable-options -Cpanic=immediate-abort", self.flags.text);
            command.env(self.flags.variable, flags);
        }
        command
    }
}

/// Flags of the compiler for the wasm, beside those of the same kind in a `.cargo/config.toml`, to which cargo adds them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flags {
    variable: &'static str,
    text: String,
}

/// Names the parts of the standard library that cargo compiles anew.
const STANDARD_LIBRARY_VARIABLE: &str = "CARGO_UNSTABLE_BUILD_STD";
/// Names flags for the target.
const FLAGS_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
/// Names flags for whatever is compiled, which cargo forgets where there are any for the target.
const BUILD_FLAGS_VARIABLE: &str = "CARGO_BUILD_RUSTFLAGS";

/// The variable for flags in a folder: that for the target, unless somebody's `build.rustflags` hold there, which it would end.
fn variable(dir: &Path, home: &Path, is_set: impl Fn(&str) -> bool) -> &'static str {
    // As cargo, which is run there, finds itself.
    let whole = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let folders = whole.ancestors().map(|folder| folder.join(".cargo")).chain([home.to_owned()]);
    let configs: Vec<toml::Table> = folders
        .map(|folder| fs::read_to_string(folder.join("config.toml")).unwrap_or_default())
        .map(|text| text.parse().unwrap_or_default())
        .collect();
    let has_flags = |table: &toml::Value| table.get("rustflags").is_some();
    // Whether a condition holds is cargo's to say; one that names wasm is for ours, unless it is for all others.
    let is_ours = |name: &str| {
        name == TARGET || name.starts_with("cfg(") && name.contains("wasm") && !name.contains("not(")
    };
    let are_for_target = |config: &toml::Table| {
        let targets = config.get("target").and_then(toml::Value::as_table);
        targets.into_iter().flatten().any(|(name, target)| is_ours(name) && has_flags(target))
    };
    let are_for_builds = |config: &toml::Table| config.get("build").is_some_and(has_flags);
    let for_target = is_set(FLAGS_VARIABLE) || configs.iter().any(are_for_target);
    let for_builds = is_set(BUILD_FLAGS_VARIABLE) || configs.iter().any(are_for_builds);
    if for_builds && !for_target { BUILD_FLAGS_VARIABLE } else { FLAGS_VARIABLE }
}

/// Where cargo keeps what it fetched, and its user's configuration.
fn cargo_home() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default()
}

/// Those of the environment that hold for everything that is compiled.
fn flags_of_everything() -> Option<String> {
    let set = |name| env::var(name).ok().filter(|flags: &String| !flags.is_empty());
    set("CARGO_ENCODED_RUSTFLAGS").map(|flags| flags.replace('\x1f', " ")).or_else(|| set("RUSTFLAGS"))
}

/// Those of the environment, and that places in crates are not named by where somebody keeps them: the same commit gives the
/// same bytes in everybody's home. And a folder of which this cannot be said.
fn flags(dir: &Path, compiler: &Compiler) -> (Flags, Option<PathBuf>) {
    let everything = flags_of_everything();
    let variable = if everything.is_some() {
        FLAGS_VARIABLE
    } else {
        variable(dir, &cargo_home(), |name| env::var_os(name).is_some())
    };
    let own = env::var(variable).ok();
    let flags = own.into_iter().chain(everything).collect::<Vec<_>>().join(" ");
    let (text, told) = renamed(flags, source_folders(Metadata::of(dir), compiler));
    (Flags { variable, text }, told)
}

fn renamed(mut flags: String, folders: Vec<(PathBuf, String)>) -> (String, Option<PathBuf>) {
    let mut told = None;
    for (folder, name) in folders {
        // The variable is cut at blanks.
        match folder.to_str().filter(|folder| !folder.contains(char::is_whitespace)) {
            Some(folder) => flags += &format!(" --remap-path-prefix={folder}={name}"),
            None => told = Some(folder),
        }
    }
    (flags, told)
}

/// Where sources of crates lie that are named by their whole path, and what each is called instead: those of registries, of
/// repositories, of folders outside the workspace, and those of the standard library.
fn source_folders(metadata: Metadata, compiler: &Compiler) -> Vec<(PathBuf, String)> {
    let home = cargo_home();
    let within = |folder: &Path| -> Vec<PathBuf> {
        let mut found: Vec<_> =
            fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        found.sort();
        found
    };
    let registries = within(&home.join("registry/src"));
    let revisions = within(&home.join("git/checkouts")).iter().flat_map(|of| within(of)).collect::<Vec<_>>();
    let mut folders: Vec<_> =
        registries.into_iter().chain(revisions).map(|folder| (folder, "crates".to_owned())).collect();
    let library = compiler.sysroot.join(SOURCES);
    if library.is_dir() {
        // Where they are, rustc names them in place of what it calls them where they are not.
        folders.push((library, format!("/rustc/{}", compiler.commit)));
    }
    folders.extend(outside_packages(metadata));
    folders
}

/// The packages that a microapp takes from folders outside its workspace, with their names.
fn outside_packages(metadata: Metadata) -> Vec<(PathBuf, String)> {
    let outside = metadata.packages.into_iter().filter(|package| {
        package.source.is_none() && !package.manifest_path.starts_with(&metadata.workspace_root)
    });
    let mut folders: Vec<_> = outside
        .filter_map(|package| {
            Some((package.manifest_path.parent()?.to_owned(), format!("crates/{}", package.name)))
        })
        .collect();
    folders.sort();
    folders
}

/// What we read of `cargo metadata`.
#[derive(Default, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

impl Metadata {
    fn of(dir: &Path) -> Self {
        let mut command = command("cargo");
        command
            .args(["metadata", "--format-version", "1", "--offline"])
            .current_dir(dir)
            .stdin(Stdio::null());
        // What cargo has against the sources it says when it compiles them.
        let said = command.output().map(|output| output.stdout).unwrap_or_default();
        serde_json::from_slice(&said).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Package {
    name: String,
    source: Option<String>,
    manifest_path: PathBuf,
}

/// The versions of everything that turns the sources in `dir` into a release, and flags of the environment. Installs nothing.
pub fn versions(dir: &Path) -> Result<String, Error> {
    let wasm_bindgen = lock::wasm_bindgen(dir)?;
    let wasm_opt = installed_binaryen().unwrap_or_default();
    let flags = flags_of_everything().unwrap_or_default();
    Ok(format!("trunk {TRUNK} wasm-bindgen {wasm_bindgen} wasm-opt {wasm_opt} {flags}"))
}

/// Each version of wasm-bindgen has a folder of its own: microapps need not have the same one.
fn root_of(wasm_bindgen: &str) -> PathBuf {
    folder().join(format!("wasm-bindgen-{wasm_bindgen}"))
}

/// PATH so that this version of wasm-bindgen is found first, if it is there.
fn path_with(wasm_bindgen: &str) -> Option<OsString> {
    let usual = path();
    let own = root_of(wasm_bindgen).join("bin");
    let with_own = env::join_paths([own].into_iter().chain(env::split_paths(&usual))).ok();
    [Some(usual), with_own].into_iter().flatten().find(|path| {
        ["wasm-bindgen", "wasm-bindgen-test-runner"]
            .iter()
            .all(|name| version_of(path, name).as_deref() == Some(wasm_bindgen))
    })
}

/// What `name --version` says, without the name.
fn version_of(path: &OsString, name: &str) -> Option<String> {
    let output = command(find_in(path, name)?)
        .arg("--version")
        .stdin(Stdio::null())
        .env_remove("NO_COLOR")
        .output()
        .ok()?;
    version_in(&String::from_utf8_lossy(&output.stdout)).map(str::to_owned)
}

fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

fn cargo_install(
    dir: &Path,
    package: &str,
    version: &str,
    root: &Path,
    flags: &[&str],
    say: &dyn Fn(&str),
) -> Result<(), Error> {
    say(&format!("installing {package} {version} into {}; this takes minutes, once", root.display()));
    let mut arguments: Vec<_> = ["install", package, "--version", version].map(OsString::from).into();
    arguments.extend(flags.iter().map(OsString::from));
    arguments.extend(["--root".into(), root.into()]);
    let fault = |why: String| {
        let words: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        let command = words.join(" ");
        Error::new(
            TOOL_MISSING,
            format!("{package} {version} could not be installed ({why}); by hand: cargo {command}"),
        )
    };
    let mut command = command("cargo");
    // Its words are no part of our answer.
    command.args(&arguments).current_dir(dir).stdin(Stdio::null()).stdout(std::io::stderr());
    // A folder for this install alone: what is built here fits nothing else.
    let status = command.env_remove("CARGO_TARGET_DIR").status().map_err(|error| fault(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(fault(status.to_string())) }
}

/// The version of wasm-opt, which is installed if need be, or why there is none. That is tried once: without a line to the
/// registry it takes long to fail.
fn binaryen(say: &dyn Fn(&str)) -> Result<String, String> {
    static TRIED: OnceLock<Result<String, String>> = OnceLock::new();
    match installed_binaryen() {
        Some(version) => Ok(version),
        None => TRIED.get_or_init(|| install_binaryen(say)).clone(),
    }
}

fn install_binaryen(say: &dyn Fn(&str)) -> Result<String, String> {
    let node =
        version_of_node().ok_or_else(|| format!("it needs Node {NODE} or newer, which is not installed"))?;
    if node < NODE {
        return Err(format!("it needs Node {NODE} or newer, and there is {node}"));
    }
    say(&format!("installing binaryen {BINARYEN} into {}", folder().display()));
    fs::create_dir_all(folder()).map_err(|error| error.to_string())?;
    let output = command("npm")
        .args(["install", "--omit=optional", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"])
        .arg(format!("binaryen@{BINARYEN}"))
        .arg("--prefix")
        .arg(folder())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("npm cannot be run: {error}"))?;
    installed_binaryen().ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        format!(
            "npm could not install it: {}",
            said.lines().find(|line| line.contains("ERR")).unwrap_or("no reason given")
        )
    })
}

/// The wasm-opt that releases are made with, where it is there. Any other makes other bytes, or knows not all that we ask for.
pub fn wasm_opt() -> Option<PathBuf> {
    installed_binaryen().and_then(|_| super::find("wasm-opt"))
}

/// The version of binaryen in the tools folder, if it is the one we want.
fn installed_binaryen() -> Option<String> {
    let text = fs::read(folder().join("node_modules/binaryen/package.json")).ok()?;
    let package: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let version = package.get("version")?.as_str()?;
    let path = path();
    let runs =
        version == BINARYEN && find_in(&path, "wasm-opt").is_some() && find_in(&path, "node").is_some();
    runs.then(|| version.to_owned())
}

fn version_of_node() -> Option<u32> {
    let output = command("node").arg("--version").output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
impl Toolset {
    /// None of its tools is there.
    pub(crate) fn of_nothing() -> Self {
        Self {
            wasm_bindgen: "0.2.99".into(),
            wasm_opt: Err("none".into()),
            path: path(),
            flags: Flags { variable: FLAGS_VARIABLE, text: String::new() },
            immediate_abort: false,
            told: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::TOKEN_VARIABLE;

    #[test]
    fn programs_say_their_version_in_their_own_way() {
        for (said, expected) in [
            ("trunk 0.21.14\n", Some("0.21.14")),
            ("wasm-bindgen 0.2.99 (abc)\n", Some("0.2.99")),
            ("usage: trunk", None),
            ("", None),
        ] {
            assert_eq!(version_in(said), expected, "{said}");
        }
    }

    #[test]
    fn flags_for_everything_do_not_take_ours_away() {
        let text = "-Dwarnings --remap-path-prefix=/home/ada=crates";
        let flags = Flags { variable: FLAGS_VARIABLE, text: text.into() };
        let ours = Toolset { flags, ..Toolset::of_nothing() };
        let value = |name: &str| {
            let command = ours.command("cargo", Path::new("."));
            command.get_envs().find(|(key, _)| *key == name).map(|(_, value)| value.map(OsString::from))
        };
        assert_eq!(value("RUSTFLAGS"), Some(None), "it is taken out");
        assert_eq!(value(TOKEN_VARIABLE), Some(None), "a dependency's build.rs could read it");
        assert_eq!(value(FLAGS_VARIABLE), Some(Some(text.into())));
        assert!(ours.require_all().unwrap_err().to_string().contains("--final needs wasm-opt"));

        let folders = ["/home/ada/sdk", "/home/ada l/sdk"].map(|f| (f.into(), "crates/sdk".to_owned()));
        let (flags, told) = renamed("-Dwarnings".into(), folders.into());
        assert_eq!(flags, "-Dwarnings --remap-path-prefix=/home/ada/sdk=crates/sdk");
        let unnamed = Toolset { told, ..ours }.require_all().unwrap_err().to_string();
        assert!(unnamed.contains("/home/ada l/sdk would be named in the wasm"), "{unnamed}");
    }

    #[cfg(unix)]
    #[test]
    fn flags_of_builds_stay_however_the_folder_is_named() {
        let place = tempfile::tempdir().unwrap();
        let cart = place.path().join("workspace/cart");
        fs::create_dir_all(place.path().join("workspace/.cargo")).unwrap();
        fs::create_dir_all(&cart).unwrap();
        let up = "../".repeat(env::current_dir().unwrap().components().count() - 1);
        let from_here = Path::new(&up).join(cart.strip_prefix("/").unwrap());
        let build = "[build]\nrustflags = [\"-Dwarnings\"]\n";
        let other = "[target.'cfg(not(target_arch = \"wasm32\"))']\nrustflags = \"-Cx\"";
        for (config, expected) in [
            (build, BUILD_FLAGS_VARIABLE),
            (&format!("{build}{other}"), BUILD_FLAGS_VARIABLE),
            (&format!("{build}[target.{TARGET}]\nrustflags = \"-Cx\""), FLAGS_VARIABLE),
            (&format!("{build}[target.x86_64-pc-windows-msvc]\nrustflags = \"-Cx\""), BUILD_FLAGS_VARIABLE),
            (
                &format!("{build}[target.'cfg(target_family = \"wasm\")']\nrustflags = \"-Cx\""),
                FLAGS_VARIABLE,
            ),
        ] {
            fs::write(place.path().join("workspace/.cargo/config.toml"), config).unwrap();
            for dir in [&cart, &from_here] {
                assert_eq!(variable(dir, place.path(), |_| false), expected, "{config} in {}", dir.display());
            }
        }
    }

    #[test]
    fn packages_outside_the_workspace_are_named_by_what_they_are_called() {
        let folder = tempfile::tempdir().unwrap();
        for (name, more) in
            [("sdk", ""), ("cart", "[dependencies]\nsdk = { path = \"../sdk\" }\n[workspace]\n")]
        {
            let dir = folder.path().join(name);
            fs::create_dir_all(dir.join("src")).unwrap();
            fs::write(dir.join("src/lib.rs"), "").unwrap();
            let toml =
                format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}");
            fs::write(dir.join("Cargo.toml"), toml).unwrap();
        }
        let found = outside_packages(Metadata::of(&folder.path().join("cart")));
        let sdk = fs::canonicalize(folder.path().join("sdk")).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((fs::canonicalize(&found[0].0).unwrap(), found[0].1.as_str()), (sdk, "crates/sdk"));
    }

    #[test]
    fn releases_that_stop_at_panics_have_a_standard_library_of_their_own() {
        let tools = Toolset { immediate_abort: true, ..Toolset::of_nothing() };
        let told = |command: Command, name: &str| {
            let mut set = command.get_envs().filter(|(key, _)| *key == name);
            set.next().and_then(|(_, value)| value).map(|value| value.to_string_lossy().into_owned())
        };
        let command = || tools.release_command("cargo", Path::new("."));
        assert!(told(command(), FLAGS_VARIABLE).unwrap().contains("-Cpanic=immediate-abort"));
        assert_eq!(told(command(), STANDARD_LIBRARY_VARIABLE).as_deref(), Some("std,panic_abort"));
        let program = tools.command("cargo", Path::new("."));
        assert_eq!(told(program, STANDARD_LIBRARY_VARIABLE), None, "it runs on this machine");
    }

    /// Where rust-analyzer works, the sources of the standard library are there: the same commit gives the same bytes.
    #[test]
    fn the_standard_library_is_called_the_same_everywhere() {
        let home = tempfile::tempdir().unwrap();
        let compiler = Compiler { sysroot: home.path().to_owned(), commit: "abc".into() };
        let sources = (home.path().join(SOURCES), "/rustc/abc".to_owned());
        assert!(!source_folders(Metadata::default(), &compiler).contains(&sources), "they are not there");
        fs::create_dir_all(&sources.0).unwrap();
        assert!(source_folders(Metadata::default(), &compiler).contains(&sources));
    }

    #[test]
    fn each_version_of_wasm_bindgen_has_a_folder_of_its_own() {
        assert_ne!(root_of("0.2.99"), root_of("0.2.130"));
        assert!(path_with("0.0.0").is_none(), "nobody has this version");
    }
}
