//! That what shows is not of now, and why; in a place that is there before it.

use crate::{Desk, button, el};
use contract::code;
use leptos::prelude::*;
use microapp::{api::numbered, element::El, format, t, t_with};

/// Empty while the server answers; else what it said, since when what shows is old, a `hint` behind it, and a button that asks
/// again.
pub fn trouble<D: Desk>(desk: D, hint: &str) -> El {
    let hint = StoredValue::new_local(hint.to_owned());
    let text = move || {
        let Some((error, at)) = desk.trouble() else { return String::new() };
        let what = match error.is(code::LOAD_NETWORK) {
            true => t("The server does not answer."),
            false => error.sentence().to_owned(),
        };
        let mut says = vec![numbered(&what, &error.code)];
        if at > 0.0 {
            let when = format::day_and_hour(at, &desk.host().locale());
            says.push(t_with("What you see was so at {when}.", &[("when", &when)]));
        }
        says.push(hint.get_value());
        says.join(" ").trim_end().to_owned()
    };
    let note = move |text: &str| {
        let again = button::<D>("again", "quiet").t("Ask again").on("click", move |_| desk.ask(true));
        el::<D>("div").class("note warn asks").child(el::<D>("p").text(text)).child(again)
    };
    el::<D>("div").class("trouble").attrs(&[("role", "status"), ("data-test", "trouble")]).children_from(
        text,
        move || match untrack(text).as_str() {
            "" => Vec::new(),
            text => vec![note(text)],
        },
    )
}
