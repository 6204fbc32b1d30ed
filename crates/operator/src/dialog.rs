//! The one dialog of a microapp: what will happen, and whether it shall.

use crate::{Desk, button, el, focus};
use leptos::task::spawn_local;
use microapp::{Level, Notice, Watched, element::El, t};
use std::pin::Pin;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

const TITLE: &str = "console-question";

/// A question with one way to say yes.
pub struct Asked<'q> {
    /// `Go back to revision 7?`
    pub title: &'q str,
    /// What will happen.
    pub says: &'q [String],
    /// The word on the button.
    pub yes: &'q str,
    /// Whether it cannot be undone.
    pub is_final: bool,
}

/// What came of a yes.
pub enum Outcome {
    /// It is done.
    Done,
    /// It is not, for this reason; it may be tried again.
    Refused(String),
    /// It is not, and it cannot be done any more.
    Overtaken(String),
}

/// What becomes of a yes.
pub type Deed = Pin<Box<dyn Future<Output = Outcome>>>;

/// The dialog. It shows while `title` says something; `make` makes what is in it, `closed` hears that it was closed.
pub fn frame<D: Desk>(
    title: impl Fn() -> Option<String> + Copy + 'static,
    mut make: impl FnMut() -> Option<El> + 'static,
    mut closed: impl FnMut() + 'static,
) -> El {
    el::<D>("dialog")
        .class("dialog")
        .attrs(&[("aria-labelledby", TITLE), ("data-test", "dialog")])
        .children_from(move || title().unwrap_or_default(), move || make().into_iter().collect())
        .follow(move |dialog| {
            let asked = title().is_some();
            let dialog: &HtmlDialogElement = dialog.node().unchecked_ref();
            if asked && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !asked && dialog.open() {
                dialog.close();
            }
        })
        .on("close", move |_| {
            closed();
            focus::keep();
        })
}

/// What is in it: the question with further `parts`, and the two answers. `act` says what becomes of a yes, or what is wrong
/// with the parts; `close` closes the dialog. A refusal that comes after somebody closed it is a notice.
pub fn form<D: Desk>(
    desk: D,
    asked: &Asked<'_>,
    parts: Vec<El>,
    close: impl Fn() + Copy + 'static,
    act: impl Fn() -> Result<Deed, String> + 'static,
) -> El {
    let el = el::<D>;
    let (busy, over) = (Watched::new(false), Watched::new(false));
    let label = asked.yes.to_owned();
    let no = button::<D>("no", "quiet")
        .text_from(move || t(if over.get() { "See how it stands now" } else { "Leave it" }))
        .on("click", move |_| close());
    let yes = el("button")
        .class(if asked.is_final { "button small danger" } else { "button small" })
        .attrs(&[("type", "submit"), ("data-test", "yes")])
        .attr_when("aria-disabled", "true", move || busy.get())
        .attr_when("hidden", "", move || over.get())
        .text_from(move || if busy.get() { t("One moment …") } else { label.clone() });
    let trouble = el("p").class("note bad").attrs(&[("role", "alert"), ("data-test", "refused")]);
    let is_asked = {
        let trouble = trouble.clone();
        move || trouble.node().is_connected()
    };
    let say = {
        let (trouble, no) = (trouble.clone(), no.clone());
        move |text: &str, is_over: bool| {
            trouble.node().set_text_content(Some(text));
            if is_over {
                over.set(true);
                let _ = no.html().focus();
            }
        }
    };
    el("form")
        .class("asked")
        .attr("novalidate", "")
        .child(el("h2").attr("id", TITLE).text(asked.title))
        .children(asked.says.iter().map(|text| el("p").text(text)))
        .children(parts)
        .child(trouble)
        .child(el("div").class("actions").child(no).child(yes))
        .on("submit", move |event| {
            event.prevent_default();
            if busy.get_untracked() || over.get_untracked() {
                return;
            }
            let deed = match act() {
                Ok(deed) => deed,
                Err(wrong) => return say(&wrong, false),
            };
            busy.set(true);
            say("", false);
            let (say, is_asked) = (say.clone(), is_asked.clone());
            spawn_local(async move {
                let outcome = deed.await;
                busy.set(false);
                match (outcome, is_asked()) {
                    (Outcome::Done, true) => close(),
                    // The question is gone by now, and what the dialog has is another one's.
                    (Outcome::Done, false) => {}
                    (Outcome::Refused(why) | Outcome::Overtaken(why), false) => {
                        desk.host().notify(Notice::new(Level::Error, why));
                    }
                    (Outcome::Refused(why), true) => say(&why, false),
                    (Outcome::Overtaken(why), true) => say(&why, true),
                }
            });
        })
}
