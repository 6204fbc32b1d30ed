//! The cart's own page, and what is put into it.

use serde_json::json;
use tests::{Fault, Hostile, Key, Shop};

/// What the browser keeps of the cart.
const KEPT: &str = "JSON.parse(localStorage.getItem('menagerie/personal/cart/1'))";
/// The pieces in the server's cart.
const PIECES: &str = "return (await (await fetch('/api/v1/cart')).json()).pieces";

#[tokio::test]
async fn quantities_removal_with_undo_and_a_coupon_in_the_cart() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.click("[data-test=more]").await;
    shop.until_badge(2).await;
    shop.fill("[data-test=quantity]", "3").await;
    shop.key(Key::Tab).await;
    shop.until_badge(3).await;
    shop.until_loaded().await;
    let before = shop.text("[data-app=cart] [data-test=total]").await;
    shop.fill("[data-test=coupon]", "welcome10").await;
    shop.click("[data-test=coupon-apply]").await;
    shop.see_text("[data-test=coupon-applied]", "WELCOME10").await;
    let focus = "document.activeElement?.dataset.test === 'coupon-remove'";
    shop.until("the focus should be where the coupon is", focus).await;
    shop.until(
        "the total should fall",
        &format!("document.querySelector('[data-app=cart] [data-test=total]').innerText !== '{before}'"),
    )
    .await;
    shop.click("[data-test=remove]").await;
    shop.see("[data-app=cart] [data-test=empty]").await;
    // The focus did not fall off the page with the line.
    let focus: String = shop.eval("return document.activeElement.localName").await;
    assert_eq!(focus, "h1");
    shop.click_text("[data-test=toast-action]", "Undo").await;
    shop.see("[data-app=cart] [data-test=line]").await;
    shop.until_badge(3).await;
}

#[tokio::test]
async fn a_double_click_on_remove_takes_out_one_line() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.visit("/#/product/2").await;
    shop.at("product").await;
    shop.add_to_cart().await;
    shop.until_badge(2).await;
    shop.open_cart().await;
    shop.eval::<()>("document.querySelector('[data-test=remove]').click()").await;
    shop.until_badge(1).await;
    // Where a key that is held down does nothing.
    let focus = "document.activeElement?.matches('[data-test=line]')";
    shop.until("the focus should be at the line that is left", focus).await;
    shop.eval::<()>(
        "document.querySelector('[data-test=remove]').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 2 }))",
    )
    .await;
    shop.until_idle().await;
    assert!(shop.shows("[data-app=cart] [data-test=line]").await);
}

#[tokio::test]
async fn a_quantity_that_is_set_just_before_leaving_is_sent_and_waits_no_more() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    // Before the pause after which a change is sent by itself.
    shop.eval::<()>("document.querySelector('[data-test=more]').click(); location.hash = '#/'").await;
    shop.at("home").await;
    shop.until("nothing should wait", &format!("{KEPT}.waiting.length === 0")).await;
    assert_eq!(shop.eval::<u32>(PIECES).await, 2);
    shop.until_badge(2).await;
}

#[tokio::test]
async fn what_is_added_while_the_cart_page_is_left_is_in_the_cart_or_said_not_to_be() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    // Another tab has the turn until the page is gone.
    let add = format!(
        "const {{ apps }} = await (await fetch('/manifest.json')).json();
         const {{ base, entry }} = apps.find(({{ name }}) => name === 'cart').releases[0];
         const {{ command }} = await import(base + entry);
         let free;
         await new Promise((held) => navigator.locks.request('menagerie/cart', () => {{
           held();
           return new Promise((done) => (free = done));
         }}));
         const added = command('cart.add', {{ variant_id: {KEPT}.cart.lines[0].variant_id, quantity: 1 }});
         location.hash = '#/';
         while (document.querySelector('[data-app=cart]')) await new Promise(requestAnimationFrame);
         free();
         return added.then(() => '', (error) => error.code)"
    );
    let refused: String = shop.eval(&add).await;
    let pieces: u32 = shop.eval(PIECES).await;
    assert_eq!((refused.as_str(), pieces), ("E221", 1));
    shop.until_badge(1).await;
}

#[tokio::test]
async fn whoever_has_gone_on_keeps_the_focus() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/#/product/1", hostile.origin())).await;
    shop.at("product").await;
    shop.add_to_cart().await;
    shop.open_cart().await;
    shop.fill("[data-test=coupon]", "WELCOME10").await;
    hostile.damage("/api/v1/cart/coupon", Fault::Held);
    shop.click("[data-test=coupon-apply]").await;
    shop.eval::<()>("document.querySelector('[data-test=quantity]').focus()").await;
    hostile.heal();
    shop.see_text("[data-test=coupon-applied]", "WELCOME10").await;
    shop.until_idle().await;
    assert_eq!(shop.eval::<String>("return document.activeElement.dataset.test").await, "quantity");
}

#[tokio::test]
async fn the_cart_of_whoever_is_signed_in_is_read_once() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", "ada@example.org", "a short sentence of mine").await;
    let reads =
        "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/api/v1/cart')).length";
    let before: u32 = shop.eval(&format!("return {reads}")).await;
    shop.open_cart().await;
    shop.see("[data-app=cart] [data-test=empty]").await;
    shop.until_idle().await;
    assert_eq!(shop.eval::<u32>(&format!("return {reads}")).await, before + 1);
}

#[tokio::test]
async fn the_cart_survives_a_reload_and_a_new_visit() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.reload().await;
    shop.until_badge(1).await;
    shop.visit("/#/cart").await;
    shop.at("cart").await;
    shop.see_text("[data-test=line]", "Cloud Nine Dog Bed").await;
}

#[tokio::test]
async fn signing_out_shows_nobodys_cart_and_signing_in_brings_it_back() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.sign_up("Ada", "ada@example.org", "a short sentence of mine").await;
    shop.until_badge(1).await;
    shop.sign_out().await;
    shop.until("nobody's cart is empty", "document.querySelector('[data-test=cart-badge]').hidden").await;
    shop.open_cart().await;
    assert_eq!(shop.title().await, "Cart · Menagerie");
    shop.see("[data-app=cart] [data-test=empty]").await;
    assert!(!shop.shows("[data-test=line]").await);

    shop.sign_in("ada@example.org", "not my sentence at all").await;
    shop.see_text("[data-test=sign-in-error]", "E411").await;
    shop.fill("[data-test=sign-in-password]", "a short sentence of mine").await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.see_text("[data-test=toasts]", "Hello, Ada").await;
    shop.until_badge(1).await;
    // The open cart page takes it up by itself.
    shop.see_text("[data-app=cart] [data-test=line]", "Cloud Nine Dog Bed").await;
    shop.reload().await;
    shop.until_badge(1).await;
    shop.see_text("[data-app=cart] [data-test=line]", "Cloud Nine Dog Bed").await;
}

#[tokio::test]
async fn a_guests_cart_is_merged_at_sign_in() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.sign_up("Ada", "ada@example.org", "a short sentence of mine").await;
    shop.sign_out().await;
    shop.visit("/#/product/2").await;
    shop.at("product").await;
    shop.add_to_cart().await;
    shop.until_badge(1).await;
    shop.sign_in("ada@example.org", "a short sentence of mine").await;
    shop.until_badge(2).await;
}

#[tokio::test]
async fn what_is_sold_out_cannot_be_taken() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1?Colour=Charcoal&Size=S").await;
    shop.at("product").await;
    shop.see_text("[data-test=stock]", "old out").await;
    let disabled: bool = shop
        .eval("const b = document.querySelector('[data-test=add-to-cart]'); return b.disabled || b.getAttribute('aria-disabled') === 'true'")
        .await;
    assert!(disabled);
}

#[tokio::test]
async fn who_went_on_meanwhile_is_told_what_did_not_go_into_the_cart() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.until_loaded().await;
    // Others buy all of it meanwhile.
    let left = "const answer = await fetch('/api/v1/catalogue/products/1');
        return (await answer.json()).variants.filter((v) => v.stock > 0).map((v) => [v.id, v.stock])";
    for [id, stock] in shop.eval::<Vec<[i64; 2]>>(left).await {
        let none = json!({ "expected": stock, "stock": 0 });
        shop.server.operator(&format!("stock/{id}"), Some(none)).await;
    }
    shop.eval::<()>(
        "document.querySelector('[data-test=add-to-cart]').click(); location.hash = '#/product/2'",
    )
    .await;
    shop.see_text("[data-test=toasts] [data-level=error]", "Cloud Nine Dog Bed: ").await;
    shop.gone("[data-test=add-failure]").await;
}

#[tokio::test]
async fn a_product_on_its_way_stops_no_other() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/#/product/1", hostile.origin())).await;
    shop.at("product").await;
    shop.until_loaded().await;
    hostile.damage("/api/v1/cart/items", Fault::Held);
    shop.click("[data-test=add-to-cart]").await;
    shop.see_text("[data-test=add-to-cart]", "Adding…").await;
    shop.follow("/product/2").await;
    shop.see_text("[data-test=add-to-cart]", "Add to cart").await;
    shop.click("[data-test=add-to-cart]").await;
    shop.see_text("[data-test=add-to-cart]", "Adding…").await;
    hostile.heal();
    shop.until_badge(2).await;
    shop.see_text("[data-test=add-to-cart]", "Add to cart").await;
}

#[tokio::test]
async fn what_has_left_the_shop_is_shown_as_gone_when_somebody_wants_it() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.until_loaded().await;
    let other = "Handle,Title,Type,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price\n\
        other,Other,Others,A,shopify,5,10\n";
    assert_eq!(shop.server.import_catalogue(other.into()).await.0, 200);
    shop.click("[data-test=add-to-cart]").await;
    shop.see_text("[data-app=product] h1", "We cannot find this product").await;
    shop.until("the focus should be on the heading", "document.activeElement?.localName === 'h1'").await;
}
