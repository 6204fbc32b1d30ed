//! `menagerie pack`: what a build staged becomes a release. Trunk's `post_build` hook.

use crate::{
    Error, agent, build, output,
    shown::Format,
    size::kilobytes,
    wasm_opt::{self, Names},
};
use contract::{
    code::{CONFIGURATION, TOOL_MISSING},
    release::DESCRIPTION_FILE,
};
use release::pack::{Parts, Versioning, plain};
use serde_json::json;
use std::{
    ffi::OsString,
    fs,
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
    after_help = "Examples:\n  menagerie pack\n  menagerie pack --dir microapps/cart --staging microapps/cart/dist\n  menagerie pack --dir . --shell\n  menagerie pack --dir hello-in-javascript --out /tmp/hello --json"
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
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
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
    let versioning = match arguments.is_final {
        true => {
            let made = [build::dist_of(&arguments.dir), staging.clone(), out.clone()];
            let revision = revision(dir, &made)?;
            if revision.is_empty() {
                output::note(format!(
                    "{}: no repository has a commit of it, so the release names none",
                    dir.display()
                ));
            }
            Versioning::Final { revision }
        }
        false => Versioning::Local,
    };
    let (mut optimised, mut remark) = (false, "");
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
                Some(smaller) => (parts.module, optimised) = (smaller, true),
                None if arguments.is_final => {
                    let what = "--final needs wasm-opt, which `menagerie build` installs where there is Node";
                    return Err(Error::new(TOOL_MISSING, what));
                }
                None => remark = ", without wasm-opt: it is not installed",
            }
        }
        parts.pack(&versioning)?
    } else {
        plain(dir, &versioning)?
    };
    packed.write(&out).map_err(|error| {
        Error::new(CONFIGURATION, format!("{} cannot be written: {error}", out.display()))
    })?;
    let (name, version) = (&packed.release.name, &packed.release.version);
    let bytes: usize = packed.files.values().map(Vec::len).sum();
    let answer = json!({
        "name": name,
        "version": version,
        "dir": out.display().to_string(),
        "bytes": bytes,
        "wasm_opt": optimised,
    });
    Ok(arguments
        .format
        .show(&answer, || format!("{name} {version} in {}, {}{remark}", out.display(), kilobytes(bytes))))
}

/// The last commit that changed something in the folder, or nothing outside a repository: what changes elsewhere makes no
/// other bytes of the same sources. What it has not got, but for the places that builds write to, is a fault.
pub(crate) fn revision(dir: &Path, made: &[PathBuf]) -> Result<String, Error> {
    let fault = |why: &str| {
        let what = format!("--final names the last commit that changed {}, and {why}", dir.display());
        Err(Error::new(CONFIGURATION, what))
    };
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let whole = canonical(dir);
    if !whole.ancestors().any(|folder| folder.join(".git").exists()) {
        return Ok(String::new());
    }
    let run = |command: &mut Command| {
        let output = command.output().map_err(|error| format!("git cannot be run: {error}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    };
    let command = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(dir).args(arguments);
        command
    };
    let git = |arguments: &[&str]| run(&mut command(arguments));
    // A repository without a commit has none to name.
    if git(&["rev-parse", "--git-dir"]).is_ok() && git(&["rev-parse", "--verify", "HEAD"]).is_err() {
        return Ok(String::new());
    }
    let commit = match git(&["log", "-1", "--format=%H", "--", "."]) {
        Ok(commit) => commit,
        Err(why) => return fault(&format!("git does not say: {why}")),
    };
    let mut status = command(&["status", "--porcelain", "-z", "--untracked-files=normal", "--", "."]);
    for place in made.iter().map(|place| canonical(place)) {
        if let Some(place) = place.strip_prefix(&whole).ok().filter(|place| !place.as_os_str().is_empty()) {
            let mut left_out = OsString::from(":(exclude,literal)");
            left_out.push(place);
            status.arg(left_out);
        }
    }
    let changed = match run(&mut status) {
        Ok(changed) => changed,
        Err(why) => return fault(&format!("git does not say: {why}")),
    };
    // Two letters and the path.
    let first = changed.split('\0').next().and_then(|entry| Some(entry.split_once(' ')?.1.trim_start()));
    if let Some(file) = first {
        let why = if file.ends_with("Cargo.lock") {
            "cargo writes it anew with each new version: commit it"
        } else {
            "commit it first, or name it in .gitignore if it is no source"
        };
        return fault(&format!("`{file}` is not in it as it is here; {why}"));
    }
    // Where a shallow clone ends, git takes all files for changed.
    let ends = git(&["rev-parse", "--git-path", "shallow"]).map(|path| dir.join(path));
    let ends = ends.ok().and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
    if !commit.is_empty() && ends.lines().any(|end| end == commit) {
        return fault(
            "this clone does not reach back to it; fetch the whole history (`git fetch --unshallow`, in a pipeline depth 0)",
        );
    }
    Ok(commit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_release_names_the_last_commit_of_its_folder() {
        let [whole, home] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let git = |dir: &Path, arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(dir).args(["-c", "user.name=a", "-c", "user.email=a@b.example"]);
            let output = command.args(arguments).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        let revision = |dir: &Path| revision(dir, &[dir.join("made")]);
        assert_eq!(revision(home.path()).unwrap(), "", "outside a repository");
        git(whole.path(), &["init", "-q"]);
        assert_eq!(revision(whole.path()).unwrap(), "", "without a commit");
        let commit = |file: &str| {
            let path = whole.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
            git(whole.path(), &["add", "."]);
            git(whole.path(), &["commit", "-q", "-m", file]);
            git(whole.path(), &["rev-parse", "HEAD"])
        };
        let (cart, home_page) = (commit("cart/a"), commit("home/a"));
        assert_eq!(revision(&whole.path().join("cart")).unwrap(), cart);
        assert_eq!(revision(&whole.path().join("home")).unwrap(), home_page);

        // What that commit does not have is of no release.
        let cart_folder = whole.path().join("cart");
        fs::create_dir(cart_folder.join("made")).unwrap();
        fs::write(cart_folder.join("made/release.js"), "").unwrap();
        fs::write(whole.path().join("home/b"), "new").unwrap();
        assert_eq!(revision(&cart_folder).unwrap(), cart);
        for (file, text, as_it_was) in [("a", "changed", "cart/a"), ("new one", "", "")] {
            let path = cart_folder.join(file);
            fs::write(&path, text).unwrap();
            let error = revision(&cart_folder).unwrap_err();
            assert_eq!(error.code(), CONFIGURATION);
            assert!(error.message().contains(&format!("`cart/{file}` is not in it")), "{}", error.message());
            if as_it_was.is_empty() { fs::remove_file(&path) } else { fs::write(&path, as_it_was) }.unwrap();
        }
        fs::write(cart_folder.join("Cargo.lock"), "").unwrap();
        let error = revision(&cart_folder).unwrap_err();
        assert!(error.message().contains("with each new version"), "{}", error.message());
        fs::remove_file(cart_folder.join("Cargo.lock")).unwrap();
        assert_eq!(revision(&cart_folder).unwrap(), cart);
        git(whole.path(), &["rm", "-q", "--cached", "cart/a"]);
        assert!(revision(&cart_folder).is_err(), "a commit of what is staged would not have it");
        git(whole.path(), &["add", "cart/a"]);

        let shallow = home.path().join("clone");
        let address = format!("file://{}", whole.path().display());
        git(home.path(), &["clone", "-q", "--depth", "1", &address, "clone"]);
        let error = revision(&shallow.join("cart")).unwrap_err();
        assert!(error.to_string().contains("--unshallow"), "{error}");
        git(&shallow, &["fetch", "-q", "--unshallow"]);
        assert_eq!(revision(&shallow.join("cart")).unwrap(), cart);
    }

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
            format: Format { json: false },
        };
        let error = run(&arguments).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION, "{error}");
        assert_eq!(fs::read_to_string(dir.path().join(DESCRIPTION_FILE)).unwrap(), description);
        arguments.out = None;
        assert_eq!(run(&arguments).unwrap(), run(&arguments).unwrap());
        arguments.format.json = true;
        let answer: serde_json::Value = serde_json::from_str(&run(&arguments).unwrap()).unwrap();
        for key in ["name", "version", "dir", "bytes", "wasm_opt"] {
            assert!(answer.get(key).is_some(), "{key}: {answer}");
        }
        assert_eq!((&answer["name"], &answer["wasm_opt"]), (&json!("hello"), &json!(false)));
        assert!(Path::new(answer["dir"].as_str().unwrap()).join(DESCRIPTION_FILE).is_file(), "{answer}");
        // No compiler has said anything.
        arguments.out = Some(dir.path().join("hello.js/release"));
        assert_eq!(run(&arguments).unwrap_err().code(), CONFIGURATION);
    }
}
