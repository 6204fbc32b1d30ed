//! Where we deliver to, how, and for how much.

use crate::pricing::{Currency, Minor};
use contract::shop::order::{Country, Delivery};

/// A way of delivery.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// `standard`, `express`.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// When it arrives.
    pub when: &'static str,
    price: Minor,
    /// Free when lines less discount come to this.
    free_from: Option<Minor>,
}

const WAYS: &[Way] = &[
    Way { id: "standard", name: "Standard", when: "2 to 4 working days", price: 490, free_from: Some(4900) },
    Way { id: "express", name: "Express", when: "next working day", price: 990, free_from: None },
];

impl Way {
    /// By its id.
    pub fn find(id: &str) -> Option<Self> {
        WAYS.iter().find(|way| way.id == id).copied()
    }

    /// What it costs for goods of this value (lines less discount).
    pub fn price(self, goods: Minor) -> Minor {
        if self.free_from.is_some_and(|enough| goods >= enough) { 0 } else { self.price }
    }

    /// As it travels.
    pub fn wire(self, price: Minor, currency: Currency) -> Delivery {
        Delivery {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            when: self.when.to_owned(),
            price: currency.money(price),
        }
    }
}

/// All ways, with what they cost for goods of this value.
pub fn all(goods: Minor, currency: Currency) -> Vec<Delivery> {
    WAYS.iter().map(|way| way.wire(way.price(goods), currency)).collect()
}

/// From which value of the goods on a way of delivery is free.
pub fn free_from(id: &str) -> Option<Minor> {
    Way::find(id)?.free_from
}

/// When a way of delivery arrives, in the shop's words.
#[cfg(test)]
pub fn delivery_time(id: &str) -> Option<&'static str> {
    Way::find(id).map(|way| way.when)
}

/// The European Union and four neighbours and friends, by name.
const COUNTRIES: &[(&str, &str)] = &[
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("BG", "Bulgaria"),
    ("HR", "Croatia"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("GR", "Greece"),
    ("HU", "Hungary"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("LV", "Latvia"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("MT", "Malta"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SK", "Slovakia"),
    ("SI", "Slovenia"),
    ("ES", "Spain"),
    ("SE", "Sweden"),
    ("CH", "Switzerland"),
    ("GB", "United Kingdom"),
    ("US", "United States"),
];

/// Countries that we deliver to.
pub fn countries() -> Vec<Country> {
    let country =
        |(code, name): &(&str, &str)| Country { code: (*code).to_owned(), name: (*name).to_owned() };
    COUNTRIES.iter().map(country).collect()
}

/// Whether we deliver there.
pub fn is_served(country: &str) -> bool {
    COUNTRIES.iter().any(|(code, _)| *code == country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_is_free_from_49() {
        for (id, goods, expected) in
            [("standard", 0, 490), ("standard", 4899, 490), ("standard", 4900, 0), ("express", 100_000, 990)]
        {
            assert_eq!(Way::find(id).unwrap().price(goods), expected, "{id} {goods}");
        }
        assert!(Way::find("pigeon").is_none());
    }

    #[test]
    fn countries_stand_by_name_and_once() {
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert_eq!(COUNTRIES.len(), 31);
        assert!(is_served("DE") && !is_served("de") && !is_served("AQ"));
    }
}
