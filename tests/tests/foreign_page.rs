//! The single-spa door the other way: our microapps on pages without our shell.

use serde_json::{Value, json};
use tests::{Browser, ForeignPage, Server, folders_of_the_shop, memory};

/// Another site's page. Its root is its own; all that it knows of us is an entry address.
fn page() -> String {
    "<!doctype html><html lang=\"en\"><title>Somebody else's page</title><style>* { margin: 7px }</style>
     <h1>Somebody else</h1><div id=\"place\"></div></html>"
        .to_owned()
}

struct Elsewhere {
    server: Server,
    browser: Browser,
    page: ForeignPage,
}

impl Elsewhere {
    async fn open() -> Self {
        let folders = folders_of_the_shop();
        let (server, browser, page) =
            tokio::join!(Server::holding(&folders), Browser::start(), ForeignPage::serve(page()));
        browser.open(&format!("{}/some/path?of=theirs#and-hash", page.origin())).await;
        Self { server, browser, page }
    }

    /// The address of an app's entry module.
    async fn entry(&self, app: &str) -> String {
        let manifest: Value =
            self.server.get("/manifest.json").await.json().await.expect("the manifest is JSON");
        let apps = manifest["apps"].as_array().expect("apps");
        let release =
            &apps.iter().find(|listed| listed["name"] == app).expect("the app is live")["releases"][0];
        let (base, entry) =
            (release["base"].as_str().expect("base"), release["entry"].as_str().expect("entry"));
        format!("{}{base}{entry}", self.server.origin())
    }

    async fn assert_theirs_is_untouched(&self) {
        assert_eq!(
            self.browser.address().await,
            format!("{}/some/path?of=theirs#and-hash", self.page.origin())
        );
        assert_eq!(self.browser.title().await, "Somebody else's page");
        assert_eq!(self.browser.eval::<u32>("return history.length").await, 2);
    }
}

#[tokio::test]
async fn our_cart_mounts_from_its_entry_address_alone() {
    let elsewhere = Elsewhere::open().await;
    let browser = &elsewhere.browser;
    let entry = elsewhere.entry("cart").await;
    let before: String = browser.eval("return document.documentElement.outerHTML").await;
    let mount = format!(
        "return import('{entry}').then(async (app) => {{ window.app = app; window.props = {{ name: 'cart', singleSpa: {{}}, mountParcel() {{}} }};
           await app.bootstrap(props); await app.mount(props); return null; }})"
    );
    browser.eval::<()>(&mount).await;
    browser.see("[id='single-spa-application:cart'] h1").await;
    elsewhere.assert_theirs_is_untouched().await;
    // Its own style came with it.
    assert_eq!(browser.eval::<u32>("return document.adoptedStyleSheets.length").await, 1);
    assert_eq!(memory::wasm_memories(browser).await, 1);

    browser.eval::<()>("return app.unmount(props).then(() => null)").await;
    elsewhere.assert_theirs_is_untouched().await;
    memory::until_wasm_memories(browser, 0, "cart was unmounted").await;
    assert_eq!(browser.eval::<u32>("return document.adoptedStyleSheets.length").await, 0);
    let left = "document.querySelectorAll('link[rel=modulepreload], #single-spa-application\\\\:cart').forEach((e) => e.localName === 'link' && e.remove());
                return document.documentElement.outerHTML";
    assert_eq!(browser.eval::<String>(left).await, before, "something is left on the page");

    // And again, into a place of the page's own.
    browser
        .eval::<()>(
            "props.domElement = document.getElementById('place'); return app.mount(props).then(() => null)",
        )
        .await;
    browser.until("its heading should show", "document.querySelector('#place h1')?.checkVisibility()").await;
    browser.eval::<()>("return app.unmount(props).then(() => null)").await;
    let place = "const { childNodes, className } = document.getElementById('place'); return childNodes.length + className";
    assert_eq!(browser.eval::<String>(place).await, "0", "it leaves its place as it was");
    assert_eq!(browser.eval::<u32>("return document.adoptedStyleSheets.length").await, 0);
}

#[tokio::test]
async fn every_app_of_the_shop_mounts_on_a_page_without_our_shell() {
    let elsewhere = Elsewhere::open().await;
    let browser = &elsewhere.browser;
    for app in ["home", "product", "cart", "checkout", "account", "contact"] {
        println!("{app}");
        let entry = elsewhere.entry(app).await;
        let mount = format!(
            "return import('{entry}').then(async (app) => {{ window.app = app; window.props = {{ name: '{app}', domElement: document.getElementById('place') }};
               await app.bootstrap(props); await app.mount(props); return null; }})"
        );
        browser.eval::<()>(&mount).await;
        browser
            .until("its heading should show", "document.querySelector('#place h1')?.checkVisibility()")
            .await;
        elsewhere.assert_theirs_is_untouched().await;
        browser.eval::<()>("return app.unmount(props).then(() => null)").await;
        assert_eq!(browser.eval::<u32>("return document.getElementById('place').childNodes.length").await, 0);
        elsewhere.assert_theirs_is_untouched().await;
        memory::until_wasm_memories(browser, 0, &format!("{app} was unmounted")).await;
    }
}

#[tokio::test]
async fn two_on_one_page_have_a_memory_each() {
    let elsewhere = Elsewhere::open().await;
    let browser = &elsewhere.browser;
    let entry = elsewhere.entry("contact").await;
    let mount = format!(
        "return import('{entry}').then(async (app) => {{
           const places = [1, 2].map(() => document.body.appendChild(document.createElement('section')));
           window.all = places.map((domElement, i) => ({{ name: `contact-${{i}}`, domElement }}));
           await app.bootstrap({{ name: 'contact' }});
           await Promise.all(all.map((props) => app.mount(props)));
           window.app = app; return null; }})"
    );
    browser.eval::<()>(&mount).await;
    assert_eq!(browser.eval::<u32>("return document.querySelectorAll('section h1').length").await, 2);
    assert_eq!(memory::wasm_memories(browser).await, 2);
    browser.eval::<()>("return app.unmount(all[0]).then(() => null)").await;
    assert_eq!(browser.eval::<u32>("return document.querySelectorAll('section h1').length").await, 1);
    assert_eq!(
        browser.eval::<u32>("return document.adoptedStyleSheets.length").await,
        1,
        "the other one needs its style"
    );
    browser.eval::<()>("return app.unmount(all[1]).then(() => null)").await;
    memory::until_wasm_memories(browser, 0, "both were unmounted").await;
}

#[tokio::test]
async fn alone_on_its_own_page_it_finds_its_route_in_the_hash() {
    let elsewhere = Elsewhere::open().await;
    let entry = elsewhere.entry("product").await;
    let host = entry.replace("product.js", "host.js");
    let route = |hash: &str| {
        format!(
            "location.hash = {hash:?};
             const domElement = document.createElement('div'); domElement.setAttribute('stand-alone', '');
             const release = {{ routes: ['/product/{{id}}', '/product/{{id}}/reviews/{{page}}', '/über uns'] }};
             return import('{host}').then(({{ host }}) => JSON.stringify(host({{ name: 'product', domElement, release }}).route))"
        )
    };
    for (hash, path, pattern, params, query) in [
        ("#/product/7", "/product/7", "/product/{id}", json!({ "id": "7" }), json!({})),
        (
            "#/product/a%20b?size=M",
            "/product/a%20b",
            "/product/{id}",
            json!({ "id": "a b" }),
            json!({ "size": "M" }),
        ),
        ("#/product/%E0%A4%A", "/product/%E0%A4%A", "/product/{id}", json!({ "id": "%E0%A4%A" }), json!({})),
        (
            "#/product/7/reviews/2",
            "/product/7/reviews/2",
            "/product/{id}/reviews/{page}",
            json!({ "id": "7", "page": "2" }),
            json!({}),
        ),
        // As the shell does: a slash at the end is none of it, and browsers encode what is typed.
        ("#/product/7/", "/product/7", "/product/{id}", json!({ "id": "7" }), json!({})),
        ("#/über uns", "/%C3%BCber%20uns", "/über uns", json!({}), json!({})),
        ("#/elsewhere", "/elsewhere", "", json!({}), json!({})),
    ] {
        let found: String = elsewhere.browser.eval(&route(hash)).await;
        let found: Value = serde_json::from_str(&found).expect("a route");
        assert_eq!(
            found,
            json!({ "path": path, "pattern": pattern, "params": params, "query": query }),
            "{hash}"
        );
    }
}
