//! What an import writes.

use super::{
    super::{
        KnownStock, choice,
        draft::{Draft, DraftStock, DraftVariant, Published, UNCOUNTED, slug},
    },
    Result,
};
use crate::pricing::Minor;
use sqlx::{AnyConnection, FromRow};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Whether there has never been a product.
pub async fn is_new(db: &mut AnyConnection) -> Result<bool> {
    let any: Option<i64> = sqlx::query_scalar("SELECT id FROM products LIMIT 1").fetch_optional(db).await?;
    Ok(any.is_none())
}

/// How many products and variants are in the shop: `147 / 1847`.
pub async fn size(db: &mut AnyConnection) -> Result<String> {
    let (products, variants): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(DISTINCT p.id), COUNT(*) FROM products p JOIN variants v ON v.product_id = p.id
         WHERE p.live = 1 AND v.live = 1",
    )
    .fetch_one(db)
    .await?;
    Ok(format!("{products} / {variants}"))
}

/// Takes every product out of the shop; those that an import brings come back under their old numbers.
pub async fn hide_everything(db: &mut AnyConnection) -> Result<()> {
    sqlx::query("UPDATE products SET live = 0 WHERE live = 1").execute(&mut *db).await?;
    Ok(())
}

/// All products by handle, and whether each is in the shop: 1 or 0.
pub async fn handles(db: &mut AnyConnection) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT handle, live FROM products").fetch_all(db).await?;
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

/// Enters a product without its variants, or brings the one with its handle up to date; its number.
pub async fn put_product(
    db: &mut AnyConnection,
    draft: &Draft,
    position: i64,
    is_known: bool,
) -> Result<i64> {
    let cheapest = draft.cheapest();
    let sql = if is_known {
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
        .bind(number(draft.variants.len()))
        .bind(position)
        .bind(i64::from(draft.published == Published::Yes))
        .bind(&draft.tags)
        .fetch_one(&mut *db)
        .await?;
    put_details(db, id, draft).await?;
    Ok(id)
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

/// A variant as the table has it.
#[derive(Clone, PartialEq, FromRow)]
struct VariantRow {
    id: i64,
    product_id: i64,
    sku: String,
    option1: String,
    option2: String,
    option3: String,
    price: Minor,
    compare_at: Option<Minor>,
    stock: i64,
    picture: Option<i64>,
    position: i64,
    grams: i64,
    live: i64,
}

impl VariantRow {
    fn columns(&self) -> [&str; 3] {
        [&self.option1, &self.option2, &self.option3]
    }
}

/// The number of a variant that has none yet: behind all others, in the order of their numbers.
const NEW: i64 = i64::MAX;

/// A product whose variants are brought up to date.
pub struct Stocked<'a> {
    /// Its number.
    pub id: i64,
    /// Whether it was in the shop: what had left comes back with the stock of the file, not with that of long ago.
    pub was_live: bool,
    /// What it is to have.
    pub variants: &'a [DraftVariant],
}

/// Variants as they are to be, with the stock where that changes.
type Changes = Vec<(VariantRow, Option<i64>)>;

/// Brings the variants of products up to date. To be done last: who buys one of them waits from here on.
pub async fn put_variants(db: &mut AnyConnection, products: &[Stocked<'_>], stock: KnownStock) -> Result<()> {
    let rows: Vec<VariantRow> = sqlx::query_as(
        "SELECT id, product_id, sku, option1, option2, option3, price, compare_at, stock, picture, position, grams, live
         FROM variants",
    )
    .fetch_all(&mut *db)
    .await?;
    let mut known: HashMap<i64, Vec<VariantRow>> = HashMap::new();
    for row in rows {
        known.entry(row.product_id).or_default().push(row);
    }
    let mut changes = Changes::new();
    for product in products {
        changes.extend(changed(product, known.get(&product.id).map_or(&[], Vec::as_slice), stock));
    }
    // By number, as orders do: they wait for each other instead of locking each other up.
    changes.sort_by_key(|(row, _)| row.id);
    for (row, stock) in &changes {
        put_variant(db, row, *stock).await?;
    }
    Ok(())
}

/// A text as an import has it: letters with marks are one character each. What was stored long ago may have two.
fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

/// What becomes of a product's variants. One keeps its number as long as it has the same values, or else the same SKU.
fn changed(product: &Stocked<'_>, known: &[VariantRow], stock: KnownStock) -> Changes {
    let variants = product.variants;
    let mut changes = Changes::new();
    let taken: HashSet<_> = known.iter().map(VariantRow::columns).collect();
    let mut rows: Vec<_> = known.iter().map(|row| (row.columns().map(composed), row)).collect();
    // The last one of those that are the same is found: what is in the shop before what had left.
    rows.sort_by_key(|(values, row)| (row.live, values.each_ref().map(|value| &**value) == row.columns()));
    let columns: Vec<_> = variants.iter().map(|variant| choice::columns(&variant.values)).collect();
    let wanted: HashSet<_> = columns.iter().map(|columns| columns.each_ref().map(Cow::from)).collect();
    // Only those whose values nobody asks for may be renamed.
    let by_sku: HashMap<_, _> = rows
        .iter()
        .filter(|(values, row)| !row.sku.is_empty() && !wanted.contains(values))
        .map(|(_, row)| (composed(&row.sku), *row))
        .collect();
    let by_values: HashMap<_, _> = rows.into_iter().collect();
    let mut gone: HashMap<_, _> = known.iter().filter(|row| row.live == 1).map(|row| (row.id, row)).collect();
    for ((variant, columns), position) in variants.iter().zip(&columns).zip(0..) {
        let before = by_values.get(&columns.each_ref().map(Cow::from));
        let before = before.or_else(|| by_sku.get(&*variant.sku)).copied();
        let is_kept = |before: &VariantRow| product.was_live && before.live == 1 && stock == KnownStock::Keep;
        let stock = match (variant.stock, before) {
            (DraftStock::Counted(_), Some(before)) if is_kept(before) => before.stock,
            (DraftStock::Counted(pieces), _) => pieces,
            (DraftStock::Unsaid, Some(before)) => before.stock,
            (DraftStock::Uncounted, _) | (DraftStock::Unsaid, None) => UNCOUNTED,
        };
        // No two rows have the same values, not even one that had left.
        let kept = before.filter(|_| taken.contains(&columns.each_ref().map(String::as_str)));
        let columns = kept.map_or_else(|| columns.clone(), |row| row.columns().map(str::to_owned));
        let [option1, option2, option3] = columns;
        let row = VariantRow {
            id: before.map_or(NEW, |before| before.id),
            product_id: product.id,
            sku: variant.sku.clone(),
            option1,
            option2,
            option3,
            price: variant.price,
            compare_at: variant.compare_at,
            stock,
            picture: variant.picture.map(number),
            position,
            grams: variant.grams,
            live: 1,
        };
        let Some(before) = before else {
            let stock = Some(row.stock);
            changes.push((row, stock));
            continue;
        };
        gone.remove(&before.id);
        if row != *before {
            // Else it is not written: what is sold meanwhile stays sold.
            let stock = (row.stock != before.stock).then_some(row.stock);
            changes.push((row, stock));
        }
    }
    changes.extend(gone.into_values().map(|row| (VariantRow { live: 0, ..row.clone() }, None)));
    changes
}

/// Enters a variant that has no number yet, or brings the one with its number up to date; its stock only where that is told.
async fn put_variant(db: &mut AnyConnection, row: &VariantRow, stock: Option<i64>) -> Result<()> {
    let (sql, number) = if row.id == NEW {
        let sql = "INSERT INTO variants (product_id, sku, option1, option2, option3, price, compare_at, stock, picture,
            position, grams, live) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        (sql, row.product_id)
    } else {
        let sql = "UPDATE variants SET sku = $2, option1 = $3, option2 = $4, option3 = $5, price = $6, compare_at = $7,
            stock = COALESCE($8, stock), picture = $9, position = $10, grams = $11, live = $12 WHERE id = $1";
        (sql, row.id)
    };
    sqlx::query(sql)
        .bind(number)
        .bind(&row.sku)
        .bind(&row.option1)
        .bind(&row.option2)
        .bind(&row.option3)
        .bind(row.price)
        .bind(row.compare_at)
        .bind(stock)
        .bind(row.picture)
        .bind(row.position)
        .bind(row.grams)
        .bind(row.live)
        .execute(db)
        .await?;
    Ok(())
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, value: &str, sku: &str, live: i64) -> VariantRow {
        let [option1, option2, option3] = [value, "", ""].map(str::to_owned);
        let sku = sku.to_owned();
        VariantRow {
            id,
            product_id: 1,
            sku,
            option1,
            option2,
            option3,
            price: 100,
            compare_at: None,
            stock: 5,
            picture: None,
            position: 0,
            grams: 0,
            live,
        }
    }

    #[test]
    fn variants_stored_with_marks_of_their_own_keep_their_numbers() {
        let variant = DraftVariant {
            sku: "K\u{e4}".to_owned(),
            values: vec!["Gr\u{f6}n".to_owned()],
            price: 100,
            compare_at: None,
            stock: DraftStock::Unsaid,
            grams: 0,
            picture: None,
        };
        let product = Stocked { id: 1, was_live: true, variants: &[variant] };
        let (one, two, old) = ("Gr\u{f6}n", "Gro\u{308}n", "Ka\u{308}");
        for (known, expected) in [
            (vec![row(1, two, "", 1)], vec![(1, one, 1)]),
            (vec![row(1, "Red", old, 1)], vec![(1, one, 1)]),
            (vec![row(1, "Red", old, 1), row(2, "Blue", "K\u{e4}", 0)], vec![(1, one, 1)]),
            (vec![row(1, two, "", 0), row(2, one, "", 1)], vec![(2, one, 1)]),
            (vec![row(1, two, "", 0), row(2, one, "", 0)], vec![(2, one, 1)]),
            // The other has these values for good.
            (vec![row(1, two, "", 1), row(2, one, "", 0)], vec![(1, two, 1)]),
            (vec![row(1, two, "", 1), row(2, one, "", 1)], vec![(1, two, 0), (2, one, 1)]),
        ] {
            let mut changes = changed(&product, &known, KnownStock::File);
            changes.sort_by_key(|(row, _)| row.id);
            let changes: Vec<_> = changes.iter().map(|(row, _)| (row.id, &*row.option1, row.live)).collect();
            assert_eq!(changes, expected);
        }
    }
}
