//! The products and variants of the shop as a compact table: filters, counts and order are computed over it.
//!
//! A product fits when one of its variants fits everything: price, colour, size and stock.

use super::{
    choice::{Choice, Counted, Counts},
    options::{Kind, NONE, Value, Values, by_size},
    prices::Prices,
    words::Alphabet,
};
use crate::{
    catalogue::store::index::{CategoryName, IndexedProduct, IndexedVariant},
    pricing::Minor,
};
use contract::shop::catalogue::{ProductQuery, Sort};
use std::{
    cmp::Reverse,
    collections::HashSet,
    ops::{Range, RangeInclusive},
};

/// A product. Its place in the table is its number in the index of words.
pub struct Row {
    pub id: i64,
    pub title: String,
    /// Its category's place in the shop's order.
    pub category: usize,
    variants: Range<usize>,
    /// Its place among all titles.
    by_title: usize,
}

struct Combination {
    colour: Value,
    size: Value,
    price: Minor,
}

/// See the module.
pub struct Shelf {
    pub rows: Vec<Row>,
    pub categories: Vec<CategoryName>,
    combinations: Vec<Combination>,
    /// The numbers of the combinations' variants; apart, as filters do not look at them.
    ids: Vec<i64>,
    colours: Values,
    sizes: Values,
}

/// Which combinations can be bought, in the table's order.
pub type InStock = Vec<bool>;

/// A product that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Its place in the table.
    pub place: usize,
    /// The lowest price of its variants that fit.
    lowest: Minor,
}

/// What the filters left over.
#[derive(Debug, Default)]
pub struct Narrowed {
    /// In the order that was asked for.
    pub fits: Vec<Fit>,
    /// The prices without the price range.
    pub prices: Prices,
    /// By category's place, without the chosen one.
    pub categories: Vec<i64>,
    /// Without the chosen ones.
    pub colours: Vec<Counted>,
    /// Without the chosen ones.
    pub sizes: Vec<Counted>,
    /// How many can be bought.
    pub in_stock: i64,
}

/// What a question asks of a variant.
struct Asked {
    colours: Choice,
    sizes: Choice,
    prices: RangeInclusive<Minor>,
    in_stock: bool,
}

impl Asked {
    fn fits(&self, combination: &Combination, buyable: bool) -> bool {
        (buyable || !self.in_stock)
            && self.prices.contains(&combination.price)
            && self.colours.fits(combination.colour)
            && self.sizes.fits(combination.size)
    }
}

impl Shelf {
    /// Without products yet.
    pub fn new(categories: Vec<CategoryName>) -> Self {
        Self {
            rows: Vec::new(),
            categories,
            combinations: Vec::new(),
            ids: Vec::new(),
            colours: Values::default(),
            sizes: Values::default(),
        }
    }

    /// With one more product; `names` are those of its options.
    pub fn put(&mut self, product: IndexedProduct, names: &[String], variants: &[IndexedVariant]) {
        let kinds: Vec<Kind> = names.iter().map(|name| Kind::of(name)).collect();
        let first = self.combinations.len();
        for variant in variants {
            let mut combination = Combination { colour: NONE, size: NONE, price: variant.price };
            for (kind, value) in kinds.iter().zip(variant.values()) {
                match kind {
                    _ if value.is_empty() => {}
                    Kind::Colour => combination.colour = self.colours.put(value),
                    Kind::Size => combination.size = self.sizes.put(value),
                    Kind::Other => {}
                }
            }
            self.combinations.push(combination);
            self.ids.push(variant.id);
        }
        let category = self.categories.iter().position(|known| known.slug == product.category);
        self.rows.push(Row {
            id: product.id,
            category: category.unwrap_or(usize::MAX),
            title: product.title,
            variants: first..self.combinations.len(),
            by_title: 0,
        });
    }

    /// Once all products are in it.
    pub fn finish(&mut self) {
        let mut by_title: Vec<usize> = (0..self.rows.len()).collect();
        let mut alphabet = Alphabet::new();
        by_title.sort_by_cached_key(|&place| self.rows.get(place).map(|row| alphabet.key(&row.title)));
        for (rank, place) in by_title.into_iter().enumerate() {
            if let Some(row) = self.rows.get_mut(place) {
                row.by_title = rank;
            }
        }
    }

    /// Which combinations can be bought when those of `sold_out` cannot.
    pub fn in_stock(&self, sold_out: &HashSet<i64>) -> InStock {
        self.ids.iter().map(|id| !sold_out.contains(id)).collect()
    }

    fn asked(&self, query: &ProductQuery) -> Asked {
        Asked {
            colours: Choice::new(&self.colours, &query.colour),
            sizes: Choice::new(&self.sizes, &query.size),
            prices: query.min.unwrap_or(0)..=query.max.unwrap_or(Minor::MAX),
            in_stock: query.in_stock,
        }
    }

    /// A product's variants, and whether each can be bought.
    fn variants<'a>(
        &'a self,
        row: &Row,
        in_stock: &'a InStock,
    ) -> impl Iterator<Item = (&'a Combination, bool)> {
        let combinations = self.combinations.get(row.variants.clone()).unwrap_or_default();
        let buyable = in_stock.get(row.variants.clone()).unwrap_or_default();
        combinations.iter().zip(buyable.iter().copied())
    }

    /// The numbers of the variants that `query` asks for, of the products at `places`.
    pub fn fitting(
        &self,
        places: impl Iterator<Item = usize>,
        query: &ProductQuery,
        in_stock: &InStock,
    ) -> HashSet<i64> {
        let asked = self.asked(query);
        let mut fitting = HashSet::new();
        for row in places.filter_map(|place| self.rows.get(place)) {
            let ids = self.ids.get(row.variants.clone()).unwrap_or_default();
            for (id, (combination, buyable)) in ids.iter().zip(self.variants(row, in_stock)) {
                if asked.fits(combination, buyable) {
                    fitting.insert(*id);
                }
            }
        }
        fitting
    }

    /// What `query` leaves of `found`, in its order, with the counts of each filter. A filter's counts ignore
    /// what is chosen in it, so that its other values stay choosable.
    pub fn narrow(&self, found: Vec<usize>, query: &ProductQuery, in_stock: &InStock) -> Narrowed {
        let category = (!query.category.is_empty()).then(|| {
            self.categories.iter().position(|known| known.slug == query.category).unwrap_or(usize::MAX)
        });
        let asked = self.asked(query);
        let (mut colours, mut sizes) = (Counts::new(&self.colours), Counts::new(&self.sizes));
        let mut narrowed = Narrowed { categories: vec![0; self.categories.len()], ..Narrowed::default() };
        for place in found {
            let Some(row) = self.rows.get(place) else { continue };
            let shelf_fits = category.is_none_or(|category| category == row.category);
            let (mut lowest, mut fits_in_stock) = (None::<Minor>, false);
            for (combination, buyable) in self.variants(row, in_stock) {
                let price = combination.price;
                let stock_fits = buyable || !asked.in_stock;
                let price_fits = asked.prices.contains(&price);
                let colour_fits = asked.colours.fits(combination.colour);
                let size_fits = asked.sizes.fits(combination.size);
                if colour_fits && size_fits && price_fits {
                    fits_in_stock |= buyable;
                    if stock_fits {
                        lowest = Some(lowest.map_or(price, |lowest| lowest.min(price)));
                    }
                }
                if shelf_fits && stock_fits {
                    if colour_fits && size_fits {
                        narrowed.prices.see(price);
                    }
                    if size_fits && price_fits {
                        colours.count(combination.colour, place);
                    }
                    if colour_fits && price_fits {
                        sizes.count(combination.size, place);
                    }
                }
            }
            narrowed.prices.next();
            if lowest.is_some()
                && let Some(count) = narrowed.categories.get_mut(row.category)
            {
                *count += 1;
            }
            if shelf_fits {
                narrowed.in_stock += i64::from(fits_in_stock);
                narrowed.fits.extend(lowest.map(|lowest| Fit { place, lowest }));
            }
        }
        narrowed.colours = colours.counted(&asked.colours);
        let mut alphabet = Alphabet::new();
        narrowed.colours.sort_by_cached_key(|value| alphabet.key(&value.name));
        narrowed.sizes = sizes.counted(&asked.sizes);
        narrowed.sizes.sort_by(|a, b| by_size(&a.name, &b.name));
        self.sort(&mut narrowed.fits, query.sort.unwrap_or_default());
        narrowed
    }

    /// Equals stay in their order, so that pages never overlap.
    fn sort(&self, fits: &mut [Fit], sort: Sort) {
        match sort {
            Sort::Relevance => {}
            Sort::PriceAsc => fits.sort_by_key(|fit| fit.lowest),
            Sort::PriceDesc => fits.sort_by_key(|fit| Reverse(fit.lowest)),
            Sort::Title => fits.sort_by_key(|fit| self.rows.get(fit.place).map_or(0, |row| row.by_title)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Category, and variants as `colour/size/price`, `!` when sold out.
    const SHOP: [(&str, &str); 5] = [
        ("beds", "Navy/M/4990 navy/L/5990 Sand/M/4990!"),
        ("beds", "Sand/L/9900"),
        ("toys", "Red//1000"),
        ("toys", "/S/500! /M/700"),
        ("food", "//1000"),
    ];

    fn shelf() -> (Shelf, InStock) {
        let categories = ["beds", "toys", "food", "none"];
        let name = |slug: &&str| CategoryName { slug: (*slug).to_owned(), name: (*slug).to_uppercase() };
        let mut shelf = Shelf::new(categories.iter().map(name).collect());
        let (mut id, mut sold_out) = (0, HashSet::new());
        for (number, (category, variants)) in (1..).zip(SHOP) {
            let product = IndexedProduct {
                id: number,
                title: format!("{}", 9 - number),
                vendor: String::new(),
                category: category.to_owned(),
                category_name: category.to_owned(),
                search_text: String::new(),
            };
            let variants = variants.split(' ').map(|text| {
                id += 1;
                if text.ends_with('!') {
                    sold_out.insert(id);
                }
                let values: Vec<_> = text.trim_end_matches('!').split('/').collect();
                IndexedVariant {
                    id,
                    product_id: number,
                    option1: "S".to_owned(), // of another option
                    option2: values[0].to_owned(),
                    option3: values[1].to_owned(),
                    price: values[2].parse().unwrap(),
                }
            });
            let names = ["Style", "Colour", "Size"].map(str::to_owned);
            shelf.put(product, &names, &variants.collect::<Vec<_>>());
        }
        shelf.finish();
        let in_stock = shelf.in_stock(&sold_out);
        (shelf, in_stock)
    }

    #[test]
    fn filters_combine_and_their_counts_keep_what_they_promise() {
        let (shelf, in_stock) = shelf();
        let narrow = |query: &ProductQuery| {
            let narrowed = shelf.narrow((0..SHOP.len()).collect(), query, &in_stock);
            let ids: Vec<_> = narrowed.fits.iter().map(|fit| shelf.rows[fit.place].id).collect();
            (ids, narrowed)
        };
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        // Category, colours, sizes, in stock, prices → products; categories; colours; sizes; in stock.
        let check = |query: (&str, &str, &str, bool, &str), ids: &[i64], counts: &str| {
            let (category, colour, size, in_stock, prices) = query;
            let (min, max) = prices.split_once('-').unwrap();
            let query = ProductQuery {
                category: category.to_owned(),
                colour: list(colour),
                size: list(size),
                in_stock,
                min: min.parse().ok(),
                max: max.parse().ok(),
                ..ProductQuery::default()
            };
            let (found, narrowed) = narrow(&query);
            let told = |values: &[Counted]| {
                values
                    .iter()
                    .map(|value| format!("{}{}", value.name, value.count))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            assert_eq!(found, ids, "{query:?}");
            let categories: Vec<_> = narrowed.categories.iter().map(i64::to_string).collect();
            let (colours, sizes) = (told(&narrowed.colours), told(&narrowed.sizes));
            let all = format!("{} | {colours} | {sizes} | {}", categories.join(" "), narrowed.in_stock);
            assert_eq!(all, counts, "{query:?}");
            // Whatever is counted is what choosing it shows.
            for value in &narrowed.colours {
                let query = ProductQuery { colour: vec![value.name.clone()], ..query.clone() };
                assert_eq!(narrow(&query).0.len() as i64, value.count, "{query:?}");
            }
            for value in &narrowed.sizes {
                let query = ProductQuery { size: vec![value.name.clone()], ..query.clone() };
                assert_eq!(narrow(&query).0.len() as i64, value.count, "{query:?}");
            }
            for (category, count) in shelf.categories.iter().zip(&narrowed.categories) {
                let query = ProductQuery { category: category.slug.clone(), ..query.clone() };
                assert_eq!(narrow(&query).0.len() as i64, *count, "{query:?}");
            }
            for band in narrowed.prices.bands() {
                let query = ProductQuery { min: Some(band.min), max: band.max, ..query.clone() };
                assert_eq!(narrow(&query).0.len() as i64, band.count, "{query:?}");
            }
            let query = ProductQuery { in_stock: true, ..query };
            assert_eq!(narrow(&query).0.len() as i64, narrowed.in_stock, "{query:?}");
        };
        check(("", "", "", false, "-"), &[1, 2, 3, 4, 5], "2 2 1 0 | Navy1 Red1 Sand2 | S1 M2 L2 | 5");
        check(("", "", "", true, "-"), &[1, 2, 3, 4, 5], "2 2 1 0 | Navy1 Red1 Sand1 | M2 L2 | 5");
        check(("beds", "", "", false, "-"), &[1, 2], "2 2 1 0 | Navy1 Sand2 | M1 L2 | 2");
        // Both must hold for the same variant.
        check(("", "sand", "M", false, "-"), &[1], "1 0 0 0 | Navy1 Sand1 | M1 L1 | 0");
        check(("", "sand", "M", true, "-"), &[], "0 0 0 0 | Navy1 Sand0 | M0 L1 | 0");
        check(("", "Navy Red", "", false, "-"), &[1, 3], "1 1 0 0 | Navy1 Red1 Sand2 | M1 L1 | 2");
        check(("", "Mauve", "", false, "-"), &[], "0 0 0 0 | Navy1 Red1 Sand2 |  | 0");
        check(("nothing", "", "", false, "-"), &[], "2 2 1 0 |  |  | 0");
        // So must the price.
        check(("", "", "", false, "-1000"), &[3, 4, 5], "0 2 1 0 | Red1 | S1 M1 | 3");
        check(("", "", "", false, "5000-6000"), &[1], "1 0 0 0 | Navy1 | L1 | 1");
        check(("", "Navy", "", false, "5000-6000"), &[1], "1 0 0 0 | Navy1 | L1 | 1");
        check(("", "", "M", false, "5000-6000"), &[], "0 0 0 0 |  | M0 L1 | 0");
        check(("", "Sand", "", false, "5000-6000"), &[], "0 0 0 0 | Navy1 Sand0 |  | 0");
        check(("", "", "", false, "-600"), &[4], "0 1 0 0 |  | S1 | 0");
        check(("", "", "", true, "-600"), &[], "0 0 0 0 |  |  | 0");
        check(("toys", "", "", true, "600-800"), &[4], "0 1 0 0 |  | M1 | 1");
        check(("", "", "", false, "6000-5000"), &[], "0 0 0 0 |  |  | 0");
    }

    #[test]
    fn the_variants_that_fit_are_told() {
        let (shelf, in_stock) = shelf();
        let check = |query: ProductQuery, expected: &[i64]| {
            let mut fitting: Vec<_> =
                shelf.fitting(0..SHOP.len() + 1, &query, &in_stock).into_iter().collect();
            fitting.sort_unstable();
            assert_eq!(fitting, expected, "{query:?}");
        };
        check(ProductQuery::default(), &[1, 2, 3, 4, 5, 6, 7, 8]);
        check(ProductQuery { in_stock: true, ..ProductQuery::default() }, &[1, 2, 4, 5, 7, 8]);
        check(ProductQuery { min: Some(4990), max: Some(5990), ..ProductQuery::default() }, &[1, 2, 3]);
        let sand = ProductQuery { colour: vec!["SAND".to_owned()], ..ProductQuery::default() };
        check(sand.clone(), &[3, 4]);
        check(ProductQuery { in_stock: true, ..sand }, &[4]);
    }

    #[test]
    fn prices_ignore_the_price_range_and_orders_are_stable() {
        let (shelf, in_stock) = shelf();
        let narrow = |query: &ProductQuery| shelf.narrow((0..SHOP.len()).collect(), query, &in_stock);
        let query = ProductQuery { max: Some(0), ..ProductQuery::default() };
        assert_eq!(narrow(&query).prices.range(), (500, 9900));
        let query = ProductQuery { category: "none".to_owned(), ..ProductQuery::default() };
        assert_eq!(narrow(&query).prices.range(), (0, 0));
        let places = |query: &ProductQuery| -> Vec<_> {
            narrow(query).fits.into_iter().map(|fit| fit.place).collect()
        };
        for (sort, expected) in [
            (Sort::Relevance, [0, 1, 2, 3, 4]),
            (Sort::PriceAsc, [3, 2, 4, 0, 1]),
            (Sort::PriceDesc, [1, 0, 2, 4, 3]),
            (Sort::Title, [4, 3, 2, 1, 0]),
        ] {
            let query = ProductQuery { sort: Some(sort), ..ProductQuery::default() };
            assert_eq!(places(&query), expected, "{sort:?}");
        }
        // By the price of what fits.
        let query = ProductQuery {
            sort: Some(Sort::PriceDesc),
            min: Some(5990),
            max: Some(9900),
            ..ProductQuery::default()
        };
        assert_eq!(narrow(&query).fits, [Fit { place: 1, lowest: 9900 }, Fit { place: 0, lowest: 5990 }]);
    }
}
