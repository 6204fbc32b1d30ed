//! What all lists have: how many there are, ways to narrow them down, rows, and the next page.

use crate::{answers::Answers, desk::Desk, el, page, pager, view::Filter};
use leptos::prelude::untrack;
use microapp::{element::El, keyed};
use operator::focus;

/// A list.
#[derive(Clone, Copy)]
pub struct List {
    /// Its heading.
    pub name: &'static str,
    /// How many rows a page has; the server is asked for one more.
    pub size: usize,
    /// The element that its rows are in, and what that is in.
    pub place: fn() -> (El, Option<El>),
    /// What tells its rows from each other, in their order; nothing before the first answer. Begins with what the next page
    /// is asked for by, up to a blank.
    pub keys: fn(&Answers) -> Option<Vec<String>>,
    /// The row of a key.
    pub row: fn(Desk, &str) -> El,
    /// How many there are, in words.
    pub summary: fn(&Filter, count: usize) -> String,
    /// What stands there when there are none.
    pub empty: fn(Desk, &Filter) -> El,
    /// The ways to the first and to the next page.
    pub pages: [&'static str; 2],
}

/// The view of a list, with ways to narrow it down.
pub fn view(desk: Desk, list: List, narrow: Vec<El>) -> Vec<El> {
    let keys = move || desk.answers(list.keys);
    let count = move || keys().map(|keys| keys.len());
    let shown = move || {
        let mut keys = keys().unwrap_or_default();
        keys.truncate(list.size);
        keys
    };
    let next = move || {
        let keys = keys().filter(|keys| keys.len() > list.size)?;
        Some(keys.get(list.size - 1)?.split(' ').next()?.to_owned())
    };
    let summary = move || match count() {
        None => "Asking the server …".to_owned(),
        Some(count) => {
            let more = if count > list.size { ", and there are more" } else { "" };
            [&(list.summary)(&desk.view().filter(), count.min(list.size)), more].concat()
        }
    };
    let (place, whole) = (list.place)();
    let rows = keyed::children(place, shown, move |key: String| (list.row)(desk, &key));
    let rows = match whole {
        Some(whole) => whole.child(rows),
        None => rows,
    };
    let waits = move || page::waits(desk, count().is_some());
    let skeletons = el("div")
        .class("rows")
        .attr("aria-hidden", "true")
        .attr_when("hidden", "", move || !waits())
        .children(page::skeletons(4));
    let none = move || match count() {
        Some(0) => desk.view().address(&desk.view().filter()),
        _ => String::new(),
    };
    let empty = el("div").children_from(none, move || match untrack(none).as_str() {
        "" => Vec::new(),
        _ => vec![(list.empty)(desk, &desk.view().filter())],
    });
    let says =
        el("p").class("summary").attrs(&[("role", "status"), ("data-test", "summary")]).text_from(summary);
    vec![
        el("div").class("head").child(focus::heading::<Desk>(list.name)).child(says),
        el("div").class("narrow").children(narrow),
        el("section")
            .attr("aria-label", list.name)
            .attr_when("aria-busy", "true", waits)
            .child(skeletons)
            .child(rows.attr_when("hidden", "", move || count().unwrap_or(0) == 0))
            .child(empty),
        pager::pager(desk, list.pages, next),
    ]
}

/// Rows below each other.
pub fn rows() -> (El, Option<El>) {
    (el("ul").class("rows").attr("data-test", "rows"), None)
}

/// `3 orders`, and what they were searched for.
pub fn found(count: String, filter: &Filter) -> String {
    match filter.words.as_str() {
        "" => count,
        words => [&count, " found for “", words, "”"].concat(),
    }
}
