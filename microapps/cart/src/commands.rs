//! What other microapps may ask of the cart; it need not be on the page.

use crate::{
    change::Change,
    saved::{Action, Saved},
    sync, turn,
};
use contract::{
    code,
    shop::cart::{AddItem, Cart},
};
use microapp::{Context, Failure, Level, Notice, Payload, api, t};

/// Runs one of the commands that Cargo.toml lists; every answer is a [`Cart`].
pub async fn run(context: Context<Saved>, name: &str, payload: Payload) -> Result<Payload, Failure> {
    match name {
        "cart.add" => add(context, payload).await,
        "cart.refresh" => {
            sync::refresh(context).await?;
            Ok(shown(context))
        }
        _ => Err(Failure::new(code::COMMAND_UNKNOWN, ["there is no command ", name].concat())),
    }
}

/// Puts more of a variant into the cart. Without a connection it waits in the browser, and the shopper
/// is told so.
async fn add(context: Context<Saved>, payload: Payload) -> Result<Payload, Failure> {
    let item: AddItem = payload.read("cart.add takes variant_id and quantity")?;
    let whose = context.store.clearings();
    let _turn = turn::take().await;
    let change = Change::Add { item, key: api::idempotency_key(), line: None };
    if !context.store.is_open() || context.store.clearings() != whose {
        // The cart page was left while others had the turn, or somebody signed out: nothing of it can be kept here any more.
        let text = t("This is not in the cart, which was left meanwhile. Add it again.");
        return Err(Failure::new(code::COMMAND_FAILED, text));
    }
    // Kept before it is sent: a crash in between loses nothing.
    context.store.dispatch(Action::Changed(change.clone()));
    let sent = sync::send_waiting(context, Some(&change)).await;
    let waits = context.store.with_untracked(|saved| saved.waiting.contains(&change));
    match sent {
        Ok(Some(refused)) => Err(refused.into()),
        // The cart page was left meanwhile. What the server took is in its cart, the rest is kept.
        _ if !context.store.is_open() => Ok(Payload::new(&api::get::<Cart>(context.host, "/cart").await?)),
        Err(error) if waits => {
            sync::tell(context);
            // The error's own words say to do it again, and then it would be in the cart twice.
            let text = t(match error.is(code::LOAD_NETWORK) {
                true => {
                    "You seem to be offline. Your changes are kept here and are sent when the connection is back."
                }
                false => "The shop could not take up your changes yet. They are kept here.",
            });
            context.host.notify(Notice::new(Level::Warning, text));
            Ok(shown(context))
        }
        Ok(None) | Err(_) => Ok(shown(context)),
    }
}

fn shown(context: Context<Saved>) -> Payload {
    context.store.with_untracked(|saved| Payload::new(&saved.shown))
}
