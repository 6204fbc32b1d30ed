//! The pictures. The large one follows what is chosen.

use crate::{C, visit::Visit};
use contract::shop::catalogue::{Picture, Product};
use leptos::prelude::*;

/// One large picture, and small ones to choose from where there are more.
pub fn pictures(visit: Visit, product: &Product) -> AnyView {
    let pictures = if product.pictures.is_empty() { vec![placeholder()] } else { product.pictures.clone() };
    let shown = RwSignal::new(0);
    let last = pictures.len() - 1;
    Effect::new(move || {
        let picture = visit.variant.with(|variant| variant.as_ref().and_then(|variant| variant.picture));
        if let Some(at) = picture.and_then(|at| usize::try_from(at).ok()) {
            shown.set(at.min(last));
        }
    });
    let small = (last > 0).then(|| small(shown, &pictures));
    let all = StoredValue::new(pictures);
    let large = move |read: fn(&Picture) -> String| all.with_value(|all| read(&all[shown.get()]));
    view! { class = C,
        <div class="gallery">
            <img class="large" src=move || large(|picture| picture.url.clone()) alt=move || large(|picture| picture.alt.clone())
                width="600" height="600" fetchpriority="high" data-test="picture" />
            {small}
        </div>
    }
    .into_any()
}

fn small(shown: RwSignal<usize>, pictures: &[Picture]) -> AnyView {
    let buttons = pictures.iter().enumerate().map(|(at, picture)| {
        let label = ["Picture ", &(at + 1).to_string(), ": ", &picture.alt].concat();
        view! { class = C,
            <li>
                <button type="button" aria-label=label aria-current=move || (shown.get() == at).then_some("true")
                    on:click=move |_| shown.set(at) data-test="thumbnail">
                    <img src=picture.url.clone() alt="" width="72" height="72" loading="lazy" />
                </button>
            </li>
        }
        .into_any()
    });
    view! { class = C, <ul class="small">{buttons.collect_view()}</ul> }.into_any()
}

fn placeholder() -> Picture {
    Picture { url: "/pictures/placeholder/default.svg".to_owned(), alt: String::new() }
}

/// The place that is kept free until the product is there.
pub fn waiting() -> AnyView {
    view! { class = C, <div class="gallery" aria-hidden="true"><div class="large skeleton"></div></div> }.into_any()
}
