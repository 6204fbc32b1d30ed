//! The files of a folder.

use crate::{AgentFileError, FOLDERS, MOST_BYTES};
use nlu::format::dialogflow::{self, Files};
use std::{fs, path::Path};

/// How far down folders are read.
const DEEPEST: usize = 8;
/// Why a file of another program is not read.
const HIDDEN: &str = "it is hidden";

/// The files of a folder by their paths, and what was not read and need not be.
pub fn read(root: &Path) -> Result<(Files, Vec<String>), AgentFileError> {
    let inside = fs::canonicalize(root)?;
    let mut found = Found { files: Files::new(), left: MOST_BYTES, skipped: Vec::new() };
    found.folder(root, &inside, "", DEEPEST)?;
    let ignored = found.ignored()?;
    Ok((found.files, ignored))
}

/// What is found in a folder.
struct Found {
    files: Files,
    /// How many bytes may still come.
    left: u64,
    /// What was not read, and why.
    skipped: Vec<(String, &'static str)>,
}

impl Found {
    fn folder(&mut self, root: &Path, inside: &Path, under: &str, deep: usize) -> Result<(), AgentFileError> {
        let here = |error| match under {
            "" => AgentFileError::Unreadable(error),
            under => AgentFileError::UnreadablePart(under.to_owned(), error),
        };
        for entry in fs::read_dir(root.join(under)).map_err(here)? {
            let entry = entry.map_err(here)?;
            let name = entry.file_name();
            let path = match under {
                "" => name.to_string_lossy().into_owned(),
                under => format!("{under}/{}", name.to_string_lossy()),
            };
            // A link is what it leads to: mounted folders consist of them. But an agent ends where its folder ends.
            let kind = fs::canonicalize(entry.path())
                .and_then(|target| Ok((target.starts_with(inside), fs::metadata(target)?)));
            let skipped = match kind {
                _ if name.to_str().is_none() => "its name is not UTF-8",
                _ if is_hidden(&path) => HIDDEN,
                Ok((true, there)) if there.is_dir() && deep > 0 => {
                    self.folder(root, inside, &path, deep - 1)?;
                    continue;
                }
                Ok((true, there)) if there.is_file() => {
                    self.left = self.left.checked_sub(there.len()).ok_or(AgentFileError::LargeFolder)?;
                    let bytes = fs::read(entry.path())
                        .map_err(|error| AgentFileError::UnreadablePart(path.clone(), error))?;
                    self.files.insert(path, bytes);
                    continue;
                }
                Ok((true, there)) if there.is_dir() => "it lies too deep",
                Ok((true, _)) => "it is no plain file",
                Ok((false, _)) => "it is a link that leads out of the folder",
                Err(_) => "it is a link that leads nowhere",
            };
            self.skipped.push((path, skipped));
        }
        Ok(())
    }

    /// What was not read and need not be. Where intents and entities lie everything has to be: an import into the same
    /// folder takes the place of all that is there.
    fn ignored(&self) -> Result<Vec<String>, AgentFileError> {
        let inside = dialogflow::root(&self.files).unwrap_or_default();
        let mut ignored = Vec::new();
        for (path, why) in &self.skipped {
            let Some(own) = path.strip_prefix(inside) else { continue };
            if is_of_agent(own) && *why != HIDDEN {
                return Err(AgentFileError::Skipped(path.clone(), why));
            }
            ignored.push(own.to_owned());
        }
        ignored.sort();
        Ok(ignored)
    }
}

/// Whether a name begins with a dot, which makes it that of another program. Among intents and entities it is a name like any,
/// but for that of a lock, which Emacs has while somebody edits, and for what a mounted ConfigMap keeps beside its links.
fn is_hidden(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_own = || {
        folders.split('/').any(|folder| FOLDERS.contains(&folder))
            && !name.starts_with(".#")
            && !name.starts_with("..data")
            && !name.starts_with("..2")
    };
    name.starts_with('.') && !is_own()
}

/// Whether a path begins with the folder of intents or entities.
fn is_of_agent(path: &str) -> bool {
    path.split('/').next().is_some_and(|folder| FOLDERS.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn file(folder: &Path, path: &str) -> PathBuf {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "{}").unwrap();
        path
    }

    fn names(files: &Files) -> Vec<&str> {
        files.keys().map(String::as_str).collect()
    }

    #[track_caller]
    fn check_refused(folder: &Path, expected: &str) {
        let message = read(folder).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn what_an_import_would_delete_is_read_or_named() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let own = ["mine/agent.json", "mine/intents/.net.json"];
        for path in own.into_iter().chain(["mine/.git/intents/x.json", ".env"]) {
            file(place, path);
        }
        let (files, ignored) = read(place).unwrap();
        assert_eq!((names(&files), ignored), (own.to_vec(), vec![".git".to_owned()]));
        file(place, &format!("mine/entities/{}a.json", "deep/".repeat(DEEPEST)));
        check_refused(place, "deep: it cannot be read, since it lies too deep");
    }

    #[test]
    fn large_folders_are_refused_before_they_are_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["agent.json", "b.json"] {
            fs::File::create(folder.path().join(name)).unwrap().set_len(MOST_BYTES / 2 + 1).unwrap();
        }
        check_refused(folder.path(), "too much");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_names_of_other_characters_are_named() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt, os::unix::fs::symlink};
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let intents = place.join("intents");
        fs::create_dir(&intents).unwrap();
        file(place, "agent.json");
        symlink("nowhere", place.join("README")).unwrap();
        assert_eq!(read(place).unwrap().1, ["README"]);
        // Emacs has such a link while somebody edits.
        symlink("me@here.1", intents.join(".#a.json")).unwrap();
        assert_eq!(read(place).unwrap().1, ["README", "intents/.#a.json"]);
        fs::remove_file(intents.join(".#a.json")).unwrap();
        let check = |name: &OsStr, why: &str| {
            check_refused(place, why);
            fs::remove_file(intents.join(name)).unwrap();
        };
        let elsewhere = tempfile::NamedTempFile::new().unwrap();
        symlink(elsewhere.path(), intents.join("a.json")).unwrap();
        check(OsStr::new("a.json"), "intents/a.json: it cannot be read, since it is a link that leads out");
        symlink("nothing", intents.join("a.json")).unwrap();
        check(
            OsStr::new("a.json"),
            "intents/a.json: it cannot be read, since it is a link that leads nowhere",
        );
        let latin = OsStr::from_bytes(b"caf\xe9.json");
        // Some file systems take no such name.
        if fs::write(intents.join(latin), "{}").is_ok() {
            check(latin, "its name is not UTF-8");
        }
        fs::remove_dir(&intents).unwrap();
        symlink("elsewhere", &intents).unwrap();
        check_refused(place, "leads nowhere");
    }

    #[cfg(unix)]
    #[test]
    fn a_mounted_folder_is_read_through_its_links() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        // As a ConfigMap is mounted.
        for path in ["..now/agent.json", "..now/intents/a.json", "..now/intents/..2024_05_15/a.json"] {
            file(place, path);
        }
        for (leads_to, link) in
            [("..now", "..data"), ("..data/agent.json", "agent.json"), ("..data/intents", "intents")]
        {
            symlink(leads_to, place.join(link)).unwrap();
        }
        assert_eq!(names(&read(place).unwrap().0), ["agent.json", "intents/a.json"]);
    }
}
