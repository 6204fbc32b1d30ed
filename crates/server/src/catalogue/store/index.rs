//! What the search is made from.

use super::{super::choice, Result};
use crate::pricing::Minor;
use sqlx::{AnyConnection, FromRow};
use std::collections::HashSet;

/// A category as the search knows it.
#[derive(Debug, FromRow)]
pub struct CategoryName {
    pub slug: String,
    pub name: String,
}

/// A product as the search knows it.
#[derive(Debug, FromRow)]
pub struct IndexedProduct {
    pub id: i64,
    pub title: String,
    pub vendor: String,
    /// The category's slug.
    pub category: String,
    pub category_name: String,
    pub search_text: String,
}

/// A variant as the search knows it.
#[derive(Debug, FromRow)]
pub struct IndexedVariant {
    pub id: i64,
    pub product_id: i64,
    pub option1: String,
    pub option2: String,
    pub option3: String,
    pub price: Minor,
}

impl IndexedVariant {
    /// Its values; '' where the product has fewer options.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        choice::values([&self.option1, &self.option2, &self.option3])
    }
}

/// Categories that have something to show, in the shop's order.
pub async fn category_names(db: &mut AnyConnection) -> Result<Vec<CategoryName>> {
    sqlx::query_as(
        "SELECT slug, name FROM categories c
         WHERE EXISTS (SELECT 1 FROM products p WHERE p.category = c.slug AND p.live = 1) ORDER BY position, slug",
    )
    .fetch_all(db)
    .await
}

/// Every live product, in the shop's order.
pub async fn indexed_products(db: &mut AnyConnection) -> Result<Vec<IndexedProduct>> {
    sqlx::query_as(
        "SELECT p.id, p.title, p.vendor, p.category, c.name AS category_name, p.search_text
         FROM products p JOIN categories c ON c.slug = p.category WHERE p.live = 1 ORDER BY p.position, p.id",
    )
    .fetch_all(db)
    .await
}

/// Products with the names of their options.
pub async fn option_names(db: &mut AnyConnection) -> Result<Vec<(i64, String)>> {
    sqlx::query_as("SELECT product_id, name FROM product_options ORDER BY product_id, position")
        .fetch_all(db)
        .await
}

/// Every live variant, in the order of [`indexed_products`].
pub async fn indexed_variants(db: &mut AnyConnection) -> Result<Vec<IndexedVariant>> {
    sqlx::query_as(
        "SELECT v.id, v.product_id, v.option1, v.option2, v.option3, v.price
         FROM variants v JOIN products p ON p.id = v.product_id
         WHERE v.live = 1 AND p.live = 1 ORDER BY p.position, p.id, v.position",
    )
    .fetch_all(db)
    .await
}

/// The variants that cannot be bought now.
pub async fn sold_out(db: &mut AnyConnection) -> Result<HashSet<i64>> {
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT id FROM variants WHERE stock = 0").fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
