//! A product CSV as Shopify exports it.
//!
//! A product has several rows with the same `Handle`. The first one carries what is about the product;
//! each one can carry a variant, a picture or both. Options are named on the first row only.

use super::{
    field::{At, Field, ImportError},
    products::{About, Products, VariantFields},
    row::{Columns, Row},
};
use crate::catalogue::draft::{Draft, DraftStock, Published};
use csv::StringRecord;
use std::io::Read;

/// Longer cells come from a quotation mark that was never closed. What JSON Lines take fits into one.
const LONGEST_CELL: usize = 4 * 1024 * 1024;

/// Reads a whole file, row by row.
pub fn read(file: impl Read) -> Result<Vec<Draft>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().from_reader(file);
    let header = reader.headers().map_err(|error| unreadable(&error, 1))?.clone();
    let columns = Columns::read(&header);
    for (name, found) in
        [("Handle", columns.handle), ("Title", columns.title), ("Variant Price", columns.price)]
    {
        if found.is_none() {
            return Err(Field { text: "", name, at: At::Row(1) }.wrong("the column is missing"));
        }
    }
    let mut products = Products::default();
    let mut record = StringRecord::new();
    let mut number = 1;
    loop {
        number += 1;
        match reader.read_record(&mut record) {
            Ok(true) => take(&mut products, &Row { record: &record, columns: &columns, number })?,
            Ok(false) => return products.finish(At::Row(number)),
            Err(error) => return Err(unreadable(&error, number)),
        }
    }
}

fn unreadable(error: &csv::Error, row: u64) -> ImportError {
    At::Row(row).wrong(match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "the row has {len} cells, the header has {expected_len}; a comma or a quotation mark is missing or too many"
            )
        }
        csv::ErrorKind::Utf8 { err, .. } => format!("cell {} is not UTF-8", err.field() + 1),
        _ => format!("it cannot be read: {error}"),
    })
}

fn take(products: &mut Products, row: &Row<'_>) -> Result<(), ImportError> {
    if let Some(index) = row.record.iter().position(|cell| cell.len() > LONGEST_CELL) {
        let message = format!(
            "cell {} has more than {LONGEST_CELL} bytes; a quotation mark may never have been closed",
            index + 1
        );
        return Err(At::Row(row.number).wrong(message));
    }
    let product = match products.find(row.handle().identity(200)?) {
        Some((product, _)) => product,
        None => products.begin(about(row)?)?,
    };
    let Some(begun) = products.get(product) else { return Ok(()) };
    let alt = row.image_alt().short(500)?;
    let alt = if alt.is_empty() { begun.title.clone() } else { alt };
    let options = begun.options.len();
    products.picture(product, row.image(), &alt)?;
    if !row.has_variant() {
        return Ok(());
    }
    let values = [row.option1_value(), row.option2_value(), row.option3_value()];
    products.variant(
        product,
        &VariantFields {
            values: values.into_iter().take(options).collect(),
            sku: row.sku(),
            price: row.price(),
            compare_at: row.compare_at(),
            stock: if row.is_uncounted() { DraftStock::Uncounted } else { row.stock().stock()? },
            grams: row.grams(),
            picture: row.variant_image(),
            alt: &alt,
        },
    )
}

fn about<'a>(row: &Row<'a>) -> Result<About<'a>, ImportError> {
    let names = [row.option1_name(), row.option2_name(), row.option3_name()];
    let active = matches!(row.status().text.to_ascii_lowercase().as_str(), "" | "active");
    // Shopify's way of saying that there is nothing to choose.
    let nothing_to_choose = names[0].text == "Title" && row.option1_value().text == "Default Title";
    let options = if nothing_to_choose { &[] } else { &names[..] };
    let named = options.iter().take_while(|name| !name.text.is_empty());
    Ok(About {
        handle: row.handle(),
        title: row.title(),
        description_html: row.body(),
        vendor: row.vendor(),
        category: if row.kind().text.is_empty() { row.product_category().leaf() } else { row.kind() },
        tags: row.tags(),
        options: named.map(|name| name.short(100)).collect::<Result<_, _>>()?,
        published: if active && row.published().yes()? { Published::Yes } else { Published::No },
    })
}
