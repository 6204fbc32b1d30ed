//! Passkeys: adding them, signing in with them, and all that must not open an account.

use crate::{
    on_both,
    support::{
        Browser, Reply, Shop,
        authenticator::{Authenticator, ORIGIN},
        mailbox,
        postgres::transactions_wait,
    },
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    a_passkey_is_added_renamed_and_removed,
    adding_needs_the_password,
    a_challenge_ends_with_the_password_that_it_was_asked_for_by,
    signing_in_is_as_by_password,
    a_guests_cart_is_merged,
    a_challenge_is_answered_once,
    of_many_answers_at_once_one_counts,
    a_challenge_that_is_too_old_is_refused,
    answers_that_do_not_hold,
    nobody_signs_in_with_somebody_elses_name,
    a_passkey_that_was_removed_opens_nothing,
    who_proves_the_address_has_the_account_alone,
    a_counter_that_does_not_rise,
    a_passkey_is_known_once,
    there_is_room_for_twenty,
    any_server_takes_the_answer,
    nobody_touches_somebody_elses,
    mails_tell_of_them,
    they_are_in_the_download_and_go_with_the_account,
);

const PATH: &str = "/api/v1/account/passkeys";
const OPTIONS: &str = "/api/v1/account/passkeys/options";
const SIGN_IN: &str = "/api/v1/session/passkey";
const SIGN_IN_OPTIONS: &str = "/api/v1/session/passkey/options";
const EMAIL: &str = "ada@example.org";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A challenge for a new passkey.
async fn prepare(browser: &mut Browser) -> Value {
    browser.post(OPTIONS, json!({ "password": "correct horse" })).await.is(200).body()
}

/// A challenge for signing in.
async fn ask(browser: &mut Browser) -> Value {
    browser.post(SIGN_IN_OPTIONS, json!({})).await.is(200).body()
}

async fn answer(browser: &mut Browser, path: &str, challenge: &Value, credential: &Value) -> Reply {
    browser.post(path, json!({ "ceremony": challenge["ceremony"], "credential": credential })).await
}

async fn add(browser: &mut Browser, device: &mut Authenticator) -> Reply {
    let challenge = prepare(browser).await;
    let made = device.make(&challenge["options"]);
    answer(browser, PATH, &challenge, &made).await
}

async fn sign_in(browser: &mut Browser, device: &mut Authenticator) -> Reply {
    let challenge = ask(browser).await;
    let signed = device.sign(&challenge["options"]);
    answer(browser, SIGN_IN, &challenge, &signed).await
}

async fn list(browser: &mut Browser) -> Vec<Value> {
    browser.get(PATH).await.is(200).body().as_array().unwrap().clone()
}

/// Ada, signed in, and her device with a passkey.
async fn ada(shop: &Shop) -> (Browser, Authenticator) {
    let (mut ada, mut device) = (shop.browser(), Authenticator::new());
    ada.sign_up(EMAIL).await.is(201);
    add(&mut ada, &mut device).await.is(201);
    (ada, device)
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    !browser.get("/api/v1/session").await.body()["account"].is_null()
}

async fn change(shop: &Shop, sql: &'static str) {
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query(sql).execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
}

async fn a_passkey_is_added_renamed_and_removed(shop: Shop) {
    let (mut ada, mut device) = (shop.browser(), Authenticator::new());
    let account = ada.sign_up(EMAIL).await.is(201).body()["account"]["id"].clone();
    assert!(list(&mut ada).await.is_empty());
    let challenge = prepare(&mut ada).await;
    let options = &challenge["options"];
    assert_eq!((&options["rp"]["id"], &options["rp"]["name"]), (&json!("localhost"), &json!("Menagerie")));
    assert_eq!((&options["user"]["name"], &options["user"]["displayName"]), (&json!(EMAIL), &json!("Ada")));
    assert_eq!((&options["timeout"], &options["attestation"]), (&json!(300_000), &json!("none")));
    assert!(!options["user"]["id"].to_string().contains(account.as_str().unwrap()));
    let form = json!({ "ceremony": challenge["ceremony"], "credential": device.make(options) });
    let added = ada.send(Method::POST, PATH, Some(form), &[("user-agent", FIREFOX)]).await.is(201).body();
    assert_eq!((&added["name"], &added["used"]), (&json!("Firefox on Linux"), &Value::Null));
    assert_eq!(list(&mut ada).await, std::slice::from_ref(&added));

    let path = format!("{PATH}/{}", added["id"]);
    let renamed = ada.patch(&path, json!({ "name": " My phone " })).await.is(200).body();
    assert_eq!((&renamed["name"], &renamed["added"]), (&json!("My phone"), &added["added"]));
    for name in ["", " ", &"x".repeat(101), "a\u{0}b"] {
        let problem = ada.patch(&path, json!({ "name": name })).await.problem(422, "E401");
        assert_eq!(problem["fields"][0]["field"], "name");
    }
    assert_eq!(list(&mut ada).await, [renamed]);

    sign_in(&mut shop.browser(), &mut device).await.is(200);
    assert!(list(&mut ada).await[0]["used"].as_str() >= added["added"].as_str());
    let again = prepare(&mut ada).await;
    assert_eq!(
        again["options"]["user"]["id"], options["user"]["id"],
        "the same for all passkeys of an account"
    );
    assert_eq!(again["options"]["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_ne!(again["options"]["challenge"], options["challenge"]);

    ada.delete(&path).await.is(204);
    ada.delete(&path).await.problem(404, "E402");
    ada.patch(&path, json!({ "name": "Gone" })).await.problem(404, "E402");
    assert!(list(&mut ada).await.is_empty());
    assert!(is_signed_in(&mut ada).await);

    // A page that still shows what is gone must not take away what came after it.
    let next = add(&mut ada, &mut Authenticator::new()).await.is(201).body();
    assert_ne!(next["id"], added["id"]);
}

async fn adding_needs_the_password(shop: Shop) {
    let mut ada = shop.browser();
    for (method, path, body) in [
        (Method::GET, PATH, None),
        (Method::POST, OPTIONS, Some(json!({ "password": "correct horse" }))),
        (Method::DELETE, "/api/v1/account/passkeys/1", None),
        (Method::PATCH, "/api/v1/account/passkeys/1", Some(json!({ "name": "Mine" }))),
    ] {
        ada.send(method, path, body, &[]).await.problem(401, "E413");
    }
    ada.sign_up(EMAIL).await.is(201);
    let problem = ada.post(OPTIONS, json!({ "password": "wrong horse" })).await.problem(403, "E441");
    assert_eq!(problem["fields"][0]["field"], "password");
    let mut device = Authenticator::new();
    let challenge = prepare(&mut ada).await;
    let made = device.make(&challenge["options"]);
    let mut signed_out = ada.clone();
    signed_out.delete("/api/v1/session").await.is(200);
    answer(&mut signed_out, PATH, &challenge, &made).await.problem(401, "E413");
    for body in [
        json!({}),
        json!({ "ceremony": challenge["ceremony"] }),
        json!({ "ceremony": challenge["ceremony"], "credential": {} }),
    ] {
        let mut again = shop.browser();
        again.sign_in(EMAIL, "correct horse").await.is(200);
        again.post(PATH, body).await.problem(422, "E401");
    }
}

async fn a_challenge_ends_with_the_password_that_it_was_asked_for_by(shop: Shop) {
    let (mut ada, _) = ada(&shop).await;
    let challenge = prepare(&mut ada).await;
    let made = Authenticator::new().make(&challenge["options"]);
    change(&shop, "UPDATE accounts SET password = password || ' '").await;
    answer(&mut ada, PATH, &challenge, &made).await.problem(410, "E445");
    assert_eq!(list(&mut ada).await.len(), 1);
}

async fn signing_in_is_as_by_password(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    let mut phone = shop.browser();
    // Planted by somebody else: it must not become Ada's session.
    phone.cookies.insert("menagerie_session".to_owned(), "p".repeat(43));
    let challenge = ask(&mut phone).await;
    assert_eq!(challenge["options"]["rpId"], "localhost");
    let form = json!({ "ceremony": challenge["ceremony"], "credential": device.sign(&challenge["options"]) });
    let reply = phone.send(Method::POST, SIGN_IN, Some(form), &[("user-agent", FIREFOX)]).await.is(200);
    assert_eq!(reply.body()["account"]["email"], EMAIL);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_ne!(phone.cookies["menagerie_session"], "p".repeat(43));
    let sessions = ada.get("/api/v1/account/sessions").await.is(200).body();
    let devices: Vec<_> = sessions.as_array().unwrap().iter().map(|session| &session["device"]).collect();
    assert!(devices.len() == 2 && devices.contains(&&json!("Firefox on Linux")), "{devices:?}");

    let mut old = phone.clone();
    sign_in(&mut phone, &mut device).await.is(200);
    assert!(is_signed_in(&mut phone).await && !is_signed_in(&mut old).await, "the cookie of before is dead");
    let mut signed_out = phone.clone();
    phone.delete("/api/v1/session").await.is(200);
    assert!(!is_signed_in(&mut signed_out).await);
}

async fn a_guests_cart_is_merged(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    ada.add(1, 3).await.is(200);
    let mut guest = shop.browser();
    guest.add(1, 4).await.is(200);
    guest.add(4, 1).await.is(200);
    let session = sign_in(&mut guest, &mut device).await.is(200).body();
    assert_eq!(guest.cart().await, [(1, 5), (4, 1)], "summed, and capped to the stock");
    assert_eq!(session["cart_pieces"], 6);
    assert!(!session["notices"].as_array().unwrap().is_empty(), "{session}");
    assert!(!guest.cookies.contains_key("menagerie_cart"));
}

async fn a_challenge_is_answered_once(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    let challenge = ask(&mut ada).await;
    let signed = device.sign(&challenge["options"]);
    let mut thief = shop.browser();
    answer(&mut shop.browser(), SIGN_IN, &challenge, &signed).await.is(200);
    answer(&mut thief, SIGN_IN, &challenge, &signed).await.problem(410, "E445");
    // An answer to one challenge is none to another, and a wrong one uses it up as well.
    let other = ask(&mut thief).await;
    answer(&mut thief, SIGN_IN, &other, &signed).await.problem(403, "E444");
    let right = device.sign(&other["options"]);
    answer(&mut thief, SIGN_IN, &other, &right).await.problem(410, "E445");
    assert!(!is_signed_in(&mut thief).await);
    answer(&mut thief, SIGN_IN, &json!({ "ceremony": "made up" }), &right).await.problem(410, "E445");

    let challenge = prepare(&mut ada).await;
    let made = device.make(&challenge["options"]);
    answer(&mut ada, PATH, &challenge, &made).await.is(201);
    answer(&mut ada, PATH, &challenge, &made).await.problem(410, "E445");
    // A challenge for signing in adds nothing, and the other way round.
    let challenge = ask(&mut ada).await;
    answer(&mut ada, PATH, &challenge, &made).await.problem(410, "E445");
    let challenge = prepare(&mut ada).await;
    answer(&mut ada, SIGN_IN, &challenge, &right).await.problem(410, "E445");
    assert_eq!(list(&mut ada).await.len(), 2);
}

async fn of_many_answers_at_once_one_counts(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    let challenge = ask(&mut ada).await;
    let signed = device.sign(&challenge["options"]);
    let tries = (0..8).map(|_| {
        let (mut browser, challenge, signed) = (shop.browser(), &challenge, &signed);
        async move { answer(&mut browser, SIGN_IN, challenge, signed).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [&[200][..], &[410; 7]].concat());
}

async fn a_challenge_that_is_too_old_is_refused(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    let (in_, new) = (ask(&mut ada).await, prepare(&mut ada).await);
    let signed = device.sign(&in_["options"]);
    let made = Authenticator::new().make(&new["options"]);
    change(&shop, "UPDATE passkey_ceremonies SET expires_at = expires_at - 300001").await;
    answer(&mut shop.browser(), SIGN_IN, &in_, &signed).await.problem(410, "E445");
    answer(&mut ada, PATH, &new, &made).await.problem(410, "E445");
    shop.server.accounts.sweep().await.unwrap();
    let mut db = shop.server.database.read().await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM passkey_ceremonies").fetch_one(&mut *db).await.unwrap();
    assert_eq!(left, 0);
}

async fn answers_that_do_not_hold(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    // Another origin, another port, and nobody whom the device knows.
    for (origin, verifies) in
        [("https://evil.example", true), ("http://localhost:9090", true), (ORIGIN, false)]
    {
        (device.origin, device.verifies) = (origin.to_owned(), verifies);
        let mut guest = shop.browser();
        sign_in(&mut guest, &mut device).await.problem(403, "E444");
        assert!(!is_signed_in(&mut guest).await, "{origin}");
        let mut other = Authenticator::new();
        (other.origin, other.verifies) = (origin.to_owned(), verifies);
        add(&mut ada, &mut other).await.problem(403, "E444");
    }
    (device.origin, device.verifies) = (ORIGIN.to_owned(), true);
    // Each part of the answer is signed.
    for part in ["authenticatorData", "clientDataJSON", "signature"] {
        let mut guest = shop.browser();
        let challenge = ask(&mut guest).await;
        let mut signed = device.sign(&challenge["options"]);
        let another = ask(&mut guest).await;
        device.counter = 6;
        let other = device.sign(&another["options"]);
        device.counter = 0;
        assert_ne!(signed["response"][part], other["response"][part]);
        signed["response"][part] = other["response"][part].clone();
        answer(&mut guest, SIGN_IN, &challenge, &signed).await.problem(403, "E444");
    }
    sign_in(&mut shop.browser(), &mut device).await.is(200);
    assert_eq!(list(&mut ada).await.len(), 1);
}

async fn nobody_signs_in_with_somebody_elses_name(shop: Shop) {
    let (mut ada, _) = ada(&shop).await;
    let name = prepare(&mut ada).await["options"]["user"]["id"].as_str().unwrap().to_owned();
    let (mut eve, mut device) = (shop.browser(), Authenticator::new());
    eve.sign_up("eve@example.org").await.is(201);
    add(&mut eve, &mut device).await.is(201);
    for user in [name, String::new(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned()] {
        device.user = Some(user);
        sign_in(&mut shop.browser(), &mut device).await.problem(403, "E444");
    }
    device.user = None;
    let session = sign_in(&mut shop.browser(), &mut device).await.is(200).body();
    assert_eq!(session["account"]["email"], "eve@example.org");
    // A passkey that was never added.
    let challenge = prepare(&mut eve).await;
    let mut stranger = Authenticator::new();
    stranger.make(&challenge["options"]);
    sign_in(&mut shop.browser(), &mut stranger).await.problem(403, "E444");
}

async fn a_passkey_that_was_removed_opens_nothing(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    let mut guest = shop.browser();
    let challenge = ask(&mut guest).await;
    let signed = device.sign(&challenge["options"]);
    let path = format!("{PATH}/{}", list(&mut ada).await[0]["id"]);
    ada.delete(&path).await.is(204);
    answer(&mut guest, SIGN_IN, &challenge, &signed).await.problem(403, "E444");
    sign_in(&mut guest, &mut device).await.problem(403, "E444");
    guest.sign_in(EMAIL, "correct horse").await.is(200);
}

/// Somebody may have opened an account under an address that is not theirs.
async fn who_proves_the_address_has_the_account_alone(shop: Shop) {
    let (mut thief, mut device) = ada(&shop).await;
    let challenge = prepare(&mut thief).await;
    let mut later = Authenticator::new();
    let made = later.make(&challenge["options"]);
    let mut owner = shop.browser();
    owner.post("/api/v1/password-resets", json!({ "email": EMAIL })).await.is(202);
    shop.post().await;
    let link = mailbox::of(&shop)
        .iter()
        .map(|mail| mail.link().to_owned())
        .find(|link| link.contains("token="))
        .unwrap();
    let token = link.rsplit("token=").next().unwrap();
    let form = json!({ "token": token, "new_password": "battery staple" });
    owner.put("/api/v1/password-resets", form).await.is(204);
    sign_in(&mut shop.browser(), &mut device).await.problem(403, "E444");
    assert!(!is_signed_in(&mut thief).await);
    assert!(!answer(&mut thief, PATH, &challenge, &made).await.status.is_success());
    owner.sign_in(EMAIL, "battery staple").await.is(200);
    assert!(list(&mut owner).await.is_empty());
    shop.post().await;
    let last = mailbox::of(&shop).pop().unwrap();
    assert!(last.text.contains("passkeys open the account no more"), "{}", last.text);
}

/// The thief's passkey is being added while the owner sets another password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_that_comes_with_another_password_ends_too() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    ada(&shop).await;
    shop.browser().post("/api/v1/password-resets", json!({ "email": EMAIL })).await.is(202);
    shop.post().await;
    let mails = mailbox::of(&shop);
    let link = mails.iter().map(|mail| mail.link()).find(|link| link.contains("token=")).unwrap();
    let token = link.rsplit("token=").next().unwrap();
    let form = json!({ "token": token, "new_password": "battery staple" });
    // As when the passkey is kept: its account is held, and it is in.
    let mut thief = shop.server.database.write().await.unwrap();
    for sql in [
        "UPDATE accounts SET name = name",
        "INSERT INTO passkeys (account, credential_id, credential, name, added_at, used_at)
         SELECT account, 'another', credential, name, 0, 0 FROM passkeys",
    ] {
        sqlx::query(sql).execute(&mut *thief).await.unwrap();
    }
    let mut owner = shop.browser();
    let reset = tokio::spawn(async move { owner.put("/api/v1/password-resets", form).await });
    transactions_wait(&shop, 1).await;
    thief.commit().await.unwrap();
    reset.await.unwrap().is(204);
    let mut db = shop.server.database.read().await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM passkeys").fetch_one(&mut *db).await.unwrap();
    assert_eq!(left, 0);
}

async fn a_counter_that_does_not_rise(shop: Shop) {
    let (mut ada, mut device) = (shop.browser(), Authenticator::new());
    ada.sign_up(EMAIL).await.is(201);
    device.counter = 5;
    add(&mut ada, &mut device).await.is(201);
    sign_in(&mut shop.browser(), &mut device).await.is(200);
    sign_in(&mut shop.browser(), &mut device).await.is(200);
    for counter in [6, 1] {
        device.counter = counter;
        sign_in(&mut shop.browser(), &mut device).await.problem(403, "E448");
    }
    device.counter = 0;
    sign_in(&mut shop.browser(), &mut device).await.problem(403, "E448");
    device.counter = 7;
    sign_in(&mut shop.browser(), &mut device).await.is(200);
}

async fn a_passkey_is_known_once(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    let mut eve = shop.browser();
    eve.sign_up("eve@example.org").await.is(201);
    let challenge = prepare(&mut eve).await;
    let made = device.make_again(&challenge["options"]);
    answer(&mut eve, PATH, &challenge, &made).await.problem(409, "E446");
    // Ada's own browser was told which ones not to make again: this one does not do what it was asked for.
    let challenge = prepare(&mut ada).await;
    let made = device.make_again(&challenge["options"]);
    answer(&mut ada, PATH, &challenge, &made).await.problem(403, "E444");
    assert_eq!((list(&mut ada).await.len(), list(&mut eve).await.len()), (1, 0));
}

async fn there_is_room_for_twenty(shop: Shop) {
    let (mut ada, _) = ada(&shop).await;
    // Passwords are not asked for as often as that.
    let challenge = prepare(&mut ada).await;
    let fill = "INSERT INTO passkeys (account, credential_id, credential, name, added_at, used_at)
         SELECT account, credential_id || $1, credential, name, added_at, used_at FROM passkeys WHERE id = 1";
    let mut db = shop.server.database.write().await.unwrap();
    for n in 0..19 {
        sqlx::query(fill).bind(n.to_string()).execute(&mut *db).await.unwrap();
    }
    db.commit().await.unwrap();
    let made = Authenticator::new().make(&challenge["options"]);
    let refused = answer(&mut ada, PATH, &challenge, &made).await.problem(409, "E442");
    assert!(refused["title"].as_str().unwrap().contains("20"), "{refused}");
    ada.post(OPTIONS, json!({ "password": "correct horse" })).await.problem(409, "E442");
    assert_eq!(list(&mut ada).await.len(), 20);
}

async fn any_server_takes_the_answer(shop: Shop) {
    let other = shop.another_server().await;
    let (mut ada, mut device) = (shop.browser(), Authenticator::new());
    ada.sign_up(EMAIL).await.is(201);
    let mut elsewhere = other.browser();
    elsewhere.cookies = ada.cookies.clone();
    let challenge = prepare(&mut ada).await;
    let made = device.make(&challenge["options"]);
    answer(&mut elsewhere, PATH, &challenge, &made).await.is(201);
    let challenge = ask(&mut other.browser()).await;
    let signed = device.sign(&challenge["options"]);
    answer(&mut shop.browser(), SIGN_IN, &challenge, &signed).await.is(200);
    answer(&mut other.browser(), SIGN_IN, &challenge, &signed).await.problem(410, "E445");
}

async fn nobody_touches_somebody_elses(shop: Shop) {
    let (mut ada, _) = ada(&shop).await;
    let mut eve = shop.browser();
    eve.sign_up("eve@example.org").await.is(201);
    let path = format!("{PATH}/{}", list(&mut ada).await[0]["id"]);
    eve.delete(&path).await.problem(404, "E402");
    eve.patch(&path, json!({ "name": "Eve's" })).await.problem(404, "E402");
    assert!(list(&mut eve).await.is_empty());
    // Nor is Ada's challenge Eve's.
    let challenge = prepare(&mut ada).await;
    let made = Authenticator::new().make(&challenge["options"]);
    answer(&mut eve, PATH, &challenge, &made).await.problem(410, "E445");
    answer(&mut ada, PATH, &challenge, &made).await.is(201);
}

async fn mails_tell_of_them(shop: Shop) {
    let (mut ada, mut device) = (shop.browser(), Authenticator::new());
    ada.sign_up(EMAIL).await.is(201);
    let challenge = prepare(&mut ada).await;
    let form = json!({ "ceremony": challenge["ceremony"], "credential": device.make(&challenge["options"]) });
    let german = [("accept-language", "de"), ("user-agent", FIREFOX)];
    ada.send(Method::POST, PATH, Some(form), &german).await.is(201);
    let body = json!({ "password": "correct horse", "new_password": "battery staple" });
    ada.put("/api/v1/account/password", body).await.is(204);
    shop.post().await;
    let mails = mailbox::of(&shop);
    assert_eq!(mails.len(), 2);
    assert_eq!((mails[0].header("To"), mails[0].link()), (EMAIL, "http://127.0.0.1:8080/#/account/security"));
    assert!(mails[0].text.contains("neuen Passkey") && mails[0].text.contains("\nFirefox on Linux\n"));
    assert_eq!(mails[1].header("Subject"), "Your password was changed");
    assert_eq!(mails[1].link(), "http://127.0.0.1:8080/#/account/forgotten");
    assert!(mails[1].text.contains("passkeys open the account as before"), "{}", mails[1].text);
    assert!(mails[1].text.contains("http://127.0.0.1:8080/#/account/security"), "{}", mails[1].text);
    sign_in(&mut shop.browser(), &mut device).await.is(200);
}

async fn they_are_in_the_download_and_go_with_the_account(shop: Shop) {
    let (mut ada, mut device) = ada(&shop).await;
    prepare(&mut ada).await;
    let reply = ada.get("/api/v1/account/export").await.is(200);
    let passkeys = reply.body()["passkeys"].clone();
    assert_eq!(passkeys, json!(list(&mut ada).await));
    assert!(!reply.text().contains("EC_EC2"), "the key itself stays here");
    ada.post("/api/v1/account/deletion", json!({ "password": "correct horse" })).await.is(204);
    sign_in(&mut shop.browser(), &mut device).await.problem(403, "E444");
    let mut db = shop.server.database.read().await.unwrap();
    for table in ["passkeys", "passkey_users", "passkey_ceremonies"] {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let left: i64 = sqlx::query_scalar(count).fetch_one(&mut *db).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn passkeys_work_at_one_address() {
    let ask_from = async |shop: &Shop, origin: &str| {
        let mut browser = shop.browser();
        browser.send(Method::POST, SIGN_IN_OPTIONS, Some(json!({})), &[("origin", origin)]).await
    };
    let title = |reply: Reply| reply.problem(403, "E447")["title"].as_str().unwrap().to_owned();
    let shop = Shop::sqlite(&[]).await;
    ask_from(&shop, ORIGIN).await.is(200);
    let said = title(ask_from(&shop, "http://127.0.0.1:8080").await);
    assert!(said.contains("http://localhost:8080"), "{said}");
    let mut ada = shop.browser();
    ada.sign_up(EMAIL).await.is(201);
    let form = json!({ "password": "correct horse" });
    let elsewhere = [("origin", "http://127.0.0.1:8080")];
    title(ada.send(Method::POST, OPTIONS, Some(form), &elsewhere).await);

    let number = Shop::sqlite(&["--origin", "https://192.0.2.1"]).await;
    let said = title(ask_from(&number, "https://192.0.2.1").await);
    assert!(said.contains("a number") && said.contains("--origin"), "{said}");
    let shop = Shop::sqlite(&["--origin", "https://shop.example"]).await;
    let challenge = ask_from(&shop, "https://shop.example").await.is(200).body();
    assert_eq!(challenge["options"]["rpId"], "shop.example");
}

#[tokio::test]
async fn challenges_and_attempts_are_counted_by_address() {
    let shop = Shop::sqlite(&[]).await;
    let mut browser = shop.browser();
    let mut refused = 0;
    for _ in 0..70 {
        let reply = browser.post(SIGN_IN_OPTIONS, json!({})).await;
        refused += usize::from(reply.status.as_u16() == 429);
    }
    assert!((5..=10).contains(&refused), "{refused}");
    ask(&mut shop.browser_at("192.0.2.1")).await;
    let (ada, mut device) = ada(&shop).await;
    drop(ada);
    let challenge = ask(&mut shop.browser_at("192.0.2.2")).await;
    let signed = device.sign(&challenge["options"]);
    let mut refused = 0;
    for _ in 0..70 {
        let reply = answer(&mut browser, SIGN_IN, &json!({ "ceremony": "made up" }), &signed).await;
        refused += usize::from(reply.status.as_u16() == 429);
    }
    assert!(refused >= 5, "{refused}");
    // Whoever is elsewhere, with the same account, is not held up.
    answer(&mut shop.browser_at("192.0.2.2"), SIGN_IN, &challenge, &signed).await.is(200);
}
