//! Writing the catalogue as a product CSV that an import takes back as it was.

use super::{
    Catalogue,
    store::{self, ExportedProduct, ExportedVariant},
};
use crate::pricing::Minor;
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

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
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

/// A product with all that belongs to it.
struct Whole<'p> {
    product: &'p ExportedProduct,
    options: &'p [String],
    pictures: &'p [(String, String)],
    variants: &'p [ExportedVariant],
}

impl Catalogue {
    /// Everything that is in the shop, as a product CSV.
    pub async fn export(&self) -> Result<Vec<u8>, ExportError> {
        let mut db = self.database.read().await?;
        let products = store::exported_products(&mut db).await?;
        let mut options: HashMap<i64, Vec<String>> = HashMap::new();
        for (product, name) in store::option_names(&mut db).await? {
            options.entry(product).or_default().push(name);
        }
        let mut pictures: HashMap<i64, Vec<(String, String)>> = HashMap::new();
        for (product, url, alt) in store::all_pictures(&mut db).await? {
            pictures.entry(product).or_default().push((url, alt));
        }
        let mut variants: HashMap<i64, Vec<ExportedVariant>> = HashMap::new();
        for variant in store::exported_variants(&mut db).await? {
            variants.entry(variant.product_id).or_default().push(variant);
        }
        drop(db);
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record(HEADER)?;
        for product in &products {
            let whole = Whole {
                product,
                options: options.get(&product.id).map_or(&[], Vec::as_slice),
                pictures: pictures.get(&product.id).map_or(&[], Vec::as_slice),
                variants: variants.get(&product.id).map_or(&[], Vec::as_slice),
            };
            whole.write(&mut file)?;
        }
        file.into_inner().map_err(|error| ExportError::Unfinished(error.to_string()))
    }
}

impl Whole<'_> {
    /// The first row has what is about the product, its first picture and, where it can, its first variant; then come
    /// the other pictures, in their order, and the other variants.
    fn write(&self, file: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
        let first = self.variants.first();
        // An import numbers pictures as it meets them: a variant's own must not come before its turn.
        let together = first.filter(|variant| self.options.is_empty() || variant.picture.unwrap_or(0) == 0);
        file.write_record(self.row(Some(self.product), self.pictures.first(), together))?;
        for picture in self.pictures.iter().skip(1) {
            file.write_record(self.row(None, Some(picture), None))?;
        }
        for variant in self.variants.iter().skip(usize::from(together.is_some())) {
            file.write_record(self.row(None, None, Some(variant)))?;
        }
        Ok(())
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
            (Some(_), None) if at == 0 => "Title".to_owned(),
            (Some(_), None) => String::new(),
        };
        let value = |at: usize| match variant {
            None => String::new(),
            Some(_) if self.options.is_empty() && at == 0 => "Default Title".to_owned(),
            Some(variant) => [&variant.option1, &variant.option2, &variant.option3][at].clone(),
        };
        let of_variant = |read: &dyn Fn(&ExportedVariant) -> String| variant.map(read).unwrap_or_default();
        let picture_of = |variant: &ExportedVariant| {
            let at = variant.picture.and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| self.pictures.get(at)).map(|(url, _)| url.clone()).unwrap_or_default()
        };
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
            of_variant(&picture_of),
            about(|_| "active"),
        ]
    }
}

fn price(amount: Minor) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}
