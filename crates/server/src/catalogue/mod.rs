//! The catalogue: categories, products, variants and their stock.

mod choice;
mod draft;
mod export;
mod handlers;
mod import;
mod offered;
mod pictures;
mod search;
mod store;
mod uploads;

pub use export::ExportError;
pub use handlers::{import_routes, routes};
pub use import::Format;
pub use import::ImportError;
pub use pictures::routes as picture_routes;
pub use search::SearchError;
pub use store::{SCHEMA, SEARCH_SCHEMA, TAGS_SCHEMA, WEIGHT_SCHEMA, stock::StockWish};
pub use uploads::{UploadError, Uploads, routes as uploaded_routes, upload_routes};

use crate::{
    assets,
    database::{Database, is_given_up},
    language::{Named, named},
    operators::{self, Deed},
    pricing::{Currency, Minor},
};
use contract::shop::{
    catalogue::{
        Category, OptionValue, Picture, PriceTax, Product, ProductOption, ProductPage, ProductQuery,
        ProductSummary, SuggestedProduct, Suggestions, Variant,
    },
    operator::StockItem,
};
use draft::Draft;
use offered::Offered;
use pictures::Colours;
use search::{Kind, MOST_SUGGESTIONS, Search, Wanted};
use sqlx::AnyConnection;
use std::{
    collections::{HashMap, HashSet},
    io::{self, Read},
};

/// How often an import is tried that the database gives up for an order's sake.
const MOST_TRIES: usize = 5;

/// The catalogue.
#[derive(Clone)]
pub struct Catalogue {
    database: Database,
    currency: Currency,
    colours: Colours,
    search: Search,
    uploads: Uploads,
}

/// A variant that can be bought, as a cart needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The variant.
    pub variant_id: i64,
    /// Its product.
    pub product_id: i64,
    /// The product's name.
    pub title: String,
    /// The chosen values: `Navy, M`.
    pub options: String,
    /// A picture's address.
    pub picture: Option<String>,
    /// What one costs.
    pub price: Minor,
    /// How many there are.
    pub stock: i64,
    /// What one weighs.
    pub grams: i64,
    /// The product's name in files, which coupons know it by.
    pub handle: String,
    /// The category's slug.
    pub category: String,
}

/// What becomes of products that an import does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They stay.
    Keep,
    /// They leave the shop.
    Remove,
}

/// What becomes of the stock of variants that the shop has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum KnownStock {
    /// It is what the file says; where that says nothing, it stays.
    #[default]
    File,
    /// It stays, where somebody counts it.
    Keep,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Imported {
    /// Products in the file.
    pub products: usize,
    /// Variants in the file.
    pub variants: usize,
}

/// Why an import failed. Nothing of it was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file.
    #[error(transparent)]
    File(#[from] ImportError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Reading it panicked, or the server is stopping.
    #[error(transparent)]
    Stopped(#[from] tokio::task::JoinError),
}

impl Catalogue {
    /// A catalogue with the colours that the binary carries.
    pub fn new(database: Database, currency: Currency, uploads: Uploads) -> Result<Self, serde_json::Error> {
        let search = Search::new(database.clone());
        Ok(Self { database, currency, colours: Colours::embedded()?, search, uploads })
    }

    /// Pictures that were uploaded.
    pub fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    /// Makes the search ready for what is in the database.
    pub async fn index(&self) {
        self.search.refresh().await;
    }

    /// Sees to it that the search follows what another server imported.
    pub async fn follow(&self) -> Result<(), sqlx::Error> {
        self.search.follow().await
    }

    /// Loads the seed, if there has never been a product.
    pub async fn seed(&self) -> Result<(), LoadError> {
        if !store::load::is_new(&mut *self.database.read().await?).await? {
            return Ok(());
        }
        let Some(seed) = assets::get("catalogue/petstore.csv") else { return Ok(()) };
        let drafts = import::read(&*seed.data, Format::Csv)?;
        let imported = self.load(&drafts, Others::Keep, KnownStock::File, None).await?;
        tracing::info!(imported.products, imported.variants, "loaded the seed catalogue");
        Ok(())
    }

    /// Reads a catalogue as it comes and loads all of it, or nothing; `who` does it.
    pub async fn import(
        &self,
        mut file: impl Read + Send + 'static,
        format: Format,
        others: Others,
        stock: KnownStock,
        who: &str,
    ) -> Result<Imported, LoadError> {
        // First all of it is read and checked, then the database is touched: a slow sender holds no lock.
        let read = move || {
            let drafts = import::read(&mut file, format);
            if drafts.is_err() {
                // Who is still sending would not hear the answer.
                let _ = io::copy(&mut file, &mut io::sink());
            }
            drafts
        };
        let drafts = tokio::task::spawn_blocking(read).await?;
        self.load(&drafts?, others, stock, Some(who)).await
    }

    async fn load(
        &self,
        drafts: &[Draft],
        others: Others,
        stock: KnownStock,
        who: Option<&str>,
    ) -> Result<Imported, LoadError> {
        let mut tries = 1;
        while let Err(error) = self.write(drafts, others, stock, who).await {
            if tries == MOST_TRIES || !is_given_up(&error) {
                return Err(error.into());
            }
            tries += 1;
        }
        // Who has imported finds it.
        self.search.refresh().await;
        Ok(Imported {
            products: drafts.len(),
            variants: drafts.iter().map(|draft| draft.variants.len()).sum(),
        })
    }

    /// All of it in one transaction, with a line in the audit log where somebody does it.
    async fn write(
        &self,
        drafts: &[Draft],
        others: Others,
        stock: KnownStock,
        who: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.database.write().await?;
        store::raise_revision(&mut transaction).await?;
        let was = store::load::size(&mut transaction).await?;
        let known = store::load::handles(&mut transaction).await?;
        if others == Others::Remove {
            store::load::hide_everything(&mut transaction).await?;
        }
        let mut categories: HashSet<&str> = HashSet::new();
        let mut products = Vec::with_capacity(drafts.len());
        for (draft, position) in drafts.iter().zip(1..) {
            if categories.insert(&draft.category) {
                let place = i64::try_from(categories.len()).unwrap_or(i64::MAX);
                store::load::put_category(&mut transaction, &draft.category, place).await?;
            }
            let known = known.get(&draft.handle);
            let id = store::load::put_product(&mut transaction, draft, position, known.is_some()).await?;
            let was_live = known.is_some_and(|live| *live == 1);
            products.push(store::load::Stocked { id, was_live, variants: &draft.variants });
        }
        store::load::put_variants(&mut transaction, &products, stock).await?;
        if let Some(who) = who {
            let became = store::load::size(&mut transaction).await?;
            let deed = Deed { who, kind: "catalogue", subject: "", was: &was, became: &became };
            operators::write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await
    }

    /// Categories that have something to show.
    pub async fn categories(&self) -> Result<Vec<Category>, sqlx::Error> {
        let rows = store::categories(&mut *self.database.read().await?).await?;
        let category = |row: store::CategoryRow| Category {
            slug: row.slug,
            name: named(Named::Category, &row.name),
            products: row.products,
            picture: row.picture,
        };
        Ok(rows.into_iter().map(category).collect())
    }

    /// One page of products; `page` and `per_page` are taken as checked.
    pub async fn search(
        &self,
        query: &ProductQuery,
        page: i64,
        per_page: i64,
    ) -> Result<ProductPage, SearchError> {
        let Some(found) = self.search.find(query, page, per_page).await? else {
            return Ok(self.search_plainly(query, page, per_page).await?);
        };
        let (lowest, highest) = found.prices;
        let offered = match &found.variants {
            Some(fitting) => self.offered(&found.ids, fitting).await?,
            None => HashMap::new(),
        };
        let mut items = self.summaries(&found.ids).await?;
        for item in &mut items {
            if let Some(offered) = offered.get(&item.id) {
                offered.put_on(item, self.currency);
            }
        }
        Ok(ProductPage {
            items,
            total: found.total,
            page,
            per_page,
            lowest,
            highest,
            facets: Some(found.facets),
        })
    }

    /// What those of `variants` cost now that belong to `products`, by product.
    async fn offered(
        &self,
        products: &[i64],
        variants: &HashSet<i64>,
    ) -> Result<HashMap<i64, Offered>, sqlx::Error> {
        let rows = store::prices(&mut *self.database.read().await?, products).await?;
        let mut offered: HashMap<i64, Offered> = HashMap::new();
        for row in rows.iter().filter(|row| variants.contains(&row.id)) {
            offered.entry(row.product_id).or_insert_with(|| Offered::new(row)).add(row);
        }
        Ok(offered)
    }

    /// The same by the database alone.
    async fn search_plainly(
        &self,
        query: &ProductQuery,
        page: i64,
        per_page: i64,
    ) -> Result<ProductPage, sqlx::Error> {
        let wanted = Wanted::new(query, page, per_page);
        let mut db = self.database.read().await?;
        let range = store::price_range(&mut db, &wanted.at_any_price()).await?;
        let total = store::count(&mut db, &wanted).await?;
        let rows = store::page(&mut db, &wanted).await?;
        Ok(ProductPage {
            items: rows.into_iter().map(|row| self.summary(row)).collect(),
            total,
            page,
            per_page,
            lowest: range.lowest.unwrap_or(0),
            highest: range.highest.unwrap_or(0),
            facets: None,
        })
    }

    /// What somebody may mean who has typed `words`.
    pub async fn suggest(&self, words: &str) -> Result<Suggestions, SearchError> {
        if let Some(suggestions) = self.search.suggest(words).await? {
            return Ok(suggestions);
        }
        let query = ProductQuery { q: words.to_owned(), ..ProductQuery::default() };
        let most = i64::try_from(MOST_SUGGESTIONS).unwrap_or(i64::MAX);
        let page = self.search_plainly(&query, 1, most).await?;
        let product = |item: ProductSummary| SuggestedProduct { id: item.id, title: item.title };
        Ok(Suggestions { categories: Vec::new(), products: page.items.into_iter().map(product).collect() })
    }

    /// Those of `products` that are in the shop, in this order.
    pub async fn summaries(&self, products: &[i64]) -> Result<Vec<ProductSummary>, sqlx::Error> {
        let rows = store::summaries(&mut *self.database.read().await?, products).await?;
        let mut rows: HashMap<i64, _> = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(products.iter().filter_map(|id| rows.remove(id)).map(|row| self.summary(row)).collect())
    }

    fn summary(&self, row: store::SummaryRow) -> ProductSummary {
        ProductSummary {
            id: row.id,
            title: row.title,
            category: row.category,
            price: self.currency.money(row.lowest),
            from: row.lowest != row.highest,
            compare_at: row.compare_at.map(|amount| self.currency.money(amount)),
            picture: row.picture,
            picture_alt: row.picture_alt.unwrap_or_default(),
            in_stock: row.in_stock == 1,
            choices: row.choices,
            rating: None,
        }
    }

    /// A product with all that its page shows.
    pub async fn product(&self, id: i64) -> Result<Option<Product>, sqlx::Error> {
        let mut db = self.database.read().await?;
        let Some(row) = store::product(&mut db, id).await? else { return Ok(None) };
        let names = store::options(&mut db, id).await?;
        let variants = store::variants(&mut db, id).await?;
        let pictures = store::pictures(&mut db, id).await?;
        Ok(Some(Product {
            id,
            handle: row.handle,
            title: row.title,
            description_html: row.description_html,
            vendor: row.vendor,
            category: row.category,
            category_name: named(Named::Category, &row.category_name),
            pictures: pictures.into_iter().map(|row| Picture { url: row.url, alt: row.alt }).collect(),
            options: names
                .iter()
                .enumerate()
                .map(|(index, name)| self.option(name, index, &variants))
                .collect(),
            variants: variants.into_iter().map(|row| self.variant(row, names.len())).collect(),
            tax: PriceTax::default(),
            rating: None,
        }))
    }

    fn option(&self, name: &str, index: usize, variants: &[store::VariantRow]) -> ProductOption {
        let is_colour = Kind::of(name) == Kind::Colour;
        let mut values: Vec<OptionValue> = Vec::new();
        for variant in variants {
            let Some(value) = variant.values().nth(index) else { continue };
            if !values.iter().any(|known| known.value == value) {
                let swatch = if is_colour { self.colours.swatch(value) } else { None };
                values.push(OptionValue { value: value.to_owned(), swatch });
            }
        }
        ProductOption { name: name.to_owned(), label: named(Named::Option, name), values }
    }

    fn variant(&self, row: store::VariantRow, options: usize) -> Variant {
        Variant {
            id: row.id,
            values: row.values().take(options).map(str::to_owned).collect(),
            price: self.currency.money(row.price),
            compare_at: row.compare_at.map(|amount| self.currency.money(amount)),
            stock: row.stock,
            picture: row.picture,
            sku: row.sku,
        }
    }

    /// Those of `variants` that are in the shop, in no particular order.
    pub async fn offers(&self, db: &mut AnyConnection, variants: &[i64]) -> Result<Vec<Offer>, sqlx::Error> {
        let rows = store::offers(db, variants).await?;
        let offer = |row: store::OfferRow| Offer {
            options: choice::named([&row.option1, &row.option2, &row.option3]),
            variant_id: row.variant_id,
            product_id: row.product_id,
            title: row.title,
            picture: row.picture,
            price: row.price,
            stock: row.stock,
            grams: row.grams,
            handle: row.handle,
            category: row.category,
        };
        Ok(rows.into_iter().map(offer).collect())
    }

    /// Takes pieces out of the stock in the caller's transaction; false when there are too few.
    pub async fn take_stock(
        &self,
        db: &mut AnyConnection,
        variant: i64,
        pieces: i64,
    ) -> Result<bool, sqlx::Error> {
        store::stock::take(db, variant, pieces).await
    }

    /// The stock of variants, by their numbers.
    pub async fn stock(&self, wish: &StockWish) -> Result<Vec<StockItem>, sqlx::Error> {
        let rows = store::stock::list(&mut *self.database.read().await?, wish).await?;
        Ok(rows.into_iter().map(store::stock::StockRow::wire).collect())
    }

    /// The stock of one variant.
    pub async fn stock_of(
        &self,
        db: &mut AnyConnection,
        variant: i64,
    ) -> Result<Option<StockItem>, sqlx::Error> {
        Ok(store::stock::of(db, variant).await?.map(store::stock::StockRow::wire))
    }

    /// Sets the stock of a variant that has `expected` pieces, in the caller's transaction; false when it has not.
    pub async fn set_stock(
        &self,
        db: &mut AnyConnection,
        variant: i64,
        expected: i64,
        stock: i64,
    ) -> Result<bool, sqlx::Error> {
        store::stock::set(db, variant, expected, stock).await
    }

    /// Puts pieces back in the caller's transaction.
    pub async fn return_stock(
        &self,
        db: &mut AnyConnection,
        variant: i64,
        pieces: i64,
    ) -> Result<(), sqlx::Error> {
        store::stock::give_back(db, variant, pieces).await
    }
}

impl store::stock::StockRow {
    fn wire(self) -> StockItem {
        let options = choice::named([&self.option1, &self.option2, &self.option3]);
        StockItem {
            variant_id: self.variant_id,
            product_id: self.product_id,
            sku: self.sku,
            title: self.title,
            options,
            stock: self.stock,
        }
    }
}

impl store::VariantRow {
    fn values(&self) -> impl Iterator<Item = &str> {
        choice::values([&self.option1, &self.option2, &self.option3])
    }
}
