//! The form: five stars to choose from, and a text.

use super::{Doing, Reviews, own};
use crate::{el, stars};
use contract::shop::review::{LONGEST, Review, WriteReview};
use leptos::prelude::*;
use microapp::{
    Watched,
    element::El,
    page::{focus, run},
    t, t_with,
};

/// The id of the first star, where the focus goes when the form opens.
pub const FIRST: &str = "review-star-1";
const TEXT: &str = "review-text";

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
struct Draft {
    /// 0 while none is chosen.
    stars: Watched<i64>,
    text: Watched<String>,
    /// Whether what is wrong is shown.
    checked: Watched<bool>,
    busy: Watched<bool>,
    /// Why it could not be sent.
    trouble: Watched<String>,
}

impl Draft {
    fn length(self) -> usize {
        self.text.get().chars().count()
    }

    fn stars_problem(self) -> String {
        if self.checked.get() && self.stars.get() == 0 { t("Choose 1 to 5 stars.") } else { String::new() }
    }

    fn text_problem(self) -> String {
        if self.length() > LONGEST { t("At most 2,000 characters.") } else { String::new() }
    }
}

/// The form, with what was written before.
pub fn form(reviews: Reviews, before: Option<&Review>) -> El {
    let (stars, text) = before.map(|before| (before.stars, before.text.clone())).unwrap_or_default();
    let draft = Draft {
        stars: Watched::new(stars),
        text: Watched::new(text.clone()),
        checked: Watched::new(false),
        busy: Watched::new(false),
        trouble: Watched::default(),
    };
    // Nothing that is typed is lost without a word.
    let held = reviews
        .visit
        .host
        .hold(move || draft.stars.get_untracked() != stars || draft.text.with_untracked(|now| *now != text));
    StoredValue::new_local(held);
    let cancel = el("button")
        .class("button quiet")
        .attrs(&[("type", "button"), ("data-test", "review-cancel")])
        .t("Cancel")
        .on("click", move |_| reviews.go(Doing::Nothing, own::FIRST));
    let send = el("button")
        .class("button")
        .attrs(&[("type", "submit"), ("data-test", "review-send")])
        .attr_when("aria-disabled", "true", move || draft.busy.get())
        .text_from(move || t(if draft.busy.get() { "Saving…" } else { "Save review" }));
    el("form")
        .class("card form")
        .attrs(&[("novalidate", ""), ("aria-labelledby", "review-form"), ("data-test", "review-form")])
        .on("submit", move |event| {
            event.prevent_default();
            submit(reviews, draft);
        })
        .child(el("h3").attr("id", "review-form").t("Your review"))
        .child(choice(draft))
        .child(words(draft))
        .child(problem("review-trouble", move || draft.trouble.get()).class("note bad"))
        .child(el("div").class("actions").child(send).child(cancel))
}

/// Five radio buttons, each drawn as a star; all up to the chosen one are full.
fn choice(draft: Draft) -> El {
    let star = |stars: i64| {
        let radio = el("input")
            .class("visually-hidden")
            .attrs(&[("type", "radio"), ("name", "review-stars"), ("value", &stars.to_string())])
            .attrs(&[("id", &["review-star-", &stars.to_string()].concat()), ("data-test", "review-star")])
            .follow(move |radio| radio.field().set_checked(draft.stars.get() == stars))
            .on("click", move |event| {
                // The browser takes the choice back while another one is being saved.
                if draft.busy.get_untracked() {
                    event.prevent_default();
                }
            })
            .on("change", move |_| draft.stars.set(stars));
        el("label")
            .class("choose")
            .class_when("on", move || draft.stars.get() >= stars)
            .child(radio)
            .child(stars::one())
            .child(el("span").class("visually-hidden").text(&stars::of_five(stars)))
    };
    let chosen =
        el("span").class("hint").attr("aria-hidden", "true").text_from(move || match draft.stars.get() {
            0 => String::new(),
            stars => stars::of_five(stars),
        });
    el("fieldset")
        .class("option")
        .attrs(&[("role", "radiogroup"), ("aria-describedby", "review-stars-error")])
        .attr_when("aria-invalid", "true", move || !draft.stars_problem().is_empty())
        .child(el("legend").t("How many stars?"))
        .child(el("div").class("chooser").children((1..=5).map(star)).child(chosen))
        .child(problem("review-stars-error", move || draft.stars_problem()))
}

fn words(draft: Draft) -> El {
    let text = el("textarea")
        .class("input")
        .attrs(&[("id", TEXT), ("rows", "5"), ("data-test", "review-text")])
        .attr("aria-describedby", "review-count review-text-error")
        .attr_when("aria-invalid", "true", move || draft.length() > LONGEST)
        // What is being saved stays as it is; the focus stays.
        .attr_when("readonly", "", move || draft.busy.get())
        .text(&draft.text.get_untracked());
    let typed = text.clone();
    // A text area answers to `value` as an input does.
    let text = text.on("input", move |_| draft.text.set(value(&typed)));
    let count = el("p")
        .class("hint count")
        .attr("id", "review-count")
        .text_from(move || t_with("{count} of 2000 characters", &[("count", &draft.length().to_string())]));
    el("div")
        .class("field")
        .child(el("label").class("label").attr("for", TEXT).t("What should others know? (optional)"))
        .child(text)
        .child(count)
        .child(problem("review-text-error", move || draft.text_problem()))
}

fn value(area: &El) -> String {
    area.field().value()
}

/// What is wrong, announced when it comes.
fn problem(id: &str, text: impl Fn() -> String + Clone + 'static) -> El {
    let there = text.clone();
    el("p")
        .class("error")
        .attrs(&[("id", id), ("role", "alert")])
        .attr_when("hidden", "", move || there().is_empty())
        .text_from(text)
}

fn submit(reviews: Reviews, draft: Draft) {
    if draft.busy.get_untracked() {
        return;
    }
    draft.checked.set(true);
    draft.trouble.set(String::new());
    let review = WriteReview { stars: draft.stars.get_untracked(), text: draft.text.get_untracked() };
    if review.stars == 0 {
        return focus(FIRST);
    }
    if review.text.chars().count() > LONGEST {
        return focus(TEXT);
    }
    draft.busy.set(true);
    run(async move {
        let error = reviews.send(review).await;
        draft.busy.set(false);
        if let Some(error) = error {
            draft.trouble.set(error.numbered());
        }
    });
}
