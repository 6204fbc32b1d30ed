//! The categories: with pictures in the shop window, as a row of chips while browsing.

use crate::{C, browse::Browse, filters::Filters};
use contract::shop::catalogue::Category;
use leptos::prelude::*;

/// Places that are kept free until the categories are there.
const EXPECTED: usize = 8;

/// A link for each category, and one for all of them.
pub fn links(browse: Browse, browsing: Memo<bool>) -> AnyView {
    view! { class = C,
        <nav class="categories" class:compact=move || browsing.get() aria-label="Categories">
            <ul>
                <li class="all" hidden=move || !browsing.get()>{link(browse, None)}</li>
                {move || {
                    browse.categories.with(|categories| {
                        if categories.is_empty() {
                            (0..EXPECTED).map(|_| waiting()).collect_view()
                        } else {
                            categories.iter().map(|category| one(browse, category)).collect_view()
                        }
                    })
                }}
            </ul>
        </nav>
    }
    .into_any()
}

fn one(browse: Browse, category: &Category) -> AnyView {
    view! { class = C, <li>{link(browse, Some(category))}</li> }.into_any()
}

fn link(browse: Browse, category: Option<&Category>) -> AnyView {
    let slug = category.map_or(String::new(), |category| category.slug.clone());
    // Words and prices stay when the category changes.
    let target = slug.clone();
    let href = move || browse.host.href(&browse.filters.with(|filters| filters.with_category(&target).path()));
    let current = move || browse.filters.with(|filters| (filters.category == slug).then_some("true"));
    let content = category.map(content);
    view! { class = C,
        <a href=href aria-current=current data-test="category">{content.unwrap_or_else(|| text("All"))}</a>
    }
    .into_any()
}

fn content(category: &Category) -> AnyView {
    let picture = category.picture.clone().map(|address| {
        view! { class = C, <img src=address alt="" width="96" height="96" /> }.into_any()
    });
    let count = match category.products {
        1 => "1 product".to_owned(),
        count => [count.to_string().as_str(), " products"].concat(),
    };
    view! { class = C,
        {picture}
        <span class="name">{category.name.clone()}</span>
        <span class="count">{count}</span>
    }
    .into_any()
}

fn text(text: &'static str) -> AnyView {
    view! { class = C, <span class="name">{text}</span> }.into_any()
}

fn waiting() -> AnyView {
    view! { class = C, <li aria-hidden="true"><div class="skeleton tile"></div></li> }.into_any()
}

/// The address without any filter.
pub fn everything(browse: Browse) -> String {
    browse.host.href(&Filters::default().path())
}
