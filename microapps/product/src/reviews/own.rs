//! One's own review: to write, to change, to delete.

use super::{Doing, Reviews, Stand, form};
use crate::el;
use contract::code;
use microapp::{api::numbered, element::El, t};

/// The id of the first button, where the focus goes when something is done.
pub const FIRST: &str = "review-write";
/// The id of what somebody is told who has not bought the product.
pub const REFUSED: &str = "review-refused";
/// The id of the question whether it is to go.
const QUESTION: &str = "review-question";

/// What can be done, and what comes of it.
pub fn area(reviews: Reviews) -> El {
    el("div").class("own").children_from(
        move || {
            let shown = reviews.shown();
            match (&shown.stand, shown.doing) {
                // What is typed stays, whatever the shop answers meanwhile.
                (_, Doing::Writing) => "writing".to_owned(),
                (Stand::Ready, doing) => {
                    let mine = shown.page.mine.as_ref();
                    let mine = mine.map_or(0, |mine| if mine.hidden { 2 } else { 1 });
                    ["ready ", &(doing as u8).to_string(), " ", &mine.to_string()].concat()
                }
                _ => String::new(),
            }
        },
        move || {
            let shown = reviews.shown();
            match (&shown.stand, shown.doing) {
                (_, Doing::Writing) => vec![form::form(reviews, shown.page.mine.as_ref())],
                (Stand::Ready, Doing::Deleting) => vec![question(reviews)],
                (Stand::Ready, doing) => {
                    let mine = shown.page.mine.as_ref();
                    let mut parts = vec![actions(reviews, mine.is_some())];
                    if mine.is_some_and(|mine| mine.hidden) {
                        let hidden = el("p")
                            .class("note warn")
                            .t("The shop does not show your review to others. Questions? Write to us.");
                        parts.insert(0, hidden);
                    }
                    if doing == Doing::Refused {
                        parts.push(refused());
                    }
                    parts
                }
                _ => Vec::new(),
            }
        },
    )
}

fn button(text: &str, test: &str) -> El {
    el("button").class("button quiet").attrs(&[("type", "button"), ("data-test", test)]).text(text)
}

fn actions(reviews: Reviews, written: bool) -> El {
    let text = t(if written { "Change my review" } else { "Write a review" });
    let write = button(&text, "review-write").attr("id", FIRST).on("click", move |_| reviews.write());
    let delete = written.then(|| {
        button(&t("Delete my review…"), "review-delete")
            .on("click", move |_| reviews.go(Doing::Deleting, QUESTION))
    });
    el("div").class("actions").child(write).children(delete)
}

fn refused() -> El {
    let text = t(
        "Reviews here are by people who bought the product, so that everybody can trust them. Once it is on \
         its way to you, ordered with this account, we would love to hear what you think.",
    );
    el("p")
        .class("note")
        .attrs(&[("id", REFUSED), ("tabindex", "-1"), ("data-test", "review-refused")])
        .text(&numbered(&text, &code::REVIEW_NOT_BOUGHT.to_string()))
}

fn question(reviews: Reviews) -> El {
    let yes = button(&t("Delete it"), "review-delete-confirm")
        .class("danger")
        .on("click", move |_| reviews.delete());
    let no = button(&t("Keep it"), "review-keep").on("click", move |_| reviews.go(Doing::Nothing, FIRST));
    el("div")
        .class("note warn question")
        .attrs(&[("role", "group"), ("aria-labelledby", QUESTION)])
        .child(
            el("p")
                .attrs(&[("id", QUESTION), ("tabindex", "-1")])
                .t("Delete your review? This cannot be undone."),
        )
        .child(el("div").class("actions").child(yes).child(no))
}
