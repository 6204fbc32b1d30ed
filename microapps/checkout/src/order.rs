//! Placing the order and paying it, each once per intent.

use crate::{
    card,
    draft::{Action, Draft, Field, Intent},
    steps::Step,
    view::{HEADING, to_heading},
    visit::{Sheet, Visit, read_order},
};
use contract::{
    code,
    shop::{
        cart::{Cart, SetCoupon},
        order::{Order, OrderStatus, PayOrder, PaymentMethod},
    },
};
use microapp::{
    Host,
    api::{self, Answer, ApiError, Method},
    page::focus,
    prelude::*,
};
use std::sync::Arc;

/// The place where messages about the order stand.
pub const MESSAGE: &str = "checkout-message";

/// Orders what the review shows, and pays it where there is a card to pay with.
pub async fn place(visit: Visit) {
    let Some(intent) = untrack(|| intent(visit)) else {
        // What was filled in is gone: it was ordered in another tab, or somebody signed out there.
        visit.go(untrack(|| visit.done()).first_open());
        return visit.reload().await;
    };
    if !begin(visit) {
        return;
    }
    let answer = send(visit.context.host, &intent);
    // Kept before it is sent, which waiting for the answer begins: after a crash the same key gives the same order.
    visit.keep(Action::Intended(Box::new(intent)));
    let answer = answer.await;
    if !visit.is_open() {
        return;
    }
    match answer {
        Ok(order) => placed(visit, order).await,
        Err(error) if error.is(code::CART_EMPTY) => emptied(visit, error).await,
        Err(error) => refused(visit, error).await,
    }
    visit.show(|sheet| sheet.busy = false);
}

/// To order what the review shows; `None` while something is missing.
fn intent(visit: Visit) -> Option<Intent> {
    let (basis, totals) = (visit.sheet(Sheet::ready)?, visit.sheet(Sheet::priced)?);
    visit.draft(|draft| {
        let order = draft.order(&basis.cart.lines, totals.total.amount)?;
        Some(draft.intent(order, api::idempotency_key))
    })
}

/// Pays an order that stands with the card that was typed.
pub async fn pay_again(visit: Visit, order: Arc<Order>) {
    if begin(visit) {
        pay(visit, order).await;
        visit.show(|sheet| sheet.busy = false);
    }
}

/// An order that was asked for before the page went away may stand: then the cart is empty. Asking again
/// with the same key tells, and cannot order anything new. An error where nobody can tell now.
pub async fn recover(visit: Visit) -> Result<bool, ApiError> {
    let (host, store) = (visit.context.host, visit.context.store);
    let open: [fn(&Draft) -> &Option<Intent>; 2] = [|draft| &draft.intent, |draft| &draft.lost];
    for open in open {
        let answer = store.with_untracked(|draft| open(draft).as_ref().map(|intent| send(host, intent)));
        let Some(answer) = answer else { continue };
        match answer.await {
            Ok(order) => {
                if visit.is_open() {
                    placed(visit, order).await;
                }
                return Ok(true);
            }
            Err(error) if error.may_pass() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(false)
}

/// Whether nothing else is on its way: a second click does nothing.
fn begin(visit: Visit) -> bool {
    let mut was_busy = true;
    visit.show(|sheet| {
        sheet.message.clear();
        was_busy = std::mem::replace(&mut sheet.busy, true);
    });
    !was_busy
}

fn send(host: Host, intent: &Intent) -> Answer<Order> {
    api::send_once(host, "/orders", &intent.key, &intent.order)
}

async fn placed(visit: Visit, order: Order) {
    let host = visit.context.host;
    // The badge is the cart's matter; nothing here depends on it.
    host.run_beside("cart.refresh", &());
    if order.status != OrderStatus::PaymentPending {
        return confirm(visit, &order.key);
    }
    visit.keep(Action::Unpaid(order.key.clone()));
    if order.payment != PaymentMethod::TestCard
        || untrack(|| visit.sheet(|sheet| card::check(&sheet.card).is_none()))
    {
        pay(visit, Arc::new(order)).await;
    } else {
        wait_for_payment(visit, Arc::new(order), t("The order stands. It only waits for its payment."));
    }
}

async fn pay(visit: Visit, order: Arc<Order>) {
    let store = visit.context.store;
    let key = store.with_untracked(|draft| draft.paying.clone()).unwrap_or_else(api::idempotency_key);
    visit.keep(Action::Paying(key.clone()));
    let body = PayOrder { card_number: untrack(|| visit.sheet(|sheet| sheet.card.clone())) };
    let path = path(&order, "/payment");
    let answer = api::send_once::<Order>(visit.context.host, &path, &key, &body).await;
    if !visit.is_open() {
        return;
    }
    match answer {
        Ok(Order { pay_at: Some(address), .. }) => {
            // Whoever comes back without having paid begins anew.
            visit.keep(Action::NotPaid);
            let _ = window().location().assign(&address);
        }
        Ok(_) => confirm(visit, &order.key),
        Err(error) if error.may_pass() => wait_for_payment(visit, order, error.numbered()),
        Err(error) => {
            visit.keep(Action::NotPaid);
            // Paid in another tab, or given up meanwhile: the order itself knows.
            let now = read_order(visit.context.host, &order.key).await;
            let settled = now.is_ok_and(|now| !is_payable(&now));
            if visit.is_open() {
                if settled {
                    confirm(visit, &order.key)
                } else {
                    wait_for_payment(visit, order, error.numbered())
                }
            }
        }
    }
}

/// Gives up an order that is not paid, and asks anew how to pay for what it had.
pub async fn pay_another_way(visit: Visit, order: Arc<Order>) {
    if !begin(visit) {
        return;
    }
    match into_cart(visit, &order).await {
        Ok(true) => {
            visit.keep(Action::GivenUp);
            visit.reload().await;
            focus(HEADING);
        }
        Ok(false) => confirm(visit, &order.key),
        Err(error) => tell(visit, error.numbered()),
    }
    visit.show(|sheet| sheet.busy = false);
}

/// Cancels an order and puts what it had into the cart, or else does neither: false where it is paid or given up by now, or
/// where its page has to show what of it is done.
async fn into_cart(visit: Visit, order: &Order) -> Result<bool, ApiError> {
    let host = visit.context.host;
    match api::send(host, Method::POST, &path(order, "/cancellation?unpaid=true"), &()).await {
        Err(error) if error.is(code::ORDER_STATE) => return Ok(false),
        done => done?,
    }
    if refill(visit, order).await.is_err() {
        // It is cancelled; its page offers to order it again.
        return Ok(false);
    }
    if let Some(coupon) = &order.coupon {
        // Where it is valid no longer, the cart says what everything costs without it.
        let _ = api::send(host, Method::PUT, "/cart/coupon", &SetCoupon { code: coupon.code.clone() }).await;
    }
    Ok(true)
}

/// Puts what an order had into the cart, and says what of it cannot be had any more or costs something else.
fn refill(visit: Visit, order: &Order) -> Answer<()> {
    let host = visit.context.host;
    let key = untrack(|| visit.sheet(|sheet| [&*sheet.refill, &order.key].concat()));
    let path = path(order, "/reorder");
    Box::pin(async move {
        // A quantity that is sent only afterwards would take away from what comes.
        let _ = host.run("cart.refresh", &()).await;
        let cart: Cart = api::send_once(host, &path, &key, &()).await?;
        // In one toast: of many the oldest would have to go.
        let mut told = String::new();
        for notice in cart.notices {
            told = told + &notice.message + " ";
        }
        if !told.is_empty() {
            host.notify(Notice::new(Level::Warning, told));
        }
        Ok(())
    })
}

/// Cancels an order that stands.
pub async fn cancel(visit: Visit, order: Arc<Order>) {
    if !begin(visit) {
        return;
    }
    let host = visit.context.host;
    let now = match api::send_json(host, Method::POST, &path(&order, "/cancellation"), &()).await {
        Err(error) => {
            host.notify(Notice::new(Level::Error, error.numbered()));
            // It may be on its way by now.
            read_order(host, &order.key).await
        }
        done => done,
    };
    if now.is_ok() {
        visit.show_order(now);
    }
    visit.show(|sheet| sheet.busy = false);
}

/// Puts what an order had into the cart again.
pub async fn again(visit: Visit, order: Arc<Order>) {
    if !begin(visit) {
        return;
    }
    let host = visit.context.host;
    match refill(visit, &order).await {
        // It stays busy until the cart is there: a second click would fill it twice.
        Ok(()) => {
            let _ = host.run("cart.refresh", &()).await;
            host.navigate("/cart");
        }
        Err(error) => {
            host.notify(Notice::new(Level::Error, error.numbered()));
            visit.show(|sheet| sheet.busy = false);
        }
    }
}

/// Whether an order waits for its shopper to pay.
pub fn is_payable(order: &Order) -> bool {
    order.status == OrderStatus::PaymentPending && !order.payment_underway
}

fn path(order: &Order, what: &str) -> String {
    ["/orders/", &contract::route::encode(&order.key), what].concat()
}

fn confirm(visit: Visit, key: &str) {
    visit.finish();
    visit.show(|sheet| sheet.card.clear());
    visit.context.host.replace(&confirmation(key));
}

/// The page of an order that stands.
pub fn confirmation(key: &str) -> String {
    ["/checkout/confirmation/", &contract::route::encode(key)].concat()
}

/// An order that stands and is not paid leads to the payment step: with the message, and an empty field
/// for another card.
fn wait_for_payment(visit: Visit, order: Arc<Order>, message: String) {
    visit.show(|sheet| {
        // What is told here is told there: arriving takes nothing of it away.
        sheet.step = Step::Payment;
        sheet.card.clear();
        sheet.checked = false;
        sheet.unpaid = Some(order);
        sheet.answers += 1;
    });
    tell(visit, message);
}

/// The cart is empty: either an answer got lost and the order stands, or somebody emptied it elsewhere.
async fn emptied(visit: Visit, error: ApiError) {
    visit.keep(Action::Refused);
    let error = match recover(visit).await {
        Ok(true) => return,
        Ok(false) => error,
        Err(error) => error,
    };
    if visit.is_open() {
        tell(visit, error.numbered());
        visit.reload().await;
        // With the step its message goes; what there is instead says why.
        to_heading();
    }
}

async fn refused(visit: Visit, error: ApiError) {
    if error.may_pass() {
        return tell(visit, [&error.numbered(), " ", &t("Nothing is ordered twice: try again.")].concat());
    }
    visit.keep(Action::Refused);
    let fields = error.fields.iter();
    let fields: Vec<_> =
        fields.filter_map(|problem| Some((Field::parse(&problem.field)?, problem.message.clone()))).collect();
    if !fields.is_empty() {
        visit.show(|sheet| sheet.refused = fields);
        return visit.go(Step::Address);
    }
    // The cart is another one than the shopper agreed to (E403, E405, E406), or what was chosen is offered no more. Show
    // what there is, and ask again.
    visit.reload().await;
    if let Some(step) = at_fault(&error) {
        if step == Step::Payment {
            visit.keep(Action::Payment(None));
        }
        visit.go(step);
    }
    tell(visit, error.numbered());
}

/// The step whose choice was refused.
pub fn at_fault(error: &ApiError) -> Option<Step> {
    match &*error.fields.first()?.field {
        "country" => Some(Step::Address),
        name => Step::parse(name),
    }
}

fn tell(visit: Visit, message: String) {
    visit.show(|sheet| sheet.message = message);
    focus(MESSAGE);
}
