//! What `menagerie` does with releases, against the real server and without a browser: the words, the exit code, the answer.

use contract::rollout;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, net::Ipv4Addr, process::Stdio};
use tests::{
    Server, TOKEN,
    command_line::{Ran, menagerie},
    environment,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::Command,
};

/// The words, the exit code, what the answer has in it, and what is said beside it.
///
/// With `--json` the answer's parts are a place in it and what is there: the keys of an object, what a list holds, or a value.
type Row<'a> = (&'a str, i32, &'a [&'a str], &'a str);

const STATUS: &str = "/ app changed fallback live revision rollout";
const ROLLOUT: &str = "/rollout before ended_at health id interval_seconds reason started_at started_by state step steps version waited_seconds";
const MOUNTS: &str = "/rollout/health/new failed ok p75_ms panicked timed_out unwell visitors";
const REVISION: &str = "at before percent revision version who why";
const RELEASE: &str =
    "allowed_by app fallback faulty held percent pruned published_at published_by removed size version";
const TOKEN_KEYS: &str = "app created_at created_by expired expires_at id label own";

/// A registry, and a folder with releases of plain JavaScript.
struct Registry {
    server: Server,
    folder: tempfile::TempDir,
}

impl Registry {
    async fn start() -> Self {
        // Visitors who report have an address each.
        let server = Server::with(&["--seed", "none", "--trusted-proxy", "127.0.0.1"]).await;
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    async fn run_as(&self, token: &str, words: &str) -> Ran {
        let words: Vec<_> = words.split(' ').collect();
        let variables = [("MENAGERIE_URL", self.server.origin()), ("MENAGERIE_TOKEN", token)];
        menagerie(self.folder.path(), &words, &variables).await
    }

    async fn run(&self, words: &str) -> Ran {
        self.run_as(TOKEN, words).await
    }

    async fn well(&self, words: &str) -> Ran {
        self.run(words).await.well()
    }

    /// Packs a version into a folder of its name: `cart-1.0.0`.
    async fn pack(&self, app: &str, version: &str, web_apis: &[&str]) {
        let source = self.folder.path().join(app);
        fs::create_dir_all(&source).unwrap();
        let description = json!({
            "name": app, "version": version, "entry": "entry.js", "title": app, "routes": [format!("/{app}")],
            "webApis": web_apis,
        });
        let entry = "export const mount = async () => {}; export const unmount = async () => {};";
        let page = "<!doctype html><body data-config=\"%CONFIG%\"><script type=module src=\"%BASE%entry.js\"></script>";
        fs::write(source.join("microapp.json"), description.to_string()).unwrap();
        fs::write(source.join("entry.js"), entry).unwrap();
        if app == "shell" {
            fs::write(source.join("index.html"), page).unwrap();
        }
        self.well(&format!("pack --dir {app} --final --out {app}-{version}")).await;
    }

    async fn check(&self, rows: &[Row<'_>]) {
        for (words, code, answer, beside) in rows {
            let ran = self.run(words).await;
            assert_eq!(ran.code, *code, "{words}: {}\n{}", ran.out, ran.err);
            match beside {
                &"" => assert_eq!(ran.err, "", "{words}"),
                beside => assert!(ran.err.contains(beside), "{words}: {}", ran.err),
            }
            if answer.is_empty() {
                assert_eq!(ran.out, "", "{words}");
            }
            for part in *answer {
                match words.contains("--json") {
                    false => assert!(ran.out.contains(part), "{words}: {part}: {}", ran.out),
                    true => {
                        let (place, expected) = part.split_once(' ').unwrap();
                        let found = ran.json().pointer(place.trim_end_matches('/')).map(shape);
                        assert_eq!(found.as_deref(), Some(expected), "{words}: {place}: {}", ran.out);
                    }
                }
            }
        }
    }

    /// Waits for the end of a rollout. Once it was seen under way `act` is done.
    async fn watch(&self, words: &str, act: impl Future<Output = ()>) -> Ran {
        let mut child = Command::new(environment::cli())
            .args(words.split(' '))
            .env("MENAGERIE_URL", self.server.origin())
            .env("MENAGERIE_TOKEN", TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut beside = BufReader::new(child.stderr.take().unwrap());
        let mut err = String::new();
        beside.read_line(&mut err).await.unwrap();
        act.await;
        beside.read_to_string(&mut err).await.unwrap();
        let ended = child.wait_with_output().await.unwrap();
        Ran { code: ended.status.code().unwrap(), out: String::from_utf8(ended.stdout).unwrap(), err }
    }

    /// Rolls out 1.1.0 of a new microapp to half of the visitors, waits for its end, and brings it about by `words`, or without
    /// any by reports of those who see it fail.
    async fn ends(&self, app: &str, words: &str, code: i32, state: &str, beside: &str) {
        for version in ["1.0.0", "1.1.0", "1.2.0"] {
            self.pack(app, version, &[]).await;
        }
        self.well(&format!("publish {app}-1.0.0 --live")).await;
        self.well(&format!("publish {app}-1.1.0")).await;
        self.well(&format!("rollout start {app} 1.1.0 --steps 50,100 --interval 1d")).await;
        let act = async {
            match words {
                "" => self.fails_for_all(app).await,
                words => drop(self.well(words).await),
            }
        };
        let ran = self.watch(&format!("rollout status {app} --watch --timeout 5m --json"), act).await;
        assert_eq!(
            (ran.code, ran.json()["rollout"]["state"].as_str()),
            (code, Some(state)),
            "{app}: {ran:?}"
        );
        assert!(
            ran.err.starts_with("rollout of 1.1.0: step 1 of 2, ") && ran.err.contains(beside),
            "{ran:?}"
        );
    }

    /// Sixty visitors open it, and all who drew 1.1.0 see it fail.
    async fn fails_for_all(&self, app: &str) {
        let page = self.server.get("/").await.text().await.unwrap();
        let config = page.split('"').nth(1).unwrap().replace("&quot;", "\"");
        let config: Value = serde_json::from_str(&config).unwrap();
        for n in 0..60 {
            let visitor = format!("00000000-0000-4000-8000-{n:012}");
            let (version, kind) = match rollout::pick(&visitor, app, &[50.0, 50.0]) {
                0 => ("1.0.0", "ok"),
                _ => ("1.1.0", "failed"),
            };
            let mount = json!({ "app": app, "version": version, "kind": kind, "ms": 40 });
            let reports =
                json!({ "token": config["reports"]["token"], "visitor": visitor, "mounts": [mount] });
            self.server.report(&Ipv4Addr::from(0x0a00_0000 + n).to_string(), &reports).await;
        }
    }
}

/// The keys of an object, what a list holds, or a value.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(fields) => fields
            .keys()
            .map(String::as_str)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
            .join(" "),
        Value::Array(items) => items.iter().map(shape).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[tokio::test]
async fn a_release_goes_live_and_back() {
    let registry = Registry::start().await;
    registry.pack("hello", "1.0.0", &[]).await;
    registry.pack("hello", "1.1.0", &[]).await;
    registry.pack("hello", "2.0.0", &["clipboard"]).await;
    let revision = format!("/revisions/3 {REVISION}");
    let release = format!("/releases/1 {RELEASE}");
    registry
        .check(&[
            ("rollout status", 0, &["nothing is published yet; `menagerie publish DIR`"], ""),
            ("rollout status --json", 0, &["/ apps", "/apps "], ""),
            ("rollout status hello", 1, &[], "E521 There is no release of hello"),
            ("rollout history hello --json", 1, &[], "E521 There is no release of hello"),
            ("releases list", 0, &["nothing is published yet; `menagerie publish DIR`"], ""),
            ("rollout status --watch", 2, &[], "<APP>"),
            ("rollout status hello --timeout 1s", 2, &[], "--watch"),
            // The first is live for everybody at once.
            (
                "publish hello-1.0.0 --json",
                0,
                &["/ created held live name revision version", "/created true", "/live false", "/revision 0"],
                "",
            ),
            ("publish hello-1.0.0", 0, &["hello 1.0.0 was published before. Next: menagerie rollout start"], ""),
            ("rollout status hello", 0, &["nothing of hello is live"], ""),
            ("rollout history hello", 0, &["nothing of it was live yet"], ""),
            ("rollout status hello --watch", 1, &["nothing of hello is live"], "E525 nothing of hello is live"),
            ("rollout promote hello", 1, &[], "E525 No rollout of hello is under way."),
            ("rollout start hello 1.0.0 --hold", 0, &["hello 1.0.0 is live (revision 1)"], ""),
            ("rollout undo hello", 1, &[], "E525 No good release of hello is left"),
            // Step by step: held, on, held again.
            ("publish hello-1.1.0", 0, &["1.1.0 is published. Next: menagerie rollout start hello 1.1.0"], ""),
            ("rollout start hello 9.9.9", 1, &[], "E521 There is no release hello 9.9.9"),
            ("rollout start hello 1.1.0 --steps 50,10,100", 1, &[], "that the answer names; steps: Rising percents"),
            ("rollout start hello 1.1.0 --steps 0,100", 2, &[], "a step is a percent from 1 to 100"),
            ("rollout start hello 1.1.0 --interval 100ms", 2, &[], "from 1s to 30d"),
            (
                "rollout start hello 1.1.0 --steps 10,100 --interval 1h --hold --json",
                0,
                &[
                    STATUS,
                    ROLLOUT,
                    MOUNTS,
                    "/live percent version,percent version",
                    "/live/1/percent 10",
                    "/rollout/steps 10,100",
                    "/rollout/interval_seconds 3600",
                    "/rollout/state paused",
                ],
                "",
            ),
            (
                "rollout start hello 1.1.0 --steps 10,100 --interval 1h --hold",
                0,
                &[
                    "hello 1.0.0 (90 %) and 1.1.0 (10 %) are live (revision 2)\nrollout of 1.1.0: paused at step 1 of 2\n",
                    "  1.0.0: 0 visitors, 0 saw it fail",
                ],
                "",
            ),
            ("rollout start hello 1.1.0 --steps 10,100 --interval 2h", 1, &[], "E524 A rollout of hello 1.1.0"),
            ("rollout status hello", 0, &["paused at step 1 of 2"], ""),
            (
                "rollout status hello --watch --timeout 0s",
                4,
                &["paused at step 1 of 2"],
                "E527 the rollout did not end in the given time",
            ),
            ("rollout resume hello", 0, &["rollout of 1.1.0: step 1 of 2, "], ""),
            ("rollout resume hello --json", 0, &[STATUS, "/rollout/state running"], ""),
            (
                "rollout status hello --watch --timeout 0s --json",
                4,
                &[STATUS, "/rollout/state running"],
                "E527 the rollout did not end in the given time",
            ),
            ("rollout pause hello --json", 0, &[STATUS, "/rollout/state paused"], ""),
            ("rollout pause hello", 0, &["paused at step 1 of 2"], ""),
            ("rollout status", 0, &["APP    REVISION", "hello  2         1.0.0 (90 %) and 1.1.0 (10 %)"], ""),
            ("rollout status --json", 0, &["/ apps", "/apps/0/app hello", "/apps/0/rollout/state paused"], ""),
            (
                "rollout promote hello",
                0,
                &["hello 1.1.0 is live (revision 3)\nlast good release: 1.0.0\nrollout of 1.1.0: complete, promoted"],
                "",
            ),
            (
                "rollout promote hello --json",
                1,
                &[],
                "). `menagerie rollout status hello` shows where it stands.",
            ),
            ("rollout pause hello", 1, &[], "E525 No rollout of hello is under way."),
            ("rollout resume hello", 1, &[], "E525 No rollout of hello is under way."),
            ("rollout status hello --json", 0, &[STATUS, "/rollout/state complete", "/fallback 1.0.0"], ""),
            ("rollout status hello --watch", 0, &["hello 1.1.0 is live"], "rollout of 1.1.0: complete"),
            ("rollout status hello --watch --version 1.1.0", 0, &["hello 1.1.0 is live"], "complete"),
            (
                "rollout status hello --watch --version 1.0.0 --json",
                3,
                &["/live/0/version 1.1.0"],
                "E526 hello has another rollout by now",
            ),
            // And back.
            ("rollout undo hello", 0, &["hello 1.0.0 is live (revision 4)\nrollout of 1.1.0: undone by"], ""),
            ("rollout undo hello", 1, &[], "E525 No good release of hello is left"),
            ("rollout status hello", 3, &["hello 1.0.0 is live"], "E526 hello rollout of 1.1.0: undone"),
            ("rollout status hello --json", 3, &[STATUS, "/rollout/state undone"], "E526 "),
            ("rollout status hello --watch", 3, &["hello 1.0.0 is live"], "E526 "),
            ("rollout undo hello --to-revision x", 2, &[], "--to-revision"),
            ("rollout undo hello --to-revision 99", 1, &[], "E528 hello has no revision 99"),
            ("rollout undo hello --to-revision 2", 1, &[], "E525 Revision 2 was a step of a rollout"),
            (
                "rollout undo hello --to-revision 3 --json",
                0,
                &[STATUS, "/live/0/version 1.1.0", "/revision 5", "/changed/why undone, to revision 3"],
                "",
            ),
            ("rollout status hello", 0, &["hello 1.1.0 is live (revision 5)", "earlier rollout of 1.1.0: undone by"], ""),
            ("rollout status hello --watch --version 9.9.9", 1, &[], "E521 there is no release hello 9.9.9"),
            ("rollout history hello", 0, &["REVISION", "10 %, others 1.0.0", "undone, to revision 3"], ""),
            (
                "rollout history hello --json",
                0,
                &["/ revisions", &revision, "/revisions/3/before 1.0.0", "/revisions/4/why the first release"],
                "",
            ),
            // One that newly uses a Web API is held.
            ("publish hello-2.0.0", 0, &["It newly uses clipboard. Next, by an operator: menagerie releases allow"], ""),
            ("publish hello-2.0.0 --live --json", 5, &["/live false", "/held clipboard"], "E523 hello 2.0.0 is held"),
            ("rollout start hello 2.0.0", 5, &[], "E523 hello 2.0.0 newly uses clipboard"),
            (
                "releases list",
                0,
                &["held: +clipboard\nhello  1.1.0", "live, 100 %\nhello  1.0.0", "undone by "],
                "",
            ),
            ("releases list --app nobody", 1, &[], "E521 There is no release of nobody"),
            ("releases allow hello 9.9.9", 1, &[], "E521 There is no release hello 9.9.9"),
            ("releases allow hello 2.0.0", 0, &["hello 2.0.0 is allowed\n  + clipboard"], ""),
            ("releases allow hello 2.0.0 --json", 0, &["/ added app removed version", "/added clipboard"], ""),
            ("rollout start hello 2.0.0 --steps 100", 0, &["2.0.0 is live (revision 6)", "everybody has it"], ""),
            (
                "releases list --app hello --json",
                0,
                &["/ releases", &release, "/releases/0/percent 100", "/releases/1/fallback true"],
                "",
            ),
            // What is young stays.
            ("releases prune --dry-run", 0, &["there is nothing to prune"], ""),
            ("releases prune --app hello --keep 2 --json", 0, &["/ files releases", "/files 0"], ""),
            ("releases prune --keep 1", 1, &[], "keep: At least 2."),
            ("releases prune --app nobody", 1, &[], "E521 There is no release of nobody"),
            ("rollout status --server http://127.0.0.1:1", 1, &[], "E603 http://127.0.0.1:1/ cannot be reached"),
            ("rollout status --server 127.0.0.1", 1, &[], "E510 --server 127.0.0.1: "),
        ])
        .await;
}

#[tokio::test]
async fn whoever_waits_for_a_rollout_hears_how_it_ended() {
    let registry = Registry::start().await;
    registry.pack("shell", "1.0.0", &[]).await;
    registry.well("publish shell-1.0.0 --live").await;
    tokio::join!(
        registry.ends("failing", "", 3, "rolled-back", "E526 failing rollout of 1.1.0: rolled back, "),
        registry.ends("good", "rollout promote good", 0, "complete", "complete, promoted by "),
        registry.ends(
            "undone",
            "rollout undo undone",
            3,
            "undone",
            "E526 undone rollout of 1.1.0: undone by "
        ),
        registry.ends("replaced", "publish replaced-1.2.0 --live", 3, "superseded", "E526 replaced rollout"),
    );
    registry.check(&[("rollout status failing", 3, &["failing 1.0.0 is live"], "E526 ")]).await;
    // Whom another release took the place of waited in vain; nothing went back.
    registry.check(&[("rollout status replaced", 0, &["replaced 1.2.0 is live"], "")]).await;
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked() {
    let registry = Registry::start().await;
    registry.pack("hello", "1.0.0", &[]).await;
    registry.pack("other", "1.0.0", &[]).await;
    let created = format!("/ {TOKEN_KEYS} secret");
    let listed = format!("/tokens/0 {TOKEN_KEYS}");
    registry
        .check(&[
            ("tokens create", 2, &[], "--app <APP>|--operator"),
            ("tokens create --app hello --operator", 2, &[], "cannot be used with"),
            ("tokens create --app hello --expires 36h", 2, &[], "whole days, 1d to 366d"),
            ("tokens create --app hello --expires 0d", 2, &[], "whole days, 1d to 366d"),
            ("tokens create --app hello --expires 367d", 2, &[], "whole days, 1d to 366d"),
            ("tokens create --app Hello!", 1, &[], "app: A microapp's name"),
            ("tokens create --operator --label ada --json", 0, &[&created, "/app null", "/label ada"], ""),
            ("tokens create --app hello --expires 30d", 0, &[""], " of hello, until "),
            ("tokens list --app hello --json", 0, &["/ tokens", &listed, "/tokens/0/expired false"], ""),
            ("tokens list", 0, &["ID ", "hello", "ada", "the environment"], ""),
            ("tokens list --operator --json", 0, &["/tokens/0/label ada", "/tokens/1/own true"], ""),
            ("tokens list --app nobody", 0, &["there are no tokens"], ""),
            ("tokens revoke", 2, &[], "<ID>"),
            ("tokens revoke XXXXXXXX", 1, &[], "E402 "),
            ("tokens revoke XXXXXXXX --app hello", 2, &[], "cannot be used with"),
            ("tokens revoke --app nobody", 1, &[], "E402 there is no token of nobody"),
            ("tokens revoke --app nobody --json", 1, &["/revoked "], "E402 there is no token of nobody"),
            ("tokens revoke --operator", 0, &["revoked "], ""),
            // One's own is spared.
            ("tokens revoke --operator --json", 0, &["/revoked "], ""),
            ("tokens list --operator --json", 0, &["/tokens/0/own true"], ""),
        ])
        .await;

    // A team's is good for its own microapp, until it ends.
    let created = registry.well("tokens create --app hello --expires 2d --json").await.json();
    let (team, id) = (created["secret"].as_str().unwrap(), created["id"].as_str().unwrap());
    let audit = registry.server.operator("audit", None).await;
    let deeds: Vec<_> = audit.as_array().unwrap().iter().map(|deed| shape(&deed["became"])).collect();
    assert_eq!(deeds, ["hello for 2 days", "revoked", "hello for 30 days", "operator for 90 days: ada"]);
    registry.well("publish other-1.0.0 --live").await;
    for (words, code, expected) in [
        ("publish hello-1.0.0 --live", 0, "hello 1.0.0 is published, and is live"),
        ("rollout status", 0, "hello"),
        ("releases list", 0, "hello"),
        ("publish other-1.0.0", 1, "E522 "),
        ("rollout undo other", 1, "E522 "),
        ("releases allow hello 1.0.0", 1, "E522 "),
        ("releases prune", 1, "E522 "),
        ("tokens list", 1, "E522 "),
        ("tokens create --operator", 1, "E522 "),
    ] {
        let ran = registry.run_as(team, words).await;
        let (said, silent) = if code == 0 { (&ran.out, &ran.err) } else { (&ran.err, &ran.out) };
        assert_eq!(
            (ran.code, said.contains(expected), silent.as_str()),
            (code, true, ""),
            "{words}: {ran:?}"
        );
        assert!(!ran.out.contains("other"), "{words}: {ran:?}");
    }
    registry.check(&[(&format!("tokens revoke {id} --json"), 0, &[&format!("/revoked {id}")], "")]).await;
    let ran = registry.run_as(team, "rollout status hello").await;
    assert_eq!((ran.code, ran.err.starts_with("E522 ")), (1, true), "{ran:?}");
}
