//! The section of the page, and the line under the title that leads there.

use super::{Reviews, Stand, list, own};
use crate::{C, el, stars};
use contract::shop::review::{Rating, ReviewPage};
use microapp::{element::El, format, t_count};

/// The heading's id; the line under the title leads there.
pub const HEADING: &str = "product-reviews";

/// Stars and count, as a link to the section.
pub fn under_the_title(reviews: Reviews) -> El {
    el("p").class("rating").attr("data-test", "rating").children_from(
        move || [&reviews.visit.page_number(), " ", &reviews.shown().answers.to_string()].concat(),
        move || {
            let Some(product) = reviews.visit.product() else { return Vec::new() };
            let shown = reviews.shown();
            let rating = match shown.stand {
                Stand::Ready => shown.page.rating,
                _ => product.rating,
            };
            vec![link(rating)]
        },
    )
}

fn link(rating: Option<Rating>) -> El {
    let link = el("a").attr("href", &["#", HEADING].concat());
    match rating {
        None => link.child(stars::five(0)).t("No reviews yet"),
        Some(rating) => {
            let [seen, said] = written(rating);
            link.child(stars::five(rating.tenths))
                .child(seen)
                .child(said)
                .text(", ")
                .text(&stars::reviews(rating.count))
        }
    }
}

/// The average, and what is said instead to those who do not see the stars.
fn written(rating: Rating) -> [El; 2] {
    let average = format::tenths(rating.tenths);
    let seen = el("strong").attr("aria-hidden", "true").text(&average);
    [seen, el("span").class("visually-hidden").text(&stars::rated(&average))]
}

/// The section. There while there is a product.
pub fn section(reviews: Reviews) -> El {
    let heading = el("h2").attrs(&[("id", HEADING), ("tabindex", "-1")]).t("Reviews");
    el("section")
        .class("reviews")
        .attrs(&[("aria-labelledby", HEADING), ("data-test", "reviews")])
        .attr_when("hidden", "", move || reviews.shown().product.is_none())
        .child(heading)
        .child(el("div").class("summary").children_from(
            move || {
                let shown = reviews.shown();
                let stand = if shown.stand == Stand::Waiting { "waiting " } else { "" };
                [stand, &shown.answers.to_string()].concat()
            },
            move || summary(reviews),
        ))
        .child(own::area(reviews))
        .child(list::list(reviews))
}

fn summary(reviews: Reviews) -> Vec<El> {
    let shown = reviews.shown();
    match (&shown.stand, shown.page.rating) {
        (Stand::Waiting, _) => vec![waiting()],
        (Stand::Failed(error), _) => {
            let again = el("button").class("button quiet").attr("type", "button").t("Try again");
            vec![
                el("p")
                    .class("note bad")
                    .attrs(&[("role", "alert"), ("data-test", "reviews-failure")])
                    .text(&error.numbered()),
                again.on("click", move |_| reviews.retry()),
            ]
        }
        (Stand::Ready, None) => {
            vec![
                el("p").class("hint").attr("data-test", "reviews-empty").t(
                    "Nobody has said anything yet. If you bought it here, your word helps those who wonder.",
                ),
            ]
        }
        (Stand::Ready, Some(rating)) => {
            vec![average(rating), distribution(&shown.page, rating)]
        }
    }
}

fn waiting() -> El {
    el("div")
        .class("waiting")
        .attr("aria-hidden", "true")
        .children(["skeleton line", "skeleton block"].map(|class| el("div").class(class)))
}

fn average(rating: Rating) -> El {
    let [seen, said] = written(rating);
    el("p")
        .class("average")
        .attr("data-test", "average")
        .child(seen.class("big"))
        .child(said.text(", "))
        .child(stars::five(rating.tenths))
        .child(el("span").class("hint").text(&stars::reviews(rating.count)))
}

/// How many have how many stars, five first.
fn distribution(page: &ReviewPage, rating: Rating) -> El {
    let rows = (1_i64..).zip(&page.by_stars).collect::<Vec<_>>().into_iter().rev();
    el("ul").class("distribution").children(rows.map(|(stars, count)| {
        let name = t_count("{n} star", "{n} stars", stars);
        let width = (100 * count / rating.count.max(1)).to_string();
        let rect = |width: &str| El::svg(C, "rect").attrs(&[("width", width), ("height", "8"), ("rx", "4")]);
        let bar = El::svg(C, "svg")
            .class("bar")
            .attrs(&[("viewBox", "0 0 100 8"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")])
            .child(rect("100").class("track"))
            .child(rect(&width).class("part"));
        el("li")
            .child(el("span").text(&name))
            .child(el("span").class("visually-hidden").text(": "))
            .child(bar)
            .child(el("span").class("count").text(&count.to_string()))
    }))
}
