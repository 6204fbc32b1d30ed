//! What the operators' microapps share, so that they look and work like one: signing in, where one can go, asking before
//! something changes.
//!
//! 1. Each has a [`Desk`]: what the server said last. It says of it what the rest here has to know.
//! 2. [`session`] keeps the token, the same one for all of them; [`sign_in`] asks for it.
//! 3. [`bar`] leads from one to the others; [`focus`] goes along. [`dialog`] asks, [`trouble`] says that the server does not answer.
//!
//! `style.css` belongs to it: microapps name it under `styles` in their Cargo.toml.

pub mod bar;
mod desk;
pub mod dialog;
pub mod focus;
mod nowhere;
pub mod session;
pub mod sign_in;
pub mod time;
mod trouble;
mod turns;

pub use desk::Desk;
pub use nowhere::nowhere;
pub use session::{Session, Tokens, Who};
pub use trouble::trouble;
pub use turns::Turns;

use microapp::element::El;

/// An element in the scope of a microapp's style.
fn el<D: Desk>(tag: &str) -> El {
    El::new(D::SCOPE, tag)
}

/// A small button.
pub fn button<D: Desk>(test: &str, class: &str) -> El {
    let button = el::<D>("button").class("button small").attrs(&[("type", "button"), ("data-test", test)]);
    if class.is_empty() { button } else { button.class(class) }
}
