//! The real program: killed, stopped, and started where it cannot start.

use crate::support::{
    CATALOGUE, Shop, TOKEN, order, postgres,
    release::{plain, tar},
};
use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// A running server; killed when it is dropped.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(data: &Path) -> Self {
        Self::spawn(&mut command(data))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.args(["--port", "0"]).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        Self { child, address: address.trim().to_owned() }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_menagerie-server"));
    command
        // What a live shop is told by the environment is not for this one.
        .env_clear()
        .args(["--seed", "none", "--trusted-proxy", "127.0.0.1", "--data"])
        .arg(data)
        .env("MENAGERIE_OPERATOR_TOKEN", TOKEN)
        .env("RUST_LOG", "error")
        .stdout(Stdio::piped());
    command
}

/// A guest with one ball in the cart who orders it under a key of their own.
struct Buyer {
    key: String,
    cookie: String,
}

impl Buyer {
    async fn fill_cart(client: &Client, address: &str, key: String) -> Option<Self> {
        let item = json!({ "variant_id": 4, "quantity": 1 });
        let request = client.request(Method::POST, format!("{address}api/v1/cart/items")).json(&item);
        let reply = request.header("sec-fetch-site", "same-origin").send().await.ok()?;
        let cookie = reply.headers().get(header::SET_COOKIE)?.to_str().ok()?.split_once(';')?.0.to_owned();
        Some(Self { key, cookie })
    }

    /// `None` when no answer came: killed before, in between or after the commit, nobody knows.
    async fn order(&self, client: &Client, address: &str) -> Option<Value> {
        let mut form = order(1995, "on_delivery");
        form["email"] = json!(format!("{}@example.org", self.key));
        let reply = client
            .request(Method::POST, format!("{address}api/v1/orders"))
            .header("sec-fetch-site", "same-origin")
            .header("idempotency-key", &self.key)
            .header(header::COOKIE, &self.cookie)
            // Everybody is somebody else, somewhere else.
            .header("x-forwarded-for", format!("2001:{}::1", self.key.replace('-', ":")))
            .json(&form)
            .send()
            .await
            .ok()?;
        assert_eq!(reply.status().as_u16(), 201);
        reply.json().await.ok()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_no_acknowledged_order_and_makes_none_twice() {
    let folder = TempDir::new().unwrap();
    let client = Client::new();
    let program = Program::start(folder.path());
    let stock = 10_000;
    let csv = CATALOGUE.replace("BALL,shopify,5", &format!("BALL,shopify,{stock}"));
    let import =
        client.post(format!("{}api/v1/catalogue/import", program.address)).bearer_auth(TOKEN).body(csv);
    assert!(import.send().await.unwrap().status().is_success());

    let mut orders = Vec::new();
    let answered = Arc::new(AtomicU64::new(0));
    let mut program = Some(program);
    for round in 0..3 {
        let running = program.take().unwrap();
        let buyers: Vec<_> = (0..6)
            .map(|buyer| {
                let (client, address) = (client.clone(), running.address.clone());
                let answered = Arc::clone(&answered);
                tokio::spawn(async move {
                    let mut intents = Vec::new();
                    for n in 0.. {
                        let key = format!("{round}-{buyer}-{n}");
                        let Some(buyer) = Buyer::fill_cart(&client, &address, key).await else { break };
                        let answer = buyer.order(&client, &address).await;
                        let gone = answer.is_none();
                        answered.fetch_add(u64::from(!gone), Ordering::Relaxed);
                        intents.push((buyer, answer));
                        if gone {
                            break;
                        }
                    }
                    intents
                })
            })
            .collect();
        let enough = 12 * (round + 1);
        while answered.load(Ordering::Relaxed) < enough && !buyers.iter().all(|buyer| buyer.is_finished()) {
            tokio::time::sleep(Duration::from_millis(1 + 3 * round)).await;
        }
        running.kill();
        let again = Program::start(folder.path());
        for buyer in buyers {
            for (buyer, acknowledged) in buyer.await.unwrap() {
                let now = buyer.order(&client, &again.address).await.expect("an answer");
                if let Some(acknowledged) = acknowledged {
                    assert_eq!(now, acknowledged, "the same order, not another one");
                }
                orders.push(now["number"].as_str().unwrap().to_owned());
            }
        }
        program = Some(again);
    }
    let placed = orders.len();
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), placed, "no order twice");
    assert!(placed > 30, "only {placed} orders were tried");
    let address = &program.as_ref().unwrap().address;
    let product: Value = client
        .get(format!("{address}api/v1/catalogue/products/2"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(product["variants"][0]["stock"].as_i64().unwrap(), stock - i64::try_from(placed).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_ends_cleanly_with_streams_open() {
    let folder = TempDir::new().unwrap();
    let mut child = command(folder.path()).args(["--port", "0", "--watch"]).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let mut stream = Client::new().get(format!("{}manifest.events", address.trim())).send().await.unwrap();
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "data: {\"revision\":0}\n\n");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
    let status = tokio::time::timeout(Duration::from_secs(60), ended).await.expect("it ends").unwrap();
    assert!(status.success(), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_written_stops_no_answer() {
    let folder = TempDir::new().unwrap();
    // Whoever read it is gone; a full disk says no in the same way.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let program = Program::spawn(command(folder.path()).env("RUST_LOG", "info").stderr(writer));
    let reply = Client::new().get(format!("{}healthz", program.address)).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 200);
}

#[test]
fn what_keeps_it_from_starting_is_one_sentence() {
    let folder = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (flags, expected) in [
        (&["--port", &*port][..], "menagerie-server: E511 Another program listens on 127.0.0.1:"),
        (&["--currency", "XYZ"], "menagerie-server: E510 --currency: `XYZ` is none of"),
        (
            &["--port", "0", "--database", "sqlite:/no/such/folder/x"],
            "menagerie-server: E502 The database sqlite:/no/such/folder/x cannot be used",
        ),
        (
            &["--port", "0", "--database", "postgres://a:secret@127.0.0.1:1/x"],
            "menagerie-server: E502 The database postgres://…@127.0.0.1:1/x cannot be used",
        ),
        // Passwords that end the host's part early.
        (
            &["--port", "0", "--database", "postgres://a:secret?2@127.0.0.1:1/x"],
            "menagerie-server: E502 The database postgres://… cannot be used",
        ),
        (
            &["--port", "0", "--database", "postgres://a:secret"],
            "menagerie-server: E502 The database postgres://… cannot be used",
        ),
    ] {
        let mut child = command(folder.path()).args(flags).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(!child.wait().unwrap().success());
        assert!(said.starts_with(expected) && said.trim().lines().count() == 1, "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

/// Starts the real program on this database until it says its address, or does not.
fn said_at_start(data: &Path, database: &str, flags: &[&str]) -> String {
    let mut command = command(data);
    command.env_remove("RUST_LOG").args(["--port", "0", "--database", database]).args(flags);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    // It may have ended already.
    let _ = child.kill();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    said
}

#[tokio::test]
async fn on_postgresql_it_says_what_is_missing_and_what_is_so() {
    let Some(database) = postgres::database().await else { return };
    let folder = TempDir::new().unwrap();
    let mut administrator = PgConnection::connect(&database).await.unwrap();
    for sql in ["CREATE ROLE stranger LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"] {
        administrator.execute(sql).await.unwrap();
    }
    let said = said_at_start(folder.path(), &database.replace("//shop@", "//stranger@"), &[]);
    assert!(said.contains("E502") && said.contains("createdb --owner"), "{said}");
    // Nor is it told that what is there is there.
    for _ in 0..2 {
        let said = said_at_start(folder.path(), &database, &["--origin", "https://shop.example"]);
        assert!(said.starts_with("http://127.0.0.1:") && !said.contains("already exists"), "{said}");
        assert!(said.contains("https://shop.example"), "{said}");
    }
}

/// An import is one transaction, and the index is made from the tables: whenever it is killed, the shop has all of
/// the old catalogue or all of the new one, and searching finds what there is.
#[tokio::test(flavor = "multi_thread")]
async fn kill_9_in_the_middle_of_an_import_leaves_one_catalogue_or_the_other() {
    let folder = TempDir::new().unwrap();
    let client = Client::new();
    let products = 400;
    let csv = |word: &str| {
        let mut csv = "Handle,Title,Variant Price,Variant Inventory Qty\n".to_owned();
        for n in 0..products {
            csv.push_str(&format!("thing-{n},Thing {word} {n},{n}.00,5\n"));
        }
        csv
    };
    let import = async |address: &str, word: &str| {
        let request = client.post(format!("{address}api/v1/catalogue/import?replace=true"));
        request.bearer_auth(TOKEN).body(csv(word)).send().await.is_ok_and(|reply| reply.status().is_success())
    };
    let mut program = Program::start(folder.path());
    assert!(import(&program.address, "apple").await);
    let mut interrupted = 0;
    for (round, word) in ["breeze", "cactus", "dolphin", "ember"].into_iter().enumerate() {
        // At another moment each time: while it is read, written, committed, indexed.
        let after = Duration::from_millis(10 + 90 * round as u64);
        let address = program.address.clone();
        let (answered, ()) = tokio::join!(import(&address, word), async {
            tokio::time::sleep(after).await;
            program.child.kill().unwrap();
        });
        interrupted += usize::from(!answered);
        drop(program);
        program = Program::start(folder.path());
        let found = async |word: &str| {
            let address = format!("{}api/v1/catalogue/products?q={word}&per_page=1", program.address);
            let page: Value = client.get(address).send().await.unwrap().json().await.unwrap();
            page["total"].as_i64().unwrap()
        };
        assert_eq!(found("thing").await, products, "all of one catalogue");
        let mut whole = Vec::new();
        for word in ["apple", "breeze", "cactus", "dolphin", "ember"] {
            let total = found(word).await;
            assert!([0, products].contains(&total), "{word}: {total}");
            whole.extend((total > 0).then_some(word));
        }
        assert_eq!(whole.len(), 1, "{whole:?}");
        if answered {
            assert_eq!(whole, [word], "what was answered is there");
        }
    }
    assert!(interrupted > 0, "no import was cut off");
}

/// Publishes and moves releases of one microapp until the server is gone; counts what was answered.
async fn deploy(client: Client, address: String, round: u64, answered: Arc<AtomicU64>) {
    let ask = |path: String, body: Vec<u8>| {
        let request = client.post(format!("{address}api/v1/registry/{path}")).bearer_auth(TOKEN);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body);
        async move { Some(request.send().await.ok()?.status().as_u16()) }
    };
    for n in 0.. {
        let files = plain("cart", &format!("{round}.{n}.0"));
        let start = json!({ "version": format!("{round}.{n}.0"), "steps": [10, 100] }).to_string();
        let steps = [
            ("releases".to_owned(), tar(&files)),
            ("apps/cart/rollout".to_owned(), start.into_bytes()),
            (format!("apps/cart/{}", if n % 2 == 0 { "rollout/promote" } else { "undo" }), b"{}".to_vec()),
        ];
        for (path, body) in steps {
            match ask(path, body).await {
                None => return,
                Some(status) if status < 300 => {
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                // A rollout that was under way when the server was killed is still there, and the first release of all
                // is live without one.
                Some(status) => assert_eq!(status, 409),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_leaves_no_release_and_no_step_half_visible() {
    let folder = TempDir::new().unwrap();
    let client = Client::new();
    for round in 0..4 {
        let program = Program::start(folder.path());
        let answered = Arc::new(AtomicU64::new(0));
        let deploying =
            tokio::spawn(deploy(client.clone(), program.address.clone(), round, Arc::clone(&answered)));
        // At another moment each time: in the middle of a publish, of a step, between the two.
        while answered.load(Ordering::Relaxed) < 5 + round && !deploying.is_finished() {
            tokio::time::sleep(Duration::from_millis(1 + 3 * round)).await;
        }
        program.kill();
        deploying.await.unwrap();

        let again = Program::start(folder.path());
        let get = async |path: &str| -> Value {
            let request = client.get(format!("{}{path}", again.address)).bearer_auth(TOKEN);
            request.send().await.unwrap().json().await.unwrap()
        };
        let status = get("api/v1/registry/apps/cart").await;
        let history = get("api/v1/registry/apps/cart/history").await;
        let revisions = history["revisions"].as_array().unwrap();
        for (n, revision) in revisions.iter().rev().enumerate() {
            let first = revisions.last().unwrap()["revision"].as_i64().unwrap();
            assert_eq!(revision["revision"].as_i64().unwrap(), first + n as i64, "no gap");
        }
        // What is live is what the last revision says, and the rollout stands where that says.
        let (last, live) = (&revisions[0], status["live"].as_array().unwrap());
        assert_eq!(live.last().unwrap()["version"], last["version"]);
        assert_eq!(live.iter().map(|share| share["percent"].as_i64().unwrap()).sum::<i64>(), 100);
        let rollout = &status["rollout"];
        if rollout["state"] == "running" {
            assert_eq!((&rollout["version"], &last["percent"]), (&last["version"], &rollout["steps"][0]));
        } else {
            assert_eq!(live.len(), 1, "{status}");
        }
        // Every file of every release that a visitor can get is there, byte for byte.
        let manifest = get("manifest.json").await;
        let app = &manifest["apps"][0];
        let releases = app["releases"].as_array().unwrap().iter().chain(app.get("fallback"));
        for release in releases {
            for (name, file) in release["files"].as_object().unwrap() {
                let url = format!("{}{}{name}", again.address, &release["base"].as_str().unwrap()[1..]);
                let bytes = client.get(url).send().await.unwrap().bytes().await.unwrap();
                assert_eq!(release::hash::integrity(&bytes), file["integrity"].as_str().unwrap());
            }
        }
        again.kill();
    }
}

#[tokio::test]
async fn a_machine_that_dies_in_a_transaction_locks_nobody_out_for_long() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    let mut db = shop.server.database.read().await.unwrap();
    let limit: String =
        sqlx::query_scalar("SHOW idle_in_transaction_session_timeout").fetch_one(&mut *db).await.unwrap();
    assert_eq!(limit, "1min");
}

/// Whoever was cut off while the database was silent takes no connection along.
#[tokio::test]
async fn a_database_that_does_not_answer_keeps_no_connection() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    let database = &shop.server.database;
    let silent = (0..20).map(|_| {
        tokio::time::timeout(Duration::from_secs(1), async {
            let mut db = database.read().await.unwrap();
            sqlx::query("SELECT pg_sleep(60)").execute(&mut *db).await
        })
    });
    for cut_off in futures_util::future::join_all(silent).await {
        assert!(cut_off.is_err());
    }
    // Each waits three seconds for a connection.
    let mut answers = false;
    for _ in 0..5 {
        answers = answers || database.ping().await.is_ok();
    }
    assert!(answers);
}
