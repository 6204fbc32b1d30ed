//! What a shopper looks for, as a condition on products.
//!
//! Every word must be found somewhere in a product's text. What is put together here is conditions and
//! placeholders; what the shopper typed is only ever bound.

use contract::shop::catalogue::{ProductQuery, Sort};
use sqlx::{Any, any::AnyArguments, query::QueryAs};

/// More words than anybody types; each one costs a scan.
const MOST_WORDS: usize = 20;

/// A checked query.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// `%word%`, escaped for LIKE.
    words: Vec<String>,
    category: String,
    min: i64,
    max: i64,
    sort: Sort,
    /// From 1.
    pub page: i64,
    /// Products per page.
    pub per_page: i64,
}

impl Wanted {
    /// What `query` asks for; page and page size are taken as checked.
    pub fn new(query: &ProductQuery, page: i64, per_page: i64) -> Self {
        let words = query.q.to_lowercase();
        Self {
            words: words.split_whitespace().take(MOST_WORDS).map(pattern).collect(),
            category: query.category.clone(),
            min: query.min.unwrap_or(0),
            max: query.max.unwrap_or(i64::MAX),
            sort: query.sort.unwrap_or_default(),
            page,
            per_page,
        }
    }

    /// The same without the price range.
    pub fn at_any_price(&self) -> Self {
        Self { min: 0, max: i64::MAX, ..self.clone() }
    }

    /// On products `p`.
    pub fn condition(&self) -> String {
        let words = (0..self.words.len()).map(|n| format!(" AND p.search_text LIKE ${} ESCAPE '\\'", n + 4));
        format!(
            "p.live = 1 AND p.lowest >= $1 AND p.lowest <= $2 AND ($3 = '' OR p.category = $3){}",
            words.collect::<String>()
        )
    }

    /// The order, with a tie-break so that pages never overlap.
    pub fn order(&self) -> String {
        let order = match self.sort {
            Sort::PriceAsc => "p.lowest, p.position",
            Sort::PriceDesc => "p.lowest DESC, p.position",
            Sort::Title => "p.title_text, p.position",
            // A product that has the words in its name goes before one that only mentions them.
            Sort::Relevance => {
                let in_title = (0..self.words.len()).map(|n| {
                    format!("CASE WHEN p.title_text LIKE ${} ESCAPE '\\' THEN 0 ELSE 1 END, ", n + 4)
                });
                return format!("{}p.position, p.id", in_title.collect::<String>());
            }
        };
        format!("{order}, p.id")
    }

    /// The first placeholder that [`Self::condition`] leaves free.
    pub fn binds(&self) -> usize {
        self.words.len() + 4
    }

    /// Binds what [`Self::condition`] asks for.
    pub fn bind<'q, O>(&self, query: QueryAs<'q, Any, O, AnyArguments>) -> QueryAs<'q, Any, O, AnyArguments> {
        let query = query.bind(self.min).bind(self.max).bind(self.category.clone());
        self.words.iter().fold(query, |query, word| query.bind(word.clone()))
    }
}

fn pattern(word: &str) -> String {
    format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}
