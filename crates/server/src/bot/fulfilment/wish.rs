//! What somebody looks for in the shop.

use super::Asked;
use crate::pricing::Minor;
use contract::shop::catalogue::{ProductQuery, Sort};
use reqwest::Url;
use serde_json::{Value, json};

/// What somebody looks for. It lives on in the context `found`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Words that are searched for.
    pub words: String,
    /// A category's slug.
    pub category: String,
    /// Lowest price.
    pub min: Option<Minor>,
    /// Highest price.
    pub max: Option<Minor>,
}

impl Wish {
    /// What the request's parameters say.
    pub fn of(asked: &Asked) -> Self {
        // A bare number is a price only beside “under” or “over”: “two dog beds” is none. Beside them it is one wherever the agent
        // has put it.
        let bare = ["amount", "highest", "lowest"].into_iter().find_map(|name| asked.number(name));
        let bare = bare.filter(|_| !asked.text("bound").is_empty());
        let minor = |amount: f64| (amount.clamp(0.0, 1e9) * 100.0).round() as Minor;
        let price = asked.number("price").or(bare).map(minor);
        // “Between 10 and 20 euros”: the second of them may be said with its currency. One number, or the “ein” of “ein Bett”,
        // may stand for both.
        let bound = asked.text("bound");
        let lowest = asked.number("lowest").map(minor).filter(|_| bound.is_empty());
        let highest = asked.number("highest").map(minor).or(price);
        let (min, max) = match (lowest, bound) {
            (Some(lowest), _) if highest > Some(lowest) => (Some(lowest), highest),
            (_, "least") => (price, None),
            _ => (None, price),
        };
        let [words, category] = ["product", "category"].map(|name| asked.text(name).to_owned());
        Self { words, category, min, max }
    }

    /// The same with what it does not say taken from what was wished before: “and for cats?”, “under 30”.
    pub fn after(self, before: Self) -> Self {
        let names_animal =
            |words: &str| ANIMALS.iter().any(|(_, animal)| begins_with(words, animal).is_some());
        let words = match (self.words.is_empty(), self.category.is_empty()) {
            (false, _) => self.words,
            (true, true) => before.words,
            // The dog beds are for cats now.
            (true, false) => without_animal(&before.words).to_owned(),
        };
        let category = match self.category.is_empty() {
            true if names_animal(&words) => String::new(),
            true => before.category,
            false => self.category,
        };
        let priced = self.min.is_some() || self.max.is_some();
        let (min, max) = if priced { (self.min, self.max) } else { (before.min, before.max) };
        Self { words, category, min, max }
    }

    /// For the catalogue.
    pub fn query(&self, sort: Sort) -> ProductQuery {
        ProductQuery {
            q: self.words.chars().take(200).collect(),
            category: self.category.clone(),
            min: self.min,
            max: self.max,
            sort: Some(sort),
            ..ProductQuery::default()
        }
    }

    /// The same in other shelves: food for cats stands under food, not under cats.
    pub fn variants(&self) -> Vec<Self> {
        let animal = ANIMALS.iter().find(|(category, _)| *category == self.category);
        let animal = animal.map_or("", |(_, animal)| animal);
        let mut variants = Vec::new();
        let edible = ["food", "treats", "chews"].contains(&self.words.as_str());
        if edible && ["dog", "cat"].contains(&animal) {
            let words = format!("{} {animal}s", self.words);
            variants.push(Self { words, category: "food-treats".to_owned(), ..self.clone() });
        }
        variants.push(self.clone());
        if !self.words.is_empty() && !animal.is_empty() {
            let words = format!("{} {animal}", self.words);
            variants.push(Self { words, category: String::new(), ..self.clone() });
        }
        variants
    }

    /// The same for whomever, where words say what it is.
    pub fn for_whomever(&self) -> Option<Self> {
        let narrower = !self.words.is_empty() && !self.category.is_empty();
        narrower.then(|| Self { category: String::new(), ..self.clone() })
    }

    /// The same without prices.
    pub fn at_any_price(&self) -> Self {
        Self { min: None, max: None, ..self.clone() }
    }

    /// What is remembered of it, with the wish that found something, the products that somebody may mean now, and the lowest
    /// price of them.
    pub fn parameters(&self, found: &Self, products: &[i64], lowest: Minor) -> Value {
        let said = |wish: &Self| json!({ "words": wish.words, "category": wish.category, "min": wish.min, "max": wish.max });
        json!({ "products": products, "lowest": lowest, "wish": said(self), "found": said(found) })
    }

    /// What was wished last, what found something then, and the lowest price of it.
    pub fn kept(asked: &Asked) -> Option<(Self, Self, Minor)> {
        let context = asked.context("found")?;
        // Numbers that went through another server may have become fractions, and who sends contexts may write any.
        let minor = |value: &Value| value.as_f64().map(|minor| minor.clamp(0.0, 1e11) as Minor);
        let wish = |name: &str| {
            let said = context.get(name).unwrap_or(&Value::Null);
            let text = |name: &str| said[name].as_str().unwrap_or("").to_owned();
            Self {
                words: text("words"),
                category: text("category"),
                min: minor(&said["min"]),
                max: minor(&said["max"]),
            }
        };
        Some((wish("wish"), wish("found"), context.get("lowest").and_then(minor).unwrap_or(0)))
    }

    /// Where the shop shows all of it.
    pub fn path(&self) -> String {
        // Whole amounts, between which all of it lies.
        let prices = [("min", self.min.map(|min| min / 100)), ("max", self.max.map(|max| (max + 99) / 100))];
        let prices = prices.into_iter().filter_map(|(name, amount)| Some((name, amount?.to_string())));
        let words = [("q", self.words.clone()), ("category", self.category.clone())];
        let pairs = words.into_iter().filter(|(_, value)| !value.is_empty()).chain(prices);
        let url = Url::parse_with_params("menagerie:/", pairs);
        match url.ok().as_ref().and_then(Url::query) {
            Some(query) if !query.is_empty() => format!("/?{query}"),
            _ => "/".to_owned(),
        }
    }
}

/// Categories with an animal's name that products and tags have, too.
const ANIMALS: [(&str, &str); 4] = [("dogs", "dog"), ("cats", "cat"), ("birds", "bird"), ("fish", "fish")];

/// What follows a word at the beginning.
fn begins_with<'w>(words: &'w str, first: &str) -> Option<&'w str> {
    let rest = words.strip_prefix(first)?;
    rest.strip_prefix("s ").or_else(|| rest.strip_prefix(' '))
}

/// “dog bed” without the dog.
fn without_animal(words: &str) -> &str {
    ANIMALS.iter().find_map(|(_, animal)| begins_with(words, animal)).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(words: &str, category: &str, min: Option<Minor>, max: Option<Minor>) -> Wish {
        Wish { words: words.into(), category: category.into(), min, max }
    }

    #[test]
    fn a_wish_goes_on_where_the_last_one_ended() {
        let beds = || wish("dog bed", "", None, Some(5000));
        for (next, expected) in [
            (wish("", "cats", None, None), wish("bed", "cats", None, Some(5000))),
            (wish("", "", None, Some(3000)), wish("dog bed", "", None, Some(3000))),
            (wish("", "", Some(1000), Some(2000)), wish("dog bed", "", Some(1000), Some(2000))),
            (wish("lead", "", None, None), wish("lead", "", None, Some(5000))),
        ] {
            assert_eq!(next.clone().after(beds()), expected, "{next:?}");
        }
        let toys = wish("toy", "cats", None, None);
        let dog_beds = wish("dog bed", "", None, None).after(toys.clone());
        assert_eq!(
            (dog_beds.words.as_str(), dog_beds.category.as_str()),
            ("dog bed", ""),
            "not on the cats' shelf"
        );
        assert_eq!(wish("bowl", "", None, None).after(toys).category, "cats");
    }

    #[test]
    fn paths_show_the_same_in_the_shop() {
        assert_eq!(wish("dog bed", "dogs", None, Some(5000)).path(), "/?q=dog+bed&category=dogs&max=50");
        let between = |min, max| Wish { min: Some(min), max: Some(max), ..Wish::default() }.path();
        assert_eq!(between(1000, 2000), "/?min=10&max=20");
        assert_eq!(between(1099, 1901), "/?min=10&max=20", "what was shown is among it");
        let odd = Wish { words: "a&b#c".into(), ..Wish::default() };
        assert_eq!(odd.path(), "/?q=a%26b%23c");
        assert_eq!(Wish::default().path(), "/");
    }
}
