//! What every part of the checkout shares while it is on the page.

use crate::{
    card,
    draft::{Action, Draft, Field},
    order::is_payable,
    rules,
    steps::{self, Done, Step},
};
use contract::{
    code,
    shop::{
        cart::{Cart, Totals},
        money::Money,
        order::{CheckoutOptions, Order, PaymentMethod, QuoteRequest},
    },
};
use microapp::{
    SessionInfo,
    api::{self, Answer, ApiError, Method},
    element::follow,
    format,
    page::run,
    prelude::*,
};
use std::{pin::Pin, sync::Arc};

/// What the steps cannot be shown without.
pub struct Basis {
    pub cart: Cart,
    pub options: CheckoutOptions,
    /// Where to the deliveries of `options` go.
    country: String,
}

contract::record!(Basis { cart, options } or_default { country });
contract::read_as_records!(Basis);

/// What takes its time and is awaited in several places: boxed, its code is there once.
pub type Work = Pin<Box<dyn Future<Output = ()>>>;

/// What there is to show.
#[derive(Default)]
pub struct Sheet {
    /// The step that shows.
    pub step: Step,
    /// `None` while it is waited for.
    pub basis: Option<Result<Arc<Basis>, ApiError>>,
    /// The order that waits for its payment.
    pub unpaid: Option<Arc<Order>>,
    /// What the order will cost, delivered; `None` while it is waited for.
    pub quote: Option<Result<Arc<Totals>, ApiError>>,
    /// What that was asked for last.
    quoted: Option<QuoteRequest>,
    /// Rises whenever that is asked: an older answer that comes late is not shown.
    quotes: u32,
    /// The same of cart and options.
    reads: u32,
    /// The order of the confirmation; `None` while it is waited for.
    pub order: Option<Result<Arc<Order>, ApiError>>,
    /// Rises with every confirmation that is opened.
    pub opened: u32,
    /// Rises with every answer: what shows answers is drawn anew.
    pub answers: u32,
    /// The test card's number: here, and nowhere else.
    pub card: String,
    /// Whether the shopper asked for what is wrong to be shown.
    pub checked: bool,
    /// What the server had against a field.
    pub refused: Vec<(Field, String)>,
    /// What went wrong with the order or the payment.
    pub message: String,
    /// The order or the payment is on its way.
    pub busy: bool,
    /// It is being looked up what became of an order.
    pub looking: bool,
    /// With an order's key: makes it go into the cart once, however often that is asked for on this page.
    pub refill: String,
}

impl Sheet {
    /// Cart and options, once they are there. Answers are handed around, never copied.
    pub fn ready(&self) -> Option<Arc<Basis>> {
        self.basis.as_ref()?.as_ref().ok().cloned()
    }

    /// What the order will cost, once it is known.
    pub fn priced(&self) -> Option<Arc<Totals>> {
        self.quote.as_ref()?.as_ref().ok().cloned()
    }

    /// Whether something is delivered to a country.
    pub fn delivers_to(&self, country: &str) -> bool {
        let Some(Ok(basis)) = &self.basis else { return false };
        basis.options.countries.iter().any(|known| known.code == country)
    }

    /// The ways of delivery and their prices: another text when they are others.
    pub fn ways(&self) -> String {
        let mut ways = String::new();
        for way in self.ready().iter().flat_map(|basis| &basis.options.deliveries) {
            for part in [" ", &way.id, " ", &way.price.amount.to_string()] {
                ways.push_str(part);
            }
        }
        ways
    }

    fn take_up(&mut self, (basis, unpaid): (Basis, Option<Order>)) {
        self.basis = Some(Ok(Arc::new(basis)));
        // It is that of the cart of before, and so is one that is on its way.
        self.quote = None;
        self.quotes += 1;
        self.unpaid = unpaid.map(Arc::new);
        self.answers += 1;
    }
}

/// Shared by all parts of the page.
#[derive(Clone, Copy)]
pub struct Visit {
    pub context: Context<Draft>,
    /// Who is signed in.
    pub session: Watched<Option<SessionInfo>>,
    sheet: Watched<Sheet>,
}

impl Visit {
    /// Follows the address, and who is signed in.
    pub fn begin(context: Context<Draft>) -> Self {
        let sheet = Sheet { refill: api::idempotency_key(), ..Sheet::default() };
        let visit = Self { context, session: context.host.session(), sheet: Watched::new(sheet) };
        follow(move || visit.fill_in());
        // Carts are merged at sign-in.
        context.host.on_session(move |_| run(visit.reload()));
        visit
    }

    /// A part of what there is to show.
    pub fn sheet<T>(self, read: impl FnOnce(&Sheet) -> T) -> T {
        self.sheet.with(read)
    }

    /// Changes what there is to show. Does nothing once the page is gone.
    pub fn show(self, change: impl FnOnce(&mut Sheet)) {
        self.sheet.update(change);
    }

    /// A part of what is filled in.
    pub fn draft<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.context.store.with(read)
    }

    /// Keeps what happened to the draft.
    pub fn keep(self, action: Action) {
        self.context.store.dispatch(action);
    }

    /// Forgets what was filled in, but not who is here.
    pub fn finish(self) {
        self.keep(Action::Finished);
        untrack(|| self.fill_in());
    }

    fn fill_in(self) {
        if let Some(person) = self.session.get() {
            self.keep(Action::Known(person));
        }
    }

    /// Whether the page is still there; asked after every `await`.
    pub fn is_open(self) -> bool {
        self.context.store.is_open()
    }

    /// What has been filled in.
    pub fn done(self) -> Done {
        let card_is_good = self.sheet(|sheet| card::check(&sheet.card).is_none());
        self.draft(|draft| Done {
            address: rules::check(draft).is_empty(),
            delivery: !draft.delivery.is_empty(),
            payment: draft.payment.is_some()
                && (draft.payment != Some(PaymentMethod::TestCard) || card_is_good),
        })
    }

    /// The key of the order in the address; empty at the steps.
    pub fn order_key(self) -> String {
        self.context.route.with(|route| route.param("key").to_owned())
    }

    /// Shows the step that the address asks for, or the first one that is not filled in.
    pub fn follow_steps(self) {
        let mut before = None;
        follow(move || {
            if !self.order_key().is_empty() {
                before = None;
                return;
            }
            let asked = self.context.route.with(|route| route.param("step").to_owned());
            let (unpaid, ready) =
                self.sheet(|sheet| (sheet.unpaid.is_some(), matches!(sheet.basis, Some(Ok(_)))));
            // Until it is read, an order that waits for its payment is taken to do so still.
            let unpaid =
                unpaid || !ready && self.context.store.with_untracked(|draft| draft.unpaid.is_some());
            // Only these: what else changes on the page, or is forgotten when the order stands, moves nobody.
            let now = Some((asked, unpaid, ready));
            if now == before {
                return;
            }
            untrack(|| self.enter(now.as_ref().map_or("", |(asked, ..)| asked), unpaid));
            before = now;
        });
    }

    fn enter(self, asked: &str, unpaid: bool) {
        let step = match steps::redirect(asked, self.done()) {
            _ if unpaid => Step::Payment,
            Some(other) => other,
            None => Step::parse(asked).unwrap_or_default(),
        };
        self.context.host.set_title(&t_with("Checkout: {step}", &[("step", &step.label())]));
        if asked != step.name() {
            self.context.host.replace(&step.path());
        }
        if self.sheet(|sheet| sheet.step != step) {
            self.arrive(step);
        }
        let Some(basis) = self.sheet(Sheet::ready) else { return };
        if unpaid || step == Step::Address {
            return;
        }
        // Another country has other ways of delivery; where the price is refused, there are others than were shown.
        let is_refused = self.sheet(|sheet| matches!(sheet.quote, Some(Err(_))));
        if is_refused || self.draft(|draft| draft.address.country != basis.country) {
            run(self.reload());
        }
        // What is chosen from the start is asked for as it is.
        if self.draft(|draft| !draft.delivery.is_empty()) {
            run(self.ask_quote());
        }
    }

    /// Goes to a step.
    pub fn go(self, step: Step) {
        self.arrive(step);
        self.context.host.navigate(&step.path());
    }

    /// Shows a step. What is told from here on is told there: the address, which follows, takes nothing of it away.
    pub fn arrive(self, step: Step) {
        self.show(|sheet| {
            sheet.step = step;
            // What the server had against a field is shown where the field is.
            sheet.checked = !sheet.refused.is_empty();
            sheet.message.clear();
        });
    }

    /// Reads cart and options.
    pub fn load(self) -> Work {
        self.show(|sheet| sheet.basis = None);
        self.reload()
    }

    /// Reads them again without taking the page away meanwhile.
    pub fn reload(self) -> Work {
        Box::pin(self.read_again())
    }

    async fn read_again(self) {
        let turn = self.sheet.update(|sheet| {
            sheet.reads += 1;
            sheet.reads
        });
        let country = || self.context.store.with_untracked(|draft| draft.address.country.clone());
        let asked = country();
        let answer = self.read().await;
        if let Err(error) = &answer
            && error.field("country").is_some()
            && self.is_open()
            && country() == asked
        {
            // Nothing is delivered there any more: the address step asks for another country.
            self.keep(Action::Typed(Field::Country, String::new()));
            self.show(|sheet| {
                sheet.step = Step::Address;
                sheet.checked = true;
            });
            return self.load().await;
        }
        let wants_quote = self.sheet.update(|sheet| {
            let was_ready = matches!(sheet.basis, Some(Ok(_)));
            match answer {
                // A newer answer is on its way. Until it is there, this one is better than none.
                _ if sheet.reads != turn && (was_ready || answer.is_err()) => return false,
                Ok(answer) => sheet.take_up(answer),
                Err(error) if !was_ready => sheet.basis = Some(Err(error)),
                // What shows stays.
                Err(_) => return false,
            }
            // What was not ready is asked for as the step is entered.
            was_ready && sheet.unpaid.is_none() && sheet.step != Step::Address
        });
        if wants_quote {
            self.ask_quote().await;
        }
    }

    async fn read(self) -> Result<(Basis, Option<Order>), ApiError> {
        let host = self.context.host;
        let unpaid = self.read_unpaid().await?;
        // The cart microapp may have changes that the server does not know yet.
        let _ = host.run("cart.refresh", &()).await;
        let country = self.context.store.with_untracked(|draft| draft.address.country.clone());
        let query = if country.is_empty() { "" } else { "?country=" };
        let options = ["/checkout/options", query, &country].concat();
        let asked = vec![("cart", "/cart".to_owned()), ("options", options)];
        let basis: Basis = api::gather(host, asked).await?;
        Ok((Basis { country, ..basis }, unpaid))
    }

    /// The order that waits for its payment, if it still does.
    async fn read_unpaid(self) -> Result<Option<Order>, ApiError> {
        let store = self.context.store;
        let Some(key) = store.with_untracked(|draft| draft.unpaid.clone()) else { return Ok(None) };
        match read_order(self.context.host, &key).await {
            Ok(order) if is_payable(&order) => Ok(Some(order)),
            Err(error) if !error.is(code::NOT_FOUND) => Err(error),
            _ => {
                self.finish();
                Ok(None)
            }
        }
    }

    /// Asks what the order will cost.
    pub fn ask_quote(self) -> Work {
        Box::pin(self.quoting())
    }

    async fn quoting(self) {
        let request = self.context.store.with_untracked(|draft| QuoteRequest {
            delivery: draft.delivery.clone(),
            country: draft.address.country.clone(),
        });
        let turn = self.sheet.update(|sheet| {
            if sheet.quoted.as_ref() != Some(&request) {
                // What another delivery costs is not shown meanwhile.
                sheet.quote = None;
                sheet.answers += 1;
                sheet.quoted = Some(request.clone());
            }
            sheet.quotes += 1;
            sheet.quotes
        });
        let quote =
            api::send_json::<Totals>(self.context.host, Method::POST, "/checkout/quote", &request).await;
        self.show(|sheet| {
            // Where it says the same again nothing is drawn anew: the focus may be there.
            let is_shown = matches!((&sheet.quote, &quote), (Some(Ok(shown)), Ok(now)) if **shown == *now);
            if sheet.quotes == turn && !is_shown {
                sheet.quote = Some(quote.map(Arc::new));
                sheet.answers += 1;
            }
        });
    }

    /// An amount as the shopper writes it.
    pub fn money(self, amount: &Money) -> String {
        format::money(amount)
    }
}

/// `GET /orders/{key}`
pub fn read_order(host: Host, key: &str) -> Answer<Order> {
    api::get(host, &["/orders/", &contract::route::encode(key)].concat())
}
