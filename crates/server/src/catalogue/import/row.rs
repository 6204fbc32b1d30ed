//! One row of a product CSV.

use super::field::{At, Field};
use csv::StringRecord;

macro_rules! columns {
    ($($name:ident = $header:literal),* $(,)?) => {
        /// Where each column is in this file.
        #[derive(Default)]
        pub struct Columns { $(pub(super) $name: Option<usize>,)* }
        impl Columns {
            pub fn read(header: &StringRecord) -> Self {
                let mut columns = Self::default();
                for (index, name) in header.iter().enumerate() {
                    match name.trim().trim_start_matches('\u{feff}') {
                        $($header => columns.$name = Some(index),)*
                        _ => {}
                    }
                }
                columns
            }
        }
        /// The columns of a row.
        pub struct Row<'a> { pub(super) record: &'a StringRecord, pub(super) columns: &'a Columns, pub(super) number: u64 }
        impl<'a> Row<'a> {
            $(pub fn $name(&self) -> Field<'a> { self.field($header, self.columns.$name) })*
        }
    };
}

columns! {
    handle = "Handle",
    title = "Title",
    body = "Body (HTML)",
    vendor = "Vendor",
    product_category = "Product Category",
    kind = "Type",
    tags = "Tags",
    published = "Published",
    option1_name = "Option1 Name",
    option1_value = "Option1 Value",
    option2_name = "Option2 Name",
    option2_value = "Option2 Value",
    option3_name = "Option3 Name",
    option3_value = "Option3 Value",
    sku = "Variant SKU",
    tracker = "Variant Inventory Tracker",
    grams = "Variant Grams",
    stock = "Variant Inventory Qty",
    policy = "Variant Inventory Policy",
    price = "Variant Price",
    compare_at = "Variant Compare At Price",
    image = "Image Src",
    image_alt = "Image Alt Text",
    variant_image = "Variant Image",
    status = "Status",
}

impl<'a> Row<'a> {
    fn field(&self, name: &'static str, index: Option<usize>) -> Field<'a> {
        let text = index.and_then(|index| self.record.get(index)).unwrap_or_default().trim();
        Field { text, name, at: At::Row(self.number) }
    }

    /// Whether Shopify sells the variant however many there are: it writes no tracker then, and often a stock of 0.
    pub fn is_uncounted(&self) -> bool {
        let is_untracked = self.columns.tracker.is_some() && self.tracker().text.is_empty();
        is_untracked || self.policy().text.eq_ignore_ascii_case("continue")
    }

    pub fn has_variant(&self) -> bool {
        [self.price(), self.sku(), self.option1_value()].iter().any(|field| !field.text.is_empty())
    }
}
