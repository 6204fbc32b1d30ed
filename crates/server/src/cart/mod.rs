//! Carts: a guest's, found by a cookie, or an account's.
//!
//! Looking never changes anything: what became of the lines since is worked out anew at each look and
//! told each time. The next change keeps it, and with it the notices are over. A coupon that does not count now and may
//! again stays, and is told of as long as that is so.

mod basket;
mod coupon;
mod customer;
mod handlers;
mod settle;
mod store;

pub use basket::Basket;
pub use customer::Customer;
pub use handlers::{apply, routes};
pub use settle::{Line, Remembered};
pub use store::{COUPONS_SCHEMA, SCHEMA};

use crate::{
    catalogue::Catalogue,
    clock,
    config::Configuration,
    database::{Database, Transaction},
    http::peer::Peer,
    idempotency::{self, Claim, Intent, IntentError},
    language::{t, t_with},
    pace::{Pace, TooMany},
    pricing::{self, Currency},
    secret::{self, NoRandomness},
    terms::{Coupon, Terms},
};
use contract::shop::cart::{Cart, Notice};
use serde::Serialize;
use settle::{MOST_LINES, MOST_PIECES, merge, name, settle};
use sqlx::AnyConnection;
use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};
use store::CartRow;

/// How long a guest's cart and its cookie are kept after the last change: 90 days.
pub const GUEST_SECONDS: i64 = 90 * 24 * 60 * 60;

/// At most so many new guests at once from one network address, then one every [`GUESTS_PACE`]: each has a cart that is kept.
const GUESTS_BURST: NonZeroU32 = NonZeroU32::new(300).expect("not zero");
const GUESTS_PACE: Duration = Duration::from_secs(1);

/// At most so many codes at once, from one network address, that no coupon has, then one every [`CODES_PACE`].
const CODES_BURST: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
const CODES_PACE: Duration = Duration::from_secs(5);

/// At most so many changes at once from one network address, which can be a whole office, then one every [`CHANGES_PACE`]: each is written,
/// and its key is kept for a day.
const CHANGES_BURST: NonZeroU32 = NonZeroU32::new(600).expect("not zero");
const CHANGES_PACE: Duration = Duration::from_millis(500);

/// All carts.
#[derive(Clone)]
pub struct Carts {
    database: Database,
    catalogue: Catalogue,
    currency: Currency,
    terms: Arc<Terms>,
    guests: Arc<Pace<IpAddr>>,
    codes: Arc<Pace<IpAddr>>,
    changes: Arc<Pace<IpAddr>>,
}

/// Whose cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A guest, by the hash of the cookie.
    Guest(String),
    /// An account, by its id.
    Account(String),
}

impl Owner {
    /// Whose idempotency keys they are.
    pub fn scope(&self) -> String {
        match self {
            Self::Account(id) => format!("account:{id}"),
            Self::Guest(hash) => format!("guest:{hash}"),
        }
    }
}

/// A change to a cart.
#[derive(Clone, Debug, Serialize)]
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
    /// What was bought before, as far as it can be had.
    Refill(Vec<Remembered>),
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
    #[error("{}", t_with("A cart takes at most {n} of one variant.", &[("n", &MOST_PIECES.to_string())]))]
    TooMany,
    /// More lines than a cart takes.
    #[error("{}", t_with("A cart takes at most {n} different variants.", &[("n", &MOST_LINES.to_string())]))]
    Full,
    /// The coupon does not count.
    #[error("{0}")]
    Coupon(String),
    /// One address has tried too many codes of coupons.
    #[error("too many codes")]
    Codes(TooMany),
    /// One address has changed carts too often.
    #[error("too many changes")]
    Changes(TooMany),
    /// One address has too many new guests.
    #[error("too many new carts")]
    Guests(TooMany),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The idempotency key.
    #[error(transparent)]
    Intent(#[from] IntentError),
}

type Result<T> = std::result::Result<T, CartError>;

impl Carts {
    /// The carts in a database.
    pub fn new(database: Database, catalogue: Catalogue, configuration: &Configuration) -> Self {
        Self {
            database,
            catalogue,
            currency: configuration.currency,
            terms: Arc::clone(&configuration.terms),
            guests: Arc::new(Pace::new(GUESTS_BURST, GUESTS_PACE)),
            codes: Arc::new(Pace::new(CODES_BURST, CODES_PACE)),
            changes: Arc::new(Pace::new(CHANGES_BURST, CHANGES_PACE)),
        }
    }

    /// A cart as it is now; an empty one where there is none.
    pub async fn look(&self, owner: Option<&Owner>) -> Result<Cart> {
        let mut db = self.database.read().await?;
        let row = match owner {
            Some(owner) => store::find(&mut db, owner, oldest()).await?,
            None => None,
        };
        let Some(row) = row else { return Ok(self.present(None, &[], None, Vec::new())) };
        let remembered = store::lines(&mut db, row.id).await?;
        let (lines, mut notices) = self.settle(&mut db, &remembered).await?;
        let coupon = self.coupon(&mut db, &row, &lines, &mut notices).await?;
        Ok(self.present(Some(&row), &lines, coupon, notices))
    }

    /// Changes a cart, once per idempotency key where there is one: then the answer is the cart as it is. A guest without
    /// one, or with a cookie that means nothing any more, gets a new one.
    pub async fn change(
        &self,
        owner: Option<&Owner>,
        peer: Peer,
        change: Change,
        key: Option<String>,
    ) -> Result<Changed> {
        // Before anybody waits for the one who writes.
        self.changes.check(&peer.subscriber()).map_err(CartError::Changes)?;
        if let Change::PutCoupon(code) = &change
            && let Err(unknown) = self.find_coupon(code)
        {
            // Counted, so that nobody finds out by trying what there is; and before anybody waits for it.
            self.codes.check(&peer.subscriber()).map_err(CartError::Codes)?;
            return Err(unknown);
        }
        let mut transaction = self.database.write().await?;
        let (mut row, new_guest) = self.hold(&mut transaction, owner, peer).await?;
        if let Some(key) = key {
            // The keys are the cart's: whoever lost the answer with their first cookie in it begins another cart.
            let intent = Intent::new(row.scope(), key, "change cart", &change).map_err(IntentError::Json)?;
            if let Claim::Done(_) = intent.claim(&mut transaction).await? {
                drop(transaction);
                return Ok(Changed { cart: self.look(owner).await?, new_guest: None });
            }
        }
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
                row.coupon = Some(self.check_coupon(&mut transaction, &row, &code, &lines).await?);
            }
            Change::RemoveCoupon => row.coupon = None,
            Change::Refill(bought) => {
                let had = lines.iter().map(Line::remember).collect();
                let (all, told) = self.settle(&mut transaction, &merge(had, bought)).await?;
                lines = all;
                notices.extend(told);
                if lines.len() > MOST_LINES {
                    lines.truncate(MOST_LINES);
                    notices.push(Notice { variant_id: None, message: CartError::Full.to_string() });
                }
            }
        }
        let coupon = self.coupon(&mut transaction, &row, &lines, &mut notices).await?;
        // Told now, and never again.
        row.coupon = row.coupon.filter(|code| self.is_kept(code));
        self.save(&mut transaction, &row, &lines).await?;
        transaction.commit().await?;
        let cart = self.present(Some(&row), &lines, coupon, notices);
        Ok(Changed { cart, new_guest })
    }

    async fn hold(
        &self,
        transaction: &mut Transaction,
        owner: Option<&Owner>,
        peer: Peer,
    ) -> Result<(CartRow, Option<String>)> {
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
        self.guests.check(&peer.subscriber()).map_err(CartError::Guests)?;
        // Never under a name that the browser brought along: somebody else may have put it there.
        let token = secret::token()?;
        let row = store::create_guest(transaction, &secret::hash(&token), clock::now()).await?;
        Ok((row, Some(token)))
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

    fn present(
        &self,
        row: Option<&CartRow>,
        lines: &[Line],
        coupon: Option<&Coupon>,
        notices: Vec<Notice>,
    ) -> Cart {
        let put_in = row.and_then(|row| self.terms.coupon(row.coupon.as_deref()?));
        let idle = put_in.filter(|_| coupon.is_none());
        let priced: Vec<_> = lines.iter().map(|line| line.priced(coupon)).collect();
        let discount = coupon.map(|coupon| coupon.discount);
        let totals = pricing::totals(&priced, discount, None, self.terms.tax(None));
        Cart {
            revision: row.map_or(0, |row| row.revision),
            lines: lines.iter().map(|line| line.wire(self.currency)).collect(),
            pieces: lines.iter().map(|line| line.quantity).sum(),
            coupon: coupon.map(|coupon| coupon.wire(self.currency)),
            idle_coupon: idle.map(|coupon| coupon.wire(self.currency)),
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
        // An order that is being placed has the cart, and its key is to be seen below.
        let left = store::hold_guest(transaction, guest, oldest(), clock::now()).await?;
        // What was sent before signing in and is sent again after it still happens once: orders and messages, and below what
        // changed the cart.
        let (before, after) = (Owner::Guest(guest.to_owned()), Owner::Account(account.to_owned()));
        idempotency::hand_over(transaction, &before.scope(), &after.scope()).await?;
        let Some(left) = left else {
            return Ok(Vec::new());
        };
        let brought = store::lines(transaction, left.id).await?;
        store::delete(transaction, left.id).await?;
        if brought.is_empty() && left.coupon.is_none() {
            return Ok(Vec::new());
        }
        let mut row = store::hold_account(transaction, account, clock::now()).await?;
        idempotency::hand_over(transaction, &left.scope(), &row.scope()).await?;
        let had = store::lines(transaction, row.id).await?;
        let mut notices = Vec::new();
        if !had.is_empty() && !brought.is_empty() {
            notices.push(t("What you chose before signing in was added to the cart of your account."));
        }
        let (mut lines, told) = self.settle(transaction, &merge(had, brought)).await?;
        notices.extend(told.into_iter().map(|notice| notice.message));
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            notices.push(CartError::Full.to_string());
        }
        if let Some(code) = left.coupon {
            notices.extend(self.bring_coupon(transaction, &mut row, code, &lines).await?);
        }
        self.save(transaction, &row, &lines).await?;
        Ok(notices)
    }

    /// Forgets an account's cart and which coupons it used, in the caller's transaction. How often they were used in all, and
    /// with an address, still counts.
    pub async fn forget(&self, transaction: &mut Transaction, account: &str) -> Result<()> {
        store::forget(transaction, account).await?;
        Ok(store::forget_uses(transaction, &customer::account_key(account)).await?)
    }

    /// Takes away what guests left alone for too long.
    pub async fn sweep(&self) -> Result<()> {
        self.guests.sweep();
        self.codes.sweep();
        self.changes.sweep();
        let mut transaction = self.database.write().await?;
        store::sweep(&mut transaction, oldest()).await?;
        Ok(transaction.commit().await?)
    }
}

/// Guests' carts that were touched before are over.
fn oldest() -> clock::Millis {
    clock::now() - GUEST_SECONDS * 1000
}

fn out_of_stock(name: &str, stock: i64, before: i64) -> CartError {
    let message = match (stock, before) {
        (0, _) => t_with("{name} is sold out.", &[("name", name)]),
        (_, 0) => t_with("Only {n} of {name} can be had.", &[("n", &stock.to_string()), ("name", name)]),
        _ => t_with(
            "Only {n} of {name} can be had; {before} in the cart already.",
            &[("n", &stock.to_string()), ("name", name), ("before", &before.to_string())],
        ),
    };
    CartError::OutOfStock { message }
}
