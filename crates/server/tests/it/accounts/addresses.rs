//! Saved addresses.

use crate::{
    on_both,
    support::{Browser, Shop},
};
use serde_json::{Value, json};

on_both!(
    addresses_are_kept_changed_and_forgotten,
    what_cannot_be_an_address,
    addresses_are_as_their_country_writes_them,
    nobody_sees_or_changes_somebody_elses,
    there_is_room_for_twenty,
);

const PATH: &str = "/api/v1/account/addresses";

fn address(street: &str) -> Value {
    json!({ "name": "Ada", "street": street, "postcode": "10115", "city": "Berlin", "country": "DE" })
}

async fn list(browser: &mut Browser) -> Vec<(String, bool)> {
    let found = browser.get(PATH).await.is(200).body();
    let found = found.as_array().unwrap().iter();
    found
        .map(|saved| {
            (saved["address"]["street"].as_str().unwrap().to_owned(), saved["preferred"].as_bool().unwrap())
        })
        .collect()
}

async fn addresses_are_kept_changed_and_forgotten(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    assert!(list(&mut ada).await.is_empty());
    let first = ada.post(PATH, json!({ "address": address(" Lane 1 ") })).await.is(201).body();
    assert_eq!((&first["preferred"], &first["address"]["street"]), (&json!(true), &json!("Lane 1")));
    let again = ada.post(PATH, json!({ "address": address("Lane 1") })).await.is(201).body();
    assert_eq!(again["id"], first["id"], "the same one is kept once");
    let second = ada.post(PATH, json!({ "address": address("Lane 2") })).await.is(201).body();
    assert_eq!(second["preferred"], false);
    let path = |saved: &Value| format!("{PATH}/{}", saved["id"]);
    let preferred = |street: &str| json!({ "address": address(street), "preferred": true });
    for _ in 0..2 {
        let kept = ada.post(PATH, preferred("Lane 2")).await.is(201).body();
        assert_eq!((&kept["id"], &kept["preferred"]), (&second["id"], &json!(true)), "once, and preferred");
    }
    assert_eq!(list(&mut ada).await.len(), 2);
    ada.post(PATH, preferred("Lane 1")).await.is(201);

    let form = preferred("Road 2");
    let changed = ada.put(&path(&second), form).await.is(200).body();
    assert_eq!((&changed["id"], &changed["preferred"]), (&second["id"], &json!(true)));
    let expected = [("Road 2".to_owned(), true), ("Lane 1".to_owned(), false)];
    assert_eq!(list(&mut ada).await, expected);

    // What is used first is not written anew: it may have been changed in another tab.
    let first_of = |saved: &Value| format!("{}/preferred", path(saved));
    ada.put(&first_of(&first), Value::Null).await.is(204);
    let expected = [("Lane 1".to_owned(), true), ("Road 2".to_owned(), false)];
    assert_eq!(list(&mut ada).await, expected);
    ada.put(&first_of(&second), Value::Null).await.is(204);

    ada.delete(&path(&second)).await.is(204);
    ada.delete(&path(&second)).await.problem(404, "E402");
    for gone in
        [ada.put(&first_of(&second), Value::Null).await, ada.put(&path(&second), preferred("Road 3")).await]
    {
        assert_eq!(gone.problem(404, "E402")["title"], "It is no longer there: it was removed elsewhere.");
    }
    assert_eq!(list(&mut ada).await, [("Lane 1".to_owned(), true)], "there is always one to begin with");

    // A page that still shows what is gone must not change what came after it.
    let third = ada.post(PATH, json!({ "address": address("Lane 3") })).await.is(201).body();
    assert_ne!(third["id"], second["id"]);
}

async fn what_cannot_be_an_address(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    for (field, value) in [
        ("name", ""),
        ("street", " "),
        ("postcode", ""),
        ("postcode", "1011"),
        ("region", &"x".repeat(101)),
        ("city", "a\u{0}b"),
        ("country", "ZZ"),
        ("country", ""),
    ] {
        let mut form = json!({ "address": address("Lane 1") });
        form["address"][field] = json!(value);
        let problem = ada.post(PATH, form).await.problem(422, "E401");
        assert_eq!(problem["fields"][0]["field"], format!("address.{field}"));
    }
    let mut form = json!({ "address": address("Lane 1") });
    form["address"]["postcode"] = json!("1011");
    let problem = ada.post(PATH, form).await.problem(422, "E401");
    assert_eq!(problem["fields"][0]["message"], "A postcode such as 10115.");
    assert!(list(&mut ada).await.is_empty());
}

async fn addresses_are_as_their_country_writes_them(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    for (country, postcode, region, good) in [
        ("DE", "D-10115", "", true),
        ("IE", "", "Westmeath", true),
        ("IE", "Athlone", "Westmeath", false),
        ("US", "10001-1234", "NY", true),
        ("US", "NY 10001", "NY", false),
        ("GB", "SW1A 1AA", "", true),
        // A page from before there were regions.
        ("US", "10001", "", true),
    ] {
        let address = json!({
            "name": "Ada", "street": "Lane 1", "postcode": postcode, "city": "Town", "region": region, "country": country,
        });
        let reply = ada.post(PATH, json!({ "address": address })).await;
        if !good {
            reply.problem(422, "E401");
            continue;
        }
        let saved = reply.is(201).body();
        let kept = ada.get(PATH).await.is(200).body();
        let kept = kept.as_array().unwrap().iter().find(|kept| kept["id"] == saved["id"]).unwrap();
        assert_eq!(kept["address"]["region"].as_str().unwrap_or_default(), region, "{kept}");
        assert_eq!(kept["address"]["postcode"], postcode);
    }
}

async fn nobody_sees_or_changes_somebody_elses(shop: Shop) {
    let (mut ada, mut eve) = (shop.browser(), shop.browser());
    ada.sign_up("ada@example.org").await.is(201);
    eve.sign_up("eve@example.org").await.is(201);
    let saved = ada.post(PATH, json!({ "address": address("Lane 1") })).await.is(201).body();
    let path = format!("{PATH}/{}", saved["id"]);
    assert!(list(&mut eve).await.is_empty());
    eve.put(&path, json!({ "address": address("Eve's") })).await.problem(404, "E402");
    eve.put(&format!("{path}/preferred"), Value::Null).await.problem(404, "E402");
    eve.delete(&path).await.problem(404, "E402");
    let mut guest = shop.browser();
    guest.get(PATH).await.problem(401, "E413");
    guest.post(PATH, json!({ "address": address("Lane 1") })).await.problem(401, "E413");
    assert_eq!(list(&mut ada).await.len(), 1);
}

async fn there_is_room_for_twenty(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let many =
        (0..25).map(|n| {
            let mut ada = ada.clone();
            async move {
                ada.post(PATH, json!({ "address": address(&format!("Lane {n}")) })).await.status.as_u16()
            }
        });
    let answers = futures_util::future::join_all(many).await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 20, "{answers:?}");
    let refused = ada.post(PATH, json!({ "address": address("Lane 99") })).await.problem(409, "E442");
    assert!(refused["title"].as_str().unwrap().contains("20"), "{refused}");
    assert_eq!(list(&mut ada).await.iter().filter(|(_, preferred)| *preferred).count(), 1);
}
