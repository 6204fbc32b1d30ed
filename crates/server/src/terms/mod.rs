//! What the shop's owner decides: where to and for how much it is delivered, which tax there is, which coupons
//! count, how it can be paid. One JSON file (docs/shop.md); what it does not say is as in [`Terms::default`].

mod amount;
mod country;
mod coupon;
mod delivery;
mod tax;

pub use country::{Countries, country_name};
pub use coupon::{Coupon, Scope, normalise};
pub use delivery::{Parcel, Way};

use crate::pricing::{BasisPoints, Prices, Tax};
use contract::shop::{catalogue::PriceTax, order::PaymentMethod};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// What the owner decides. Everything in it is valid.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Where to.
    pub countries: Countries,
    /// How.
    pub ways: Vec<Way>,
    /// What takes something off.
    pub coupons: Vec<Coupon>,
    /// How it can be paid; `None` leaves it to what is configured.
    pub payments: Option<Vec<PaymentMethod>>,
    home: Tax,
    taxes: BTreeMap<String, Tax>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    countries: Option<Vec<String>>,
    taxes: BTreeMap<String, tax::Entry>,
    deliveries: Option<Vec<delivery::Entry>>,
    coupons: Option<Vec<coupon::Entry>>,
    payments: Option<Vec<PaymentMethod>>,
}

impl Terms {
    /// Reads the file, if there is one. `tax` holds for the countries whose tax it does not name.
    pub fn read(file: Option<&Path>, tax: BasisPoints) -> Result<Self, String> {
        let Some(path) = file else { return Self::new(File::default(), tax) };
        let place = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| format!("{place}: {error}"))?;
        let file = serde_json::from_str(&text).map_err(|error| format!("{place}: {error}"))?;
        Self::new(file, tax).map_err(|message| format!("{place}: {message}"))
    }

    fn new(file: File, tax: BasisPoints) -> Result<Self, String> {
        let countries = match file.countries {
            Some(codes) => Countries::read(&codes)?,
            None => Countries::default(),
        };
        for code in file.taxes.keys() {
            countries.check("taxes", code)?;
        }
        let ways = match file.deliveries {
            Some(entries) => delivery::read(entries, &countries)?,
            None => delivery::usual(),
        };
        let coupons = match file.coupons {
            Some(entries) => coupon::read(entries)?,
            None => vec![Coupon::percent("WELCOME10", BasisPoints(1000))],
        };
        if file.payments.as_ref().is_some_and(Vec::is_empty) {
            return Err("payments: name at least one of on_delivery, test_card, stripe".to_owned());
        }
        let taxes = file.taxes.into_iter().map(|(code, entry)| Ok((code.clone(), entry.tax(&code)?)));
        Ok(Self {
            countries,
            ways,
            coupons,
            payments: file.payments,
            home: Tax::included(tax),
            taxes: taxes.collect::<Result<_, String>>()?,
        })
    }

    /// The tax of a country; before one is known, the one that all countries have, and where they differ that of the
    /// shop's prices. Where those of no country include any, it is not known yet.
    pub fn tax(&self, country: Option<&str>) -> Tax {
        let of = |code: &str| self.taxes.get(code).copied().unwrap_or(self.home);
        if let Some(country) = country {
            return of(country);
        }
        let all = || self.countries.codes().map(of);
        let first = all().next().unwrap_or(self.home);
        if all().all(|tax| tax == first) {
            first
        } else if all().all(|tax| tax.prices == Prices::Net || tax.rate.0 == 0) {
            Tax { rate: BasisPoints(0), prices: Prices::Net }
        } else {
            self.home
        }
    }

    /// Whether prices include tax, before a country is known.
    pub fn tax_of_prices(&self) -> PriceTax {
        let is_free = |code| self.tax(Some(code)).rate.0 == 0;
        if self.countries.codes().all(is_free) {
            return PriceTax::None;
        }
        match self.tax(None).prices {
            Prices::Gross => PriceTax::Included,
            Prices::Net => PriceTax::Added,
        }
    }

    /// A way of delivery by its id.
    pub fn way(&self, id: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.id == id)
    }

    /// A coupon by its code, as [`normalise`] writes it.
    pub fn coupon(&self, code: &str) -> Option<&Coupon> {
        self.coupons.iter().find(|coupon| coupon.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::Discount;

    fn read(json: &str) -> Result<Terms, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), json).unwrap();
        Terms::read(Some(file.path()), BasisPoints(1900))
    }

    #[track_caller]
    fn refused(json: &str, expected: &str) {
        let message = read(json).expect_err(json);
        assert!(message.contains(expected), "{json}: {message}");
    }

    #[test]
    fn what_is_usual_needs_no_file() {
        let terms = Terms::read(None, BasisPoints(1900)).unwrap();
        assert_eq!(terms.coupon("WELCOME10").unwrap().discount, Discount::Percent(BasisPoints(1000)));
        assert!(terms.way("standard").is_some() && terms.way("express").is_some());
        assert_eq!(terms.tax(Some("DE")), Tax::included(BasisPoints(1900)));
        assert!(terms.countries.has("GB") && !terms.countries.has("AQ"));
    }

    #[test]
    fn before_a_country_is_known_the_tax_is_the_one_that_all_have() {
        let check = |countries: &str, taxes: &str, rate: i64, expected: PriceTax| {
            let json = format!(r#"{{"countries": [{countries}], "taxes": {{{taxes}}}}}"#);
            let terms = read(&json).unwrap();
            assert_eq!((terms.tax(None).rate.0, terms.tax_of_prices()), (rate, expected), "{json}");
        };
        let net = r#""US": {"percent": 8.25, "prices": "net"}"#;
        check(r#""US""#, net, 825, PriceTax::Added);
        check(r#""DE", "US""#, net, 1900, PriceTax::Included);
        let differing = format!(r#"{net}, "CH": {{"percent": 8.1, "prices": "net"}}"#);
        check(r#""CH", "US""#, &differing, 0, PriceTax::Added);
        check(r#""DE", "AT""#, r#""AT": {"percent": 20}"#, 1900, PriceTax::Included);
        check(r#""AT""#, r#""AT": {"percent": 20}"#, 2000, PriceTax::Included);
        check(r#""CH""#, r#""CH": {"percent": 0}"#, 0, PriceTax::None);
        check(
            r#""CH", "US""#,
            r#""CH": {"percent": 0}, "US": {"percent": 0, "prices": "net"}"#,
            0,
            PriceTax::None,
        );
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_its_place() {
        refused("{", "line 1");
        refused(r#"{"colour": 1}"#, "unknown field `colour`");
        refused(r#"{"countries": []}"#, "countries: name at least one");
        refused(r#"{"countries": ["de"]}"#, "countries: `de` is no country");
        refused(r#"{"countries": ["DE", "DE"]}"#, "countries: `DE` stands twice");
        refused(r#"{"taxes": {"XX": {"percent": 1}}}"#, "taxes: `XX`");
        refused(r#"{"countries": ["DE"], "taxes": {"FR": {"percent": 1}}}"#, "taxes: `FR`");
        refused(r#"{"taxes": {"DE": {"percent": 101}}}"#, "taxes.DE.percent");
        refused(r#"{"taxes": {"DE": {"percent": 1.234}}}"#, "line 1");
        refused(r#"{"taxes": {"DE": {"percent": -1}}}"#, "line 1");
        refused(r#"{"payments": []}"#, "payments: name");
        refused(r#"{"payments": ["barter"]}"#, "barter");
    }

    #[test]
    fn deliveries_are_checked_one_by_one() {
        let one = |way: &str| format!(r#"{{"deliveries": [{way}]}}"#);
        refused(r#"{"deliveries": []}"#, "deliveries: name at least one");
        refused(&one(r#"{"id": "A b", "name": "A", "rates": [{"price": 1}]}"#), "deliveries[0].id: `A b`");
        refused(&one(r#"{"id": "a", "name": "", "rates": [{"price": 1}]}"#), "deliveries[0].name");
        refused(&one(r#"{"id": "a", "name": "A", "rates": []}"#), "deliveries[0].rates: name at least one");
        refused(&one(r#"{"id": "a", "name": "A", "rates": [{"price": "1,5"}]}"#), "`1,5` is no amount");
        let far = r#"{"id": "a", "name": "A", "rates": [{"price": 1, "countries": ["XX"]}]}"#;
        refused(&one(far), "deliveries[0].rates[0].countries: `XX`");
        let light = r#"{"id": "a", "name": "A", "rates": [{"price": 1, "up_to_grams": 0}]}"#;
        refused(&one(light), "deliveries[0].rates[0].up_to_grams");
        let way = r#"{"id": "a", "name": "A", "rates": [{"price": 1}]}"#;
        refused(&format!(r#"{{"deliveries": [{way}, {way}]}}"#), "deliveries[1].id: `a` stands twice");
    }

    #[test]
    fn coupons_are_checked_one_by_one() {
        let one = |coupon: &str| format!(r#"{{"coupons": [{coupon}]}}"#);
        refused(&one(r#"{"code": " ", "percent": 1}"#), "coupons[0].code");
        refused(&one(r#"{"code": "A"}"#), "coupons[0]: one of percent, amount and free_delivery");
        refused(&one(r#"{"code": "A", "percent": 1, "amount": 1}"#), "coupons[0]: one of");
        refused(&one(r#"{"code": "A", "percent": 0}"#), "coupons[0].percent");
        refused(&one(r#"{"code": "A", "percent": 100.01}"#), "coupons[0].percent");
        refused(&one(r#"{"code": "A", "amount": 0}"#), "coupons[0].amount");
        refused(&one(r#"{"code": "A", "amount": 1, "uses": 0}"#), "coupons[0].uses");
        refused(&one(r#"{"code": "A", "amount": 1, "per_customer": 0}"#), "coupons[0].per_customer");
        refused(&one(r#"{"code": "A", "amount": 1, "from": "tomorrow"}"#), "coupons[0].from: `tomorrow`");
        let nobodys = r#"{"code": "A", "amount": 1, "until": "2026-12-24T18:00:00"}"#;
        refused(&one(nobodys), "coupons[0].until: `2026-12-24T18:00:00`");
        let backwards = r#"{"code": "A", "amount": 1, "from": "2026-12-24", "until": "2026-12-23"}"#;
        refused(&one(backwards), "coupons[0].until: it lies before `from`");
        refused(
            r#"{"coupons": [{"code": "a b", "amount": 1}, {"code": "AB", "amount": 2}]}"#,
            "coupons[1].code: `AB` stands twice",
        );
    }

    #[test]
    fn what_can_be_used_is_read() {
        let terms = read(
            r#"{
                "countries": ["DE", "US"],
                "taxes": { "US": { "percent": 8.25, "prices": "net" } },
                "deliveries": [{
                    "id": "parcel", "name": "Parcel", "when": "soon", "free_from": "100.00",
                    "rates": [
                        { "countries": ["DE"], "up_to_grams": 5000, "price": 4.9 },
                        { "countries": ["DE"], "price": "9.90" },
                        { "up_to_grams": 2000, "price": 25 }
                    ]
                }],
                "coupons": [{
                    "code": "spring", "amount": "5.00", "minimum": 20, "uses": 100, "per_customer": 1,
                    "categories": ["dogs"], "products": ["ball"], "from": "2026-03-01", "until": "2026-03-31"
                }],
                "payments": ["on_delivery"]
            }"#,
        )
        .unwrap();
        let tax = Tax { rate: BasisPoints(825), prices: Prices::Net };
        assert_eq!((terms.tax(Some("US")), terms.tax(Some("DE")).rate.0), (tax, 1900));
        let way = terms.way("parcel").unwrap();
        let price = |country, grams, goods| way.price(Parcel { country, grams, goods });
        assert_eq!(price(Some("DE"), 5000, 0), Some(490));
        assert_eq!(price(Some("DE"), 5001, 0), Some(990));
        assert_eq!(price(Some("US"), 2000, 0), Some(2500));
        assert_eq!(price(Some("US"), 2001, 0), None, "too heavy");
        assert_eq!(price(Some("US"), 2001, 10_000), None, "too heavy also for nothing");
        assert_eq!(price(Some("DE"), 1, 10_000), Some(0));
        assert_eq!(price(None, 1, 0), Some(490), "before the country is known, the first that fits");
        let spring = terms.coupon("SPRING").unwrap();
        assert_eq!((spring.discount, spring.minimum), (Discount::Amount(500), 2000));
        // The last day counts whole.
        assert_eq!(spring.until.unwrap() - spring.from.unwrap(), 31 * 24 * 60 * 60 * 1000);
        assert!(terms.coupon("WELCOME10").is_none(), "a list of one's own replaces the usual one");
    }
}
