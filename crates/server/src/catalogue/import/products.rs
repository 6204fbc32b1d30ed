//! The products of a file, checked as they come.

use super::field::{At, Field, ImportError};
use crate::catalogue::draft::{Draft, DraftPicture, DraftStock, DraftVariant, Published};
use std::collections::{HashMap, HashSet};

/// Shopify's own limit.
const MOST_VARIANTS: usize = 2_048;
/// The same.
const MOST_PICTURES: usize = 250;
/// What the values of a variant may come to in bytes: PostgreSQL keeps them in an index, whose rows have no more than 2,704.
const LONGEST_VALUES: usize = 2_000;

/// What is about a product as a whole.
pub struct About<'a> {
    pub handle: Field<'a>,
    pub title: Field<'a>,
    pub description_html: Field<'a>,
    pub vendor: Field<'a>,
    pub category: Field<'a>,
    pub tags: Field<'a>,
    /// The names of its options.
    pub options: Vec<String>,
    pub published: Published,
}

/// A combination that can be bought.
pub struct VariantFields<'a> {
    /// One for each option.
    pub values: Vec<Field<'a>>,
    pub sku: Field<'a>,
    pub price: Field<'a>,
    pub compare_at: Field<'a>,
    pub stock: DraftStock,
    pub grams: Field<'a>,
    pub picture: Field<'a>,
    /// The text for its picture.
    pub alt: &'a str,
}

/// What was read so far.
#[derive(Default)]
pub struct Products {
    drafts: Vec<Draft>,
    by_handle: HashMap<String, usize>,
    skus: HashSet<String>,
    /// Where each product begins, for messages about all of it.
    begun: Vec<At>,
}

impl Products {
    /// The product with a handle, and where it begins.
    pub fn find(&self, handle: &str) -> Option<(usize, At)> {
        let index = *self.by_handle.get(handle)?;
        Some((index, *self.begun.get(index)?))
    }

    /// One more product.
    pub fn begin(&mut self, about: About<'_>) -> Result<usize, ImportError> {
        let handle = about.handle.identity(200)?.to_owned();
        let category = about.category.short(100)?;
        let (description_html, description_text) = about.description_html.description()?;
        let draft = Draft {
            title: about.title.required(300)?,
            description_html,
            description_text,
            vendor: about.vendor.short(200)?,
            category: if category.is_empty() { "Everything else".to_owned() } else { category },
            tags: about.tags.short(2_000)?,
            options: about.options,
            pictures: Vec::new(),
            variants: Vec::new(),
            published: about.published,
            handle: handle.clone(),
        };
        let index = self.drafts.len();
        self.drafts.push(draft);
        self.begun.push(about.handle.at);
        self.by_handle.insert(handle, index);
        Ok(index)
    }

    /// A product that was begun.
    pub fn get(&self, product: usize) -> Option<&Draft> {
        self.drafts.get(product)
    }

    /// One more picture of a product, once. Addresses of other shops' pictures become no picture.
    pub fn picture(&mut self, product: usize, url: Field<'_>, alt: &str) -> Result<(), ImportError> {
        let Some(product) = self.drafts.get_mut(product) else { return Ok(()) };
        picture(product, url, alt).map(drop)
    }

    /// One more variant of a product.
    pub fn variant(&mut self, product: usize, fields: &VariantFields<'_>) -> Result<(), ImportError> {
        let sku = fields.sku;
        let kept_sku = sku.short(100)?;
        if !kept_sku.is_empty() && !self.skus.insert(kept_sku.clone()) {
            return Err(sku.wrong(format_args!("`{}` stands earlier in the file already", sku.excerpt())));
        }
        let Some(product) = self.drafts.get_mut(product) else { return Ok(()) };
        if product.variants.len() >= MOST_VARIANTS {
            let message = format_args!("`{}` has more than {MOST_VARIANTS} variants", product.handle);
            return Err(sku.at.wrong(message));
        }
        let values = fields.values.iter().map(|value| value.value()).collect::<Result<Vec<_>, _>>()?;
        if values.iter().map(String::len).sum::<usize>() > LONGEST_VALUES {
            let message =
                format_args!("the values of a variant have more than {LONGEST_VALUES} bytes together");
            return Err(fields.values.first().unwrap_or(&sku).wrong(message));
        }
        if product.variants.iter().any(|variant| variant.values == values) {
            let what = values.join(" ");
            let message = format!("`{}` has this variant already: `{what}`", product.handle);
            return Err(match fields.values.first() {
                Some(value) => value.wrong(message),
                None => sku.at.wrong(message),
            });
        }
        let price = fields.price.price()?;
        let variant = DraftVariant {
            sku: kept_sku,
            values,
            price,
            // A price before that is no higher is no reduction.
            compare_at: fields.compare_at.price_or_none()?.filter(|before| *before > price),
            stock: fields.stock,
            grams: fields.grams.grams()?,
            picture: picture(product, fields.picture, fields.alt)?,
        };
        product.variants.push(variant);
        Ok(())
    }

    /// All of them, where each has something to buy. `end` is where the file ends.
    pub fn finish(self, end: At) -> Result<Vec<Draft>, ImportError> {
        for (draft, begun) in self.drafts.iter().zip(&self.begun) {
            if draft.variants.is_empty() {
                return Err(begun.wrong(format_args!("`{}` has no variant with a price", draft.handle)));
            }
        }
        if self.drafts.is_empty() { Err(end.wrong("there is no product")) } else { Ok(self.drafts) }
    }
}

fn picture(product: &mut Draft, url: Field<'_>, alt: &str) -> Result<Option<usize>, ImportError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    let ours = ["/pictures/", "/uploads/"].iter().any(|folder| url.text.starts_with(folder));
    if !ours || url.text.len() > 300 || !url.text.chars().all(plain) || url.text.contains("..") {
        return Ok(None);
    }
    let known = product.pictures.iter().position(|picture| picture.url == url.text);
    if known.is_some() {
        return Ok(known);
    }
    let place = product.pictures.len();
    if place == MOST_PICTURES {
        return Err(url.wrong(format_args!("`{}` has more than {MOST_PICTURES} pictures", product.handle)));
    }
    product.pictures.push(DraftPicture { url: url.text.to_owned(), alt: alt.to_owned() });
    Ok(Some(place))
}
