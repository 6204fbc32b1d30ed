//! Who answers: the page itself, a server, and neither when the network or the storage is away.

use super::{
    embedded::{Embedded, bot_server, html},
    endpoint::{detect, refuse_contexts},
};
use axum::Router;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tests::{Browser, Fault, ForeignPage, Hostile, Screen};

#[tokio::test]
async fn a_detect_intent_endpoint_answers_in_server_mode_and_a_failed_message_can_be_sent_again() {
    let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
    let endpoint = ForeignPage::with(Router::new().fallback(detect).with_state(asked.clone())).await;
    let body = format!(
        "<menagerie-bot intent=\"\" mode=\"server\" agent-id=\"{}/v2/projects/p/agent\"></menagerie-bot>",
        endpoint.origin()
    );
    let embedded = Embedded::free("", &body).await;
    embedded.run::<()>("window.failures = []; bot.addEventListener('df-messenger-error', ({ detail }) => failures.push(detail.error.code)); bot.openChat(); bot.setContext('found'); bot.sendQuery('hi')").await;
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
    assert_eq!(asked[1]["queryParams"]["contexts"][0]["name"], "found");
    assert!(asked[0]["session"].as_str().unwrap().contains("/sessions/"));
}

#[tokio::test]
async fn a_context_that_is_refused_is_not_sent_for_ever() {
    let endpoint = ForeignPage::with(Router::new().fallback(refuse_contexts)).await;
    let body = format!(
        "<menagerie-bot intent=\"\" mode=\"server\" agent-id=\"{}/v2/projects/p/agent\"></menagerie-bot>",
        endpoint.origin()
    );
    let embedded = Embedded::free("", &body).await;
    embedded.run::<()>("bot.openChat(); bot.setContext('found'); bot.sendQuery('hi')").await;
    embedded.until("it is refused", "$('[data-test=bot-failed]')?.checkVisibility()").await;
    embedded.run::<()>("$('[data-test=bot-retry]').click()").await;
    embedded.until("it is answered", "$('[data-test=answered]')?.checkVisibility()").await;
}

#[tokio::test]
async fn it_learns_between_what_the_page_does_and_welcomes_before() {
    let embedded = Embedded::free("", "<menagerie-bot wait-open></menagerie-bot>").await;
    // How often the page had its turn when the first and the second answer came.
    let watch = "window.turns = 0; window.longest = 0; let last = performance.now();
        const { port1, port2 } = new MessageChannel();
        window.seen = []; window.typed = false;
        const look = () => { const n = $$('[data-test=answered]').length; if (n > seen.length) { seen.push(turns); longest = 0; } else if (n === 1) typed ||= $('[data-test=bot-typing]')?.checkVisibility() ?? false; };
        port1.onmessage = () => { turns += 1; longest = Math.max(longest, performance.now() - last); last = performance.now(); if (seen.length < 2) look(); port2.postMessage(0); };
        port2.postMessage(0);
        new PerformanceObserver((list) => (window.long = [...(window.long ?? []), ...list.getEntries().map((e) => Math.round(e.duration))])).observe({ type: 'longtask' });
        bot.openChat(); bot.sendQuery('what are your opening hours'); return null";
    embedded.run::<()>(watch).await;
    embedded.until("both should be answered", "seen.length === 2").await;
    let (seen, longest, long): (Vec<u32>, f64, Vec<f64>) =
        embedded.run("return [seen, longest, window.long ?? []]").await;
    println!("turns at the answers {seen:?}, the longest without one {longest:.1} ms; long tasks {long:?}");
    assert!(seen[1] - seen[0] > 20, "the page had no turn while it learnt: {seen:?}");
    assert!(embedded.run::<bool>("return typed").await, "nothing shows that an answer is on its way");
}

/// Notes the vectors that a page fetches; the first time they do not come.
const COUNT_VECTORS: &str = "<script>
  window.vectors = []; const real = fetch;
  window.fetch = (...all) => { const lost = String(all[0]).endsWith('.vectors') && vectors.push(all[0]) === 1; return lost ? Promise.reject(new TypeError('lost')) : real(...all) };
</script>";

/// No phrase of the agent says it so.
const IN_OTHER_WORDS: &str = "put me through to an employee";

#[tokio::test]
async fn what_is_said_in_other_words_is_understood_once_vectors_have_come() {
    let embedded = Embedded::free(COUNT_VECTORS, "<menagerie-bot></menagerie-bot>").await;
    embedded.run::<()>("window.intents = []; bot.addEventListener('df-response-received', ({ detail }) => intents.push(detail.response.queryResult.intent.displayName)); return null").await;
    embedded.open_chat().await;
    assert_eq!(embedded.run::<u32>("return vectors.length").await, 0, "who says nothing fetches none");
    embedded.say(IN_OTHER_WORDS).await;
    let understood = "intents.at(-1) === 'human'";
    assert!(!embedded.run::<bool>(&format!("return {understood}")).await, "it needs no vectors");
    // Asked again and again until it is.
    let ask_again = format!(
        "window.asking = setInterval(() => {{ if ({understood}) clearInterval(asking); else bot.sendQuery({IN_OTHER_WORDS:?}) }}, 200); return null"
    );
    embedded.run::<()>(&ask_again).await;
    embedded.until("it should be understood", understood).await;
    assert_eq!(embedded.run::<u32>("return vectors.length").await, 2, "they are lost once and come once");
}

#[tokio::test]
async fn who_saves_data_fetches_no_vectors() {
    let saves =
        "<script>Object.defineProperty(navigator, 'connection', { value: { saveData: true } })</script>";
    let head = [COUNT_VECTORS, saves].concat();
    let embedded = Embedded::free(&head, "<menagerie-bot></menagerie-bot>").await;
    embedded.open_chat().await;
    for text in [IN_OTHER_WORDS, "thank you"] {
        embedded.say(text).await;
    }
    assert_eq!(embedded.run::<u32>("return vectors.length").await, 0);
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

/// What waits for long waits until the test calls it.
const LATE: &str = "<meta name=\"viewport\" content=\"width=device-width\"><script>
  window.late = []; const real = setTimeout;
  window.setTimeout = (act, time, ...rest) => (time > 9999 ? late.push(act) : real(act, time, ...rest));
</script>";

#[tokio::test]
async fn on_a_phone_a_chat_that_does_not_come_can_be_closed_and_is_given_up_some_time() {
    let (server, browser) = tokio::join!(bot_server(), Browser::start());
    browser.screen(Screen::Phone).await;
    let hostile = Hostile::before(server.origin()).await;
    let page = html(hostile.origin(), LATE, "<menagerie-bot wait-open></menagerie-bot>");
    let page = ForeignPage::serve(page).await;
    let embedded = Embedded::opened(server, browser, page).await;
    hostile.damage(&format!("{}bot.js", embedded.base().await), Fault::Silent);
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("it is on its way", "$('.wait').checkVisibility()").await;
    let on_top = "const { x, y } = $('.launcher').getBoundingClientRect(); return Boolean(bot.shadowRoot.elementFromPoint(x + 30, y + 30)?.closest('.launcher'))";
    assert!(embedded.run::<bool>(on_top).await, "nothing closes it");
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("it is closed", "!$('.wait').checkVisibility()").await;
    embedded.run::<()>("$('.launcher').click(); late.forEach((act) => act())").await;
    embedded.until("it is given up", "$('.wait [part=retry-button]')?.checkVisibility()").await;
    hostile.heal();
    let again = "const again = $('.wait button'); again.focus(); again.click(); return bot.shadowRoot.activeElement === $('.launcher')";
    assert!(embedded.run::<bool>(again).await, "the focus is lost");
    embedded.until("the person is welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
}

#[tokio::test]
async fn the_webhook_of_an_agent_at_an_address_is_not_called() {
    let embedded = Embedded::free("", "").await;
    let agent = format!("{}{}petstore.en.agent", embedded.server.origin(), embedded.base().await);
    let comes = format!(
        "const next = document.createElement('menagerie-bot'); next.setAttribute('agent-id', '{agent}');
         document.body.append(next); return null"
    );
    embedded.run::<()>(&comes).await;
    embedded.open_chat().await;
    embedded.say("dog beds under 50 dollars").await;
    let asked =
        "return performance.getEntriesByType('resource').some(({ name }) => name.includes('/bot/webhook'))";
    assert!(!embedded.run::<bool>(asked).await, "what was said went to the shop");
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
    embedded
        .until("it says so once", "$('[data-test=bot-status]').innerText.includes('keeps nothing')")
        .await;
    embedded.say("thank you").await;
    assert_eq!(embedded.run::<String>("return $('[data-test=bot-status]').innerText").await, "");
}

#[tokio::test]
async fn an_agent_whose_hash_is_none_is_not_taken_unchecked() {
    let body = "<menagerie-bot agent-id=\"https://elsewhere.example/mine.agent\" agent-integrity=\"sha-384-mistyped\"></menagerie-bot>";
    let embedded = Embedded::free("", body).await;
    embedded.run::<()>("window.failures = []; bot.addEventListener('df-messenger-error', ({ detail }) => failures.push(detail.error.code)); bot.openChat()").await;
    embedded.until("it is a fault", "failures[0] === 'E610'").await;
    embedded.until("it can be tried again", "$('.wait [part=retry-button]')?.checkVisibility()").await;
    for (tries, none) in ["null", "sha384-…", "xsha384-abc"].into_iter().enumerate() {
        let again =
            format!("bot.setAttribute('agent-integrity', '{none}'); $('.wait [part=retry-button]').click()");
        embedded.run::<()>(&again).await;
        embedded.until(&format!("{none} is one"), &format!("failures.length === {}", tries + 2)).await;
        embedded.until("it can be tried again", "$('.wait [part=retry-button]')?.checkVisibility()").await;
    }
}
