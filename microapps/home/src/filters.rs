//! What the shopper looks for, and its address: `/?category=dog-beds&colour=Navy,Sand&max=40&q=cosy&stock=1`.

use contract::{
    route::{Pairs, decode, encode},
    shop::catalogue::Sort,
};

/// The longest search that the shop takes, in characters.
const LONGEST_SEARCH: usize = 200;
/// More values of a filter than that the shop does not take.
const MOST_VALUES: usize = 50;
/// Products on a page: whole rows of two, three and four.
const PER_PAGE: i64 = 24;
/// Nothing costs more, in whole units of the currency.
pub const HIGHEST_PRICE: i64 = 1_000_000;

/// What the shopper looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filters {
    /// Words, without blanks at the ends.
    pub q: String,
    /// A category's slug; empty for all.
    pub category: String,
    /// Lowest price in whole units.
    pub min: Option<i64>,
    /// Highest price in whole units; not below `min`.
    pub max: Option<i64>,
    /// Colours, any of them.
    pub colours: Vec<String>,
    /// Sizes, any of them.
    pub sizes: Vec<String>,
    /// Whether only what can be bought is shown.
    pub in_stock: bool,
    /// The order.
    pub sort: Sort,
    /// The page, from 1.
    pub page: i64,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            q: String::new(),
            category: String::new(),
            min: None,
            max: None,
            colours: Vec::new(),
            sizes: Vec::new(),
            in_stock: false,
            sort: Sort::Relevance,
            page: 1,
        }
    }
}

impl Filters {
    /// Out of an address's query. What cannot be read counts as not given.
    pub fn from_query(query: &Pairs) -> Self {
        let text = |name: &str| query.get(name).map_or("", |value| value.trim());
        let number = |name: &str| text(name).parse::<i64>().ok();
        let price = |name: &str| number(name).filter(|price| (0..=HIGHEST_PRICE).contains(price));
        let (min, max) = match (price("min"), price("max")) {
            (Some(min), Some(max)) if min > max => (Some(max), Some(min)),
            prices => prices,
        };
        Self {
            q: words(text("q")),
            category: text("category").to_owned(),
            min,
            max,
            colours: list(text("colour")),
            sizes: list(text("size")),
            in_stock: text("stock") == "1",
            sort: sort_named(text("sort")),
            page: number("page").unwrap_or(1).clamp(1, HIGHEST_PRICE),
        }
    }

    /// The shop's address for them.
    pub fn path(&self) -> String {
        let mut path = Query::new("/");
        path.filters(self, 1);
        path.add("colour", &listed(&self.colours));
        path.add("size", &listed(&self.sizes));
        path.add("stock", if self.in_stock { "1" } else { "" });
        path.number("page", (self.page > 1).then_some(self.page));
        path.text
    }

    /// The API's address for them.
    pub fn api_path(&self) -> String {
        let mut path = Query::new("/catalogue/products");
        path.filters(self, 100); // the API counts in cents
        for (name, values) in [("colour", &self.colours), ("size", &self.sizes)] {
            values.iter().for_each(|value| path.add(name, value));
        }
        path.add("in_stock", if self.in_stock { "true" } else { "" });
        path.number("page", Some(self.page));
        path.number("per_page", Some(PER_PAGE));
        path.text
    }

    /// Other words, from the first page.
    pub fn with_words(&self, typed: &str) -> Self {
        Self { q: words(typed), ..self.first_page() }
    }

    /// Another category, from the first page.
    pub fn with_category(&self, slug: &str) -> Self {
        Self { category: slug.to_owned(), ..self.first_page() }
    }

    /// Another price range, from the first page.
    pub fn with_prices(&self, min: Option<i64>, max: Option<i64>) -> Self {
        Self { min, max, ..self.first_page() }
    }

    /// With a colour more or less, from the first page.
    pub fn with_colour(&self, colour: &str, chosen: bool) -> Self {
        Self { colours: toggled(&self.colours, colour, chosen), ..self.first_page() }
    }

    /// With a size more or less, from the first page.
    pub fn with_size(&self, size: &str, chosen: bool) -> Self {
        Self { sizes: toggled(&self.sizes, size, chosen), ..self.first_page() }
    }

    /// Only what can be bought, or everything, from the first page.
    pub fn with_stock(&self, in_stock: bool) -> Self {
        Self { in_stock, ..self.first_page() }
    }

    /// Another order, from the first page.
    pub fn with_sort(&self, sort: Sort) -> Self {
        Self { sort, ..self.first_page() }
    }

    /// Another page.
    pub fn with_page(&self, page: i64) -> Self {
        Self { page, ..self.clone() }
    }

    fn first_page(&self) -> Self {
        self.with_page(1)
    }

    /// Whether they leave something out.
    pub fn narrow(&self) -> bool {
        let kept = Self { sort: self.sort, page: self.page, ..Self::default() };
        *self != kept
    }

    /// Whether they leave something out by more than words and a category.
    pub fn filtered(&self) -> bool {
        self.with_words("").with_category("").narrow()
    }

    /// Whether they leave something out by words alone.
    pub fn searches_only(&self) -> bool {
        self.narrow() && !self.with_words("").narrow()
    }

    /// Whether the shopper is past the shop window: looking for something, or leafing.
    pub fn browsing(&self) -> bool {
        *self != Self::default()
    }
}

/// An order by its name in addresses; the usual one for other names.
pub fn sort_named(name: &str) -> Sort {
    match name {
        "price-asc" => Sort::PriceAsc,
        "price-desc" => Sort::PriceDesc,
        "title" => Sort::Title,
        _ => Sort::Relevance,
    }
}

/// An order's name in addresses.
pub fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "relevance",
        Sort::PriceAsc => "price-asc",
        Sort::PriceDesc => "price-desc",
        Sort::Title => "title",
    }
}

fn words(typed: &str) -> String {
    typed.trim().chars().take(LONGEST_SEARCH).collect::<String>().trim_end().to_owned()
}

/// The values of a list in an address; a comma of a value's own is written as `%2C` there.
fn list(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    for value in text.split(',').map(|value| decode(value.trim())).take(MOST_VALUES) {
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

fn listed(values: &[String]) -> String {
    let escaped = values.iter().map(|value| value.replace('%', "%25").replace(',', "%2C"));
    escaped.collect::<Vec<_>>().join(",")
}

/// Whether `value` is among those that are chosen; the shop does not tell `navy` from `Navy`.
pub fn chosen(values: &[String], value: &str) -> bool {
    values.iter().any(|known| known.eq_ignore_ascii_case(value))
}

fn toggled(values: &[String], value: &str, chosen: bool) -> Vec<String> {
    let mut values: Vec<String> =
        values.iter().filter(|known| !known.eq_ignore_ascii_case(value)).cloned().collect();
    if chosen {
        values.push(value.to_owned());
    }
    values
}

/// An address that grows by names and values.
struct Query {
    text: String,
    next: char,
}

impl Query {
    fn new(path: &str) -> Self {
        Self { text: path.to_owned(), next: '?' }
    }

    fn filters(&mut self, filters: &Filters, cents_per_unit: i64) {
        self.add("q", &filters.q);
        self.add("category", &filters.category);
        self.number("min", filters.min.map(|price| price * cents_per_unit));
        self.number("max", filters.max.map(|price| price * cents_per_unit));
        if filters.sort != Sort::Relevance {
            self.add("sort", sort_name(filters.sort));
        }
    }

    fn number(&mut self, name: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.add(name, &value.to_string());
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.text.push(self.next);
        self.text.push_str(name);
        self.text.push('=');
        self.text.push_str(&encode(value));
        self.next = '&';
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::route::Address;

    fn read(path: &str) -> Filters {
        Filters::from_query(&Address::parse(path).query)
    }

    /// What an address means, written as the address that the shop itself gives it.
    fn check(path: &str, expected: &str) {
        assert_eq!(read(path).path(), expected, "{path}");
        assert_eq!(read(expected), read(path), "{path} there and back");
    }

    #[test]
    fn addresses_become_filters_and_filters_addresses() {
        check("/", "/");
        check("/?q=bed", "/?q=bed");
        check("/?q=dog+bed", "/?q=dog%20bed");
        check("/?q=%20%20bed%20", "/?q=bed");
        check("/?q=%26%3D%23%3F", "/?q=%26%3D%23%3F");
        check("/?q=K%C3%A4fig", "/?q=K%C3%A4fig");
        check("/?category=dog-beds&q=", "/?category=dog-beds");
        check("/?min=5&max=20", "/?min=5&max=20");
        check("/?min=20&max=5", "/?min=5&max=20");
        check("/?min=0", "/?min=0");
        check("/?max=7&min=7", "/?min=7&max=7");
        check("/?sort=price-desc&page=3", "/?sort=price-desc&page=3");
        check("/?sort=relevance&page=1", "/");
        check("/?colour=Navy,Sand&size=M&stock=1", "/?colour=Navy%2CSand&size=M&stock=1");
        check("/?colour=Navy%2C%20Dark%20blue,,Navy", "/?colour=Navy%2CDark%20blue");
        check("/?size=1%252C5%20kg,50%2525", "/?size=1%252C5%20kg%2C50%2525");
        check("/?utm_source=mail&fbclid=x", "/");
    }

    #[test]
    fn what_cannot_be_read_counts_as_not_given() {
        for path in [
            "/?min=abc",
            "/?min=-1",
            "/?max=1e3",
            "/?max=12.5",
            "/?min=99999999999999999999",
            "/?max=1000001",
            "/?sort=best",
            "/?page=0",
            "/?page=-4",
            "/?page=x",
            "/?page=",
            "/?q=%20",
            "/?colour=,%20,",
            "/?stock=true",
        ] {
            check(path, "/");
        }
    }

    #[test]
    fn long_searches_are_cut_between_characters() {
        assert_eq!(read(&format!("/?q={}", encode(&"ü".repeat(300)))).q, "ü".repeat(200));
        assert_eq!(Filters::default().with_words(&format!("{} x", "a".repeat(199))).q, "a".repeat(199));
    }

    #[test]
    fn the_api_is_asked_in_cents_and_always_for_a_page() {
        let check = |path: &str, expected: &str| assert_eq!(read(path).api_path(), expected);
        check("/", "/catalogue/products?page=1&per_page=24");
        check(
            "/?q=a%26b&category=fish&min=1&max=20&sort=title&page=2",
            "/catalogue/products?q=a%26b&category=fish&min=100&max=2000&sort=title&page=2&per_page=24",
        );
    }

    #[test]
    fn the_api_is_told_every_colour_and_size_by_itself() {
        assert_eq!(
            read("/?colour=Navy,Sand&size=1%252C5%20kg&stock=1").api_path(),
            "/catalogue/products?colour=Navy&colour=Sand&size=1%2C5%20kg&in_stock=true&page=1&per_page=24"
        );
    }

    #[test]
    fn every_change_but_of_the_page_begins_at_the_first_page() {
        let filters = read("/?q=bed&page=4");
        assert_eq!(filters.with_words("cosy").path(), "/?q=cosy");
        assert_eq!(filters.with_category("cats").path(), "/?q=bed&category=cats");
        assert_eq!(filters.with_prices(None, Some(9)).path(), "/?q=bed&max=9");
        let navy = filters.with_colour("Navy", true);
        assert_eq!(navy.path(), "/?q=bed&colour=Navy");
        assert_eq!(navy.with_colour("Sand", true).path(), "/?q=bed&colour=Navy%2CSand");
        assert_eq!(navy.with_colour("Navy", true).with_colour("Navy", false).path(), "/?q=bed");
        assert_eq!(read("/?colour=navy").with_colour("Navy", false).path(), "/");
        assert!(chosen(&["navy".to_owned()], "Navy") && !chosen(&[], "Navy"));
        assert_eq!(filters.with_size("1,5 kg", true).path(), "/?q=bed&size=1%252C5%20kg");
        assert_eq!(filters.with_stock(true).path(), "/?q=bed&stock=1");
        assert_eq!(filters.with_sort(Sort::Title).path(), "/?q=bed&sort=title");
        assert_eq!(filters.with_page(5).path(), "/?q=bed&page=5");
        assert_eq!(filters.with_page(1).path(), "/?q=bed");
    }

    #[test]
    fn orders_and_pages_leave_nothing_out() {
        let check = |path: &str, narrow: bool, browsing: bool| {
            assert_eq!((read(path).narrow(), read(path).browsing()), (narrow, browsing), "{path}");
        };
        check("/", false, false);
        check("/?page=2", false, true);
        check("/?sort=title", false, true);
        check("/?min=1", true, true);
        check("/?q=x", true, true);
        check("/?category=x", true, true);
        check("/?colour=x", true, true);
        check("/?size=x&sort=title", true, true);
        check("/?stock=1", true, true);
    }

    #[test]
    fn words_and_categories_are_told_from_other_filters() {
        let check = |path: &str, filtered: bool, searches_only: bool| {
            assert_eq!(
                (read(path).filtered(), read(path).searches_only()),
                (filtered, searches_only),
                "{path}"
            );
        };
        check("/", false, false);
        check("/?sort=title", false, false);
        check("/?q=x", false, true);
        check("/?q=x&sort=title&page=2", false, true);
        check("/?category=x", false, false);
        check("/?q=x&category=x", false, false);
        check("/?q=x&stock=1", true, false);
        check("/?min=1", true, false);
    }
}
