//! What was seen last, so that Back shows it at once while the news is fetched.

use contract::shop::catalogue::{Category, ProductPage};
use microapp::prelude::*;

/// The last good answers of the shop.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Shelf {
    /// The categories.
    pub categories: Vec<Category>,
    /// The products.
    pub found: Option<Found>,
}

/// A page of products, and what was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    /// The API's address that gave it.
    pub path: String,
    /// The answer.
    pub page: ProductPage,
}

/// A new good answer.
pub enum Seen {
    /// Of the categories.
    Categories(Vec<Category>),
    /// Of the products.
    Found(Found),
}

impl State for Shelf {
    type Action = Seen;

    fn reduce(&mut self, seen: Seen) {
        match seen {
            Seen::Categories(categories) => self.categories = categories,
            Seen::Found(found) => self.found = Some(found),
        }
    }
}
