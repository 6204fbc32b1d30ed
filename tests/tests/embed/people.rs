//! Whose conversation it is, and who has the focus.

use super::{embedded::Embedded, endpoint::cors};
use axum::{
    Json, Router,
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use std::{
    future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tests::ForeignPage;

const SAID: &str = "[data-test=said]";

/// The chat goes with one person, and comes with another.
async fn next(embedded: &Embedded, person: &str) {
    embedded.run::<()>("bot.remove()").await;
    let comes = format!(
        "const next = document.createElement('menagerie-bot');
         next.setAttribute('session-id', '{person}'); document.body.append(next)"
    );
    embedded.run::<()>(&comes).await;
}

#[tokio::test]
async fn another_persons_session_begins_anew() {
    let embedded = Embedded::free("", "<menagerie-bot session-id=\"anna\"></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("thank you").await;
    next(&embedded, "anna").await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("Anna goes on", &format!("$('{SAID}')?.checkVisibility()")).await;
    next(&embedded, "ben").await;
    embedded.open_chat().await;
    assert!(!embedded.run::<bool>(&format!("return Boolean($('{SAID}'))")).await, "Ben reads what Anna said");
    // A conversation that was begun anew is still the person's.
    embedded.run::<()>("bot.startNewSession()").await;
    embedded.until("Ben is welcomed again", "$$('[data-test=answered]').length === 1").await;
    embedded.say("thank you").await;
    next(&embedded, "ben").await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("Ben goes on", &format!("$('{SAID}')?.checkVisibility()")).await;
}

#[tokio::test]
async fn one_that_takes_the_place_of_another_goes_on_with_its_conversation() {
    let embedded = Embedded::free("", "<menagerie-bot></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("thank you").await;
    embedded.run::<()>("bot.replaceWith(document.createElement('menagerie-bot'))").await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("what was said is there", &format!("$('{SAID}')?.checkVisibility()")).await;
}

#[tokio::test]
async fn a_session_of_any_name_is_one_that_servers_take() {
    let record = "<script>addEventListener('df-request-sent', ({ detail }) => (window.session = detail.requestBody.session.split('/sessions/')[1]))</script>";
    let embedded = Embedded::free(record, "<menagerie-bot session-id=\"anna:1/2\"></menagerie-bot>").await;
    embedded.open_chat().await;
    assert_eq!(embedded.run::<String>("return session").await, "anna~58~1~47~2");
    next(&embedded, &"long".repeat(33)).await;
    embedded.run::<()>("window.session = ''").await;
    embedded.open_chat().await;
    assert_eq!(embedded.run::<usize>("return session.length").await, 128);
}

/// Where a conversation is kept.
const KEPT: &str = "localStorage['menagerie/personal/bot/1/petstore']";

#[tokio::test]
async fn what_is_kept_too_long_goes() {
    let embedded = Embedded::free(
        "",
        "<menagerie-bot intent=\"\" storage-option=\"localStorage\" wait-open></menagerie-bot>",
    )
    .await;
    embedded.run::<()>(&format!("{KEPT} = JSON.stringify({{ at: 1, id: 'old' }}); bot.openChat()")).await;
    embedded.until("it is gone", &format!("!{KEPT}")).await;
    // Though nobody opens it: whatever comes later on the page looks later.
    let comes = format!(
        "{KEPT} = JSON.stringify({{ at: Date.now() / 1000 - 2000 }});
         const [fresh, brief] = ['fresh', 'brief'].map((id) => {{
           localStorage[`menagerie/personal/bot/1/${{id}}`] = JSON.stringify({{ at: Date.now() / 1000 - 1000 }});
           return Object.assign(bot.cloneNode(), {{ id }});
         }});
         brief.setAttribute('session-ttl', '500'); bot.replaceWith(fresh, brief, bot.cloneNode()); return null"
    );
    embedded.run::<()>(&comes).await;
    let brief = "'menagerie/personal/bot/1/brief' in localStorage";
    embedded.until("it is gone unopened", &format!("!{KEPT} && !({brief})")).await;
    assert!(embedded.run::<bool>("return 'menagerie/personal/bot/1/fresh' in localStorage").await);
}

#[tokio::test]
async fn what_is_cleared_of_the_tab_is_not_what_the_browser_keeps() {
    let embedded =
        Embedded::free("", "<menagerie-bot storage-option=\"localStorage\"></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("thank you").await;
    let clears = "const frame = document.createElement('iframe'); document.body.append(frame);
        addEventListener('storage', ({ key }) => (window.told = key === null));
        sessionStorage.setItem('theirs', '1'); frame.contentWindow.sessionStorage.clear()";
    embedded.run::<()>(clears).await;
    embedded.until("the page is told", "window.told").await;
    assert!(embedded.run::<bool>(&format!("return Boolean($('{SAID}'))")).await, "it is forgotten");
}

#[tokio::test]
async fn tabs_that_share_a_conversation_go_on_with_it_and_forget_it_together() {
    let embedded =
        Embedded::free("", "<menagerie-bot intent=\"\" storage-option=\"localStorage\"></menagerie-bot>")
            .await;
    let address = embedded.browser.address().await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("the panel shows", "$('[data-test=bot-panel]')?.checkVisibility()").await;
    let (first, second) = embedded.browser.new_tab().await;
    embedded.browser.open(&address).await;
    embedded.until("the launcher shows", "$('.launcher')").await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("the panel shows", "$('[data-test=bot-panel]')?.checkVisibility()").await;
    embedded.say("thank you").await;
    embedded.browser.show_tab(&first).await;
    embedded.until("what was said there is here", &format!("$$('{SAID}').length === 1")).await;
    embedded.say("what are your opening hours").await;
    embedded.run::<()>("bot.clearStorage()").await;
    embedded.browser.show_tab(&second).await;
    embedded.until("it is forgotten here, too", &format!("!$('{SAID}')")).await;
    embedded.say("thank you").await;
    assert_eq!(embedded.run::<usize>(&format!("return $$('{SAID}').length")).await, 1);
}

#[tokio::test]
async fn who_forgets_in_one_tab_begins_anew_in_both() {
    let embedded =
        Embedded::free("", "<menagerie-bot storage-option=\"localStorage\"></menagerie-bot>").await;
    let address = embedded.browser.address().await;
    embedded.open_chat().await;
    embedded.say("thank you").await;
    let (first, second) = embedded.browser.new_tab().await;
    embedded.browser.open(&address).await;
    embedded.until("the launcher shows", "$('.launcher')").await;
    embedded.run::<()>("$('.launcher').click()").await;
    embedded.until("what was said is here", &format!("$('{SAID}')?.checkVisibility()")).await;
    embedded.browser.show_tab(&first).await;
    embedded.run::<()>("bot.clearStorage()").await;
    let welcomed = format!("$$('[data-test=answered]').length === 1 && !$('{SAID}')");
    embedded.until("the person is welcomed again", &welcomed).await;
    embedded.browser.show_tab(&second).await;
    embedded.until("the new conversation is here, too", &welcomed).await;
    embedded.say("thank you").await;
    embedded.browser.show_tab(&first).await;
    embedded.until("what was said there is here", &format!("$$('{SAID}').length === 1")).await;
}

#[tokio::test]
async fn a_new_session_with_its_history_is_one_on_the_next_page_too() {
    let embedded = Embedded::free("", "<menagerie-bot></menagerie-bot>").await;
    embedded.open_chat().await;
    embedded.say("thank you").await;
    embedded.run::<()>("bot.closeChat()").await;
    let kept = "JSON.parse(sessionStorage['menagerie/personal/bot/1/petstore'])";
    let before: String = embedded.run(&format!("return {kept}.id")).await;
    embedded.run::<()>("bot.startNewSession({ retainHistory: true })").await;
    embedded.until("the new session is kept", &format!("{kept}.id !== '{before}'")).await;
    assert!(embedded.run::<bool>(&format!("return {kept}.messages.length > 2")).await);
}

/// Answers all questions but the first, to which it never says anything.
async fn hangs_once(State(asked): State<Arc<AtomicUsize>>, method: Method) -> Response {
    if method == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, cors()).into_response();
    }
    if asked.fetch_add(1, Ordering::SeqCst) == 0 {
        return future::pending().await;
    }
    (cors(), Json(json!({ "responseId": "r", "queryResult": { "fulfillmentText": "Here I am." } })))
        .into_response()
}

#[tokio::test]
async fn a_new_conversation_does_not_wait_for_the_old_ones_answer() {
    let asked = Arc::<AtomicUsize>::default();
    let endpoint = ForeignPage::with(Router::new().fallback(hangs_once).with_state(asked.clone())).await;
    let body = format!(
        "<menagerie-bot intent=\"\" mode=\"server\" agent-id=\"{}/v2/projects/p/agent\"></menagerie-bot>",
        endpoint.origin()
    );
    let embedded = Embedded::free("", &body).await;
    embedded.run::<()>("bot.openChat(); bot.sendQuery('hi')").await;
    embedded.until("it waits for an answer", "$('[data-test=bot-typing]')?.checkVisibility()").await;
    embedded.run::<()>("bot.startNewSession(); bot.sendQuery('and now?')").await;
    embedded.until("it is answered", "$$('[data-test=answered]').length === 1").await;
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn whoever_writes_on_the_page_keeps_the_focus() {
    let embedded =
        Embedded::free("", "<input id=\"search\" aria-label=\"Search\"><menagerie-bot></menagerie-bot>")
            .await;
    let writes = "document.activeElement?.id === 'search'";
    embedded.run::<()>("document.getElementById('search').focus(); bot.openChat()").await;
    embedded.until("the person is welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
    embedded.browser.press("beds").await;
    assert_eq!(embedded.run::<String>("return document.getElementById('search').value").await, "beds");
    embedded.run::<()>("bot.closeChat()").await;
    embedded.until("it is closed", "$('.launcher').getAttribute('aria-expanded') === 'false'").await;
    assert!(embedded.run::<bool>(&format!("return {writes}")).await, "the launcher took the focus");
    // Who opens it has it, as ever.
    embedded.run::<()>("$('.launcher').focus(); $('.launcher').click()").await;
    embedded
        .until("the field has the focus", "bot.shadowRoot.activeElement?.matches('[data-test=bot-input]')")
        .await;
}

#[tokio::test]
async fn whoever_writes_in_a_component_of_the_page_keeps_the_focus() {
    let embedded = Embedded::free("", "<div id=\"component\"></div><menagerie-bot></menagerie-bot>").await;
    let writes = "const field = document.createElement('input');
        document.getElementById('component').attachShadow({ mode: 'open' }).append(field); field.focus(); bot.openChat(); return null";
    embedded.run::<()>(writes).await;
    embedded.until("the person is welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
    embedded.browser.press("beds").await;
    let written = "return document.getElementById('component').shadowRoot.firstChild.value";
    assert_eq!(embedded.run::<String>(written).await, "beds");
}

#[tokio::test]
async fn a_chat_that_the_page_expands_leaves_the_focus_where_it_is() {
    let embedded = Embedded::free(
        "",
        "<button id=\"button\">A button of the page</button><menagerie-bot></menagerie-bot>",
    )
    .await;
    let expand = "document.getElementById('button').focus(); bot.setAttribute('expand', '')";
    embedded.run::<()>(expand).await;
    embedded.until("the person is welcomed", "$('[data-test=answered]')?.checkVisibility()").await;
    assert!(embedded.run::<bool>("return document.activeElement.id === 'button'").await, "the focus went");
    // A button of the page that opens it means whoever presses it.
    embedded.run::<()>("bot.closeChat()").await;
    embedded.until("it is closed", "!$('[data-test=bot-panel]').checkVisibility()").await;
    embedded.run::<()>("bot.openChat()").await;
    embedded
        .until("the field has the focus", "bot.shadowRoot.activeElement?.matches('[data-test=bot-input]')")
        .await;
}
