//! The files of a new microapp.

use super::sdk::Sdk;

macro_rules! template {
    ($file:literal) => {
        include_str!(concat!("../../templates/", $file, ".template"))
    };
}

/// Where each file goes, and what it is made from.
const FILES: [(&str, &str); 14] = [
    (".cargo/config.toml", template!("cargo-config.toml")),
    (".gitignore", template!("gitignore")),
    // The versions that this SDK is tested with; the first build takes out what is not needed.
    ("Cargo.lock", include_str!("../../../../Cargo.lock")),
    ("Cargo.toml", template!("Cargo.toml")),
    ("README.md", template!("README.md")),
    ("Trunk.toml", template!("Trunk.toml")),
    ("index.html", template!("index.html")),
    ("pipeline.sh", template!("pipeline.sh")),
    ("rust-toolchain.toml", include_str!("../../../../rust-toolchain.toml")),
    ("rustfmt.toml", include_str!("../../../../rustfmt.toml")),
    ("src/greetings.rs", template!("src/greetings.rs")),
    ("src/lib.rs", template!("src/lib.rs")),
    ("style.css", template!("style.css")),
    ("tokens.css", include_str!("../../../../assets/tokens.css")),
];

/// The files of a microapp, by their path in its folder.
pub fn rendered(name: &str, title: &str, sdk: &Sdk) -> Vec<(&'static str, String)> {
    let values =
        [("{{name}}", name), ("{{title}}", title), ("{{sdk}}", &sdk.toml()), ("{{sdk_words}}", &sdk.words())];
    let fill =
        |text: &str| values.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value));
    FILES.iter().map(|(path, text)| (*path, fill(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use release::{
        description::Description,
        style::{self, Sheet},
    };
    use std::fs;

    fn files() -> Vec<(&'static str, String)> {
        rendered("wish-list", "Wish list", &Sdk::Version("0.1".to_owned()))
    }

    #[test]
    fn every_mark_is_filled() {
        for (path, text) in files() {
            assert!(!text.contains("{{"), "{path} has a mark left");
        }
    }

    #[test]
    fn packing_understands_them() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files() {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let description = Description::read(folder.path()).unwrap();
        assert_eq!(
            (description.name.as_str(), description.microapp.title.as_str()),
            ("wish-list", "Wish list")
        );
        let scoped =
            style::scope("wish-list", &Sheet::read(folder.path(), "wish-list", &[]).unwrap()).unwrap();
        assert!(scoped.iter().any(|(_, css)| css.contains("m-wish-list")), "{scoped:?}");
    }

    /// What a pipeline runs sees the token only where it speaks to the server.
    #[cfg(unix)]
    #[test]
    fn a_pipeline_keeps_its_token_from_what_it_builds() {
        use std::{os::unix::fs::PermissionsExt, process::Command};
        let folder = tempfile::tempdir().unwrap();
        let pipeline = folder.path().join("pipeline.sh");
        let text = files().into_iter().find(|(path, _)| *path == "pipeline.sh").unwrap().1;
        fs::write(&pipeline, text).unwrap();
        for program in ["cargo", "menagerie"] {
            let path = folder.path().join(program);
            let told = format!("#!/bin/sh\necho \"{program} $1 ${{MENAGERIE_TOKEN-none}}\" >> \"$TOLD\"\n");
            fs::write(&path, told).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let told = folder.path().join("told");
        let path = std::env::join_paths(
            [folder.path().to_owned()]
                .into_iter()
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut command = Command::new("sh");
        command.arg(&pipeline).arg("release").env("PATH", path.unwrap()).env("TOLD", &told);
        command.env("MENAGERIE_URL", "http://localhost:1").env("MENAGERIE_TOKEN", "secret");
        assert!(command.status().unwrap().success());
        assert_eq!(
            fs::read_to_string(told).unwrap().lines().collect::<Vec<_>>(),
            [
                "cargo test none",
                "menagerie build none",
                "menagerie check none",
                "menagerie publish secret",
                "menagerie releases secret",
                "menagerie rollout secret",
                "menagerie rollout secret",
            ]
        );
    }

    /// What the workspace builds with is what a new microapp asks for.
    #[test]
    fn they_ask_for_what_we_build_with() {
        let ours = include_str!("../../../../Cargo.toml");
        let theirs = template!("Cargo.toml");
        let line =
            |text: &str, start: &str| text.lines().find(|line| line.starts_with(start)).map(str::to_owned);
        for start in ["leptos = ", "edition", "rust-version"] {
            assert_eq!(line(theirs, start), line(ours, start), "{start}");
        }
        let [theirs, ours] = [theirs, ours].map(|text| text.split_once("[profile.release]").unwrap().1);
        for start in ["opt-level", "lto", "codegen-units", "panic", "strip"] {
            assert_eq!(line(theirs, start), line(ours, start), "{start}");
        }
        let config = include_str!("../../../../.cargo/config.toml");
        assert_eq!(line(template!("cargo-config.toml"), "rustflags"), line(config, "rustflags"));
    }
}
