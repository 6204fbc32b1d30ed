//! All SQL of the carts and of how often coupons were used.

use super::{Owner, settle::Remembered};
use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 4, name: "cart", sql: include_str!("schema.sql") };
/// How often coupons were used.
pub const COUPONS_SCHEMA: Schema = Schema { version: 41, name: "coupons", sql: include_str!("coupons.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A cart without its lines.
#[derive(Debug, sqlx::FromRow)]
pub struct CartRow {
    pub id: i64,
    pub revision: i64,
    pub account: Option<String>,
    pub coupon: Option<String>,
}

impl CartRow {
    /// Whose idempotency keys those of its changes are.
    pub fn scope(&self) -> String {
        format!("cart:{}", self.id)
    }
}

/// An owner's cart, unless a guest left it alone since before `fresh`.
pub async fn find(db: &mut AnyConnection, owner: &Owner, fresh: Millis) -> Result<Option<CartRow>> {
    match owner {
        Owner::Guest(key) => sqlx::query_as(
            "SELECT id, revision, account, coupon FROM carts WHERE guest = $1 AND touched_at >= $2",
        )
        .bind(key)
        .bind(fresh),
        Owner::Account(key) => {
            sqlx::query_as("SELECT id, revision, account, coupon FROM carts WHERE account = $1").bind(key)
        }
    }
    .fetch_optional(db)
    .await
}

/// A guest's cart, held until the transaction ends, with its revision raised.
pub async fn hold_guest(
    db: &mut AnyConnection,
    key: &str,
    fresh: Millis,
    now: Millis,
) -> Result<Option<CartRow>> {
    sqlx::query_as(
        "UPDATE carts SET revision = revision + 1, touched_at = $3 WHERE guest = $1 AND touched_at >= $2
         RETURNING id, revision, account, coupon",
    )
    .bind(key)
    .bind(fresh)
    .bind(now)
    .fetch_optional(db)
    .await
}

/// A new guest's cart.
pub async fn create_guest(db: &mut AnyConnection, key: &str, now: Millis) -> Result<CartRow> {
    sqlx::query_as(
        "INSERT INTO carts (guest, revision, touched_at) VALUES ($1, 1, $2) RETURNING id, revision, account, coupon",
    )
    .bind(key)
    .bind(now)
    .fetch_one(db)
    .await
}

/// An account's cart, held until the transaction ends, with its revision raised; made if there is none.
pub async fn hold_account(db: &mut AnyConnection, key: &str, now: Millis) -> Result<CartRow> {
    sqlx::query_as(
        "INSERT INTO carts (account, revision, touched_at) VALUES ($1, 1, $2)
         ON CONFLICT (account) DO UPDATE SET revision = carts.revision + 1, touched_at = excluded.touched_at
         RETURNING id, revision, account, coupon",
    )
    .bind(key)
    .bind(now)
    .fetch_one(db)
    .await
}

/// The lines of a cart, in the order they were put in.
pub async fn lines(db: &mut AnyConnection, cart: i64) -> Result<Vec<Remembered>> {
    sqlx::query_as(
        "SELECT variant_id, quantity, title, price FROM cart_lines WHERE cart_id = $1 ORDER BY position",
    )
    .bind(cart)
    .fetch_all(db)
    .await
}

/// Replaces the lines of a cart.
pub async fn put_lines(db: &mut AnyConnection, cart: i64, lines: &[Remembered]) -> Result<()> {
    sqlx::query("DELETE FROM cart_lines WHERE cart_id = $1").bind(cart).execute(&mut *db).await?;
    for (line, position) in lines.iter().zip(0_i64..) {
        sqlx::query(
            "INSERT INTO cart_lines (cart_id, variant_id, position, quantity, title, price)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(cart)
        .bind(line.variant_id)
        .bind(position)
        .bind(line.quantity)
        .bind(&line.title)
        .bind(line.price)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Sets or takes off the coupon of a cart.
pub async fn put_coupon(db: &mut AnyConnection, cart: i64, code: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE carts SET coupon = $2 WHERE id = $1").bind(cart).bind(code).execute(db).await?;
    Ok(())
}

/// Takes a cart away.
pub async fn delete(db: &mut AnyConnection, cart: i64) -> Result<()> {
    sqlx::query("DELETE FROM carts WHERE id = $1").bind(cart).execute(db).await?;
    Ok(())
}

/// Takes guests' carts away that nobody touched since before `fresh`.
pub async fn sweep(db: &mut AnyConnection, fresh: Millis) -> Result<()> {
    sqlx::query("DELETE FROM carts WHERE guest IS NOT NULL AND touched_at < $1")
        .bind(fresh)
        .execute(db)
        .await?;
    Ok(())
}

/// How often a coupon was used by a customer; by all of them under `''`.
pub async fn uses(db: &mut AnyConnection, code: &str, customer: &str) -> Result<i64> {
    let uses: Option<i64> =
        sqlx::query_scalar("SELECT uses FROM coupon_uses WHERE code = $1 AND customer = $2")
            .bind(code)
            .bind(customer)
            .fetch_optional(db)
            .await?;
    Ok(uses.unwrap_or(0))
}

/// Uses a coupon once, if it was used less often than `most`, from 1: one statement, so it is never over-used.
pub async fn use_coupon(db: &mut AnyConnection, code: &str, customer: &str, most: i64) -> Result<bool> {
    let used = sqlx::query(
        "INSERT INTO coupon_uses (code, customer, uses) VALUES ($1, $2, 1)
         ON CONFLICT (code, customer) DO UPDATE SET uses = coupon_uses.uses + 1 WHERE coupon_uses.uses < $3",
    )
    .bind(code)
    .bind(customer)
    .bind(most)
    .execute(db)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Gives a use back.
pub async fn return_coupon(db: &mut AnyConnection, code: &str, customer: &str) -> Result<()> {
    sqlx::query("UPDATE coupon_uses SET uses = uses - 1 WHERE code = $1 AND customer = $2 AND uses > 0")
        .bind(code)
        .bind(customer)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes an account's cart away.
pub async fn forget(db: &mut AnyConnection, account: &str) -> Result<()> {
    sqlx::query("DELETE FROM carts WHERE account = $1").bind(account).execute(db).await?;
    Ok(())
}

/// Forgets which coupons a customer used.
pub async fn forget_uses(db: &mut AnyConnection, customer: &str) -> Result<()> {
    sqlx::query("DELETE FROM coupon_uses WHERE customer = $1").bind(customer).execute(db).await?;
    Ok(())
}
