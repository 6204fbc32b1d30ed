//! What all lists have: how many there are, ways to narrow them down, rows, and the next page.

use crate::{answers::Answers, desk::Desk, el, page, pager, view::Filter};
use leptos::prelude::untrack;
use microapp::{element::El, keyed, t, t_with};
use operator::focus;

/// A list.
#[derive(Clone, Copy)]
pub struct List {
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
    pub pages: fn() -> [String; 2],
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
    let ends = move || count() == Some(0) && !desk.view().filter().from.is_empty();
    let summary = move || match count() {
        None if page::waits(desk, false) => t("Asking the server …"),
        // Why there is no answer is said above.
        None => String::new(),
        Some(_) if ends() => nothing_further(),
        Some(count) => {
            let said = (list.summary)(&desk.view().filter(), count.min(list.size));
            if count > list.size { t_with("{count}, and there are more", &[("count", &said)]) } else { said }
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
        _ if untrack(ends) => vec![end(desk, (list.pages)())],
        _ => vec![(list.empty)(desk, &desk.view().filter())],
    });
    let says =
        el("p").class("summary").attrs(&[("role", "status"), ("data-test", "summary")]).text_from(summary);
    let name = desk.view().name();
    vec![
        el("div").class("head").child(focus::heading::<Desk>(&name)).child(says),
        el("div").class("narrow").children(narrow),
        el("section")
            .attr("aria-label", &name)
            .attr_when("aria-busy", "true", waits)
            .child(skeletons)
            .child(rows.attr_when("hidden", "", move || count().unwrap_or(0) == 0))
            .child(empty),
        pager::pager(desk, (list.pages)(), next),
    ]
}

/// What stands there when nothing is left of a page but what it began after.
fn end(desk: Desk, [first, _]: [String; 2]) -> El {
    let view = desk.view();
    let address = view.address(&view.filter().from(""));
    page::empty(
        &nothing_further(),
        &t("What there is stands on the pages before."),
        Some((desk.host.href(&address), first)),
    )
}

fn nothing_further() -> String {
    t("Nothing further from here on")
}

/// Rows below each other.
pub fn rows() -> (El, Option<El>) {
    (el("ul").class("rows").attr("data-test", "rows"), None)
}

/// `3 orders`, and what they were searched for.
pub fn found(count: String, filter: &Filter) -> String {
    match filter.words.as_str() {
        "" => count,
        words => t_with("{count} found for “{words}”", &[("count", &count), ("words", words)]),
    }
}

/// The ways to the pages of what begins with the newest.
pub fn newest_first() -> [String; 2] {
    [t("Newest"), t("Older")]
}
