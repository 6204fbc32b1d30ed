//! What whoever ordered is told by mail: that we have the order, that it is on its way, that it is cancelled.
//!
//! A mail is entered in the transaction that it tells of. An order that waits for its payment has none yet:
//! somebody is at the bank with it, and may still turn back.

use super::{Orders, Result, number, store, store::OrderRow};
use crate::{
    database::Transaction,
    language::{Language, fill},
    mail::{Letter, Message, Text},
    pricing::Currency,
    terms,
};
use contract::shop::address_form::AddressForm;

/// What the keys of an order's mails begin with.
pub(super) fn mails_of(order: &str) -> String {
    format!("order/{order}/")
}

impl Orders {
    /// Tells whoever ordered, once for each order and letter.
    pub(super) async fn tell(
        &self,
        transaction: &mut Transaction,
        row: &OrderRow,
        letter: Letter,
    ) -> Result<()> {
        // Its person has left.
        if row.email.is_empty() {
            return Ok(());
        }
        let language = Language::of_code(&row.language);
        let currency = Currency::parse(&row.currency).map_err(|_| super::OrderError::Damaged(row.id))?;
        let price = |amount| language.money(&currency.money(amount));
        let items = store::lines(transaction, row.id).await?;
        let items: Vec<_> = items
            .into_iter()
            .map(|line| {
                let options =
                    if line.options.is_empty() { String::new() } else { format!(", {}", line.options) };
                let price = price(line.unit_price.saturating_mul(line.quantity));
                one_line(&format!("{} × {}{options}: {price}", line.quantity, line.title))
            })
            .collect();
        let delivery = [&row.delivery_name, &row.delivery_when];
        let delivery: Vec<_> =
            delivery.into_iter().filter(|part| !part.is_empty()).map(|part| language.say(part)).collect();
        let delivery = delivery.join(", ");
        let coupon = row.coupon.as_deref().map_or_else(
            || language.say("Discount"),
            |code| fill(&language.say("Coupon {code}"), &[("code", code)]),
        );
        // From the items to the total.
        let sums = [
            (row.discount > 0).then(|| format!("{coupon}: −{}", price(row.discount))),
            Some(format!("{} ({delivery}): {}", language.say("Delivery"), price(row.delivery_price))),
            (row.tax_added > 0).then(|| format!("{}: {}", language.say("Tax"), price(row.tax_added))),
        ];
        let sums: Vec<_> = sums.into_iter().flatten().map(|sum| one_line(&sum)).collect();
        let country = language.say(terms::country_name(&row.country));
        let town = AddressForm::town_line(&super::wire::address(row));
        let address = [&row.name, &row.street, &row.extra, &town, &country];
        let address: Vec<_> =
            address.into_iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect();
        let number = number(row.id);
        let places = [
            ("number", &*number),
            ("items", &*items.join("\n")),
            ("delivery", &*delivery),
            ("sums", &*sums.join("\n")),
            ("total", &*price(row.total)),
            ("address", &*address.join("\n")),
            ("link", &*format!("{}/#/checkout/confirmation/{}", self.shop, row.key)),
        ];
        let text = Text::of(letter, language, &places);
        let key = mails_of(&row.key) + letter.name();
        let message = Message { to: row.email.clone(), subject: text.subject, text: text.text, key };
        Ok(self.mail.queue(transaction, message).await?)
    }
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}
