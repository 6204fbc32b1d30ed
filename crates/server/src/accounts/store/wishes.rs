//! All SQL of the wishlists.

use super::Result;
use crate::clock::Millis;
use sqlx::AnyConnection;

/// The products that an account wants to remember, the newest first.
pub async fn of(db: &mut AnyConnection, account: &str) -> Result<Vec<i64>> {
    sqlx::query_scalar("SELECT product_id FROM wishes WHERE account = $1 ORDER BY wished_at DESC, product_id")
        .bind(account)
        .fetch_all(db)
        .await
}

/// Remembers a product. One that is remembered already stays where it is.
pub async fn insert(db: &mut AnyConnection, account: &str, product: i64, now: Millis) -> Result<()> {
    sqlx::query(
        "INSERT INTO wishes (account, product_id, wished_at) VALUES ($1, $2, $3)
         ON CONFLICT (account, product_id) DO NOTHING",
    )
    .bind(account)
    .bind(product)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets a product.
pub async fn delete(db: &mut AnyConnection, account: &str, product: i64) -> Result<()> {
    sqlx::query("DELETE FROM wishes WHERE account = $1 AND product_id = $2")
        .bind(account)
        .bind(product)
        .execute(db)
        .await?;
    Ok(())
}
