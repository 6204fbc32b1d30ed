//! The contact form. What is typed lives on the page alone: the host asks before it is left unsent.

mod form;
mod sheet;
mod view;

use microapp::{element::El, prelude::*};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct Contact;

impl Microapp for Contact {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        view::page(sheet::Page::begin(context)).into_view()
    }
}

microapp::export!(Contact);
