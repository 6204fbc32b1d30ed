//! `menagerie new`: a microapp in a folder of its own that builds at once.

mod name;
mod sdk;
mod templates;

use crate::{Error, shown::Format};
use contract::code::{CONFIGURATION, FOLDER_EXISTS};
use sdk::Sdk;
use serde_json::json;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Make a microapp in a folder of its own, which builds at once.
///
/// It has a view, a store, a scoped style, a command and an event, a page of its own for `trunk serve`, tests and a
/// sample pipeline. Nothing that exists is changed: the folder must not be there yet.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  menagerie new wishlist\n  menagerie new wishlist --dir ~/teams --title \"Wish list\"\n  menagerie new wishlist --sdk https://git.example/menagerie.git#main\n  menagerie new wishlist --sdk ../menagerie"
)]
pub struct Arguments {
    /// Its name: small letters, digits and dashes. Also its folder's, its route's and its package's.
    name: String,
    /// The folder to make its folder in.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// What people call it [default: its name in words].
    #[arg(long)]
    title: Option<String>,
    /// Where the SDK comes from: a folder (a checkout of Menagerie), a git address, with `#` and a branch, a
    /// version's tag, a commit or `refs/tags/…` behind it if need be, or a version in a package registry [default: the checkout that this program was
    /// built from].
    #[arg(long, value_name = "PATH|URL|VERSION")]
    sdk: Option<String>,
    #[command(flatten)]
    format: Format,
}

/// Makes the folder, whole or not at all.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let Arguments { name, dir, .. } = arguments;
    name::check(name)?;
    let title = match &arguments.title {
        Some(title) => name::checked_title(title)?,
        None => name::in_words(name),
    };
    let sdk = Sdk::chosen(arguments.sdk.as_deref())?;
    let place = dir.join(name);
    if place.symlink_metadata().is_ok() {
        return Err(exists(&place));
    }
    let files = templates::rendered(name, &title, &sdk);
    write(dir, &place, &files)?;
    let names: Vec<_> = files.iter().map(|(path, _)| *path).collect();
    let answer = json!({ "name": name, "title": title, "dir": place.display().to_string(), "sdk": sdk.toml(), "files": names });
    Ok(arguments.format.show(&answer, || {
        let place = place.display();
        format!(
            "{title} is in {place}: {} files, with the SDK from {sdk}. Next:\n  menagerie build {place}\n  menagerie check {place}",
            files.len()
        )
    }))
}

/// Writes all files beside where they belong, and moves the whole there.
fn write(parent: &Path, place: &Path, files: &[(&str, String)]) -> Result<(), Error> {
    let fault = |path: &Path, error: io::Error| {
        Error::new(CONFIGURATION, format!("{} cannot be written: {error}; nothing was made", path.display()))
    };
    fs::create_dir_all(parent).map_err(|error| fault(parent, error))?;
    // It goes when it is dropped before the end.
    let mut whole = tempfile::Builder::new();
    let whole = whole.prefix(".new-").tempdir_in(parent).map_err(|error| fault(parent, error))?;
    let inner = whole.path().join("whole"); // the outer one is for its owner's eyes only
    for (path, text) in files {
        let path = inner.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| fault(&path, error))?;
        fs::write(&path, text).map_err(|error| fault(&path, error))?;
    }
    fs::rename(&inner, place)
        .map_err(|error| if place.symlink_metadata().is_ok() { exists(place) } else { fault(place, error) })
}

fn exists(place: &Path) -> Error {
    Error::new(FOLDER_EXISTS, format!("{} is there already", place.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::code::Code;

    fn arguments(parent: &Path, name: &str) -> Arguments {
        Arguments {
            name: name.to_owned(),
            dir: parent.to_owned(),
            title: None,
            sdk: Some("0.1".to_owned()),
            format: Format { json: true },
        }
    }

    #[test]
    fn a_folder_is_made_whole() {
        let parent = tempfile::tempdir().unwrap();
        let deeper = parent.path().join("not/there/yet");
        let said = run(&arguments(&deeper, "wish-list")).unwrap();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!((said["name"].as_str(), said["title"].as_str()), (Some("wish-list"), Some("Wish list")));
        for file in said["files"].as_array().unwrap() {
            let file = deeper.join("wish-list").join(file.as_str().unwrap());
            assert!(file.is_file(), "{} is not there", file.display());
        }
        assert_eq!(fs::read_dir(&deeper).unwrap().count(), 1, "something else was left");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_whose_name_is_not_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let parent = tempfile::tempdir().unwrap();
        let odd = parent.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
        let said = run(&arguments(&odd, "wish-list")).unwrap();
        assert!(said.contains("caf\u{fffd}/wish-list"), "{said}");
        assert!(odd.join("wish-list/Cargo.toml").is_file());
    }

    /// That `name` fails in `parent` with a number, and that nothing changed there.
    fn check(parent: &Path, name: &str, expected: Code) {
        let before: Vec<_> = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path()).collect();
        let error = run(&arguments(parent, name)).unwrap_err();
        assert_eq!(error.code(), expected, "{error}");
        let after: Vec<_> = fs::read_dir(parent).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(before, after);
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("empty")).unwrap();
        fs::write(parent.path().join("file"), "mine").unwrap();
        check(parent.path(), "empty", FOLDER_EXISTS);
        check(parent.path(), "file", FOLDER_EXISTS);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", parent.path().join("link")).unwrap();
            check(parent.path(), "link", FOLDER_EXISTS);
        }
        assert_eq!(fs::read_to_string(parent.path().join("file")).unwrap(), "mine");
        assert_eq!(fs::read_dir(parent.path().join("empty")).unwrap().count(), 0);
    }

    #[test]
    fn nothing_half_written_is_left() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("a-file");
        fs::write(&file, "").unwrap();
        let error = run(&arguments(&file, "cart")).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION, "{error}");
        // A file that cannot be written: a folder of its name is in the way.
        let files = [("a/b", String::new()), ("a", String::new())];
        let error = write(parent.path(), &parent.path().join("cart"), &files).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION, "{error}");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "something was left");
    }
}
