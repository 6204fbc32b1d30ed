//! Checkout: address → delivery → payment → review → confirmation, each with an address of its own.
//!
//! 1. What is typed is in the store ([`draft`]); the card number never is.
//! 2. One intent, one order: [`order`] sends a key that is kept until a final answer.
//! 3. A step shows only when all before it are filled in ([`steps`]).

mod card;
mod confirmed;
mod draft;
mod order;
mod rules;
mod steps;
mod view;
mod visit;

use draft::Draft;
use microapp::{element::El, prelude::*};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct Checkout;

impl Microapp for Checkout {
    type State = Draft;

    fn render(context: Context<Draft>) -> impl IntoView {
        view::page(visit::Visit::begin(context)).into_view()
    }
}

microapp::export!(Checkout);
