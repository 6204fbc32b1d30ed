//! What a shopper looks for, as conditions on products and their variants, for the database alone.
//!
//! Every word must be found somewhere in a product's text. What is put together here is conditions and
//! placeholders; what the shopper typed is only ever bound.

use super::words::MOST_WORDS;
use crate::database::{containing, placeholders};
use contract::shop::catalogue::{ProductQuery, Sort};
use sqlx::{Any, any::AnyArguments, query::QueryAs};
use unicode_normalization::UnicodeNormalization as _;

/// A checked query.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// `%word%`, escaped for LIKE.
    words: Vec<String>,
    category: String,
    min: i64,
    max: i64,
    /// Lower case.
    colours: Vec<String>,
    sizes: Vec<String>,
    in_stock: bool,
    sort: Sort,
    /// From 1.
    pub page: i64,
    /// Products per page.
    pub per_page: i64,
}

impl Wanted {
    /// What `query` asks for; page and page size are taken as checked.
    pub fn new(query: &ProductQuery, page: i64, per_page: i64) -> Self {
        let words = query.q.nfc().collect::<String>().to_lowercase();
        Self {
            words: words.split_whitespace().take(MOST_WORDS).map(containing).collect(),
            category: query.category.clone(),
            min: query.min.unwrap_or(0),
            max: query.max.unwrap_or(i64::MAX),
            colours: lower_case(&query.colour),
            sizes: lower_case(&query.size),
            in_stock: query.in_stock,
            sort: query.sort.unwrap_or_default(),
            page,
            per_page,
        }
    }

    /// The same without the price range.
    pub fn at_any_price(&self) -> Self {
        Self { min: 0, max: i64::MAX, ..self.clone() }
    }

    /// Products `p` with a variant that fits; `f` says what those that fit cost, and the stock of the fullest.
    pub fn fitting(&self) -> String {
        format!(
            "products p JOIN (SELECT v.product_id, MIN(v.price) AS lowest, MAX(v.price) AS highest,
                MAX(v.stock) AS most FROM variants v WHERE {} GROUP BY v.product_id) f ON f.product_id = p.id",
            self.variant()
        )
    }

    /// On products `p`.
    pub fn condition(&self) -> String {
        let words = (0..self.words.len()).map(|n| format!(" AND p.search_text LIKE ${} ESCAPE '!'", n + 4));
        format!("p.live = 1 AND ($3 = '' OR p.category = $3){}", words.collect::<String>())
    }

    /// On variants `v`. Here a colour is what any of the first three options has as its value.
    pub fn variant(&self) -> String {
        let mut next = self.words.len() + 4;
        let mut conditions = String::from("v.live = 1 AND v.price >= $1 AND v.price <= $2");
        for values in [&self.colours, &self.sizes] {
            if !values.is_empty() {
                let list = placeholders(next, values.len());
                next += values.len();
                conditions += &format!(
                    " AND (LOWER(v.option1) IN ({list}) OR LOWER(v.option2) IN ({list}) OR LOWER(v.option3) IN ({list}))"
                );
            }
        }
        if self.in_stock {
            conditions += " AND v.stock > 0";
        }
        conditions
    }

    /// The order, with a tie-break so that pages never overlap.
    pub fn order(&self) -> String {
        let order = match self.sort {
            Sort::PriceAsc => "f.lowest, p.position",
            Sort::PriceDesc => "f.lowest DESC, p.position",
            Sort::Title => "p.title_text, p.position",
            // A product that has the words in its name goes before one that only mentions them.
            Sort::Relevance => {
                let in_title = (0..self.words.len()).map(|n| {
                    format!("CASE WHEN p.title_text LIKE ${} ESCAPE '!' THEN 0 ELSE 1 END, ", n + 4)
                });
                return format!("{}p.position, p.id", in_title.collect::<String>());
            }
        };
        format!("{order}, p.id")
    }

    /// The first placeholder that the conditions leave free.
    pub fn binds(&self) -> usize {
        self.words.len() + self.colours.len() + self.sizes.len() + 4
    }

    /// Binds what the conditions ask for.
    pub fn bind<'q, O>(&self, query: QueryAs<'q, Any, O, AnyArguments>) -> QueryAs<'q, Any, O, AnyArguments> {
        let query = query.bind(self.min).bind(self.max).bind(self.category.clone());
        let texts = self.words.iter().chain(&self.colours).chain(&self.sizes);
        texts.fold(query, |query, word| query.bind(word.clone()))
    }
}

fn lower_case(values: &[String]) -> Vec<String> {
    values.iter().filter(|value| !value.is_empty()).map(|value| value.to_lowercase()).collect()
}
