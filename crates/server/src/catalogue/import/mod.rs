//! Reading a product CSV as Shopify exports it. Pure: nothing is loaded here.
//!
//! A product has several rows with the same `Handle`. The first one carries what is about the product;
//! each one can carry a variant, a picture or both. Options are named on the first row only.

mod row;
#[cfg(test)]
mod tests;

pub use row::ImportError;

use super::draft::{Draft, DraftPicture, DraftVariant, Published};
use csv::StringRecord;
use row::{Cell, Columns, Row};
use std::{
    collections::{HashMap, HashSet},
    io::Read,
};

/// Variants whose stock nobody counts can be had in this quantity.
const UNCOUNTED: i64 = 9_999;
/// Shopify's own limit.
const MOST_VARIANTS: usize = 2_048;
/// Longer cells come from a quotation mark that was never closed.
const LONGEST_CELL: usize = 64 * 1024;

/// Reads a whole file, row by row.
pub fn read(file: impl Read) -> Result<Vec<Draft>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().from_reader(file);
    let header = reader.headers().map_err(|error| unreadable(&error, 1))?.clone();
    let columns = Columns::read(&header);
    for (name, found) in
        [("Handle", columns.handle), ("Title", columns.title), ("Variant Price", columns.price)]
    {
        if found.is_none() {
            return Err(ImportError {
                row: 1,
                column: Some(name),
                message: "the column is missing".to_owned(),
            });
        }
    }
    let mut products = Products::default();
    let mut record = StringRecord::new();
    let mut number = 1;
    loop {
        number += 1;
        match reader.read_record(&mut record) {
            Ok(true) => products.take(&Row { record: &record, columns: &columns, number })?,
            Ok(false) => break,
            Err(error) => return Err(unreadable(&error, number)),
        }
    }
    products.finish()
}

fn unreadable(error: &csv::Error, row: u64) -> ImportError {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "the row has {len} cells, the header has {expected_len}; a comma or a quotation mark is missing or too many"
            )
        }
        csv::ErrorKind::Utf8 { err, .. } => format!("cell {} is not UTF-8", err.field() + 1),
        _ => format!("it cannot be read: {error}"),
    };
    ImportError { row, column: None, message }
}

#[derive(Default)]
struct Products {
    drafts: Vec<Draft>,
    by_handle: HashMap<String, usize>,
    skus: HashSet<String>,
    /// Where each product begins, for messages about all of it.
    rows: Vec<u64>,
}

impl Products {
    fn take(&mut self, row: &Row<'_>) -> Result<(), ImportError> {
        if let Some(index) = row.record.iter().position(|cell| cell.len() > LONGEST_CELL) {
            let message = format!(
                "cell {} has more than {LONGEST_CELL} bytes; a quotation mark may never have been closed",
                index + 1
            );
            return Err(ImportError { row: row.number, column: None, message });
        }
        let handle = row.handle().required(200)?;
        let index = match self.by_handle.get(&handle) {
            Some(&index) => index,
            None => {
                self.drafts.push(begin(&handle, row)?);
                self.rows.push(row.number);
                self.by_handle.insert(handle, self.drafts.len() - 1);
                self.drafts.len() - 1
            }
        };
        let Some(product) = self.drafts.get_mut(index) else { return Ok(()) };
        let alt = row.image_alt().short(500)?;
        let alt = if alt.is_empty() { product.title.clone() } else { alt };
        add_picture(product, row.image(), &alt);
        if row.has_variant() {
            let sku = row.sku();
            if !sku.text.is_empty() && !self.skus.insert(sku.text.to_owned()) {
                return Err(sku.wrong(format_args!("`{}` stands in an earlier row already", sku.excerpt())));
            }
            add_variant(product, row, &alt)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Draft>, ImportError> {
        for (draft, row) in self.drafts.iter().zip(&self.rows) {
            if draft.variants.is_empty() {
                let message = format!("`{}` has no variant with a price", draft.handle);
                return Err(ImportError { row: *row, column: Some("Variant Price"), message });
            }
        }
        if self.drafts.is_empty() {
            return Err(ImportError { row: 2, column: None, message: "there is no product".to_owned() });
        }
        Ok(self.drafts)
    }
}

fn begin(handle: &str, row: &Row<'_>) -> Result<Draft, ImportError> {
    let html = row.body().text;
    let category = if row.kind().text.is_empty() { row.product_category().leaf() } else { row.kind() };
    let category = category.short(100)?;
    let names = [row.option1_name(), row.option2_name(), row.option3_name()];
    let active = matches!(row.status().text.to_ascii_lowercase().as_str(), "" | "active");
    // Shopify's way of saying that there is nothing to choose.
    let nothing_to_choose = names[0].text == "Title" && row.option1_value().text == "Default Title";
    let options = if nothing_to_choose { &[] } else { &names[..] };
    let mut named = Vec::new();
    for name in options.iter().take_while(|name| !name.text.is_empty()) {
        named.push(name.short(100)?);
    }
    Ok(Draft {
        handle: handle.to_owned(),
        title: row.title().required(300)?,
        description_html: sanitise(html),
        description_text: ammonia::Builder::empty().clean(html).to_string(),
        vendor: row.vendor().short(200)?,
        category: if category.is_empty() { "Everything else".to_owned() } else { category },
        tags: row.tags().short(2_000)?,
        options: named,
        pictures: Vec::new(),
        variants: Vec::new(),
        published: if active && row.published().yes()? { Published::Yes } else { Published::No },
    })
}

fn add_variant(product: &mut Draft, row: &Row<'_>, alt: &str) -> Result<(), ImportError> {
    if product.variants.len() >= MOST_VARIANTS {
        return Err(row
            .handle()
            .wrong(format_args!("`{}` has more than {MOST_VARIANTS} variants", product.handle)));
    }
    let cells = [row.option1_value(), row.option2_value(), row.option3_value()];
    let mut values = [const { String::new() }; 3];
    for (index, (value, cell)) in values.iter_mut().zip(cells).enumerate() {
        if index < product.options.len() {
            *value = cell.required(200)?;
        }
    }
    if product.variants.iter().any(|variant| variant.values == values) {
        let what = values.join(" ").trim().to_owned();
        return Err(cells[0].wrong(format_args!("`{}` has this variant already: `{what}`", product.handle)));
    }
    let stock = if row.tracker().text.is_empty() && row.stock().text.is_empty() {
        UNCOUNTED
    } else {
        row.stock().stock()?
    };
    let price = row.price().price()?;
    let variant = DraftVariant {
        sku: row.sku().short(100)?,
        values,
        price,
        // A price before that is no higher is no reduction.
        compare_at: row.compare_at().price_or_none()?.filter(|before| *before > price),
        stock,
        grams: row.grams().grams()?,
        picture: add_picture(product, row.variant_image(), alt),
    };
    product.variants.push(variant);
    Ok(())
}

/// Adds a picture that is ours, once. Addresses of other shops' pictures become no picture.
fn add_picture(product: &mut Draft, cell: Cell<'_>, alt: &str) -> Option<usize> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    let ours = ["/pictures/", "/uploads/"].iter().any(|folder| cell.text.starts_with(folder));
    if !ours || cell.text.len() > 300 || !cell.text.chars().all(plain) || cell.text.contains("..") {
        return None;
    }
    let known = product.pictures.iter().position(|picture| picture.url == cell.text);
    Some(known.unwrap_or_else(|| {
        product.pictures.push(DraftPicture { url: cell.text.to_owned(), alt: alt.to_owned() });
        product.pictures.len() - 1
    }))
}

/// What a description may hold; everything else is dropped, its text kept.
fn sanitise(html: &str) -> String {
    ammonia::Builder::empty()
        .tags(HashSet::from(["p", "ul", "ol", "li", "strong", "em", "br", "h3", "h4", "a"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["https", "http", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean_content_tags(HashSet::from(["script", "style", "iframe", "object", "template"]))
        .clean(html)
        .to_string()
}
