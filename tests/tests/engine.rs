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

/// The answers of the wasm, and the model that it has.
async fn in_browser(browser: &Browser, file: &[u8]) -> (Vec<Vec<String>>, Vec<u8>) {
    let script = "const [glue, wasm, file, conversations, now] = arguments;
        const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const engine = new Function(glue + '; return wasm_bindgen;')();
        engine.initSync({ module: bytes(wasm) });
        const answers = conversations.map(([language, said]) => {
          const conversation = new engine.Conversation(bytes(file));
          return said.map((text) => conversation.hear(text, language, now));
        });
        let model = '';
        for (const byte of new engine.Conversation(bytes(file)).bytes()) model += String.fromCharCode(byte);
        return { answers, model: btoa(model) };";
    let built = |name: &str| fs::read(environment::engine().join(name)).unwrap();
    let arguments = vec![
        Value::from(String::from_utf8(built("engine.js")).unwrap()),
        Value::from(BASE64_STANDARD.encode(built("engine.wasm"))),
        Value::from(BASE64_STANDARD.encode(file)),
        json!(CONVERSATIONS),
        json!(NOW),
    ];
    let answer: Value = browser.eval_with(script, arguments).await;
    let answers = serde_json::from_value(answer["answers"].clone()).unwrap();
    (answers, BASE64_STANDARD.decode(answer["model"].as_str().unwrap()).unwrap())
}

#[tokio::test]
async fn the_wasm_learns_and_answers_as_the_native_engine_does() {
    let agent = agent();
    let (model, _) = Model::train(&agent, None);
    let trained = model.to_bytes();
    let native: Vec<Vec<String>> = CONVERSATIONS
        .iter()
        .map(|(language, said)| {
            let mut talk = Talk::new(&trained).unwrap();
            said.iter().map(|text| whole::told(talk.hear(text, language, NOW)).to_string()).collect()
        })
        .collect();
    // The conversations are worth comparing: they meet every intent, and ask, and fail.
    let all = native.concat().join("\n");
    for intent in agent.intents.iter().map(|intent| &intent.name) {
        assert!(all.contains(&format!("\"intent\":\"{intent}\"")), "no conversation meets {intent}");
    }
    let browser = Browser::start().await;
    for file in [trained.clone(), Model::untrained(&agent)] {
        let (answers, bytes) = in_browser(&browser, &file).await;
        for ((native, answers), (_, said)) in native.iter().zip(&answers).zip(CONVERSATIONS) {
            for ((native, answer), said) in native.iter().zip(answers).zip(said) {
                assert_eq!(native, answer, "{said}");
            }
        }
        assert_eq!(native.len(), answers.len());
        assert!(
            bytes == trained,
            "the model of the browser has {} bytes, ours {}",
            bytes.len(),
            trained.len()
        );
    }
}
