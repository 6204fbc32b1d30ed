//! A team outside this repository, with a Cargo.lock of its own: from an empty folder to every visitor, and back.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tests::{
    Browser, Server, TOKEN,
    command_line::{Ran, menagerie},
};

/// A shared crate, in another version than ours.
const OTHER: (&str, &str) = ("slab", "0.4.9");

struct Team {
    server: Server,
    folder: tempfile::TempDir,
}

impl Team {
    fn microapp(&self) -> PathBuf {
        self.folder.path().join("wish-list")
    }

    async fn run(&self, dir: &Path, words: &[&str]) -> Ran {
        let variables = [("MENAGERIE_URL", self.server.origin()), ("MENAGERIE_TOKEN", TOKEN)];
        menagerie(dir, words, &variables).await.well()
    }

    /// Runs it in the microapp's folder.
    async fn menagerie(&self, words: &[&str]) -> Ran {
        self.run(&self.microapp(), words).await
    }

    /// Changes a file.
    fn edit(&self, file: &str, change: impl FnOnce(String) -> String) {
        let path = self.microapp().join(file);
        fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
    }

    async fn build(&self) -> Value {
        let built = self.menagerie(&["build", ".", "--json", "--final"]).await.json();
        println!("built in {} s", built[0]["seconds"]);
        built[0].clone()
    }
}

fn locked(folder: &Path, name: &str) -> String {
    let lock = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn from_an_empty_folder_to_every_visitor_and_back() {
    let shell = ["shell".to_owned()];
    let (server, browser) = tokio::join!(Server::holding(&shell), Browser::start());
    let team = Team { server, folder: tempfile::tempdir().unwrap() };
    team.run(team.folder.path(), &["new", "wish-list"]).await;

    let (name, version) = OTHER;
    team.edit("Cargo.toml", |toml| {
        toml.replace("[dependencies]\n", &format!("[dependencies]\n{name} = \"={version}\"\n"))
    });
    let told = "assert!(context.route.get_untracked().query(\"fail\").is_empty(), \"it was told to\");";
    team.edit("src/lib.rs", |text| {
        text.replace(
            "            greet(context);\n",
            &format!("            {told}\n            greet(context);\n"),
        )
    });
    let first = team.build().await;
    assert_eq!((first["name"].as_str(), first["version"].as_str()), (Some("wish-list"), Some("0.1.0")));
    assert_eq!(locked(&team.microapp(), name), version);
    assert_ne!(locked(&tests::environment::workspace(), name), version, "it is no other version");
    assert!(first["fetched"].as_u64().unwrap() < 75_000, "{first}");

    // The same sources give the same bytes, also when all of it is linked anew, and wherever the SDK lies.
    let before = release::verify::read(&team.microapp().join("dist/release")).unwrap();
    let ours = tests::environment::workspace().display().to_string();
    let here = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&ours);
    assert_eq!(before.iter().find(|(_, bytes)| here(bytes)).map(|(name, _)| name), None, "{ours} is in it");
    team.edit("src/lib.rs", |text| text + "\n// nothing that matters\n");
    team.build().await;
    assert!(release::verify::read(&team.microapp().join("dist/release")).unwrap() == before, "other bytes");

    let report = team.menagerie(&["check", ".", "--json"]).await.json();
    assert_eq!(report["findings"], serde_json::json!([]));
    println!("{}", report["checks"]);

    team.menagerie(&["publish", "dist/release"]).await;
    team.menagerie(&["rollout", "start", "wish-list", "0.1.0"]).await;
    browser.open(&format!("{}/#/wish-list", team.server.origin())).await;
    browser.see_text("h1", "Wish list").await;
    browser.click_text("button", "Say hello").await;
    browser.see_text(".count", "Greeted once.").await;

    // The next release is another title; nothing has to be compiled for it.
    team.edit("Cargo.toml", |toml| {
        toml.replace("version = \"0.1.0\"", "version = \"0.2.0\"")
            .replace("title = \"Wish list\"", "title = \"Wishes\"")
    });
    team.menagerie(&["pack", "--dir", ".", "--final", "--out", "next"]).await;
    team.menagerie(&["publish", "next", "--live"]).await;
    browser.reload().await;
    browser.see_text("h1", "Wish list").await;
    assert!(browser.title().await.contains("Wishes"), "{}", browser.title().await);
    team.menagerie(&["rollout", "undo", "wish-list"]).await;
    browser.reload().await;
    // Its store outlived both.
    browser.see_text(".count", "Greeted once.").await;
    assert!(browser.title().await.contains("Wish list"), "{}", browser.title().await);
    browser.assert_no_complaints().await;

    // Its profile has panics with their words, unlike our own releases.
    browser.open(&format!("{}/#/wish-list?fail=1", team.server.origin())).await;
    browser.click_text("button", "Say hello").await;
    browser.see_text("[data-test=problem]", "it was told to").await;
    browser.see_text("[data-test=problem]", "E207 wish-list@0.1.0 panicked").await;
}
