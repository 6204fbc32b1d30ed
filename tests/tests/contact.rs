//! Messages to the shop.

use tests::{Fault, Hostile, Shop};

#[tokio::test]
async fn a_message_to_the_shop_is_answered_with_a_reference() {
    let shop = Shop::open().await;
    shop.visit("/#/contact").await;
    shop.at("contact").await;
    shop.click("[data-test=send]").await;
    shop.see("[data-app=contact] [aria-invalid=true]").await;
    shop.fill("[data-app=contact] [name=name]", "Ada").await;
    shop.fill("[data-app=contact] [name=email]", "ada@example.org").await;
    shop.fill("[data-app=contact] select", "Something else").await;
    shop.fill("[data-app=contact] [name=message]", "Do you have something for an old tortoise?").await;

    // Unsaved work is asked about, also on the way back.
    shop.follow("/cart").await;
    shop.see("[data-test=leave-dialog]").await;
    shop.click("[data-test=stay]").await;
    shop.gone("[data-test=leave-dialog]").await;
    shop.until_hash("#/contact").await;

    shop.click("[data-test=send]").await;
    let reference = shop.text("[data-test=reference]").await;
    assert!(reference.starts_with("C-"), "{reference}");
    // Nothing unsaved is left.
    shop.follow("/cart").await;
    shop.at("cart").await;
}

#[tokio::test]
async fn a_message_that_is_on_its_way_takes_up_no_more() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/#/contact", hostile.origin())).await;
    shop.at("contact").await;
    shop.fill("[data-app=contact] [name=name]", "Ada").await;
    shop.fill("[data-app=contact] [name=email]", "ada@example.org").await;
    shop.fill("[data-app=contact] select", "Something else").await;
    shop.fill("[data-app=contact] [name=message]", "Do you have something for an old tortoise?").await;
    hostile.damage("/api/v1/contact", Fault::Held);
    shop.click("[data-test=send]").await;
    shop.see("[data-app=contact] [name=message][readonly]").await;
    hostile.heal();
    shop.see("[data-test=reference]").await;
}
