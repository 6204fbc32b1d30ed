//! The coupon of a cart: which one it is, whether it counts, and why not.

use super::{CartError, Carts, Result, customer, settle::Line, store};
use crate::{
    clock,
    language::t_with,
    orders,
    pricing::Minor,
    terms::{Coupon, normalise},
};
use contract::shop::cart::Notice;
use sqlx::AnyConnection;
use store::CartRow;

impl Carts {
    /// The coupon of a code.
    pub(super) fn find_coupon(&self, typed: &str) -> Result<&Coupon> {
        let unknown = "There is no such coupon. Check the code, or go on without it.";
        self.terms.coupon(&normalise(typed)).ok_or_else(|| CartError::Coupon(unknown.to_owned()))
    }

    pub(super) async fn check_coupon(
        &self,
        db: &mut AnyConnection,
        row: &CartRow,
        typed: &str,
        lines: &[Line],
    ) -> Result<String> {
        let coupon = self.find_coupon(typed)?;
        match self.objection(db, row, coupon, lines).await? {
            Some(objection) => Err(CartError::Coupon(objection)),
            None => Ok(normalise(typed)),
        }
    }

    /// The coupon of a cart, where it counts; why it does not goes into `notices`.
    pub(super) async fn coupon(
        &self,
        db: &mut AnyConnection,
        row: &CartRow,
        lines: &[Line],
        notices: &mut Vec<Notice>,
    ) -> Result<Option<&Coupon>> {
        let Some(code) = row.coupon.as_deref() else { return Ok(None) };
        let coupon = self.terms.coupon(code);
        let objection = match coupon {
            // An empty cart has nothing to take anything off; that needs no words.
            Some(_) if lines.is_empty() && self.is_kept(code) => None,
            Some(coupon) => self.objection(db, row, coupon, lines).await?,
            None => Some(t_with("The coupon {code} is over.", &[("code", code)])),
        };
        match objection {
            None => Ok(coupon),
            Some(message) => {
                notices.push(Notice { variant_id: None, message });
                Ok(None)
            }
        }
    }

    /// Whether a cart keeps a coupon: it counts, or may again.
    pub(super) fn is_kept(&self, code: &str) -> bool {
        self.terms.coupon(code).is_some_and(|coupon| !coupon.is_over(clock::now()))
    }

    /// Why a coupon does not count for a cart. What depends on who orders is known for accounts; guests hear of it
    /// when they order.
    async fn objection(
        &self,
        db: &mut AnyConnection,
        row: &CartRow,
        coupon: &Coupon,
        lines: &[Line],
    ) -> Result<Option<String>> {
        let objection = coupon.objection(eligible(lines, coupon), clock::now(), self.currency);
        if objection.is_some() {
            return Ok(objection);
        }
        if coupon.first_order
            && let Some(account) = &row.account
            && orders::has_ordered(db, account).await?
        {
            return Ok(Some(t_with("The coupon {code} is for a first order.", &[("code", &coupon.code)])));
        }
        let mut limits = vec![(String::new(), coupon.uses)];
        if let Some(account) = &row.account {
            limits.push((customer::account_key(account), coupon.per_customer));
        }
        for (customer, most) in limits {
            if let Some(most) = most
                && store::uses(db, &coupon.code, &customer).await? >= most
            {
                return Ok(Some(coupon.used_up()));
            }
        }
        Ok(None)
    }

    /// Puts in a coupon that was typed before signing in. It takes the place of the account's, which is older, unless it
    /// does not count: the answer says which of two is let go.
    pub(super) async fn bring_coupon(
        &self,
        db: &mut AnyConnection,
        row: &mut CartRow,
        code: String,
        lines: &[Line],
    ) -> Result<Option<String>> {
        let had = row.coupon.replace(code.clone()).filter(|had| *had != code);
        let Some(had) = had else { return Ok(None) };
        let counts = self.coupon(db, row, lines, &mut Vec::new()).await?.is_some();
        let (kept, gone) = if counts { (code, had) } else { (had, code) };
        let told = t_with(
            "A cart takes one coupon: {kept} stays, {gone} was taken off.",
            &[("kept", &kept), ("gone", &gone)],
        );
        row.coupon = Some(kept);
        Ok(Some(told))
    }
}

/// What the lines come to that a coupon is for; `None` where it is for none of them.
fn eligible(lines: &[Line], coupon: &Coupon) -> Option<Minor> {
    let any = lines.is_empty() || lines.iter().any(|line| line.is_for(coupon));
    any.then(|| lines.iter().filter(|line| line.is_for(coupon)).map(Line::total).sum())
}
