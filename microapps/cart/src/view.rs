//! The page: the copy at once, then the server's cart.

mod coupon;
mod icon;
mod line;
mod states;
mod summary;

use crate::{
    C,
    change::{self, Change},
    saved::{Action, Saved},
    sync,
};
use contract::shop::cart::Cart;
use leptos::{leptos_dom::helpers::TimeoutHandle, task::spawn_local};
use microapp::{api::ApiError, format::money, prelude::*};
use std::time::Duration;

/// So long nothing is sent after a change: a stepper is pressed several times in a row.
const PAUSE: Duration = Duration::from_millis(400);
/// So long after a failure it is tried again without being asked.
const NEXT_TRY: Duration = Duration::from_secs(20);

/// What the page waits for.
#[derive(Clone, PartialEq)]
enum Phase {
    /// Nothing.
    Settled,
    /// An answer.
    Busy,
    /// A better connection, or the shopper.
    Failed(ApiError),
}

/// What every part of the page shares.
#[derive(Clone, Copy)]
struct Page {
    context: Context<Saved>,
    /// The cart with what waits.
    shown: Memo<Cart>,
    phase: RwSignal<Phase>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Page {
    /// Takes up what the shopper did, and sends it when they pause.
    fn change(self, change: Change) {
        self.context.store.dispatch(Action::Changed(change));
        sync::tell(self.context);
        self.later(PAUSE);
    }

    /// Sends and reads after a while; a newer call replaces an older one.
    fn later(self, pause: Duration) {
        self.forget_timer();
        let timer = set_timeout_with_handle(move || spawn_local(self.refresh()), pause);
        self.timer.set_value(timer.ok());
    }

    fn forget_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Sends what waits and reads the server's cart.
    async fn refresh(self) {
        self.forget_timer();
        self.phase.set(Phase::Busy);
        let result = sync::refresh(self.context).await;
        if !self.context.store.is_open() {
            return;
        }
        match result {
            Ok(()) => self.phase.set(Phase::Settled),
            Err(error) => {
                self.phase.set(Phase::Failed(error));
                self.later(NEXT_TRY);
            }
        }
    }

    /// Whether the server has answered some day, or something waits.
    fn known(self) -> bool {
        self.context.store.with(|saved| saved.cart.is_some() || !saved.waiting.is_empty())
    }

    fn money(self, read: impl Fn(&Cart) -> &contract::shop::money::Money) -> String {
        self.shown.with(|cart| money(read(cart), &self.context.host.locale()))
    }
}

/// The whole page.
pub fn page(context: Context<Saved>) -> AnyView {
    let page = Page {
        context,
        shown: Memo::new(move |_| context.store.with(Saved::shown)),
        phase: RwSignal::new(Phase::Busy),
        timer: StoredValue::new(None),
    };
    keep_fresh(page);
    let pieces = Memo::new(move |_| page.shown.with(|cart| cart.pieces));
    let count = move || match pieces.get() {
        0 => String::new(),
        1 => "1 item".to_owned(),
        more => format!("{more} items"),
    };
    // Which of the big states; a new number or price must not draw the page anew.
    let filled = Memo::new(move |_| page.known().then(|| page.shown.with(|cart| !cart.lines.is_empty())));
    let body = move || match filled.get() {
        Some(true) => filled_cart(page),
        Some(false) => states::empty(page),
        None => states::not_known_yet(page),
    };
    view! { class = C,
        <div class="page">
            <header class="head">
                <h1>"Your cart"</h1>
                <p class="count" data-test="count">{count}</p>
            </header>
            {states::connection(page)}
            {body}
            <p class="visually-hidden" role="status">{announcement(page)}</p>
        </div>
    }
    .into_any()
}

fn filled_cart(page: Page) -> AnyView {
    let ids =
        move || page.shown.with(|cart| cart.lines.iter().map(|line| line.variant_id).collect::<Vec<_>>());
    view! { class = C,
        <div class="columns">
            <div class="list">
                {states::notices(page)}
                <ul class="lines" aria-label="In your cart">
                    <For each=ids key=|id| *id children=move |id| line::line(page, id) />
                </ul>
            </div>
            {summary::summary(page)}
        </div>
    }
    .into_any()
}

/// Reads the cart now, and again when the connection is back or somebody signs in or out.
fn keep_fresh(page: Page) {
    spawn_local(page.refresh());
    let online = window_event_listener(leptos::ev::online, move |_| spawn_local(page.refresh()));
    on_cleanup(move || {
        online.remove();
        page.forget_timer();
    });
    let session = page.context.host.session();
    Effect::new(move |before: Option<_>| {
        let now = session.get();
        if before.is_some_and(|before| before != now) {
            spawn_local(page.refresh());
        }
        now
    });
}

/// What the cart costs now, after the shopper changed it and the server has answered.
fn announcement(page: Page) -> impl Fn() -> String {
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<i64>>| {
        let before = before.flatten();
        if page.phase.get() != Phase::Settled {
            return before;
        }
        let total = page.shown.with(|cart| cart.totals.total.amount);
        if before.is_some_and(|before| before != total) {
            said.set(match page.shown.with(|cart| cart.pieces) {
                0 => "Your cart is empty.".to_owned(),
                _ => format!("The total is now {}.", page.money(|cart| &cart.totals.total)),
            });
        }
        Some(total)
    });
    move || said.get()
}

/// Pieces that wait for the connection and have no line yet.
fn unseen(page: Page) -> i64 {
    page.context.store.with(|saved| match &saved.cart {
        Some(cart) => change::unseen(cart, &saved.waiting),
        None => change::unseen(&Cart::default(), &saved.waiting),
    })
}
