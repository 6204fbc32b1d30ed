//! Between the copy in the browser and the server's cart.

use crate::{
    change::Change,
    saved::{Action, Saved},
    turn,
};
use contract::shop::cart::{Cart, SetCoupon, SetQuantity};
use microapp::{
    Context, Host,
    api::{self, Answer, ApiError, Method},
};

/// The event with the cart in it, for the badge and whoever else listens.
const CHANGED: &str = "cart.changed";

/// Sends all that waits, then reads the cart.
pub async fn refresh(context: Context<Saved>) -> Result<(), ApiError> {
    let _turn = turn::take().await;
    send_waiting(context, None).await?;
    read(context).await
}

/// Sends all that waits, for whoever has the turn; the first error that may pass ends it, and the rest
/// goes on waiting. The answer is why `asked` was refused: whoever asked says so, other refusals become
/// notices in the cart.
pub async fn send_waiting(
    context: Context<Saved>,
    asked: Option<&Change>,
) -> Result<Option<ApiError>, ApiError> {
    let mut refused = None;
    while let Some(change) = next(context) {
        let whose = context.store.clearings();
        match send(context.host, &change).await {
            Ok(cart) => answered(context, whose, Action::Confirmed(change, cart)),
            Err(error) if error.may_pass() => return Err(error),
            Err(error) if asked == Some(&change) => {
                answered(context, whose, Action::Refused(change, None));
                refused = Some(error);
            }
            Err(error) => {
                answered(context, whose, Action::Refused(change, Some(error.message.clone())));
                // What was refused has been on the screen: the server's cart is the truth.
                read(context).await?;
            }
        }
    }
    Ok(refused)
}

/// The change that waits longest; none any more after the mount.
fn next(context: Context<Saved>) -> Option<Change> {
    let store = context.store;
    store.is_open().then(|| store.with_untracked(|saved| saved.waiting.first().cloned())).flatten()
}

async fn read(context: Context<Saved>) -> Result<(), ApiError> {
    loop {
        let whose = context.store.clearings();
        let cart = api::get(context.host, "/cart").await?;
        if whose == context.store.clearings() || !context.store.is_open() {
            answered(context, whose, Action::Read(cart));
            return Ok(());
        }
    }
}

/// Sets or takes off the coupon. Nothing of it waits: its answer is wanted now.
pub async fn set_coupon(context: Context<Saved>, code: Option<String>) -> Result<(), ApiError> {
    let (path, whose) = ("/cart/coupon", context.store.clearings());
    let _turn = turn::take().await;
    send_waiting(context, None).await?;
    if context.store.clearings() != whose {
        return Ok(());
    }
    let cart = match code {
        Some(code) => api::send_json(context.host, Method::PUT, path, &SetCoupon { code }),
        None => api::send_json(context.host, Method::DELETE, path, &()),
    };
    answered(context, whose, Action::Coupon(cart.await?));
    Ok(())
}

/// Takes up an answer, and tells everybody; not that to whoever signed out meanwhile.
fn answered(context: Context<Saved>, whose: u32, action: Action) {
    if context.store.is_open() && context.store.clearings() == whose {
        context.store.dispatch(action);
        tell(context);
    }
}

/// Tells everybody what the cart is now.
pub fn tell(context: Context<Saved>) {
    context.host.emit(CHANGED, &context.store.with_untracked(|saved| saved.shown.clone()));
}

/// Sends a change, for whoever has the turn.
fn send(host: Host, change: &Change) -> Answer<Cart> {
    match change {
        Change::Add { item, key, .. } => api::send_once(host, "/cart/items", key, item),
        Change::Set { variant_id, quantity } => {
            let path = ["/cart/items/", &variant_id.to_string()].concat();
            api::send_json(host, Method::PUT, &path, &SetQuantity { quantity: *quantity })
        }
    }
}
