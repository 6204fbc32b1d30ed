//! What was found: count, cards, pages; or why there is nothing.

use crate::{browse::Browse, card, count_of, el, filters::Filters, narrow, pages};
use contract::shop::catalogue::ProductSummary;
use microapp::{
    Watched,
    element::El,
    page::{pause, run},
    t, t_with,
};

/// Places that are kept free until the first answer.
const EXPECTED: usize = 8;

/// The products with everything around them; `heading` is theirs.
pub fn section(browse: Browse, heading: El) -> El {
    let count = el("p").class("count").attrs(&[("role", "status"), ("data-test", "count")]);
    let head = el("div")
        .class("results-head")
        .child(heading.class_when("visually-hidden", move || browse.browsing()))
        .child(count.text_from(move || count_text(browse)))
        .child(el("div").class("clear-place").children_from(
            move || match browse.filters() {
                filters if !filters.narrow() || finds_nothing(browse) => String::new(),
                filters => filters.searches_only().to_string(),
            },
            move || match browse.filters() {
                filters if !filters.narrow() || finds_nothing(browse) => Vec::new(),
                filters => vec![narrow::clear(browse, &filters)],
            },
        ));
    let failure = el("div").attr("role", "alert").children_from(
        move || browse.answers().failure.as_ref().map(|error| error.message.clone()).unwrap_or_default(),
        move || failed(browse),
    );
    el("section")
        .class("results")
        .attr("aria-labelledby", "home-products")
        .attr_from("aria-busy", move || Some(browse.answers().busy.to_string()))
        .child(head)
        .child(narrow::form(browse))
        .child(failure)
        .child(grid(browse))
        .child(below(browse))
}

/// Cards that are drawn together with the answer. The others follow when the page has shown these: all at once would keep a
/// slow phone busy for a noticeable time.
const AT_FIRST: usize = 8;

/// The cards. One whose product stays as it is stays on the page: no flicker while typing.
fn grid(browse: Browse) -> El {
    let mut cards: Vec<(ProductSummary, El)> = Vec::new();
    // The turn whose cards are to be drawn to the last one.
    let whole = Watched::new(None);
    el("ul")
        .class("grid")
        .class_when("outdated", move || browse.found().is_some() && browse.outdated())
        .attr_when("hidden", "", move || browse.found().is_none() && !browse.answers().busy)
        .children_from(
            move || {
                let turn = browse.found().map(|found| found.turn);
                let rest = if whole.get() == turn { " whole" } else { "" };
                turn.map(|turn| [&turn.to_string(), rest].concat()).unwrap_or_default()
            },
            move || {
                let Some(found) = browse.found() else {
                    return (0..EXPECTED).map(|_| card::waiting()).collect();
                };
                let turn = Some(found.turn);
                let mut left = if whole.get_untracked() == turn { usize::MAX } else { AT_FIRST };
                let mut is_whole = true;
                let mut now = Vec::with_capacity(found.page.items.len());
                for (place, product) in found.page.items.iter().enumerate() {
                    let kept = cards.iter().find(|(shown, _)| shown == product);
                    let card = match kept {
                        Some((_, card)) => card.clone(),
                        None if left == 0 => {
                            is_whole = false;
                            continue;
                        }
                        None => {
                            left -= 1;
                            card::card(browse.host, place, product)
                        }
                    };
                    now.push((product.clone(), card));
                }
                cards = now;
                if !is_whole {
                    run(async move {
                        pause(0).await;
                        whole.set(turn);
                    });
                }
                cards.iter().map(|(_, card)| card.clone()).collect()
            },
        )
}

/// Whether there is nothing by the last answer, which says how to find something.
pub fn finds_nothing(browse: Browse) -> bool {
    browse.found().is_some_and(|found| found.page.total == 0)
}

fn count_text(browse: Browse) -> String {
    let Some(found) = browse.found() else { return String::new() };
    let total = count_of(found.page.total);
    match found.place() {
        (_, ..=1) => total,
        (page, pages) => t_with(
            "{products}, page {page} of {pages}",
            &[("products", &total), ("page", &page.to_string()), ("pages", &pages.to_string())],
        ),
    }
}

/// What stands below the cards: the list of pages, or that there is nothing.
fn below(browse: Browse) -> El {
    el("div").children_from(
        move || match browse.found() {
            // The links lead on from what is looked for now.
            Some(found) if found.place().1 > 1 => {
                [browse.filters().path().as_str(), " ", &found.turn.to_string()].concat()
            }
            Some(found) => found.turn.to_string(),
            None => String::new(),
        },
        move || {
            let Some(found) = browse.found() else { return Vec::new() };
            match found.place() {
                (_, 0) => vec![nothing(browse, &found.filters)],
                (_, 1) => Vec::new(),
                (page, pages) => vec![pages::links(browse, page, pages)],
            }
        },
    )
}

/// Why nothing was found by these filters: newer ones may have no answer yet.
fn nothing(browse: Browse, filters: &Filters) -> El {
    let advice = t(if !filters.q.is_empty() {
        "Nothing matches these words. Try fewer or simpler ones, or look in every category."
    } else if filters.min.or(filters.max).is_some() {
        "Nothing here fits these filters. A wider price range may help."
    } else if filters.filtered() {
        "Nothing here fits these filters."
    } else if filters.category.is_empty() {
        "There is nothing in the shop yet"
    } else {
        "Nothing here yet"
    });
    let picture = [
        ("src", "/pictures/not-found/default.svg"),
        ("alt", ""),
        ("width", "160"),
        ("height", "160"),
        ("loading", "lazy"),
    ];
    let empty = el("div").class("empty").attr("data-test", "empty");
    let empty = empty.child(el("img").attrs(&picture)).child(el("p").text(&advice));
    if filters.narrow() { empty.child(narrow::clear(browse, filters)) } else { empty }
}

fn failed(browse: Browse) -> Vec<El> {
    let Some(error) = &browse.answers().failure else { return Vec::new() };
    let again = el("button").class("button").attr("type", "button").t("Try again").on("click", move |_| {
        browse.load();
        browse.to_products();
    });
    let text = el("p").text(&error.numbered());
    vec![el("div").class("note bad failed").attr("data-test", "failure").child(text).child(again)]
}
