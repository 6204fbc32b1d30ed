//! What every part of the checkout shares while it is on the page.

use crate::{
    card,
    draft::{Action, Draft, Field},
    rules,
    steps::{Done, Step},
};
use contract::{
    code,
    shop::{
        cart::{Cart, Totals},
        money::Money,
        order::{CheckoutOptions, Order, PaymentMethod, QuoteRequest},
    },
};
use leptos::task::spawn_local;
use microapp::{
    api::{self, ApiError, Method},
    format,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Something from the server.
#[derive(Clone, PartialEq)]
pub enum Load<T> {
    Waiting,
    Ready(T),
    Failed(ApiError),
}

/// What the steps cannot be shown without.
#[derive(Clone, PartialEq)]
pub struct Basis {
    pub cart: Cart,
    pub options: CheckoutOptions,
    /// The order that waits for its payment.
    pub unpaid: Option<Order>,
}

/// Shared by all parts of the page.
#[derive(Clone, Copy)]
pub struct Visit {
    pub context: Context<Draft>,
    pub basis: RwSignal<Load<Basis>>,
    /// What the order will cost, delivered.
    pub quote: RwSignal<Load<Totals>>,
    /// The test card's number: here, and nowhere else.
    pub card: RwSignal<String>,
    /// Whether the shopper asked for what is wrong to be shown.
    pub checked: RwSignal<bool>,
    /// What the server had against a field.
    pub refused: RwSignal<Vec<(Field, String)>>,
    /// What went wrong with the order or the payment.
    pub message: RwSignal<Option<String>>,
    /// The order or the payment is on its way.
    pub busy: RwSignal<bool>,
}

impl Visit {
    pub fn new(context: Context<Draft>) -> Self {
        Self {
            context,
            basis: RwSignal::new(Load::Waiting),
            quote: RwSignal::new(Load::Waiting),
            card: RwSignal::new(String::new()),
            checked: RwSignal::new(false),
            refused: RwSignal::new(Vec::new()),
            message: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Whether the page is still there; asked after every `await`.
    pub fn is_open(self) -> bool {
        self.context.store.is_open()
    }

    /// What has been filled in.
    pub fn done(self) -> Done {
        let card_is_good = self.card.with(|number| card::check(number).is_none());
        self.context.store.with(|draft| Done {
            address: rules::check(draft).is_empty(),
            delivery: !draft.delivery.is_empty(),
            payment: match draft.payment {
                Some(PaymentMethod::OnDelivery) => true,
                Some(PaymentMethod::TestCard) => card_is_good,
                None => false,
            },
        })
    }

    /// Goes to a step.
    pub fn go(self, step: Step) {
        self.message.set(None);
        self.context.host.navigate(&step.path());
    }

    /// Reads cart and options.
    pub fn load(self) {
        self.basis.set(Load::Waiting);
        spawn_local(async move {
            let basis = self.read().await;
            if self.is_open() {
                self.basis.set(basis.map_or_else(Load::Failed, Load::Ready));
            }
        });
    }

    /// Reads them again without taking the page away meanwhile.
    pub async fn reload(self) {
        let basis = self.read().await;
        if let (true, Ok(basis)) = (self.is_open(), basis) {
            self.basis.set(Load::Ready(basis));
        }
    }

    async fn read(self) -> Result<Basis, ApiError> {
        let unpaid = self.unpaid().await?;
        // The cart microapp may have changes that the server does not know yet.
        let cart = match self.context.host.call("cart.refresh", &()).await {
            Ok(cart) => cart,
            Err(_) => api::get(self.context.host, "/cart").await?,
        };
        let options = api::get(self.context.host, "/checkout/options").await?;
        Ok(Basis { cart, options, unpaid })
    }

    /// The order that waits for its payment, if it still does.
    async fn unpaid(self) -> Result<Option<Order>, ApiError> {
        let store = self.context.store;
        let Some(key) = store.with_untracked(|draft| draft.unpaid.clone()) else { return Ok(None) };
        match read_order(self.context.host, &key).await {
            Ok(order) if order.is_unpaid() => Ok(Some(order)),
            Err(error) if !error.is(code::NOT_FOUND) => Err(error),
            _ => {
                if store.is_open() {
                    store.dispatch(Action::Finished);
                }
                Ok(None)
            }
        }
    }

    /// Asks what the order will cost.
    pub async fn ask_quote(self) {
        let request = self.context.store.with_untracked(|draft| QuoteRequest {
            delivery: draft.delivery.clone(),
            country: draft.address.country.clone(),
        });
        self.quote.set(Load::Waiting);
        let quote = api::send_json(self.context.host, Method::POST, "/checkout/quote", &request).await;
        self.quote.set(quote.map_or_else(Load::Failed, Load::Ready));
    }

    /// An amount as the shopper writes it.
    pub fn money(self, amount: &Money) -> String {
        format::money(amount, &self.context.host.locale())
    }
}

/// `GET /orders/{key}`
pub async fn read_order(host: Host, key: &str) -> Result<Order, ApiError> {
    api::get(host, &format!("/orders/{}", contract::route::encode(key))).await
}

/// What we ask of an order.
pub trait Unpaid {
    fn is_unpaid(&self) -> bool;
}

impl Unpaid for Order {
    fn is_unpaid(&self) -> bool {
        self.status == contract::shop::order::OrderStatus::PaymentPending
    }
}

/// Moves the focus to an element by its id, after the view has taken up the last change.
pub fn focus(id: &'static str) {
    request_animation_frame(move || {
        let element =
            document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
