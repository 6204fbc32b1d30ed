//! The words of an operator in the console.

use crate::{Browser, Key, Plain, Screen, Server, Shop, Theme, axe, server};
use contract::rollout;
use serde_json::{Value, json};
use std::{net::Ipv4Addr, time::Duration};

/// The browser and visitors come from here; what they say of their addresses is believed.
const PROXY: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

impl Shop {
    /// The console and the shell, with cart 1.0.0 live, and a browser.
    pub async fn console() -> Self {
        let folders = [vec!["shell".to_owned()], server::operators()].concat();
        let (server, browser) = tokio::join!(Server::holding_with(&folders, &PROXY), Browser::start());
        server.publish(&Plain::new("cart").release()).await;
        Self { server, browser }
    }

    /// Opens a path of the console as a page of its own.
    pub async fn visit_console(&self, path: &str) {
        self.browser.open("about:blank").await;
        self.browser.open(&format!("{}/console/#{path}", self.server.origin())).await;
    }

    /// Types a token into the form and sends it.
    pub async fn give_token(&self, token: &str) {
        self.fill("[data-test=token]", token).await;
        self.click("[data-test=sign-in]").await;
    }

    /// Opens the console and signs in.
    pub async fn sign_in_as_operator(&self, path: &str) {
        self.visit_console(path).await;
        self.give_token(server::TOKEN).await;
        self.see("[data-test=sign-out]").await;
        self.until_console_loaded().await;
    }

    /// Waits until no skeleton shows.
    pub async fn until_console_loaded(&self) {
        self.until(
            "skeletons should give way",
            "document.querySelector('.place h1') && ![...document.querySelectorAll('.skeleton')].some((e) => e.checkVisibility())",
        )
        .await;
    }

    /// Orders a piece of a variant as a guest would, without the pages for it; the number of the order.
    pub async fn order_by_api(&self, variant: i64, payment: &str, name: &str, email: &str) -> String {
        let script = "const [variant_id, payment, name, email] = arguments;
            const send = async (path, body) => {
              const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
              const answer = await fetch('/api/v1' + path, { method: 'POST', headers, body: JSON.stringify(body) });
              if (!answer.ok) throw new Error(path + ': ' + await answer.text());
              return answer.json();
            };
            await send('/cart/items', { variant_id, quantity: 1 });
            const { total } = await send('/checkout/quote', { delivery: 'standard', country: 'DE' });
            const address = { name, street: 'Lane 1', postcode: '10115', city: 'Berlin', country: 'DE' };
            const wish = { email, address, delivery: 'standard', payment, expected_total: total.amount };
            const order = await send('/orders', wish);
            if (payment === 'test_card') await send(`/orders/${order.key}/payment`, { card_number: '4242424242424242' });
            return order.number;";
        self.eval_with(script, vec![variant.into(), payment.into(), name.into(), email.into()]).await
    }

    /// Writes to the shop as somebody would, without the page for it; the reference.
    pub async fn write_by_api(&self, name: &str, message: &str) -> String {
        let script = "const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
            const body = { name: arguments[0], email: 'ada@example.org', topic: 'order', message: arguments[1] };
            const answer = await fetch('/api/v1/contact', { method: 'POST', headers, body: JSON.stringify(body) });
            return (await answer.json()).reference;";
        self.eval_with(script, vec![name.into(), message.into()]).await
    }

    /// Tabs until the focus is on something, and can be seen there.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..80 {
            self.key(Key::Tab).await;
            if self.eval::<bool>(&format!("return document.activeElement?.matches({css:?}) ?? false")).await {
                let outline = "return getComputedStyle(document.activeElement).outlineStyle";
                assert_ne!(self.eval::<String>(outline).await, "none", "the focus on {css} cannot be seen");
                return;
            }
        }
        panic!("Tab does not lead to {css}\n{}", self.situation().await);
    }

    /// Brings an operators' page into each of its states in turn; with none of them may anything be wrong.
    pub async fn look_through(
        page: &str,
        states: &[&str],
        reach: impl AsyncFn(&Shop, &str),
        (screen, theme): (Screen, Theme),
    ) {
        let shop = Shop::console().await;
        shop.screen(screen).await;
        shop.theme(theme).await;
        let mut found = Vec::new();
        for state in states {
            reach(&shop, state).await;
            found.extend(shop.look_at(&format!("{page}-{state}"), screen, theme).await);
        }
        assert!(found.is_empty(), "{} violations\n{}", found.len(), found.join("\n"));
    }

    /// Keeps a picture of a state, and says what is wrong with it: what is too wide, and what axe finds.
    async fn look_at(&self, state: &str, screen: Screen, theme: Theme) -> Vec<String> {
        println!("{state}");
        self.keep_screen(state, screen, theme).await;
        let wide = self.wider_than_the_screen().await;
        let mut found: Vec<_> = wide.into_iter().map(|element| format!("{state}: wide {element}")).collect();
        for axe::Violation { rule, help, why, element } in axe::violations(self).await {
            found.push(format!("{state}: {rule} ({help}) {why}\n      {element}"));
        }
        found
    }

    /// Publishes a version of cart that nobody gets yet.
    pub async fn keep_cart(&self, version: &str) {
        self.server.keep(&Plain::new("cart").version(version).release()).await;
    }

    /// Publishes one that newly uses the clipboard, and no longer the history.
    pub async fn hold_cart(&self, version: &str) {
        let release = Plain::new("cart").version(version).field("webApis", json!(["clipboard", "fetch"]));
        self.server.keep(&release.release()).await;
    }

    /// Begins to roll a version of cart out to half of the visitors.
    pub async fn roll_cart_out(&self, version: &str) {
        let wish = json!({ "version": version, "steps": [50, 75, 100], "interval_seconds": 600 });
        self.server.registry("apps/cart/rollout", Some(wish)).await;
    }

    /// Lets visitors tell of their mounts of cart; of those who draw the newest release so many see it fail.
    pub async fn report_mounts(&self, visitors: u64, failed: u64) {
        let page = self.server.get("/").await.text().await.expect("the shop's page");
        let config =
            page.split("menagerie-config\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        let config = config.expect("the page has its configuration").replace("&quot;", "\"");
        let config: Value = serde_json::from_str(&config).expect("it is JSON");
        let manifest: Value = self.server.get("/manifest.json").await.json().await.expect("the manifest");
        let apps = manifest["apps"].as_array().expect("apps");
        let cart = apps.iter().find(|app| app["name"] == "cart").expect("cart is live");
        let releases = cart["releases"].as_array().expect("releases");
        let percents: Vec<f64> = releases.iter().filter_map(|release| release["percent"].as_f64()).collect();
        let known = self.mounts_of_cart().await;
        let mut to_fail = failed;
        for n in 0..visitors {
            let visitor = format!("00000000-0000-4000-8000-{n:012}");
            let drawn = rollout::pick(&visitor, "cart", &percents);
            let fails = drawn + 1 == releases.len() && to_fail > 0;
            to_fail -= u64::from(fails);
            let kind = if fails { "failed" } else { "ok" };
            let ms = 40 + n % 5 + 12 * drawn as u64;
            let mount =
                json!({ "app": "cart", "version": releases[drawn]["version"], "kind": kind, "ms": ms });
            let reports =
                json!({ "token": config["reports"]["token"], "visitor": visitor, "mounts": [mount] });
            self.server.report(&Ipv4Addr::from(0x0a00_0000 + n as u32).to_string(), &reports).await;
        }
        for _ in 0..600 {
            if self.mounts_of_cart().await == known + visitors {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the reports of {visitors} visitors were not counted");
    }

    async fn mounts_of_cart(&self) -> u64 {
        let health = self.server.registry("health?app=cart", None).await;
        let releases = health["apps"][0]["releases"].as_array().cloned().unwrap_or_default();
        let buckets =
            releases.iter().flat_map(|release| release["buckets"].as_array().cloned().unwrap_or_default());
        buckets.filter_map(|bucket| bucket["visitors"].as_u64()).sum()
    }

    /// The newest live version of cart and its percent, as the server has it.
    pub async fn live_cart(&self) -> (String, u64) {
        let status = self.server.registry("apps/cart", None).await;
        let newest = status["live"].as_array().and_then(|live| live.last()).cloned().unwrap_or(Value::Null);
        (newest["version"].as_str().unwrap_or_default().to_owned(), newest["percent"].as_u64().unwrap_or(0))
    }
}
