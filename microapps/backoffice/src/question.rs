//! What is asked before an order changes: what will happen, and the words to do it with.

use crate::{desk::Desk, view, words};
use contract::{
    code,
    shop::{
        operator::MoveOrder,
        order::{Order, OrderStatus},
    },
};
use microapp::{
    Level, Notice,
    api::{ApiError, Method},
    element::El,
    t, t_with,
};
use operator::dialog::{self, Asked, Outcome};
use std::{cell::Cell, rc::Rc};

/// A question with one way to say yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `Cancel order M-10042?`
    pub title: String,
    /// What will happen.
    pub says: Vec<String>,
    /// The word on the button.
    pub yes: String,
    /// What is said when it is done.
    pub done: String,
    /// Of which order.
    pub number: String,
    /// What is done.
    pub act: Act,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It moves on.
    Move(OrderStatus),
    /// Its money goes back.
    Refund,
}

/// Whether an order was sent.
pub fn send_off(order: &Order) -> Question {
    let places = [("number", &*order.number), ("name", &order.address.name)];
    let told = match words::has_left(order) {
        true => nobody_is_told(),
        false => t_with(
            "{name} sees it as sent from now on, and is told by mail where the server sends mail.",
            &places,
        ),
    };
    Question {
        title: t_with("Is order {number} sent?", &places),
        says: vec![told, t("It cannot be cancelled any more then.")],
        yes: t("It is sent"),
        done: t_with("Order {number} is marked as sent.", &places),
        number: order.number.clone(),
        act: Act::Move(OrderStatus::Shipped),
    }
}

/// Whether an order is to be cancelled.
pub fn cancel(order: &Order) -> Question {
    let places = [("number", &*order.number)];
    let told = match words::has_left(order) {
        true => [t("This cannot be undone."), nobody_is_told()].join(" "),
        false => t("This cannot be undone. Whoever ordered is told by mail where the server sends mail."),
    };
    Question {
        title: t_with("Cancel order {number}?", &places),
        says: vec![
            t("What was ordered is back in stock, and a coupon may be used again."),
            t(match order.status {
                OrderStatus::Paid if order.totals.total.amount > 0 => "The money goes back to whoever paid.",
                OrderStatus::PaymentPending if order.payment_underway => {
                    "The payment is on its way and cannot be stopped; when the money comes, it goes back."
                }
                OrderStatus::PaymentPending => {
                    "A payment that is under way is ended; if it comes all the same, it goes back."
                }
                _ => "No money came for it, so none goes back.",
            }),
            told,
        ],
        yes: t("Cancel the order"),
        done: t_with("Order {number} is cancelled.", &places),
        number: order.number.clone(),
        act: Act::Move(OrderStatus::Cancelled),
    }
}

/// Whether the money of an order that was sent goes back, which is so much.
pub fn refund(order: &Order, money: &str) -> Question {
    let by = words::method(order.payment);
    let places =
        [("number", &*order.number), ("money", money), ("name", &order.address.name), ("method", &by)];
    Question {
        title: t_with("Refund order {number}?", &places),
        says: vec![
            t_with(
                match words::has_left(order) {
                    true => "{money} goes back by the way it came: {method}.",
                    false => "{money} goes back to {name} by the way it came: {method}.",
                },
                &places,
            ),
            t("The order stays sent. When the parcel is back, raise the stock by hand."),
            t("This cannot be undone."),
        ],
        yes: t("Refund it"),
        done: t_with("The money of order {number} goes back.", &places),
        number: order.number.clone(),
        act: Act::Refund,
    }
}

fn nobody_is_told() -> String {
    t("Nobody is told of it: the person has left.")
}

/// The question as what is in the dialog.
pub fn form(desk: Desk, question: Question) -> El {
    let is_final = !matches!(question.act, Act::Move(OrderStatus::Shipped));
    let asked = Asked { title: &question.title, says: &question.says, yes: &question.yes, is_final };
    let (number, act, done) = (question.number.clone(), question.act, question.done.clone());
    // Whether a try before had no answer: it may have done it all the same.
    let unanswered = Rc::new(Cell::new(false));
    dialog::form(
        desk,
        &asked,
        Vec::new(),
        move || desk.put(None),
        move || {
            let (number, done, unanswered) = (number.clone(), done.clone(), Rc::clone(&unanswered));
            Ok(Box::pin(async move {
                let mut sent = send(desk, &number, act).await;
                let is_refused = sent.as_ref().is_err_and(|error| error.is(code::ORDER_STATE));
                if is_refused && unanswered.get() && is_done(desk, &number, act).await {
                    sent = Ok(());
                }
                // What stands between the server and here answers with what nobody can read.
                if sent.as_ref().is_err_and(|it| it.is(code::LOAD_NETWORK) || it.is(code::INTERNAL)) {
                    unanswered.set(true);
                }
                match sent {
                    Ok(()) => desk.host.notify(Notice::new(Level::Success, done)),
                    Err(found) if found.is(code::TOKEN_INVALID) => desk.fail(found),
                    // Somebody was faster: an operator, the shopper, or the time that a payment has.
                    Err(found) if found.is(code::ORDER_STATE) => {
                        return Outcome::Overtaken([t("Somebody was faster."), found.numbered()].join(" "));
                    }
                    Err(found) => return Outcome::Refused(found.numbered()),
                }
                Outcome::Done
            }))
        },
    )
}

/// Whether an order stands as it was to.
async fn is_done(desk: Desk, number: &str, act: Act) -> bool {
    let Act::Move(wanted) = act else { return false };
    desk.look_at_order(number).await.is_some_and(|order| order.status == wanted)
}

async fn send(desk: Desk, number: &str, act: Act) -> Result<(), ApiError> {
    let path = ["/operator", &view::order(number)].concat();
    match act {
        Act::Move(status) => {
            desk.send(Method::PUT, &[&path, "/status"].concat(), &MoveOrder { status }).await
        }
        Act::Refund => desk.send(Method::POST, &[&path, "/refund"].concat(), &()).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cancelling_says_what_becomes_of_the_money() {
        for (status, underway, expected) in [
            (OrderStatus::PaymentPending, false, "A payment that is under way is ended"),
            (OrderStatus::PaymentPending, true, "The payment is on its way and cannot be stopped"),
            (OrderStatus::Placed, false, "No money came for it"),
        ] {
            let says = cancel(&words::tests::order(status, underway)).says;
            assert!(says[1].starts_with(expected), "{says:?}");
        }
    }
}
