//! The chat on pages of others: `<script type="module" src="…/embed/bot.js">` and `<menagerie-bot>`.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tests::{Browser, Fault, ForeignPage, Hostile, Key, Screen, Server, Theme, axe, memory};

/// What every script below begins with.
const HELP: &str = "const bot = document.querySelector('menagerie-bot'); const $ = (css) => bot.shadowRoot.querySelector(css); const $$ = (css) => [...bot.shadowRoot.querySelectorAll(css)];";

struct Embedded {
    server: Server,
    browser: Browser,
    page: ForeignPage,
}

impl Embedded {
    /// A page with this in its body, and the policy of promise 13 with Trusted Types.
    async fn strict(body: &str) -> Self {
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
    async fn free(head: &str, body: &str) -> Self {
        let (server, browser) = tokio::join!(bot_server(), Browser::start());
        let page = ForeignPage::serve(html(server.origin(), head, body)).await;
        Self::opened(server, browser, page).await
    }

    async fn opened(server: Server, browser: Browser, page: ForeignPage) -> Self {
        browser.open(&format!("{}/some/path?of=theirs#and-hash", page.origin())).await;
        browser.until("the element should be one of ours", "customElements.get('menagerie-bot')").await;
        Self { server, browser, page }
    }

    async fn run<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        self.browser.eval(&format!("{HELP} {script}")).await
    }

    async fn until(&self, what: &str, expression: &str) {
        self.browser.until(what, &format!("(() => {{ {HELP} return {expression} }})()")).await;
    }

    async fn open_chat(&self) {
        self.run::<()>("$('.launcher').click()").await;
        self.until("the person should be welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
    }

    async fn say(&self, text: &str) {
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
    async fn base(&self) -> String {
        let manifest: Value = self.server.get("/manifest.json").await.json().await.unwrap();
        manifest["apps"][0]["releases"][0]["base"].as_str().unwrap().to_owned()
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

async fn bot_server() -> Server {
    Server::holding(&["microapps/bot".to_owned()]).await
}

fn html(origin: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Somebody else's page</title>{head}
         <script type=\"module\" src=\"{origin}/embed/bot.js\"></script></head>
         <body><main><h1>Somebody else</h1><p id=\"theirs\">Theirs.</p></main>{body}</body></html>"
    )
}

/// One of every kind.
const EVERY_KIND: &str = r##"[
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

#[tokio::test]
async fn every_kind_of_message_under_the_strictest_policy() {
    let embedded = Embedded::strict("<menagerie-bot></menagerie-bot>").await;
    embedded.assert_theirs_is_untouched().await;
    let before: String = embedded.run("return JSON.stringify([...document.querySelectorAll('main, main *')].map((e) => ({ ...getComputedStyle(e) })))").await;
    embedded.open_chat().await;
    embedded.say("what are your opening hours").await;
    embedded.run::<()>(&format!("bot.renderCustomCard({EVERY_KIND})")).await;
    for (css, text) in [
        ("[data-test=info]", "With a link"),
        (".description", "and another"),
        ("hr", ""),
        (".box .instead, .box img", ""),
        ("[data-test=rich-button]", "Button"),
        ("[data-test=list-item]", "An entry"),
        ("[data-test=accordion]", "Accordion"),
        ("[data-test=chip]", "Chip"),
    ] {
        let shown =
            format!("$$({css:?}).some((e) => e.checkVisibility() && e.textContent.includes({text:?}))");
        embedded.until(&format!("{css} should show {text}"), &shown).await;
    }
    let chips: Vec<String> = embedded.run("return $$('[data-test=chip]').map((e) => e.textContent)").await;
    assert_eq!(chips, ["Chip", "Leads away"], "a link that may lead nowhere is none");
    embedded
        .until("without pictures, words stand in", "$('.instead')?.textContent === 'A ball' && !$('.thumb')")
        .await;
    embedded.run::<()>("$('[data-test=accordion]').click()").await;
    embedded.until("the accordion should open", "$('.accordion-body').checkVisibility()").await;
    assert_eq!(
        embedded
            .run::<u32>(
                "return bot.shadowRoot.querySelectorAll('[style*=\":\"]:not(.frame):not(textarea)').length"
            )
            .await,
        0
    );
    embedded.assert_theirs_is_untouched().await;
    let after: String = embedded.run("return JSON.stringify([...document.querySelectorAll('main, main *')].map((e) => ({ ...getComputedStyle(e) })))").await;
    assert_eq!(before, after, "the page looks another way");
    // Pictures are what the policy keeps away; nothing else may have been tried.
    let errors = embedded.browser.recorded().await.errors;
    let other: Vec<_> = errors.iter().filter(|error| !error.starts_with("CSP img-src")).collect();
    assert!(other.is_empty(), "{other:?}");
}

#[tokio::test]
async fn a_page_at_war_does_not_break_it() {
    let head = "<style>* { all: unset !important; color: red !important; z-index: 2147483647 !important } html { font-size: 4px } menagerie-bot { display: none !important; transform: scale(.1) !important; filter: blur(9px) !important }</style>
        <script>
          Array.prototype.rubbish = function () {}; Object.prototype.rubbish = 'rubbish';
          Array.prototype.toJSON = function () { return 'rubbish' };
          const append = Node.prototype.appendChild; Node.prototype.appendChild = function (...all) { window.patched = true; return append.apply(this, all) };
          const then = Promise.prototype.then; Promise.prototype.then = function (...all) { return then.apply(this, all) };
          const real = Date.now; let jump = 0; Date.now = () => real() + (jump = -jump + 7200000);
          addEventListener('load', () => { for (const data of [{ method: 'openChat' }, 'embed.call', { type: 'embed.settings' }]) window.postMessage(data, '*') });
        </script>";
    let embedded = Embedded::free(head, "<div style=\"position: relative; z-index: 1; overflow: hidden; transform: translateX(9px)\"><menagerie-bot></menagerie-bot></div>").await;
    embedded
        .until("forged messages open nothing", "$('.launcher').getAttribute('aria-expanded') === 'false'")
        .await;
    let place: Vec<f64> = embedded.run("const r = $('.launcher').getBoundingClientRect(); return [r.width, innerWidth - r.right, innerHeight - r.bottom]").await;
    assert_eq!(place, [60.0, 20.0, 20.0], "the launcher is not where it belongs");
    embedded.open_chat().await;
    embedded.say("what are your opening hours").await;
    let on_top: bool = embedded.run("const r = $('[data-test=bot-panel]').getBoundingClientRect(); return document.elementFromPoint(r.x + r.width / 2, r.y + 20) === bot && getComputedStyle($('.bubble')).fontSize === '15px' && getComputedStyle($('.bubble')).color !== 'rgb(255, 0, 0)'").await;
    assert!(on_top, "the page's rules reach into it");
}

#[tokio::test]
async fn calls_made_before_it_loads_are_replayed_once_in_order() {
    let early = "<menagerie-bot></menagerie-bot>
        <script>
          const early = document.querySelector('menagerie-bot');
          early.calls = [['renderCustomText', 'one', true], ['renderCustomText', 'two', false], ['constructor']];
          window.loaded = 0; addEventListener('df-messenger-loaded', () => loaded += 1);
        </script>";
    let embedded = Embedded::free("", early).await;
    embedded.run::<()>("bot.renderCustomText('three', true); bot.calls.push(['renderCustomText', 'four', true]); bot.openChat(); return null").await;
    let texts = "$$('.bubble').map((e) => e.textContent).join(' ')";
    embedded
        .until("all four should be there, once, in order", &format!("{texts} === 'one two three four'"))
        .await;
    embedded.until("it is open", "$('[data-test=bot-panel]').checkVisibility()").await;
    assert_eq!(embedded.run::<u32>("return loaded").await, 1);
    // Moved, it stays what it is.
    embedded.run::<()>("document.querySelector('main').append(bot)").await;
    embedded
        .until(
            "the same messages show",
            &format!("$('.bubble').checkVisibility() && {texts} === 'one two three four'"),
        )
        .await;
    assert_eq!(memory::wasm_memories(&embedded.browser).await, 1);
}

#[tokio::test]
async fn events_are_dialogflows_and_two_of_them_can_be_cancelled() {
    let embedded =
        Embedded::free("", "<menagerie-bot intent=\"\" session-id=\"mine\" user-id=\"ada\"></menagerie-bot>")
            .await;
    let record = "window.events = []; for (const name of ['df-chat-open-changed', 'df-user-input-entered', 'df-request-sent', 'df-response-received', 'df-chip-clicked', 'df-button-clicked', 'df-info-card-clicked', 'df-list-element-clicked', 'df-accordion-clicked'])
          addEventListener(name, (event) => { events.push([name, event.detail]); if (window.cancel === name) event.preventDefault(); });
        addEventListener('click', (event) => event.composedPath()[0].closest('a') && event.preventDefault());";
    embedded.run::<()>(record).await;
    embedded
        .run::<()>("bot.openChat(); bot.setContext('found', 3, { p: 1 }); bot.sendQuery('thank you')")
        .await;
    embedded.until("it should be answered", "$('[data-test=answered]')").await;
    let events: Vec<(String, Value)> = embedded.run("return events").await;
    let names: Vec<&str> = events.iter().map(|event| event.0.as_str()).collect();
    assert_eq!(
        names,
        ["df-chat-open-changed", "df-user-input-entered", "df-request-sent", "df-response-received"]
    );
    assert_eq!(events[0].1["isOpen"], true);
    assert_eq!(events[1].1["input"], "thank you");
    let request = &events[2].1["requestBody"];
    assert_eq!(request["session"], "projects/petstore/agent/sessions/mine");
    assert_eq!(request["queryInput"]["text"], json!({ "text": "thank you", "languageCode": "en" }));
    assert_eq!(request["queryParams"]["payload"]["userId"], "ada");
    assert_eq!(request["queryParams"]["contexts"][0]["name"], "found");
    let result = &events[3].1["response"]["queryResult"];
    assert_eq!(result["queryText"], "thank you");
    assert_eq!(result["outputContexts"][0]["name"], "projects/petstore/agent/sessions/mine/contexts/found");

    // The page's own backend behind it.
    embedded
        .run::<()>("cancel = 'df-request-sent'; events.length = 0; bot.sendQuery('for you'); return null")
        .await;
    embedded.until("the page should be asked", "events.some(([name]) => name === 'df-request-sent')").await;
    embedded.run::<()>("bot.renderCustomText('from the page', true)").await;
    embedded
        .until(
            "its answer should show",
            "$$('[data-test=answered]').at(-1).textContent.includes('from the page')",
        )
        .await;
    assert!(!embedded.run::<bool>("return events.some(([name]) => name === 'df-response-received')").await);
    let answers: u32 = embedded.run("cancel = 'df-response-received'; bot.sendQuery('thank you'); return $$('[data-test=answered]').length").await;
    embedded
        .until("the answer should come", "events.some(([name]) => name === 'df-response-received')")
        .await;
    assert_eq!(embedded.run::<u32>("return $$('[data-test=answered]').length").await, answers);

    embedded
        .run::<()>(&format!(
            "cancel = ''; events.length = 0; bot.renderCustomCard({EVERY_KIND}); return null"
        ))
        .await;
    embedded.until("the card should show", "$('[data-test=info]')").await;
    embedded.run::<()>("for (const name of ['info', 'list-item', 'rich-button', 'accordion', 'chip']) $(`[data-test=${name}]`).click(); return null").await;
    embedded.until("all clicks should be told", "['df-info-card-clicked', 'df-list-element-clicked', 'df-button-clicked', 'df-accordion-clicked', 'df-chip-clicked'].every((name) => events.some((e) => e[0] === name))").await;
    assert_eq!(
        embedded.run::<String>("return events.find((e) => e[0] === 'df-chip-clicked')[1].query").await,
        "Chip"
    );
    assert_eq!(
        embedded
            .run::<String>("return events.find((e) => e[0] === 'df-info-card-clicked')[1].element.title")
            .await,
        "Info"
    );
}

#[tokio::test]
async fn two_on_one_page_talk_by_themselves_and_a_removed_one_gives_everything_back() {
    let embedded = Embedded::free("", "<menagerie-bot intent=\"\"></menagerie-bot><menagerie-bot intent=\"\" id=\"second\"></menagerie-bot>").await;
    embedded.run::<()>("const [a, b] = document.querySelectorAll('menagerie-bot'); a.renderCustomText('first', true); b.renderCustomText('second', true)").await;
    let both = "[...document.querySelectorAll('menagerie-bot')].map((e) => e.shadowRoot.querySelector('.bubble')?.textContent).join(' ') === 'first second'";
    embedded.until("each has its own", both).await;
    assert_eq!(memory::wasm_memories(&embedded.browser).await, 2);
    embedded.run::<()>("document.querySelectorAll('menagerie-bot').forEach((e) => e.remove())").await;
    memory::until_wasm_memories(&embedded.browser, 0, "both were removed").await;
    let left: u32 = embedded.browser.eval("return document.querySelectorAll('link[rel=modulepreload]').length + document.adoptedStyleSheets.length").await;
    assert_eq!(left, 0);
    embedded.assert_theirs_is_untouched().await;
}

#[tokio::test]
async fn a_thousand_mounts_leave_nothing_behind() {
    let embedded = Embedded::free("", "").await;
    let mount = "return (async (times) => {
        for (let n = 0; n < times; n += 1) {
          const bot = Object.assign(document.createElement('menagerie-bot'), {});
          bot.setAttribute('intent', ''); bot.setAttribute('storage-option', 'none');
          document.body.append(bot);
          bot.renderCustomText('here', true);
          while (!bot.shadowRoot.querySelector('.bubble')) await new Promise((done) => setTimeout(done));
          bot.remove();
          await new Promise((done) => setTimeout(done));
        }
        return null;
      })(arguments[0])";
    embedded.browser.eval_with::<Value>(mount, vec![json!(5)]).await;
    memory::until_wasm_memories(&embedded.browser, 0, "after 5 mounts").await;
    let before = embedded.browser.eval::<u64>("return document.querySelectorAll('*').length").await;
    let heap = || async {
        embedded.browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        embedded.browser.devtools("Performance.getMetrics", json!({})).await
    };
    embedded.browser.devtools("Performance.enable", json!({})).await;
    let metric = |all: &Value, name: &str| {
        all["metrics"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["name"] == name))
            .and_then(|one| one["value"].as_f64())
            .unwrap_or(0.0)
    };
    let first = heap().await;
    for _ in 0..10 {
        embedded.browser.eval_with::<Value>(mount, vec![json!(100)]).await;
    }
    memory::until_wasm_memories(&embedded.browser, 0, "after 1,000 mounts").await;
    let last = heap().await;
    assert_eq!(embedded.browser.eval::<u64>("return document.querySelectorAll('*').length").await, before);
    for name in ["Nodes", "JSEventListeners"] {
        let grown = metric(&last, name) - metric(&first, name);
        println!("{name}: {grown} more after 1,000 mounts");
        assert!(grown < 500.0, "{name} grew by {grown}");
    }
    let grown = metric(&last, "JSHeapUsedSize") - metric(&first, "JSHeapUsedSize");
    println!("heap: {grown} bytes more after 1,000 mounts");
    assert!(grown < 2e6, "the heap grew by {grown} bytes");
}

/// A `detectIntent` endpoint of somebody: fails until it is told not to.
async fn detect(
    State(asked): State<Arc<Mutex<Vec<Value>>>>,
    method: Method,
    headers: HeaderMap,
    body: String,
) -> Response {
    let cors = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type")),
    ];
    if method == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, cors).into_response();
    }
    assert!(headers.get(header::COOKIE).is_none());
    let mut asked = asked.lock().unwrap();
    asked.push(serde_json::from_str(&body).unwrap());
    if asked.len() == 1 {
        return (StatusCode::SERVICE_UNAVAILABLE, cors, "<h1>Sorry</h1>").into_response();
    }
    let answer = json!({ "responseId": "r", "queryResult": {
        "queryText": "hi", "fulfillmentText": "plain",
        "fulfillmentMessages": [
            { "text": { "text": ["from far away"] } },
            { "platform": "FACEBOOK", "text": { "text": ["not for us"] } },
            { "card": { "title": "Card", "subtitle": "With buttons", "imageUri": "https://elsewhere.example/x.png", "buttons": [{ "text": "Say this", "postback": "this" }, { "text": "Bad", "postback": "javascript://x" }] } },
            { "quickReplies": { "title": "Which?", "quickReplies": ["yes", "no"] } },
            { "payload": { "anything": true } },
        ],
    } });
    (cors, Json(answer)).into_response()
}

#[tokio::test]
async fn a_detect_intent_endpoint_answers_in_server_mode_and_a_failed_message_can_be_sent_again() {
    let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
    let endpoint = ForeignPage::with(Router::new().fallback(detect).with_state(asked.clone())).await;
    let body = format!(
        "<menagerie-bot intent=\"\" mode=\"server\" agent-id=\"{}/v2/projects/p/agent\"></menagerie-bot>",
        endpoint.origin()
    );
    let embedded = Embedded::free("", &body).await;
    embedded.run::<()>("window.failures = []; bot.addEventListener('df-messenger-error', ({ detail }) => failures.push(detail.error.code)); bot.openChat(); bot.sendQuery('hi')").await;
    embedded.until("the failure should show", "$('[data-test=bot-failed]')?.checkVisibility()").await;
    assert_eq!(embedded.run::<Vec<String>>("return failures").await, ["503"]);
    embedded.run::<()>("$('[data-test=bot-retry]').click()").await;
    embedded.until("it should be answered", "$$('[data-test=answered]').length === 3").await;
    assert!(!embedded.run::<bool>("return Boolean($('[data-test=bot-failed]'))").await);
    let texts: Vec<String> = embedded.run("return $$('[data-test=answered]').map((e) => e.innerText)").await;
    assert!(
        texts[0].contains("from far away") && texts[1].contains("Say this") && texts[2].contains("Which?"),
        "{texts:?}"
    );
    assert!(!texts[1].contains("Bad"), "{texts:?}");
    assert_eq!(
        embedded.run::<Vec<String>>("return $$('[data-test=chip]').map((e) => e.textContent)").await,
        ["yes", "no"]
    );
    embedded.run::<()>("$('[data-test=card-button]').click()").await;
    embedded
        .until(
            "it should say what the button stands for",
            "$$('[data-test=said]').at(-1).textContent.includes('this')",
        )
        .await;
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked[0]["queryInput"], asked[1]["queryInput"]);
    assert!(asked[0]["session"].as_str().unwrap().contains("/sessions/"));
}

#[tokio::test]
async fn it_learns_between_what_the_page_does_and_welcomes_before() {
    let embedded = Embedded::free("", "<menagerie-bot wait-open></menagerie-bot>").await;
    // How often the page had its turn when the first and the second answer came.
    let watch = "window.turns = 0; window.longest = 0; let last = performance.now();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { turns += 1; longest = Math.max(longest, performance.now() - last); last = performance.now(); port2.postMessage(0); };
        port2.postMessage(0);
        window.seen = []; window.typed = false;
        new PerformanceObserver((list) => (window.long = [...(window.long ?? []), ...list.getEntries().map((e) => Math.round(e.duration))])).observe({ type: 'longtask' });
        const look = () => { const n = $$('[data-test=answered]').length; if (n > seen.length) { seen.push(turns); longest = 0; } else if (n === 1) typed ||= $('[data-test=bot-typing]').checkVisibility(); if (n < 2) requestAnimationFrame(look); };
        look();
        bot.openChat(); bot.sendQuery('what are your opening hours'); return null";
    embedded.run::<()>(watch).await;
    embedded.until("both should be answered", "seen.length === 2").await;
    let (seen, longest, long): (Vec<u32>, f64, Vec<f64>) =
        embedded.run("return [seen, longest, window.long ?? []]").await;
    println!("turns at the answers {seen:?}, the longest without one {longest:.1} ms; long tasks {long:?}");
    assert!(seen[1] - seen[0] > 20, "the page had no turn while it learnt: {seen:?}");
    assert!(embedded.run::<bool>("return typed").await, "nothing shows that an answer is on its way");
}

#[tokio::test]
async fn on_a_page_of_others_cart_and_contact_are_links_to_the_shop() {
    let embedded = Embedded::free("", "<menagerie-bot></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("dog beds under 50 dollars").await;
    embedded.say("put it in the cart").await;
    embedded.say("sage").await;
    embedded.say("the small one").await;
    let links = "return $$('a').map((a) => [a.innerText.trim(), a.href, a.target])";
    let shop = embedded.server.origin().to_owned();
    let leads = |links: &[(String, String, String)], text: &str, to: &str| {
        links.iter().any(|(said, address, target)| {
            said.contains(text) && address.starts_with(&format!("{shop}/#{to}")) && target == "_blank"
        })
    };
    let found: Vec<(String, String, String)> = embedded.run(links).await;
    for (text, to) in
        [("Cloud Nine Dog Bed", "/product/"), ("Open its page", "/product/"), ("Open the cart", "/cart")]
    {
        assert!(leads(&found, text, to), "{text} should lead to {to}: {found:?}");
    }
    embedded.say("I want to talk to a person").await;
    let found: Vec<(String, String, String)> = embedded.run(links).await;
    let form = found.iter().find(|link| link.0.contains("contact form")).map(|link| link.1.as_str());
    let form = form.unwrap_or_default();
    assert!(form.starts_with(&format!("{shop}/#/contact?")) && form.contains("dog%20beds"), "{found:?}");
    embedded.assert_theirs_is_untouched().await;
}

#[tokio::test]
async fn without_the_network_what_needs_none_is_answered() {
    let embedded = Embedded::free("", "<menagerie-bot></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.browser.set_offline(true).await;
    embedded.say("what are your opening hours").await;
    // The intent's own answer stands in for the webhook's.
    embedded.say("dog beds under 50 dollars").await;
    assert!(!embedded.run::<bool>("return Boolean($('[data-test=bot-failed]'))").await);
    embedded.browser.set_offline(false).await;
    embedded.say("dog beds under 50 dollars").await;
    embedded.until("products should show", "$('[data-test=info]')").await;
}

#[tokio::test]
async fn a_file_that_is_not_what_it_should_be_does_not_run() {
    let (server, browser) = tokio::join!(bot_server(), Browser::start());
    let hostile = Hostile::before(server.origin()).await;
    let page = html(hostile.origin(), "", "<menagerie-bot wait-open></menagerie-bot>");
    let page = ForeignPage::serve(page).await;
    let embedded = Embedded::opened(server, browser, page).await;
    let base = embedded.base().await;
    let again = "$$('.wait [part=retry-button], [data-test=bot-retry]').find((e) => e.checkVisibility())";
    for file in ["bot.js", "bot_bg.wasm", "bot.css", "tokens.css", "petstore.en.agent"] {
        hostile.damage(&format!("{base}{file}"), Fault::FlippedByte);
        embedded.browser.devtools("Network.clearBrowserCache", json!({})).await;
        embedded.browser.reload().await;
        embedded.until("the launcher shows", "$('.launcher')").await;
        embedded.run::<()>("sessionStorage.clear(); window.failures = []; bot.addEventListener('df-messenger-error', ({ detail }) => failures.push(detail.error)); $('.launcher').click()").await;
        embedded.until(&format!("{file} should be refused"), "failures.length === 1").await;
        embedded.until("it can be tried again", again).await;
        assert!(!embedded.run::<bool>("return Boolean($('[data-test=answered]'))").await, "{file} was used");
        hostile.heal();
        embedded.browser.devtools("Network.clearBrowserCache", json!({})).await;
        embedded.run::<()>(&format!("{again}.click()")).await;
        embedded
            .until(
                &format!("without a fault in {file} it should come"),
                "$('[data-test=answered]')?.checkVisibility()",
            )
            .await;
    }
}

#[tokio::test]
async fn the_shops_own_server_answers_for_its_agent() {
    let embedded =
        Embedded::free("", "<menagerie-bot mode=\"server\" language-code=\"de\"></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("wann habt ihr geöffnet").await;
    embedded
        .until("the answer is the agent's", "$$('[data-test=answered]').at(-1).textContent.includes('Uhr')")
        .await;
}

#[tokio::test]
async fn without_the_network_it_says_so_and_comes_when_asked_again() {
    let embedded = Embedded::free("", "<menagerie-bot wait-open></menagerie-bot>").await;
    embedded.browser.set_offline(true).await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("the failure should be said", "$('.wait [part=retry-button]')?.checkVisibility()").await;
    embedded.browser.set_offline(false).await;
    embedded.run::<()>("$('.wait button').click()").await;
    embedded.until("the person should be welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
}

#[tokio::test]
async fn it_works_where_storage_is_blocked() {
    let head = "<script>for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } })</script>";
    let embedded = Embedded::free(head, "<menagerie-bot></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("thank you").await;
    embedded
        .until("it says so once", "$('[data-test=bot-status]').textContent.includes('keeps nothing')")
        .await;
}

#[tokio::test]
async fn escape_closes_and_the_launcher_has_the_focus_again() {
    let embedded =
        Embedded::free("", "<menagerie-bot chat-title=\"Ask Ada\" language-code=\"de\"></menagerie-bot>")
            .await;
    embedded.open_chat().await;
    embedded.until("the title is the page's", "$('#bot-title').textContent === 'Ask Ada'").await;
    embedded
        .until("the field has the focus", "bot.shadowRoot.activeElement?.matches('[data-test=bot-input]')")
        .await;
    embedded.browser.key(Key::Escape).await;
    embedded.until("the launcher has the focus", "bot.shadowRoot.activeElement === $('.launcher') && !$('[data-test=bot-panel]').checkVisibility()").await;
    assert_eq!(embedded.run::<String>("return $('.launcher').ariaLabel").await, "Chat öffnen");
    embedded.run::<()>("bot.showMinChat()").await;
    embedded.until("the last answer shows beside it", "$('[data-test=bot-glimpse]').checkVisibility()").await;
    embedded.run::<()>("bot.setAttribute('chat-title', 'Ask Bob')").await;
    embedded.until("the title follows", "$('#bot-title').textContent === 'Ask Bob'").await;
}

#[tokio::test]
async fn custom_elements_json_describes_the_real_element() {
    let listen = "<script>window.told = new Set(); const { dispatchEvent } = EventTarget.prototype;
        EventTarget.prototype.dispatchEvent = function (event) { if (this.localName === 'menagerie-bot') told.add(event.type); return dispatchEvent.call(this, event) };
        addEventListener('click', (event) => event.composedPath()[0].closest('a') && event.preventDefault());</script>";
    let embedded = Embedded::free(listen, "<menagerie-bot intent=\"\" expand></menagerie-bot>").await;
    let base = embedded.base().await;
    let described: Value =
        embedded.server.get(&format!("{base}custom-elements.json")).await.json().await.unwrap();
    let element = &described["modules"][0]["declarations"][0];
    let names = |list: &str| -> Vec<String> {
        element[list].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut observed: Vec<String> =
        embedded.run("return [...customElements.get('menagerie-bot').observedAttributes, 'wait-open']").await;
    let mut attributes = names("attributes");
    observed.sort();
    attributes.sort();
    assert_eq!(attributes, observed);
    let mut real: Vec<String> = embedded.run("return Object.getOwnPropertyNames(bot.constructor.prototype).filter((name) => !/^constructor$|Callback$/.test(name))").await;
    let mut members = names("members");
    real.sort();
    members.sort();
    assert_eq!(members, real);
    // Everything that there is, once.
    embedded.until("it opens", "$('[data-test=bot-panel]')?.checkVisibility()").await;
    embedded.run::<()>(&format!("bot.renderCustomCard({EVERY_KIND})")).await;
    embedded.until("the card shows", "$('[data-test=info]')").await;
    let parts: Vec<String> =
        embedded.run("return [...new Set($$('[part]').flatMap((e) => [...e.part]))]").await;
    let known = names("cssParts");
    let unknown: Vec<_> = parts.iter().filter(|part| !known.contains(part)).collect();
    assert!(unknown.is_empty(), "not described: {unknown:?}");
    // All events that there are are told, and no others.
    let click = "for (const name of ['info', 'list-item', 'rich-button', 'accordion', 'chip']) $(`[data-test=${name}]`).click();
        const broken = document.createElement('menagerie-bot'); broken.setAttribute('agent-id', 'nobody'); document.body.append(broken); broken.sendQuery('hi'); return null";
    embedded.run::<()>(click).await;
    let mut events = names("events");
    events.sort();
    let told = format!("JSON.stringify([...told].sort()) === {:?}", json!(events).to_string());
    embedded.until(&format!("these should be told: {events:?}"), &told).await;
    let style: String = embedded.server.get(&format!("{base}bot.css")).await.text().await.unwrap();
    let mut used: Vec<&str> = style
        .match_indices("--df-messenger-")
        .map(|(at, _)| {
            let rest = &style[at..];
            &rest[..rest.find([',', ')', ':', ';', '}']).unwrap()]
        })
        .collect();
    used.sort_unstable();
    used.dedup();
    let mut properties = names("cssProperties");
    properties.sort();
    assert_eq!(properties, used);
}

#[tokio::test]
async fn the_loader_is_small_kept_for_minutes_and_open_to_everybody() {
    let server = bot_server().await;
    let response = server.get("/embed/bot.js").await;
    let header = |name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    assert_eq!(header("access-control-allow-origin"), "*");
    assert_eq!(header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(header("content-type"), "text/javascript; charset=utf-8");
    assert!(header("cache-control").starts_with("public, max-age=300"), "{}", header("cache-control"));
    let loader = response.bytes().await.unwrap();
    let manifest: Value = server.get("/manifest.json").await.json().await.unwrap();
    let placed = &manifest["apps"][0]["releases"][0];
    let mut first_answer = vec![("embed.js".to_owned(), brotli(&loader))];
    for file in ["bot.js", "bot_bg.wasm", "bot.css", "tokens.css", "petstore.en.agent"] {
        let bytes =
            server.get(&format!("{}{file}", placed["base"].as_str().unwrap())).await.bytes().await.unwrap();
        first_answer.push((file.to_owned(), brotli(&bytes)));
    }
    let total: usize = first_answer.iter().map(|file| file.1).sum();
    println!("{}", json!({ "files": first_answer, "total": total }));
    assert!(first_answer[0].1 <= 5_000, "the loader has {} bytes", first_answer[0].1);
    assert!(total <= 180_000, "up to the first answer {total} bytes are fetched");
    assert_eq!(server.get("/embed/nobody.js").await.status(), 404);
    assert_eq!(server.get("/embed/index.html").await.status(), 200);
}

fn brotli(bytes: &[u8]) -> usize {
    use std::io::Write as _;
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    writer.write_all(bytes).unwrap();
    writer.into_inner().len()
}

/// The page to try it on, closed and open.
async fn page_to_try_it_on(screen: Screen, theme: Theme) {
    let (server, browser) = tokio::join!(bot_server(), Browser::start());
    browser.screen(screen).await;
    browser.theme(theme).await;
    browser.open(&format!("{}/embed/", server.origin())).await;
    let page = ForeignPage::serve(String::new()).await;
    let embedded = Embedded { server, browser, page };
    embedded.until("the launcher shows", "$('.launcher')?.checkVisibility()").await;
    embedded.browser.keep_screen("embed-closed", screen, theme).await;
    let mut found = axe::violations(&embedded.browser).await;
    embedded.open_chat().await;
    embedded.browser.keep_screen("embed-welcome", screen, theme).await;
    found.extend(axe::violations(&embedded.browser).await);
    assert!(found.is_empty(), "{found:#?}");
    assert!(
        embedded.browser.recorded().await.errors.is_empty(),
        "{:?}",
        embedded.browser.recorded().await.errors
    );
}

/// Every kind of message, and every state that the chat can be in.
async fn every_state(screen: Screen, theme: Theme) {
    let endpoint = ForeignPage::with(Router::new().fallback(detect).with_state(Arc::default())).await;
    let body = format!(
        "<menagerie-bot intent=\"\" mode=\"server\" agent-id=\"{}/v2/projects/p/agent\" url-allowlist=\"*\"></menagerie-bot>",
        endpoint.origin()
    );
    let embedded = Embedded::free("<meta name=\"viewport\" content=\"width=device-width\">", &body).await;
    embedded.browser.screen(screen).await;
    embedded.browser.theme(theme).await;
    let mut found = Vec::new();
    let mut look = async |name: &str| {
        embedded.browser.keep_screen(name, screen, theme).await;
        let violations = axe::violations(&embedded.browser).await;
        found.extend(violations.into_iter().map(|violation| format!("{name}: {violation:?}")));
    };
    embedded.run::<()>("bot.openChat(); bot.sendQuery('hi'); return null").await;
    embedded.until("the failure should show", "$('[data-test=bot-failed]')?.checkVisibility()").await;
    look("embed-failed").await;
    embedded.run::<()>("$('[data-test=bot-retry]').click()").await;
    embedded.until("it should be answered", "$$('[data-test=answered]').length === 3").await;
    look("embed-cards").await;
    let picture = format!("{}/pictures/ball/default.svg", embedded.server.origin());
    let (first, second) = EVERY_KIND.split_once("{ type: \"list\"").unwrap();
    embedded
        .run::<()>(&format!(
            "bot.renderCustomCard({}]); return null",
            first.replace("https://elsewhere.example/a.png", &picture)
        ))
        .await;
    embedded.until("the card shows", "$('[data-test=info]')").await;
    look("embed-boxes").await;
    embedded.run::<()>(&format!("bot.renderCustomCard([{{ type: \"list\"{second}); return null")).await;
    embedded.until("the list shows", "$('[data-test=list-item]')").await;
    embedded.run::<()>("$('[data-test=accordion]').click()").await;
    embedded.until("the accordion should open", "$('.accordion-body').checkVisibility()").await;
    look("embed-lists").await;
    for (button, name) in
        [("bot-microphone", "embed-consent-listening"), ("voice-button", "embed-consent-speaking")]
    {
        embedded.run::<()>(&format!("$('[data-test={button}]').click()")).await;
        embedded.until("the consent is asked for", "$('[data-test=bot-consent]').checkVisibility()").await;
        look(name).await;
        embedded.run::<()>("$('[data-test=decline]').click()").await;
    }
    embedded.browser.forced_colours(theme).await;
    look("embed-forced-colours").await;
    embedded.browser.theme(theme).await;
    embedded.run::<()>("bot.showMinChat(); return null").await;
    embedded.until("the last answer shows beside it", "$('[data-test=bot-glimpse]').checkVisibility()").await;
    look("embed-glimpse").await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn the_page_to_try_it_on_has_no_violations_in_the_light() {
    page_to_try_it_on(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn nor_on_a_phone_in_the_dark() {
    page_to_try_it_on(Screen::Phone, Theme::Dark).await;
}

#[tokio::test]
async fn no_state_has_violations_on_a_desktop_in_the_light() {
    every_state(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn nor_on_a_desktop_in_the_dark() {
    every_state(Screen::Desktop, Theme::Dark).await;
}

#[tokio::test]
async fn nor_on_a_narrow_phone_in_the_light() {
    every_state(Screen::Narrow, Theme::Light).await;
}

#[tokio::test]
async fn nor_on_a_narrow_phone_in_the_dark() {
    every_state(Screen::Narrow, Theme::Dark).await;
}
