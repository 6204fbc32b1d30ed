//! What an import writes.

use super::{
    super::{
        choice,
        draft::{Draft, DraftVariant, Published, slug},
    },
    Result,
};
use sqlx::{AnyConnection, FromRow};
use std::collections::{HashMap, HashSet};

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
