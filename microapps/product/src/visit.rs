//! The state of one visit: the product, what is chosen of it, and how both follow the address.

use crate::{
    HEADING,
    choice::{Availability, Choice},
};
use contract::{
    code,
    route::Pairs,
    shop::catalogue::{Product, Variant},
};
use leptos::task::spawn_local;
use microapp::{
    api::{self, ApiError},
    element::follow,
    page::{focus_from, pause, run},
    prelude::*,
};
use std::sync::Arc;

/// What the page shows.
#[derive(Clone)]
pub enum Page {
    /// The product is on its way.
    Loading,
    /// The product.
    Ready(Arc<Product>),
    /// There is no such product.
    NotFound,
    /// Why there is no answer.
    Failed(ApiError),
}

/// What is chosen of the product.
#[derive(Clone, Default, PartialEq)]
pub struct Chosen {
    /// A value for each option.
    pub choice: Choice,
    /// The variant; `None` when the combination does not exist.
    pub variant: Option<Variant>,
}

impl Chosen {
    /// The stock of the variant; `None` when the combination does not exist.
    pub fn stock(&self) -> Option<i64> {
        self.variant.as_ref().map(|variant| variant.stock)
    }

    /// Whether it can be bought.
    pub fn buyable(&self) -> bool {
        self.stock().is_some_and(|stock| stock > 0)
    }
}

/// How much of the page is drawn: a product comes in two parts, what is seen first and what stands below. All at once
/// would keep a slow phone busy for a noticeable time.
#[derive(Clone, Copy, Default)]
struct Drawn {
    /// The answer of which everything is drawn.
    whole: u32,
    /// Whether that was a product, now or before.
    product: bool,
}

/// One visit. Copied into closures freely.
///
/// Signals are read through a few functions that clone: every other way to read one is compiled anew
/// wherever it stands.
#[derive(Clone, Copy)]
pub struct Visit {
    /// The services of the shell.
    pub host: Host,
    page: Watched<(u32, Page)>,
    drawn: Watched<Drawn>,
    chosen: Watched<Arc<Chosen>>,
    /// How many are to go into the cart.
    pub quantity: Watched<i64>,
    route: Watched<Route>,
}

impl Visit {
    /// Begins with what the address says.
    pub fn begin(host: Host, route: Watched<Route>) -> Self {
        let visit = Self {
            host,
            page: Watched::new((0, Page::Loading)),
            drawn: Watched::default(),
            chosen: Watched::default(),
            quantity: Watched::new(1),
            route,
        };
        let mut before = None;
        follow(move || {
            let route = visit.route.get();
            untrack(|| {
                let id = Some(route.param("id").to_owned());
                if before == id {
                    visit.hear(&route.query);
                } else {
                    before = id;
                    visit.quantity.set(1);
                    visit.open(&route);
                }
            });
        });
        visit
    }

    /// What the page shows.
    #[inline(never)]
    pub fn page(self) -> Page {
        self.page.get().1
    }

    /// Changes with every answer: what is drawn from the page is drawn anew then.
    #[inline(never)]
    pub fn page_number(self) -> String {
        self.page.get().0.to_string()
    }

    /// The same for what stands below: the number of the last answer that is to be drawn whole.
    #[inline(never)]
    pub fn whole_number(self) -> String {
        self.drawn.get().whole.to_string()
    }

    /// Whether there is, or was, a product with something below it.
    pub fn has_more(self) -> bool {
        self.drawn.get().product
    }

    /// What is chosen.
    #[inline(never)]
    pub fn chosen(self) -> Arc<Chosen> {
        self.chosen.get()
    }

    /// The product, where it is there.
    pub fn product(self) -> Option<Arc<Product>> {
        match self.page() {
            Page::Ready(product) => Some(product),
            _ => None,
        }
    }

    fn open(self, route: &Route) {
        self.show(Page::Loading);
        match route.param("id").parse() {
            Ok(id) => self.load(id),
            Err(_) => self.show(Page::NotFound),
        }
    }

    /// Begins again after a failure.
    pub fn retry(self) {
        self.open(&self.route.get_untracked());
    }

    /// Asks the shop for the product.
    fn load(self, id: i64) {
        let turn = self.turn();
        spawn_local(async move {
            let answer = api::get(self.host, &address(id)).await;
            // Another product is shown since.
            if self.turn() != turn {
                return;
            }
            self.show(match answer {
                Ok(product) => Page::Ready(Arc::new(product)),
                Err(error) if error.is(code::NOT_FOUND) => Page::NotFound,
                Err(error) => Page::Failed(error),
            });
        });
    }

    /// Rises with every product that is opened.
    fn turn(self) -> u32 {
        self.page.with_untracked(|(turn, _)| *turn)
    }

    /// Asks for the product's stock and prices anew. Nothing is drawn anew, so the focus stays; unless the product has left
    /// the shop.
    pub fn refresh(self, id: i64) {
        let turn = self.turn();
        spawn_local(async move {
            let answer = api::get::<Product>(self.host, &address(id)).await;
            // Another product is shown since.
            if self.turn() != turn {
                return;
            }
            match answer {
                Ok(product) => {
                    let choice = self.chosen.get_untracked().choice.clone();
                    self.take(&product, choice);
                    self.page.set((turn, Page::Ready(Arc::new(product))));
                }
                Err(error) if error.is(code::NOT_FOUND) => {
                    self.show(Page::NotFound);
                    focus_from(".below", HEADING);
                }
                // What is shown may still be so.
                Err(_) => {}
            }
        });
    }

    fn show(self, page: Page) {
        if let Page::NotFound = &page {
            self.host.set_title(&t("Product not found"));
        }
        if let Page::Ready(product) = &page {
            self.host.set_title(&product.title);
            self.take(product, Choice::from_query(product, &self.route.get_untracked().query));
        }
        let number = self.turn() + 1;
        let is_product = matches!(page, Page::Ready(_));
        self.page.set((number, page));
        if !is_product {
            let product = self.drawn.get_untracked().product;
            return self.drawn.set(Drawn { whole: number, product });
        }
        run(async move {
            pause(0).await;
            if self.turn() == number {
                self.drawn.set(Drawn { whole: number, product: true });
            }
        });
    }

    /// The address's query changed.
    fn hear(self, query: &Pairs) {
        if let Some(product) = self.product() {
            self.take(&product, Choice::from_query(&product, query));
        }
    }

    fn take(self, product: &Product, choice: Choice) {
        let variant = choice.variant(product).cloned();
        let chosen = Chosen { choice, variant };
        if *self.chosen.get_untracked() != chosen {
            self.chosen.set(Arc::new(chosen));
        }
    }

    /// Chooses a value of an option. Where it cannot be had, nothing changes.
    pub fn choose(self, at: usize, value: &str) {
        let Some(product) = self.product() else { return };
        let before = self.chosen();
        let choice = before.choice.with(&product, at, value);
        if choice != before.choice {
            let path = ["/product/", &product.id.to_string(), &choice.query(&product)].concat();
            self.take(&product, choice);
            self.host.replace(&path);
        }
    }

    /// Whether a value of an option can be had; follows the choice.
    pub fn availability(self, at: usize, value: &str) -> Availability {
        let chosen = self.chosen();
        self.product()
            .map_or(Availability::NotMade, |product| chosen.choice.availability(&product, at, value))
    }
}

fn address(id: i64) -> String {
    ["/catalogue/products/", &id.to_string()].concat()
}
