//! What was found: count, cards, pages; or why there is nothing.

use crate::{C, browse::Browse, card, narrow, pages};
use leptos::prelude::*;
use microapp::api::ApiError;

/// Places that are kept free until the first answer.
const EXPECTED: usize = 8;

/// The products with everything around them.
pub fn section(browse: Browse, browsing: Memo<bool>) -> AnyView {
    let outdated = Memo::new(move |_| browse.outdated());
    // Older results stay while newer ones are on their way, not when those failed to come.
    let empty_handed = move || browse.found.with(Option::is_none) || browse.failure.with(Option::is_some) && outdated.get();
    view! { class = C,
        <section class="results" aria-labelledby="home-products" aria-busy=move || browse.busy.get().to_string()>
            <div class="results-head">
                <h2 id="home-products" tabindex="-1" node_ref=browse.products class:visually-hidden=move || browsing.get()>
                    "All products"
                </h2>
                <p class="count" role="status" data-test="count">{move || count(browse)}</p>
            </div>
            {narrow::form(browse)}
            <div role="alert">{move || browse.failure.get().map(|error| failed(browse, error))}</div>
            {move || (empty_handed() && browse.busy.get()).then(waiting)}
            <ul class="grid" class:outdated=move || outdated.get() hidden=empty_handed>{cards(browse)}</ul>
            {move || (!empty_handed()).then(|| nothing(browse)).flatten()}
            {move || (!empty_handed()).then(|| pages::links(browse))}
        </section>
    }
    .into_any()
}

fn cards(browse: Browse) -> AnyView {
    let products = move || {
        let items = browse.found.with(|found| found.as_ref().map(|found| found.page.items.clone()));
        items.unwrap_or_default().into_iter().enumerate().collect::<Vec<_>>()
    };
    let locale = browse.host.locale();
    view! { class = C,
        // A card whose product stays as it is stays on the page: no flicker, and the focus is kept.
        <For each=products key=|(_, product)| (product.id, product.price.amount, product.in_stock)
            children=move |(place, product)| card::card(browse.host, &locale, place, product) />
    }
    .into_any()
}

fn count(browse: Browse) -> String {
    let count = browse.found.with(|found| {
        let page = &found.as_ref()?.page;
        let pages = crate::paging::pages(page.total, page.per_page);
        let total = match page.total {
            0 => "No products".to_owned(),
            1 => "1 product".to_owned(),
            total => [total.to_string().as_str(), " products"].concat(),
        };
        let place = if pages > 1 {
            [", page ", &page.page.to_string(), " of ", &pages.to_string()].concat()
        } else {
            String::new()
        };
        Some(total + &place)
    });
    count.unwrap_or_default()
}

fn waiting() -> AnyView {
    view! { class = C, <ul class="grid">{(0..EXPECTED).map(|_| card::waiting()).collect_view()}</ul> }.into_any()
}

/// Shown in place of the products when there are none.
fn nothing(browse: Browse) -> Option<AnyView> {
    let none = browse.found.with(|found| found.as_ref().is_some_and(|found| found.page.total == 0));
    let filters = browse.filters.get();
    none.then(|| {
        let advice = if filters.q.is_empty() {
            "Nothing here fits these filters. A wider price range may help."
        } else {
            "Nothing matches these words. Try fewer or simpler ones, or look in every category."
        };
        view! { class = C,
            <div class="empty" data-test="empty">
                <img src="/pictures/not-found/default.svg" alt="" width="160" height="160" loading="lazy" />
                <p>{advice}</p>
                {filters.narrow().then(|| narrow::clear(browse))}
            </div>
        }
        .into_any()
    })
}

fn failed(browse: Browse, error: ApiError) -> AnyView {
    view! { class = C,
        <div class="note bad failed" data-test="failure">
            <p>{error.message}" ("{error.code}")"</p>
            <button class="button" type="button" on:click=move |_| {
                browse.load();
                crate::focus::to_products(browse.products);
            }>"Try again"</button>
        </div>
    }
    .into_any()
}
