//! The one dialog: what will happen, and whether it shall.

use crate::{
    actions,
    desk::Desk,
    diff, el, plan,
    question::{Act, Question},
};
use contract::{code, registry::rollout::NewRollout};
use microapp::{Level, Notice, element::El, t};
use operator::dialog::{self, Asked, Outcome};

/// The dialog. It shows while there is a question.
pub fn dialog(desk: Desk) -> El {
    dialog::frame::<Desk>(
        move || desk.question().map(|question| question.title),
        move || desk.question().map(|question| form(desk, question)),
        move || desk.put(None),
    )
}

/// The fields of a rollout.
#[derive(Clone)]
struct Fields {
    steps: El,
    minutes: El,
    hold: El,
}

fn form(desk: Desk, question: Question) -> El {
    let fields = match &question.act {
        // What goes to everybody at once has no steps to speak of.
        Act::Start { wish, .. } if wish.steps.len() > 1 => Some(Fields::new(wish)),
        _ => None,
    };
    let difference = question.difference.iter().map(|(added, removed)| diff::list(added, removed));
    let parts = difference.chain(fields.as_ref().map(Fields::drawn)).collect();
    let asked = Asked { title: &question.title, says: &question.says, yes: &question.yes, is_final: false };
    let close = move || desk.put(None);
    let (act, done) = (question.act, question.done);
    dialog::form(desk, &asked, parts, close, move || {
        let (mut act, done) = (act.clone(), done.clone());
        if let (Some(fields), Act::Start { wish, .. }) = (&fields, &mut act) {
            fields.take_up(wish)?;
        }
        Ok(Box::pin(async move {
            match actions::send(desk, &act).await {
                Ok(()) => desk.host.notify(Notice::new(Level::Success, done)),
                Err(found) if found.is(code::TOKEN_INVALID) => desk.fail(found),
                // It went on or back by itself, or somebody was faster.
                Err(found) if found.is(code::ROLLOUT_STATE) => return Outcome::Overtaken(found.numbered()),
                Err(found) => return Outcome::Refused(found.numbered()),
            }
            Outcome::Done
        }))
    })
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

    fn take_up(&self, wish: &mut NewRollout) -> Result<(), String> {
        wish.steps = plan::steps(&self.steps.field().value())?;
        wish.interval_seconds = plan::seconds(&self.minutes.field().value())?;
        wish.hold = self.hold.field().checked();
        Ok(())
    }

    fn drawn(&self) -> El {
        let framed = |field: &El, id: &str, label: String, hint: String| {
            el("div")
                .class("field")
                .child(el("label").class("label").attr("for", id).text(&label))
                .child(field.clone())
                .child(el("p").class("hint").attr("id", &[id, "-hint"].concat()).text(&hint))
        };
        let hold = el("label").class("check").child(self.hold.clone());
        el("div")
            .class("fields")
            .child(framed(
                &self.steps,
                "console-steps",
                t("Percent of the visitors, step by step"),
                t("Rising, the last one 100."),
            ))
            .child(framed(
                &self.minutes,
                "console-minutes",
                t("Each step lasts at least, in minutes"),
                t("And until 100 visitors of each release have told."),
            ))
            .child(hold.t("Stay at the first step until somebody resumes it"))
    }
}
