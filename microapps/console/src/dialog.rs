//! The one dialog: what will happen, and whether it shall.

use crate::{
    actions,
    desk::Desk,
    diff, el, fetch, page, plan,
    question::{Act, Question},
};
use contract::{code, registry::rollout::NewRollout};
use leptos::{prelude::*, task::spawn_local};
use microapp::{Level, Notice, api::ApiError, element::El};
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// The dialog. It shows while there is a question.
pub fn dialog(desk: Desk) -> El {
    let key = move || desk.question().map(|question| question.title).unwrap_or_default();
    el("dialog")
        .class("dialog")
        .attrs(&[("aria-labelledby", "console-question"), ("data-test", "dialog")])
        .children_from(key, move || {
            desk.question().map(|question| form(desk, question)).into_iter().collect()
        })
        .follow(move |dialog| {
            let asked = desk.question().is_some();
            let dialog: &HtmlDialogElement = dialog.node().unchecked_ref();
            if asked && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !asked && dialog.open() {
                dialog.close();
            }
        })
        .on("close", move |_| {
            desk.put(None);
            page::keep_focus();
        })
}

/// The fields of a rollout.
#[derive(Clone)]
struct Fields {
    steps: El,
    minutes: El,
    hold: El,
}

fn form(desk: Desk, question: Question) -> El {
    let busy = RwSignal::new(false);
    let fields = match &question.act {
        // What goes to everybody at once has no steps to speak of.
        Act::Start { wish, .. } if wish.steps.len() > 1 => Some(Fields::new(wish)),
        _ => None,
    };
    let no = actions::button("no", "quiet").text("Cancel").on("click", move |_| desk.put(None));
    let yes = el("button")
        .class("button small")
        .attrs(&[("type", "submit"), ("data-test", "yes")])
        .attr_when("aria-disabled", "true", move || busy.get())
        .text_from(move || if busy.get() { "One moment …" } else { question.yes }.to_owned());
    let trouble = el("p").class("note bad").attrs(&[("role", "alert"), ("data-test", "refused")]);
    let say = {
        let trouble = trouble.clone();
        move |text: &str| trouble.node().set_text_content(Some(text))
    };
    let form = el("form")
        .class("asked")
        .attr("novalidate", "")
        .child(el("h2").attr("id", "console-question").text(&question.title))
        .children(question.says.iter().map(|text| el("p").text(text)))
        .children(question.difference.iter().map(|(added, removed)| diff::list(added, removed)))
        .children(fields.as_ref().map(Fields::drawn))
        .child(trouble)
        .child(el("div").class("actions").child(no).child(yes));
    form.on("submit", move |event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let mut question = question.clone();
        if let (Some(fields), Act::Start { wish, .. }) = (&fields, &mut question.act)
            && let Err(wrong) = fields.take_up(wish)
        {
            say(wrong);
            return;
        }
        busy.set(true);
        say("");
        let say = say.clone();
        spawn_local(async move {
            let answer = actions::send(desk, &question.act).await;
            // The question may be gone by now; what came of it is said all the same.
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    desk.host.notify(Notice::new(Level::Success, question.done));
                    desk.put(None);
                }
                Err(found) if found.is(code::TOKEN_INVALID) => desk.fail(found),
                Err(found) => say(&said(&found)),
            }
        });
    })
}

/// What the server has against it, field by field where it says so.
fn said(error: &ApiError) -> String {
    match error.fields.first() {
        Some(field) => [&field.message, " (", &error.code, ")"].concat(),
        None => fetch::numbered(error),
    }
}

impl Fields {
    fn new(wish: &NewRollout) -> Self {
        let (steps, minutes) = plan::text(wish);
        let text = |id: &str, mode: &str, value: &str| {
            el("input").class("input").attrs(&[
                ("id", id),
                ("type", "text"),
                ("inputmode", mode),
                ("autocomplete", "off"),
                ("aria-describedby", &[id, "-hint"].concat()),
                ("value", value),
            ])
        };
        Self {
            steps: text("console-steps", "text", &steps),
            minutes: text("console-minutes", "numeric", &minutes),
            hold: el("input").attrs(&[("type", "checkbox"), ("data-test", "hold")]),
        }
    }

    fn take_up(&self, wish: &mut NewRollout) -> Result<(), &'static str> {
        wish.steps = plan::steps(&self.steps.field().value())?;
        wish.interval_seconds = plan::seconds(&self.minutes.field().value())?;
        wish.hold = self.hold.field().checked();
        Ok(())
    }

    fn drawn(&self) -> El {
        let framed = |field: &El, id: &str, label: &str, hint: &str| {
            el("div")
                .class("field")
                .child(el("label").class("label").attr("for", id).text(label))
                .child(field.clone())
                .child(el("p").class("hint").attr("id", &[id, "-hint"].concat()).text(hint))
        };
        let hold = el("label").class("check").child(self.hold.clone());
        el("div")
            .class("fields")
            .child(framed(
                &self.steps,
                "console-steps",
                "Percent of the visitors, step by step",
                "Rising, the last one 100.",
            ))
            .child(framed(
                &self.minutes,
                "console-minutes",
                "Each step lasts at least, in minutes",
                "And until 100 visitors of each release have told.",
            ))
            .child(hold.text("Stay at the first step until somebody resumes it"))
    }
}
