//! Whatever comes in place of a file, at whatever step: the shop goes on, the slot says what failed, and Retry helps
//! once it is over. Each test is a row of the table and prints its cells.

use release::hash;
use serde_json::json;
use tests::{Browser, Fault, ForeignPage, Hostile, Plain, SHORT_DEADLINES, Server, Shop};

/// Where the browser is while the rest of the shop goes on.
const STEADY: &str = "/steady";
/// The file that a microapp asks for at its step, beside its entry.
const MORE: &str = "more.js";

/// Everything that can come, and the number that says so where the shell itself fetches.
const FAULTS: [(Fault, &str); 9] = [
    (Fault::Status(404), "E202"),
    (Fault::Status(500), "E218"),
    (Fault::Html, "E203"),
    (Fault::Truncated, "E215"),
    (Fault::WrongType, "E203"),
    (Fault::RefusedByCors, "E215"),
    (Fault::FlippedByte, "E204"),
    (Fault::Slow, ""),
    (Fault::Silent, "E201"),
];

/// A shop behind somebody hostile, and another origin whose answers it may not read.
struct Stage {
    shop: Shop,
    hostile: Hostile,
    _elsewhere: ForeignPage,
}

impl Stage {
    /// With a microapp `subject` that needs a further file at one of its steps.
    async fn set(subject: Plain) -> Self {
        let elsewhere = ForeignPage::serve("<h1>Not for you</h1>".to_owned()).await;
        // The page's policy lets it ask there, so that it is CORS which refuses.
        let flags = [&SHORT_DEADLINES[..], &["--override-origin", elsewhere.origin()]].concat();
        let shell = ["shell".to_owned()];
        let (server, browser) = tokio::join!(Server::holding_with(&shell, &flags), Browser::start());
        server.publish(&Plain::new("steady").release()).await;
        let mut files = subject.release();
        let more = b"export default 'there is more';\n".to_vec();
        let description = files.get_mut("microapp.json").expect("a description");
        let mut described: serde_json::Value = serde_json::from_slice(description).expect("it is JSON");
        described["files"][MORE] = json!(hash::file(&more));
        *description = described.to_string().into_bytes();
        files.insert(MORE.to_owned(), more);
        server.publish(&files).await;
        let hostile = Hostile::before(server.origin()).await;
        hostile.send_on_to(elsewhere.origin());
        Self { shop: Shop { server, browser }, hostile, _elsewhere: elsewhere }
    }

    /// Opens the microapp as a page of its own, with nothing in the browser's cache.
    async fn visit(&self) {
        self.shop.open("about:blank").await;
        self.shop.forget(self.hostile.origin()).await;
        self.shop.open(&format!("{}/#/subject", self.hostile.origin())).await;
    }

    /// Another microapp works, and what failed is forgotten.
    async fn go_elsewhere(&self) {
        self.shop.follow(STEADY).await;
        self.shop.at("steady").await;
        assert!(!self.shop.shows("[data-test=slot-failed]").await, "the error is still there");
        self.shop.see("header [data-test=brand]").await;
        self.shop.see("footer nav a").await;
        let inside: u32 = self.shop.eval("return document.querySelector('#slot').childElementCount").await;
        assert_eq!(inside, 1, "what failed is still in the slot");
    }

    /// It is named, another microapp works, it is named again, and after recovery Retry helps.
    async fn fails_until_healed(&self, code: &str) {
        self.shop.see_failure("subject", code).await;
        self.go_elsewhere().await;
        self.shop.follow("/subject").await;
        self.shop.see_failure("subject", code).await;
        self.hostile.take_asked();
        self.hostile.heal();
        self.shop.click("[data-test=retry]").await;
        self.shop.at("subject").await;
        let asked = self.hostile.take_asked();
        let fresh = |path: &String| path.starts_with("/apps/subject/") && path.contains('?');
        assert!(asked.iter().any(fresh), "Retry asks under a fresh address: {asked:?}");
        self.go_elsewhere().await;
    }
}

/// A careful microapp: what it fetches has its type and its hash, else it throws.
fn subject() -> (Plain, String) {
    let hash = hash::file(b"export default 'there is more';\n").integrity;
    let fetch_more = format!(
        "const more = async () => {{
           const response = await fetch(new URL('{MORE}', import.meta.url), {{ integrity: '{hash}', cache: 'no-store' }});
           if (!response.ok) throw new Error(`HTTP ${{response.status}}`);
           if (!response.headers.get('content-type').startsWith('text/javascript')) throw new Error('another type');
           await response.text();
         }};"
    );
    (Plain::new("subject").before(&fetch_more), "await more();".to_owned())
}

/// What a step is told by when it throws, and when it takes too long.
fn code_of(fault: Fault, threw: &'static str, late: &'static str) -> &'static str {
    if matches!(fault, Fault::Slow | Fault::Silent) { late } else { threw }
}

fn cell(step: &str, fault: Fault, code: &str) {
    println!("{step:<10} {:<16} {}", format!("{fault:?}"), if code.is_empty() { "goes on" } else { code });
}

#[tokio::test]
async fn load() {
    let stage = Stage::set(Plain::new("subject")).await;
    for (fault, code) in FAULTS {
        cell("load", fault, code);
        stage.hostile.damage("/apps/subject/", fault);
        stage.visit().await;
        if fault == Fault::Slow {
            // It goes on: that is waited for, and no failure.
            stage.shop.at("subject").await;
            stage.shop.assert_no_complaints().await;
            stage.hostile.heal();
            continue;
        }
        stage.shop.see_failure("subject", code).await;
        // Nothing of it ran.
        let recorded = stage.shop.recorded().await;
        assert_eq!(recorded.states_of("subject").last(), Some(&"LOAD_FAILED"), "{fault:?}");
        stage.fails_until_healed(code).await;
    }
}

#[tokio::test]
async fn bootstrap() {
    let (subject, body) = subject();
    let stage = Stage::set(subject.bootstrap(&body)).await;
    for (fault, _) in FAULTS {
        let code = code_of(fault, "E209", "E208");
        cell("bootstrap", fault, code);
        stage.hostile.damage(MORE, fault);
        stage.visit().await;
        stage.fails_until_healed(code).await;
    }
}

#[tokio::test]
async fn mount() {
    let (subject, body) = subject();
    let stage = Stage::set(subject.mount(&format!("{body} domElement.innerHTML = '<h1>There</h1>';"))).await;
    for (fault, _) in FAULTS {
        let code = code_of(fault, "E206", "E205");
        cell("mount", fault, code);
        stage.hostile.damage(MORE, fault);
        stage.visit().await;
        stage.fails_until_healed(code).await;
    }
}

#[tokio::test]
async fn update() {
    let (subject, body) = subject();
    let stage = Stage::set(subject.update(&body)).await;
    for (fault, _) in FAULTS {
        let code = code_of(fault, "E213", "E212");
        cell("update", fault, code);
        stage.visit().await;
        stage.shop.at("subject").await;
        stage.hostile.damage(MORE, fault);
        stage.shop.follow("/subject?changed=1").await;
        stage.shop.see_failure("subject", code).await;
        stage.hostile.heal();
        stage.shop.click("[data-test=retry]").await;
        stage.shop.at("subject").await;
        stage.go_elsewhere().await;
    }
}

#[tokio::test]
async fn unmount() {
    let (subject, body) = subject();
    let stage = Stage::set(subject.unmount(&body)).await;
    for (fault, _) in FAULTS {
        let code = code_of(fault, "E211", "E210");
        cell("unmount", fault, code);
        stage.visit().await;
        stage.shop.at("subject").await;
        stage.hostile.damage(MORE, fault);
        // The shell empties its place, and the next one comes.
        stage.go_elsewhere().await;
        let problems = stage.shop.recorded().await.problems;
        assert!(problems.iter().any(|problem| problem.starts_with(code)), "{problems:?}");
        stage.hostile.heal();
        stage.shop.follow("/subject").await;
        stage.shop.at("subject").await;
    }
}
