//! The cart. The server's cart is the truth; the browser keeps a copy, so that it shows at once and
//! changes outlive bad connections, crashes and days.

mod change;
mod commands;
mod page;
mod quantity;
mod saved;
mod sync;
mod told;
mod turn;
mod view;

use microapp::{element::El, prelude::*};
use saved::{Action, Saved};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct Cart;

impl Microapp for Cart {
    type State = Saved;

    fn render(context: Context<Saved>) -> impl IntoView {
        view::page(context).into_view()
    }

    fn on_dismount(context: Context<Saved>) {
        context.store.dispatch(Action::Left);
        if context.store.with_untracked(|saved| !saved.waiting.is_empty()) {
            // Here nobody would hear the answer any more, and what was taken up would be sent again some day.
            context.host.run_beside("cart.refresh", &());
        }
    }

    async fn command(context: Context<Saved>, name: String, payload: Payload) -> Result<Payload, Failure> {
        commands::run(context, &name, payload).await
    }
}

microapp::export!(Cart);
