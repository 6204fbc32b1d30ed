//! Stock: taken and given back by buyers, seen and set by operators.

use super::Result;
use crate::database::containing;
use sqlx::{AnyConnection, AssertSqlSafe, FromRow};

/// Takes pieces out of the stock, if there are enough: one statement, so two buyers cannot both win.
pub async fn take(db: &mut AnyConnection, variant: i64, pieces: i64) -> Result<bool> {
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
pub async fn list(db: &mut AnyConnection, wish: &StockWish) -> Result<Vec<StockRow>> {
    let sql = format!(
        "{STOCK} AND v.id > $1 AND v.stock <= $2
            AND (LOWER(v.sku) LIKE LOWER($3) ESCAPE '!' OR p.title_text LIKE $4 ESCAPE '!')
         ORDER BY v.id LIMIT $5"
    );
    let pattern = containing(wish.words.trim());
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(wish.after)
        .bind(wish.at_most)
        .bind(&pattern)
        .bind(pattern.to_lowercase())
        .bind(wish.limit)
        .fetch_all(db)
        .await
}

/// One variant.
pub async fn of(db: &mut AnyConnection, variant: i64) -> Result<Option<StockRow>> {
    sqlx::query_as(AssertSqlSafe(format!("{STOCK} AND v.id = $1"))).bind(variant).fetch_optional(db).await
}

/// Sets the stock of a variant that has `expected` pieces: one statement, so that no sale in between is lost.
pub async fn set(db: &mut AnyConnection, variant: i64, expected: i64, stock: i64) -> Result<bool> {
    let set = sqlx::query("UPDATE variants SET stock = $3 WHERE id = $1 AND stock = $2 AND live = 1")
        .bind(variant)
        .bind(expected)
        .bind(stock)
        .execute(db)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// Puts pieces back.
pub async fn give_back(db: &mut AnyConnection, variant: i64, pieces: i64) -> Result<()> {
    sqlx::query("UPDATE variants SET stock = stock + $2 WHERE id = $1")
        .bind(variant)
        .bind(pieces)
        .execute(db)
        .await?;
    Ok(())
}
