//! `menagerie agent`, as its users call it.
#![allow(clippy::unwrap_used)] // a failed unwrap is how a test fails

use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

const AGENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/engine/agent");
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/vectors");

/// Three intents, the third with something marked: `[2 apples]` is an `item`.
const TRAIN: &[(&str, &[&str])] = &[
    (
        "hours",
        &[
            "when do you open",
            "what are your opening hours",
            "are you open on sunday",
            "until when is the shop open",
            "at what time do you close today",
            "is the shop closed on monday",
        ],
    ),
    (
        "delivery",
        &[
            "where is my parcel",
            "how long does delivery take",
            "when will my parcel arrive",
            "can you track my delivery",
            "my parcel has not arrived yet",
            "how much is delivery",
        ],
    ),
    (
        "buy",
        &[
            "please add [two apples] to my basket",
            "put [a red collar] into the basket",
            "i would like to buy [three bowls]",
            "buy [a dog bed] for me",
            "i want [five tins] in my basket",
            "add [a leash] to the basket please",
        ],
    ),
];
const TEST: &[(&str, &[&str])] = &[
    ("hours", &["when do you open on monday", "what time do you close"]),
    ("delivery", &["when does my parcel arrive", "where is my delivery"]),
    ("buy", &["please add [a bowl] to my basket", "put [two leashes] into the basket"]),
];
const OUTSIDE: &[&str] =
    &["xylophone quartz", "photosynthesis explained", "seventeen violins", "green thunder"];

/// What a call said and how it ended.
struct Answer {
    status: Option<i32>,
    out: String,
    err: String,
}

fn call(words: &[&str], said: &str) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_menagerie"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A verb may end before it has heard everything.
    let _ = child.stdin.take().unwrap().write_all(said.as_bytes());
    let ended = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Answer { status: ended.status.code(), out: text(ended.stdout), err: text(ended.stderr) }
}

/// What a call that went well said.
#[track_caller]
fn said(words: &[&str]) -> String {
    let answer = call(words, "");
    assert_eq!(answer.status, Some(0), "{words:?}: {}", answer.err);
    answer.out
}

/// The same for one with `--json`.
#[track_caller]
fn answered(words: &[&str]) -> Value {
    let out = said(&[words, &["--json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}: {out}"))
}

#[track_caller]
fn check_keys(answer: &Value, expected: &[&str]) {
    let keys: BTreeSet<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, expected.iter().copied().collect());
}

/// A folder that is gone with the test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = PathBuf::from(self.path(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self.path(name)
    }

    /// A file of sentences: what stands in brackets is an `item`.
    fn sentences(&self, name: &str, intents: &[(&str, &[&str])]) -> String {
        let mut lines = String::new();
        for (intent, sentences) in intents {
            for sentence in *sentences {
                let mut entities = Vec::new();
                if let (Some(start), Some(end)) = (sentence.find('['), sentence.find(']')) {
                    entities.push(json!({ "start": start, "end": end - 1, "entity": "item" }));
                }
                let text = sentence.replace(['[', ']'], "");
                lines.push_str(&json!({ "text": text, "intent": intent, "entities": entities }).to_string());
                lines.push('\n');
            }
        }
        self.write(name, &lines)
    }

    fn outside(&self, name: &str, sentences: &[&str]) -> String {
        let lines = sentences.iter().map(|text| format!("{}\n", json!({ "text": text, "intent": null })));
        self.write(name, &lines.collect::<String>())
    }
}

#[test]
fn understanding_is_measured() {
    let folder = Folder::new();
    let train = folder.sentences("train.jsonl", TRAIN);
    let validation = folder.sentences("validation.jsonl", TEST);
    let (learnt, asked) = OUTSIDE.split_at(2);
    let oos = folder.outside("oos.jsonl", learnt);
    let asked = folder.outside("asked.jsonl", asked);
    let words = ["agent", "evaluate", "--train", &train, "--test", &validation];

    let plain = answered(&words);
    check_keys(
        &plain,
        &[
            "intents",
            "train_examples",
            "test_examples",
            "threshold",
            "forced_accuracy",
            "accuracy_in_scope",
            "oos_recall",
            "best_mcc",
            "macro_f1",
            "micro_f1",
            "entity_f1",
            "entity_f1_mean_over_intents",
            "train_ms",
            "p50_us",
            "p99_us",
            "model_bytes",
            "model_brotli_bytes",
        ],
    );
    let counts = ["intents", "train_examples", "test_examples"].map(|key| plain[key].as_u64().unwrap());
    assert_eq!(counts, [3, 18, 6]);
    let number =
        |answer: &Value, key: &str| answer[key].as_f64().unwrap_or_else(|| panic!("{key}: {answer}"));
    assert_eq!(number(&plain, "threshold"), 0.0);
    assert_eq!(plain["oos_recall"], Value::Null, "nothing out of scope was asked");
    assert_eq!(number(&plain, "forced_accuracy"), number(&plain, "accuracy_in_scope"));
    for key in ["forced_accuracy", "best_mcc", "macro_f1", "micro_f1"] {
        assert!((0.8..=1.0).contains(&number(&plain, key)), "{key}: {plain}");
    }
    for key in ["entity_f1", "entity_f1_mean_over_intents"] {
        assert!((0.5..=1.0).contains(&number(&plain, key)), "{key}: {plain}");
    }
    assert!(number(&plain, "train_ms") > 0.0 && number(&plain, "p50_us") > 0.0);
    assert!(number(&plain, "p50_us") <= number(&plain, "p99_us"), "{plain}");
    assert!(number(&plain, "model_brotli_bytes") < number(&plain, "model_bytes"), "{plain}");

    let picked =
        [&words[..], &[&asked, "--oos", &oos, "--validation", &validation, "--threshold", "auto"]].concat();
    let mut sizes = Vec::new();
    for vectors in [&[][..], &["--vectors", VECTORS]] {
        let answer = answered(&[&picked[..], vectors].concat());
        let counts = ["intents", "train_examples", "test_examples"].map(|key| answer[key].as_u64().unwrap());
        assert_eq!(counts, [3, 18, 8], "sentences of no intent are no examples of one");
        let threshold = number(&answer, "threshold");
        assert!(threshold > 0.0 && threshold <= 1.0, "{answer}");
        // It was picked on the sentences that are asked, so that it costs none of them.
        assert_eq!(number(&answer, "accuracy_in_scope"), number(&answer, "forced_accuracy"), "{answer}");
        assert!(number(&answer, "forced_accuracy") >= 0.8, "{answer}");
        assert!(number(&answer, "oos_recall") > 0.0, "{answer}");
        sizes.push(number(&answer, "model_bytes"));
    }
    assert!(sizes[1] > sizes[0], "a model learnt with vectors has weights for them: {sizes:?}");

    // Without a validation file it is picked on the phrases, left out in turn.
    let own = answered(&[&words[..], &["--threshold", "auto"]].concat());
    assert!(number(&own, "threshold") > 0.0, "{own}");
    let wrong = call(&[&words[..], &["--threshold", "2"]].concat(), "");
    assert!(wrong.status == Some(2) && wrong.err.contains("from 0 to 1, or auto"), "{}", wrong.err);
}

#[test]
fn the_worst_intents_are_told_with_their_sentences_and_drawn() {
    const WORDS: [&str; 12] = [
        "weather", "pizza", "train", "music", "football", "doctor", "garden", "camera", "bicycle", "museum",
        "passport", "lottery",
    ];
    let folder = Folder::new();
    // Whatever is asked belongs to the intent behind the one that it was learnt for.
    let names: Vec<String> = (0..WORDS.len()).map(|at| format!("intent-{at:02} <&>")).collect();
    let (mut learnt, mut asked) = (String::new(), String::new());
    for (at, word) in WORDS.iter().enumerate() {
        for phrase in ["tell me about the", "i have a question on the", "what is new with the"] {
            learnt.push_str(&json!({ "text": format!("{phrase} {word}"), "intent": names[at] }).to_string());
            learnt.push('\n');
        }
        let other = &names[(at + 1) % names.len()];
        asked.push_str(&json!({ "text": format!("about the {word}"), "intent": other }).to_string());
        asked.push('\n');
    }
    let (train, test) = (folder.write("train.jsonl", &learnt), folder.write("test.jsonl", &asked));
    let picture = folder.path("deep/matrix.svg");
    let words = ["agent", "evaluate", "--train", &train, "--test", &test];

    let table = said(&[&words[..], &["--confusion", &picture]].concat());
    let (measures, worst) = table.split_once("\n\nThe ten worst intents:\n").unwrap();
    for measure in ["accuracy in scope", "best MCC", "macro F1", "after brotli", "median / 99 %"] {
        assert!(measures.contains(measure), "{measure}: {measures}");
    }
    let told: Vec<&str> = worst.lines().filter(|line| line.contains(" F1 ")).collect();
    assert_eq!(told.len(), 10, "{worst}");
    for (line, name) in told.iter().zip(&names) {
        assert!(line.trim().starts_with(name.as_str()) && line.ends_with("F1 0.000"), "{line}");
    }
    assert!(worst.contains("“about the weather” → intent-00 <&>"), "{worst}");
    let refused = said(&[&words[..], &["--threshold", "1"]].concat());
    assert!(refused.contains("“about the weather” → (refused)"), "{refused}");
    let nothing = folder.write("nothing.jsonl", "");
    let nothing = said(&["agent", "evaluate", "--train", &train, "--test", &nothing]);
    assert!(!nothing.contains("worst") && !nothing.contains("-0"), "{nothing}");

    let svg = fs::read_to_string(picture).unwrap();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{svg}");
    assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
    for name in names {
        let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(svg.contains(&format!(">{name}</text>")), "{name}: {svg}");
    }
    assert!(svg.contains("<title>intent-01 &lt;&amp;&gt; → intent-00 &lt;&amp;&gt;: 1</title>"), "{svg}");
}

/// An agent with one fault of each kind.
fn flawed(folder: &Folder) -> String {
    let phrases = |texts: &[&str]| -> Vec<Value> {
        texts.iter().map(|text| json!({ "data": [{ "text": text }] })).collect()
    };
    let parameter = json!({ "name": "day", "dataType": "@sys.date", "value": "$day", "required": true });
    let undefined = json!({ "name": "room", "dataType": "@room", "value": "$room" });
    let colours = json!([{ "value": "red", "synonyms": ["crimson"] }]);
    let intents = [
        json!({ "name": "Hello", "userSays": phrases(&["good morning", "hello there"]) }),
        json!({ "name": "Bye", "userSays": phrases(&["Good morning!", "see you later"]) }),
        json!({
            "name": "Book",
            "userSays": phrases(&["book a table", "reserve a table"]),
            "responses": [{ "parameters": [parameter, undefined] }],
        }),
        json!({ "name": "Sure", "contexts": ["asked"], "userSays": phrases(&["yes please", "of course"]) }),
        // What is left out of one has its like in the other.
        json!({ "name": "Track", "userSays": phrases(&[
            "track the parcel", "follow that courier", "locate the shipment", "find that package",
        ]) }),
        json!({ "name": "Trace", "userSays": phrases(&[
            "track that parcel", "follow the courier", "locate that shipment", "find the package",
        ]) }),
    ];
    folder.write("flawed/agent.json", r#"{"language": "en", "secondaryKey": "secret"}"#);
    folder.write("flawed/entities/colour.json", &json!({ "name": "colour", "entries": colours }).to_string());
    for intent in &intents {
        let name = intent["name"].as_str().unwrap();
        folder.write(&format!("flawed/intents/{name}.json"), &intent.to_string());
    }
    folder.path("flawed")
}

#[test]
fn what_an_author_should_know_is_found() {
    let folder = Folder::new();
    let agent = flawed(&folder);
    let text = said(&["agent", "check", &agent]);
    for expected in [
        "phrases in two intents (1):\n  “good morning” (en): Bye, Hello\n",
        "entities never used (1):\n  @colour\n",
        "entities that the agent does not have (1):\n  @room of Book\n",
        "required parameters without a prompt (1):\n  day of Book (en)\n",
        "input contexts that nothing sets (1):\n  asked of Sure, ",
        "phrases that the classifier alone gets wrong when they are left out (",
        "of Track → Trace (",
        "intents too close to tell apart (1):\n  Trace and Track: ",
        " findings in 6 intents",
        "dropped, being secret: agent.secondaryKey",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }

    let answer = answered(&["agent", "check", &agent]);
    check_keys(&answer, &["intents", "count", "findings", "report"]);
    check_keys(&answer["report"], &["dropped", "kept", "ignored", "not_understood"]);
    let findings = &answer["findings"];
    check_keys(
        findings,
        &[
            "phrases_in_two_intents",
            "entities_never_used",
            "entities_unknown",
            "prompts_missing",
            "contexts_never_set",
            "phrases_wrong_when_left_out",
            "intents_too_close",
        ],
    );
    let shared = json!([{ "phrase": "good morning", "language": "en", "intents": ["Bye", "Hello"] }]);
    assert_eq!(findings["phrases_in_two_intents"], shared);
    assert_eq!(findings["entities_never_used"], json!(["@colour"]));
    assert_eq!(findings["entities_unknown"], json!([{ "entity": "@room", "intent": "Book" }]));
    let missing = json!([{ "parameter": "day", "intent": "Book", "language": "en" }]);
    assert_eq!(findings["prompts_missing"], missing);
    assert_eq!(findings["contexts_never_set"], json!([{ "context": "asked", "intent": "Sure" }]));
    let wrong = findings["phrases_wrong_when_left_out"].as_array().unwrap();
    check_keys(&wrong[0], &["phrase", "intent", "given", "confidence"]);
    assert_eq!(findings["intents_too_close"][0]["intents"], json!(["Trace", "Track"]));
    assert!(findings["intents_too_close"][0]["phrases"].as_u64().unwrap() >= 3, "{answer}");
    let count: usize =
        findings.as_object().unwrap().values().map(|list| list.as_array().unwrap().len()).sum();
    assert_eq!((&answer["intents"], &answer["count"]), (&json!(6), &json!(count)));
    assert!(text.contains(&format!("\n{count} findings in")), "{text}");
}

/// All files below a folder, by their paths.
fn files(folder: &Path, under: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{under}{}", entry.file_name().to_str().unwrap());
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path(), &format!("{name}/"))),
            false => drop(found.insert(name, fs::read(entry.path()).unwrap())),
        }
    }
    found
}

#[test]
fn an_agent_comes_back_as_it_went() {
    let folder = Folder::new();
    let [zip, again] = ["agent.zip", "again.zip"].map(|name| folder.path(name));
    let [first, second] = ["first", "second"].map(|name| folder.path(name));
    let exported = answered(&["agent", "export", AGENT, "--out", &zip]);
    check_keys(&exported, &["file", "bytes", "report"]);
    let size = fs::metadata(&zip).unwrap().len();
    assert_eq!((&exported["file"], &exported["bytes"]), (&json!(zip), &json!(size)));

    let imported = answered(&["agent", "import", &zip, "--out", &first]);
    check_keys(&imported, &["dir", "intents", "phrases", "entity_types", "report"]);
    check_keys(&imported["report"], &["dropped", "kept", "ignored", "not_understood"]);
    assert_eq!((&imported["intents"], &imported["entity_types"]), (&json!(10), &json!(3)));
    assert!(imported["phrases"].as_u64().unwrap() > 10, "{imported}");
    assert_eq!(imported["dir"], json!(first));

    let text = said(&["agent", "export", &first, "--out", &again]);
    assert_eq!(text, format!("{again} holds {size} bytes\n"));
    let text = said(&["agent", "import", &again, "--out", &second]);
    assert!(text.starts_with("10 intents, ") && text.contains(&format!(" are in {second}\n")), "{text}");
    assert_eq!(fs::read(&zip).unwrap(), fs::read(&again).unwrap());
    let [source, first, second] = [AGENT, &first, &second].map(|folder| files(Path::new(folder), ""));
    assert_eq!(first, second);
    // Beside what the agent had, agent.json now says what goes without saying.
    let value = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    assert_eq!(source.keys().collect::<Vec<_>>(), first.keys().collect::<Vec<_>>());
    for (path, bytes) in source {
        let (before, mut after) = (value(&bytes), value(&first[&path]));
        if path == "agent.json" {
            after.as_object_mut().unwrap().retain(|field, _| before.get(field).is_some());
        }
        assert_eq!(before, after, "{path}");
    }
}

#[test]
fn a_trained_file_is_told_to_programs() {
    let folder = Folder::new();
    let file = folder.path("mine.agent");
    for (more, is_trained) in [(&[][..], true), (&["--untrained"], false)] {
        let answer = answered(&[&["agent", "train", AGENT, "--out", &file], more].concat());
        check_keys(&answer, &["file", "train_ms", "model_bytes", "model_brotli_bytes", "report"]);
        check_keys(&answer["report"], &["dropped", "kept", "ignored", "not_understood"]);
        assert_eq!(answer["train_ms"].is_number(), is_trained, "{answer}");
        assert_eq!(answer["model_bytes"], json!(fs::metadata(&file).unwrap().len()));
    }
}

#[test]
fn a_conversation_shows_what_lies_behind_it() {
    let answer = call(&["agent", "chat", AGENT, "--debug"], "track A000000007\nxylophone quartz\n");
    assert_eq!(answer.status, Some(0), "{}", answer.err);
    for expected in [
        "  intent Welcome · by an event · ",
        "  intent Order · by template · confidence 1.00",
        "  slots {\"order\":\"A000000007\"}",
        "  intent Fallback · by the fallback · ",
        " · threshold 0.30\n",
        "  contexts ",
    ] {
        assert!(answer.out.contains(expected), "{expected}: {}", answer.out);
    }
    // Two intents for each sentence, also where the fallback answers.
    let scores: Vec<&str> = answer.out.lines().filter(|line| line.starts_with("  scores ")).collect();
    assert_eq!(scores.len(), 2, "{}", answer.out);
    assert!(scores[0].starts_with("  scores Order "), "{}", scores[0]);
    assert!(scores.iter().all(|line| line.matches(" · ").count() == 2), "{scores:?}");
    let plain = call(&["agent", "chat", AGENT], "track B000000001\n");
    assert!(plain.out.contains("B000000001 is on its way"), "{}", plain.out);
    assert!(!plain.out.contains("scores") && !plain.out.contains("contexts"), "{}", plain.out);
}
