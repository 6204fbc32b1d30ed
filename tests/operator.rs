//! The words of an operator in the console.

use crate::{Browser, Plain, Server, Shop, server};
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
            "document.querySelector('#app h1') && ![...document.querySelectorAll('.skeleton')].some((e) => e.checkVisibility())",
        )
        .await;
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
        for _ in 0..150 {
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
