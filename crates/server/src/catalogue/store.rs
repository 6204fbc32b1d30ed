//! All SQL of the catalogue.

use super::{
    choice,
    draft::{Draft, DraftVariant, Published, slug},
    search::Wanted,
};
use crate::{
    database::{Schema, containing, placeholders},
    pricing::Minor,
};
use sqlx::{Any, AnyConnection, AssertSqlSafe, FromRow, query::QueryAs};
use std::collections::{HashMap, HashSet};

/// The tables.
pub const SCHEMA: Schema = Schema { version: 2, name: "catalogue", sql: include_str!("schema.sql") };
/// What delivery is worked out from.
pub const WEIGHT_SCHEMA: Schema = Schema { version: 40, name: "weights", sql: include_str!("weight.sql") };
/// What an export gives back.
pub const TAGS_SCHEMA: Schema = Schema { version: 46, name: "tags", sql: include_str!("tags.sql") };
/// What keeps the search in step.
pub const SEARCH_SCHEMA: Schema = Schema { version: 30, name: "search", sql: include_str!("search.sql") };

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
    pub lowest: Minor,
}

/// A variant as the search knows it.
#[derive(Debug, FromRow)]
pub struct IndexedVariant {
    pub id: i64,
    pub product_id: i64,
    pub option1: String,
    pub option2: String,
    pub option3: String,
}

impl IndexedVariant {
    /// Its values; '' where the product has fewer options.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        choice::values([&self.option1, &self.option2, &self.option3])
    }
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

/// What a list shows of products `p`.
const SUMMARY: &str = "SELECT p.id, p.title, p.category, p.lowest, p.highest, p.compare_at,
        i.url AS picture, i.alt AS picture_alt, p.choices,
        CASE WHEN EXISTS (SELECT 1 FROM variants v WHERE v.product_id = p.id AND v.live = 1 AND v.stock > 0)
            THEN 1 ELSE 0 END AS in_stock
     FROM products p LEFT JOIN product_pictures i ON i.product_id = p.id AND i.position = 0";

/// One page of what is wanted.
pub async fn page(db: &mut AnyConnection, wanted: &Wanted) -> Result<Vec<SummaryRow>> {
    let next = wanted.binds();
    let sql = format!(
        "{SUMMARY} WHERE {} ORDER BY {} LIMIT ${next} OFFSET ${}",
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
    let sql = format!("{SUMMARY} WHERE p.live = 1 AND p.id IN ({})", placeholders(1, products.len()));
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

/// Categories in the shop's order.
pub async fn category_names(db: &mut AnyConnection) -> Result<Vec<CategoryName>> {
    sqlx::query_as("SELECT slug, name FROM categories ORDER BY position, slug").fetch_all(db).await
}

/// Every live product, in the shop's order.
pub async fn indexed_products(db: &mut AnyConnection) -> Result<Vec<IndexedProduct>> {
    sqlx::query_as(
        "SELECT p.id, p.title, p.vendor, p.category, c.name AS category_name, p.search_text, p.lowest
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
        "SELECT v.id, v.product_id, v.option1, v.option2, v.option3
         FROM variants v JOIN products p ON p.id = v.product_id
         WHERE v.live = 1 AND p.live = 1 ORDER BY p.position, p.id, v.position",
    )
    .fetch_all(db)
    .await
}

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

/// The variants that cannot be bought now.
pub async fn sold_out(db: &mut AnyConnection) -> Result<HashSet<i64>> {
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT id FROM variants WHERE stock = 0").fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many are wanted on all pages.
pub async fn count(db: &mut AnyConnection, wanted: &Wanted) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM products p WHERE {}", wanted.condition());
    let query: QueryAs<'_, Any, (i64,), _> = wanted.bind(sqlx::query_as(AssertSqlSafe(sql)));
    Ok(query.fetch_one(db).await?.0)
}

/// The prices of what is wanted.
pub async fn price_range(db: &mut AnyConnection, wanted: &Wanted) -> Result<RangeRow> {
    let sql = format!(
        "SELECT MIN(p.lowest) AS lowest, MAX(p.lowest) AS highest FROM products p WHERE {}",
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

/// Takes pieces out of the stock, if there are enough: one statement, so two buyers cannot both win.
pub async fn take_stock(db: &mut AnyConnection, variant: i64, pieces: i64) -> Result<bool> {
    let taken =
        sqlx::query("UPDATE variants SET stock = stock - $2 WHERE id = $1 AND live = 1 AND stock >= $2")
            .bind(variant)
            .bind(pieces)
            .execute(db)
            .await?;
    Ok(taken.rows_affected() == 1)
}

/// A variant as operators see it.
#[derive(Debug, FromRow)]
pub struct StockRow {
    pub variant_id: i64,
    pub product_id: i64,
    pub sku: String,
    pub title: String,
    pub option1: String,
    pub option2: String,
    pub option3: String,
    pub stock: i64,
}

/// The stock of variants `v` of products `p`.
const STOCK: &str =
    "SELECT v.id AS variant_id, v.product_id, v.sku, p.title, v.option1, v.option2, v.option3, v.stock
     FROM variants v JOIN products p ON p.id = v.product_id WHERE v.live = 1 AND p.live = 1";

/// Which variants to list.
#[derive(Debug)]
pub struct StockWish {
    /// Only those of which so many or fewer are left.
    pub at_most: i64,
    /// Only those after this one.
    pub after: i64,
    /// A part of their SKU or of the product's name; all of them where it is empty.
    pub words: String,
    /// At most so many.
    pub limit: i64,
}

/// These variants, by their numbers.
pub async fn stock(db: &mut AnyConnection, wish: &StockWish) -> Result<Vec<StockRow>> {
    let sql = format!(
        "{STOCK} AND v.id > $1 AND v.stock <= $2
            AND (LOWER(v.sku) LIKE LOWER($3) ESCAPE '!' OR LOWER(p.title) LIKE LOWER($3) ESCAPE '!')
         ORDER BY v.id LIMIT $4"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(wish.after)
        .bind(wish.at_most)
        .bind(containing(wish.words.trim()))
        .bind(wish.limit)
        .fetch_all(db)
        .await
}

/// One variant.
pub async fn stock_of(db: &mut AnyConnection, variant: i64) -> Result<Option<StockRow>> {
    sqlx::query_as(AssertSqlSafe(format!("{STOCK} AND v.id = $1"))).bind(variant).fetch_optional(db).await
}

/// Sets the stock of a variant that has `expected` pieces: one statement, so that no sale in between is lost.
pub async fn set_stock(db: &mut AnyConnection, variant: i64, expected: i64, stock: i64) -> Result<bool> {
    let set = sqlx::query("UPDATE variants SET stock = $3 WHERE id = $1 AND stock = $2 AND live = 1")
        .bind(variant)
        .bind(expected)
        .bind(stock)
        .execute(db)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// Puts pieces back.
pub async fn return_stock(db: &mut AnyConnection, variant: i64, pieces: i64) -> Result<()> {
    sqlx::query("UPDATE variants SET stock = stock + $2 WHERE id = $1")
        .bind(variant)
        .bind(pieces)
        .execute(db)
        .await?;
    Ok(())
}

/// Whether there has never been a product.
pub async fn is_new(db: &mut AnyConnection) -> Result<bool> {
    let any: Option<i64> = sqlx::query_scalar("SELECT id FROM products LIMIT 1").fetch_optional(db).await?;
    Ok(any.is_none())
}

/// Takes every product out of the shop; those that an import brings come back under their old numbers.
pub async fn hide_everything(db: &mut AnyConnection) -> Result<()> {
    sqlx::query("UPDATE products SET live = 0 WHERE live = 1").execute(&mut *db).await?;
    Ok(())
}

/// The numbers of all products by handle.
pub async fn handles(db: &mut AnyConnection) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT handle, id FROM products").fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}

/// Enters a category, or changes its name and place.
pub async fn put_category(db: &mut AnyConnection, name: &str, position: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO categories (slug, name, position) VALUES ($1, $2, $3)
         ON CONFLICT (slug) DO UPDATE SET name = excluded.name, position = excluded.position",
    )
    .bind(slug(name))
    .bind(name)
    .bind(position)
    .execute(db)
    .await?;
    Ok(())
}

/// Enters a product, or brings the one with its handle up to date.
pub async fn put_product(
    db: &mut AnyConnection,
    draft: &Draft,
    position: i64,
    known: Option<i64>,
) -> Result<()> {
    let cheapest = draft.cheapest();
    let sql = if known.is_some() {
        "UPDATE products SET title = $2, description_html = $3, vendor = $4, category = $5, title_text = $6,
            search_text = $7, lowest = $8, highest = $9, compare_at = $10, choices = $11, position = $12, live = $13, tags = $14
         WHERE handle = $1 RETURNING id"
    } else {
        "INSERT INTO products (handle, title, description_html, vendor, category, title_text, search_text,
            lowest, highest, compare_at, choices, position, live, tags)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id"
    };
    let id: i64 = sqlx::query_scalar(sql)
        .bind(&draft.handle)
        .bind(&draft.title)
        .bind(&draft.description_html)
        .bind(&draft.vendor)
        .bind(slug(&draft.category))
        .bind(draft.title.to_lowercase())
        .bind(draft.search_text())
        .bind(cheapest.map_or(0, |variant| variant.price))
        .bind(draft.highest())
        .bind(cheapest.and_then(|variant| variant.compare_at))
        .bind(number(draft.choices()))
        .bind(position)
        .bind(i64::from(draft.published == Published::Yes))
        .bind(&draft.tags)
        .fetch_one(&mut *db)
        .await?;
    put_details(db, id, draft).await?;
    put_variants(db, id, &draft.variants).await
}

async fn put_details(db: &mut AnyConnection, product: i64, draft: &Draft) -> Result<()> {
    for table in [
        "DELETE FROM product_options WHERE product_id = $1",
        "DELETE FROM product_pictures WHERE product_id = $1",
    ] {
        sqlx::query(table).bind(product).execute(&mut *db).await?;
    }
    for (position, name) in draft.options.iter().enumerate() {
        sqlx::query("INSERT INTO product_options (product_id, position, name) VALUES ($1, $2, $3)")
            .bind(product)
            .bind(number(position))
            .bind(name)
            .execute(&mut *db)
            .await?;
    }
    for (position, picture) in draft.pictures.iter().enumerate() {
        sqlx::query("INSERT INTO product_pictures (product_id, position, url, alt) VALUES ($1, $2, $3, $4)")
            .bind(product)
            .bind(number(position))
            .bind(&picture.url)
            .bind(&picture.alt)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct KnownVariant {
    id: i64,
    sku: String,
    option1: String,
    option2: String,
    option3: String,
}

impl KnownVariant {
    fn columns(&self) -> [&str; 3] {
        [&self.option1, &self.option2, &self.option3]
    }
}

/// A variant keeps its number as long as it has the same values, or else the same SKU.
async fn put_variants(db: &mut AnyConnection, product: i64, variants: &[DraftVariant]) -> Result<()> {
    let known: Vec<KnownVariant> =
        sqlx::query_as("SELECT id, sku, option1, option2, option3 FROM variants WHERE product_id = $1")
            .bind(product)
            .fetch_all(&mut *db)
            .await?;
    sqlx::query("UPDATE variants SET live = 0 WHERE product_id = $1").bind(product).execute(&mut *db).await?;
    let by_values: HashMap<_, _> = known.iter().map(|row| (row.columns(), row.id)).collect();
    let columns: Vec<_> = variants.iter().map(|variant| choice::columns(&variant.values)).collect();
    let columns: Vec<_> = columns.iter().map(|columns| columns.each_ref().map(String::as_str)).collect();
    let wanted: HashSet<_> = columns.iter().collect();
    // Only those whose values nobody asks for may be renamed.
    let by_sku: HashMap<_, _> = known
        .iter()
        .filter(|row| !row.sku.is_empty() && !wanted.contains(&row.columns()))
        .map(|row| (&*row.sku, row.id))
        .collect();
    for ((variant, columns), position) in variants.iter().zip(&columns).zip(0..) {
        let id = by_values.get(columns).or_else(|| by_sku.get(&*variant.sku));
        let sql = if id.is_some() {
            "UPDATE variants SET sku = $2, option1 = $3, option2 = $4, option3 = $5, price = $6, compare_at = $7,
                stock = $8, picture = $9, position = $10, grams = $11, live = 1 WHERE id = $1"
        } else {
            "INSERT INTO variants (product_id, sku, option1, option2, option3, price, compare_at, stock, picture,
                position, grams, live) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)"
        };
        let [option1, option2, option3] = *columns;
        sqlx::query(sql)
            .bind(*id.unwrap_or(&product))
            .bind(&variant.sku)
            .bind(option1)
            .bind(option2)
            .bind(option3)
            .bind(variant.price)
            .bind(variant.compare_at)
            .bind(variant.stock)
            .bind(variant.picture.map(number))
            .bind(position)
            .bind(variant.grams)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}
