//! The page: where one can go, and what the section shows.

mod addresses;
mod data;
mod forgotten;
mod icon;
mod orders;
mod overview;
mod passkeys;
mod reset;
mod security;
mod states;
mod wishlist;

use crate::{C, el, page::Page, section::Section};
use leptos::prelude::*;
use microapp::{
    Watched,
    api::Answer,
    element::El,
    page::{focus, is_focus_lost, run},
};

/// The whole page. The frame stays; what is in it follows the address.
pub fn page(page: Page) -> El {
    let section = move || page.section();
    let body = el("div")
        .class("body")
        .children_from(move || section().path().to_owned(), move || body(page, untrack(section)));
    el("div")
        .class("page")
        .class_when("narrow", move || !section().is_personal())
        .child(menu(page).attr_when("hidden", "", move || !section().is_personal()))
        .child(body)
}

fn body(page: Page, section: Section) -> Vec<El> {
    let back = (section.is_personal() && section != Section::Overview).then(|| {
        el("a")
            .class("back")
            .attr("href", &page.link(Section::Overview))
            .child(El::icon(C, "M15 5l-7 7 7 7"))
            .text(&Section::Overview.title())
    });
    let heading = el("h1").attrs(&[("id", HEADING), ("tabindex", "-1")]).text(&section.title());
    let content = match section {
        Section::Overview => overview::overview(page),
        Section::Orders => orders::orders(page),
        Section::Addresses => addresses::addresses(page),
        Section::Wishlist => wishlist::wishlist(page),
        Section::Security => security::security(page),
        Section::Data => data::data(page),
        Section::Forgotten => forgotten::forgotten(page),
        Section::Reset => reset::reset(page),
    };
    back.into_iter().chain([heading, content]).collect()
}

/// The heading, for the focus when what had it is gone.
pub const HEADING: &str = "account-heading";

/// The sections, on wide screens beside all of them. On narrow ones the overview is the menu.
fn menu(page: Page) -> El {
    let link = |section: Section| {
        let link = el("a")
            .class("entry")
            .attr("href", &page.link(section))
            .attr_when("aria-current", "page", move || page.section() == section)
            .child(icon::of(section))
            .text(&section.title());
        el("li").child(link)
    };
    let all = [Section::Overview].into_iter().chain(Section::OF_ACCOUNT);
    el("nav")
        .class("menu")
        .attr_t("aria-label", "Account")
        .attr("data-test", "account-sections")
        .child(el("ul").children(all.map(link)))
}

/// A heading within a section.
fn subheading(text: &str) -> El {
    el("h2").text(text)
}

/// A quiet button that does something here.
fn quiet(text: &str) -> El {
    el("button").class("button quiet small").attr("type", "button").text(text)
}

/// One that changes a list, which [`act`] does; `busy` is the list's.
fn acting(text: &str, busy: Watched<bool>) -> El {
    quiet(text).attr_when("aria-disabled", "true", move || busy.get())
}

/// Does `work`, which ends when the list shows it, and says that it is `done`. One at a time: what is clicked meanwhile does
/// nothing.
fn act(page: Page, busy: Watched<bool>, work: Answer<()>, done: String) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    run(async move {
        match work.await {
            Ok(()) => {
                page.done(done);
                request_animation_frame(focus_again);
            }
            Err(error) => {
                page.refused(&error);
                page.failed(error.numbered());
            }
        }
        busy.set(false);
    });
}

/// The focus goes to the heading where the button that had it is gone. Whoever has moved on keeps it.
fn focus_again() {
    if is_focus_lost() {
        focus(HEADING);
    }
}
