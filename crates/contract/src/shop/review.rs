//! What buyers say of a product.

use crate::record;
use serde::{Deserialize, Serialize};

/// The longest text of a review, in characters.
pub const LONGEST: usize = 2_000;

/// What a product's reviews come to. Not there while it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rating {
    /// The average in tenths of a star, from 10 to 50: 43 is 4.3.
    pub tenths: i64,
    /// How many reviews there are.
    pub count: i64,
}

/// What somebody who bought a product says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// Its number, which stays when it is changed.
    pub id: i64,
    /// What it is about.
    pub product_id: i64,
    /// The first name of whoever wrote it.
    pub name: String,
    /// When it was written or last changed, RFC 3339, UTC.
    pub at: String,
    /// From 1 to 5.
    pub stars: i64,
    /// Plain text; may be empty.
    pub text: String,
    /// Whether whoever asks wrote it.
    pub mine: bool,
    /// Whether the shop hides it: then only whoever wrote it sees it.
    pub hidden: bool,
}

/// Some of a product's reviews, and what all of them come to. `GET /catalogue/products/{id}/reviews`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReviewPage {
    /// What they come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// How many have one star, two, three, four, five.
    pub by_stars: Vec<i64>,
    /// The newest first.
    pub items: Vec<Review>,
    /// The `after` of the next page; not there on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The review of whoever asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Review>,
    /// Whether whoever asks is signed in and has bought it.
    pub may_write: bool,
}

/// Writes a review, in place of the one before. `PUT /catalogue/products/{id}/reviews/mine`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WriteReview {
    /// From 1 to 5.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 5))]
    pub stars: i64,
    /// Plain text, at most 2,000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub text: String,
}

/// Hides a review, or shows it again. `PUT /operator/reviews/{id}`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HideReview {
    /// Whether it is hidden.
    pub hidden: bool,
}

record!(Rating { tenths, count });
record!(Review { id, product_id, name, at, stars, text, mine, hidden });
record!(ReviewPage { rating, by_stars, items, next, mine, may_write });

#[cfg(target_family = "wasm")]
crate::read_as_records!(Rating, Review, ReviewPage);
