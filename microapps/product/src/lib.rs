//! One product: pictures, options, stock, and into the cart with it.
//!
//! 1. [`choice`] and [`stock`] decide; they know nothing of a browser.
//! 2. [`visit::Visit`] keeps the product, the choice and the address in step.
//! 3. [`reviews`] and [`seen`] follow the product that is shown.
//! 4. Everything else draws a part of the page. The cart is reached by the command `cart.add` alone.

mod buy;
mod cart;
mod choice;
mod description;
mod gallery;
mod icon;
mod offer;
mod options;
mod recent;
mod reviews;
mod seen;
mod stars;
mod stock;
mod visit;
mod wish;

use microapp::{api::ApiError, element::El, page::focus, prelude::*};
use reviews::Reviews;
use seen::Seen;
use visit::{Page, Visit};

const C: &str = microapp::class!();
/// The id of the heading, for the focus when the button that had it is gone.
const HEADING: &str = "product-heading";

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct ProductPage;

impl Microapp for ProductPage {
    type State = Seen;

    fn render(context: Context<Seen>) -> impl IntoView {
        let visit = Visit::begin(context.host, context.route);
        let reviews = Reviews::begin(visit);
        let adding = cart::Adding::new();
        // Heading and status stand from the first view on: the focus and the announcements hang on them.
        let info = el("div")
            .class("info")
            .child(el("div").class("shelf").children_from(
                move || visit.page_number(),
                move || match visit.page() {
                    Page::Loading => vec![offer::shelf_waiting()],
                    Page::Ready(product) => vec![offer::shelf(visit.host, &product)],
                    Page::NotFound | Page::Failed(_) => Vec::new(),
                },
            ))
            .child(
                el("h1")
                    .attrs(&[("id", HEADING), ("tabindex", "-1")])
                    .children_from(move || visit.page_number(), move || vec![heading(visit)]),
            )
            .child(reviews::under_the_title(reviews))
            .child(offer::status(visit))
            .child(el("div").class("below").children_from(
                move || visit.whole_number(),
                move || match visit.page() {
                    Page::Loading => vec![waiting()],
                    Page::Ready(product) => {
                        vec![
                            options::groups(visit, &product),
                            buy::form(visit, adding, &product),
                            wish::button(visit, product.id),
                            description::text(&product),
                        ]
                    }
                    Page::NotFound => not_found(visit.host),
                    Page::Failed(error) => failed(visit, &error),
                },
            ));
        let gallery = el("div").class("gallery").children_from(
            move || visit.page_number(),
            move || match visit.page() {
                Page::Loading => gallery::waiting(),
                Page::Ready(product) => gallery::pictures(visit, &product),
                Page::NotFound | Page::Failed(_) => Vec::new(),
            },
        );
        el("article")
            .class("page")
            .class_when("alone", move || matches!(visit.page(), Page::NotFound | Page::Failed(_)))
            .attr_from("aria-busy", move || {
                let outdated = visit.page_number() != visit.whole_number();
                Some((outdated || matches!(visit.page(), Page::Loading)).to_string())
            })
            .child(el("div").class("both").child(gallery).child(info))
            .child(el("div").class("lower").children_from(
                move || visit.has_more().to_string(),
                move || match visit.has_more() {
                    true => vec![reviews::section(reviews), recent::strip(visit, context.store)],
                    false => Vec::new(),
                },
            ))
            .into_view()
    }
}

fn heading(visit: Visit) -> El {
    let heading = el("span");
    match visit.page() {
        Page::Loading => heading
            .child(el("span").class("visually-hidden").t("Loading the product"))
            .child(el("span").class("skeleton line")),
        Page::Ready(product) => heading.text(&product.title),
        Page::NotFound => heading.t("We cannot find this product"),
        Page::Failed(_) => heading.t("This product cannot be shown right now"),
    }
}

fn waiting() -> El {
    el("div").class("waiting").attr("aria-hidden", "true").children(
        ["skeleton line short", "skeleton block", "skeleton block"].map(|class| el("div").class(class)),
    )
}

fn not_found(host: Host) -> Vec<El> {
    let picture =
        [("src", "/pictures/not-found/default.svg"), ("alt", ""), ("width", "200"), ("height", "200")];
    let link = el("a").class("button").attrs(&[("href", &host.href("/")), ("data-test", "home-link")]);
    vec![
        el("img").class("lost").attrs(&picture),
        el("p").t("It may have been taken out of the shop, or the address has a slip in it."),
        link.t("Look around the shop"),
    ]
}

fn failed(visit: Visit, error: &ApiError) -> Vec<El> {
    let text = el("p").class("note bad").attrs(&[("role", "alert"), ("data-test", "failure")]);
    let again = el("button").class("button").attr("type", "button").t("Try again");
    let again = again.on("click", move |_| {
        visit.retry();
        focus(HEADING);
    });
    vec![text.text(&error.numbered()), again]
}

microapp::export!(ProductPage);
