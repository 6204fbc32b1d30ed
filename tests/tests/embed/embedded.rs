//! A page of somebody else with the chat on it.

use serde_json::Value;
use tests::{Browser, ForeignPage, Key, Server};

/// What every script below begins with.
pub const HELP: &str = "const bot = document.querySelector('menagerie-bot'); const $ = (css) => bot.shadowRoot.querySelector(css); const $$ = (css) => [...bot.shadowRoot.querySelectorAll(css)];";

pub struct Embedded {
    pub server: Server,
    pub browser: Browser,
    pub page: ForeignPage,
}

impl Embedded {
    /// A page with this in its body, and the policy of promise 13 with Trusted Types.
    pub async fn strict(body: &str) -> Self {
        let (server, browser) = tokio::join!(bot_server(), Browser::start());
        let own = server.origin().to_owned();
        let policy = format!(
            "default-src 'none'; script-src {own} 'wasm-unsafe-eval'; connect-src {own}; style-src 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        );
        let page = ForeignPage::serve_under(html(&own, "", body), &policy).await;
        Self::opened(server, browser, page).await
    }

    /// A page without a policy.
    pub async fn free(head: &str, body: &str) -> Self {
        let (server, browser) = tokio::join!(bot_server(), Browser::start());
        let page = ForeignPage::serve(html(server.origin(), head, body)).await;
        Self::opened(server, browser, page).await
    }

    pub async fn opened(server: Server, browser: Browser, page: ForeignPage) -> Self {
        browser.open(&format!("{}/some/path?of=theirs#and-hash", page.origin())).await;
        browser.until("the element should be one of ours", "customElements.get('menagerie-bot')").await;
        Self { server, browser, page }
    }

    pub async fn run<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        self.browser.eval(&format!("{HELP} {script}")).await
    }

    pub async fn until(&self, what: &str, expression: &str) {
        self.browser.until(what, &format!("(() => {{ {HELP} return {expression} }})()")).await;
    }

    pub async fn open_chat(&self) {
        self.run::<()>("$('.launcher').click()").await;
        self.until("the person should be welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
    }

    pub async fn say(&self, text: &str) {
        let answers: u32 = self.run("return $$('[data-test=answered]').length").await;
        self.run::<()>("$('[data-test=bot-input]').focus()").await;
        self.browser.press(text).await;
        self.browser.key(Key::Enter).await;
        self.until(
            &format!("“{text}” should be answered"),
            &format!("$$('[data-test=answered]').length > {answers}"),
        )
        .await;
    }

    /// Where the live release lies.
    pub async fn base(&self) -> String {
        let manifest: Value = self.server.get("/manifest.json").await.json().await.unwrap();
        manifest["apps"][0]["releases"][0]["base"].as_str().unwrap().to_owned()
    }

    pub async fn assert_theirs_is_untouched(&self) {
        assert_eq!(
            self.browser.address().await,
            format!("{}/some/path?of=theirs#and-hash", self.page.origin())
        );
        assert_eq!(self.browser.title().await, "Somebody else's page");
        assert_eq!(self.browser.eval::<u32>("return history.length").await, 2);
    }
}

pub async fn bot_server() -> Server {
    Server::holding(&["microapps/bot".to_owned()]).await
}

pub fn html(origin: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Somebody else's page</title>{head}
         <script type=\"module\" src=\"{origin}/embed/bot.js\"></script></head>
         <body><main><h1>Somebody else</h1><p id=\"theirs\">Theirs.</p></main>{body}</body></html>"
    )
}

/// One of every kind.
pub const EVERY_KIND: &str = r##"[
    { type: "info", title: "Info", subtitle: "With a link", image: { src: { rawUrl: "https://elsewhere.example/a.png" } }, actionLink: "https://elsewhere.example/" },
    { type: "description", title: "Description", text: ["One line", "and another"] },
    { type: "divider" },
    { type: "image", rawUrl: "/pictures/ball/default.svg", accessibilityText: "A ball" },
    { type: "button", text: "Button", link: "#/cart" },
    { type: "list", title: "List", subtitle: "An entry", event: { name: "nothing" } },
    { type: "accordion", title: "Accordion", subtitle: "More", text: "What it hides" },
    { type: "nobody knows", title: "this" },
    { type: "chips", options: [{ text: "Chip" }, { text: "Leads away", link: "https://elsewhere.example/" }, { text: "Never", link: "javascript:alert(1)" }] }
]"##;
