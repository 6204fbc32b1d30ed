//! What is checked: a release, however it is given.

use crate::{Error, build::release_of};
use contract::{
    code::{CONFIGURATION, Code, RELEASE_FILE_MISSING},
    release::DESCRIPTION_FILE,
};
use release::{
    Files, archive,
    pack::{self, Versioning},
    verify,
};
use std::{
    fs::File,
    path::{Path, PathBuf},
};

/// Reads the release of a microapp's folder, a release's folder, its `microapp.json`, or a tar. A microapp in plain JavaScript is
/// packed in passing.
pub fn read(path: &Path) -> Result<Files, Error> {
    read_with(path, |dir| Ok(pack::plain(dir, &Versioning::Local)?.files))
}

/// The same of what is packed already: of a microapp in plain JavaScript what `menagerie pack` made, which may be final.
pub fn read_packed(path: &Path) -> Result<Files, Error> {
    read_with(path, |dir| {
        let way_out = format!("it is a source: `menagerie pack --dir {} --final` makes one", dir.display());
        read_release_of(dir, CONFIGURATION, &way_out)
    })
}

/// What `publish` takes of a microapp in plain JavaScript, if it was packed.
pub struct Packed {
    /// Its folder.
    pub place: PathBuf,
    /// Whether its source makes the same now.
    pub is_fresh: bool,
}

/// Looks whether the source of a microapp in plain JavaScript was packed.
pub fn packed(path: &Path) -> Option<Packed> {
    let mut found = None;
    // Whatever cannot be read is told by those who read it.
    let _ = read_with(path, |dir| {
        let place = release_of(dir);
        if place.is_dir() {
            let packed = verify::read(&place).unwrap_or_default();
            let revision =
                verify::read_description(&packed).map(|release| release.revision).unwrap_or_default();
            let makes = |versioning| pack::plain(dir, &versioning).is_ok_and(|made| made.files == packed);
            let is_fresh = makes(Versioning::Local) || makes(Versioning::Final { revision });
            found = Some(Packed { place, is_fresh });
        }
        Ok(Files::new())
    });
    found
}

fn read_with(path: &Path, plain: impl FnOnce(&Path) -> Result<Files, Error>) -> Result<Files, Error> {
    if path.is_file() {
        return match (path.file_name().is_some_and(|name| name == DESCRIPTION_FILE), path.parent()) {
            (true, Some(folder)) => read_folder(folder, plain),
            _ => tar(path),
        };
    }
    if !path.exists() {
        return Err(Error::new(
            CONFIGURATION,
            format!("{}: there is no such file or folder", path.display()),
        ));
    }
    if path.join(DESCRIPTION_FILE).is_file() && !path.join("Cargo.toml").is_file() {
        return read_folder(path, plain);
    }
    let way_out = format!("`menagerie build {}` makes one", path.display());
    read_release_of(path, RELEASE_FILE_MISSING, &way_out)
}

/// What was made of a microapp's folder.
fn read_release_of(dir: &Path, missing: Code, way_out: &str) -> Result<Files, Error> {
    let release = release_of(dir);
    if !release.is_dir() {
        let what = format!("{} has no release in {}", dir.display(), release.display());
        return Err(Error::new(missing, what).or(way_out));
    }
    Ok(verify::read(&release)?)
}

/// A packed release; or, by `plain`, that of a microapp in plain JavaScript.
fn read_folder(dir: &Path, plain: impl FnOnce(&Path) -> Result<Files, Error>) -> Result<Files, Error> {
    let dir = if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir.to_owned() };
    let files = verify::read(&dir)?;
    let description = files.get(DESCRIPTION_FILE).map(Vec::as_slice).unwrap_or_default();
    if pack::is_packed(description) { Ok(files) } else { plain(&dir) }
}

/// A release as `menagerie publish` sends it.
fn tar(path: &Path) -> Result<Files, Error> {
    let place = path.display().to_string();
    let file = File::open(path)
        .map_err(|error| Error::new(RELEASE_FILE_MISSING, format!("{place} cannot be read: {error}")))?;
    Ok(archive::unpack(file, &place)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::code::{Code, RELEASE_MANIFEST};
    use std::fs;

    const ENTRY: &str = "export const mount = 1; export const unmount = 2;";
    const PLAIN: &str = r#"{ "name": "hello", "version": "1.0.0", "entry": "hello.js", "title": "Hello", "routes": ["/hello"] }"#;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn however_it_is_given() {
        let dir = folder(&[("microapp.json", PLAIN), ("hello.js", ENTRY)]);
        let files = read(dir.path()).unwrap();
        assert_eq!(verify::files(&files).unwrap().name, "hello");
        assert_eq!(read(&dir.path().join("microapp.json")).unwrap(), files);

        let built = folder(&[("Cargo.toml", "")]);
        let release = release_of(built.path());
        fs::create_dir_all(&release).unwrap();
        let tar = built.path().join("hello.tar");
        let mut archive = tar::Builder::new(File::create(&tar).unwrap());
        for (name, bytes) in &files {
            fs::write(release.join(name), bytes).unwrap();
            archive.append_path_with_name(release.join(name), name).unwrap();
        }
        archive.finish().unwrap();
        assert_eq!(read(built.path()).unwrap(), files, "a folder that was built");
        assert_eq!(read(&release).unwrap(), files, "a packed release");
        assert_eq!(read(&tar).unwrap(), files, "a tar");
    }

    #[test]
    fn of_a_source_in_plain_javascript_only_what_was_packed_is_published() {
        let dir = folder(&[("microapp.json", PLAIN), ("hello.js", ENTRY)]);
        let error = read_packed(dir.path()).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION);
        assert!(error.message().contains("menagerie pack --dir"), "{}", error.message());
        let versioning = Versioning::Final { revision: String::new() };
        let packed = pack::plain(dir.path(), &versioning).unwrap();
        packed.write(&release_of(dir.path())).unwrap();
        for path in [dir.path(), &dir.path().join("microapp.json"), &release_of(dir.path())] {
            let files = read_packed(path).unwrap();
            assert_eq!(verify::files(&files).unwrap().version, "1.0.0", "{}", path.display());
        }
    }

    #[test]
    fn a_source_that_was_mended_and_not_packed_again_is_seen() {
        let dir = folder(&[("microapp.json", PLAIN), ("hello.js", ENTRY)]);
        let is_fresh = || packed(dir.path()).map(|packed| packed.is_fresh);
        assert_eq!(is_fresh(), None, "never packed");
        let description = dir.path().join("microapp.json");
        for versioning in [Versioning::Local, Versioning::Final { revision: "1a2b3c".to_owned() }] {
            fs::write(dir.path().join("hello.js"), ENTRY).unwrap();
            pack::plain(dir.path(), &versioning).unwrap().write(&release_of(dir.path())).unwrap();
            assert_eq!(is_fresh(), Some(true), "{versioning:?}");
            fs::write(dir.path().join("hello.js"), format!("{ENTRY} // mended")).unwrap();
            assert_eq!(is_fresh(), Some(false), "{versioning:?}");
            assert!(packed(&description).is_some_and(|packed| !packed.is_fresh));
            assert!(packed(&release_of(dir.path())).is_none(), "a release has no source");
        }
        fs::remove_file(release_of(dir.path()).join("hello.js")).unwrap();
        assert_eq!(is_fresh(), Some(false), "half of it");
    }

    fn check(path: &Path, expected: Code) {
        let error = read(path).unwrap_err();
        assert_eq!(error.code(), expected, "{error}");
    }

    #[test]
    fn what_is_no_release() {
        check(Path::new("/nowhere/at/all"), CONFIGURATION);
        check(folder(&[("Cargo.toml", "")]).path(), RELEASE_FILE_MISSING);
        let dir = folder(&[("x.tar", "rubbish"), ("bad/microapp.json", "{")]);
        check(&dir.path().join("x.tar"), RELEASE_MANIFEST);
        check(&dir.path().join("bad"), RELEASE_MANIFEST);
    }
}
