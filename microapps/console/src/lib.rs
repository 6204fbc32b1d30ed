//! The operators' console: what is live, rollouts, and the way back.
//!
//! 1. [`operator::session`] keeps the token, [`desk`] what the server said last; it asks again every five seconds.
//! 2. Everything else draws a part of [`desk::Desk`]. What is drawn stays and follows, so that nobody loses the focus.
//! 3. What changes something for visitors is a [`question`] first, in the one [`dialog`].

mod actions;
mod app;
mod card;
mod chart;
mod desk;
mod dialog;
mod diff;
mod fetch;
mod history;
mod list;
mod live;
mod overview;
mod page;
mod plan;
mod plot;
mod question;
mod releases;
mod rollout;
mod waiting;

use microapp::{element::El, prelude::*};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

/// A drawing, or a part of one.
fn svg(tag: &str) -> El {
    El::svg(C, tag)
}

struct Console;

impl Microapp for Console {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        page::page(desk::Desk::begin(context)).into_view()
    }
}

microapp::export!(Console);
