//! What an export writes.

use super::Result;
use crate::pricing::Minor;
use sqlx::{AnyConnection, FromRow};

/// A product as an export writes it.
#[derive(Debug, FromRow)]
pub struct ExportedProduct {
    pub id: i64,
    pub handle: String,
    pub title: String,
    pub description_html: String,
    pub vendor: String,
    pub category_name: String,
    pub tags: String,
}

/// A variant as an export writes it.
#[derive(Debug, FromRow)]
pub struct ExportedVariant {
    pub product_id: i64,
    pub sku: String,
    pub option1: String,
    pub option2: String,
    pub option3: String,
    pub price: Minor,
    pub compare_at: Option<Minor>,
    pub stock: i64,
    pub grams: i64,
    pub picture: Option<i64>,
}

/// Every live product, in the shop's order.
pub async fn exported_products(db: &mut AnyConnection) -> Result<Vec<ExportedProduct>> {
    sqlx::query_as(
        "SELECT p.id, p.handle, p.title, p.description_html, p.vendor, c.name AS category_name, p.tags
         FROM products p JOIN categories c ON c.slug = p.category WHERE p.live = 1 ORDER BY p.position, p.id",
    )
    .fetch_all(db)
    .await
}

/// Every live variant, in its product's order.
pub async fn exported_variants(db: &mut AnyConnection) -> Result<Vec<ExportedVariant>> {
    sqlx::query_as(
        "SELECT product_id, sku, option1, option2, option3, price, compare_at, stock, grams, picture
         FROM variants WHERE live = 1 ORDER BY product_id, position",
    )
    .fetch_all(db)
    .await
}

/// Products with the addresses and texts of their pictures.
pub async fn all_pictures(db: &mut AnyConnection) -> Result<Vec<(i64, String, String)>> {
    sqlx::query_as("SELECT product_id, url, alt FROM product_pictures ORDER BY product_id, position")
        .fetch_all(db)
        .await
}
