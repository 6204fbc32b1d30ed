//! The words of a shopper. What the page calls things stands here and nowhere else.

use crate::{Browser, Key, Server, browser::quoted, server};
use serde_json::json;
use std::ops::Deref;

/// A published shop, and somebody with a browser in it.
pub struct Shop {
    /// The server.
    pub server: Server,
    /// The browser.
    pub browser: Browser,
}

/// Where a parcel goes.
#[derive(Clone, Debug)]
pub struct Address {
    /// Where to write to.
    pub email: &'static str,
    /// Who receives it.
    pub name: &'static str,
    /// Street and number.
    pub street: &'static str,
    /// Postal code.
    pub postcode: &'static str,
    /// Town.
    pub city: &'static str,
}

impl Default for Address {
    fn default() -> Self {
        Self {
            email: "ada@example.org",
            name: "Ada Lovelace",
            street: "St James's Square 12",
            postcode: "10115",
            city: "Berlin",
        }
    }
}

impl Deref for Shop {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Shop {
    /// All of it, and a browser.
    pub async fn open() -> Self {
        Self::with(server::shop(), &[]).await
    }

    /// The shell alone.
    pub async fn empty() -> Self {
        Self::empty_with(&[]).await
    }

    /// The same with flags for the server.
    pub async fn empty_with(flags: &[&str]) -> Self {
        Self::with(vec!["shell".to_owned()], flags).await
    }

    /// The shell, and the microapp that misbehaves when it is told to.
    pub async fn specimen() -> Self {
        Self::specimen_with(&[]).await
    }

    /// The same with flags for the server.
    pub async fn specimen_with(flags: &[&str]) -> Self {
        Self::with(vec!["shell".to_owned(), "tests/fixtures/specimen".to_owned()], flags).await
    }

    async fn with(folders: Vec<String>, flags: &[&str]) -> Self {
        let (server, browser) = tokio::join!(Server::holding_with(&folders, flags), Browser::start());
        Self { server, browser }
    }

    /// Opens a path of the shop as a page of its own: `/#/cart`, `/?productId=2#product`.
    pub async fn visit(&self, path: &str) {
        // The same document with another hash would not be loaded again.
        self.browser.open("about:blank").await;
        self.browser.open(&format!("{}{path}", self.server.origin())).await;
    }

    /// Follows the shell's router to a path.
    pub async fn follow(&self, path: &str) {
        let script = "const a = document.createElement('a'); a.href = '#' + arguments[0]; document.body.append(a); a.click(); a.remove()";
        self.browser.eval_with::<()>(script, vec![path.into()]).await;
    }

    /// Waits until an app is mounted and says its heading.
    pub async fn at(&self, app: &str) {
        self.until_state(app, "MOUNTED").await;
        self.see(&format!("[data-app={app}] h1")).await;
    }

    /// Waits until the address bar says this hash.
    pub async fn until_hash(&self, hash: &str) {
        self.until(&format!("the address should be {hash}"), &format!("location.hash === {}", quoted(hash)))
            .await;
    }

    /// Waits until no skeleton shows.
    pub async fn until_loaded(&self) {
        self.until(
            "skeletons should give way",
            "![...document.querySelectorAll('.skeleton, main[aria-busy=true], [data-app] [aria-busy=true]')].some((e) => e.checkVisibility())",
        )
        .await;
    }

    /// The page has been drawn and has nothing more to do.
    pub async fn until_idle(&self) {
        self.until_loaded().await;
        self.eval::<bool>(
            "return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(
               () => requestIdleCallback(() => resolve(true)))))",
        )
        .await;
    }

    /// How many pieces the badge in the header says.
    pub async fn until_badge(&self, pieces: u32) {
        let badge = "document.querySelector('[data-test=cart-badge]')?.textContent.trim()";
        self.until(&format!("the badge should say {pieces}"), &format!("{badge} === '{pieces}'")).await;
    }

    /// The slot says what failed with this number, and the rest of the page goes on.
    pub async fn see_failure(&self, app: &str, code: &str) {
        let problem = format!("[data-test=slot-failed][data-failed={app}] [data-test=problem]");
        self.see_text(&problem, &format!("{code} {app}@")).await;
        self.see("header [data-test=brand]").await;
        self.see("footer nav a").await;
        assert!(!self.shows(&format!("#slot [data-app={app}]")).await, "what failed is still in the slot");
    }

    /// Types into the front page's search field.
    pub async fn search(&self, words: &str) {
        self.fill("[data-test=search]", words).await;
        self.key(Key::Enter).await; // suggestions would lie over the products
        let hash = format!("#/?q={}", contract::route::encode(words));
        self.until_hash(&hash).await;
        self.until_loaded().await;
    }

    /// Opens a product from the list.
    pub async fn open_product(&self, title: &str) {
        self.click_text("[data-test=product-card] a", title).await;
        self.see_text("[data-app=product] h1", title).await;
    }

    /// Puts what is on the product's page into the cart.
    pub async fn add_to_cart(&self) {
        self.click("[data-test=add-to-cart]").await;
        self.see("[data-test=toasts] [data-level=success]").await;
    }

    /// Searches for a dog bed, opens it and puts it into the cart.
    pub async fn take_a_dog_bed(&self) {
        self.visit("/").await;
        self.at("home").await;
        self.search("dog bed").await;
        self.open_product("Cloud Nine Dog Bed").await;
        self.add_to_cart().await;
        self.until_badge(1).await;
    }

    /// Opens the cart by the header.
    pub async fn open_cart(&self) {
        self.click("[data-test=cart-link]").await;
        self.at("cart").await;
        self.until_loaded().await;
    }

    /// Fills in the address step and goes on.
    pub async fn give_address(&self, address: &Address) {
        self.until_hash("#/checkout/address").await;
        self.see("#checkout-email").await;
        for (field, value) in [
            ("email", address.email),
            ("name", address.name),
            ("street", address.street),
            ("postcode", address.postcode),
            ("city", address.city),
        ] {
            self.fill(&format!("#checkout-{field}"), value).await;
        }
        self.fill("#checkout-country", "Germany").await;
        self.click("[data-test=continue]").await;
        self.until_hash("#/checkout/delivery").await;
    }

    /// From the cart to the step where it is chosen how to pay.
    pub async fn go_to_payment(&self) {
        self.open_cart().await;
        self.click("[data-test=checkout]").await;
        self.give_address(&Address::default()).await;
        self.see("[data-test=delivery]").await;
        self.click("[data-test=continue]").await;
        self.until_hash("#/checkout/payment").await;
    }

    /// From the cart to the review, with a test card.
    pub async fn choose_the_test_card(&self, number: &str) {
        self.go_to_payment().await;
        self.click_text("[data-test=payment]", "Test").await;
        self.fill("[data-test=card]", number).await;
        self.click("[data-test=continue]").await;
        self.until_hash("#/checkout/review").await;
    }

    /// The order's confirmation says its number.
    pub async fn see_confirmation(&self) -> String {
        self.until("the order should be confirmed", "location.hash.startsWith('#/checkout/confirmation/')")
            .await;
        let number = self.text("[data-test=order-number]").await;
        assert!(number.starts_with("M-"), "{number}");
        number
    }

    /// Opens the account menu.
    pub async fn open_account_menu(&self) {
        self.click("[data-test=account-button]").await;
        self.see("[data-test=account-menu]").await;
    }

    /// Signs up, and is greeted.
    pub async fn sign_up(&self, name: &str, email: &str, password: &str) {
        self.open_account_menu().await;
        self.click("[data-test=sign-in]").await;
        self.click("[data-test=sign-in-switch]").await;
        self.fill("[data-test=sign-in-name]", name).await;
        self.fill("[data-test=sign-in-email]", email).await;
        self.fill("[data-test=sign-in-password]", password).await;
        self.click("[data-test=sign-in-submit]").await;
        self.see_text("[data-test=toasts]", &format!("Hello, {name}")).await;
    }

    /// Signs in.
    pub async fn sign_in(&self, email: &str, password: &str) {
        self.open_account_menu().await;
        self.click("[data-test=sign-in]").await;
        self.fill("[data-test=sign-in-email]", email).await;
        self.fill("[data-test=sign-in-password]", password).await;
        self.click("[data-test=sign-in-submit]").await;
    }

    /// Asks the shop's API from the page, with its cookies; the status of the answer.
    pub async fn ask(&self, method: &str, path: &str) -> u16 {
        let script = "return (await fetch('/api/v1' + arguments[1], { method: arguments[0] })).status";
        let status: u16 = self.browser.eval_with(script, vec![method.into(), path.into()]).await;
        assert!(status < 500, "{method} {path}: {status}");
        status
    }

    /// So many others buy a product and review it, with four and five stars in turn; nobody is signed in afterwards.
    pub async fn have_reviewed(&self, product: u32, buyers: u32) {
        let script = "const [id, buyers, token] = arguments;
            const ask = async (method, path, body, headers = {}) => {
                const answer = await fetch('/api/v1' + path, { method, headers: { 'Content-Type': 'application/json', ...headers },
                    body: body && JSON.stringify(body) });
                if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
                return answer.status === 204 ? null : answer.json();
            };
            const product = await ask('GET', `/catalogue/products/${id}`);
            const variant_id = product.variants.toSorted((a, b) => b.stock - a.stock)[0].id;
            const { deliveries } = await ask('GET', '/checkout/options?country=DE');
            const address = { name: 'A', street: 'Lane 1', extra: '', postcode: '10115', city: 'Berlin', country: 'DE' };
            for (let n = 0; n < buyers; n++) {
                const email = `buyer-${n}@example.org`;
                await ask('POST', '/accounts', { name: `Buyer${n} Miller`, email, password: 'correct horse' });
                await ask('POST', '/cart/items', { variant_id, quantity: 1 });
                const delivery = deliveries[0].id;
                const { total } = await ask('POST', '/checkout/quote', { delivery, country: 'DE' });
                const order = { email, address, delivery, payment: 'on_delivery', expected_total: total.amount };
                const { number } = await ask('POST', '/orders', order, { 'Idempotency-Key': `review-${n}` });
                await ask('PUT', `/operator/orders/${number}/status`, { status: 'shipped' }, { Authorization: `Bearer ${token}` });
                await ask('PUT', `/catalogue/products/${id}/reviews/mine`, { stars: 4 + n % 2, text: `My dog slept on it at once. Number ${n}.` });
            }
            await ask('DELETE', '/session');
            return true";
        assert!(
            self.browser
                .eval_with::<bool>(script, vec![product.into(), buyers.into(), server::TOKEN.into()])
                .await
        );
    }

    /// Writes an address into the account's form, which is open, and keeps it.
    pub async fn save_address(&self, street: &str) {
        for (field, value) in
            [("name", "Ada Lovelace"), ("street", street), ("postcode", "10115"), ("city", "Berlin")]
        {
            self.fill(&format!("#address-{field}"), value).await;
        }
        self.fill("#address-country", "Germany").await;
        self.click("[data-test=address-save]").await;
        self.see_text("[data-test=address]", street).await;
    }

    /// Orders what is in the cart, paid on delivery.
    pub async fn order_on_delivery(&self) -> String {
        self.go_to_payment().await;
        self.click_text("[data-test=payment]", "on delivery").await;
        self.click("[data-test=continue]").await;
        self.click("[data-test=place-order]").await;
        self.see_confirmation().await
    }

    /// An operator sends an order off.
    pub async fn is_sent(&self, number: &str) {
        let sent = json!({ "status": "shipped" });
        self.server.operator(&format!("orders/{number}/status"), Some(sent)).await;
    }

    /// Signs out.
    pub async fn sign_out(&self) {
        self.open_account_menu().await;
        self.click("[data-test=sign-out]").await;
        self.see_text("[data-test=toasts]", "You are signed out").await;
    }
}
