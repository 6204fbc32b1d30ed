//! The filters above the products, and their order.

use crate::{
    C,
    browse::{Browse, Entry},
    el, facets,
    filters::{self, Filters},
    icon::CLOSE,
    prices::{self, Fault, Faults},
    results,
};
use contract::shop::catalogue::Sort;
use leptos::prelude::event_target_value;
use microapp::{element::El, t};

/// A field of the price range.
#[derive(Clone)]
struct Limit {
    label: String,
    input: El,
    error: El,
}

impl Limit {
    fn new(id: &'static str, label: String, error_id: &'static str) -> Self {
        let input = el("input").class("input").attrs(&[
            ("id", id),
            ("data-test", id),
            ("type", "text"),
            ("inputmode", "numeric"),
            ("maxlength", "12"),
            ("autocomplete", "off"),
            ("aria-describedby", error_id),
        ]);
        Self { label, input, error: el("p").class("error").attrs(&[("id", error_id), ("role", "alert")]) }
    }

    fn typed(&self) -> String {
        self.input.field().value()
    }

    /// Says what is wrong with it, or that nothing is.
    fn blame(&self, fault: Option<Fault>) {
        self.error.node().set_text_content(fault.map(Fault::said).as_deref());
        let _ =
            self.input.node().set_attribute("aria-invalid", if fault.is_some() { "true" } else { "false" });
    }

    fn view(self) -> El {
        let id = self.input.node().id();
        let label = el("label").class("label").attr("for", &id).text(&self.label);
        el("div").class("field limit").child(label).child(self.input).child(self.error)
    }
}

/// The form above the products.
pub fn form(browse: Browse) -> El {
    let min = Limit::new("home-min", t("Price from"), "home-min-error");
    let max = Limit::new("home-max", t("Price to"), "home-max-error");
    let limits = (min.clone(), max.clone());
    let apply = move || {
        let (min, max) = &limits;
        let read = prices::read(&min.typed(), &max.typed());
        let Faults { min: at_min, max: at_max } = read.clone().err().unwrap_or_default();
        min.blame(at_min);
        max.blame(at_max);
        if let Ok((lowest, highest)) = read {
            browse.choose(browse.filters().with_prices(lowest, highest), Entry::New);
        }
        match (at_min, at_max) {
            (Some(_), _) => Some(min.input.clone()),
            (_, Some(_)) => Some(max.input.clone()),
            _ => None,
        }
    };
    let apply_on_change = apply.clone();
    let limits = (min.clone(), max.clone());
    let found_limits = limits.clone();
    el("form")
        .class("narrow")
        .follow(move |form| {
            // The form goes, and the focus would go with it.
            if is_needless(browse) && form.node().matches(":focus-within").unwrap_or(false) {
                browse.to_products();
            }
        })
        .class_when("needless", move || is_needless(browse))
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            if let Some(first_faulty) = apply() {
                let _ = first_faulty.html().focus();
            }
        })
        .follow(move |_| show_range(browse, &limits.0, &limits.1))
        .follow(move |_| show_found_range(browse, &found_limits.0, &found_limits.1))
        .child(
            el("fieldset")
                .class("range")
                .on("change", move |_| drop(apply_on_change()))
                .child(el("legend").class("visually-hidden").t("Price range"))
                .child(min.view())
                .child(max.view())
                .child(
                    el("button")
                        .class("visually-hidden")
                        .attrs(&[("type", "submit"), ("tabindex", "-1")])
                        .t("Set the price range"),
                ),
        )
        .child(sort(browse))
        .child(facets::view(browse))
}

/// What comes from elsewhere shows in the fields; what is being typed stays.
fn show_range(browse: Browse, min: &Limit, max: &Limit) {
    let filters = browse.filters();
    let range = (filters.min, filters.max);
    if browse.chosen_here() || prices::read(&min.typed(), &max.typed()) == Ok(range) {
        return;
    }
    for (limit, price) in [(min, range.0), (max, range.1)] {
        limit.input.field().set_value(&price.map(|price| price.to_string()).unwrap_or_default());
        limit.blame(None);
    }
}

/// Whether words alone find nothing: there is nothing to narrow then.
fn is_needless(browse: Browse) -> bool {
    !browse.filters().filtered() && results::finds_nothing(browse)
}

/// What the products cost that were found, where nothing is typed.
fn show_found_range(browse: Browse, min: &Limit, max: &Limit) {
    if let Some(found) = &browse.answers().found {
        let say = |price: i64| if found.page.total == 0 { String::new() } else { price.to_string() };
        min.input.field().set_placeholder(&say(found.page.lowest / 100));
        max.input.field().set_placeholder(&say((found.page.highest + 99) / 100));
    }
}

fn sort(browse: Browse) -> El {
    let option = |sort: Sort, name: &str| el("option").attr("value", filters::sort_name(sort)).text(name);
    let options = [
        option(Sort::Relevance, &t("Best match")),
        option(Sort::PriceAsc, &t("Price: low to high")),
        option(Sort::PriceDesc, &t("Price: high to low")),
        option(Sort::Title, &t("Name")),
    ];
    let select = el("select")
        .class("input")
        .attrs(&[("id", "home-sort"), ("data-test", "sort")])
        .children(options)
        // A select's value is read and set as a field's.
        .follow(move |select| select.field().set_value(filters::sort_name(browse.filters().sort)))
        .on("change", move |event| {
            let sort = filters::sort_named(&event_target_value(&event));
            browse.choose(browse.filters().with_sort(sort), Entry::New);
        });
    el("div")
        .class("field sort")
        .child(el("label").class("label").attr("for", "home-sort").t("Sort by"))
        .child(select)
}

/// A link that takes these filters off.
pub fn clear(browse: Browse, filters: &Filters) -> El {
    el("a")
        .class("button quiet clear")
        .attrs(&[("href", &browse.host.href(&Filters::default().path())), ("data-test", "clear-filters")])
        .child(El::icon(C, CLOSE))
        .t(if filters.searches_only() { "Clear search" } else { "Clear filters" })
}
