//! Categories, products and variants.

use super::{money::Money, review::Rating};
use crate::record;
use serde::{Deserialize, Serialize};

/// A category with the number of its products. `GET /catalogue/categories`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// Its name in addresses: `dog-beds`.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How many products it has.
    pub products: i64,
    /// The address of a picture of one of them.
    pub picture: Option<String>,
}

/// What to look for. A product is found when one of its variants fits all of prices, colours, sizes and stock.
/// `GET /catalogue/products?q=…`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct ProductQuery {
    /// Words: what has all of them is found; where nothing has, what is spelt alike, or else has some. At most 200 characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", param(max_length = 200))]
    pub q: String,
    /// A category's slug.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Lowest price, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 0))]
    pub min: Option<i64>,
    /// Highest price, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 0))]
    pub max: Option<i64>,
    /// Colours, any of them; `colour=Navy&colour=Sand`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", param(max_items = 50))]
    pub colour: Vec<String>,
    /// Sizes, any of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", param(max_items = 50))]
    pub size: Vec<String>,
    /// Only what can be bought.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_stock: bool,
    /// The order of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 1000000))]
    pub page: Option<i64>,
    /// 1 to 100; 24 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub per_page: Option<i64>,
}

impl ProductQuery {
    /// Whether it asks for some variants only.
    pub fn asks_of_variants(&self) -> bool {
        let some = |values: &[String]| values.iter().any(|value| !value.is_empty());
        self.in_stock || self.min.is_some() || self.max.is_some() || some(&self.colour) || some(&self.size)
    }
}

/// The order of products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Best match first; without words, as the shop put them.
    #[default]
    Relevance,
    /// Cheapest first, by the variants that fit.
    PriceAsc,
    /// Dearest first, by the cheapest of the variants that fit.
    PriceDesc,
    /// By title.
    Title,
}

/// One page of products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductPage {
    /// The products of this page.
    pub items: Vec<ProductSummary>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Products per page.
    pub per_page: i64,
    /// Lowest price of what was found without the price range, in minor units.
    pub lowest: i64,
    /// Highest price of what was found without the price range, in minor units.
    pub highest: i64,
    /// What can be filtered by, with counts; not there while the server has to search without its index.
    pub facets: Option<Facets>,
}

/// What can be filtered by. Each filter's counts are those of choosing one of its values with all the other filters
/// as they are; what is chosen in the filter itself does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facets {
    /// Categories, by slug, in the shop's order.
    pub categories: Vec<FacetValue>,
    /// Colours, in the order of their names.
    pub colours: Vec<FacetValue>,
    /// Sizes, from small to large.
    pub sizes: Vec<FacetValue>,
    /// Bands of prices that have products.
    pub prices: Vec<PriceBand>,
    /// How many products can be bought.
    pub in_stock: i64,
}

/// A value of a filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacetValue {
    /// As it is asked for.
    pub value: String,
    /// How many products have it.
    pub count: i64,
}

/// A range of prices, as it is asked for with `min` and `max`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceBand {
    /// Lowest price, in minor units.
    pub min: i64,
    /// Highest price, in minor units; none for the last band.
    pub max: Option<i64>,
    /// How many products are in it.
    pub count: i64,
}

/// What somebody may mean who is typing. `GET /catalogue/suggestions?q=…`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// Categories with such a name.
    pub categories: Vec<SuggestedCategory>,
    /// Products, best match first.
    pub products: Vec<SuggestedProduct>,
}

/// A category that somebody may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestedCategory {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub name: String,
}

/// A product that somebody may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SuggestedProduct {
    /// Its number in addresses.
    pub id: i64,
    /// Its name for people.
    pub title: String,
}

/// A product in a list. Where variants were asked for, price and stock are those of the variants that fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductSummary {
    /// Its number in addresses.
    pub id: i64,
    /// Its name for people.
    pub title: String,
    /// Its category's slug.
    pub category: String,
    /// Lowest price of its variants.
    pub price: Money,
    /// Whether its variants differ in price.
    pub from: bool,
    /// The price before, of the cheapest variant, where it is reduced.
    pub compare_at: Option<Money>,
    /// The address of its first picture.
    pub picture: Option<String>,
    /// What the picture shows.
    pub picture_alt: String,
    /// Whether some variant can be bought.
    pub in_stock: bool,
    /// How many variants there are to choose from: each colour in each size that it is made in.
    pub choices: i64,
    /// What its reviews come to, where it has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

/// A product with all that its page shows. `GET /catalogue/products/{id}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Product {
    /// Its number in addresses.
    pub id: i64,
    /// Its name in files: `cosy-dog-bed`.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// Sanitised HTML: p, ul, ol, li, strong, em, br, h3, h4, a.
    pub description_html: String,
    /// Who makes it.
    pub vendor: String,
    /// Its category.
    pub category: String,
    /// Its category's name for people.
    pub category_name: String,
    /// Its pictures, the first one first.
    pub pictures: Vec<Picture>,
    /// What can be chosen, in order: Colour, Size.
    pub options: Vec<ProductOption>,
    /// The combinations that exist.
    pub variants: Vec<Variant>,
    /// Whether its prices include tax.
    #[serde(default)]
    pub tax: PriceTax,
    /// What its reviews come to, where it has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

/// Whether prices include tax, as far as it can be said before it is known where they are paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriceTax {
    /// They do.
    #[default]
    Included,
    /// It is added to them.
    Added,
    /// There is none.
    None,
}

/// A picture of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Picture {
    /// Its address.
    pub url: String,
    /// What it shows.
    pub alt: String,
}

/// Something to choose about a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProductOption {
    /// Its name in addresses, the same in every language: `Colour`, `Size`.
    pub name: String,
    /// Its name for people: `Farbe`.
    pub label: String,
    /// Its values, in the shop's order.
    pub values: Vec<OptionValue>,
}

/// One value of an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptionValue {
    /// `Navy`, `XL`.
    pub value: String,
    /// `#rrggbb`, where the value is a colour that we know.
    pub swatch: Option<String>,
}

/// A combination that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Variant {
    /// Its number.
    pub id: i64,
    /// Stock keeping unit.
    pub sku: String,
    /// One value per option of the product, in their order.
    pub values: Vec<String>,
    /// What one costs.
    pub price: Money,
    /// What it cost before, where it is reduced.
    pub compare_at: Option<Money>,
    /// How many can be bought now.
    pub stock: i64,
    /// Index into the product's pictures.
    pub picture: Option<i64>,
}

record!(Category { slug, name, products, picture });
record!(ProductPage { items, total, page, per_page, lowest, highest, facets });
record!(Facets { categories, colours, sizes, prices, in_stock });
record!(FacetValue { value, count });
record!(PriceBand { min, max, count });
record!(Suggestions { categories, products });
record!(SuggestedCategory { slug, name });
record!(SuggestedProduct { id, title });
record!(ProductSummary {
    id,
    title,
    category,
    price,
    from,
    compare_at,
    picture,
    picture_alt,
    in_stock,
    choices,
    rating,
});
record!(Product {
    id,
    handle,
    title,
    description_html,
    vendor,
    category,
    category_name,
    pictures,
    options,
    variants,
    rating,
} or_default { tax });
record!(
    enum PriceTax {
        Included = "included",
        Added = "added",
        None = "none",
    }
);
record!(Picture { url, alt });
record!(ProductOption { name, label, values });
record!(OptionValue { value, swatch });
record!(Variant { id, sku, values, price, compare_at, stock, picture });

#[cfg(target_family = "wasm")]
crate::read_as_records!(
    Category,
    ProductPage,
    Facets,
    FacetValue,
    PriceBand,
    Suggestions,
    SuggestedCategory,
    SuggestedProduct,
    ProductSummary,
    Product,
    Picture,
    ProductOption,
    OptionValue,
    Variant,
);
