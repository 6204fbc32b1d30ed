//! What Stripe tells: events of Checkout Sessions, signed.

use crate::{clock::Millis, pricing::Minor, secret};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use std::collections::BTreeMap;

/// How old what a webhook says may be, as Stripe's own libraries have it: five minutes.
const TOLERANCE: Millis = 5 * 60 * 1000;
/// The header with the signature.
pub const SIGNATURE: &str = "stripe-signature";

/// What a webhook says that matters.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    /// The money of an order is here.
    Paid(ToldPaid),
    /// The shopper has paid in a way whose money takes days.
    Underway {
        /// The session.
        reference: String,
    },
    /// A session ended without money.
    Ended {
        /// The session.
        reference: String,
    },
    /// Something else.
    Other,
}

/// Money that is here.
#[derive(Debug, PartialEq, Eq)]
pub struct ToldPaid {
    /// The session.
    pub reference: String,
    /// The order's number.
    pub number: String,
    /// A hash of the order's key; sessions of older versions have none.
    pub order: Option<String>,
    /// How much.
    pub amount: Minor,
    /// ISO 4217, in Stripe's lower case.
    pub currency: String,
}

/// Why a webhook is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disbelief {
    /// There is no signature, or none that can be read.
    #[error("The signature is missing or cannot be read.")]
    NoSignature,
    /// It is not Stripe's.
    #[error("The signature is not that of this body.")]
    WrongSignature,
    /// It is too old, or from the future.
    #[error("The signature is older than five minutes, or a clock is wrong.")]
    Stale,
    /// It is no event.
    #[error("The body is no event of Stripe.")]
    NoEvent,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: EventData,
}

#[derive(Deserialize)]
struct EventData {
    object: serde_json::Value,
}

#[derive(Deserialize)]
struct EventSession {
    id: String,
    client_reference_id: Option<String>,
    amount_total: Option<Minor>,
    currency: Option<String>,
    #[serde(default)]
    payment_status: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

/// Reads what a webhook says, if it comes from Stripe (`Stripe-Signature: t=…,v1=…`) and is about the shop at `origin`.
pub fn read(
    body: &[u8],
    signature: &str,
    secret: &str,
    origin: &str,
    now: Millis,
) -> Result<Told, Disbelief> {
    verify(body, signature, secret, now)?;
    let event: Event = serde_json::from_slice(body).map_err(|_| Disbelief::NoEvent)?;
    if !event.kind.starts_with("checkout.session.") {
        return Ok(Told::Other);
    }
    let mut session: EventSession =
        serde_json::from_value(event.data.object).map_err(|_| Disbelief::NoEvent)?;
    // One account of Stripe may serve several shops.
    if session.metadata.get("shop").is_none_or(|shop| shop != origin) {
        return Ok(Told::Other);
    }
    let paid = matches!(session.payment_status.as_str(), "paid" | "no_payment_required");
    Ok(match (event.kind.as_str(), session.client_reference_id, session.amount_total, session.currency) {
        (
            "checkout.session.completed" | "checkout.session.async_payment_succeeded",
            Some(number),
            Some(amount),
            Some(currency),
        ) if paid => {
            let order = session.metadata.remove("order");
            Told::Paid(ToldPaid { reference: session.id, number, order, amount, currency })
        }
        ("checkout.session.completed", ..) => Told::Underway { reference: session.id },
        ("checkout.session.expired" | "checkout.session.async_payment_failed", ..) => {
            Told::Ended { reference: session.id }
        }
        _ => Told::Other,
    })
}

fn verify(body: &[u8], signature: &str, secret: &str, now: Millis) -> Result<(), Disbelief> {
    let mut at = None;
    let mut signatures = Vec::new();
    for part in signature.split(',') {
        match part.trim().split_once('=') {
            Some(("t", text)) => at = text.parse::<Millis>().ok(),
            // While a secret is changed there are two.
            Some(("v1", text)) => signatures.extend(secret::unhex(text)),
            _ => {}
        }
    }
    let at = at.filter(|_| !signatures.is_empty()).ok_or(Disbelief::NoSignature)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| Disbelief::NoSignature)?;
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    // `verify_slice` takes the same time wherever the first difference is.
    if !signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok()) {
        return Err(Disbelief::WrongSignature);
    }
    if at.checked_mul(1000).is_none_or(|at| now.abs_diff(at) > TOLERANCE.unsigned_abs()) {
        return Err(Disbelief::Stale);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    fn sign(body: &str, seconds: i64, secret: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{seconds}.{body}").as_bytes());
        format!("t={seconds},v1={}", secret::hex(&mac.finalize().into_bytes()))
    }

    fn event(kind: &str, payment_status: &str, shop: &str) -> String {
        serde_json::json!({ "id": "evt_1", "type": kind, "data": { "object": {
            "id": "cs_1", "client_reference_id": "M-10001", "amount_total": 1995, "currency": "eur",
            "payment_status": payment_status, "metadata": { "shop": shop },
        } } })
        .to_string()
    }

    #[track_caller]
    fn check(body: &str, signature: &str, expected: Result<Told, Disbelief>) {
        assert_eq!(read(body.as_bytes(), signature, "whsec", "https://shop.example", NOW), expected);
    }

    #[test]
    fn only_stripe_is_believed() {
        let body = event("checkout.session.expired", "unpaid", "https://shop.example");
        let now = NOW / 1000;
        let good = sign(&body, now, "whsec");
        let ended = || Ok(Told::Ended { reference: "cs_1".to_owned() });
        check(&body, &good, ended());
        check(&body, &format!("{},v1=00ff,v0=x", sign(&body, now - 299, "whsec")), ended());
        check(&body, &format!("t={now},v1=00ff,{}", &good[good.find("v1").unwrap()..]), ended());
        check(&body, &sign(&body, now - 301, "whsec"), Err(Disbelief::Stale));
        check(&body, &sign(&body, now + 301, "whsec"), Err(Disbelief::Stale));
        check(&body, &sign(&body, now, "other"), Err(Disbelief::WrongSignature));
        check(&body.replace("cs_1", "cs_2"), &good, Err(Disbelief::WrongSignature));
        check(&body, &good.replace(&now.to_string(), &(now + 1).to_string()), Err(Disbelief::WrongSignature));
        for signature in
            ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=0", "t=1,v1=é0", "t=99999999999999999999,v1=00"]
        {
            check(&body, signature, Err(Disbelief::NoSignature));
        }
        check(&body, &sign(&body, i64::MAX, "whsec"), Err(Disbelief::Stale));
        check("[]", &sign("[]", now, "whsec"), Err(Disbelief::NoEvent));
    }

    #[test]
    fn what_a_webhook_says() {
        let paid = || {
            Told::Paid(ToldPaid {
                reference: "cs_1".to_owned(),
                number: "M-10001".to_owned(),
                order: None,
                amount: 1995,
                currency: "eur".to_owned(),
            })
        };
        let underway = || Told::Underway { reference: "cs_1".to_owned() };
        let ended = || Told::Ended { reference: "cs_1".to_owned() };
        let ours = "https://shop.example";
        for (kind, status, shop, expected) in [
            ("checkout.session.completed", "paid", ours, paid()),
            ("checkout.session.completed", "unpaid", ours, underway()),
            ("checkout.session.async_payment_succeeded", "paid", ours, paid()),
            ("checkout.session.async_payment_failed", "unpaid", ours, ended()),
            ("checkout.session.expired", "unpaid", ours, ended()),
            ("checkout.session.completed", "paid", "https://other.example", Told::Other),
            ("invoice.paid", "paid", ours, Told::Other),
        ] {
            let body = event(kind, status, shop);
            check(&body, &sign(&body, NOW / 1000, "whsec"), Ok(expected));
        }
    }
}
