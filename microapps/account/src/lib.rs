//! The account: orders, addresses, wishlist, security, data; and a new password for whoever forgot theirs.
//!
//! 1. [`section`] says what the address asks for; [`view`] draws it.
//! 2. What a section shows is asked of the shop by [`loaded`]; what somebody types is in a [`form`]. Neither
//!    outlives the page: an account is personal, and the server has it.

mod access;
mod form;
mod loaded;
mod page;
mod passkey;
mod section;
mod view;

use microapp::{element::El, prelude::*};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct Account;

impl Microapp for Account {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        view::page(page::Page::begin(context)).into_view()
    }
}

microapp::export!(Account);
