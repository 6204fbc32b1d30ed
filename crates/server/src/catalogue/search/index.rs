//! The index: words and table, of one revision of the catalogue.

use super::{
    choice::Counted,
    shelf::{InStock, Shelf},
    text::{TextIndex, Texts},
    words::{self, Word},
};
use crate::{
    catalogue::store,
    database::Database,
    language::{Language, Named},
};
use contract::shop::catalogue::{
    FacetValue, Facets, ProductQuery, SuggestedCategory, SuggestedProduct, Suggestions,
};
use sqlx::AnyConnection;
use std::{
    collections::{HashMap, HashSet},
    slice,
};

/// Categories among the suggestions.
const MOST_CATEGORIES: usize = 3;
/// Suggestions altogether: what fits above a phone's keyboard.
pub const MOST_SUGGESTIONS: usize = 8;
/// How often the catalogue may change while it is read before that counts as a failure.
pub const MOST_READINGS: usize = 5;

/// Why there is no answer of an index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The catalogue could not be read.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The library.
    #[error(transparent)]
    Text(#[from] tantivy::TantivyError),
    /// It panicked, or the server is stopping.
    #[error(transparent)]
    Stopped(#[from] tokio::task::JoinError),
    /// The catalogue changed each time it was read.
    #[error("the catalogue changes faster than it can be read")]
    Restless,
}

/// See the module.
pub struct Index {
    /// The revision of the catalogue that it was built of.
    pub revision: i64,
    text: TextIndex,
    shelf: Shelf,
}

/// What was found.
pub struct Found {
    /// The numbers of one page's products.
    pub ids: Vec<i64>,
    /// The numbers of these products' variants that fit; `None` when all do.
    pub variants: Option<HashSet<i64>>,
    /// How many there are on all pages.
    pub total: i64,
    /// Lowest and highest price without the price range; 0 when nothing was found.
    pub prices: (i64, i64),
    /// What can be filtered by.
    pub facets: Facets,
}

impl Index {
    /// Reads the catalogue and builds it. `None` when the catalogue is still at the revision `held`.
    pub async fn read(database: &Database, held: Option<i64>) -> Result<Option<Self>, IndexError> {
        let mut db = database.read().await?;
        for _ in 0..MOST_READINGS {
            let revision = store::revision(&mut db).await?;
            if held == Some(revision) {
                return Ok(None);
            }
            let rows = Rows::read(&mut db).await?;
            // What an import changed in between would be half in it.
            if store::revision(&mut db).await? == revision {
                drop(db);
                let build = move || Self::build(revision, rows);
                return Ok(Some(tokio::task::spawn_blocking(build).await??));
            }
        }
        Err(IndexError::Restless)
    }

    fn build(revision: i64, rows: Rows) -> Result<Self, IndexError> {
        let mut shelf = Shelf::new(rows.categories);
        let mut variants = rows.variants.into_iter().peekable();
        let mut text = TextIndex::builder()?;
        for product in rows.products {
            let names = rows.options.get(&product.id).map(Vec::as_slice).unwrap_or_default();
            let mut own = Vec::new();
            while let Some(variant) = variants.next_if(|variant| variant.product_id == product.id) {
                own.push(variant);
            }
            let mut kind = vec![&*product.category_name, &*product.vendor];
            let mut seen: HashSet<&str> = kind.iter().copied().collect();
            let values = own.iter().flat_map(store::index::IndexedVariant::values);
            kind.extend(values.filter(|value| seen.insert(value)));
            text.add(&Texts {
                category: &product.category,
                title: &product.title,
                kind: &kind.join(" "),
                description: &product.search_text,
            })?;
            shelf.put(product, names, &own);
        }
        shelf.finish();
        Ok(Self { revision, text: text.finish()?, shelf })
    }

    /// How many products there are.
    pub fn products(&self) -> usize {
        self.shelf.rows.len()
    }

    /// Which combinations can be bought when those of `sold_out` cannot.
    pub fn in_stock(&self, sold_out: &HashSet<i64>) -> InStock {
        self.shelf.in_stock(sold_out)
    }

    /// One page of what `query` asks for; page and page size are taken as checked.
    pub fn find(
        &self,
        query: &ProductQuery,
        language: Language,
        in_stock: &InStock,
        page: i64,
        per_page: i64,
    ) -> Result<Found, IndexError> {
        let narrowed = self.shelf.narrow(self.matching(&query.q, language)?, query, in_stock);
        let skipped = usize::try_from((page - 1).saturating_mul(per_page)).unwrap_or(usize::MAX);
        let shown = usize::try_from(per_page).unwrap_or(usize::MAX);
        let shown: Vec<usize> = narrowed.fits.iter().skip(skipped).take(shown).map(|fit| fit.place).collect();
        let variants =
            query.asks_of_variants().then(|| self.shelf.fitting(shown.iter().copied(), query, in_stock));
        let counted = |values: Vec<Counted>| {
            values.into_iter().map(|value| FacetValue { value: value.name, count: value.count }).collect()
        };
        let categories = self.shelf.categories.iter().zip(&narrowed.categories);
        let categories = categories
            .filter(|(category, count)| **count > 0 || category.slug == query.category)
            .map(|(category, &count)| FacetValue { value: category.slug.clone(), count });
        Ok(Found {
            ids: shown.into_iter().filter_map(|place| Some(self.shelf.rows.get(place)?.id)).collect(),
            variants,
            total: i64::try_from(narrowed.fits.len()).unwrap_or(i64::MAX),
            prices: narrowed.prices.range(),
            facets: Facets {
                categories: categories.collect(),
                colours: counted(narrowed.colours),
                sizes: counted(narrowed.sizes),
                prices: narrowed.prices.bands(),
                in_stock: narrowed.in_stock,
            },
        })
    }

    /// The places of all products that have the words of `typed`; without words, all.
    fn matching(&self, typed: &str, language: Language) -> Result<Vec<usize>, IndexError> {
        if typed.trim().is_empty() {
            return Ok((0..self.shelf.rows.len()).collect());
        }
        Ok(match self.words(typed, language) {
            Some(words) => self.text.find(&words)?,
            None => Vec::new(),
        })
    }

    /// The words of what was typed, each with the categories that are called so in `language` alone: the index has the names that
    /// the shop gave them.
    fn words(&self, typed: &str, language: Language) -> Option<Vec<Word>> {
        let mut words = words::read(typed)?;
        for category in &self.shelf.categories {
            let name = language.name(Named::Category, &category.name);
            if name == category.name {
                continue;
            }
            for word in &mut words {
                if words::begin(slice::from_ref(word), &name) {
                    word.categories.push(category.slug.clone());
                }
            }
        }
        Some(words)
    }

    /// What somebody may mean who has typed so much. Categories are known by their own names and by those in `language`.
    pub fn suggest(&self, typed: &str, language: Language) -> Result<Suggestions, IndexError> {
        let Some(words) = self.words(typed, language) else { return Ok(Suggestions::default()) };
        let found = self.text.find(&words)?;
        let categories = self.shelf.categories.iter().filter_map(|category| {
            let name = language.name(Named::Category, &category.name);
            let is_meant = words::begin(&words, &category.name) || words::begin(&words, &name);
            is_meant.then(|| SuggestedCategory { slug: category.slug.clone(), name })
        });
        let categories: Vec<_> = categories.take(MOST_CATEGORIES).collect();
        let products = found.into_iter().filter_map(|place| self.shelf.rows.get(place));
        let products = products
            .take(MOST_SUGGESTIONS - categories.len())
            .map(|row| SuggestedProduct { id: row.id, title: row.title.clone() })
            .collect();
        Ok(Suggestions { categories, products })
    }
}

/// All of the catalogue that the index is built of.
struct Rows {
    categories: Vec<store::index::CategoryName>,
    /// In the shop's order.
    products: Vec<store::index::IndexedProduct>,
    /// The names of each product's options.
    options: HashMap<i64, Vec<String>>,
    /// In the order of the products.
    variants: Vec<store::index::IndexedVariant>,
}

impl Rows {
    async fn read(db: &mut AnyConnection) -> Result<Self, sqlx::Error> {
        let mut options: HashMap<i64, Vec<String>> = HashMap::new();
        for (product, name) in store::index::option_names(db).await? {
            options.entry(product).or_default().push(name);
        }
        Ok(Self {
            options,
            categories: store::index::category_names(db).await?,
            products: store::index::indexed_products(db).await?,
            variants: store::index::indexed_variants(db).await?,
        })
    }
}
