//! The wishlist.

use crate::{
    on_both,
    support::{Browser, Shop},
};

on_both!(
    wishes_are_kept_in_their_order,
    what_is_not_in_the_shop_is_not_shown,
    a_hundred_wishes_are_enough_and_those_that_left_do_not_count,
    a_wishlist_is_its_owners,
);

const PATH: &str = "/api/v1/account/wishlist";

async fn list(browser: &mut Browser) -> Vec<i64> {
    let list = browser.get(PATH).await.is(200).body();
    list["products"].as_array().unwrap().iter().map(|product| product["id"].as_i64().unwrap()).collect()
}

async fn wishes_are_kept_in_their_order(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    assert!(list(&mut ada).await.is_empty());
    ada.put(&format!("{PATH}/1"), serde_json::Value::Null).await.is(204);
    tokio::time::sleep(std::time::Duration::from_millis(2)).await; // two wishes of one moment have no order
    ada.put(&format!("{PATH}/2"), serde_json::Value::Null).await.is(204);
    ada.put(&format!("{PATH}/1"), serde_json::Value::Null).await.is(204);
    assert_eq!(list(&mut ada).await, [2, 1], "the newest first; once");
    ada.delete(&format!("{PATH}/2")).await.is(204);
    ada.delete(&format!("{PATH}/2")).await.is(204);
    assert_eq!(list(&mut ada).await, [1]);
}

async fn what_is_not_in_the_shop_is_not_shown(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    ada.put(&format!("{PATH}/99"), serde_json::Value::Null).await.problem(404, "E402");
    ada.put(&format!("{PATH}/x"), serde_json::Value::Null).await.problem(404, "E402");
    ada.put(&format!("{PATH}/2"), serde_json::Value::Null).await.is(204);
    let only_beds: String = crate::support::CATALOGUE
        .lines()
        .filter(|line| !line.starts_with("ball"))
        .collect::<Vec<_>>()
        .join("\n");
    shop.import(&only_beds, "true").await.is(200);
    assert!(list(&mut ada).await.is_empty());
    shop.import(crate::support::CATALOGUE, "true").await.is(200);
    assert_eq!(list(&mut ada).await, [2], "it comes back with the product");
}

async fn a_hundred_wishes_are_enough_and_those_that_left_do_not_count(shop: Shop) {
    let mut csv = "Handle,Title,Variant SKU,Variant Price\n".to_owned();
    for n in 0..101 {
        csv += &format!("toy-{n},Toy,TOY-{n},1.00\n");
    }
    shop.import(&csv, "false").await.is(200);
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    for product in 3..103 {
        ada.put(&format!("{PATH}/{product}"), serde_json::Value::Null).await.is(204);
    }
    ada.put(&format!("{PATH}/103"), serde_json::Value::Null).await.problem(409, "E442");
    // The owner's next catalogue has none of them.
    shop.import(crate::support::CATALOGUE, "true").await.is(200);
    assert!(list(&mut ada).await.is_empty());
    ada.put(&format!("{PATH}/1"), serde_json::Value::Null).await.is(204);
    assert_eq!(list(&mut ada).await, [1]);
    let export = ada.get("/api/v1/account/export").await.is(200).body();
    assert_eq!(export["wishlist"].as_array().unwrap().len(), 1);
    assert_eq!(export["wished"].as_array().unwrap().len(), 101, "all that is kept is in the download");
}

async fn a_wishlist_is_its_owners(shop: Shop) {
    let (mut ada, mut eve) = (shop.browser(), shop.browser());
    ada.sign_up("ada@example.org").await.is(201);
    eve.sign_up("eve@example.org").await.is(201);
    ada.put(&format!("{PATH}/1"), serde_json::Value::Null).await.is(204);
    eve.delete(&format!("{PATH}/1")).await.is(204);
    assert!(list(&mut eve).await.is_empty());
    assert_eq!(list(&mut ada).await, [1]);
    let mut guest = shop.browser();
    guest.get(PATH).await.problem(401, "E413");
    guest.put(&format!("{PATH}/1"), serde_json::Value::Null).await.problem(401, "E413");
}
