//! Which variant the shopper means, and which values of an option can be had.
//!
//! Options are chosen from the first to the last: a value is judged beside the values *before* it,
//! and choosing it moves the later ones to what can be had. So every variant in stock can be
//! reached, whatever was chosen before.

use contract::{
    route::Pairs,
    shop::catalogue::{Product, Variant},
};
use microapp::t;

/// One value per option of the product, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice(pub Vec<String>);

/// Whether a value of an option can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Yes.
    InStock,
    /// It exists, but none is left.
    SoldOut,
    /// It does not exist beside the values that were chosen before it.
    NotMade,
}

impl Availability {
    /// The reason in a word or two; nothing when there is none to give.
    pub fn reason(self) -> Option<String> {
        match self {
            Self::InStock => None,
            Self::SoldOut => Some(t("sold out")),
            Self::NotMade => Some(t("not made")),
        }
    }
}

impl Choice {
    /// What an address chooses: its values where the product knows them, else what can be had.
    pub fn from_query(product: &Product, query: &Pairs) -> Self {
        let asked: Vec<Option<&str>> = product
            .options
            .iter()
            .map(|option| {
                // Older addresses name it in the language that they were made in.
                let asked = query.get(&option.name).or_else(|| query.get(&option.label))?;
                option
                    .values
                    .iter()
                    .map(|value| value.value.as_str())
                    .find(|value| value.eq_ignore_ascii_case(asked))
            })
            .collect();
        let fits = |variant: &&Variant| {
            asked.iter().zip(&variant.values).all(|(asked, value)| asked.is_none_or(|asked| asked == value))
        };
        if let Some(variant) = preferred(product.variants.iter().filter(fits)) {
            return Self(variant.values.clone());
        }
        // The address asks for what does not exist; it is shown as asked, beside what does.
        let usual =
            preferred(product.variants.iter()).map(|variant| variant.values.clone()).unwrap_or_default();
        let value = |at: usize, asked: Option<&str>| {
            asked.map(str::to_owned).or_else(|| usual.get(at).cloned()).unwrap_or_default()
        };
        Self(asked.iter().enumerate().map(|(at, asked)| value(at, *asked)).collect())
    }

    /// The choice as an address's query, with its `?`; empty for a product without options.
    pub fn query(&self, product: &Product) -> String {
        let mut text = String::new();
        for (option, value) in product.options.iter().zip(&self.0) {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.push_str(&contract::route::encode(&option.name));
            text.push('=');
            text.push_str(&contract::route::encode(value));
        }
        text
    }

    /// The variant; `None` when the combination does not exist.
    pub fn variant<'a>(&self, product: &'a Product) -> Option<&'a Variant> {
        product.variants.iter().find(|variant| variant.values == self.0)
    }

    /// Whether `value` of the option at `at` can be had beside the values before it.
    pub fn availability(&self, product: &Product, at: usize, value: &str) -> Availability {
        let mut found = Availability::NotMade;
        for variant in self.beside(product, at, value) {
            if variant.stock > 0 {
                return Availability::InStock;
            }
            found = Availability::SoldOut;
        }
        found
    }

    /// The choice with another value of the option at `at`: of the variants that have it beside the
    /// values before it, the one in stock that keeps most of the later values.
    #[must_use]
    pub fn with(&self, product: &Product, at: usize, value: &str) -> Self {
        let kept = |variant: &Variant| {
            variant
                .values
                .iter()
                .zip(&self.0)
                .skip(at + 1)
                .take_while(|(theirs, ours)| theirs == ours)
                .count()
        };
        let mut best: Option<(&Variant, (bool, usize))> = None;
        for variant in self.beside(product, at, value) {
            let rank = (variant.stock > 0, kept(variant));
            if best.is_none_or(|(_, highest)| rank > highest) {
                best = Some((variant, rank));
            }
        }
        match best {
            Some((variant, _)) => Self(variant.values.clone()),
            None => self.clone(),
        }
    }

    fn beside<'a>(
        &'a self,
        product: &'a Product,
        at: usize,
        value: &'a str,
    ) -> impl Iterator<Item = &'a Variant> {
        product.variants.iter().filter(move |variant| {
            let before = variant.values.iter().zip(&self.0).take(at).all(|(theirs, ours)| theirs == ours);
            before && variant.values.get(at).is_some_and(|theirs| theirs == value)
        })
    }
}

/// The first in stock, else the first.
fn preferred<'a>(variants: impl Iterator<Item = &'a Variant> + Clone) -> Option<&'a Variant> {
    variants.clone().find(|variant| variant.stock > 0).or_else(|| variants.clone().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{
        route::Address,
        shop::{
            catalogue::{OptionValue, PriceTax, ProductOption},
            money::Money,
        },
    };

    /// `Red S 3` is a variant with 3 in stock; the options are named in `options`.
    fn product(options: &str, variants: &[&str]) -> Product {
        let names: Vec<&str> = options.split_whitespace().collect();
        let variants: Vec<Variant> = variants
            .iter()
            .enumerate()
            .map(|(i, text)| {
                let words: Vec<&str> = text.split(' ').collect();
                Variant {
                    id: i as i64 + 1,
                    sku: String::new(),
                    values: words[..names.len()].iter().map(|word| (*word).to_owned()).collect(),
                    price: Money::default(),
                    compare_at: None,
                    stock: words[names.len()].parse().unwrap(),
                    picture: None,
                }
            })
            .collect();
        let values = |at: usize| {
            let mut values: Vec<OptionValue> = Vec::new();
            for variant in &variants {
                if !values.iter().any(|known| known.value == variant.values[at]) {
                    values.push(OptionValue { value: variant.values[at].clone(), swatch: None });
                }
            }
            values
        };
        let options = names
            .iter()
            .enumerate()
            .map(|(at, name)| ProductOption {
                name: (*name).to_owned(),
                label: ["the ", *name].concat(),
                values: values(at),
            })
            .collect();
        Product {
            id: 7,
            handle: String::new(),
            title: String::new(),
            description_html: String::new(),
            vendor: String::new(),
            category: String::new(),
            category_name: String::new(),
            pictures: Vec::new(),
            options,
            variants,
            tax: PriceTax::default(),
            rating: None,
        }
    }

    fn bed() -> Product {
        product("Colour Size", &["Red S 0", "Red M 2", "Navy S 5", "Navy L 1", "Grey S 0", "Grey M 0"])
    }

    fn chosen(text: &str) -> Choice {
        Choice(text.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn addresses_choose() {
        let check = |query: &str, expected: &str| {
            let query = Address::parse(query).query;
            assert_eq!(Choice::from_query(&bed(), &query), chosen(expected), "{query:?}");
        };
        check("/", "Red M"); // the first that can be had
        check("/?Colour=Navy", "Navy S");
        check("/?Colour=navy&Size=l", "Navy L");
        check("/?Size=L", "Navy L");
        check("/?Size=S", "Navy S"); // red S is sold out
        check("/?Colour=Red&Size=S", "Red S"); // sold out, but asked for
        check("/?Colour=Grey", "Grey S"); // all sold out
        check("/?Colour=Red&Size=L", "Red L"); // does not exist, but asked for
        check("/?Colour=Purple&Size=L", "Navy L");
        check("/?Colour=Purple", "Red M");
        check("/?Material=Wool", "Red M");
        check("/?the+Colour=Navy", "Navy S"); // as it is called in the reader's language
    }

    #[test]
    fn a_product_without_options_has_one_choice() {
        let plain = product("", &["3"]);
        let choice = Choice::from_query(&plain, &Pairs::new());
        assert_eq!(choice, Choice(Vec::new()));
        assert_eq!(choice.variant(&plain).map(|variant| variant.stock), Some(3));
        assert_eq!(choice.query(&plain), "");
        let nothing = product("Size", &[]);
        assert_eq!(Choice::from_query(&nothing, &Pairs::new()).variant(&nothing), None);
    }

    #[test]
    fn choices_become_addresses_and_come_back() {
        let odd = product("Colour Size&Fit", &["Sea+green 1/2 1", "Crème 3=4 1"]);
        for variant in &odd.variants {
            let choice = Choice(variant.values.clone());
            let query = Address::parse(&format!("/product/7{}", choice.query(&odd))).query;
            assert_eq!(Choice::from_query(&odd, &query), choice);
        }
        assert_eq!(chosen("Navy S").query(&bed()), "?Colour=Navy&Size=S");
    }

    #[test]
    fn combinations_that_do_not_exist_are_no_variants() {
        let check = |choice: &str, expected: Option<i64>| {
            assert_eq!(chosen(choice).variant(&bed()).map(|variant| variant.id), expected, "{choice}");
        };
        check("Red M", Some(2));
        check("Red S", Some(1));
        check("Red L", None);
        check("Red", None);
        check("red m", None);
    }

    #[test]
    fn values_are_judged_beside_those_before_them() {
        use Availability::{InStock, NotMade, SoldOut};
        let check = |choice: &str, at: usize, value: &str, expected: Availability| {
            assert_eq!(chosen(choice).availability(&bed(), at, value), expected, "{value} beside {choice}");
        };
        check("Red M", 0, "Navy", InStock); // though navy M does not exist
        check("Red M", 0, "Red", InStock);
        check("Red M", 0, "Grey", SoldOut);
        check("Red M", 0, "Purple", NotMade);
        check("Red M", 1, "S", SoldOut);
        check("Red M", 1, "M", InStock);
        check("Red M", 1, "L", NotMade);
        check("Navy S", 1, "M", NotMade);
        check("Navy S", 1, "L", InStock);
        check("Red M", 2, "x", NotMade);
    }

    #[test]
    fn choosing_moves_later_values_to_what_can_be_had() {
        let check = |choice: &str, at: usize, value: &str, expected: &str| {
            assert_eq!(chosen(choice).with(&bed(), at, value), chosen(expected), "{value} into {choice}");
        };
        check("Red M", 0, "Navy", "Navy S");
        check("Navy L", 0, "Red", "Red M");
        check("Navy S", 0, "Red", "Red M"); // red S is sold out
        check("Navy S", 1, "L", "Navy L");
        check("Red M", 0, "Grey", "Grey M"); // sold out all over; the size is kept
        check("Red M", 1, "L", "Red M"); // does not exist: nothing changes
        check("Red L", 0, "Navy", "Navy L");
    }

    #[test]
    fn every_variant_in_stock_can_be_reached_from_everywhere() {
        let three =
            product("A B C", &["a x 1 1", "a y 2 1", "b x 2 0", "b y 1 1", "c z 3 1", "c z 4 0", "a x 4 1"]);
        let starts = three.variants.iter().map(|variant| Choice(variant.values.clone()));
        for start in starts.chain([chosen("b z 9")]) {
            for wanted in three.variants.iter().filter(|variant| variant.stock > 0) {
                let mut choice = start.clone();
                for (at, value) in wanted.values.iter().enumerate() {
                    assert_eq!(choice.availability(&three, at, value), Availability::InStock);
                    choice = choice.with(&three, at, value);
                }
                assert_eq!(choice.0, wanted.values, "from {start:?}");
            }
        }
    }
}
