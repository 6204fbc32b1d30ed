//! All SQL of the payments.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const PAYMENTS_SCHEMA: Schema =
    Schema { version: 43, name: "payments", sql: include_str!("payments.sql") };

/// Payments whose money takes days.
pub const UNDERWAY_SCHEMA: Schema =
    Schema { version: 60, name: "payments under way", sql: include_str!("underway.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// How a payment stands.
pub mod standing {
    pub const OPEN: &str = "open";
    pub const PAID: &str = "paid";
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PaymentRow {
    pub order_id: i64,
    pub provider: String,
    pub reference: String,
    pub url: String,
    pub status: String,
    /// Counted by the database.
    pub attempt: i64,
    /// When it was begun, last asked after, or paid.
    pub at: Millis,
    /// Whether the shopper has done their part, and the money of an open payment takes days.
    pub underway: i64,
}

impl PaymentRow {
    pub fn is_underway(&self) -> bool {
        self.status == standing::OPEN && self.underway == 1
    }
}

/// The payment of an order.
pub async fn of_order(db: &mut AnyConnection, order: i64) -> Result<Option<PaymentRow>> {
    sqlx::query_as("SELECT * FROM payments WHERE order_id = $1").bind(order).fetch_optional(db).await
}

/// A payment by the provider's name for it.
pub async fn by_reference(db: &mut AnyConnection, reference: &str) -> Result<Option<PaymentRow>> {
    sqlx::query_as("SELECT * FROM payments WHERE reference = $1").bind(reference).fetch_optional(db).await
}

/// Payments that were begun, and last asked after, before a moment and may still come; the longest ago first.
pub async fn open(db: &mut AnyConnection, before: Millis) -> Result<Vec<PaymentRow>> {
    sqlx::query_as("SELECT * FROM payments WHERE status = 'open' AND at < $1 ORDER BY at LIMIT 100")
        .bind(before)
        .fetch_all(db)
        .await
}

/// An open payment was asked after.
pub async fn asked(db: &mut AnyConnection, reference: &str, at: Millis) -> Result<()> {
    sqlx::query("UPDATE payments SET at = $2 WHERE reference = $1 AND status = 'open'")
        .bind(reference)
        .bind(at)
        .execute(db)
        .await?;
    Ok(())
}

/// Writes an order's payment down. One that is made stays, and so does the end of the same one: false.
pub async fn put(db: &mut AnyConnection, payment: &PaymentRow) -> Result<bool> {
    let put = sqlx::query(
        "INSERT INTO payments (order_id, provider, reference, url, status, attempt, at)
         VALUES ($1, $2, $3, $4, $5, 1, $6)
         ON CONFLICT (order_id) DO UPDATE SET provider = excluded.provider, reference = excluded.reference,
            url = excluded.url, status = excluded.status, attempt = payments.attempt + 1, at = excluded.at,
            underway = CASE WHEN payments.reference = excluded.reference THEN payments.underway ELSE 0 END
         WHERE payments.status <> 'paid'
           AND NOT (payments.status = 'ended' AND payments.reference = excluded.reference)",
    )
    .bind(payment.order_id)
    .bind(&payment.provider)
    .bind(&payment.reference)
    .bind(&payment.url)
    .bind(&payment.status)
    .bind(payment.at)
    .execute(db)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// The shopper has done their part for an open payment.
pub async fn underway(db: &mut AnyConnection, reference: &str) -> Result<()> {
    sqlx::query("UPDATE payments SET underway = 1 WHERE reference = $1 AND status = 'open'")
        .bind(reference)
        .execute(db)
        .await?;
    Ok(())
}

/// An open payment will not come.
pub async fn end(db: &mut AnyConnection, reference: &str) -> Result<()> {
    sqlx::query("UPDATE payments SET status = 'ended' WHERE reference = $1 AND status = 'open'")
        .bind(reference)
        .execute(db)
        .await?;
    Ok(())
}

/// The money of an open payment came.
pub async fn came(db: &mut AnyConnection, reference: &str, at: Millis) -> Result<()> {
    sqlx::query("UPDATE payments SET status = 'paid', at = $2 WHERE reference = $1 AND status = 'open'")
        .bind(reference)
        .bind(at)
        .execute(db)
        .await?;
    Ok(())
}

/// Money has to be given back; once, false afterwards.
pub async fn owe(db: &mut AnyConnection, provider: &str, reference: &str, order: i64) -> Result<bool> {
    let owed = sqlx::query(
        "INSERT INTO refunds (reference, provider, order_id, done) VALUES ($1, $2, $3, 0)
         ON CONFLICT (reference) DO NOTHING",
    )
    .bind(reference)
    .bind(provider)
    .bind(order)
    .execute(db)
    .await?;
    Ok(owed.rows_affected() == 1)
}

/// What has to be given back: references and providers, in any order, so that what cannot be given back keeps nobody else
/// waiting for ever.
pub async fn owed(db: &mut AnyConnection) -> Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT reference, provider FROM refunds WHERE done = 0 ORDER BY RANDOM() LIMIT 100")
        .fetch_all(db)
        .await
}

/// Whether the money that an order was paid with has to be given back, or was. What came beside it is another matter.
pub async fn is_refunded(db: &mut AnyConnection, order: i64) -> Result<bool> {
    let one: Option<(i64,)> = sqlx::query_as(
        "SELECT refunds.done FROM payments JOIN refunds ON refunds.reference = payments.reference
         WHERE payments.order_id = $1",
    )
    .bind(order)
    .fetch_optional(db)
    .await?;
    Ok(one.is_some())
}

/// What has to be given back of an order, or was: references, and whether it is done.
pub async fn refunds_of(db: &mut AnyConnection, order: i64) -> Result<Vec<(String, i64)>> {
    sqlx::query_as("SELECT reference, done FROM refunds WHERE order_id = $1 ORDER BY reference")
        .bind(order)
        .fetch_all(db)
        .await
}

/// It was given back.
pub async fn given_back(db: &mut AnyConnection, reference: &str) -> Result<()> {
    sqlx::query("UPDATE refunds SET done = 1 WHERE reference = $1").bind(reference).execute(db).await?;
    Ok(())
}
