//! What all parts of the page share: the cart as it shows, and the way to the server.

use crate::{
    change::Change,
    saved::{Action, Saved},
    sync,
};
use contract::shop::{cart::Cart, money::Money};
use leptos::{leptos_dom::helpers::TimeoutHandle, task::spawn_local};
use microapp::{
    Listener,
    api::ApiError,
    element::follow,
    format,
    page::{focus, focus_from},
    prelude::*,
};
use std::time::Duration;

/// So long nothing is sent after a change: a stepper is pressed several times in a row.
const PAUSE: Duration = Duration::from_millis(400);
/// So long after a failure it is tried again without being asked.
const NEXT_TRY: Duration = Duration::from_secs(20);

/// The id of the field for a coupon, or of the button that takes it off: one of them is there.
pub const COUPON: &str = "cart-coupon";
/// The id of the place for what is said about the whole cart.
pub const NOTICES: &str = "cart-notices";

/// The id of the place for what is said about a line.
pub fn notes_id(variant_id: i64) -> String {
    ["cart-notes-", &variant_id.to_string()].concat()
}

/// What there is to show besides the cart.
#[derive(Default)]
pub struct Shown {
    /// An answer is waited for.
    pub busy: bool,
    /// Why the last one did not come; stays while it is tried again.
    pub failure: Option<ApiError>,
    /// What was said about the total or the coupon last.
    pub said: String,
    /// The coupon is on its way.
    pub applying: bool,
    /// What is wrong with the coupon.
    pub coupon_error: String,
    /// The shopper is on the way to the checkout.
    pub leaving: bool,
}

impl Shown {
    /// The server has answered, and nothing is asked.
    pub fn is_settled(&self) -> bool {
        !self.busy && self.failure.is_none()
    }
}

/// Shared by all parts of the page.
#[derive(Clone, Copy)]
pub struct Page {
    pub context: Context<Saved>,
    shown: Watched<Shown>,
    timer: Watched<Option<TimeoutHandle>>,
}

impl Page {
    /// Shows the copy, and reads the server's cart now, and again when the connection is back or somebody
    /// signs in or out.
    pub fn begin(context: Context<Saved>) -> Self {
        let page = Self { context, shown: Watched::new(Shown::default()), timer: Watched::default() };
        page.try_again();
        StoredValue::new_local(Listener::new(&window(), "online", move |_| page.try_again()));
        on_cleanup(move || page.forget_timer());
        context.host.on_session(move |_| page.try_again());
        page.say_the_total();
        page
    }

    /// A part of the cart, with what waits.
    pub fn cart<T>(self, read: impl FnOnce(&Cart) -> T) -> T {
        self.saved(|saved| read(&saved.shown))
    }

    /// A part of what there is to show besides the cart.
    pub fn shown<T>(self, read: impl FnOnce(&Shown) -> T) -> T {
        self.shown.with(read)
    }

    /// Changes what there is to show besides the cart.
    pub fn show(self, change: impl FnOnce(&mut Shown)) {
        self.shown.update(change);
    }

    /// What the browser keeps.
    pub fn saved<T>(self, read: impl FnOnce(&Saved) -> T) -> T {
        self.context.store.with(read)
    }

    /// Whether something waits for the server.
    pub fn waits(self) -> bool {
        self.saved(|saved| !saved.waiting.is_empty())
    }

    /// Whether the server has answered some day, or something waits.
    pub fn known(self) -> bool {
        self.saved(|saved| saved.cart.is_some() || !saved.waiting.is_empty())
    }

    /// Pieces that wait and have no line yet.
    pub fn unseen(self) -> i64 {
        self.saved(Saved::unseen)
    }

    /// An amount of the cart as the shopper writes it.
    pub fn money(self, read: fn(&Cart) -> &Money) -> String {
        self.cart(|cart| self.amount(read(cart)))
    }

    /// An amount as the shopper writes it.
    pub fn amount(self, amount: &Money) -> String {
        format::money(amount)
    }

    /// Takes up what the shopper did, and sends it when they pause.
    pub fn change(self, change: Change) {
        self.context.store.dispatch(Action::Changed(change));
        sync::tell(self.context);
        self.later(PAUSE);
    }

    /// Sends what waits and reads the server's cart.
    pub fn try_again(self) {
        spawn_local(self.refresh());
    }

    /// Gives up on what waits.
    pub fn discard(self) {
        self.context.store.dispatch(Action::Discarded);
        sync::tell(self.context);
        self.try_again();
    }

    /// Sets or takes off the coupon, and moves the focus of whoever has waited to what stands in its place then.
    pub async fn set_coupon(self, code: Option<String>) {
        let busy = self.shown.update(|shown| {
            shown.coupon_error.clear();
            std::mem::replace(&mut shown.applying, true)
        });
        if busy {
            return;
        }
        let done = match &code {
            Some(code) => t_with("Coupon {code} is applied.", &[("code", code)]),
            None => t("The coupon is taken off."),
        };
        let result = sync::set_coupon(self.context, code).await;
        self.show(|shown| {
            shown.applying = false;
            match result {
                Ok(()) => shown.said = done,
                Err(error) => shown.coupon_error = error.field("code").unwrap_or(&error.message).to_owned(),
            }
        });
        focus_from(".coupon", COUPON);
    }

    /// To the checkout, once the server knows what the shopper wants; not past what it has to say about that.
    pub async fn go_to_checkout(self) {
        // What was said before has been read.
        self.context.store.dispatch(Action::Left);
        self.show(|shown| shown.leaving = true);
        self.refresh().await;
        self.show(|shown| shown.leaving = false);
        if !self.context.store.is_open() || !self.shown.with_untracked(Shown::is_settled) {
            return;
        }
        match self.first_notice() {
            Some(id) => focus(&id),
            None => self.context.host.navigate("/checkout"),
        }
    }

    /// The id of the place where the first notice stands.
    fn first_notice(self) -> Option<String> {
        self.context.store.with_untracked(|saved| {
            let cart = &saved.shown;
            let notice = cart.notices.first()?;
            let line = cart.lines.iter().find(|line| Some(line.variant_id) == notice.variant_id);
            Some(line.map_or_else(|| NOTICES.to_owned(), |line| notes_id(line.variant_id)))
        })
    }

    /// A newer call replaces an older one.
    fn later(self, pause: Duration) {
        self.forget_timer();
        let timer = set_timeout_with_handle(move || self.try_again(), pause);
        self.timer.set(timer.ok());
    }

    fn forget_timer(self) {
        if let Some(timer) = self.timer.update(Option::take) {
            timer.clear();
        }
    }

    async fn refresh(self) {
        self.forget_timer();
        self.show(|shown| shown.busy = true);
        let result = sync::refresh(self.context).await;
        if !self.context.store.is_open() {
            return;
        }
        let failed = result.is_err();
        self.show(|shown| {
            shown.busy = false;
            shown.failure = result.err();
        });
        if failed {
            self.later(NEXT_TRY);
        }
    }

    /// Says what the cart costs after the shopper changed it and the server has answered.
    fn say_the_total(self) {
        let mut before = None;
        follow(move || {
            if !self.shown(Shown::is_settled) {
                return;
            }
            let (pieces, total) = self.cart(|cart| (cart.pieces, cart.totals.total.amount));
            if before.replace(total).is_some_and(|before| before != total) {
                let said = match pieces {
                    0 => t("Your cart is empty."),
                    _ => {
                        t_with("The total is now {sum}.", &[("sum", &self.money(|cart| &cart.totals.total))])
                    }
                };
                self.show(|shown| shown.said = said);
            }
        });
    }
}
