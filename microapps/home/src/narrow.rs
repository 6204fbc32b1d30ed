//! Price range and order.

use crate::{
    C,
    browse::{Browse, Entry},
    categories, filters, focus,
    icon::{CLOSE, icon},
    prices::{self, Faults},
};
use contract::shop::catalogue::Sort;
use leptos::{ev::SubmitEvent, html, prelude::*};

const SORTS: [(Sort, &str); 4] = [
    (Sort::Relevance, "Best match"),
    (Sort::PriceAsc, "Price: low to high"),
    (Sort::PriceDesc, "Price: high to low"),
    (Sort::Title, "Name"),
];

/// The form above the products.
pub fn form(browse: Browse) -> AnyView {
    let (min, max) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let faults = RwSignal::new(Faults::default());
    let value = |node: NodeRef<html::Input>| node.get_untracked().map(|input| input.value()).unwrap_or_default();
    let apply = move || {
        let read = prices::read(&value(min), &value(max));
        faults.set(read.clone().err().unwrap_or_default());
        if let Ok((min, max)) = read {
            browse.choose(browse.filters.get_untracked().with_prices(min, max), Entry::New);
        }
    };
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        apply();
        let first = faults.with_untracked(|faults| match faults {
            Faults { min: Some(_), .. } => Some(min),
            Faults { max: Some(_), .. } => Some(max),
            _ => None,
        });
        if let Some(input) = first.and_then(|node| node.get_untracked()) {
            let _ = input.focus();
        }
    };
    // What comes from elsewhere shows in the fields; what is being typed stays.
    Effect::new(move || {
        let range = browse.filters.with(|filters| (filters.min, filters.max));
        let shown = prices::read(&value(min), &value(max));
        if shown.as_ref() == Ok(&range) {
            return;
        }
        for (node, price) in [(min, range.0), (max, range.1)] {
            if let Some(input) = node.get()
                && !(focus::has(&input) && browse.chosen_here())
            {
                input.set_value(&price.map(|price| price.to_string()).unwrap_or_default());
            }
        }
        faults.set(Faults::default());
    });
    let bound = move |pick: fn((i64, i64)) -> String| {
        browse.found.with(|found| found.as_ref().map(|found| pick((found.page.lowest, found.page.highest))))
    };

    view! { class = C,
        <form class="narrow" novalidate on:submit=submitted>
            <fieldset class="range">
                <legend class="visually-hidden">"Price range in euros"</legend>
                {price("home-min", "Price from €", min, Signal::derive(move || faults.with(|faults| faults.min)),
                    Signal::derive(move || bound(|(lowest, _)| (lowest / 100).to_string())), apply)}
                {price("home-max", "to €", max, Signal::derive(move || faults.with(|faults| faults.max)),
                    Signal::derive(move || bound(|(_, highest)| ((highest + 99) / 100).to_string())), apply)}
                <button class="visually-hidden" type="submit" tabindex="-1">"Set the price range"</button>
            </fieldset>
            <div class="field sort">
                <label class="label" for="home-sort">"Sort by"</label>
                <select class="input" id="home-sort" data-test="sort"
                    prop:value=move || filters::sort_name(browse.filters.with(|filters| filters.sort))
                    on:change=move |event| {
                        let sort = filters::sort_named(&event_target_value(&event));
                        browse.choose(browse.filters.get_untracked().with_sort(sort), Entry::New);
                    }>
                    {SORTS.map(|(sort, name)| option(sort, name)).collect_view()}
                </select>
            </div>
            {move || browse.filters.with(filters::Filters::narrow).then(|| clear(browse))}
        </form>
    }
    .into_any()
}

fn price(
    id: &'static str,
    label: &'static str,
    input: NodeRef<html::Input>,
    fault: Signal<Option<&'static str>>,
    bound: Signal<Option<String>>,
    apply: impl Fn() + 'static,
) -> AnyView {
    let error_id = [id, "-error"].concat();
    let described = error_id.clone();
    view! { class = C,
        <div class="field price">
            <label class="label" for=id>{label}</label>
            <input class="input" id=id type="text" inputmode="numeric" maxlength="12" autocomplete="off" data-test=id
                placeholder=bound node_ref=input on:change=move |_| apply()
                aria-invalid=move || fault.get().map(|_| "true")
                aria-describedby=move || fault.get().map(|_| described.clone()) />
            <p class="error" id=error_id role="alert">{fault}</p>
        </div>
    }
    .into_any()
}

fn option(sort: Sort, name: &'static str) -> AnyView {
    view! { class = C, <option value=filters::sort_name(sort)>{name}</option> }.into_any()
}

/// A link that takes every filter off.
pub fn clear(browse: Browse) -> AnyView {
    view! { class = C,
        <a class="button quiet clear" href=categories::everything(browse) data-test="clear-filters">
            {icon(CLOSE)}
            "Clear filters"
        </a>
    }
    .into_any()
}
