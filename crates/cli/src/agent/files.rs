//! Agents, training data and vectors on disk.

use super::fault;
use crate::Error;
use agent_files::{FOLDERS, MOST_BYTES};
use contract::code::{AGENT_INVALID, CONFIGURATION};
use nlu::{
    agent::Agent,
    format::{
        dialogflow::{self, Files},
        jsonl,
        jsonl::Record,
        rasa,
    },
    vectors::{Vectors, VectorsError, file::File},
};
use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

/// The agent of a folder or zip file, with the report of its import.
pub fn agent(path: &Path) -> Result<(Agent, dialogflow::Report), Error> {
    agent_files::read(path).map_err(|error| fault(path, error))
}

/// What an import writes; anything else in its folder is left alone.
const PARTS: [&str; 4] = ["agent.json", "package.json", FOLDERS[0], FOLDERS[1]];

/// An error about a place that nothing can be written to.
fn unwritable(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::new(CONFIGURATION, format!("{} cannot be written: {error}", path.display()))
}

/// Whether something is there, be it a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Writes an agent into a folder, which is made. It is written to a hidden place in it first: what an earlier import
/// left goes only when the new one is whole.
pub fn write_folder(out: &Path, files: &Files) -> Result<(), Error> {
    let foreign = PARTS.iter().find(|part| is_there(&out.join(part)));
    if let Some(part) = foreign.filter(|_| !is_there(&out.join("agent.json"))) {
        let what = format!("`{part}` in it is of no agent, and would be replaced; name another folder");
        return Err(Error::new(CONFIGURATION, format!("{}: {what}", out.display())));
    }
    fs::create_dir_all(out).map_err(|e| unwritable(out, e))?;
    let fresh = tempfile::tempdir_in(out).map_err(|e| unwritable(out, e))?;
    let before = tempfile::tempdir_in(out).map_err(|e| unwritable(out, e))?;
    for (path, bytes) in files {
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(fault(out, format!("`{path}` would lie outside it")));
        }
        let file = fresh.path().join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|e| unwritable(folder, e))?;
        }
        fs::write(&file, bytes).map_err(|e| unwritable(&file, e))?;
    }
    let mut moved = Vec::new();
    let Err(error) = exchange(out, fresh.path(), before.path(), &mut moved) else { return Ok(()) };
    match move_back(&moved) {
        Ok(()) => Err(error),
        Err(why) => {
            let kept = before.keep();
            let what = format!("what was there could not be put back ({why}), and is in {}", kept.display());
            Err(error.or(&what))
        }
    }
}

/// Puts the parts of a fresh agent in the place of those of before, and notes what it moved from where to where.
fn exchange(
    out: &Path,
    fresh: &Path,
    before: &Path,
    moved: &mut Vec<(PathBuf, PathBuf)>,
) -> Result<(), Error> {
    for part in PARTS {
        let (old, new) = (out.join(part), fresh.join(part));
        let mut shift = |from: &Path, to: PathBuf| -> Result<(), Error> {
            fs::rename(from, &to).map_err(|e| unwritable(&old, e))?;
            moved.push((from.to_owned(), to));
            Ok(())
        };
        if is_there(&old) && (is_there(&new) || old.is_dir()) {
            shift(&old, before.join(part))?;
        }
        if is_there(&new) {
            shift(&new, old.clone())?;
        }
    }
    Ok(())
}

/// Moves everything back to where it was, the last first.
fn move_back(moved: &[(PathBuf, PathBuf)]) -> io::Result<()> {
    moved.iter().rev().try_for_each(|(from, to)| fs::rename(to, from))
}

/// Writes a file, whole or not at all. A link stays one, and a device or pipe is written to.
pub fn write_file(out: &Path, bytes: &[u8]) -> Result<(), Error> {
    let target = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    if fs::metadata(&target).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return fs::write(&target, bytes).map_err(|e| unwritable(out, e));
    }
    let out = target.as_path();
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| unwritable(parent, e))?;
    let folder = tempfile::tempdir_in(parent).map_err(|e| unwritable(out, e))?;
    let fresh = folder.path().join("fresh");
    fs::write(&fresh, bytes).map_err(|e| unwritable(out, e))?;
    fs::rename(&fresh, out).map_err(|e| unwritable(out, e))
}

/// Training data: JSON Lines, or Rasa's YAML by the name's ending.
pub fn records(path: &Path) -> Result<Vec<Record>, Error> {
    let size = fs::metadata(path).map_err(|e| fault(path, e))?.len();
    if size > MOST_BYTES {
        let what = format!("{size} bytes are too much for training data; {MOST_BYTES} are allowed");
        return Err(fault(path, what));
    }
    let text = fs::read_to_string(path).map_err(|e| fault(path, e))?;
    // Some editors begin their files with a mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let name = path.display().to_string();
    let yaml = path.extension().is_some_and(|e| e == "yml" || e == "yaml");
    let read = if yaml { rasa::read(&name, text) } else { jsonl::read(&name, text) };
    read.map_err(|e| Error::new(AGENT_INVALID, e.to_string()))
}

/// What composes the vectors of a sentence; beside them or not.
const LAYER: &str = "layer.bin";

/// The vectors of a folder, or of a file that was made of one; ready to be used.
pub fn vectors(path: &Path) -> Result<Vectors, Error> {
    let bytes =
        if path.is_dir() { vectors_file(path)? } else { fs::read(path).map_err(|e| fault(path, e))? };
    Vectors::from_bytes(&bytes).map_err(|e| fault(path, e))
}

/// One file of the vectors in a folder: `vocab.txt`, the one `.bin` beside it, and their layer where there is one.
pub fn vectors_file(dir: &Path) -> Result<Vec<u8>, Error> {
    let vocabulary = dir.join("vocab.txt");
    let words = fs::read_to_string(&vocabulary).map_err(|e| fault(&vocabulary, e))?;
    let mut binaries: Vec<_> = fs::read_dir(dir)
        .map_err(|e| fault(dir, e))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "bin") && !path.ends_with(LAYER))
        .collect();
    binaries.sort();
    let Some(file) = binaries.first() else {
        return Err(fault(dir, "expected a file of vectors that ends in .bin"));
    };
    let values = fs::read(file).map_err(|e| fault(file, e))?;
    let layer = dir.join(LAYER);
    let units = match fs::read(&layer) {
        Ok(bytes) => Some(bytes),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(fault(&layer, error)),
    };
    let whole = File::write(&words, &values, units.as_deref());
    match File::read(&whole) {
        Ok(_) => Ok(whole),
        Err(error @ (VectorsError::Layer { .. } | VectorsError::Step { .. })) => Err(fault(&layer, error)),
        Err(error) => Err(fault(file, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_import_leaves_nothing_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("deep/agent");
        let files = |names: &[&str]| -> Files {
            let file = |name: &&str| ((*name).to_owned(), b"{}".to_vec());
            names.iter().map(file).collect()
        };
        write_folder(&out, &files(&["agent.json", "intents/a.json", "entities/e.json"])).unwrap();
        fs::write(out.join("LICENSE"), "mine").unwrap();
        write_folder(&out, &files(&["agent.json", "intents/b.json"])).unwrap();
        let there = |name: &str| out.join(name).exists();
        assert_eq!(
            ["agent.json", "intents/b.json", "LICENSE", "intents/a.json", "entities"].map(there),
            [true, true, true, false, false]
        );
        for (folder, count) in [(out.parent().unwrap(), 1), (&*out, 3)] {
            let there: Vec<_> = fs::read_dir(folder).unwrap().collect();
            assert_eq!(there.len(), count, "nothing half-written stays: {there:?}");
        }
    }

    #[test]
    fn nothing_is_written_outside_and_nothing_of_others_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("agent");
        let files: Files = [("intents/../../x.json".to_owned(), b"{}".to_vec())].into();
        assert!(write_folder(&out, &files).unwrap_err().message().contains("outside"));
        assert!(!folder.path().join("x.json").exists());
        fs::create_dir_all(folder.path().join("mine/entities")).unwrap();
        let files: Files = [("agent.json".to_owned(), b"{}".to_vec())].into();
        let error = write_folder(&folder.path().join("mine"), &files).unwrap_err();
        assert!(error.message().contains("another folder"), "{}", error.message());
        assert!(folder.path().join("mine/entities").is_dir());
        // A project in JavaScript.
        let package = folder.path().join("package.json");
        fs::write(&package, "mine").unwrap();
        let error = write_folder(folder.path(), &files).unwrap_err();
        assert_eq!((error.code(), fs::read_to_string(&package).unwrap().as_str()), (CONFIGURATION, "mine"));
        assert!(error.message().contains("`package.json` in it"), "{}", error.message());
    }

    #[test]
    fn an_import_that_fails_in_the_middle_leaves_the_agent_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let [out, fresh, before] = ["out", "fresh", "before"].map(|name| folder.path().join(name));
        for (place, text) in [(&out, "old"), (&fresh, "new")] {
            for folder in FOLDERS {
                fs::create_dir_all(place.join(folder)).unwrap();
                fs::write(place.join(folder).join("a.json"), text).unwrap();
            }
            fs::write(place.join("agent.json"), text).unwrap();
        }
        fs::write(fresh.join("package.json"), "new").unwrap();
        // Where the last part is to be put aside something is in the way.
        fs::create_dir_all(before.join("entities/in the way")).unwrap();
        let mut moved = Vec::new();
        let error = exchange(&out, &fresh, &before, &mut moved).unwrap_err();
        assert!(error.message().contains("entities cannot be written"), "{}", error.message());
        let read = |path: &str| fs::read_to_string(out.join(path)).ok();
        assert_eq!(read("intents/a.json").as_deref(), Some("new"), "nothing was done before");
        move_back(&moved).unwrap();
        for path in ["agent.json", "intents/a.json", "entities/a.json"] {
            assert_eq!(read(path).as_deref(), Some("old"), "{path}");
        }
        assert_eq!(read("package.json"), None);
        move_back(&moved).unwrap_err();
    }

    #[test]
    fn what_cannot_be_written_is_no_fault_of_the_agent() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "mine").unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        let files: Files = [("agent.json".to_owned(), b"{}".to_vec())].into();
        for error in [
            write_file(&folder.path().join("folder"), b"x").unwrap_err(),
            write_file(&folder.path().join("file/x"), b"x").unwrap_err(),
            write_folder(&folder.path().join("file/x"), &files).unwrap_err(),
        ] {
            assert_eq!(error.code(), CONFIGURATION, "{error}");
            assert!(error.message().contains("cannot be written: "), "{}", error.message());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "something was left");
    }

    #[test]
    fn a_languages_code_is_no_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("intents")).unwrap();
        let check = |settings: &str, lang: &str, expected: Result<&str, &str>| {
            fs::write(folder.path().join("agent.json"), settings).unwrap();
            let intent =
                format!(r#"{{"name": "a", "userSays": [{{"lang": "{lang}", "data": [{{"text": "hi"}}]}}]}}"#);
            fs::write(folder.path().join("intents/a.json"), intent).unwrap();
            match (agent(folder.path()), expected) {
                (Ok((agent, _)), Ok(language)) => assert_eq!(agent.intents[0].phrases_in(language).len(), 1),
                (Err(error), Err(place)) => assert!(error.message().contains(place), "{}", error.message()),
                (found, expected) => panic!("{lang}: {:?}, not {expected:?}", found.map(|_| ())),
            }
        };
        check("{}", "/../../../x", Err("userSays[0].lang"));
        check("{}", &"a".repeat(21), Err("userSays[0].lang"));
        check(r#"{"language": "../x"}"#, "", Err("language"));
        check(r#"{"supportedLanguages": ["de", "../x"]}"#, "", Err("supportedLanguages"));
        check("{}", "pt_BR", Ok("pt-BR"));
        check(r#"{"language": "de"}"#, "", Ok("de"));
    }

    #[test]
    fn training_data_may_begin_with_a_mark() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jsonl");
        fs::write(&file, "\u{feff}{\"text\": \"hi\", \"intent\": \"a\"}\n").unwrap();
        assert_eq!(records(&file).unwrap().len(), 1);
    }

    #[test]
    fn large_files_are_refused_before_they_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.jsonl");
        fs::File::create(&large).unwrap().set_len(100 << 20).unwrap();
        for error in [records(&large).unwrap_err(), agent(&large).unwrap_err()] {
            assert!(error.message().contains("too much"), "{}", error.message());
        }
        fs::rename(&large, folder.path().join("agent.json")).unwrap();
        assert!(agent(folder.path()).unwrap_err().message().contains("too much"));
    }

    #[test]
    fn our_vectors_know_what_sentences_have_in_common() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/vectors");
        let vectors = vectors(&folder).unwrap();
        let likeness = |a: &str, b: &str| -> f32 {
            let [a, b] = [a, b].map(|text| vectors.sentence(&nlu::language::tokenise(text)));
            a.iter().zip(b).map(|(a, b)| a * b).sum()
        };
        let same = likeness("what is the weather like", "will it rain tomorrow");
        let other = likeness("what is the weather like", "what is the price like");
        assert!(same > other + 0.2, "{same}, and {other}");
    }

    #[test]
    fn a_layer_that_does_not_fit_is_told_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("vocab.txt"), "a\nb\n").unwrap();
        fs::write(folder.path().join("vectors.bin"), [0x88, 0x99]).unwrap();
        assert!(vectors(folder.path()).is_ok());
        fs::write(folder.path().join("layer.bin"), [0; 13]).unwrap();
        let error = vectors(folder.path()).unwrap_err();
        assert!(error.message().contains("layer.bin"), "{}", error.message());
    }
}
