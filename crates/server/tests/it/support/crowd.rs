//! Many visitors whose pages report their mounts.

use super::{Reply, Shop};
use contract::rollout;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

/// How a release does for a visitor: what kind of mount, and how many milliseconds.
pub type Fate<'a> = &'a dyn Fn(usize) -> (&'static str, u32);

/// The token that comes with the page; a shell has to be live.
pub async fn pass(shop: &Shop) -> String {
    let page = shop.browser().get("/").await.is(200).text();
    let config = page.split('"').nth(1).unwrap().replace("&quot;", "\"");
    let config: Value = serde_json::from_str(&config).unwrap();
    config["reports"]["token"].as_str().unwrap().to_owned()
}

/// Sends what one page saw.
pub async fn report(shop: &Shop, address: &str, token: &str, visitor: &str, mounts: Value) -> Reply {
    let body = json!({ "token": token, "visitor": visitor, "mounts": mounts });
    shop.browser_at(address).post("/api/v1/health/mounts", body).await
}

/// Lets `visitors` open the shop, each from an address of their own: they draw a release of `app` as the shell does, and
/// `fate` says how the newest does for the nth of those who drew it; all others are fine.
pub async fn visit(shop: &Shop, app: &str, visitors: std::ops::Range<u32>, fate: Fate<'_>) {
    let token = pass(shop).await;
    let manifest = shop.browser().get("/manifest.json").await.body();
    let apps = manifest["apps"].as_array().unwrap();
    let releases = apps.iter().find(|found| found["name"] == app).unwrap()["releases"].as_array().unwrap();
    let percents: Vec<f64> = releases.iter().map(|release| release["percent"].as_f64().unwrap()).collect();
    let mut drew_newest = 0;
    for n in visitors {
        let visitor = format!("00000000-0000-4000-8000-{n:012}");
        let drawn = rollout::pick(&visitor, app, &percents);
        let (kind, ms) = if drawn + 1 == releases.len() && releases.len() > 1 {
            drew_newest += 1;
            fate(drew_newest)
        } else {
            ("ok", 40 + n % 10)
        };
        let mount = json!({ "app": app, "version": releases[drawn]["version"], "kind": kind, "ms": ms });
        let address = Ipv4Addr::from(0x0a00_0000 + n).to_string();
        report(shop, &address, &token, &visitor, json!([mount])).await.is(204);
    }
    shop.server.health.flush().await.unwrap();
}

/// Everything is as it was before.
pub fn fine(n: usize) -> (&'static str, u32) {
    ("ok", 40 + n as u32 % 10)
}
