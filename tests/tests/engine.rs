//! The agent engine in a browser answers as the native one does, and learns the same model.

#[path = "../fixtures/engine/src/turn.rs"]
mod turn;
#[path = "../fixtures/engine/src/whole.rs"]
mod whole;

use base64::{Engine, prelude::BASE64_STANDARD};
use nlu::{
    agent::Agent,
    format::dialogflow::{self, Files},
    model::Model,
    vectors::{Vectors, file::File},
};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tests::{Browser, environment};
use turn::Talk;

/// Wednesday the 15th of May 2024, 10:00 in Berlin.
const NOW: i64 = 1_715_760_000;

/// What is said in one language, in one conversation.
const CONVERSATIONS: [(&str, &[&str]); 6] = [
    ("en", &["@WELCOME", "tell me a funny story", "another one", "again", "qwertz uiop", "one more please"]),
    (
        "en",
        &["i want to book for february 29", "at half past two in the afternoon", "no, tomorrow", "21", "bye"],
    ),
    (
        "en",
        &[
            "show me a red kennel under 19.99 euros",
            "i need a lesh",
            "do you have goldfish?",
            "looking for toys and leads",
        ],
    ),
    (
        "en",
        &[
            "what about my parcel",
            "it is C987654321",
            "never mind",
            "book a table",
            "stop",
            "call me Ada",
            "İstanbul ÇOK ﬁne ½ 日本語 🐶 ’s",
        ],
    ),
    (
        "de",
        &[
            "@WELCOME",
            "erzähl mir einen Scherz",
            "noch einer",
            "ein Tisch für zweiundzwanzig um halb drei nachmittags",
            "übermorgen",
            "abbrechen",
        ],
    ),
    (
        "de",
        &[
            "ich heiße Jürgen Müller-Lüdenscheidt",
            "zeig mir Hundebetten",
            "wo ist meine Bestellung z123456789",
            "öffnungszeiten?",
            "tschüss",
        ],
    ),
];

/// The files under a folder.
fn files(root: &Path, under: &str, files: &mut Files) {
    for entry in fs::read_dir(root.join(under)).unwrap().map(Result::unwrap) {
        let path = format!("{under}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            self::files(root, &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

fn agent() -> Agent {
    let mut all = Files::new();
    files(&environment::workspace().join("tests/fixtures/engine/agent"), "", &mut all);
    dialogflow::read(&all).unwrap().0
}

/// The file of our vectors.
fn vectors() -> Vec<u8> {
    let read = |name: &str| fs::read(environment::workspace().join("assets/vectors").join(name)).unwrap();
    let words = String::from_utf8(read("vocab.txt")).unwrap();
    File::write(&words, &read("vectors-128x4bit.bin"), Some(&read("layer.bin")))
}

/// The answers of the wasm, and the model that it has.
async fn in_browser(browser: &Browser, file: &[u8], vectors: Option<&[u8]>) -> (Vec<Vec<String>>, Vec<u8>) {
    let script = "const [glue, wasm, file, vectors, conversations, now] = arguments;
        const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const engine = new Function(glue + '; return wasm_bindgen;')();
        engine.initSync({ module: bytes(wasm) });
        const begun = () => vectors
          ? engine.Conversation.with_vectors(bytes(file), bytes(vectors))
          : new engine.Conversation(bytes(file));
        const answers = conversations.map(([language, said]) => {
          const conversation = begun();
          return said.map((text) => conversation.hear(text, language, now));
        });
        let model = '';
        for (const byte of begun().bytes()) model += String.fromCharCode(byte);
        return { answers, model: btoa(model) };";
    let built = |name: &str| fs::read(environment::engine().join(name)).unwrap();
    let arguments = vec![
        Value::from(String::from_utf8(built("engine.js")).unwrap()),
        Value::from(BASE64_STANDARD.encode(built("engine.wasm"))),
        Value::from(BASE64_STANDARD.encode(file)),
        Value::from(vectors.map(|vectors| BASE64_STANDARD.encode(vectors))),
        json!(CONVERSATIONS),
        json!(NOW),
    ];
    let answer: Value = browser.eval_with(script, arguments).await;
    let answers = serde_json::from_value(answer["answers"].clone()).unwrap();
    (answers, BASE64_STANDARD.decode(answer["model"].as_str().unwrap()).unwrap())
}

/// The answers of the native engine.
fn natively(file: &[u8], vectors: Option<&Vectors>) -> Vec<Vec<String>> {
    let answers = CONVERSATIONS.iter().map(|(language, said)| {
        let mut talk = Talk::new(file, vectors.cloned()).unwrap();
        said.iter().map(|text| whole::told(talk.hear(text, language, NOW)).to_string()).collect()
    });
    answers.collect()
}

/// Answers of the browser are those of here, and what it learns has the same bytes; of a trained file, and of one that is learnt
/// there.
async fn check(browser: &Browser, file: Option<&[u8]>) -> Vec<Vec<String>> {
    let (agent, vectors) = (agent(), file.map(|file| Vectors::from_bytes(file).unwrap()));
    let trained = Model::train(&agent, vectors.clone()).0.to_bytes();
    let native = natively(&trained, vectors.as_ref());
    for model in [trained.clone(), Model::untrained(&agent, vectors.as_ref())] {
        let (answers, bytes) = in_browser(browser, &model, file).await;
        for ((native, answers), (_, said)) in native.iter().zip(&answers).zip(CONVERSATIONS) {
            for ((native, answer), said) in native.iter().zip(answers).zip(said) {
                assert_eq!(native, answer, "{said}");
            }
        }
        assert_eq!(native.len(), answers.len());
        let (theirs, ours) = (bytes.len(), trained.len());
        assert!(bytes == trained, "the model of the browser has {theirs} bytes, ours {ours}");
    }
    native
}

#[tokio::test]
async fn the_wasm_learns_and_answers_as_the_native_engine_does() {
    let browser = Browser::start().await;
    let answers = check(&browser, None).await;
    // The conversations are worth comparing: they meet every intent, and ask, and fail.
    let all = answers.concat().join("\n");
    for intent in agent().intents {
        assert!(
            all.contains(&format!("\"intent\":\"{}\"", intent.name)),
            "no conversation meets {}",
            intent.name
        );
    }
    let with_vectors = check(&browser, Some(&vectors())).await;
    assert_ne!(answers, with_vectors, "vectors make no difference");
}
