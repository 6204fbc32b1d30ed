//! The pages of the shop and their states, as somebody reaches them. Each is looked at by axe, measured
//! at its narrowest, and kept as a picture.

use crate::{Address, Key, Shop};

/// Every state, in an order in which one leads to the next. The first ones belong to a shopper without anything.
pub const STATES: [&str; 48] = [
    "home",
    "home-search",
    "home-suggestions",
    "home-filters",
    "home-nothing-found",
    "home-last-page",
    "account-menu",
    "sign-in",
    "sign-up-refused",
    "cart-empty",
    "checkout-empty",
    "product",
    "product-sold-out",
    "product-unknown",
    "product-added",
    "cart",
    "cart-coupon-refused",
    "checkout-address",
    "checkout-address-refused",
    "checkout-delivery",
    "checkout-payment",
    "checkout-review",
    "checkout-declined",
    "confirmation",
    "contact",
    "contact-refused",
    "account-signed-out",
    "account-forgotten",
    "account-forgotten-refused",
    "account-forgotten-sent",
    "account-reset",
    "account",
    "account-menu-signed-in",
    "account-orders-empty",
    "account-addresses-empty",
    "account-address-refused",
    "account-addresses",
    "account-wishlist-empty",
    "account-wishlist",
    "product-review-refused",
    "account-orders",
    "product-review-form",
    "product-reviewed",
    "account-security",
    "account-passkey-refused",
    "account-deletion",
    "not-found",
    "failed",
];

impl Shop {
    /// Goes on from the state before to this one.
    pub async fn reach(&self, state: &str) {
        match state {
            "home" => {
                self.visit("/").await;
                self.at("home").await;
            }
            "home-search" => {
                self.follow("/?q=bed&sort=price-desc").await;
                self.until_hash("#/?q=bed&sort=price-desc").await;
                self.see("[data-test=product-card]").await;
            }
            "home-suggestions" => {
                self.fill("[data-test=search]", "dog be").await;
                self.see("[data-test=home-suggestions] [role=option]").await;
                self.key(Key::Down).await;
                self.see("[data-test=home-suggestions] [aria-selected=true]").await;
            }
            "home-filters" => {
                self.follow("/?colour=Navy&size=M&stock=1").await;
                self.until_hash("#/?colour=Navy&size=M&stock=1").await;
                for facet in ["facet-colour", "facet-size", "facet-price"] {
                    self.click(&format!("[data-test={facet}]:not([open]) summary")).await;
                }
                self.see("[data-test=facet-size] input").await;
            }
            "home-nothing-found" => {
                self.follow("/?q=dinosaur").await;
                self.see("[data-app=home] [data-test=empty]").await;
            }
            "home-last-page" => {
                self.follow("/?page=3").await;
                self.see("[data-test=product-card]").await;
            }
            "account-menu" => {
                self.visit("/").await;
                self.at("home").await;
                self.open_account_menu().await;
            }
            "sign-in" => {
                self.click("[data-test=sign-in]").await;
                self.see("[data-test=sign-in-dialog] form").await;
            }
            "sign-up-refused" => {
                self.click("[data-test=sign-in-switch]").await;
                self.fill("[data-test=sign-in-email]", "nobody").await;
                self.fill("[data-test=sign-in-password]", "short").await;
                self.click("[data-test=sign-in-submit]").await;
                self.see("[data-test=sign-in-dialog] [aria-invalid=true]").await;
            }
            "cart-empty" => {
                self.visit("/#/cart").await;
                self.at("cart").await;
                self.see("[data-app=cart] [data-test=empty]").await;
            }
            "checkout-empty" => {
                self.follow("/checkout").await;
                self.see("[data-app=checkout] [data-test=empty]").await;
            }
            "product" => {
                self.follow("/product/1").await;
                self.see_text("[data-app=product] h1", "Cloud Nine Dog Bed").await;
            }
            "product-sold-out" => {
                self.visit("/#/product/1?Colour=Charcoal&Size=S").await;
                self.see_text("[data-test=stock]", "old out").await;
            }
            "product-unknown" => {
                self.visit("/#/product/99999").await;
                self.see("[data-app=product] [data-test=home-link]").await;
            }
            "product-added" => {
                self.visit("/#/product/1").await;
                self.at("product").await;
                self.add_to_cart().await;
            }
            "cart" => self.open_cart().await,
            "cart-coupon-refused" => {
                self.fill("[data-test=coupon]", "NOTHING").await;
                self.click("[data-test=coupon-apply]").await;
                self.see_text("[data-app=cart]", "There is no such coupon").await;
            }
            "checkout-address" => {
                self.visit("/#/checkout").await;
                self.until_hash("#/checkout/address").await;
                self.see("#checkout-email").await;
            }
            "checkout-address-refused" => {
                self.click("[data-test=continue]").await;
                self.see("[data-test=error-summary] li").await;
            }
            "checkout-delivery" => {
                self.give_address(&Address::default()).await;
                let priced =
                    "document.querySelector('[data-app=checkout] .totals')?.textContent.includes('free')";
                self.until("the delivery should have its price", priced).await;
            }
            "checkout-payment" => {
                self.see("[data-test=delivery]").await;
                self.click("[data-test=continue]").await;
                self.until_hash("#/checkout/payment").await;
                self.click_text("[data-test=payment]", "Test").await;
                self.fill("[data-test=card]", "4000000000000002").await;
            }
            "checkout-review" => {
                self.click("[data-test=continue]").await;
                self.until_hash("#/checkout/review").await;
                self.see("[data-test=place-order]").await;
            }
            "checkout-declined" => {
                self.click("[data-test=place-order]").await;
                self.see_text("[data-app=checkout] [data-test=message]", "declined").await;
            }
            "confirmation" => {
                self.fill("[data-test=card]", "4242424242424242").await;
                self.click("[data-test=pay]").await;
                self.see_confirmation().await;
            }
            "contact" => {
                self.visit("/#/contact").await;
                self.at("contact").await;
            }
            "contact-refused" => {
                self.click("[data-test=send]").await;
                self.see("[data-app=contact] [aria-invalid=true]").await;
            }
            "account-signed-out" => {
                self.visit("/#/account").await;
                self.see("[data-app=account] [data-test=signed-out]").await;
            }
            "account-forgotten" => {
                self.follow("/account/forgotten").await;
                self.see("#forgotten-email").await;
            }
            "account-forgotten-refused" => {
                self.fill("#forgotten-email", "nobody").await;
                self.click("[data-test=forgotten-send]").await;
                self.see("[data-app=account] [aria-invalid=true]").await;
            }
            "account-forgotten-sent" => {
                self.fill("#forgotten-email", "nobody@example.org").await;
                self.click("[data-test=forgotten-send]").await;
                self.see("[data-test=forgotten-sent]").await;
            }
            "account-reset" => {
                self.visit("/#/account/reset?token=worn-out").await;
                self.fill("#reset-password", "battery staple").await;
                self.click("[data-test=reset-send]").await;
                self.see_text("#reset-trouble", "E440").await;
            }
            "account" => {
                self.visit("/#/account").await;
                self.at("account").await;
                self.sign_up("Ada Lovelace", "ada@example.org", "correct horse").await;
                self.see("[data-app=account] .tile").await;
            }
            "account-menu-signed-in" => {
                self.open_account_menu().await;
                self.see("[data-test=account-link]").await;
            }
            "account-orders-empty" => {
                self.visit("/#/account/orders").await;
                self.see("[data-app=account] [data-test=empty]").await;
            }
            "account-addresses-empty" => {
                self.follow("/account/addresses").await;
                self.see("[data-test=address-add]").await;
            }
            "account-address-refused" => {
                self.click("[data-test=address-add]").await;
                self.click("[data-test=address-save]").await;
                self.see("[data-app=account] [aria-invalid=true]").await;
            }
            "account-addresses" => self.save_address("St James's Square 12").await,
            "account-wishlist-empty" => {
                self.follow("/account/wishlist").await;
                self.see("[data-app=account] [data-test=empty]").await;
            }
            "account-wishlist" => {
                self.ask("PUT", "/account/wishlist/1").await;
                self.ask("PUT", "/account/wishlist/2").await;
                self.visit("/#/account/wishlist").await;
                self.see("[data-test=wish]").await;
            }
            "account-orders" => {
                self.take_a_dog_bed().await;
                let number = self.order_on_delivery().await;
                self.follow("/account/orders").await;
                self.see("[data-test=order]").await;
                // Whoever is to review it has it.
                self.is_sent(&number).await;
            }
            "product-review-refused" => {
                self.visit("/#/product/1").await;
                self.click("[data-test=review-write]").await;
                self.see("[data-test=review-refused]").await;
            }
            "product-review-form" => {
                self.follow("/product/1").await;
                self.click("[data-test=review-write]").await;
                self.click("[data-test=review-send]").await;
                self.see("[data-test=review-form] [aria-invalid=true]").await;
            }
            "product-reviewed" => {
                self.eval::<()>("document.querySelector('#review-star-4').click()").await;
                self.fill("[data-test=review-text]", "Soft, warm and large.").await;
                self.click("[data-test=review-send]").await;
                self.see("[data-test=review]").await;
                // On a screen of 320 by 256 the toast that thanks lies over what comes next.
                self.eval::<()>(
                    "document.querySelectorAll('.toast .shut').forEach((button) => button.click())",
                )
                .await;
                self.until("the toast is gone", "!document.querySelector('.toast')").await;
                self.click("[data-test=review-delete]").await;
                self.see("[data-test=review-keep]").await;
            }
            "account-security" => {
                self.follow("/account/security").await;
                self.see("[data-test=session]").await;
            }
            "account-passkey-refused" => {
                self.click("[data-test=passkey-add]").await;
                self.click("[data-test=passkey-make]").await;
                self.see("#passkey-password[aria-invalid=true]").await;
            }
            "account-deletion" => {
                self.follow("/account/data").await;
                self.click("[data-test=delete]").await;
                self.click("[data-test=delete-confirm]").await;
                self.see("[data-app=account] [aria-invalid=true]").await;
                // A button half under the header counts as too small.
                self.eval::<()>("scrollTo({ top: 0, behavior: 'instant' })").await;
            }
            "not-found" => {
                self.visit("/#/nowhere/at-all").await;
                self.see("[data-test=not-found]").await;
            }
            "failed" => {
                self.visit("/#/broken").await;
                self.see_failure("broken", "E206").await;
            }
            other => panic!("{other} is no state of the shop"),
        }
        self.until_loaded().await;
        self.until_pictures().await;
    }

    /// The shop with one more app, which never mounts.
    pub async fn with_a_broken_app() -> Self {
        let shop = Self::open().await;
        let broken = crate::Plain::new("broken").mount("throw new Error('it always fails');");
        shop.server.publish(&broken.release()).await;
        shop
    }
}
