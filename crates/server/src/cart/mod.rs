//! Carts: a guest's, found by a cookie, or an account's.
//!
//! Looking never changes anything: what became of the lines since is worked out anew at each look and
//! told each time. The next change keeps it, and with it the notices are over.

mod basket;
mod coupon;
mod handlers;
mod settle;
mod store;

pub use basket::Basket;
pub use handlers::routes;
pub use settle::Line;
pub use store::SCHEMA;

use crate::{
    catalogue::Catalogue,
    clock,
    config::Configuration,
    database::{Database, Transaction},
    pricing::{self, BasisPoints, Currency, Minor},
    secret::{self, NoRandomness},
};
use contract::shop::cart::{Cart, Notice};
use coupon::{CouponRow, normalise};
use settle::{MOST_LINES, MOST_PIECES, Remembered, merge, name, settle};
use sqlx::AnyConnection;
use store::CartRow;

/// How long a guest's cart and its cookie are kept after the last change: 90 days.
pub const GUEST_SECONDS: i64 = 90 * 24 * 60 * 60;

/// All carts.
#[derive(Clone)]
pub struct Carts {
    database: Database,
    catalogue: Catalogue,
    currency: Currency,
    tax: BasisPoints,
}

/// Whose cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A guest, by the hash of the cookie.
    Guest(String),
    /// An account, by its id.
    Account(String),
}

/// A change to a cart.
#[derive(Clone, Debug)]
pub enum Change {
    /// More of a variant.
    Add {
        /// The variant.
        variant: i64,
        /// How many more.
        quantity: i64,
    },
    /// This many of a variant; 0 takes it out.
    Set {
        /// The variant.
        variant: i64,
        /// How many.
        quantity: i64,
    },
    /// This coupon, as typed.
    PutCoupon(String),
    /// No coupon.
    RemoveCoupon,
}

/// A cart after a change.
pub struct Changed {
    /// The cart.
    pub cart: Cart,
    /// The cookie's value, when this is a new guest's cart.
    pub new_guest: Option<String>,
}

/// Why a cart was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CartError {
    /// There is no such variant.
    #[error("This variant does not exist or is no longer in the shop.")]
    NoVariant,
    /// There are too few.
    #[error("{message}")]
    OutOfStock {
        /// A sentence.
        message: String,
    },
    /// More than a cart takes of one variant.
    #[error("A cart takes at most {MOST_PIECES} of one variant.")]
    TooMany,
    /// More lines than a cart takes.
    #[error("A cart takes at most {MOST_LINES} different variants.")]
    Full,
    /// The coupon does not count.
    #[error("{0}")]
    Coupon(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

type Result<T> = std::result::Result<T, CartError>;

impl Carts {
    /// The carts in a database.
    pub fn new(database: Database, catalogue: Catalogue, configuration: &Configuration) -> Self {
        Self { database, catalogue, currency: configuration.currency, tax: configuration.tax }
    }

    /// A cart as it is now; an empty one where there is none.
    pub async fn look(&self, owner: Option<&Owner>) -> Result<Cart> {
        let mut db = self.database.read().await?;
        let row = match owner {
            Some(owner) => store::find(&mut db, owner, oldest()).await?,
            None => None,
        };
        let Some(row) = row else { return Ok(self.present(0, &[], None, Vec::new())) };
        let remembered = store::lines(&mut db, row.id).await?;
        let (lines, mut notices) = self.settle(&mut db, &remembered).await?;
        let coupon = self.coupon(&mut db, row.coupon.as_deref(), &lines, &mut notices).await?;
        Ok(self.present(row.revision, &lines, coupon.as_ref(), notices))
    }

    /// Changes a cart. A guest without one, or with a cookie that means nothing any more, gets a new one.
    pub async fn change(&self, owner: Option<&Owner>, change: Change) -> Result<Changed> {
        let mut transaction = self.database.write().await?;
        let (mut row, new_guest) = hold(&mut transaction, owner).await?;
        let remembered = store::lines(&mut transaction, row.id).await?;
        let (mut lines, mut notices) = self.settle(&mut transaction, &remembered).await?;
        match change {
            Change::Add { variant, quantity } => {
                let before = lines.iter().find(|line| line.offer.variant_id == variant);
                let quantity = quantity + before.map_or(0, |line| line.quantity);
                self.put(&mut transaction, &mut lines, variant, quantity).await?;
            }
            Change::Set { variant, quantity: 0 } => lines.retain(|line| line.offer.variant_id != variant),
            Change::Set { variant, quantity } => {
                self.put(&mut transaction, &mut lines, variant, quantity).await?;
            }
            Change::PutCoupon(code) => {
                row.coupon = Some(self.check_coupon(&mut transaction, &code, &lines).await?);
            }
            Change::RemoveCoupon => row.coupon = None,
        }
        self.save(&mut transaction, &row, &lines).await?;
        let coupon = self.coupon(&mut transaction, row.coupon.as_deref(), &lines, &mut notices).await?;
        transaction.commit().await?;
        let cart = self.present(row.revision, &lines, coupon.as_ref(), notices);
        Ok(Changed { cart, new_guest })
    }

    async fn put(
        &self,
        db: &mut AnyConnection,
        lines: &mut Vec<Line>,
        variant: i64,
        quantity: i64,
    ) -> Result<()> {
        let offer = self.catalogue.offers(db, &[variant]).await?.pop().ok_or(CartError::NoVariant)?;
        let place = lines.iter().position(|line| line.offer.variant_id == variant);
        if quantity > offer.stock {
            let before = place.and_then(|place| lines.get(place)).map_or(0, |line| line.quantity);
            return Err(out_of_stock(&name(&offer), offer.stock, before));
        }
        if quantity > MOST_PIECES {
            return Err(CartError::TooMany);
        }
        let full = lines.len() >= MOST_LINES;
        match place.and_then(|place| lines.get_mut(place)) {
            Some(known) => known.quantity = quantity,
            None if full => return Err(CartError::Full),
            None => lines.push(Line { offer, quantity }),
        }
        Ok(())
    }

    async fn save(&self, db: &mut AnyConnection, row: &CartRow, lines: &[Line]) -> Result<()> {
        let remembered: Vec<_> = lines.iter().map(Line::remember).collect();
        store::put_lines(db, row.id, &remembered).await?;
        store::put_coupon(db, row.id, row.coupon.as_deref()).await?;
        Ok(())
    }

    async fn settle(
        &self,
        db: &mut AnyConnection,
        remembered: &[Remembered],
    ) -> Result<(Vec<Line>, Vec<Notice>)> {
        let variants: Vec<_> = remembered.iter().map(|line| line.variant_id).collect();
        let offers = self.catalogue.offers(db, &variants).await?;
        Ok(settle(remembered, &offers, self.currency))
    }

    async fn check_coupon(&self, db: &mut AnyConnection, typed: &str, lines: &[Line]) -> Result<String> {
        let code = normalise(typed);
        let unknown =
            || CartError::Coupon("There is no such coupon. Check the code, or go on without it.".to_owned());
        let coupon = store::coupon(db, &code).await?.ok_or_else(unknown)?;
        match coupon.objection(sum(lines), self.currency) {
            Some(objection) => Err(CartError::Coupon(objection)),
            None => Ok(code),
        }
    }

    /// The coupon of a cart, where it counts; why it does not goes into `notices`.
    async fn coupon(
        &self,
        db: &mut AnyConnection,
        code: Option<&str>,
        lines: &[Line],
        notices: &mut Vec<Notice>,
    ) -> Result<Option<CouponRow>> {
        let Some(code) = code else { return Ok(None) };
        let coupon = store::coupon(db, code).await?;
        let objection = match &coupon {
            // An empty cart has nothing to take anything off; that needs no words.
            Some(coupon) if !lines.is_empty() => coupon.objection(sum(lines), self.currency),
            Some(_) => None,
            None => Some(format!("The coupon {code} is over.")),
        };
        match objection {
            None => Ok(coupon),
            Some(message) => {
                notices.push(Notice { variant_id: None, message });
                Ok(None)
            }
        }
    }

    fn present(
        &self,
        revision: i64,
        lines: &[Line],
        coupon: Option<&CouponRow>,
        notices: Vec<Notice>,
    ) -> Cart {
        let priced: Vec<_> = lines.iter().map(Line::priced).collect();
        let totals = pricing::totals(&priced, coupon.map(CouponRow::discount), None, self.tax);
        Cart {
            revision,
            lines: lines.iter().map(|line| line.wire(self.currency)).collect(),
            pieces: lines.iter().map(|line| line.quantity).sum(),
            coupon: coupon.map(|coupon| coupon.wire(self.currency)),
            totals: self.currency.totals(totals),
            notices,
        }
    }

    /// At sign-in: what the guest had goes into the account's cart, in the caller's transaction. Says what
    /// the shopper should be told.
    pub async fn merge(
        &self,
        transaction: &mut Transaction,
        guest: &str,
        account: &str,
    ) -> Result<Vec<String>> {
        let Some(left) = store::hold_guest(transaction, guest, oldest(), clock::now()).await? else {
            return Ok(Vec::new());
        };
        let brought = store::lines(transaction, left.id).await?;
        store::delete(transaction, left.id).await?;
        if brought.is_empty() {
            return Ok(Vec::new());
        }
        let mut row = store::hold_account(transaction, account, clock::now()).await?;
        let had = store::lines(transaction, row.id).await?;
        let mut notices = Vec::new();
        if !had.is_empty() {
            notices
                .push("What you chose before signing in was added to the cart of your account.".to_owned());
        }
        let (mut lines, told) = self.settle(transaction, &merge(had, brought)).await?;
        notices.extend(told.into_iter().map(|notice| notice.message));
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            notices.push(CartError::Full.to_string());
        }
        row.coupon = row.coupon.or(left.coupon);
        self.save(transaction, &row, &lines).await?;
        Ok(notices)
    }

    /// Takes away what guests left alone for too long.
    pub async fn sweep(&self) -> Result<()> {
        let mut transaction = self.database.write().await?;
        store::sweep(&mut transaction, oldest()).await?;
        Ok(transaction.commit().await?)
    }
}

async fn hold(transaction: &mut Transaction, owner: Option<&Owner>) -> Result<(CartRow, Option<String>)> {
    match owner {
        Some(Owner::Account(key)) => {
            return Ok((store::hold_account(transaction, key, clock::now()).await?, None));
        }
        Some(Owner::Guest(key)) => {
            if let Some(row) = store::hold_guest(transaction, key, oldest(), clock::now()).await? {
                return Ok((row, None));
            }
        }
        None => {}
    }
    // Never under a name that the browser brought along: somebody else may have put it there.
    let token = secret::token()?;
    let row = store::create_guest(transaction, &secret::hash(&token), clock::now()).await?;
    Ok((row, Some(token)))
}

/// Guests' carts that were touched before are over.
fn oldest() -> clock::Millis {
    clock::now() - GUEST_SECONDS * 1000
}

fn sum(lines: &[Line]) -> Minor {
    lines.iter().map(|line| line.priced().total()).sum()
}

fn out_of_stock(name: &str, stock: i64, before: i64) -> CartError {
    let message = match (stock, before) {
        (0, _) => format!("{name} is sold out."),
        (stock, 0) => format!("Only {stock} of {name} can be had."),
        (stock, before) => format!("Only {stock} of {name} can be had; {before} in the cart already."),
    };
    CartError::OutOfStock { message }
}
