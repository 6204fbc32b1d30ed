//! From search to confirmation.

use serde_json::json;
use tests::{Address, Shop};

/// What the browser keeps of the cart.
const KEPT: &str = "JSON.parse(localStorage.getItem('menagerie/personal/cart/1'))";

#[tokio::test]
async fn a_guest_buys_a_dog_bed_and_pays_on_delivery() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.click("[data-test=checkout]").await;
    shop.give_address(&Address::default()).await;
    // What is chosen from the start is in the total, and so is what is chosen then.
    let aside = "[data-app=checkout] aside";
    shop.see_text(aside, "Delivery free").await;
    shop.click_text("[data-test=delivery]", "Express").await;
    shop.see_text(aside, "Delivery €9.90").await;
    shop.click_text("[data-test=delivery]", "Standard").await;
    shop.see_text(aside, "Delivery free").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/payment").await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/review").await;
    shop.see_text("[data-app=checkout]", "St James's Square 12").await;
    let total = shop.text("[data-app=checkout] [data-test=total]").await;
    shop.click("[data-test=place-order]").await;
    let number = shop.see_confirmation().await;
    shop.see_text("[data-test=order-status]", "Placed, paid on delivery").await;
    assert_eq!(
        shop.text("[data-app=checkout] [data-test=total]").await,
        total,
        "what was agreed is what it costs"
    );
    shop.until("the cart should be empty", "document.querySelector('[data-test=cart-badge]').hidden").await;

    // Its address is all that is needed to see it again.
    shop.reload().await;
    assert_eq!(shop.see_confirmation().await, number);
    shop.assert_no_complaints().await;
    // Sent meanwhile, it cannot be cancelled any more, and shows so.
    shop.is_sent(&number).await;
    shop.click("[data-test=cancel-order]").await;
    shop.click("[data-test=cancel-confirm]").await;
    shop.see_text("[data-test=order-status]", "Shipped").await;
    shop.open_cart().await;
    shop.see("[data-app=cart] [data-test=empty]").await;
}

#[tokio::test]
async fn what_is_sold_out_meanwhile_is_told_at_the_checkout_and_when_it_is_ordered_again() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    let id: i64 = shop.eval(&format!("return {KEPT}.cart.lines[0].variant_id")).await;
    shop.order_on_delivery().await;
    let confirmation: String = shop.eval("return location.hash").await;
    shop.take_a_dog_bed().await;
    shop.go_to_payment().await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.see("[data-test=place-order]").await;
    // Somebody else buys all of it.
    let stock = format!("stock/{id}");
    let known = shop.server.operator(&stock, None).await["stock"].clone();
    shop.server.operator(&stock, Some(json!({ "expected": known, "stock": 0 }))).await;
    shop.click("[data-test=place-order]").await;
    shop.see_text("[data-app=checkout] [data-test=notice]", "is sold out").await;
    shop.until("the heading should have the focus", "document.activeElement?.id === 'checkout-heading'")
        .await;

    shop.visit(&format!("/{confirmation}")).await;
    shop.click("[data-test=reorder]").await;
    shop.until_hash("#/cart").await;
    shop.see_text("[data-test=toasts] [data-level=warning]", "is sold out").await;
}

#[tokio::test]
async fn who_is_signed_in_is_known_also_after_an_order_that_was_never_paid() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", "ada@example.org", "correct horse").await;
    shop.take_a_dog_bed().await;
    shop.choose_the_test_card("4000000000000002").await;
    shop.click("[data-test=place-order]").await;
    shop.see_text("[data-app=checkout] [data-test=message]", "declined").await;
    let key = "JSON.parse(localStorage.getItem('menagerie/personal/checkout/1')).unpaid";
    let key: String = shop.eval(&format!("return {key}")).await;
    assert_eq!(shop.ask("POST", &format!("/orders/{key}/cancellation")).await, 200);
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.click("[data-test=checkout]").await;
    shop.until_hash("#/checkout/address").await;
    shop.until(
        "the account's address is there",
        "document.getElementById('checkout-email')?.value === 'ada@example.org'",
    )
    .await;
}

#[tokio::test]
async fn the_test_card_is_declined_and_then_approved_for_one_and_the_same_order() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.choose_the_test_card("4000000000000002").await;
    shop.click("[data-test=place-order]").await;
    shop.see_text("[data-app=checkout] [data-test=message]", "declined").await;
    let title = shop.text("[data-app=checkout] h1").await;
    let number = title.rsplit(' ').next().unwrap().to_owned();
    assert!(number.starts_with("M-"), "{title}");
    shop.fill("[data-test=card]", "4242424242424242").await;
    shop.click("[data-test=pay]").await;
    assert_eq!(shop.see_confirmation().await, number, "it is the same order");
    shop.see_text("[data-test=order-status]", "Paid").await;
}

#[tokio::test]
async fn who_cannot_pay_with_the_card_pays_another_way_with_everything_filled_in() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.fill("[data-test=coupon]", "WELCOME10").await;
    shop.click("[data-test=coupon-apply]").await;
    shop.see_text("[data-test=coupon-applied]", "WELCOME10").await;
    shop.choose_the_test_card("4000000000000002").await;
    let total = shop.text("[data-app=checkout] [data-test=total]").await;
    shop.click("[data-test=place-order]").await;
    shop.see_text("[data-app=checkout] [data-test=message]", "declined").await;
    let title = shop.text("[data-app=checkout] h1").await;
    shop.click("[data-test=pay-another-way]").await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/review").await;
    shop.see_text("[data-app=checkout]", "St James's Square 12").await;
    assert_eq!(shop.text("[data-app=checkout] [data-test=total]").await, total, "the coupon came along");
    shop.click("[data-test=place-order]").await;
    let number = shop.see_confirmation().await;
    assert!(!title.ends_with(&number), "the order that was not paid is given up: {title}");
    shop.see_text("[data-test=order-status]", "Placed, paid on delivery").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_bank_that_asks_is_left_and_come_back_from_and_the_order_can_be_cancelled() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    let id: i64 = shop.eval(&format!("return {KEPT}.cart.lines[0].variant_id")).await;
    shop.choose_the_test_card("4000002500003155").await;
    shop.click("[data-test=place-order]").await;
    // Over to the bank's own page, which knows nothing of the shell.
    shop.click("button[value=decline]").await;
    shop.until_hash("#/checkout/payment").await;
    // Whoever does not want to pay after all finds the order, and can think again.
    shop.click("[data-test=see-order]").await;
    shop.see("[data-test=cancel-order]").await;
    shop.click("[data-test=pay-now]").await;
    shop.fill("[data-test=card]", "4000002500003155").await;
    shop.click("[data-test=pay]").await;
    shop.click("button[value=approve]").await;
    let number = shop.see_confirmation().await;
    shop.see_text("[data-test=order-status]", "Paid").await;

    // A double click only asks.
    shop.eval::<()>("const b = document.querySelector('[data-test=cancel-order]'); b.click(); b.click()")
        .await;
    shop.click("[data-test=cancel-keep]").await;
    shop.gone("[data-test=cancel-confirm]").await;
    shop.see_text("[data-test=order-status]", "Paid").await;
    shop.click("[data-test=cancel-order]").await;
    shop.click("[data-test=cancel-confirm]").await;
    shop.see_text("[data-test=order-status]", "Cancelled").await;
    shop.until("the heading should have the focus", "document.activeElement?.id === 'checkout-heading'")
        .await;
    assert_eq!(shop.see_confirmation().await, number);
    assert!(!shop.shows("[data-test=cancel-order]").await);
    // What has waited for the server takes nothing away from what comes.
    let wait = format!(
        "const kept = {KEPT}; kept.waiting = [{{ Set: {{ variant_id: {id}, quantity: 1 }} }}];
         localStorage.setItem('menagerie/personal/cart/1', JSON.stringify(kept))"
    );
    shop.eval::<()>(&wait).await;
    shop.click("[data-test=reorder]").await;
    shop.until_hash("#/cart").await;
    shop.see_text("[data-app=cart] [data-test=line]", "Cloud Nine Dog Bed").await;
    shop.until_badge(2).await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn an_order_that_is_paid_elsewhere_shows_so_by_itself() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.choose_the_test_card("4000000000000002").await;
    shop.see_text("[data-app=checkout]", "Test card ending 0002").await;
    shop.click("[data-test=place-order]").await;
    shop.see_text("[data-app=checkout] [data-test=message]", "declined").await;
    let kept = "JSON.parse(localStorage.getItem('menagerie/personal/checkout/1')).unpaid";
    let key: String = shop.eval(&format!("return {kept}")).await;
    shop.visit(&format!("/#/checkout/confirmation/{key}")).await;
    shop.see_text("[data-test=order-status]", "Waiting for payment").await;
    // In a browser that knows nothing of it, the way to its payment is as short.
    shop.eval::<()>("localStorage.removeItem('menagerie/personal/checkout/1')").await;
    shop.reload().await;
    shop.see("[data-test=pay-now]").await;
    shop.eval::<()>(
        "window.ways = []; \
         navigation.addEventListener('navigate', (event) => ways.push(new URL(event.destination.url).hash))",
    )
    .await;
    shop.click("[data-test=pay-now]").await;
    shop.see("[data-test=pay]").await;
    let ways = shop.eval::<Vec<String>>("return ways").await;
    assert!(ways.iter().all(|way| way != "#/checkout/address"), "{ways:?}");
    shop.visit(&format!("/#/checkout/confirmation/{key}")).await;
    shop.see_text("[data-test=order-status]", "Waiting for payment").await;
    shop.eval::<()>(&format!(
        "fetch('/api/v1/orders/{key}/payment', {{ method: 'POST', body: JSON.stringify({{ card_number: '4242424242424242' }}), \
         headers: {{ 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }} }})"
    ))
    .await;
    shop.see_text("[data-test=order-status]", "Paid").await;
}

#[tokio::test]
async fn a_double_click_on_the_button_is_one_order() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.go_to_payment().await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/review").await;
    shop.see("[data-test=place-order]").await;
    shop.eval::<()>(
        "const b = document.querySelector('[data-test=place-order]'); b.click(); b.click(); b.click()",
    )
    .await;
    let first = shop.see_confirmation().await;
    // The next order has the next number: there was none in between.
    shop.take_a_dog_bed().await;
    shop.go_to_payment().await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.click("[data-test=place-order]").await;
    shop.until("another order", &format!("document.querySelector('[data-test=order-number]')?.innerText && document.querySelector('[data-test=order-number]').innerText !== '{first}'")).await;
    let second = shop.see_confirmation().await;
    let digits = |number: &str| number.trim_start_matches("M-").parse::<i64>().unwrap();
    assert_eq!(digits(&second), digits(&first) + 1);
}

#[tokio::test]
async fn what_the_shop_says_about_the_cart_is_read_before_the_checkout() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    let id: i64 = shop.eval(&format!("return {KEPT}.cart.lines[0].variant_id")).await;
    let stock = format!("stock/{id}");
    let known = shop.server.operator(&stock, None).await["stock"].clone();
    shop.server.operator(&stock, Some(json!({ "expected": known, "stock": 2 }))).await;
    // Before the pause after which a change is sent by itself.
    shop.eval::<()>(
        "const field = document.querySelector('[data-app=cart] [data-test=quantity]'); field.value = '3'; \
         field.dispatchEvent(new Event('change')); document.querySelector('[data-test=checkout]').click()",
    )
    .await;
    let focus = format!("document.activeElement?.id === 'cart-notes-{id}'");
    shop.until("the focus should be on what the shop says", &focus).await;
    shop.until_hash("#/cart").await;
    shop.click("[data-test=checkout]").await;
    shop.until_hash("#/checkout/address").await;
}

#[tokio::test]
async fn a_country_that_is_delivered_to_no_more_is_asked_for_again() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.click("[data-test=checkout]").await;
    shop.give_address(&Address::default()).await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.eval::<()>(
        "const key = 'menagerie/personal/checkout/1'; const draft = JSON.parse(localStorage.getItem(key)); \
         draft.address.country = 'AQ'; localStorage.setItem(key, JSON.stringify(draft))",
    )
    .await;
    shop.visit("/#/checkout/delivery").await;
    shop.until_hash("#/checkout/address").await;
    shop.see_text("#checkout-country-error", "Choose a country.").await;
    shop.fill("#checkout-country", "Germany").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/delivery").await;
    shop.see("[data-test=delivery]").await;
}

#[tokio::test]
async fn what_another_tab_has_ordered_cannot_be_ordered_again() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.go_to_payment().await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.see("[data-test=place-order]").await;
    let (old, _) = shop.new_tab().await;
    shop.visit("/#/checkout/review").await;
    shop.click("[data-test=place-order]").await;
    shop.see_confirmation().await;
    shop.show_tab(&old).await;
    shop.click("[data-test=place-order]").await;
    shop.see("[data-app=checkout] [data-test=empty]").await;
}

#[tokio::test]
async fn an_address_with_mistakes_is_told_field_by_field() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.click("[data-test=checkout]").await;
    shop.until_hash("#/checkout/address").await;
    shop.fill("#checkout-email", "not an address").await;
    shop.click("[data-test=continue]").await;
    shop.see("[data-test=error-summary] li").await;
    shop.see("#checkout-email[aria-invalid=true]").await;
    let focus: String = shop.eval("return document.activeElement.id").await;
    assert_eq!(focus, "checkout-summary");
    shop.give_address(&Address::default()).await;
}

#[tokio::test]
async fn without_a_connection_the_shop_says_so_and_goes_on_when_it_is_back() {
    let shop = Shop::open().await;
    shop.take_a_dog_bed().await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.until_loaded().await;
    shop.set_offline(true).await;
    shop.click("[data-test=add-to-cart]").await;
    // The change waits in the browser, and the shopper is told.
    shop.see_text("[data-test=toasts] [data-level=warning]", "are sent when the connection is back").await;
    shop.until_badge(2).await;
    shop.set_offline(false).await;
    // It is sent without anybody opening the cart.
    let at_server = "const asked = new XMLHttpRequest(); asked.open('GET', '/api/v1/cart', false); asked.send(); \
        JSON.parse(asked.responseText).pieces";
    shop.until(
        "the server has both",
        &format!("(() => {{ {} === 2 }})()", at_server.replace("JSON", "return JSON")),
    )
    .await;
    shop.until_badge(2).await;
    shop.open_cart().await;
    shop.see_text("[data-app=cart] [data-test=line]", "Cloud Nine Dog Bed").await;
}
