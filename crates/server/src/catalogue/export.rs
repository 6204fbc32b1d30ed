//! Writing the catalogue as a file that an import takes back as it was.

use super::{
    Catalogue, Format, choice,
    import::lines::{PictureLine, ProductLine, VariantLine},
    search::MOST_READINGS,
    store::{
        self,
        export::{ExportedProduct, ExportedVariant},
    },
};
use crate::pricing::Minor;
use sqlx::AnyConnection;
use std::collections::HashMap;

const HEADER: [&str; 23] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Option3 Name",
    "Option3 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Price",
    "Variant Compare At Price",
    "Image Src",
    "Image Alt Text",
    "Variant Image",
    "Status",
];

/// More options have no columns in a product CSV.
const MOST_OPTIONS: usize = 3;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A product that a CSV has no columns for.
    #[error("`{handle}` has {options} options; a CSV has columns for {MOST_OPTIONS}. Export JSON Lines.")]
    TooManyOptions {
        /// Which.
        handle: String,
        /// How many it has.
        options: usize,
    },
    /// The catalogue changed each time it was read.
    #[error("the catalogue changes faster than it can be read")]
    Restless,
    /// A line that cannot be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A value that cannot be written.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The file could not be finished.
    #[error("the file could not be finished: {0}")]
    Unfinished(String),
}

/// All that is in the shop; what belongs to a product by its number.
#[derive(Default)]
struct Everything {
    products: Vec<ExportedProduct>,
    options: HashMap<i64, Vec<String>>,
    pictures: HashMap<i64, Vec<(String, String)>>,
    variants: HashMap<i64, Vec<ExportedVariant>>,
}

/// A product with all that belongs to it.
struct Whole<'p> {
    product: &'p ExportedProduct,
    options: &'p [String],
    pictures: &'p [(String, String)],
    variants: &'p [ExportedVariant],
}

impl Catalogue {
    /// Everything that is in the shop, as a file.
    pub async fn export(&self, format: Format) -> Result<Vec<u8>, ExportError> {
        let all = self.read().await?;
        let whole = all.products.iter().map(|product| Whole {
            product,
            options: all.options.get(&product.id).map_or(&[], Vec::as_slice),
            pictures: all.pictures.get(&product.id).map_or(&[], Vec::as_slice),
            variants: all.variants.get(&product.id).map_or(&[], Vec::as_slice),
        });
        match format {
            Format::Csv => sheet(whole),
            Format::Lines => lines(whole),
        }
    }

    /// All of one revision: what an import changed in between would be half in it.
    async fn read(&self) -> Result<Everything, ExportError> {
        let mut db = self.database.read().await?;
        for _ in 0..MOST_READINGS {
            let revision = store::revision(&mut db).await?;
            let all = Everything::read(&mut db).await?;
            if store::revision(&mut db).await? == revision {
                return Ok(all);
            }
        }
        Err(ExportError::Restless)
    }
}

impl Everything {
    async fn read(db: &mut AnyConnection) -> Result<Self, sqlx::Error> {
        let mut all = Self { products: store::export::exported_products(db).await?, ..Self::default() };
        for (product, name) in store::index::option_names(db).await? {
            all.options.entry(product).or_default().push(name);
        }
        for (product, url, alt) in store::export::all_pictures(db).await? {
            all.pictures.entry(product).or_default().push((url, alt));
        }
        for variant in store::export::exported_variants(db).await? {
            all.variants.entry(variant.product_id).or_default().push(variant);
        }
        Ok(all)
    }
}

fn sheet<'p>(products: impl Iterator<Item = Whole<'p>>) -> Result<Vec<u8>, ExportError> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(HEADER)?;
    for whole in products {
        if whole.options.len() > MOST_OPTIONS {
            let handle = whole.product.handle.clone();
            return Err(ExportError::TooManyOptions { handle, options: whole.options.len() });
        }
        whole.write(&mut file)?;
    }
    file.into_inner().map_err(|error| ExportError::Unfinished(error.to_string()))
}

fn lines<'p>(products: impl Iterator<Item = Whole<'p>>) -> Result<Vec<u8>, ExportError> {
    let mut file = Vec::new();
    for whole in products {
        serde_json::to_writer(&mut file, &whole.line())?;
        file.push(b'\n');
    }
    Ok(file)
}

impl Whole<'_> {
    /// The first row has what is about the product, its first picture and, where it can, its first variant; then come
    /// the other pictures, in their order, and the other variants. A first row without a variant names no options where
    /// there are none.
    fn write(&self, file: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
        let first = self.variants.first();
        // An import numbers pictures as it meets them: a variant's own must not come before its turn.
        let together = first.filter(|variant| variant.picture.unwrap_or(0) == 0);
        file.write_record(self.row(Some(self.product), self.pictures.first(), together))?;
        for picture in self.pictures.iter().skip(1) {
            file.write_record(self.row(None, Some(picture), None))?;
        }
        for variant in self.variants.iter().skip(usize::from(together.is_some())) {
            file.write_record(self.row(None, None, Some(variant)))?;
        }
        Ok(())
    }

    /// All of it in one object.
    fn line(&self) -> ProductLine {
        let variant = |variant: &ExportedVariant| VariantLine {
            sku: variant.sku.clone(),
            values: variant.values().take(self.options.len()).map(str::to_owned).collect(),
            price: price(variant.price),
            compare_at: variant.compare_at.map(price).unwrap_or_default(),
            stock: Some(variant.stock),
            grams: variant.grams,
            picture: self.picture_of(variant),
        };
        let picture = |(url, alt): &(String, String)| PictureLine { url: url.clone(), alt: alt.clone() };
        ProductLine {
            handle: self.product.handle.clone(),
            title: self.product.title.clone(),
            description_html: self.product.description_html.clone(),
            vendor: self.product.vendor.clone(),
            category: self.product.category_name.clone(),
            tags: self.product.tags.clone(),
            published: true,
            options: self.options.to_vec(),
            pictures: self.pictures.iter().map(picture).collect(),
            variants: self.variants.iter().map(variant).collect(),
        }
    }

    fn picture_of(&self, variant: &ExportedVariant) -> String {
        let at = variant.picture.and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.pictures.get(at)).map(|(url, _)| url.clone()).unwrap_or_default()
    }

    fn row(
        &self,
        product: Option<&ExportedProduct>,
        picture: Option<&(String, String)>,
        variant: Option<&ExportedVariant>,
    ) -> Vec<String> {
        let about = |read: fn(&ExportedProduct) -> &str| product.map(read).unwrap_or_default().to_owned();
        let option = |at: usize| match (product, self.options.get(at)) {
            (None, _) => String::new(),
            (Some(_), Some(name)) => name.clone(),
            // Shopify's way of saying that there is nothing to choose.
            (Some(_), None) if at == 0 && variant.is_some() => "Title".to_owned(),
            (Some(_), None) => String::new(),
        };
        let value = |at: usize| match variant {
            None => String::new(),
            Some(_) if self.options.is_empty() && at == 0 => "Default Title".to_owned(),
            Some(variant) => variant.values().nth(at).unwrap_or_default().to_owned(),
        };
        let of_variant = |read: &dyn Fn(&ExportedVariant) -> String| variant.map(read).unwrap_or_default();
        vec![
            self.product.handle.clone(),
            about(|product| &product.title),
            about(|product| &product.description_html),
            about(|product| &product.vendor),
            about(|product| &product.category_name),
            about(|product| &product.tags),
            about(|_| "true"),
            option(0),
            value(0),
            option(1),
            value(1),
            option(2),
            value(2),
            of_variant(&|variant| variant.sku.clone()),
            of_variant(&|variant| variant.grams.to_string()),
            of_variant(&|_| "shopify".to_owned()),
            of_variant(&|variant| variant.stock.to_string()),
            of_variant(&|variant| price(variant.price)),
            of_variant(&|variant| variant.compare_at.map(price).unwrap_or_default()),
            picture.map(|(url, _)| url.clone()).unwrap_or_default(),
            picture.map(|(_, alt)| alt.clone()).unwrap_or_default(),
            of_variant(&|variant| self.picture_of(variant)),
            about(|_| "active"),
        ]
    }
}

impl ExportedVariant {
    fn values(&self) -> impl Iterator<Item = &str> {
        choice::values([&self.option1, &self.option2, &self.option3])
    }
}

fn price(amount: Minor) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}
