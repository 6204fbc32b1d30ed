//! All SQL of the catalogue: here what shoppers see; beside it [`stock`], what the search [`index`] is made from, what an
//! import [`load`]s and what an [`export`] writes.

pub mod export;
pub mod index;
pub mod load;
pub mod stock;

use super::search::Wanted;
use crate::{
    database::{Schema, placeholders},
    pricing::Minor,
};
use sqlx::{Any, AnyConnection, AssertSqlSafe, FromRow, query::QueryAs};

/// The tables.
pub const SCHEMA: Schema = Schema { version: 2, name: "catalogue", sql: include_str!("../schema.sql") };
/// What delivery is worked out from.
pub const WEIGHT_SCHEMA: Schema = Schema { version: 40, name: "weights", sql: include_str!("../weight.sql") };
/// What an export gives back.
pub const TAGS_SCHEMA: Schema = Schema { version: 46, name: "tags", sql: include_str!("../tags.sql") };
/// What keeps the search in step.
pub const SEARCH_SCHEMA: Schema = Schema { version: 30, name: "search", sql: include_str!("../search.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Debug, FromRow)]
pub struct CategoryRow {
    pub slug: String,
    pub name: String,
    pub products: i64,
    pub picture: Option<String>,
}

#[derive(Debug, FromRow)]
pub struct SummaryRow {
    pub id: i64,
    pub title: String,
    pub category: String,
    pub lowest: Minor,
    pub highest: Minor,
    pub compare_at: Option<Minor>,
    pub picture: Option<String>,
    pub picture_alt: Option<String>,
    pub in_stock: i64,
    pub choices: i64,
}

/// What a variant costs.
#[derive(Debug, FromRow)]
pub struct PriceRow {
    pub id: i64,
    pub product_id: i64,
    pub price: Minor,
    pub compare_at: Option<Minor>,
    pub stock: i64,
}

#[derive(Debug, FromRow)]
pub struct RangeRow {
    pub lowest: Option<Minor>,
    pub highest: Option<Minor>,
}

#[derive(Debug, FromRow)]
pub struct ProductRow {
    pub handle: String,
    pub title: String,
    pub description_html: String,
    pub vendor: String,
    pub category: String,
    pub category_name: String,
}

#[derive(Debug, FromRow)]
pub struct PictureRow {
    pub url: String,
    pub alt: String,
}

#[derive(Debug, FromRow)]
pub struct VariantRow {
    pub id: i64,
    pub sku: String,
    pub option1: String,
    pub option2: String,
    pub option3: String,
    pub price: Minor,
    pub compare_at: Option<Minor>,
    pub stock: i64,
    pub picture: Option<i64>,
}

/// A variant with what a cart shows of it.
#[derive(Debug, FromRow)]
pub struct OfferRow {
    pub variant_id: i64,
    pub product_id: i64,
    pub title: String,
    pub option1: String,
    pub option2: String,
    pub option3: String,
    pub price: Minor,
    pub stock: i64,
    pub grams: i64,
    pub handle: String,
    pub category: String,
    pub picture: Option<String>,
}

/// Categories that have something to show, in the shop's order.
pub async fn categories(db: &mut AnyConnection) -> Result<Vec<CategoryRow>> {
    sqlx::query_as(
        "SELECT c.slug, c.name, COUNT(*) AS products,
            (SELECT i.url FROM products q JOIN product_pictures i ON i.product_id = q.id AND i.position = 0
             WHERE q.category = c.slug AND q.live = 1 ORDER BY q.position LIMIT 1) AS picture
         FROM categories c JOIN products p ON p.category = c.slug AND p.live = 1
         GROUP BY c.slug, c.name, c.position ORDER BY c.position",
    )
    .fetch_all(db)
    .await
}

/// One page of what is wanted, with prices and stock of the variants that are.
pub async fn page(db: &mut AnyConnection, wanted: &Wanted) -> Result<Vec<SummaryRow>> {
    let next = wanted.binds();
    let sql = format!(
        "SELECT p.id, p.title, p.category, f.lowest, f.highest, i.url AS picture, i.alt AS picture_alt, p.choices,
            (SELECT v.compare_at FROM variants v WHERE v.product_id = p.id AND {}
             ORDER BY v.price, v.position LIMIT 1) AS compare_at,
            CASE WHEN f.most > 0 THEN 1 ELSE 0 END AS in_stock
         FROM {} LEFT JOIN product_pictures i ON i.product_id = p.id AND i.position = 0
         WHERE {} ORDER BY {} LIMIT ${next} OFFSET ${}",
        wanted.variant(),
        wanted.fitting(),
        wanted.condition(),
        wanted.order(),
        next + 1,
    );
    let query = wanted.bind(sqlx::query_as(AssertSqlSafe(sql)));
    query.bind(wanted.per_page).bind((wanted.page - 1) * wanted.per_page).fetch_all(db).await
}

/// Those of `products` that are live, in no particular order.
pub async fn summaries(db: &mut AnyConnection, products: &[i64]) -> Result<Vec<SummaryRow>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT p.id, p.title, p.category, p.lowest, p.highest, p.compare_at, i.url AS picture, i.alt AS picture_alt,
            p.choices,
            CASE WHEN EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.live = 1 AND v.stock > 0)
                THEN 1 ELSE 0 END AS in_stock
         FROM products p LEFT JOIN product_pictures i ON i.product_id = p.id AND i.position = 0
         WHERE p.live = 1 AND p.id IN ({})",
        placeholders(1, products.len())
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    products.iter().fold(query, |query, id| query.bind(*id)).fetch_all(db).await
}

/// What the live variants of `products` cost, each product's in their order.
pub async fn prices(db: &mut AnyConnection, products: &[i64]) -> Result<Vec<PriceRow>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT id, product_id, price, compare_at, stock FROM variants
         WHERE live = 1 AND product_id IN ({}) ORDER BY position",
        placeholders(1, products.len())
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    products.iter().fold(query, |query, id| query.bind(*id)).fetch_all(db).await
}

/// The catalogue's revision: another one after every import.
pub async fn revision(db: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT revision FROM catalogue_revision").fetch_one(db).await
}

/// The catalogue is another one. Also lets one import after the other do so.
pub async fn raise_revision(db: &mut AnyConnection) -> Result<()> {
    sqlx::query("UPDATE catalogue_revision SET revision = revision + 1").execute(db).await?;
    Ok(())
}

/// How many are wanted on all pages.
pub async fn count(db: &mut AnyConnection, wanted: &Wanted) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM {} WHERE {}", wanted.fitting(), wanted.condition());
    let query: QueryAs<'_, Any, (i64,), _> = wanted.bind(sqlx::query_as(AssertSqlSafe(sql)));
    Ok(query.fetch_one(db).await?.0)
}

/// The prices of what is wanted.
pub async fn price_range(db: &mut AnyConnection, wanted: &Wanted) -> Result<RangeRow> {
    let sql = format!(
        "SELECT MIN(f.lowest) AS lowest, MAX(f.highest) AS highest FROM {} WHERE {}",
        wanted.fitting(),
        wanted.condition()
    );
    wanted.bind(sqlx::query_as(AssertSqlSafe(sql))).fetch_one(db).await
}

/// A product that is live.
pub async fn product(db: &mut AnyConnection, id: i64) -> Result<Option<ProductRow>> {
    sqlx::query_as(
        "SELECT p.handle, p.title, p.description_html, p.vendor, p.category, c.name AS category_name
         FROM products p JOIN categories c ON c.slug = p.category WHERE p.id = $1 AND p.live = 1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// A product's pictures.
pub async fn pictures(db: &mut AnyConnection, product: i64) -> Result<Vec<PictureRow>> {
    sqlx::query_as("SELECT url, alt FROM product_pictures WHERE product_id = $1 ORDER BY position")
        .bind(product)
        .fetch_all(db)
        .await
}

/// The names of a product's options.
pub async fn options(db: &mut AnyConnection, product: i64) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT name FROM product_options WHERE product_id = $1 ORDER BY position")
        .bind(product)
        .fetch_all(db)
        .await
}

/// A product's variants that are live.
pub async fn variants(db: &mut AnyConnection, product: i64) -> Result<Vec<VariantRow>> {
    sqlx::query_as(
        "SELECT id, sku, option1, option2, option3, price, compare_at, stock, picture
         FROM variants WHERE product_id = $1 AND live = 1 ORDER BY position",
    )
    .bind(product)
    .fetch_all(db)
    .await
}

/// Those of `variants` that are live.
pub async fn offers(db: &mut AnyConnection, variants: &[i64]) -> Result<Vec<OfferRow>> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT v.id AS variant_id, v.product_id, p.title, v.option1, v.option2, v.option3, v.price, v.stock,
            v.grams, p.handle, p.category, COALESCE(own.url, first.url) AS picture
         FROM variants v JOIN products p ON p.id = v.product_id
         LEFT JOIN product_pictures own ON own.product_id = p.id AND own.position = v.picture
         LEFT JOIN product_pictures first ON first.product_id = p.id AND first.position = 0
         WHERE v.live = 1 AND p.live = 1 AND v.id IN ({})",
        placeholders(1, variants.len())
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    variants.iter().fold(query, |query, id| query.bind(*id)).fetch_all(db).await
}
