//! Tidiness of the repository, as a test.
#![allow(clippy::unwrap_used)] // tests may; clippy.toml says so for functions marked as tests only

use std::{fs, path::Path, process::Command};

/// Parts of addresses from which registries serve files. Written so that this file does not have them.
const REGISTRIES: [&[&str]; 6] = [
    &["registry.", "npmjs", ".org"],
    &["static.", "crates", ".io"],
    &["index.", "crates", ".io"],
    &["files.", "pythonhosted", ".org"],
    &["deb.", "debian", ".org"],
    &["proxy.", "golang", ".org"],
];

fn tracked_files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = Command::new("git").arg("-C").arg(root).args(["ls-files", "-z"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(|name| root.join(name).display().to_string())
        .collect()
}

fn texts() -> Vec<(String, String)> {
    let files = tracked_files();
    assert!(files.len() > 20, "git lists {} files only", files.len());
    files.into_iter().filter_map(|name| Some((name.clone(), fs::read_to_string(name).ok()?))).collect()
}

#[test]
fn no_file_has_the_address_of_a_registry() {
    let addresses = REGISTRIES.map(<[&str]>::concat);
    for (name, text) in texts() {
        for address in &addresses {
            assert!(!text.contains(address.as_str()), "{name} has {address}");
        }
    }
}

#[test]
fn no_lock_file_of_npm_is_kept() {
    for name in tracked_files() {
        assert!(!name.ends_with("package-lock.json"), "{name} records download addresses");
    }
}

#[test]
fn no_test_is_left_out_and_nothing_is_left_to_do() {
    let marks: [&[&str]; 4] = [&["#[ign", "ore"], &["TO", "DO"], &["FIX", "ME"], &["XX", "X:"]];
    let marks = marks.map(<[&str]>::concat);
    for (name, text) in texts().into_iter().filter(|(name, _)| name.ends_with(".rs") || name.ends_with(".js"))
    {
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{name} has {mark}");
        }
    }
}

/// The end-to-end tests are one program, which runs what it names; cargo finds none of its files by itself.
#[test]
fn every_file_of_end_to_end_tests_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("tests/tests");
    let manifest = fs::read_to_string(root.join("../Cargo.toml")).unwrap();
    let mut found = 0;
    for name in tracked_files() {
        let file = Path::new(&name);
        let Ok(inside) = file.strip_prefix(&root) else { continue };
        let (stem, folder) = (file.file_stem().unwrap().to_str().unwrap(), file.parent().unwrap());
        // A folder's own file is named by the one above it.
        let (module, above) = match stem {
            "main" => continue,
            "mod" => (folder.file_name().unwrap().to_str().unwrap(), root.join("main.rs")),
            _ if folder == root => (stem, root.join("main.rs")),
            _ => (stem, folder.join("mod.rs")),
        };
        let is_named = fs::read_to_string(&above).unwrap().contains(&format!("mod {module};\n"));
        let is_alone = manifest.contains(&format!("[[test]]\nname = \"{module}\"\n"));
        assert!(
            is_named || is_alone,
            "{} names no `mod {module};` for {}",
            above.display(),
            inside.display()
        );
        found += 1;
    }
    assert!(found > 30, "{found} files of end-to-end tests only");
}
