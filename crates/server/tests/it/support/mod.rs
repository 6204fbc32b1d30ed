//! A shop to test, and browsers to test it with.

pub mod authenticator;
pub mod crowd;
pub mod mailbox;
pub mod postgres;
pub mod release;
pub mod rollout;
pub mod s3;
pub mod smtp;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use clap::{CommandFactory as _, FromArgMatches as _, builder::Resettable};
use serde_json::{Value, json};
use server::{Configuration, Flags, Server};
use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The operator's token in tests.
pub const TOKEN: &str = "a-token-for-tests-only";

/// Five of everything: variants 1 (Navy, M), 2 (Navy, L), 3 (Sand, M) of product 1, and 4 of product 2.
pub const CATALOGUE: &str = "\
Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src
bed,Cosy bed,<p>For dogs</p>,Paws,Beds,soft,Colour,Navy,Size,M,BED-NM,shopify,5,49.90,59.90,/pictures/dog-bed/navy.svg
bed,,,,,,,Navy,,L,BED-NL,shopify,5,59.90,,
bed,,,,,,,Sand,,M,BED-SM,shopify,5,49.90,,/pictures/dog-bed/sand.svg
ball,Ball,<p>It bounces; 100% rubber</p>,Paws,Toys,,,,,,BALL,shopify,5,10.05,,
";

/// Runs each test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* $name:ident),* $(,)?) => {
        mod sqlite {
            $($(#[$attribute])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::support::Shop::sqlite(&[]).await).await;
            })*
        }
        mod postgres {
            $($(#[$attribute])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(shop) = $crate::support::Shop::postgres(&[]).await {
                    super::$name(shop).await;
                }
            })*
        }
    };
}

/// What `work` brings, within a minute: a test that waits for ever says nothing of what it waited for.
pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_secs(60), work).await;
    done.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// A server without a socket, with the catalogue above.
pub struct Shop {
    pub server: Server,
    app: Router,
    _folder: Arc<TempDir>,
}

impl Shop {
    /// On SQLite, with more flags.
    pub async fn sqlite(flags: &[&str]) -> Self {
        Self::open(flags).await
    }

    /// On PostgreSQL, with more flags. `None` where one goes without it on purpose.
    pub async fn postgres(flags: &[&str]) -> Option<Self> {
        let url = postgres::database().await?;
        Some(Self::open(&[flags, &["--database", &url]].concat()).await)
    }

    async fn open(flags: &[&str]) -> Self {
        let shop = Self::empty(flags).await;
        let reply = shop.import(CATALOGUE, "true").await;
        reply.is(200).json(json!({ "products": 2, "variants": 4 }));
        shop
    }

    /// Without a catalogue.
    pub async fn empty(flags: &[&str]) -> Self {
        Self::with_secrets(flags, &[]).await
    }

    /// With an owner's terms, on SQLite and on PostgreSQL.
    pub async fn with_terms(terms: &Value) -> Vec<Self> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), terms.to_string()).unwrap();
        let flags = ["--terms", file.path().to_str().unwrap()];
        [Some(Self::sqlite(&flags).await), Self::postgres(&flags).await].into_iter().flatten().collect()
    }

    /// Without a catalogue, with more in its environment.
    pub async fn with_secrets(flags: &[&str], secrets: &[(&str, String)]) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().to_str().unwrap();
        let seed: &[_] = if flags.contains(&"--seed") { &[] } else { &["--seed", "none"] };
        let place: &[_] = if flags.contains(&"--data") { &[] } else { &["--data", data] };
        let arguments = [&["menagerie-server"], place, seed, flags].concat();
        // What a live shop is told by the environment is not for this one.
        let command = Flags::command().mut_args(|flag| flag.env(Resettable::Reset));
        let flags = Flags::from_arg_matches(&command.try_get_matches_from(arguments).unwrap()).unwrap();
        let environment = |name: &str| match name {
            server::config::OPERATOR_TOKEN => Some(TOKEN.to_owned()),
            _ => secrets.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()),
        };
        let server = Server::start(Configuration::new(flags, &environment).unwrap()).await.unwrap();
        Self { app: server::app(server.clone()), server, _folder: Arc::new(folder) }
    }

    /// A second server on the same database and files.
    pub async fn another_server(&self) -> Self {
        self.server_with(|_| {}).await
    }

    /// The same, with something else in its configuration.
    pub async fn server_with(&self, change: impl FnOnce(&mut Configuration)) -> Self {
        let mut configuration = (*self.server.configuration).clone();
        change(&mut configuration);
        let server = Server::start(configuration).await.unwrap();
        Self { app: server::app(server.clone()), server, _folder: Arc::clone(&self._folder) }
    }

    /// Somebody new.
    pub fn browser(&self) -> Browser {
        self.browser_at("198.51.100.7")
    }

    /// Somebody new, somewhere.
    pub fn browser_at(&self, address: &str) -> Browser {
        Browser {
            app: self.app.clone(),
            cookies: BTreeMap::new(),
            address: SocketAddr::new(address.parse().unwrap(), 4242),
        }
    }

    /// Loads a catalogue.
    pub async fn import(&self, csv: &str, replace: &str) -> Reply {
        let address = format!("/api/v1/catalogue/import?replace={replace}");
        self.tool(Method::POST, &address, csv.as_bytes().to_vec()).await
    }

    /// Loads a catalogue of JSON Lines.
    pub async fn import_lines(&self, lines: impl Into<Body>) -> Reply {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/catalogue/import?replace=true")
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .header(header::CONTENT_TYPE, "application/jsonl")
            .body(lines.into())
            .unwrap();
        self.raw(request).await
    }

    /// A request with the operator's token.
    pub async fn tool(&self, method: Method, address: &str, body: Vec<u8>) -> Reply {
        self.with_token(TOKEN, method, address, body).await
    }

    /// A request with this token.
    pub async fn with_token(&self, token: &str, method: Method, address: &str, body: Vec<u8>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        self.raw(request).await
    }

    /// Asks as an operator, with JSON.
    pub async fn operator(&self, method: Method, address: &str, body: Value) -> Reply {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.tool(method, address, body).await
    }

    /// A request as it is.
    pub async fn raw(&self, request: Request<Body>) -> Reply {
        Reply::of(self.app.clone(), request).await
    }

    /// A request that fails at the server's, on purpose.
    pub async fn raw_that_fails(&self, request: Request<Body>) -> Reply {
        Reply::any(self.app.clone(), request).await
    }

    /// Sends every mail whose turn it is.
    pub async fn post(&self) {
        self.server.accounts.answer_wishes().await.unwrap();
        self.server.mail.send_due(0, &self.server.stopping).await.unwrap();
    }

    /// What is left of a variant.
    pub async fn stock(&self, product: i64, variant: i64) -> i64 {
        let reply = self.browser().get(&format!("/api/v1/catalogue/products/{product}")).await;
        let product = reply.is(200).body();
        let variants = product["variants"].as_array().unwrap();
        variants.iter().find(|found| found["id"] == variant).unwrap()["stock"].as_i64().unwrap()
    }
}

/// Keeps cookies, and says of its requests that they come from our own page.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    pub cookies: BTreeMap<String, String>,
    address: SocketAddr,
}

impl Browser {
    pub async fn get(&mut self, address: &str) -> Reply {
        self.send(Method::GET, address, None, &[]).await
    }

    pub async fn post(&mut self, address: &str, body: Value) -> Reply {
        self.send(Method::POST, address, Some(body), &[]).await
    }

    pub async fn put(&mut self, address: &str, body: Value) -> Reply {
        self.send(Method::PUT, address, Some(body), &[]).await
    }

    pub async fn patch(&mut self, address: &str, body: Value) -> Reply {
        self.send(Method::PATCH, address, Some(body), &[]).await
    }

    pub async fn delete(&mut self, address: &str) -> Reply {
        self.send(Method::DELETE, address, None, &[]).await
    }

    /// `POST` with an idempotency key.
    pub async fn once(&mut self, key: &str, address: &str, body: Value) -> Reply {
        self.send(Method::POST, address, Some(body), &[("idempotency-key", key)]).await
    }

    pub async fn send(
        &mut self,
        method: Method,
        address: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request =
            Request::builder().method(method).uri(address).header("sec-fetch-site", "same-origin");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let request = request.extension(ConnectInfo(self.address)).body(body).unwrap();
        let reply = Reply::of(self.app.clone(), request).await;
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{attributes}");
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    /// Puts pieces into the cart.
    pub async fn add(&mut self, variant: i64, quantity: i64) -> Reply {
        self.post("/api/v1/cart/items", json!({ "variant_id": variant, "quantity": quantity })).await
    }

    /// Puts a coupon on the cart.
    pub async fn coupon(&mut self, code: &str) -> Reply {
        self.put("/api/v1/cart/coupon", json!({ "code": code })).await
    }

    /// What is in the cart: variants and quantities.
    pub async fn cart(&mut self) -> Vec<(i64, i64)> {
        let cart = self.get("/api/v1/cart").await.is(200).body();
        let lines = cart["lines"].as_array().unwrap();
        lines
            .iter()
            .map(|line| (line["variant_id"].as_i64().unwrap(), line["quantity"].as_i64().unwrap()))
            .collect()
    }

    /// Orders the cart.
    pub async fn order(&mut self, key: &str, total: i64, payment: &str) -> Reply {
        self.once(key, "/api/v1/orders", order(total, payment)).await
    }

    /// Signs up.
    pub async fn sign_up(&mut self, email: &str) -> Reply {
        let form = json!({ "name": "Ada", "email": email, "password": "correct horse" });
        self.post("/api/v1/accounts", form).await
    }

    /// Signs in.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Reply {
        self.post("/api/v1/session", json!({ "email": email, "password": password })).await
    }
}

/// An order with express delivery.
pub fn order(total: i64, payment: &str) -> Value {
    json!({
        "email": "ada@example.org",
        "address": { "name": "Ada", "street": "Lane 1", "postcode": "10115", "city": "Berlin", "country": "DE" },
        "delivery": "express", "payment": payment, "expected_total": total,
    })
}

/// An answer.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    async fn any(app: Router, request: Request<Body>) -> Self {
        let response = app.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Self { status: parts.status, headers: parts.headers, bytes }
    }

    async fn of(app: Router, request: Request<Body>) -> Self {
        let asked = format!("{} {}", request.method(), request.uri());
        let reply = Self::any(app, request).await;
        // Nothing that is asked for in a test is the server's fault, unless the test says so by `raw_that_fails`.
        assert!(reply.status != StatusCode::INTERNAL_SERVER_ERROR, "{asked}: {}", reply.text());
        reply
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// A problem with this number.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let reply = self.is(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.header("cache-control"), "no-store");
        let body = reply.body();
        assert_eq!(
            (body["code"].as_str(), body["status"].as_u64()),
            (Some(code), Some(status.into())),
            "{body}"
        );
        assert!(body["title"].as_str().unwrap().len() > 10, "{body}");
        assert_eq!(body["request_id"], reply.header("x-request-id"));
        body
    }

    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub fn json(&self, expected: Value) {
        assert_eq!(self.body(), expected);
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
