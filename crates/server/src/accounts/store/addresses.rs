//! All SQL of saved addresses.

use super::Result;
use contract::shop::{account::SavedAddress, order::Address};
use sqlx::AnyConnection;

/// A saved address.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    preferred: i64,
    name: String,
    street: String,
    extra: String,
    postcode: String,
    city: String,
    region: String,
    country: String,
}

impl From<Row> for SavedAddress {
    fn from(row: Row) -> Self {
        let address = Address {
            name: row.name,
            street: row.street,
            extra: row.extra,
            postcode: row.postcode,
            city: row.city,
            region: row.region,
            country: row.country,
        };
        Self { id: row.id, preferred: row.preferred == 1, address }
    }
}

/// An account's addresses, the preferred one first, then as they came.
pub async fn of(db: &mut AnyConnection, account: &str) -> Result<Vec<SavedAddress>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, preferred, name, street, extra, postcode, city, region, country FROM saved_addresses
         WHERE account = $1 ORDER BY preferred DESC, id",
    )
    .bind(account)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(SavedAddress::from).collect())
}

/// Holds an account until the transaction ends: of two changes to what belongs to it one waits.
pub async fn hold(db: &mut AnyConnection, account: &str) -> Result<()> {
    sqlx::query("UPDATE accounts SET name = name WHERE id = $1").bind(account).execute(db).await?;
    Ok(())
}

/// Keeps an address, and says what it is called.
pub async fn insert(db: &mut AnyConnection, account: &str, address: &Address) -> Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO saved_addresses (account, preferred, name, street, extra, postcode, city, country,
            region) VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
    )
    .bind(account)
    .bind(&address.name)
    .bind(&address.street)
    .bind(&address.extra)
    .bind(&address.postcode)
    .bind(&address.city)
    .bind(&address.country)
    .bind(&address.region)
    .fetch_one(db)
    .await
}

/// Changes an address; false when the account has none of that number.
pub async fn update(db: &mut AnyConnection, account: &str, id: i64, address: &Address) -> Result<bool> {
    let changed = sqlx::query(
        "UPDATE saved_addresses SET name = $3, street = $4, extra = $5, postcode = $6, city = $7, country = $8,
            region = $9
         WHERE account = $1 AND id = $2",
    )
    .bind(account)
    .bind(id)
    .bind(&address.name)
    .bind(&address.street)
    .bind(&address.extra)
    .bind(&address.postcode)
    .bind(&address.city)
    .bind(&address.country)
    .bind(&address.region)
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Makes one address the preferred one.
pub async fn prefer(db: &mut AnyConnection, account: &str, id: i64) -> Result<()> {
    sqlx::query(
        "UPDATE saved_addresses SET preferred = CASE WHEN id = $2 THEN 1 ELSE 0 END WHERE account = $1",
    )
    .bind(account)
    .bind(id)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes an address away; false when the account has none of that number.
pub async fn delete(db: &mut AnyConnection, account: &str, id: i64) -> Result<bool> {
    let gone = sqlx::query("DELETE FROM saved_addresses WHERE account = $1 AND id = $2");
    Ok(gone.bind(account).bind(id).execute(db).await?.rows_affected() == 1)
}
