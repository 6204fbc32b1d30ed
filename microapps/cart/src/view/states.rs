//! What is on the page besides a filled cart.

use crate::{
    el,
    page::{NOTICES, Page},
};
use contract::code;
use microapp::{api::ApiError, element::El, t, t_count, t_with};

/// Before the first answer: whether it can still come.
pub fn unknown(page: Page) -> &'static str {
    if page.shown(|shown| shown.failure.is_some()) { "failed" } else { "loading" }
}

/// The shape of a cart.
pub fn skeleton() -> El {
    let bar = |class: &str| el("div").class("skeleton").class(class);
    let line = || {
        let about = el("div").class("about").child(bar("text")).child(bar("text short"));
        el("div").class("line").child(bar("picture")).child(about)
    };
    let summary = el("div").class("summary card").children(["text short", "text", "bar"].map(bar));
    el("div")
        .class("columns")
        .attr("aria-busy", "true")
        .child(el("div").class("list").child(line()).child(line()))
        .child(summary)
        .child(el("p").class("visually-hidden").t("Loading your cart"))
}

/// Nothing in it.
pub fn empty(page: Page) -> El {
    let hint = move || match page.unseen() {
        0 => t("Beds, bowls and balls are waiting to be found."),
        unseen => t_count(
            "{n} item goes into it as soon as the shop can be reached.",
            "{n} items go into it as soon as the shop can be reached.",
            unseen,
        ),
    };
    let picture =
        [("src", "/pictures/empty-cart/default.svg"), ("alt", ""), ("width", "240"), ("height", "180")];
    el("div")
        .class("empty")
        .attr("data-test", "empty")
        .child(el("img").attrs(&picture))
        .child(el("h2").t("Nothing here yet"))
        .child(el("p").class("hint").text_from(hint))
        .child(el("a").class("button").attr("href", &page.context.host.href("/")).t("Have a look around"))
}

/// A plain word when the shop cannot be reached.
pub fn connection(page: Page) -> El {
    let error = move || page.shown(|shown| shown.failure.clone());
    // Drawn anew only when it says something else: trying again keeps the button and its focus.
    let key = move || error().map(|error| [&*word(page, &error), &error.code].concat()).unwrap_or_default();
    el("div")
        .class("connection")
        .attrs(&[("role", "status"), ("data-test", "connection")])
        .children_from(key, move || error().map(|error| trouble(page, &error)).into_iter().collect())
}

fn word(page: Page, error: &ApiError) -> String {
    t(match (error.is(code::LOAD_NETWORK), page.known(), page.waits()) {
        (true, _, true) => {
            "You seem to be offline. Your changes are kept here and are sent when the connection is back."
        }
        (true, true, false) => "You seem to be offline. This is your cart as it was last time.",
        (true, false, false) => {
            "The shop cannot be reached. Your cart shows up as soon as the connection is back."
        }
        (false, _, true) => "The shop could not take up your changes yet. They are kept here.",
        (false, _, false) => "The shop could not read your cart just now.",
    })
}

fn trouble(page: Page, error: &ApiError) -> El {
    let offline = error.is(code::LOAD_NETWORK);
    let detail = if offline { String::new() } else { [" ", &error.numbered()].concat() };
    let button = |text: &str| el("button").class("button quiet small").attr("type", "button").text(text);
    let again = button(&t("Try again")).attr("data-test", "retry").on("click", move |_| page.try_again());
    let discard = (page.waits() && !offline)
        .then(|| button(&t("Drop my changes")).on("click", move |_| page.discard()));
    el("div")
        .class("note warn trouble")
        .child(el("p").text(&word(page, error)).text(&detail))
        .child(el("div").class("beside").child(again).children(discard))
}

/// What is to be said about the whole cart, or about lines that are gone.
pub fn notices(page: Page) -> El {
    let said = move || {
        let unseen = page.unseen();
        page.cart(|cart| {
            let on_a_line = |id: i64| cart.lines.iter().any(|line| line.variant_id == id);
            let notices = cart.notices.iter().filter(|notice| !notice.variant_id.is_some_and(on_a_line));
            let mut said: Vec<String> = notices.map(|notice| notice.message.clone()).collect();
            if unseen > 0 && !cart.lines.is_empty() {
                said.push(t_with(
                    "{n} more on the way, as soon as the shop can be reached.",
                    &[("n", &unseen.to_string())],
                ));
            }
            said
        })
    };
    el("div")
        .class("notices")
        .attrs(&[("id", NOTICES), ("role", "status"), ("tabindex", "-1")])
        .children_from(
            move || said().into_iter().collect(),
            move || {
                let note = |text: &String| el("p").class("note warn").attr("data-test", "notice").text(text);
                said().iter().map(note).collect()
            },
        )
}
