//! `menagerie … | head`: a reader that goes away ends a verb without a panic.
#![allow(clippy::unwrap_used)] // a failed unwrap is how a test fails

use std::{
    io::Write,
    process::{Command, Stdio},
};

const AGENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/engine/agent");

#[test]
fn verbs_end_quietly_when_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let sentences = file("few.jsonl");
    std::fs::write(
        &sentences,
        "{\"text\":\"hello\",\"intent\":\"a\"}\n{\"text\":\"bye\",\"intent\":\"b\"}\n",
    )
    .unwrap();
    let (trained, imported) = (file("a.agent"), file("imported"));
    // (verb, what is said to it, whether it fails)
    for (verb, said, status) in [
        (&["--help"][..], "", None),
        (&["agent", "check", AGENT], "", Some(141)),
        (&["agent", "import", AGENT, "--out", &imported], "", Some(141)),
        (&["agent", "train", AGENT, "--out", &trained, "--untrained"], "", Some(141)),
        (&["agent", "chat", AGENT, "--debug"], "hello\nbye\n", Some(141)),
        (&["agent", "evaluate", "--train", &sentences, "--test", &sentences, "--json"], "", Some(141)),
        // What is wrong is said on the other stream, and the status says so.
        (&["agent", "check", &sentences], "", Some(1)),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_menagerie"))
            .args(verb)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        // A verb that ends before it has heard everything breaks our pipe, too.
        let _ = child.stdin.take().unwrap().write_all(said.as_bytes());
        let output = child.wait_with_output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(!complaints.contains("panicked"), "{verb:?}: {complaints}");
        if status == Some(141) {
            assert_eq!(complaints, "", "{verb:?}");
        }
        if status.is_some() {
            assert_eq!(output.status.code(), status, "{verb:?}: {complaints}");
        }
    }
    // What it was told to write is there all the same.
    assert!(std::fs::metadata(&trained).unwrap().len() > 0);
}
