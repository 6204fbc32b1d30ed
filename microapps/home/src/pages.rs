//! The list of pages; each is an address.

use crate::{
    C,
    browse::Browse,
    filters::Filters,
    icon::{LEFT, RIGHT, icon},
    paging::{self, Step},
};
use leptos::prelude::*;

/// The list for what was found; nothing when it is one page.
pub fn links(browse: Browse) -> AnyView {
    let place = Memo::new(move |_| {
        browse.found.with(|found| {
            found.as_ref().map_or((1, 0), |found| (found.page.page, paging::pages(found.page.total, found.page.per_page)))
        })
    });
    view! { class = C,
        {move || {
            let (page, pages) = place.get();
            (pages > 1).then(|| browse.filters.with(|filters| list(browse, filters, page, pages)))
        }}
    }
    .into_any()
}

fn list(browse: Browse, filters: &Filters, page: i64, pages: i64) -> AnyView {
    let link = |to: i64, label: String, content: AnyView| {
        let href = browse.host.href(&filters.with_page(to).path());
        view! { class = C,
            <li>
                <a href=href aria-label=label aria-current=(to == page).then_some("page") data-test="page">{content}</a>
            </li>
        }
        .into_any()
    };
    let numbers = paging::steps(page, pages).into_iter().map(|step| match step {
        Step::Page(to) => link(to, ["Page ", &to.to_string()].concat(), to.to_string().into_any()),
        Step::Gap => view! { class = C, <li class="gap" aria-hidden="true">"…"</li> }.into_any(),
    });
    view! { class = C,
        <nav class="pages" aria-label="Pages">
            <ul>
                {(page > 1).then(|| link(page - 1, "Page before".to_owned(), icon(LEFT)))}
                {numbers.collect_view()}
                {(page < pages).then(|| link(page + 1, "Next page".to_owned(), icon(RIGHT)))}
            </ul>
        </nav>
    }
    .into_any()
}
