//! JSON Lines: a product in each line, with any number of options.

use super::{
    field::{At, Field, ImportError},
    products::{About, Products, VariantFields},
};
use crate::catalogue::draft::{Draft, Published};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::io::{BufRead, BufReader, Read};

/// A product with 2,048 variants and a long description fits into it.
const LONGEST_LINE: u64 = 4 * 1024 * 1024;
/// More of them nobody chooses from.
const MOST_OPTIONS: usize = 16;

/// A product.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProductLine {
    pub handle: String,
    pub title: String,
    #[serde(default)]
    pub description_html: String,
    #[serde(default)]
    pub vendor: String,
    #[serde(default)]
    pub category: String,
    /// Words to find it by, with commas between them.
    #[serde(default)]
    pub tags: String,
    #[serde(default = "yes")]
    pub published: bool,
    /// The names of its options.
    #[serde(default)]
    pub options: Vec<String>,
    #[serde(default)]
    pub pictures: Vec<PictureLine>,
    pub variants: Vec<VariantLine>,
}

/// A picture of a product.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PictureLine {
    pub url: String,
    #[serde(default)]
    pub alt: String,
}

/// A combination that can be bought.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VariantLine {
    #[serde(default)]
    pub sku: String,
    /// One for each option, in their order.
    #[serde(default)]
    pub values: Vec<String>,
    /// In major units, `"19.99"`.
    #[serde(deserialize_with = "text_or_number")]
    pub price: String,
    #[serde(default, deserialize_with = "text_or_number", skip_serializing_if = "String::is_empty")]
    pub compare_at: String,
    /// Without it the stock stays as it is; of a new variant nobody counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    #[serde(default)]
    pub grams: i64,
    /// One of the product's pictures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub picture: String,
}

fn yes() -> bool {
    true
}

/// `"19.99"`, `19.99` and, for none, `null`.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(String::new()),
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(de::Error::custom("expected a price such as \"19.99\"")),
    }
}

/// Reads a whole file, line by line.
pub fn read(file: impl Read) -> Result<Vec<Draft>, ImportError> {
    let mut file = BufReader::new(file);
    let mut products = Products::default();
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        number += 1;
        let at = At::Line(number);
        line.clear();
        let unreadable = |error: std::io::Error| at.wrong(format_args!("it cannot be read: {error}"));
        let length = (&mut file).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(unreadable)?;
        if length == 0 {
            return products.finish(at);
        }
        if length as u64 == LONGEST_LINE {
            return Err(at.wrong(format_args!("it has {LONGEST_LINE} bytes or more")));
        }
        let text = std::str::from_utf8(&line).map_err(|_| at.wrong("it is not UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() {
            let product = serde_json::from_str(text).map_err(|error| at.wrong(reason(&error)))?;
            take(&mut products, &product, at)?;
        }
    }
}

/// Why a line is none, with the place in it; that it is line 1 of itself helps nobody.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(&*text, |(text, _)| text);
    format!("{text}, at character {}", error.column())
}

fn take(products: &mut Products, line: &ProductLine, at: At) -> Result<(), ImportError> {
    let field = |name, text| Field { text, name, at };
    let handle = field("handle", line.handle.trim());
    if let Some((_, At::Line(before) | At::Row(before))) = products.find(handle.identity(200)?) {
        return Err(handle.wrong(format_args!("`{}` stands in line {before} already", handle.excerpt())));
    }
    if line.options.len() > MOST_OPTIONS {
        return Err(field("options", "").wrong(format_args!("there are more than {MOST_OPTIONS}")));
    }
    let mut options = Vec::new();
    for name in &line.options {
        let field = field("options", name.trim());
        let name = field.required(100)?;
        if options.contains(&name) {
            return Err(field.wrong(format_args!("`{name}` is there twice")));
        }
        options.push(name);
    }
    let count = options.len();
    let product = products.begin(About {
        handle,
        title: field("title", line.title.trim()),
        description_html: field("description_html", &line.description_html),
        vendor: field("vendor", line.vendor.trim()),
        category: field("category", line.category.trim()),
        tags: field("tags", line.tags.trim()),
        options,
        published: if line.published { Published::Yes } else { Published::No },
    })?;
    for picture in &line.pictures {
        let alt = field("pictures", picture.alt.trim()).short(500)?;
        let alt = if alt.is_empty() { line.title.trim() } else { &alt };
        products.picture(product, field("pictures", picture.url.trim()), alt)?;
    }
    for (index, variant) in line.variants.iter().enumerate() {
        take_variant(products, product, variant, index, (count, line.title.trim(), at))?;
    }
    Ok(())
}

fn take_variant(
    products: &mut Products,
    product: usize,
    variant: &VariantLine,
    index: usize,
    (options, title, at): (usize, &str, At),
) -> Result<(), ImportError> {
    let name = |of: &str| format!("variants[{index}].{of}");
    let names = ["values", "sku", "price", "compare_at", "stock", "grams", "picture"].map(name);
    let [values, sku, price, compare_at, stock, grams, picture] = &names;
    let field = |name, text| Field { text, name, at };
    if variant.values.len() != options {
        let message = format!("it has {} values for {options} options", variant.values.len());
        return Err(field(values, "").wrong(message));
    }
    let counted = variant.stock.map(|stock| stock.to_string()).unwrap_or_default();
    let weight = variant.grams.to_string();
    products.variant(
        product,
        &VariantFields {
            values: variant.values.iter().map(|value| field(values, value.trim())).collect(),
            sku: field(sku, variant.sku.trim()),
            price: field(price, variant.price.trim()),
            compare_at: field(compare_at, variant.compare_at.trim()),
            stock: field(stock, &counted).stock()?,
            grams: field(grams, &weight),
            picture: field(picture, variant.picture.trim()),
            alt: title,
        },
    )
}
