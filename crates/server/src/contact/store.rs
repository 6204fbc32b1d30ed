//! All SQL of the contact form.

use crate::{clock::Millis, database::Schema};
use contract::shop::contact::ContactMessage;
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 7, name: "contact", sql: include_str!("schema.sql") };

/// Keeps a message.
pub async fn insert(
    db: &mut AnyConnection,
    reference: &str,
    message: &ContactMessage,
    at: Millis,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO contact_messages (reference, name, email, topic, message, at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(reference)
    .bind(message.name.trim())
    .bind(message.email.trim())
    .bind(&message.topic)
    .bind(&message.message)
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}
