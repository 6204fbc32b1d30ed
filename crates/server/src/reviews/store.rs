//! All SQL of the reviews.

use crate::{
    clock::Millis,
    database::{Schema, placeholders},
};
use sqlx::{AnyConnection, AssertSqlSafe, Executor as _};

/// The table.
pub const SCHEMA: Schema = Schema { version: 54, name: "reviews", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReviewRow {
    pub id: i64,
    pub account: String,
    pub product_id: i64,
    pub stars: i64,
    pub text: String,
    pub written_at: Millis,
    pub hidden: i64,
}

/// How many reviews of a product have so many stars.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct CountRow {
    pub product_id: i64,
    pub stars: i64,
    pub reviews: i64,
}

/// Writes an account's review of a product, in place of the one before. What was hidden stays so.
pub async fn put(
    db: &mut AnyConnection,
    account: &str,
    product: i64,
    stars: i64,
    text: &str,
    now: Millis,
) -> Result<ReviewRow> {
    sqlx::query_as(
        "INSERT INTO reviews (account, product_id, stars, text, written_at, hidden) VALUES ($1, $2, $3, $4, $5, 0)
         ON CONFLICT (account, product_id) DO UPDATE
            SET stars = excluded.stars, text = excluded.text, written_at = excluded.written_at
         RETURNING *",
    )
    .bind(account)
    .bind(product)
    .bind(stars)
    .bind(text)
    .bind(now)
    .fetch_one(db)
    .await
}

/// Takes an account's review of a product away. Of one that is hidden stays that it is.
pub async fn delete(db: &mut AnyConnection, account: &str, product: i64) -> Result<()> {
    for statement in [
        "UPDATE reviews SET stars = 0, text = '' WHERE account = $1 AND product_id = $2 AND hidden = 1",
        "UPDATE reviews SET account = '', product_id = -id, stars = 0, text = '', hidden = 1
         WHERE account = $1 AND product_id = $2 AND hidden = 0 AND id = (SELECT MAX(id) FROM reviews)",
        "DELETE FROM reviews WHERE account = $1 AND product_id = $2 AND hidden = 0",
    ] {
        sqlx::query(statement).bind(account).bind(product).execute(&mut *db).await?;
    }
    forget_numbers(db).await
}

/// Takes all of an account's reviews away.
pub async fn forget(db: &mut AnyConnection, account: &str) -> Result<()> {
    for statement in [
        "UPDATE reviews SET account = '', product_id = -id, stars = 0, text = '', hidden = 1
         WHERE account = $1 AND id = (SELECT MAX(id) FROM reviews)",
        "DELETE FROM reviews WHERE account = $1",
    ] {
        sqlx::query(statement).bind(account).execute(&mut *db).await?;
    }
    forget_numbers(db).await
}

/// Of the newest review its number stays when it is taken away, as nobody's and of no product: SQLite gives the next one the
/// number after the greatest, and whoever hides the one that is gone must not hide another. This takes away those that are not
/// the newest any more.
async fn forget_numbers(db: &mut AnyConnection) -> Result<()> {
    db.execute("DELETE FROM reviews WHERE account = '' AND id < (SELECT MAX(id) FROM reviews)").await?;
    Ok(())
}

/// An account's review of a product.
pub async fn of(db: &mut AnyConnection, account: &str, product: i64) -> Result<Option<ReviewRow>> {
    sqlx::query_as("SELECT * FROM reviews WHERE account = $1 AND product_id = $2 AND stars > 0")
        .bind(account)
        .bind(product)
        .fetch_optional(db)
        .await
}

/// All reviews of an account, the newest first.
pub async fn all_of(db: &mut AnyConnection, account: &str) -> Result<Vec<ReviewRow>> {
    sqlx::query_as("SELECT * FROM reviews WHERE account = $1 AND stars > 0 ORDER BY written_at DESC, id DESC")
        .bind(account)
        .fetch_all(db)
        .await
}

/// The newest shown reviews of a product after one, which is named by when it was written and its id.
pub async fn list(
    db: &mut AnyConnection,
    product: i64,
    after: (Millis, i64),
    most: i64,
) -> Result<Vec<ReviewRow>> {
    sqlx::query_as(
        "SELECT * FROM reviews
         WHERE product_id = $1 AND hidden = 0 AND (written_at < $2 OR (written_at = $2 AND id < $3))
         ORDER BY written_at DESC, id DESC LIMIT $4",
    )
    .bind(product)
    .bind(after.0)
    .bind(after.1)
    .bind(most)
    .fetch_all(db)
    .await
}

/// How many shown reviews of these products have which stars, in no particular order.
pub async fn counts(db: &mut AnyConnection, products: &[i64]) -> Result<Vec<CountRow>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT product_id, stars, COUNT(*) AS reviews FROM reviews
         WHERE hidden = 0 AND product_id IN ({}) GROUP BY product_id, stars",
        placeholders(1, products.len())
    );
    let query = sqlx::query_as(AssertSqlSafe(sql));
    products.iter().fold(query, |query, id| query.bind(*id)).fetch_all(db).await
}

/// Hides a review or shows it again; false when it is so already, or there is none.
pub async fn hide(db: &mut AnyConnection, id: i64, hidden: i64) -> Result<bool> {
    let changed = sqlx::query("UPDATE reviews SET hidden = $2 WHERE id = $1 AND hidden <> $2 AND stars > 0")
        .bind(id)
        .bind(hidden)
        .execute(db)
        .await?;
    Ok(changed.rows_affected() == 1)
}

/// A review.
pub async fn find(db: &mut AnyConnection, id: i64) -> Result<Option<ReviewRow>> {
    sqlx::query_as("SELECT * FROM reviews WHERE id = $1 AND stars > 0").bind(id).fetch_optional(db).await
}
