//! The way back: undo, and what one falls back to.

use crate::{
    on_both,
    support::{
        Shop,
        crowd::visit,
        release::{plain, publish, shell},
        rollout::{APP, act, check_live, keep, look, prepare, start},
    },
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    undo_in_the_moment_of_a_way_back_goes_no_further,
    undoing_a_finished_rollout_is_told_and_not_done_twice,
    a_second_undo_in_a_row_wants_a_revision,
    a_step_of_a_rollout_is_nothing_to_go_back_to,
    undo_goes_back_and_is_a_revision_of_its_own,
    what_was_decided_by_an_older_revision_is_not_done,
    back_to_what_is_rolled_out_is_on_to_everybody,
    the_fallback_is_the_last_good_release,
);

async fn undo_in_the_moment_of_a_way_back_goes_no_further(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    for version in ["0.9.0", "1.0.0"] {
        publish(&shop, &plain("cart", version)).await.is(201);
    }
    keep(&shop, &plain("cart", "1.1.0")).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [50, 100], "interval_seconds": 1 })).await;
    visit(&shop, "cart", 0..100, &|_| ("failed", 0)).await;
    look(&shop, 0, 1).await;
    check_live(&shop, &[("1.0.0", 100.0)], Some("0.9.0")).await;
    let refused = shop.operator(Method::POST, &format!("{APP}/undo"), json!({})).await.is(409);
    assert!(refused.text().contains("taken back already"));
    check_live(&shop, &[("1.0.0", 100.0)], Some("0.9.0")).await;
    // Who has seen that, or names a revision, goes on.
    let wish = json!({ "to_revision": 1 });
    shop.operator(Method::POST, &format!("{APP}/undo"), wish).await.is(200);
    check_live(&shop, &[("0.9.0", 100.0)], None).await;
}

async fn undoing_a_finished_rollout_is_told_and_not_done_twice(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    for version in ["0.9.0", "1.0.0"] {
        publish(&shop, &plain("cart", version)).await.is(201);
    }
    keep(&shop, &plain("cart", "1.1.0")).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [50, 100] })).await;
    act(&shop, "/rollout/promote").await;
    assert_eq!(act(&shop, "/undo").await["rollout"]["state"], "undone");
    check_live(&shop, &[("1.0.0", 100.0)], Some("0.9.0")).await;
    // The second of two people on call, or the first after an answer that was lost.
    let refused = shop.operator(Method::POST, &format!("{APP}/undo"), json!({})).await.problem(409, "E525");
    assert!(refused["title"].as_str().unwrap().contains("taken back already"), "{refused}");
    check_live(&shop, &[("1.0.0", 100.0)], Some("0.9.0")).await;
}

/// Two people at one incident, after a release that went live for everybody at once.
async fn a_second_undo_in_a_row_wants_a_revision(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    for version in ["0.8.0", "0.9.0"] {
        publish(&shop, &plain("cart", version)).await.is(201);
    }
    for (version, wish) in [("1.0.0", json!({})), ("1.1.0", json!({ "to_revision": 2 }))] {
        publish(&shop, &plain("cart", version)).await.is(201);
        shop.operator(Method::POST, &format!("{APP}/undo"), wish).await.is(200);
        check_live(&shop, &[("0.9.0", 100.0)], Some("0.8.0")).await;
        let refused = shop.operator(Method::POST, &format!("{APP}/undo"), json!({})).await;
        let refused = refused.problem(409, "E525");
        assert!(refused["title"].as_str().unwrap().contains("--to-revision"), "{refused}");
        check_live(&shop, &[("0.9.0", 100.0)], Some("0.8.0")).await;
    }
}

/// Going back to a step would give everybody what some had.
async fn a_step_of_a_rollout_is_nothing_to_go_back_to(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [5, 50, 100] })).await;
    let undo = |revision| json!({ "to_revision": revision });
    let refused = shop.operator(Method::POST, &format!("{APP}/undo"), undo(2)).await.problem(409, "E525");
    assert!(refused["title"].as_str().unwrap().contains("5 of 100 visitors had 1.1.0"), "{refused}");
    check_live(&shop, &[("1.0.0", 95.0), ("1.1.0", 5.0)], None).await;
    shop.operator(Method::POST, &format!("{APP}/undo"), undo(1)).await.is(200);
    check_live(&shop, &[("1.0.0", 100.0)], None).await;
}

async fn undo_goes_back_and_is_a_revision_of_its_own(shop: Shop) {
    prepare(&shop).await;
    // During a rollout: to what was there before.
    start(&shop, json!({ "version": "1.1.0" })).await;
    let undone = act(&shop, "/undo").await;
    assert_eq!((&undone["rollout"]["state"], &undone["revision"]), (&json!("undone"), &json!(3)));
    check_live(&shop, &[("1.0.0", 100.0)], None).await;
    let nothing = shop.operator(Method::POST, &format!("{APP}/undo"), json!({})).await.problem(409, "E525");
    assert!(nothing["title"].as_str().unwrap().contains("No good release of cart"), "{nothing}");
    // Afterwards: to the last good one, or to any revision.
    publish(&shop, &plain("cart", "1.2.0")).await.is(201);
    act(&shop, "/undo").await;
    check_live(&shop, &[("1.0.0", 100.0)], None).await;
    let undo = |revision| json!({ "to_revision": revision });
    shop.operator(Method::POST, &format!("{APP}/undo"), undo(4)).await.is(200);
    check_live(&shop, &[("1.2.0", 100.0)], None).await;
    shop.operator(Method::POST, &format!("{APP}/undo"), undo(99)).await.problem(404, "E528");
    let history = shop.operator(Method::GET, &format!("{APP}/history"), Value::Null).await.is(200).body();
    assert_eq!(history["revisions"][0]["why"], "undone, to revision 4");
    assert_eq!(history["revisions"][0]["revision"], 6);
}

async fn what_was_decided_by_an_older_revision_is_not_done(shop: Shop) {
    prepare(&shop).await;
    publish(&shop, &plain("cart", "1.1.0")).await.is(200);
    keep(&shop, &plain("cart", "1.2.0")).await;
    let begun = start(&shop, json!({ "version": "1.2.0", "steps": [20, 100], "interval_seconds": 1 })).await;
    let seen = begun["revision"].as_i64().unwrap();
    let at = |what: &str, revision: i64| format!("{APP}{what}?expected_revision={revision}");
    // While somebody makes up their mind it goes back by itself.
    visit(&shop, "cart", 0..1_000, &|_| ("panicked", 40)).await;
    look(&shop, 0, 1).await;
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    for what in ["/undo", "/rollout/promote"] {
        let late = shop.operator(Method::POST, &at(what, seen), json!({})).await.problem(409, "E525");
        assert!(late["title"].as_str().unwrap().contains("at revision 4 by now, not 3"), "{late}");
    }
    let late = json!({ "version": "1.2.0" });
    shop.operator(Method::POST, &at("/rollout", seen), late).await.problem(409, "E525");
    let late = json!({ "to_revision": 1 });
    shop.operator(Method::POST, &at("/undo", seen), late).await.problem(409, "E525");
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    // By the newest one it is.
    shop.operator(Method::POST, &at("/undo", seen + 1), json!({})).await.is(200);
    check_live(&shop, &[("1.0.0", 100.0)], None).await;
    let wish = json!({ "version": "1.2.0" });
    let begun = shop.operator(Method::POST, &at("/rollout", seen + 2), wish).await.is(200).body();
    let address = at("/rollout/promote", begun["revision"].as_i64().unwrap());
    shop.operator(Method::POST, &address, json!({})).await.is(200);
    check_live(&shop, &[("1.2.0", 100.0)], Some("1.0.0")).await;
}

async fn back_to_what_is_rolled_out_is_on_to_everybody(shop: Shop) {
    prepare(&shop).await;
    for version in ["1.1.0", "1.0.0"] {
        publish(&shop, &plain("cart", version)).await.is(200);
    }
    start(&shop, json!({ "version": "1.1.0", "steps": [25, 100] })).await;
    let wish = json!({ "to_revision": 2 });
    let back = shop.operator(Method::POST, &format!("{APP}/undo"), wish).await.is(200).body();
    let rollout = &back["rollout"];
    assert_eq!(rollout["state"], "complete", "{back}");
    assert!(rollout["reason"].as_str().unwrap().starts_with("promoted by"), "{back}");
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    // It was no way back, so there still is one.
    act(&shop, "/undo").await;
    check_live(&shop, &[("1.0.0", 100.0)], None).await;
}

async fn the_fallback_is_the_last_good_release(shop: Shop) {
    prepare(&shop).await;
    publish(&shop, &plain("cart", "1.1.0")).await.is(200);
    publish(&shop, &plain("cart", "1.2.0")).await.is(201);
    check_live(&shop, &[("1.2.0", 100.0)], Some("1.1.0")).await;
    // 1.2.0 is taken back: it is what nobody falls back to, until it gets another chance.
    act(&shop, "/undo").await;
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    keep(&shop, &plain("cart", "1.3.0")).await;
    start(&shop, json!({ "version": "1.3.0" })).await;
    check_live(&shop, &[("1.1.0", 95.0), ("1.3.0", 5.0)], Some("1.0.0")).await;
    act(&shop, "/undo").await;
    publish(&shop, &plain("cart", "1.2.0")).await.is(200);
    publish(&shop, &plain("cart", "1.3.0")).await.is(200);
    check_live(&shop, &[("1.3.0", 100.0)], Some("1.2.0")).await;
}
