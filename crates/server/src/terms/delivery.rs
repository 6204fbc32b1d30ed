//! How it is delivered, and for how much: by weight and country.

use super::{amount::Hundredths, country::Countries};
use crate::{
    language::t,
    pricing::{Currency, Minor},
};
use contract::shop::order::Delivery;
use serde::Deserialize;

/// A way of delivery.
#[derive(Clone, Debug)]
pub struct Way {
    /// `standard`, `express`.
    pub id: String,
    /// For people.
    pub name: String,
    /// When it arrives.
    pub when: String,
    /// Free when lines less discount come to this.
    pub free_from: Option<Minor>,
    /// The first one that fits holds.
    rates: Vec<Rate>,
}

#[derive(Clone, Debug)]
struct Rate {
    /// Empty: all.
    countries: Vec<String>,
    up_to_grams: Option<i64>,
    price: Minor,
}

/// What there is to deliver.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parcel<'p> {
    /// Where to; `None` before it is known.
    pub country: Option<&'p str>,
    /// What it weighs.
    pub grams: i64,
    /// What the goods come to, less discount.
    pub goods: Minor,
}

impl Rate {
    fn reaches(&self, country: &str) -> bool {
        self.countries.is_empty() || self.countries.iter().any(|code| code == country)
    }
}

impl Way {
    /// What it costs; `None` where it does not go, or for what is too heavy.
    pub fn price(&self, parcel: Parcel<'_>) -> Option<Minor> {
        let fits = |rate: &&Rate| {
            parcel.country.is_none_or(|to| rate.reaches(to))
                && rate.up_to_grams.is_none_or(|most| parcel.grams <= most)
        };
        let rate = self.rates.iter().find(fits)?;
        Some(if self.free_from.is_some_and(|enough| parcel.goods >= enough) { 0 } else { rate.price })
    }

    /// The lowest and the highest price to a country, whatever a parcel weighs; `None` where it does not go.
    pub fn prices(&self, country: &str) -> Option<(Minor, Minor)> {
        let mut prices: Option<(Minor, Minor)> = None;
        // For lighter parcels an earlier rate holds.
        let mut heaviest = 0;
        for rate in self.rates.iter().filter(|rate| rate.reaches(country)) {
            let up_to = rate.up_to_grams.unwrap_or(i64::MAX);
            if up_to > heaviest {
                heaviest = up_to;
                let (low, high) = prices.unwrap_or((rate.price, rate.price));
                prices = Some((low.min(rate.price), high.max(rate.price)));
            }
        }
        prices
    }

    /// As it travels, in the language of the request where the owner's words are known in it.
    pub fn wire(&self, price: Minor, currency: Currency) -> Delivery {
        Delivery {
            id: self.id.clone(),
            name: t(&self.name),
            when: t(&self.when),
            price: currency.money(price),
        }
    }
}

/// What there is without a file.
pub fn usual() -> Vec<Way> {
    let way = |id: &str, name: &str, when: &str, price, free_from| Way {
        id: id.to_owned(),
        name: name.to_owned(),
        when: when.to_owned(),
        free_from,
        rates: vec![Rate { countries: Vec::new(), up_to_grams: None, price }],
    };
    vec![
        way("standard", "Standard", "2 to 4 working days", 490, Some(4900)),
        way("express", "Express", "next working day", 990, None),
    ]
}

/// A way as the owner writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    id: String,
    name: String,
    #[serde(default)]
    when: String,
    free_from: Option<Hundredths>,
    rates: Vec<RateEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateEntry {
    #[serde(default)]
    countries: Vec<String>,
    up_to_grams: Option<i64>,
    price: Hundredths,
}

/// The ways, checked.
pub fn read(entries: Vec<Entry>, countries: &Countries) -> Result<Vec<Way>, String> {
    if entries.is_empty() {
        return Err("deliveries: name at least one".to_owned());
    }
    let mut ways: Vec<Way> = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        let wrong = |field: &str, message: String| format!("deliveries[{at}].{field}: {message}");
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=32).contains(&entry.id.len()) || !entry.id.bytes().all(plain) {
            let message =
                format!("`{}` is no id such as standard: a to z, 0 to 9 and -, at most 32", entry.id);
            return Err(wrong("id", message));
        }
        if ways.iter().any(|known| known.id == entry.id) {
            return Err(wrong("id", format!("`{}` stands twice", entry.id)));
        }
        if entry.name.trim().is_empty() {
            return Err(wrong("name", "it is empty".to_owned()));
        }
        if entry.rates.is_empty() {
            return Err(wrong("rates", "name at least one".to_owned()));
        }
        let mut rates = Vec::new();
        for (number, rate) in entry.rates.into_iter().enumerate() {
            for code in &rate.countries {
                countries.check(&format!("deliveries[{at}].rates[{number}].countries"), code)?;
            }
            if rate.up_to_grams.is_some_and(|grams| grams < 1) {
                return Err(wrong(&format!("rates[{number}].up_to_grams"), "at least 1".to_owned()));
            }
            rates.push(Rate {
                countries: rate.countries,
                up_to_grams: rate.up_to_grams,
                price: rate.price.0,
            });
        }
        ways.push(Way {
            id: entry.id,
            name: entry.name,
            when: entry.when,
            free_from: entry.free_from.map(|amount| amount.0),
            rates,
        });
    }
    Ok(ways)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_is_free_from_49() {
        let ways = usual();
        for (at, goods, expected) in [(0, 0, 490), (0, 4899, 490), (0, 4900, 0), (1, 100_000, 990)] {
            let price = ways[at].price(Parcel { goods, ..Parcel::default() });
            assert_eq!(price, Some(expected), "{} {goods}", ways[at].id);
        }
    }

    #[test]
    fn prices_to_a_country_are_those_of_the_rates_that_hold_there() {
        let check =
            |rates: &[(&str, Option<i64>, Minor)], country: &str, expected: Option<(Minor, Minor)>| {
                let rate = |&(countries, up_to_grams, price): &(&str, Option<i64>, Minor)| Rate {
                    countries: countries.split_whitespace().map(str::to_owned).collect(),
                    up_to_grams,
                    price,
                };
                let way = Way { rates: rates.iter().map(rate).collect(), ..usual().remove(0) };
                assert_eq!(way.prices(country), expected, "{rates:?} {country}");
            };
        let far = [("DE", None, 490), ("AT", None, 990), ("", None, 3900)];
        check(&far, "DE", Some((490, 490)));
        check(&far, "AT", Some((990, 990)));
        check(&far, "NO", Some((3900, 3900)));
        check(&far[..2], "NO", None);
        let heavy = [("", Some(5000), 490), ("", Some(2000), 100), ("", Some(9000), 990)];
        check(&heavy, "DE", Some((490, 990)));
    }
}
