//! Reviews as buyers write and others read them, and what was looked at before.

use tests::{Fault, Hostile, Key, Shop};

/// A catalogue that has no others.
const THE_FIRST_TWO: &str = "\
Handle,Title,Body (HTML),Vendor,Type,Tags,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price
cloud-nine-dog-bed,Cloud Nine Dog Bed,,,Dog Beds,,A,shopify,5,10
treetop-cat-tree,Treetop Cat Tree,,,Cat Trees,,B,shopify,5,10
";

const EMAIL: &str = "ada@example.org";

async fn has_focus(shop: &Shop, id: &str) {
    shop.until(&format!("{id} should have the focus"), &format!("document.activeElement?.id === '{id}'"))
        .await;
}

/// What an element says, also to those who do not see it.
async fn says(shop: &Shop, css: &str, text: &str) {
    let said =
        format!("[...document.querySelectorAll('{css}')].some((e) => e.textContent.includes('{text}'))");
    shop.until(&format!("{css} should say {text}"), &said).await;
}

async fn rating_is(shop: &Shop, text: &str) {
    says(shop, "[data-test=rating]", text).await;
}

#[tokio::test]
async fn a_buyer_writes_changes_and_deletes_a_review_by_keyboard() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1").await;
    shop.see("[data-test=reviews-empty]").await;
    rating_is(&shop, "No reviews yet").await;

    // Signed out: the shell's dialog. Closed again, nothing happens.
    shop.click("[data-test=review-write]").await;
    shop.see("[data-test=sign-in-email]").await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=sign-in-email]").await;
    assert!(!shop.shows("[data-test=review-form]").await);

    // Signed in, but nothing bought: told so, by who tries.
    shop.click("[data-test=review-write]").await;
    shop.click("[data-test=sign-in-switch]").await;
    shop.fill("[data-test=sign-in-name]", "Ada Lovelace").await;
    shop.fill("[data-test=sign-in-email]", EMAIL).await;
    shop.fill("[data-test=sign-in-password]", "correct horse").await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.see_text("[data-test=review-refused]", "E443").await;
    has_focus(&shop, "review-refused").await;

    shop.take_a_dog_bed().await;
    let number = shop.order_on_delivery().await;
    shop.is_sent(&number).await;
    shop.follow("/product/1").await;
    shop.click("[data-test=review-write]").await;
    has_focus(&shop, "review-star-1").await;
    // Without stars nothing is sent.
    shop.click("[data-test=review-send]").await;
    shop.see_text("#review-stars-error", "Choose 1 to 5 stars").await;
    has_focus(&shop, "review-star-1").await;
    for _ in 0..3 {
        shop.key(Key::Right).await;
    }
    has_focus(&shop, "review-star-4").await;
    shop.see_text("[data-test=review-form]", "4 of 5 stars").await;
    shop.gone("#review-stars-error").await;
    shop.fill("[data-test=review-text]", "<b>Soft</b> & warm").await;
    shop.see_text("#review-count", "18 of 2000 characters").await;
    shop.click("[data-test=review-send]").await;
    shop.see_text("[data-test=toasts]", "your review is saved").await;
    has_focus(&shop, "review-write").await;
    says(&shop, "[data-test=review]", "4 of 5 starsAdaYours").await;
    shop.see_text("[data-test=review]", "<b>Soft</b> & warm").await;
    rating_is(&shop, "4.0 of 5 stars, 1 review").await;

    // Changed: what was written is there.
    shop.click("[data-test=review-write]").await;
    shop.until("four stars are chosen", "document.querySelector('#review-star-4').checked").await;
    shop.fill("[data-test=review-text]", "Even better after a week").await;
    shop.eval::<()>("document.querySelector('#review-star-5').click()").await;
    shop.click("[data-test=review-send]").await;
    shop.see_text("[data-test=review]", "Even better after a week").await;
    rating_is(&shop, "5.0 of 5 stars, 1 review").await;
    let reviews = "return document.querySelectorAll('[data-test=review]').length";
    assert_eq!(shop.eval::<usize>(reviews).await, 1);

    // Others see it, without the rest of the name; the list of the shop has its stars.
    shop.reload().await;
    rating_is(&shop, "5.0 of 5 stars, 1 review").await;

    shop.click("[data-test=review-delete]").await;
    has_focus(&shop, "review-question").await;
    shop.click("[data-test=review-keep]").await;
    has_focus(&shop, "review-write").await;
    shop.click("[data-test=review-delete]").await;
    shop.click("[data-test=review-delete-confirm]").await;
    shop.see("[data-test=reviews-empty]").await;
    has_focus(&shop, "review-write").await;
    rating_is(&shop, "No reviews yet").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_was_typed_is_not_lost() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.take_a_dog_bed().await;
    let number = shop.order_on_delivery().await;
    shop.is_sent(&number).await;
    shop.follow("/product/1").await;
    shop.click("[data-test=review-write]").await;
    shop.eval::<()>("document.querySelector('#review-star-3').click()").await;
    shop.fill("[data-test=review-text]", "So so").await;

    // The session ended behind the page's back: told so, and what is typed stays until it can be sent.
    assert_eq!(shop.ask("DELETE", "/session").await, 200);
    shop.click("[data-test=review-send]").await;
    shop.see_text("[data-test=review-form]", "E413").await;
    let again = "return (await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: arguments[0], password: 'correct horse' }) })).status";
    assert_eq!(shop.eval_with::<u16>(again, vec![EMAIL.into()]).await, 200);
    shop.click("[data-test=review-send]").await;
    shop.see_text("[data-test=review]", "So so").await;

    // Too long is said at the field and nothing of it is cut off.
    shop.click("[data-test=review-write]").await;
    let paste = "const area = document.querySelector('#review-text'); area.value = 'ä'.repeat(2001);
        area.dispatchEvent(new Event('input', { bubbles: true }))";
    shop.eval::<()>(paste).await;
    shop.see_text("#review-text-error", "At most 2,000 characters").await;
    shop.click("[data-test=review-send]").await;
    has_focus(&shop, "review-text").await;
    shop.click("[data-test=review-cancel]").await;
    shop.see_text("[data-test=review]", "So so").await;

    // While it is being saved it stays as it is: what else was typed would go with the form.
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/#/product/1", hostile.origin())).await;
    shop.click("[data-test=review-write]").await;
    shop.fill("[data-test=review-text]", "Soft").await;
    hostile.damage("/reviews/mine", Fault::Held);
    shop.click("[data-test=review-send]").await;
    shop.see("[data-test=review-text][readonly]").await;
    shop.fill("[data-test=review-text]", "and warm").await;
    shop.eval::<()>("document.querySelector('#review-star-1').click()").await;
    shop.until("three stars stay chosen", "document.querySelector('#review-star-3').checked").await;
    let typed = "return document.querySelector('#review-text').value";
    assert_eq!(shop.eval::<String>(typed).await, "Soft");
    hostile.heal();
    shop.see_text("[data-test=review]", "Soft").await;
    says(&shop, "[data-test=review]", "3 of 5 stars").await;
}

#[tokio::test]
async fn whose_session_ended_elsewhere_is_asked_to_sign_in() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    for (wanted, then) in [
        ("[data-test=wish]", "[data-test=wish][aria-pressed=true]"),
        ("[data-test=review-write]", "[data-test=review-refused]"),
    ] {
        // The page knows nothing of it.
        assert_eq!(shop.ask("DELETE", "/session").await, 200);
        shop.click(wanted).await;
        shop.fill("[data-test=sign-in-email]", EMAIL).await;
        shop.fill("[data-test=sign-in-password]", "correct horse").await;
        shop.click("[data-test=sign-in-submit]").await;
        // With the person the page went.
        shop.until("Ada should be signed in", "!document.getElementById('account-dot').hidden").await;
        shop.gone("[data-test=sign-in-submit]").await;
        shop.click(wanted).await;
        shop.see(then).await;
    }
}

#[tokio::test]
async fn more_reviews_are_shown_ten_at_a_time() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.have_reviewed(1, 12).await;
    shop.follow("/product/1").await;
    let listed = |count: usize| format!("document.querySelectorAll('[data-test=review]').length === {count}");
    shop.until("ten are listed", &listed(10)).await;
    rating_is(&shop, "4.5 of 5 stars, 12 reviews").await;
    says(&shop, "[data-test=reviews]", "5 stars: 6").await;
    shop.click("[data-test=reviews-more]").await;
    shop.until("all are listed", &listed(12)).await;
    let eleventh = "document.activeElement === document.querySelectorAll('[data-test=review]')[10]";
    shop.until("the first new one should have the focus", eleventh).await;
    shop.gone("[data-test=reviews-more]").await;
    shop.click("[data-test=rating] a").await;
    has_focus(&shop, "product-reviews").await;
    shop.until_hash("#/product/1").await;
    // The list of the shop knows, too.
    shop.follow("/?q=cloud%20nine").await;
    shop.see_text("[data-test=product-card]", "4.5").await;
    shop.assert_no_complaints().await;
}

/// What the strip shows, by number.
async fn recent(shop: &Shop) -> Vec<String> {
    shop.eval("return [...document.querySelectorAll('[data-test=recent-product]')].filter((e) => e.checkVisibility()).map((e) => e.hash)").await
}

async fn recent_is(shop: &Shop, products: &[u32]) {
    let expected: Vec<String> = products.iter().map(|id| format!("#/product/{id}")).collect();
    let now = "JSON.stringify([...document.querySelectorAll('[data-test=recent-product]')].filter((e) => e.checkVisibility()).map((e) => e.hash))";
    let wanted = serde_json::to_string(&expected).expect("texts");
    shop.until(&format!("{wanted} should be in the strip"), &format!("{now} === '{wanted}'")).await;
}

#[tokio::test]
async fn what_was_looked_at_comes_back_until_somebody_signs_out() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    assert!(recent(&shop).await.is_empty());
    for product in [2, 3] {
        shop.follow(&format!("/product/{product}")).await;
        shop.until_loaded().await;
    }
    recent_is(&shop, &[2, 1]).await;
    shop.reload().await;
    recent_is(&shop, &[2, 1]).await;
    shop.click("[data-test=recent-product]").await;
    shop.until_hash("#/product/2").await;
    recent_is(&shop, &[3, 1]).await;

    // What left the shop is not shown.
    let (status, _) = shop.server.import_catalogue(THE_FIRST_TWO.into()).await;
    assert_eq!(status, 200);
    shop.reload().await;
    recent_is(&shop, &[1]).await;

    // Signed out in another tab: gone in this one, and from the browser.
    let (old, _) = shop.new_tab().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_out().await;
    shop.show_tab(&old).await;
    recent_is(&shop, &[]).await;
    shop.reload().await;
    shop.until_loaded().await;
    recent_is(&shop, &[]).await;
}
