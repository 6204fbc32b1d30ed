//! What others say, the newest first.

use super::{Reviews, Stand};
use crate::{el, stars};
use contract::shop::review::Review;
use microapp::{element::El, format, t, t_with};

/// The id of a review's element.
pub fn id(review: i64) -> String {
    ["review-", &review.to_string()].concat()
}

/// The list, with the way to more.
pub fn list(reviews: Reviews) -> El {
    let items = el("ul").class("voices").children_from(
        move || reviews.shown().answers.to_string(),
        move || {
            let locale = reviews.visit.host.locale();
            reviews.shown().page.items.iter().map(|review| voice(review, &locale)).collect()
        },
    );
    let more = el("button")
        .class("button quiet more")
        .attrs(&[("type", "button"), ("data-test", "reviews-more")])
        .attr_when("hidden", "", move || reviews.shown().page.next.is_none())
        .attr_when("aria-disabled", "true", move || reviews.more_come())
        .text_from(move || t(if reviews.more_come() { "Loading…" } else { "Show more" }))
        .on("click", move |_| reviews.show_more());
    // How many there are to read now, for those who do not see them come.
    let status = el("p").class("visually-hidden").attr("role", "status").text_from(move || {
        let shown = reviews.shown();
        match (&shown.stand, shown.page.rating) {
            (Stand::Ready, Some(rating)) => {
                let (listed, all) = (shown.page.items.len().to_string(), rating.count.to_string());
                t_with("{listed} of {all} reviews shown", &[("listed", &listed), ("all", &all)])
            }
            _ => String::new(),
        }
    });
    el("div").class("listed").child(items).child(more).child(status)
}

fn voice(review: &Review, locale: &str) -> El {
    let name = if review.name.is_empty() { &t("Somebody") } else { &review.name };
    let who = el("p")
        .class("who")
        .child(el("strong").text(name))
        .children(review.mine.then(|| el("span").class("yours").t("Yours")))
        .child(el("time").attr("datetime", &review.at).text(&format::day(&review.at, locale)));
    el("li")
        .class("voice")
        .attrs(&[("id", &id(review.id)), ("tabindex", "-1"), ("data-test", "review")])
        .child(stars::said(review.stars))
        .child(who)
        .children((!review.text.is_empty()).then(|| el("p").class("says").text(&review.text)))
}
