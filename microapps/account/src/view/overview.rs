//! The account at a glance: who it is, and where one can go.

use super::{icon, states};
use crate::{el, loaded::Loaded, page::Page, section::Section};
use microapp::element::El;
use serde::de::IgnoredAny;

/// Who it is, and where one can go.
pub fn overview(page: Page) -> El {
    // Nothing of the answer is looked at but that there is one: somebody is signed in.
    let loaded = Loaded::<IgnoredAny>::from(page.host, "/account/addresses");
    states::of(page, loaded, move || {
        let person = move || page.person.get().unwrap_or_default();
        let who = el("div")
            .class("who")
            .child(el("p").class("name").text_from(move || person().name))
            .child(el("p").class("hint").text_from(move || person().email));
        let tile = |section: Section| {
            let words = el("span")
                .class("words")
                .child(el("strong").text(&section.title()))
                .child(el("span").class("hint").text(&section.hint()));
            let link = el("a")
                .class("tile card")
                .attr("href", &page.link(section))
                .child(icon::of(section))
                .child(words);
            el("li").child(link)
        };
        vec![who, el("ul").class("tiles").children(Section::OF_ACCOUNT.map(tile))]
    })
}
