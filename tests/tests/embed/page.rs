//! What the chat is to the page: it bears its policy and its styles, tells what happens, and leaves nothing behind.

use super::embedded::{EVERY_KIND, Embedded};
use serde_json::{Value, json};
use tests::{Key, memory};

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
async fn what_was_opened_and_closed_before_it_came_is_closed() {
    let early = "<menagerie-bot intent=\"\"></menagerie-bot>
        <script>
          window.changes = []; addEventListener('df-chat-open-changed', ({ detail }) => changes.push(detail.isOpen));
          document.querySelector('menagerie-bot').calls = [['openChat'], ['closeChat'], ['renderCustomText', 'here', true]];
        </script>";
    let embedded = Embedded::free("", early).await;
    let closed = "$('.bubble') && $('.launcher').getAttribute('aria-expanded') === 'false'
        && !$('[data-test=bot-panel]').checkVisibility() && JSON.stringify(changes) === '[true,false]'";
    embedded.until("it opened and closed", closed).await;
    // The same for one that is made by a script.
    let made = "changes.length = 0; const made = document.createElement('menagerie-bot');
        made.setAttribute('intent', ''); made.setAttribute('storage-option', 'none');
        made.openChat(); made.closeChat(); made.renderCustomText('here', true); bot.replaceWith(made); return null";
    embedded.run::<()>(made).await;
    embedded.until("it opened and closed", closed).await;
}

#[tokio::test]
async fn a_mount_that_was_given_up_breaks_nothing_of_the_next() {
    let late = "<script>
        window.held = []; window.failures = []; const real = fetch;
        window.fetch = (...all) => String(all[0]).includes('.wasm') ? new Promise((go) => held.push(go)).then(() => real(...all)) : real(...all);
        addEventListener('df-messenger-error', ({ detail }) => failures.push(detail.error.message));
      </script>";
    let embedded = Embedded::free(late, "<menagerie-bot wait-open></menagerie-bot>").await;
    embedded.run::<()>("window.one = bot; bot.openChat()").await;
    embedded.until("it is on its way", "held.length === 1").await;
    embedded.run::<()>("bot.remove()").await;
    embedded
        .run::<()>("document.body.append(one); one.openChat(); held.forEach((go) => go()); return null")
        .await;
    embedded.until("the person is welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
    assert_eq!(embedded.run::<Vec<String>>("return failures").await, [""; 0]);
    assert_eq!(embedded.run::<u32>("return $$('[data-test=bot-panel]').length").await, 1);
    memory::until_wasm_memories(&embedded.browser, 1, "the first was given up").await;
}

#[tokio::test]
async fn what_frameworks_hand_over_is_taken() {
    let embedded = Embedded::free("", "<menagerie-bot intent=\"\"></menagerie-bot>").await;
    embedded.run::<()>("bot.renderCustomCard(new Proxy([{ type: 'info', title: 'By a proxy' }], {})); bot.showMinChat(new Event('click')); return null").await;
    embedded.until("the card is there", "$('[data-test=info]')?.textContent.includes('By a proxy')").await;
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
async fn picture_longest_message_and_lifetime_are_the_pages() {
    // A pixel.
    let picture = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let body = format!(
        "<menagerie-bot chat-icon=\"{picture}\" max-query-length=\"9\" session-ttl=\"100\"></menagerie-bot>"
    );
    let embedded = Embedded::free("", &body).await;
    embedded.open_chat().await;
    embedded.until("the picture shows", "$('.avatar img')?.naturalWidth === 1").await;
    embedded.say("thank you").await;
    embedded.browser.press("thank you so").await;
    embedded.browser.key(Key::Enter).await;
    embedded
        .until("it is too long", "$('[data-test=bot-room]').innerText.includes('3 characters too many')")
        .await;
    assert_eq!(embedded.run::<u32>("return $$('[data-test=said]').length").await, 1);
    // Longer ago than that, it is not gone on with.
    embedded.run::<()>("window.next = bot.cloneNode(); bot.remove(); return null").await;
    let older =
        "const key = 'menagerie/personal/bot/1/petstore'; const kept = JSON.parse(sessionStorage[key]);
        kept.at -= 200; sessionStorage[key] = JSON.stringify(kept); document.body.append(next); return null";
    embedded.run::<()>(older).await;
    embedded.open_chat().await;
    assert!(!embedded.run::<bool>("return Boolean($('[data-test=said]'))").await, "it is gone on with");
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
    assert_eq!(embedded.run::<String>("return $('.launcher').closest('[lang]').lang").await, "de");
    embedded.run::<()>("bot.showMinChat()").await;
    embedded.until("the last answer shows beside it", "$('[data-test=bot-glimpse]').checkVisibility()").await;
    embedded
        .run::<()>("$('[data-test=dismiss-button]').focus(); $('[data-test=dismiss-button]').click()")
        .await;
    embedded.until("the launcher has the focus again", "bot.shadowRoot.activeElement === $('.launcher') && !$('[data-test=bot-glimpse]').checkVisibility()").await;
    embedded.run::<()>("bot.setAttribute('chat-title', 'Ask Bob')").await;
    embedded.until("the title follows", "$('#bot-title').textContent === 'Ask Bob'").await;
    // Agent and session are those that it began with.
    embedded.run::<()>("window.sessions = []; addEventListener('df-request-sent', ({ detail }) => sessions.push(detail.requestBody.session)); bot.setAttribute('agent-id', 'nobody'); bot.setAttribute('mode', 'server'); bot.setAttribute('chat-title', 'Ask Eve')").await;
    embedded.until("all attributes are read", "$('#bot-title').textContent === 'Ask Eve'").await;
    embedded.run::<()>("bot.sendQuery('danke')").await;
    embedded.until("it is answered", "sessions.length === 1 && $$('[data-test=answered]').length > 1").await;
    assert!(embedded.run::<bool>("return sessions[0].startsWith('projects/petstore/')").await);
}
