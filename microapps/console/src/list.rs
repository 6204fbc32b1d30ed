//! A list of rows of the microapp that is looked at: the first ones, or all.

use crate::{actions, desk::Desk, el, fetch::About};
use microapp::{Watched, element::El, keyed, t, t_with};

/// How many show at first.
const FIRST: usize = 8;

/// What a list is of.
pub struct List {
    /// Its heading.
    pub title: String,
    /// Its id on the page.
    pub id: &'static str,
    /// The element that it is.
    pub tag: &'static str,
    /// What names its rows, in their order.
    pub keys: fn(&About) -> Vec<String>,
}

/// The list, with a row for each of its keys.
pub fn section(desk: Desk, app: String, list: List, row: impl FnMut(String) -> El + 'static) -> El {
    let all = Watched::new(false);
    let keys = move || desk.told(|told| told.about.as_ref().filter(|about| about.app == app).map(list.keys));
    let (waits, count, shown) = (keys.clone(), keys.clone(), keys.clone());
    let rows = keyed::children(
        el(list.tag).class("rows").attr("data-test", list.id),
        move || {
            let mut keys = keys().unwrap_or_default();
            if !all.get() {
                keys.truncate(FIRST);
            }
            keys
        },
        row,
    );
    let skeletons = el("div")
        .class("rows")
        .attr("aria-hidden", "true")
        .attr_when("hidden", "", move || waits().is_some())
        .children((0..3).map(|_| el("div").class("skeleton text")));
    let more = actions::button("more", "quiet")
        .attr_when("hidden", "", move || shown().is_none_or(|keys| keys.len() <= FIRST))
        .text_from(move || match all.get() {
            true => t("Show fewer"),
            false => {
                let all = count().map_or(0, |keys| keys.len()).to_string();
                t_with("Show all {n}", &[("n", &all)])
            }
        })
        .on("click", move |_| all.update(|all| *all = !*all));
    el("section")
        .class("list")
        .attr("aria-labelledby", list.id)
        .child(el("h2").attr("id", list.id).text(&list.title))
        .child(skeletons)
        .child(rows)
        .child(more)
}
