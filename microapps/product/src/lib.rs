//! One product: pictures, options, stock, and into the cart with it.
//!
//! 1. [`choice`] and [`stock`] decide; they know nothing of a browser.
//! 2. [`visit::Visit`] keeps the product, the choice and the address in step.
//! 3. Everything else draws a part of the page. The cart is reached by the command `cart.add` alone.

mod buy;
mod cart;
mod choice;
mod description;
mod gallery;
mod icon;
mod offer;
mod options;
mod stock;
mod visit;

use microapp::{api::ApiError, prelude::*};
use visit::{Page, Visit};

const C: &str = microapp::class!();

struct ProductPage;

impl Microapp for ProductPage {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        let visit = Visit::begin(context);
        // Heading and status stand from the first view on: the focus and the announcements hang on them.
        view! { class = C,
            <article class="page" class:alone=move || visit.page.with(|page| matches!(page, Page::NotFound | Page::Failed(_)))
                aria-busy=move || visit.page.with(|page| matches!(page, Page::Loading)).to_string()>
                {move || visit.page.with(|page| match page {
                    Page::Loading => Some(gallery::waiting()),
                    Page::Ready(product) => Some(gallery::pictures(visit, product)),
                    Page::NotFound | Page::Failed(_) => None,
                })}
                <div class="info">
                    {move || visit.page.with(|page| match page {
                        Page::Ready(product) => Some(offer::category(visit.host, product)),
                        _ => None,
                    })}
                    <h1 tabindex="-1">{move || visit.page.with(heading)}</h1>
                    {offer::status(visit)}
                    {move || visit.page.with(|page| match page {
                        Page::Loading => waiting(),
                        Page::Ready(product) => ready(visit, product),
                        Page::NotFound => not_found(visit.host),
                        Page::Failed(error) => failed(visit, error),
                    })}
                </div>
            </article>
        }
    }
}

fn heading(page: &Page) -> AnyView {
    match page {
        Page::Loading => view! { class = C,
            <span class="visually-hidden">"Loading the product"</span>
            <span class="skeleton line"></span>
        }
        .into_any(),
        Page::Ready(product) => product.title.clone().into_any(),
        Page::NotFound => "We cannot find this product".into_any(),
        Page::Failed(_) => "This product cannot be shown right now".into_any(),
    }
}

fn ready(visit: Visit, product: &contract::shop::catalogue::Product) -> AnyView {
    view! { class = C,
        {options::groups(visit, product)}
        {buy::form(visit)}
        {description::text(product)}
    }
    .into_any()
}

fn waiting() -> AnyView {
    view! { class = C,
        <div class="waiting" aria-hidden="true">
            <div class="skeleton line short"></div>
            <div class="skeleton block"></div>
            <div class="skeleton block"></div>
        </div>
    }
    .into_any()
}

fn not_found(host: Host) -> AnyView {
    view! { class = C,
        <img class="lost" src="/pictures/not-found/default.svg" alt="" width="200" height="200" />
        <p>"It may have been taken out of the shop, or the address has a slip in it."</p>
        <p><a class="button" href=host.href("/") data-test="home-link">"Look around the shop"</a></p>
    }
    .into_any()
}

fn failed(visit: Visit, error: &ApiError) -> AnyView {
    view! { class = C,
        <p class="note bad" role="alert" data-test="failure">{with_code(&error.message, &error.code)}</p>
        <p><button class="button" type="button" on:click=move |_| visit.retry()>"Try again"</button></p>
    }
    .into_any()
}

/// A message with its number, where it has one.
fn with_code(message: &str, code: &str) -> String {
    if code.is_empty() { message.to_owned() } else { [message, " (", code, ")"].concat() }
}

microapp::export!(ProductPage);
