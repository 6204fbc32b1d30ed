//! The page.
use crate::{C, saved::Saved};
use microapp::prelude::*;
pub fn page(context: Context<Saved>) -> AnyView {
    let pieces = move || context.store.with(|saved| saved.shown().pieces);
    view! { class = C, <h1>"Your cart"</h1><p>{pieces} " items"</p> }.into_any()
}
