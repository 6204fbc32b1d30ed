//! The contact form. What is typed lives on the page alone: the host asks before it is left unsent.

mod form;
mod view;

use microapp::prelude::*;

/// The scope of `style.css`.
const C: &str = microapp::class!();

struct Contact;

impl Microapp for Contact {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        view::page(context.host)
    }
}

microapp::export!(Contact);
