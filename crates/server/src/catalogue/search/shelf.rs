//! The products and variants of the shop as a compact table: filters, counts and order are computed over it.

use super::options::{Kind, NONE, Value, Values, by_size};
use crate::{
    catalogue::store::index::{CategoryName, IndexedProduct, IndexedVariant},
    pricing::Minor,
};
use contract::shop::catalogue::{ProductQuery, Sort};
use std::{collections::HashSet, ops::Range};

/// A filter has at most so many values in an answer: those with most products, and those that are chosen.
const MOST_VALUES: usize = 100;

/// A product. Its place in the table is its number in the index of words.
pub struct Row {
    pub id: i64,
    pub title: String,
    /// Its category's place in the shop's order.
    pub category: usize,
    lowest: Minor,
    variants: Range<usize>,
    /// Its place among all titles.
    by_title: usize,
}

struct Combination {
    id: i64,
    colour: Value,
    size: Value,
}

/// See the module.
pub struct Shelf {
    pub rows: Vec<Row>,
    pub categories: Vec<CategoryName>,
    combinations: Vec<Combination>,
    colours: Values,
    sizes: Values,
}

/// Which combinations can be bought, in the table's order.
pub type InStock = Vec<bool>;

/// A value of a filter with the number of products that choosing it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub name: String,
    pub count: i64,
}

/// What the filters left over.
#[derive(Debug, Default)]
pub struct Narrowed {
    /// Places in the table, in the order that was asked for.
    pub rows: Vec<usize>,
    /// The prices without the price range.
    pub prices: Vec<Minor>,
    /// By category's place, without the chosen one.
    pub categories: Vec<i64>,
    /// Without the chosen ones.
    pub colours: Vec<Counted>,
    /// Without the chosen ones.
    pub sizes: Vec<Counted>,
    /// How many can be bought.
    pub in_stock: i64,
}

impl Narrowed {
    /// Lowest and highest price; 0 when there is none.
    pub fn range(&self) -> (Minor, Minor) {
        let lowest = self.prices.iter().min().copied();
        (lowest.unwrap_or(0), self.prices.iter().max().copied().unwrap_or(0))
    }
}

impl Shelf {
    /// Without products yet.
    pub fn new(categories: Vec<CategoryName>) -> Self {
        Self {
            rows: Vec::new(),
            categories,
            combinations: Vec::new(),
            colours: Values::default(),
            sizes: Values::default(),
        }
    }

    /// With one more product; `names` are those of its options.
    pub fn put(&mut self, product: IndexedProduct, names: &[String], variants: &[IndexedVariant]) {
        let kinds: Vec<Kind> = names.iter().map(|name| Kind::of(name)).collect();
        let first = self.combinations.len();
        for variant in variants {
            let mut combination = Combination { id: variant.id, colour: NONE, size: NONE };
            for (kind, value) in kinds.iter().zip(variant.values()) {
                match kind {
                    _ if value.is_empty() => {}
                    Kind::Colour => combination.colour = self.colours.put(value),
                    Kind::Size => combination.size = self.sizes.put(value),
                    Kind::Other => {}
                }
            }
            self.combinations.push(combination);
        }
        let category = self.categories.iter().position(|known| known.slug == product.category);
        self.rows.push(Row {
            id: product.id,
            category: category.unwrap_or(usize::MAX),
            title: product.title,
            lowest: product.lowest,
            variants: first..self.combinations.len(),
            by_title: 0,
        });
    }

    /// Once all products are in it.
    pub fn finish(&mut self) {
        let mut by_title: Vec<usize> = (0..self.rows.len()).collect();
        by_title.sort_by_cached_key(|&place| self.rows.get(place).map(|row| row.title.to_lowercase()));
        for (rank, place) in by_title.into_iter().enumerate() {
            if let Some(row) = self.rows.get_mut(place) {
                row.by_title = rank;
            }
        }
    }

    /// Which combinations can be bought when those of `sold_out` cannot.
    pub fn in_stock(&self, sold_out: &HashSet<i64>) -> InStock {
        self.combinations.iter().map(|combination| !sold_out.contains(&combination.id)).collect()
    }

    /// What `query` leaves of `found`, in its order, with the counts of each filter. A filter's counts ignore
    /// what is chosen in it, so that its other values stay choosable.
    pub fn narrow(&self, found: Vec<usize>, query: &ProductQuery, in_stock: &InStock) -> Narrowed {
        let category = (!query.category.is_empty()).then(|| {
            self.categories.iter().position(|known| known.slug == query.category).unwrap_or(usize::MAX)
        });
        let wanted_price = query.min.unwrap_or(0)..=query.max.unwrap_or(Minor::MAX);
        let mut colours = Choice::new(&self.colours, &query.colour);
        let mut sizes = Choice::new(&self.sizes, &query.size);
        let mut narrowed = Narrowed { categories: vec![0; self.categories.len()], ..Narrowed::default() };
        for place in found {
            let Some(row) = self.rows.get(place) else { continue };
            let shelf_fits = category.is_none_or(|category| category == row.category);
            let price_fits = wanted_price.contains(&row.lowest);
            if !shelf_fits && !price_fits {
                continue;
            }
            let (mut fits, mut fits_in_stock) = (false, false);
            let bought = in_stock.get(row.variants.clone()).unwrap_or_default();
            let combinations = self.combinations.get(row.variants.clone()).unwrap_or_default();
            for (combination, &buyable) in combinations.iter().zip(bought) {
                let stock_fits = buyable || !query.in_stock;
                let colour_fits = colours.fits(combination.colour);
                let size_fits = sizes.fits(combination.size);
                fits |= colour_fits && size_fits && stock_fits;
                fits_in_stock |= colour_fits && size_fits && buyable;
                if shelf_fits && price_fits && stock_fits {
                    if size_fits {
                        colours.count(combination.colour, place);
                    }
                    if colour_fits {
                        sizes.count(combination.size, place);
                    }
                }
            }
            if fits
                && price_fits
                && let Some(count) = narrowed.categories.get_mut(row.category)
            {
                *count += 1;
            }
            if fits && shelf_fits {
                narrowed.prices.push(row.lowest);
            }
            if shelf_fits && price_fits {
                narrowed.in_stock += i64::from(fits_in_stock);
                if fits {
                    narrowed.rows.push(place);
                }
            }
        }
        narrowed.colours = colours.counted(|a, b| a.to_lowercase().cmp(&b.to_lowercase()));
        narrowed.sizes = sizes.counted(by_size);
        self.sort(&mut narrowed.rows, query.sort.unwrap_or_default());
        narrowed
    }

    /// Equals stay in their order, so that pages never overlap.
    fn sort(&self, rows: &mut [usize], sort: Sort) {
        let price = |place: &usize| self.rows.get(*place).map_or(0, |row| row.lowest);
        match sort {
            Sort::Relevance => {}
            Sort::PriceAsc => rows.sort_by_key(price),
            Sort::PriceDesc => rows.sort_by_key(|place| std::cmp::Reverse(price(place))),
            Sort::Title => rows.sort_by_key(|place| self.rows.get(*place).map_or(0, |row| row.by_title)),
        }
    }
}

/// What is chosen of a filter's values, and the counts of all of them.
struct Choice<'a> {
    values: &'a Values,
    /// Empty when nothing is chosen.
    chosen: Vec<Value>,
    counts: Vec<i64>,
    /// The product that was counted last for each value: a product counts once.
    last: Vec<usize>,
}

impl<'a> Choice<'a> {
    fn new(values: &'a Values, chosen: &[String]) -> Self {
        // What does not exist fits nothing; it is not the same as no choice.
        let number = |name: &String| values.number(name).unwrap_or(NONE - 1);
        let chosen = chosen.iter().filter(|name| !name.is_empty()).map(number).collect();
        Self { values, chosen, counts: vec![0; values.len()], last: vec![usize::MAX; values.len()] }
    }

    fn fits(&self, value: Value) -> bool {
        self.chosen.is_empty() || self.chosen.contains(&value)
    }

    fn count(&mut self, value: Value, product: usize) {
        let place = value as usize;
        if let (Some(count), Some(last)) = (self.counts.get_mut(place), self.last.get_mut(place))
            && *last != product
        {
            *last = product;
            *count += 1;
        }
    }

    fn counted(self, order: impl Fn(&str, &str) -> std::cmp::Ordering) -> Vec<Counted> {
        let mut counted: Vec<(bool, Counted)> = (0..)
            .zip(&self.counts)
            .map(|(value, &count)| {
                let name = self.values.name(value).to_owned();
                (self.chosen.contains(&value), Counted { name, count })
            })
            .filter(|(chosen, value)| *chosen || value.count > 0)
            .collect();
        counted.sort_by_key(|(chosen, value)| std::cmp::Reverse((*chosen, value.count)));
        counted.truncate(MOST_VALUES);
        let mut counted: Vec<Counted> = counted.into_iter().map(|(_, value)| value).collect();
        counted.sort_by(|a, b| order(&a.name, &b.name));
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Category, price, and variants as `colour/size`, `!` when sold out.
    const SHOP: [(&str, Minor, &str); 5] = [
        ("beds", 4990, "Navy/M navy/L Sand/M!"),
        ("beds", 9900, "Sand/L"),
        ("toys", 1000, "Red/"),
        ("toys", 500, "/S! /M"),
        ("food", 1000, "/"),
    ];

    fn shelf() -> (Shelf, InStock) {
        let categories = ["beds", "toys", "food", "none"];
        let name = |slug: &&str| CategoryName { slug: (*slug).to_owned(), name: (*slug).to_uppercase() };
        let mut shelf = Shelf::new(categories.iter().map(name).collect());
        let (mut id, mut sold_out) = (0, HashSet::new());
        for (number, (category, lowest, variants)) in (1..).zip(SHOP) {
            let product = IndexedProduct {
                id: number,
                title: format!("{}", 9 - number),
                vendor: String::new(),
                category: category.to_owned(),
                category_name: category.to_owned(),
                search_text: String::new(),
                lowest,
            };
            let variants = variants.split(' ').map(|text| {
                id += 1;
                if text.ends_with('!') {
                    sold_out.insert(id);
                }
                let (colour, size) = text.trim_end_matches('!').split_once('/').unwrap();
                IndexedVariant {
                    id,
                    product_id: number,
                    option1: "S".to_owned(), // of another option
                    option2: colour.to_owned(),
                    option3: size.to_owned(),
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
            let ids: Vec<_> = narrowed.rows.iter().map(|place| shelf.rows[*place].id).collect();
            (ids, narrowed)
        };
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        // Category, colours, sizes, in stock, prices → products; categories; colours; sizes; in stock.
        let check = |query: (&str, &str, &str, bool, Option<i64>), ids: &[i64], counts: &str| {
            let (category, colour, size, in_stock, max) = query;
            let query = ProductQuery {
                category: category.to_owned(),
                colour: list(colour),
                size: list(size),
                in_stock,
                max,
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
            let query = ProductQuery { in_stock: true, ..query };
            assert_eq!(narrow(&query).0.len() as i64, narrowed.in_stock, "{query:?}");
        };
        check(("", "", "", false, None), &[1, 2, 3, 4, 5], "2 2 1 0 | Navy1 Red1 Sand2 | S1 M2 L2 | 5");
        check(("", "", "", true, None), &[1, 2, 3, 4, 5], "2 2 1 0 | Navy1 Red1 Sand1 | M2 L2 | 5");
        check(("beds", "", "", false, None), &[1, 2], "2 2 1 0 | Navy1 Sand2 | M1 L2 | 2");
        // Both must hold for the same variant.
        check(("", "sand", "M", false, None), &[1], "1 0 0 0 | Navy1 Sand1 | M1 L1 | 0");
        check(("", "sand", "M", true, None), &[], "0 0 0 0 | Navy1 Sand0 | M0 L1 | 0");
        check(("", "Navy Red", "", false, None), &[1, 3], "1 1 0 0 | Navy1 Red1 Sand2 | M1 L1 | 2");
        check(("", "", "", false, Some(1000)), &[3, 4, 5], "0 2 1 0 | Red1 | S1 M1 | 3");
        check(("", "Mauve", "", false, None), &[], "0 0 0 0 | Navy1 Red1 Sand2 |  | 0");
        check(("nothing", "", "", false, None), &[], "2 2 1 0 |  |  | 0");
    }

    #[test]
    fn prices_ignore_the_price_range_and_orders_are_stable() {
        let (shelf, in_stock) = shelf();
        let narrow = |query: &ProductQuery| shelf.narrow((0..SHOP.len()).collect(), query, &in_stock);
        let query = ProductQuery { max: Some(0), ..ProductQuery::default() };
        assert_eq!(narrow(&query).range(), (500, 9900));
        let query = ProductQuery { category: "none".to_owned(), ..ProductQuery::default() };
        assert_eq!(narrow(&query).range(), (0, 0));
        for (sort, expected) in [
            (Sort::Relevance, [0, 1, 2, 3, 4]),
            (Sort::PriceAsc, [3, 2, 4, 0, 1]),
            (Sort::PriceDesc, [1, 0, 2, 4, 3]),
            (Sort::Title, [4, 3, 2, 1, 0]),
        ] {
            let query = ProductQuery { sort: Some(sort), ..ProductQuery::default() };
            assert_eq!(narrow(&query).rows, expected, "{sort:?}");
        }
    }
}
