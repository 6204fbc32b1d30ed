//! The state of one visit: the product, what is chosen of it, and how both follow the address.

use crate::choice::{Availability, Choice};
use contract::{
    code,
    route::Pairs,
    shop::catalogue::{Product, Variant},
};
use leptos::task::spawn_local;
use microapp::{
    api::{self, ApiError},
    prelude::*,
};

/// What the page shows.
#[derive(Clone, Debug)]
pub enum Page {
    /// The product is on its way.
    Loading,
    /// The product.
    Ready(Product),
    /// There is no such product.
    NotFound,
    /// Why there is no answer.
    Failed(ApiError),
}

/// One visit. Copied into closures freely.
#[derive(Clone, Copy)]
pub struct Visit {
    /// The services of the shell.
    pub host: Host,
    /// What the page shows.
    pub page: RwSignal<Page>,
    /// What is chosen.
    pub choice: RwSignal<Choice>,
    /// The chosen variant; `None` when the combination does not exist.
    pub variant: Memo<Option<Variant>>,
    /// How many are to go into the cart.
    pub quantity: RwSignal<i64>,
    route: ReadSignal<Route>,
    turn: StoredValue<u32>,
}

impl Visit {
    /// Begins with what the address says.
    pub fn begin(context: Context<()>) -> Self {
        let page = RwSignal::new(Page::Loading);
        let choice = RwSignal::new(Choice::default());
        let variant = Memo::new(move |_| {
            page.with(|page| match page {
                Page::Ready(product) => choice.with(|choice| choice.variant(product).cloned()),
                _ => None,
            })
        });
        let route = context.route;
        let visit = Self {
            host: context.host,
            page,
            choice,
            variant,
            quantity: RwSignal::new(1),
            route,
            turn: StoredValue::new(0),
        };
        Effect::new(move |before: Option<String>| {
            let id = route.with(|route| route.param("id").to_owned());
            if before.as_deref() == Some(&id) {
                route.with(|route| visit.hear(&route.query));
            } else {
                visit.quantity.set(1);
                visit.page.set(Page::Loading);
                visit.load();
            }
            id
        });
        visit
    }

    /// Asks the shop for the product; what is shown stays until the answer is there.
    pub fn load(self) {
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        let id = self.route.with_untracked(|route| route.param("id").parse::<i64>());
        let Ok(id) = id else {
            self.show(Page::NotFound);
            return;
        };
        spawn_local(async move {
            let answer = api::get(self.host, &["/catalogue/products/", &id.to_string()].concat()).await;
            // Another product was asked for since, or the visit is over.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.show(match answer {
                Ok(product) => Page::Ready(product),
                Err(error) if error.is(code::NOT_FOUND) => Page::NotFound,
                Err(error) => Page::Failed(error),
            });
        });
    }

    /// Tries again after a failure.
    pub fn retry(self) {
        self.page.set(Page::Loading);
        self.load();
    }

    fn show(self, page: Page) {
        match &page {
            Page::Ready(product) => {
                self.host.set_title(&product.title);
                let choice = self.route.with_untracked(|route| Choice::from_query(product, &route.query));
                self.choice.set(choice);
            }
            Page::NotFound => self.host.set_title("Product not found"),
            Page::Loading | Page::Failed(_) => {}
        }
        self.page.set(page);
    }

    /// The address's query changed.
    fn hear(self, query: &Pairs) {
        if let Some(choice) = self.product(|product| Choice::from_query(product, query))
            && self.choice.with_untracked(|now| *now != choice)
        {
            self.choice.set(choice);
        }
    }

    /// Chooses a value of an option. Where it cannot be had, nothing changes.
    pub fn choose(self, at: usize, value: &str) {
        let chosen = self.product(|product| {
            let choice = self.choice.get_untracked().with(product, at, value);
            let path = ["/product/", &product.id.to_string(), &choice.query(product)].concat();
            (choice, path)
        });
        if let Some((choice, path)) = chosen
            && self.choice.with_untracked(|now| *now != choice)
        {
            self.choice.set(choice);
            self.host.replace(&path);
        }
    }

    /// Whether a value of an option can be had; follows the choice.
    pub fn availability(self, at: usize, value: &str) -> Availability {
        let availability = self.choice.with(|choice| self.product(|product| choice.availability(product, at, value)));
        availability.unwrap_or(Availability::NotMade)
    }

    /// Reads the product, where there is one, without following it.
    pub fn product<T>(self, read: impl FnOnce(&Product) -> T) -> Option<T> {
        self.page.with_untracked(|page| match page {
            Page::Ready(product) => Some(read(product)),
            _ => None,
        })
    }

    /// The stock of the chosen variant; `None` when the combination does not exist.
    pub fn stock(self) -> Option<i64> {
        self.variant.with(|variant| variant.as_ref().map(|variant| variant.stock))
    }

    /// Whether the chosen variant can be bought.
    pub fn buyable(self) -> bool {
        self.stock().is_some_and(|stock| stock > 0)
    }
}
