//! The cart: a guest's, found by a cookie, or an account's.

use super::money::Money;
use crate::record;
use serde::{Deserialize, Serialize};

/// A cart with its prices. `GET /cart`, and the answer to every change of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cart {
    /// Rises with every change.
    pub revision: i64,
    /// What is in it, in the order it was put in.
    pub lines: Vec<LineItem>,
    /// How many pieces are in it.
    pub pieces: i64,
    /// The coupon that counts, where one does.
    pub coupon: Option<Coupon>,
    /// The coupon that was put in where it does not count now; `notices` say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_coupon: Option<Coupon>,
    /// What it costs, before delivery.
    pub totals: Totals,
    /// What changed since the shopper last looked: capped quantities, new prices, lapsed coupons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// One variant in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineItem {
    /// The variant.
    pub variant_id: i64,
    /// Its product.
    pub product_id: i64,
    /// The product's name.
    pub title: String,
    /// The chosen values: `Navy, M`.
    pub options: String,
    /// The address of a picture.
    pub picture: Option<String>,
    /// How many, from 1.
    pub quantity: i64,
    /// How many could be had.
    pub stock: i64,
    /// What one costs now.
    pub unit_price: Money,
    /// Quantity × unit price.
    pub total: Money,
}

/// A coupon on a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coupon {
    /// As the shopper types it, upper case.
    pub code: String,
    /// What it gives, for people: `10 % off`.
    pub label: String,
}

/// lines + `tax_added` + delivery − discount = total, exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Totals {
    /// The sum of the lines.
    pub lines: Money,
    /// What the coupon takes off, from 0.
    pub discount: Money,
    /// Delivery, where it is known yet.
    pub delivery: Option<Money>,
    /// The tax that is part of the prices.
    pub tax_included: Money,
    /// The tax that comes on top of them.
    #[serde(default)]
    pub tax_added: Money,
    /// What there is to pay.
    pub total: Money,
}

/// Something that the shopper should be told about the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The line it is about, where it is about one.
    pub variant_id: Option<i64>,
    /// One sentence.
    pub message: String,
}

/// Puts a variant into the cart. `POST /cart/items`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddItem {
    /// The variant.
    pub variant_id: i64,
    /// How many more, 1 to 999.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 999))]
    pub quantity: i64,
}

/// Sets a line's quantity. `PUT /cart/items/{variant_id}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetQuantity {
    /// 0 to 999; 0 takes the line out.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 999))]
    pub quantity: i64,
}

/// Sets the coupon. `PUT /cart/coupon`; `DELETE /cart/coupon` takes it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetCoupon {
    /// As typed; case and blanks do not count.
    pub code: String,
}

record!(Cart { revision, lines, pieces, coupon, totals } or_default { idle_coupon, notices });
record!(LineItem { variant_id, product_id, title, options, picture, quantity, stock, unit_price, total });
record!(Coupon { code, label });
record!(Totals { lines, discount, delivery, tax_included, total } or_default { tax_added });
record!(Notice { variant_id, message });
record!(AddItem { variant_id, quantity });

#[cfg(target_family = "wasm")]
crate::read_as_records!(Cart, LineItem, Coupon, Totals, Notice, AddItem);
