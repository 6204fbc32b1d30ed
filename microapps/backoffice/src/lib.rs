//! For operators of the shop: orders, stock and messages to see and change, and the log of who did.
//!
//! 1. The address says all that is looked at ([`view`]): filters and pages too, so Back leads back.
//! 2. [`desk`] asks the server for it, and keeps what it said; everything else draws a part of that.
//! 3. What changes something for a shopper is a [`question`] first. Stock is set in its row ([`stock_row`]).
//!
//! Signing in, the bar and the dialog are those of all operators' microapps ([`operator`]).

mod answers;
mod desk;
mod edit;
mod list;
mod log;
mod message;
mod messages;
mod order;
mod order_parts;
mod orders;
mod page;
mod pager;
mod question;
mod search;
mod stock;
mod stock_row;
mod view;
mod words;

use microapp::{element::El, prelude::*};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct Backoffice;

impl Microapp for Backoffice {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        page::page(desk::Desk::begin(context)).into_view()
    }
}

microapp::export!(Backoffice);
