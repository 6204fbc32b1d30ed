//! Reviews: stars and a text, from those who bought the product; one of each account and product.

mod handlers;
mod rating;
mod store;

pub use handlers::routes;
pub use store::SCHEMA;

use crate::{
    accounts::{AccountRow, Accounts},
    catalogue::Catalogue,
    clock::{self, Millis},
    database::{Database, Transaction},
    orders::{OrderError, Orders},
    pace::{Pace, TooMany},
};
use contract::shop::{
    catalogue::ProductSummary,
    review::{Rating, Review, ReviewPage, WriteReview},
};
use std::{collections::HashMap, num::NonZeroU32, sync::Arc, time::Duration};
use store::ReviewRow;

/// How many reviews come at once.
const PAGE: i64 = 10;
/// At most this many reviews at once from an account, then one every [`WRITING_PACE`].
const WRITING_BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
const WRITING_PACE: Duration = Duration::from_secs(60);

/// The reviews.
#[derive(Clone)]
pub struct Reviews {
    database: Database,
    catalogue: Catalogue,
    orders: Orders,
    writing: Arc<Pace<String>>,
}

/// Why a review was not written or shown.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no such product.
    #[error("there is no such product")]
    Unknown,
    /// Who writes has not bought it.
    #[error("the account has not bought the product")]
    NotBought,
    /// Too many at once.
    #[error("too many reviews")]
    TooMany(Duration),
    /// The orders could not be asked.
    #[error(transparent)]
    Orders(#[from] OrderError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<TooMany> for ReviewError {
    fn from(refused: TooMany) -> Self {
        Self::TooMany(refused.retry_after)
    }
}

type Result<T> = std::result::Result<T, ReviewError>;

/// The place of a review in its list, as it travels: `1764207091123.17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    written_at: Millis,
    id: i64,
}

impl Place {
    /// Before all of them.
    const FIRST: Self = Self { written_at: Millis::MAX, id: i64::MAX };

    fn of(row: &ReviewRow) -> Self {
        Self { written_at: row.written_at, id: row.id }
    }

    fn parse(text: &str) -> Option<Self> {
        let (written_at, id) = text.split_once('.')?;
        Some(Self { written_at: written_at.parse().ok()?, id: id.parse().ok()? })
    }

    fn word(self) -> String {
        format!("{}.{}", self.written_at, self.id)
    }
}

impl Reviews {
    /// The reviews in a database.
    pub fn new(database: Database, catalogue: Catalogue, orders: Orders) -> Self {
        let writing = Arc::new(Pace::new(WRITING_BURST, WRITING_PACE));
        Self { database, catalogue, orders, writing }
    }

    /// A page of a product's reviews, as `reader` sees them.
    pub async fn page(
        &self,
        accounts: &Accounts,
        reader: Option<&AccountRow>,
        product: i64,
        after: Option<Place>,
    ) -> Result<ReviewPage> {
        self.check_product(product).await?;
        let Place { written_at, id } = after.unwrap_or(Place::FIRST);
        let mut db = self.database.read().await?;
        let by_stars = rating::by_stars(&store::counts(&mut db, &[product]).await?);
        // One more than is shown tells whether there are more.
        let mut rows = store::list(&mut db, product, (written_at, id), PAGE + 1).await?;
        let mine = match reader {
            Some(reader) => store::of(&mut db, &reader.id, product).await?,
            None => None,
        };
        drop(db);
        let more = i64::try_from(rows.len()).is_ok_and(|found| found > PAGE);
        rows.truncate(usize::try_from(PAGE).unwrap_or_default());
        let next = rows.last().filter(|_| more).map(|row| Place::of(row).word());
        let may_write = match reader {
            Some(reader) => self.orders.has_bought(&reader.id, product).await?,
            None => false,
        };
        Ok(ReviewPage {
            rating: rating::rating(&by_stars),
            by_stars,
            items: self.wire(accounts, reader, rows).await?,
            next,
            mine: self.wire(accounts, reader, mine.into_iter().collect()).await?.pop(),
            may_write,
        })
    }

    /// Writes a review, in place of the one before. It is taken as checked.
    pub async fn write(&self, writer: &AccountRow, product: i64, review: &WriteReview) -> Result<Review> {
        self.writing.check(&writer.id)?;
        self.check_product(product).await?;
        let mut transaction = self.database.write().await?;
        // Held until the end: an order that is cancelled, or an account that leaves, at this moment waits.
        if !self.orders.hold_purchase(&mut transaction, &writer.id, product).await? {
            return Err(ReviewError::NotBought);
        }
        let (stars, text) = (review.stars, review.text.trim());
        let row = store::put(&mut transaction, &writer.id, product, stars, text, clock::now()).await?;
        transaction.commit().await?;
        Ok(wire(row, first_name(&writer.name), true))
    }

    /// Takes a review away, whether there is one or not.
    pub async fn delete(&self, writer: &AccountRow, product: i64) -> Result<()> {
        let mut transaction = self.database.write().await?;
        store::delete(&mut transaction, &writer.id, product).await?;
        Ok(transaction.commit().await?)
    }

    /// What a product's reviews come to.
    pub async fn rating(&self, product: i64) -> Result<Option<Rating>> {
        let counts = store::counts(&mut *self.database.read().await?, &[product]).await?;
        Ok(rating::rating(&rating::by_stars(&counts)))
    }

    /// Says of each product what its reviews come to.
    pub async fn rate(&self, products: &mut [ProductSummary]) -> Result<()> {
        let ids: Vec<i64> = products.iter().map(|product| product.id).collect();
        let mut counts: HashMap<i64, Vec<_>> = HashMap::new();
        for row in store::counts(&mut *self.database.read().await?, &ids).await? {
            counts.entry(row.product_id).or_default().push(row);
        }
        for product in products {
            let of = counts.get(&product.id);
            product.rating = of.and_then(|counts| rating::rating(&rating::by_stars(counts)));
        }
        Ok(())
    }

    /// All reviews of an account, the newest first.
    pub async fn all_of_account(
        &self,
        account: &AccountRow,
    ) -> std::result::Result<Vec<Review>, sqlx::Error> {
        let rows = store::all_of(&mut *self.database.read().await?, &account.id).await?;
        Ok(rows.into_iter().map(|row| wire(row, first_name(&account.name), true)).collect())
    }

    /// Takes all reviews of an account away, in the caller's transaction, which has let go of its orders: so none is
    /// written any more.
    pub async fn forget(
        &self,
        transaction: &mut Transaction,
        account: &str,
    ) -> std::result::Result<(), sqlx::Error> {
        store::forget(transaction, account).await
    }

    /// Hides a review or shows it again, in the caller's transaction: whether it was hidden before, and what it is now.
    /// `None` where there is none.
    pub async fn hide(
        &self,
        transaction: &mut Transaction,
        id: i64,
        hidden: bool,
    ) -> std::result::Result<Option<(bool, Review)>, sqlx::Error> {
        let changed = store::hide(transaction, id, i64::from(hidden)).await?;
        let row = store::find(transaction, id).await?;
        Ok(row.map(|row| (hidden != changed, wire(row, String::new(), false))))
    }

    /// Forgets those who may write again anyway.
    pub fn sweep(&self) {
        self.writing.sweep();
    }

    async fn check_product(&self, product: i64) -> Result<()> {
        let found = self.catalogue.summaries(&[product]).await?;
        if found.is_empty() { Err(ReviewError::Unknown) } else { Ok(()) }
    }

    async fn wire(
        &self,
        accounts: &Accounts,
        reader: Option<&AccountRow>,
        rows: Vec<ReviewRow>,
    ) -> std::result::Result<Vec<Review>, sqlx::Error> {
        let writers: Vec<&str> = rows.iter().map(|row| &*row.account).collect();
        let names = accounts.names(&writers).await?;
        let review = |row: ReviewRow| {
            let name = names.get(&row.account).map(|name| first_name(name)).unwrap_or_default();
            let mine = reader.is_some_and(|reader| reader.id == row.account);
            wire(row, name, mine)
        };
        Ok(rows.into_iter().map(review).collect())
    }
}

/// The rest of a name is nobody's business.
fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

fn wire(row: ReviewRow, name: String, mine: bool) -> Review {
    Review {
        id: row.id,
        product_id: row.product_id,
        name,
        at: clock::rfc3339(row.written_at),
        stars: row.stars,
        text: row.text,
        mine,
        hidden: row.hidden == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_travel() {
        for (text, expected) in [
            ("1764207091123.17", Some(Place { written_at: 1_764_207_091_123, id: 17 })),
            ("0.0", Some(Place { written_at: 0, id: 0 })),
            ("", None),
            ("17", None),
            ("1.2.3", None),
            ("x.1", None),
            ("1.99999999999999999999", None),
        ] {
            assert_eq!(Place::parse(text), expected, "{text}");
            if let Some(place) = expected {
                assert_eq!(place.word(), text);
            }
        }
    }

    #[test]
    fn only_the_first_name_is_told() {
        for (name, expected) in
            [("Ada Lovelace", "Ada"), ("  Ada\tL.", "Ada"), ("Ada", "Ada"), ("Jean-Luc P.", "Jean-Luc")]
        {
            assert_eq!(first_name(name), expected);
        }
    }
}
