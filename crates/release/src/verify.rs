//! Whether a release is good. Packing, publishing and the server all ask here and nowhere else.

use crate::{Error, Files, PAGE, ROOT, SHELL, error::unreadable, exports, hash};
use contract::{
    CONTRACT,
    code::{self, Code},
    release::{DESCRIPTION_FILE, Release, is_app_name, is_file_name},
    route::Pattern,
};
use std::{fs, path::Path};

/// The most bytes that all files of a release may have together, uncompressed.
pub const SIZE_CAP: u64 = 10 * 1024 * 1024;

/// The most bytes of `microapp.json`: every page reads it, as a part of the manifest.
const DESCRIPTION_CAP: usize = 256 * 1024;

/// Checks the release in a folder.
pub fn folder(dir: &Path) -> Result<Release, Error> {
    files(&read(dir)?)
}

/// Reads the files of a release's folder, or of the source of one in plain JavaScript. What begins with a dot belongs to
/// other tools, and in `dist` is what was packed.
pub fn read(dir: &Path) -> Result<Files, Error> {
    let (mut files, mut sizes) = (Files::new(), Vec::new());
    for entry in fs::read_dir(dir).map_err(|error| unreadable(dir, &error))? {
        let entry = entry.map_err(|error| unreadable(dir, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let metadata = entry.metadata().map_err(|error| unreadable(&path, &error))?;
        if name.starts_with('.') || (name == "dist" && metadata.is_dir()) {
            continue;
        }
        if !metadata.is_file() {
            return Err(Error::new(code::RELEASE_FILE_NAME, name, "is not a plain file"));
        }
        sizes.push((name, metadata.len()));
    }
    check_size(sizes.iter().map(|(name, size)| (name.as_str(), *size)))?;
    for (name, _) in sizes {
        let path = dir.join(&name);
        files.insert(name, fs::read(&path).map_err(|error| unreadable(&path, &error))?);
    }
    Ok(files)
}

/// Refuses what is over the cap, and names the largest.
fn check_size<'n>(files: impl Iterator<Item = (&'n str, u64)> + Clone) -> Result<(), Error> {
    let size: u64 = files.clone().map(|(_, size)| size).sum();
    if size <= SIZE_CAP {
        return Ok(());
    }
    let (name, most) = files.max_by_key(|(_, size)| *size).unwrap_or_default();
    let what = format!("is the largest, with {most} of {size} bytes; {SIZE_CAP} are allowed in all");
    Err(Error::new(code::RELEASE_TOO_LARGE, name, what))
}

/// Checks a release given as its files, `microapp.json` among them, and gives back its description.
pub fn files(files: &Files) -> Result<Release, Error> {
    let release = read_description(files)?;
    description(&release)?;
    contents(&release, files)?;
    entry(&release, &files[&release.entry])?;
    Ok(release)
}

/// Reads the description among the files of a release, and checks nothing of what it says.
pub fn read_description(files: &Files) -> Result<Release, Error> {
    let text = files.get(DESCRIPTION_FILE).ok_or_else(|| at_fault(code::RELEASE_MANIFEST, "is missing"))?;
    if text.len() > DESCRIPTION_CAP {
        let what = format!("has {} bytes; {DESCRIPTION_CAP} are taken", text.len());
        return Err(at_fault(code::RELEASE_MANIFEST, what));
    }
    serde_json::from_slice(text).map_err(|error| {
        at_fault(code::RELEASE_MANIFEST, format!("is not a description of a release: {error}"))
    })
}

/// Checks what a description says, without looking at the files.
pub fn description(release: &Release) -> Result<(), Error> {
    let manifest = |what: String| Err(at_fault(code::RELEASE_MANIFEST, what));
    if release.contract != CONTRACT {
        return manifest(format!("`contract` is {}, but only {CONTRACT} is known", release.contract));
    }
    if !is_app_name(&release.name) {
        return Err(at_fault(
            code::RELEASE_NAME,
            format!("`name` is {:?}; it must match [a-z][a-z0-9-]{{0,31}}", release.name),
        ));
    }
    if release.name == ROOT {
        let what = format!("`name` is {ROOT:?}, whose class every microapp's root has; choose another");
        return Err(at_fault(code::RELEASE_NAME, what));
    }
    if let Err(error) = semver::Version::parse(&release.version) {
        return manifest(format!("`version` {:?} is not semver: {error}", release.version));
    }
    if release.title.trim().is_empty() {
        return manifest("`title` is empty".to_owned());
    }
    let paths = release.routes.iter().map(|route| ("routes", route));
    let aliases = release.aliases.iter().flat_map(|(from, to)| [("aliases", from), ("aliases", to)]);
    for (field, pattern) in paths.chain(aliases) {
        if Pattern::parse(pattern).is_none() {
            return manifest(format!(
                "`{field}` has {pattern:?}, which is not a path such as /product/{{id}}"
            ));
        }
    }
    for (field, names) in [("commands", &release.commands), ("events", &release.events)] {
        for name in names {
            let own = name.strip_prefix(&release.name).and_then(|rest| rest.strip_prefix('.'));
            if own.is_none_or(str::is_empty) {
                return manifest(format!(
                    "`{field}` has {name:?}, which does not begin with `{}.`",
                    release.name
                ));
            }
        }
    }
    Ok(())
}

fn contents(release: &Release, files: &Files) -> Result<(), Error> {
    for name in files.keys().chain(release.files.keys()) {
        if !is_file_name(name) {
            return Err(Error::new(code::RELEASE_FILE_NAME, name, "is not a plain file name"));
        }
    }
    if release.files.contains_key(DESCRIPTION_FILE) {
        // It cannot say what its own hash is, and nothing else would compare the two.
        return Err(Error::new(
            code::RELEASE_FILE_NAME,
            DESCRIPTION_FILE,
            "describes the others, and is none of them",
        ));
    }
    let named = [&release.entry].into_iter().chain(&release.module).chain(&release.styles);
    for name in named.chain(release.files.keys()) {
        if !release.files.contains_key(name) || !files.contains_key(name) {
            return Err(Error::new(
                code::RELEASE_FILE_MISSING,
                name,
                "is in the description but not in the release",
            ));
        }
    }
    if release.name == SHELL && !files.contains_key(PAGE) {
        return Err(Error::new(
            code::RELEASE_FILE_MISSING,
            PAGE,
            "is missing: the shell is the page that visitors get",
        ));
    }
    check_size(files.iter().map(|(name, bytes)| (name.as_str(), bytes.len() as u64)))?;
    for (name, bytes) in files {
        if name == DESCRIPTION_FILE {
            continue;
        }
        let Some(promised) = release.files.get(name) else {
            return Err(Error::new(
                code::RELEASE_FILE_MISSING,
                name,
                "is in the release but not in its description",
            ));
        };
        let found = hash::file(bytes);
        if *promised != found {
            let what = format!(
                "promised are {} bytes with {}, found {} bytes with {}",
                promised.size, promised.integrity, found.size, found.integrity
            );
            return Err(Error::new(code::RELEASE_INTEGRITY, name, what));
        }
    }
    Ok(())
}

fn entry(release: &Release, bytes: &[u8]) -> Result<(), Error> {
    let fault = |what: &str| Err(Error::new(code::RELEASE_ENTRY, &release.entry, what));
    let Ok(text) = std::str::from_utf8(bytes) else {
        return fault("is not UTF-8");
    };
    if release.name == SHELL {
        return Ok(()); // the shell starts by itself; nobody mounts it
    }
    let exports = exports::names(text);
    if exports.contains("default") {
        return Ok(()); // it may have both; only running it would tell
    }
    match ["mount", "unmount"].iter().find(|name| !exports.contains(**name)) {
        Some(missing) => fault(&format!("does not export `{missing}`")),
        None => Ok(()),
    }
}

fn at_fault(code: Code, what: impl Into<String>) -> Error {
    Error::new(code, DESCRIPTION_FILE, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ENTRY: &str = "export const mount = 1; export const unmount = 2;";

    /// A good release, changed by `change`, with the entry's hash made right first.
    fn release(change: impl FnOnce(&mut Value, &mut Files)) -> Files {
        let mut description = json!({
            "contract": 1, "name": "cart", "version": "1.0.0", "entry": "cart.js", "title": "Cart",
            "files": { "cart.js": hash::file(ENTRY.as_bytes()) }, "routes": ["/cart"],
            "aliases": { "/basket?id={id}": "/cart" }, "commands": ["cart.add"], "events": ["cart.changed"],
        });
        let mut files = Files::from([("cart.js".to_owned(), ENTRY.as_bytes().to_vec())]);
        change(&mut description, &mut files);
        files.entry(DESCRIPTION_FILE.to_owned()).or_insert(description.to_string().into_bytes());
        files
    }

    fn check(expected: Code, change: impl FnOnce(&mut Value, &mut Files)) {
        let files = release(change);
        let error = super::files(&files).unwrap_err();
        assert_eq!(error.code, expected, "{error}");
    }

    /// Puts `text` in as `name`, listed with the right hash.
    fn put(description: &mut Value, files: &mut Files, name: &str, text: &str) {
        description["files"][name] = json!(hash::file(text.as_bytes()));
        files.insert(name.to_owned(), text.as_bytes().to_vec());
    }

    #[test]
    fn a_good_release() {
        assert_eq!(files(&release(|_, _| {})).unwrap().name, "cart");
    }

    #[test]
    fn descriptions_at_fault() {
        check(code::RELEASE_MANIFEST, |_, files| {
            files.insert(DESCRIPTION_FILE.into(), b"{".to_vec());
        });
        for (field, value, expected) in [
            ("contract", json!(2), code::RELEASE_MANIFEST),
            ("name", json!("Cart"), code::RELEASE_NAME),
            ("name", json!("root"), code::RELEASE_NAME),
            ("version", json!("1.0"), code::RELEASE_MANIFEST),
            ("title", json!(" "), code::RELEASE_MANIFEST),
            ("routes", json!(["cart"]), code::RELEASE_MANIFEST),
            ("aliases", json!({ "/x": "{" }), code::RELEASE_MANIFEST),
            ("commands", json!(["product.add"]), code::RELEASE_MANIFEST),
            ("commands", json!(["cart."]), code::RELEASE_MANIFEST),
            ("events", json!(["cartchanged"]), code::RELEASE_MANIFEST),
            ("entry", json!("other.js"), code::RELEASE_FILE_MISSING),
            ("module", json!("cart_bg.wasm"), code::RELEASE_FILE_MISSING),
            ("styles", json!(["cart.css"]), code::RELEASE_FILE_MISSING),
            ("slot", json!("side"), code::RELEASE_MANIFEST),
        ] {
            check(expected, |description, _| description[field] = value);
        }
    }

    #[test]
    fn a_description_that_every_page_would_have_to_read() {
        check(code::RELEASE_MANIFEST, |description, _| {
            description["title"] = json!("x".repeat(DESCRIPTION_CAP));
        });
    }

    #[test]
    fn a_release_without_a_description() {
        let mut files = release(|_, _| {});
        files.remove(DESCRIPTION_FILE);
        assert_eq!(super::files(&files).unwrap_err().code, code::RELEASE_MANIFEST);
    }

    #[test]
    fn one_flipped_byte() {
        check(code::RELEASE_INTEGRITY, |_, files| files.get_mut("cart.js").unwrap()[3] ^= 1);
    }

    #[test]
    fn files_and_description_must_agree() {
        check(code::RELEASE_FILE_MISSING, |_, files| {
            files.insert("more.js".into(), Vec::new());
        });
        check(code::RELEASE_FILE_MISSING, |description, files| {
            put(description, files, "more.js", "");
            files.remove("more.js");
        });
    }

    #[test]
    fn names_that_are_not_plain() {
        for name in ["../cart.js", "a/b.js", ".hidden", "ä.js"] {
            check(code::RELEASE_FILE_NAME, |description, files| put(description, files, name, ""));
        }
    }

    #[test]
    fn a_shell_without_a_page() {
        let is_shell = |description: &mut Value| {
            (description["name"], description["commands"], description["events"]) =
                (json!("shell"), json!([]), json!([]));
        };
        check(code::RELEASE_FILE_MISSING, |description, _| is_shell(description));
        let with_a_page = release(|description, files| {
            is_shell(description);
            put(description, files, PAGE, "<!doctype html>");
        });
        assert_eq!(files(&with_a_page).unwrap().name, "shell");
    }

    #[test]
    fn a_description_that_lists_itself() {
        // Its bytes are compared with no hash, so it would be any file that it says it is.
        check(code::RELEASE_FILE_NAME, |description, _| {
            description["files"][DESCRIPTION_FILE] = json!(hash::file(b"another file"));
        });
    }

    #[test]
    fn the_size_cap() {
        let large = "x".repeat(usize::try_from(SIZE_CAP).unwrap());
        check(code::RELEASE_TOO_LARGE, |description, files| put(description, files, "large.txt", &large));
    }

    #[test]
    fn an_entry_must_mount_and_unmount() {
        for text in
            ["export const mount = 1", "export const unmount = 1", "", "exports.mount = exports.unmount = 1"]
        {
            check(code::RELEASE_ENTRY, |description, files| put(description, files, "cart.js", text));
        }
    }

    #[test]
    fn an_entry_may_export_its_lifecycle_as_default() {
        let files = release(|description, files| {
            put(description, files, "cart.js", "export default { mount, unmount };")
        });
        assert_eq!(super::files(&files).unwrap().name, "cart");
    }

    #[test]
    fn folders() {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in release(|_, _| {}) {
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        assert_eq!(folder(dir.path()).unwrap().version, "1.0.0");
        fs::create_dir(dir.path().join("sub")).unwrap();
        assert_eq!(folder(dir.path()).unwrap_err().code, code::RELEASE_FILE_NAME);
        assert_eq!(folder(&dir.path().join("none")).unwrap_err().code, code::RELEASE_FILE_MISSING);
    }
}
