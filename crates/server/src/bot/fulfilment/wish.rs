//! What somebody looks for in the shop.

use super::Asked;
use crate::pricing::Minor;
use contract::shop::catalogue::{ProductQuery, Sort};
use reqwest::Url;
use serde_json::{Value, json};

/// What somebody looks for. It lives on in the context `found`.
#[derive(Clone, Debug, Default)]
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
        // A bare number is a price only behind “under” or “over”: “two dog beds” is none.
        let bare = asked.number("amount").filter(|_| !asked.text("bound").is_empty());
        let price = asked.number("price").or(bare);
        let price = price.map(|amount| (amount.clamp(0.0, 1e9) * 100.0).round() as Minor);
        let (min, max) = match asked.text("bound") {
            "least" => (price, None),
            _ => (None, price),
        };
        let [words, category] = ["product", "category"].map(|name| asked.text(name).to_owned());
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
        let animal = match self.category.as_str() {
            "dogs" => "dog",
            "cats" => "cat",
            "birds" => "bird",
            "fish" => "fish",
            _ => "",
        };
        let mut variants = Vec::new();
        let edible = ["food", "treats", "chews"].contains(&self.words.as_str());
        if edible && ["dog", "cat"].contains(&animal) {
            let words = format!("{} {animal}s", self.words);
            variants.push(Self { words, category: "food-treats".to_owned(), ..self.clone() });
        }
        variants.push(self.clone());
        if !self.words.is_empty() && !self.category.is_empty() {
            if !animal.is_empty() {
                let words = format!("{} {animal}", self.words);
                variants.push(Self { words, category: String::new(), ..self.clone() });
            }
            variants.push(Self { category: String::new(), ..self.clone() });
        }
        variants
    }

    /// The same without prices.
    pub fn at_any_price(&self) -> Self {
        Self { min: None, max: None, ..self.clone() }
    }

    /// What is remembered of it with the products that somebody may mean now, and the lowest price of them.
    pub fn parameters(&self, products: &[i64], lowest: Minor) -> Value {
        json!({ "products": products, "words": self.words, "shelf": self.category, "lowest": lowest })
    }

    /// What was found last, and the lowest price of it.
    pub fn kept(asked: &Asked) -> Option<(Self, Minor)> {
        let found = asked.context("found")?;
        let text = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let lowest = found.get("lowest").and_then(Value::as_f64).unwrap_or(0.0);
        Some((Self { words: text("words"), category: text("shelf"), min: None, max: None }, lowest as Minor))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_show_the_same_in_the_shop() {
        let wish = Wish { words: "dog bed".into(), category: "dogs".into(), min: None, max: Some(5000) };
        assert_eq!(wish.path(), "/?q=dog+bed&category=dogs&max=50");
        let between = |min, max| Wish { min: Some(min), max: Some(max), ..Wish::default() }.path();
        assert_eq!(between(1000, 2000), "/?min=10&max=20");
        assert_eq!(between(1099, 1901), "/?min=10&max=20", "what was shown is among it");
        let odd = Wish { words: "a&b#c".into(), ..Wish::default() };
        assert_eq!(odd.path(), "/?q=a%26b%23c");
        assert_eq!(Wish::default().path(), "/");
    }
}
