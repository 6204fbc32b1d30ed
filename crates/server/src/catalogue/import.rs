//! Reading a product CSV as Shopify exports it. Pure: nothing is loaded here.
//!
//! A product has several rows with the same `Handle`. The first one carries what is about the product;
//! each one can carry a variant, a picture or both. Options are named on the first row only.

use super::draft::{Draft, DraftPicture, DraftVariant, Published};
use crate::pricing::Minor;
use csv::StringRecord;
use std::{
    collections::{HashMap, HashSet},
    fmt,
    io::Read,
};

/// Variants whose stock nobody counts can be had in this quantity.
const UNCOUNTED: i64 = 9_999;
/// One million in major units: beyond it a price is a slip.
const DEAREST: Minor = 100_000_000;
/// Shopify's own limit.
const MOST_VARIANTS: usize = 2_048;
const MOST_STOCK: i64 = 1_000_000_000;
/// Longer cells come from a quotation mark that was never closed.
const LONGEST_CELL: usize = 64 * 1024;

/// Why a file was refused, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    /// As a spreadsheet counts: the header is row 1.
    row: u64,
    column: Option<&'static str>,
    message: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {}", self.row)?;
        if let Some(column) = self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}. Nothing was loaded.", self.message)
    }
}

macro_rules! columns {
    ($($name:ident = $header:literal),* $(,)?) => {
        /// Where each column is in this file.
        #[derive(Default)]
        struct Columns { $($name: Option<usize>,)* }
        impl Columns {
            fn read(header: &StringRecord) -> Self {
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
        struct Row<'a> { record: &'a StringRecord, columns: &'a Columns, number: u64 }
        impl<'a> Row<'a> {
            $(fn $name(&self) -> Cell<'a> { self.cell($header, self.columns.$name) })*
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
    stock = "Variant Inventory Qty",
    price = "Variant Price",
    compare_at = "Variant Compare At Price",
    image = "Image Src",
    image_alt = "Image Alt Text",
    variant_image = "Variant Image",
    status = "Status",
}

/// One cell, which knows where it is.
#[derive(Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    column: &'static str,
    row: u64,
}

impl<'a> Row<'a> {
    fn cell(&self, column: &'static str, index: Option<usize>) -> Cell<'a> {
        let text = index.and_then(|index| self.record.get(index)).unwrap_or_default().trim();
        Cell { text, column, row: self.number }
    }

    fn has_variant(&self) -> bool {
        [self.price(), self.sku(), self.option1_value()].iter().any(|cell| !cell.text.is_empty())
    }
}

impl Cell<'_> {
    fn wrong(self, message: impl fmt::Display) -> ImportError {
        ImportError { row: self.row, column: Some(self.column), message: message.to_string() }
    }

    fn short(self, most: usize) -> Result<String, ImportError> {
        if self.text.chars().count() > most {
            return Err(self.wrong(format_args!("it has more than {most} characters")));
        }
        Ok(self.text.to_owned())
    }

    fn required(self, most: usize) -> Result<String, ImportError> {
        if self.text.is_empty() { Err(self.wrong("it is empty")) } else { self.short(most) }
    }

    /// `1234.5`: two decimals at most, no signs, no thousands.
    fn price(self) -> Result<Minor, ImportError> {
        let wrong = || self.wrong(format_args!("`{}` is not a price such as 19.99", self.excerpt()));
        let (whole, decimals) = self.text.split_once('.').unwrap_or((self.text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // Exports of some shops have more zeros behind the second decimal; they say nothing.
        let decimals = decimals.trim_end_matches('0');
        if whole.is_empty() || whole.len() > 9 || decimals.len() > 2 || !digits(whole) || !digits(decimals) {
            return Err(wrong());
        }
        let price = format!("{whole}{decimals:0<2}").parse().map_err(|_| wrong())?;
        if price > DEAREST { Err(self.wrong("the price is over 1,000,000")) } else { Ok(price) }
    }

    fn price_or_none(self) -> Result<Option<Minor>, ImportError> {
        if self.text.is_empty() { Ok(None) } else { self.price().map(Some) }
    }

    fn stock(self) -> Result<i64, ImportError> {
        // Shops that sell more than they have export negative stock: there is nothing to sell then.
        let number = self.text.parse::<i64>().ok().filter(|number| number.abs() <= MOST_STOCK);
        number
            .map(|number| number.max(0))
            .ok_or_else(|| self.wrong(format_args!("`{}` is not a whole number of pieces", self.excerpt())))
    }

    fn yes(self) -> Result<bool, ImportError> {
        match self.text.to_ascii_lowercase().as_str() {
            "" | "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err(self.wrong(format_args!("`{}` is neither `true` nor `false`", self.excerpt()))),
        }
    }

    fn excerpt(self) -> String {
        self.text.chars().take(40).collect()
    }
}

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
    let leaf = row.product_category();
    let leaf = Cell { text: leaf.text.rsplit('>').next().unwrap_or_default().trim(), ..leaf };
    let category = if row.kind().text.is_empty() { leaf } else { row.kind() }.short(100)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Handle,Title,Body (HTML),Type,Published,Option1 Name,Option1 Value,Option2 Name,\
        Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Compare At Price,\
        Image Src,Image Alt Text,Variant Image,Status\n";

    fn file(rows: &[&str]) -> String {
        format!("{HEADER}{}\n", rows.join("\n"))
    }

    const BED: &str = "bed,Bed,<p>Soft</p>,Beds,true,Colour,Navy,Size,M,B-1,shopify,5,49.9,,/pictures/bed/navy.svg,A bed,/pictures/bed/navy.svg,active";

    #[track_caller]
    fn refused(rows: &[&str], expected: &str) {
        let error = read(file(rows).as_bytes()).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(error.ends_with("Nothing was loaded."), "{error}");
    }

    #[test]
    fn every_slip_is_named_with_row_and_column() {
        refused(
            &[BED, "bed,,,,,,Navy,,L,B-2,shopify,x,49.90,,,,,"],
            "Row 3, column `Variant Inventory Qty`: `x`",
        );
        refused(
            &[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,4o.90,,,,,"],
            "Row 3, column `Variant Price`: `4o.90`",
        );
        refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,49.905,,,,,"], "Row 3, column `Variant Price`");
        refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,-1,,,,,"], "Row 3, column `Variant Price`");
        refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,,,,,,"], "Row 3, column `Variant Price`");
        refused(
            &[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,1,abc,,,,"],
            "Row 3, column `Variant Compare At Price`",
        );
        refused(
            &[BED, "bed,,,,,,Navy,,M,B-2,shopify,5,49.90,,,,,"],
            "Row 3, column `Option1 Value`: `bed` has this variant",
        );
        refused(
            &[BED, "bed,,,,,,Navy,,,B-2,shopify,5,49.90,,,,,"],
            "Row 3, column `Option2 Value`: it is empty",
        );
        refused(&[BED, "bed,,,,,,Navy,,L,B-1,shopify,5,49.90,,,,,"], "Row 3, column `Variant SKU`: `B-1`");
        refused(&[BED, ",,,,,,Navy,,L,B-2,shopify,5,49.90,,,,,"], "Row 3, column `Handle`: it is empty");
        refused(&[BED, "toy,,,,,,,,,T-1,shopify,5,49.90,,,,,"], "Row 3, column `Title`: it is empty");
        refused(&[BED, "toy,Toy,,,maybe,,,,,T-1,shopify,5,49.90,,,,,"], "Row 3, column `Published`: `maybe`");
        refused(&[BED, "bed,,,"], "Row 3: the row has 4 cells, the header has 18");
        refused(
            &[BED, "bed,,\"<p>never closed,,,,Navy,,L,B-2,shopify,5,1,,,,,", BED],
            "Row 3: the row has 3 cells",
        );
        refused(
            &[BED, "toy,Toy,,,,,,,,,,,,,/pictures/toy/red.svg,,,"],
            "Row 3, column `Variant Price`: `toy` has no variant",
        );
        refused(&[], "Row 2: there is no product");
        assert_eq!(
            read("Handle,Title\n".as_bytes()).unwrap_err().to_string(),
            "Row 1, column `Variant Price`: the column is missing. Nothing was loaded."
        );
        let latin1 = [HEADER.as_bytes(), b"bed,Bed \xe9,,,,,,,,,,,1,,,,,\n"].concat();
        assert!(read(&*latin1).unwrap_err().to_string().starts_with("Row 2: cell 2 is not UTF-8"));
    }

    #[test]
    fn rows_become_products() {
        let rows = [
            BED,
            "bed,,,,,,Sand,,M,B-2,shopify,-2,59.00,79,/pictures/bed/sand.svg,,/pictures/bed/sand.svg,",
            "bed,,,,,,,,,,,,,,/pictures/bed/side.svg,From the side,,",
            "toy,Toy,,,FALSE,Title,Default Title,,,,,,5,5.00,media/toy.jpg,,,",
        ];
        let [bed, toy] = &read(file(&rows).as_bytes()).unwrap()[..] else { panic!("two products") };
        assert_eq!(bed.options, ["Colour", "Size"]);
        let pictures: Vec<_> = bed.pictures.iter().map(|p| (&*p.url, &*p.alt)).collect();
        assert_eq!(
            pictures,
            [
                ("/pictures/bed/navy.svg", "A bed"),
                ("/pictures/bed/sand.svg", "Bed"),
                ("/pictures/bed/side.svg", "From the side")
            ]
        );
        let variants: Vec<_> =
            bed.variants.iter().map(|v| (&*v.values[0], v.price, v.compare_at, v.stock, v.picture)).collect();
        assert_eq!(variants, [("Navy", 4990, None, 5, Some(0)), ("Sand", 5900, Some(7900), 0, Some(1))]);
        assert_eq!((bed.choices(), bed.highest(), bed.published), (2, 5900, Published::Yes));
        assert_eq!((toy.options.len(), toy.pictures.len(), toy.published), (0, 0, Published::No));
        assert_eq!((toy.variants[0].stock, toy.variants[0].compare_at), (UNCOUNTED, None));
        assert_eq!(toy.category, "Everything else");
    }

    #[test]
    fn descriptions_are_sanitised() {
        for (dirty, clean) in [
            ("<p onclick=\"x()\">Hi<script>alert(1)</script></p>", "<p>Hi</p>"),
            ("<h1>Big</h1><div style=\"color:red\">text</div>", "Bigtext"),
            ("<a href=\"javascript:x()\">a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>"),
            ("<img src=x onerror=alert(1)>", ""),
            ("&bull; Soft<br />&amp; warm", "• Soft<br>&amp; warm"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
            (
                "<a href=\"https://a.example\" target=_top>a</a>",
                "<a href=\"https://a.example\" rel=\"noopener noreferrer nofollow\">a</a>",
            ),
        ] {
            assert_eq!(sanitise(dirty), clean, "{dirty}");
        }
    }
}
