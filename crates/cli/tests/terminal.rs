//! What a terminal, a file or another program gives and gets.
#![allow(clippy::unwrap_used)] // a failed unwrap is how a test fails

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

const AGENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/engine/agent");

fn run(words: &[&str], said: &[u8], out: Stdio) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_menagerie"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(out)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A verb may end before it has heard everything.
    let _ = child.stdin.take().unwrap().write_all(said);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn sentences(folder: &Path) -> PathBuf {
    let file = folder.join("few.jsonl");
    let lines = "{\"text\":\"hello\",\"intent\":\"a\"}\n{\"text\":\"bye\",\"intent\":\"b\"}\n";
    fs::write(&file, lines).unwrap();
    file
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_does_not_fit_on_the_disk_is_an_error() {
    for verb in [&["agent", "check", AGENT][..], &["agent", "chat", AGENT]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let ended = run(verb, b"hello\n", full.into());
        let complaint = text(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{verb:?}: {complaint}");
        assert!(complaint.contains("E510 the answer cannot be written: "), "{verb:?}: {complaint}");
    }
}

#[test]
fn an_agent_of_others_does_nothing_to_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("intents")).unwrap();
    let agent = r#"{"defaultTimezone": "\u001b]0;mine\u0007"}"#;
    fs::write(folder.path().join("agent.json"), agent).unwrap();
    let intent =
        r#"{"name": "\u001b[2J", "contexts": ["\u009b2J"], "userSays": [{"data": [{"text": "hi"}]}]}"#;
    fs::write(folder.path().join("intents/a.json"), intent).unwrap();
    let checked = run(&["agent", "check", folder.path().to_str().unwrap()], b"", Stdio::piped());
    let said = text(&checked.stdout);
    assert!(!said.contains(|c: char| c.is_control() && c != '\n') && said.contains("␛]0;mine␇"), "{said:?}");
    assert!(said.contains("\u{fffd}2J of ␛[2J"), "{said:?}");
    let missing = run(&["agent", "check", "\x1b[2J"], b"", Stdio::piped());
    assert!(text(&missing.stderr).starts_with("E610 ␛[2J: "), "{:?}", text(&missing.stderr));
}

#[test]
fn a_conversation_goes_on_after_what_is_no_utf8() {
    let ended = run(&["agent", "chat", AGENT], b"h\xe9llo\nhello\n", Stdio::piped());
    assert!(ended.status.success(), "{}", text(&ended.stderr));
}

#[test]
fn measures_are_shown_though_their_picture_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let (file, place) = (sentences(folder.path()), folder.path().to_str().unwrap());
    let file = file.to_str().unwrap();
    let words = ["agent", "evaluate", "--train", file, "--test", file, "--json", "--confusion", place];
    let ended = run(&words, b"", Stdio::piped());
    assert_eq!(ended.status.code(), Some(1));
    assert!(text(&ended.stdout).contains("\"accuracy_in_scope\""), "{}", text(&ended.stdout));
    let complaint = text(&ended.stderr);
    assert!(complaint.starts_with("E510 ") && complaint.contains("cannot be written"), "{complaint}");
}
