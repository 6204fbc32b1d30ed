//! A release as it travels to the registry: an uncompressed tar of plain files.

use crate::{Error, Files, verify::SIZE_CAP};
use contract::{code, release::is_file_name};
use std::{
    collections::btree_map::Entry,
    io::Read,
    path::{Component, Path},
};

/// The files in a tar, which is called `place` in what is wrong with it. Nothing is ever written by the names in it.
pub fn unpack(tar: impl Read, place: &str) -> Result<Files, Error> {
    let damaged = |error: std::io::Error| {
        Error::new(code::RELEASE_MANIFEST, place, format!("is not a tar of a release folder: {error}"))
    };
    let mut files = Files::new();
    let mut left = SIZE_CAP;
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        let kind = entry.header().entry_type();
        // `tar -cf cart.tar .` begins with the folder itself.
        if kind.is_dir() && path.components().all(|part| part == Component::CurDir) {
            continue;
        }
        // As `verify::read` leaves out of a folder; macOS' tar adds `._cart.js`.
        let is_hidden = |name: &str| name.starts_with('.');
        if kind.is_file() && only_name(&path).is_some_and(is_hidden) {
            continue;
        }
        let name = plain_name(&path).filter(|_| kind.is_file()).ok_or_else(|| {
            let place = format!("{} in {place}", path.display());
            Error::new(code::RELEASE_FILE_NAME, place, "is not a plain file without folders")
        })?;
        let mut content = Vec::new();
        entry.take(left + 1).read_to_end(&mut content).map_err(damaged)?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| {
            let what = format!("has more than {} MiB in it", SIZE_CAP / 1024 / 1024);
            Error::new(code::RELEASE_TOO_LARGE, place, what)
        })?;
        match files.entry(name) {
            Entry::Vacant(free) => free.insert(content),
            Entry::Occupied(taken) => {
                let place = format!("{} in {place}", taken.key());
                return Err(Error::new(code::RELEASE_FILE_MISSING, place, "is there twice"));
            }
        };
    }
    Ok(files)
}

fn plain_name(path: &Path) -> Option<String> {
    only_name(path).filter(|name| is_file_name(name)).map(str::to_owned)
}

/// The name in a path without folders.
fn only_name(path: &Path) -> Option<&str> {
    let mut parts = path.components().filter(|part| *part != Component::CurDir);
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => name.to_str(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::code::Code;

    enum Part<'p> {
        Folder(&'p str),
        File(&'p str, u64),
    }
    use Part::{File, Folder};

    fn check(parts: &[Part], expected: Result<&[&str], Code>) {
        let mut tar = tar::Builder::new(Vec::new());
        for part in parts {
            let mut header = tar::Header::new_gnu();
            let (name, size) = match part {
                Folder(name) => {
                    header.set_entry_type(tar::EntryType::Directory);
                    (name, 0)
                }
                File(name, size) => (name, *size),
            };
            header.set_size(size);
            // As a hostile client writes it, and not as this library would.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, std::io::repeat(b'x').take(size)).unwrap();
        }
        let tar = tar.into_inner().unwrap();
        let found = unpack(&*tar, "x.tar");
        let names = found.map(|files| files.into_keys().collect::<Vec<_>>()).map_err(|error| error.code);
        assert_eq!(names, expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect()));
    }

    #[test]
    fn plain_files_however_they_were_put_into_it() {
        check(&[File("a.js", 3), File("b.css", 0)], Ok(&["a.js", "b.css"]));
        check(&[Folder("./"), File("./a.js", 3)], Ok(&["a.js"]));
        check(&[Folder("./"), File("./._a.js", 3), File("./a.js", 3), File(".DS_Store", 1)], Ok(&["a.js"]));
    }

    #[test]
    fn what_is_no_release() {
        check(&[Folder("a/"), File("a/b.js", 3)], Err(code::RELEASE_FILE_NAME));
        check(&[File("../a.js", 3)], Err(code::RELEASE_FILE_NAME));
        check(&[File("/a.js", 3)], Err(code::RELEASE_FILE_NAME));
        check(&[File("a.js", 3), File("./a.js", 3)], Err(code::RELEASE_FILE_MISSING));
        check(&[File("a.js", SIZE_CAP), File("b.js", 1)], Err(code::RELEASE_TOO_LARGE));
        assert_eq!(unpack(&b"rubbish"[..], "x.tar").unwrap_err().code, code::RELEASE_MANIFEST);
    }
}
