//! The frame of all views, and the way from one to the next.

use crate::{app, desk::Desk, dialog, el, fetch::View, overview};
use microapp::{element::El, t, t_with};
use operator::{Desk as _, bar, focus, nowhere, sign_in, trouble};

/// The whole page.
pub fn page(desk: Desk) -> El {
    let key = move || match (desk.signed_in(), desk.view()) {
        (false, _) => "?".to_owned(),
        (true, View::Overview) => "/".to_owned(),
        (true, View::App(app)) => app,
        (true, View::Nowhere) => String::new(),
    };
    let mut first = true;
    let view = el("div").class("view").children_from(key, move || {
        if !std::mem::take(&mut first) {
            focus::to_heading();
        }
        let (title, view) = match (desk.signed_in(), desk.view()) {
            (false, _) => (t("Sign in"), sign_in::form(desk)),
            (true, View::Overview) => (t("Releases"), overview::view(desk)),
            (true, View::App(app)) => (app.clone(), app::view(desk, app)),
            (true, View::Nowhere) => (t("Nothing here"), nowhere(desk, "/", &t("See all releases"))),
        };
        desk.host.set_title(&t_with("{title} – Menagerie Console", &[("title", &title)]));
        view
    });
    el("div")
        .class("page")
        .child(bar::bar(desk))
        .child(trouble(desk, &t("It is asked again every five seconds.")))
        .child(view)
        .child(dialog::dialog(desk))
}
