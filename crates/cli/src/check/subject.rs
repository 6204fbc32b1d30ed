//! What is checked: a release, however it is given.

use crate::{Error, build::release_of};
use contract::{
    code::{CONFIGURATION, RELEASE_FILE_MISSING, RELEASE_FILE_NAME, RELEASE_TOO_LARGE},
    release::DESCRIPTION_FILE,
};
use release::{
    Files,
    pack::{self, Versioning},
    verify::{self, SIZE_CAP},
};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Reads the release of a microapp's folder, a release's folder, its `microapp.json`, or a tar.
pub fn read(path: &Path) -> Result<Files, Error> {
    if path.is_file() {
        return match (path.file_name().is_some_and(|name| name == DESCRIPTION_FILE), path.parent()) {
            (true, Some(folder)) => read_folder(folder),
            _ => archive(path),
        };
    }
    if !path.exists() {
        return Err(Error::new(
            CONFIGURATION,
            format!("{}: there is no such file or folder", path.display()),
        ));
    }
    if path.join(DESCRIPTION_FILE).is_file() && !path.join("Cargo.toml").is_file() {
        return read_folder(path);
    }
    let release = release_of(path);
    if !release.is_dir() {
        let what = format!(
            "{} has no release in {}; `menagerie build {}` makes one",
            path.display(),
            release.display(),
            path.display()
        );
        return Err(Error::new(RELEASE_FILE_MISSING, what));
    }
    Ok(verify::read(&release)?)
}

/// A packed release; or a microapp in plain JavaScript, which is packed in passing.
fn read_folder(dir: &Path) -> Result<Files, Error> {
    let dir = if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir.to_owned() };
    let files = verify::read(&dir)?;
    let description = files.get(DESCRIPTION_FILE).map(Vec::as_slice).unwrap_or_default();
    let description: serde_json::Value = serde_json::from_slice(description).unwrap_or_default();
    let is_packed = description["files"].as_object().is_some_and(|listed| !listed.is_empty());
    if is_packed { Ok(files) } else { Ok(pack::plain(&dir, &Versioning::Local)?.files) }
}

/// A release as `menagerie publish` sends it.
fn archive(path: &Path) -> Result<Files, Error> {
    let fault = |error: io::Error| {
        Error::new(RELEASE_FILE_MISSING, format!("{} is no tar of a release: {error}", path.display()))
    };
    let mut files = Files::new();
    let mut left = SIZE_CAP;
    let mut archive = tar::Archive::new(File::open(path).map_err(fault)?);
    for entry in archive.entries().map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.path().map_err(fault)?.to_string_lossy().into_owned();
        if !entry.header().entry_type().is_file() {
            return Err(Error::new(
                RELEASE_FILE_NAME,
                format!("{name} in {} is no plain file", path.display()),
            ));
        }
        let mut bytes = Vec::new();
        entry.take(left + 1).read_to_end(&mut bytes).map_err(fault)?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            let what = format!("{}: more than {SIZE_CAP} bytes", path.display());
            Error::new(RELEASE_TOO_LARGE, what)
        })?;
        files.insert(name, bytes);
    }
    Ok(files)
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

    fn check(path: &Path, expected: Code) {
        let error = read(path).unwrap_err();
        assert_eq!(error.code(), expected, "{error}");
    }

    #[test]
    fn what_is_no_release() {
        check(Path::new("/nowhere/at/all"), CONFIGURATION);
        check(folder(&[("Cargo.toml", "")]).path(), RELEASE_FILE_MISSING);
        let dir = folder(&[("x.tar", "rubbish"), ("bad/microapp.json", "{")]);
        check(&dir.path().join("x.tar"), RELEASE_FILE_MISSING);
        check(&dir.path().join("bad"), RELEASE_MANIFEST);
    }

    #[test]
    fn a_tar_with_a_folder_or_without_end_is_refused() {
        let dir = folder(&[("a/b.js", "")]);
        let tar = dir.path().join("x.tar");
        let mut archive = tar::Builder::new(File::create(&tar).unwrap());
        archive.append_dir("a", dir.path().join("a")).unwrap();
        archive.finish().unwrap();
        check(&tar, RELEASE_FILE_NAME);

        let mut archive = tar::Builder::new(File::create(&tar).unwrap());
        let mut header = tar::Header::new_gnu();
        header.set_size(SIZE_CAP + 1);
        header.set_cksum();
        archive.append_data(&mut header, "large.txt", io::repeat(0).take(SIZE_CAP + 1)).unwrap();
        archive.finish().unwrap();
        check(&tar, RELEASE_TOO_LARGE);
    }
}
