//! A product as an import describes it, checked, before it has numbers.

use crate::pricing::Minor;
use std::collections::HashSet;

/// Variants whose stock nobody counts can be had in this quantity.
pub const UNCOUNTED: i64 = 9_999;

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub handle: String,
    pub title: String,
    /// Sanitised.
    pub description_html: String,
    /// Without markup, for searching.
    pub description_text: String,
    pub vendor: String,
    pub category: String,
    pub tags: String,
    pub options: Vec<String>,
    pub pictures: Vec<DraftPicture>,
    pub variants: Vec<DraftVariant>,
    pub published: Published,
}

/// Whether shoppers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    Yes,
    No,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftPicture {
    pub url: String,
    pub alt: String,
}

/// A combination that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftVariant {
    pub sku: String,
    /// One for each option.
    pub values: Vec<String>,
    pub price: Minor,
    pub compare_at: Option<Minor>,
    pub stock: DraftStock,
    /// What one weighs.
    pub grams: i64,
    /// Index into the product's pictures.
    pub picture: Option<usize>,
}

/// What the file says of a variant's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftStock {
    /// Nothing: it stays as it is, and a new variant has [`UNCOUNTED`].
    Unsaid,
    /// So many pieces.
    Counted(i64),
    /// That nobody counts it: it is [`UNCOUNTED`] anew at every import.
    Uncounted,
}

impl Draft {
    /// The cheapest variant.
    pub fn cheapest(&self) -> Option<&DraftVariant> {
        self.variants.iter().min_by_key(|variant| variant.price)
    }

    /// The price of the dearest variant.
    pub fn highest(&self) -> Minor {
        self.variants.iter().map(|variant| variant.price).max().unwrap_or(0)
    }

    /// Everything that words are looked for in, lower case.
    pub fn search_text(&self) -> String {
        let mut parts = vec![&*self.title, &*self.category, &*self.vendor, &*self.tags];
        let mut seen: HashSet<&str> = parts.iter().copied().collect();
        let values = self.variants.iter().flat_map(|variant| &variant.values).chain(&self.options);
        parts.extend(values.map(String::as_str).filter(|value| seen.insert(value)));
        parts.extend(self.variants.iter().map(|variant| &*variant.sku).filter(|sku| !sku.is_empty()));
        parts.push(&self.description_text);
        parts.join(" ").to_lowercase()
    }
}

/// A name as it stands in addresses: `Hoodies & Sweatshirts` → `hoodies-sweatshirts`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "other".to_owned() } else { slug.to_owned() }
}
