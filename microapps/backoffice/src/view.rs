//! What is looked at, as the address says it.

use contract::route::{Pairs, decode, encode};
use microapp::{Route, t, t_with};

/// How many orders and messages a page has.
pub const FEW: usize = 25;
/// How many variants and entries of the log a page has.
pub const MANY: usize = 50;
/// From here down stock is low; the shop tells shoppers how many are left from here on, too.
pub const LOW: i64 = 5;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Orders, the newest first.
    Orders(Filter),
    /// One order, by its number.
    Order(String),
    /// Variants and how many there are.
    Stock(Filter),
    /// Messages of the contact form, the newest first.
    Messages(Filter),
    /// Who changed what, the newest first.
    Log(Filter),
    /// Nothing that there is.
    Nowhere,
}

/// Which part of a list is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What the list is narrowed down to: a status, `low`, `all`; empty for what shows by itself.
    pub only: String,
    /// What is searched for.
    pub words: String,
    /// The page begins after this one; empty for the first page.
    pub from: String,
}

impl View {
    /// What an address means.
    pub fn of(route: &Route) -> Self {
        let filter = Filter::of(&route.query);
        match route.path.trim_end_matches('/') {
            "/orders" => Self::Orders(filter),
            "/stock" => Self::Stock(filter),
            "/messages" => Self::Messages(filter),
            "/log" => Self::Log(filter),
            path => match path.strip_prefix("/orders/") {
                Some(number) if !number.contains('/') => Self::Order(decode(number)),
                _ => Self::Nowhere,
            },
        }
    }

    /// What it is told from others by: another one is another page, with its heading; filters are of the same page.
    pub fn name(&self) -> String {
        match self {
            Self::Orders(_) => t("Orders"),
            Self::Order(number) => t_with("Order {number}", &[("number", number)]),
            Self::Stock(_) => t("Stock"),
            Self::Messages(_) => t("Messages"),
            Self::Log(_) => t("Log"),
            Self::Nowhere => t("Nothing here"),
        }
    }

    /// Which part of a list it is.
    pub fn filter(&self) -> Filter {
        match self {
            Self::Orders(filter) | Self::Stock(filter) | Self::Messages(filter) | Self::Log(filter) => {
                filter.clone()
            }
            Self::Order(_) | Self::Nowhere => Filter::default(),
        }
    }

    /// The same list with another part of it, as an address.
    pub fn address(&self, filter: &Filter) -> String {
        let path = match self {
            Self::Orders(_) => "/orders",
            Self::Order(number) => return order(number),
            Self::Stock(_) => "/stock",
            Self::Messages(_) => "/messages",
            Self::Log(_) | Self::Nowhere => "/log",
        };
        [path, &query([("only", &filter.only), ("q", &filter.words), ("from", &filter.from)])].concat()
    }

    /// Where the server has it, and as which field it is read. One more than shows: so it is known whether there are more.
    pub fn asks(&self) -> Option<(&'static str, String)> {
        let few = (FEW + 1).to_string();
        let many = (MANY + 1).to_string();
        let low = LOW.to_string();
        Some(match self {
            Self::Orders(Filter { only, words, from }) => {
                let query = query([("status", only), ("q", words), ("before", from), ("limit", &few)]);
                ("orders", ["/operator/orders", &query].concat())
            }
            Self::Order(number) => ("order", ["/operator", &order(number)].concat()),
            Self::Stock(Filter { only, words, from }) => {
                let low = if only == "low" { low.as_str() } else { "" };
                let query = query([("at_most", low), ("q", words), ("after", from), ("limit", &many)]);
                ("stock", ["/operator/stock", &query].concat())
            }
            Self::Messages(Filter { only, words, from }) => {
                let open = if only == "all" { "" } else { "true" };
                let query = query([("open", open), ("q", words), ("before", from), ("limit", &few)]);
                ("messages", ["/operator/messages", &query].concat())
            }
            Self::Log(Filter { from, .. }) => {
                ("log", ["/operator/audit", &query([("before", from), ("limit", &many)])].concat())
            }
            Self::Nowhere => return None,
        })
    }

    /// Whether what shows changes by itself: shoppers order and write, and pay.
    pub fn moves(&self) -> bool {
        matches!(self, Self::Orders(_) | Self::Order(_) | Self::Messages(_))
    }
}

impl Filter {
    fn of(query: &Pairs) -> Self {
        let value = |name: &str| query.get(name).cloned().unwrap_or_default();
        Self { only: value("only"), words: value("q"), from: value("from") }
    }

    /// The same from its first page on, narrowed down otherwise.
    pub fn only(&self, only: &str) -> Self {
        Self { only: only.to_owned(), words: self.words.clone(), from: String::new() }
    }

    /// The same from its first page on, searched for something else.
    pub fn words(&self, words: &str) -> Self {
        Self { only: self.only.clone(), words: words.to_owned(), from: String::new() }
    }

    /// The same from somewhere else on.
    pub fn from(&self, from: &str) -> Self {
        Self { from: from.to_owned(), ..self.clone() }
    }
}

/// The address of an order.
pub fn order(number: &str) -> String {
    ["/orders/", &encode(number)].concat()
}

/// `?a=1&b=2` of those that have a value.
fn query<const N: usize>(pairs: [(&str, &str); N]) -> String {
    let mut text = String::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::route::Address;

    fn view(address: &str) -> View {
        let Address { path, query } = Address::parse(address);
        View::of(&Route { path, query, ..Route::default() })
    }

    #[test]
    fn addresses_say_what_is_asked_for() {
        for (address, asked) in [
            ("/orders", "/operator/orders?limit=26"),
            (
                "/orders?only=paid&q=ada%40example.org&from=M-10042",
                "/operator/orders?status=paid&q=ada%40example.org&before=M-10042&limit=26",
            ),
            ("/orders/M-10042", "/operator/orders/M-10042"),
            ("/orders/a%2Fb", "/operator/orders/a%2Fb"),
            ("/stock", "/operator/stock?limit=51"),
            ("/stock?only=low&q=bed&from=7", "/operator/stock?at_most=5&q=bed&after=7&limit=51"),
            ("/messages", "/operator/messages?open=true&limit=26"),
            ("/messages?only=all&from=C-1", "/operator/messages?before=C-1&limit=26"),
            ("/messages?only=all&q=C-1", "/operator/messages?q=C-1&limit=26"),
            ("/log?from=9", "/operator/audit?before=9&limit=51"),
            ("/log/", "/operator/audit?limit=51"),
        ] {
            assert_eq!(view(address).asks().unwrap().1, asked, "{address}");
        }
        assert_eq!(view("/orders/1/2"), View::Nowhere);
        assert_eq!(view("/nowhere").asks(), None);
    }

    #[test]
    fn a_list_keeps_its_address() {
        for address in ["/orders", "/orders?only=paid&q=a%20b&from=M-10042", "/stock?only=low", "/log?from=9"]
        {
            let view = view(address);
            assert_eq!(view.address(&view.filter()), address);
        }
        let paid = view("/orders?only=paid&q=ada&from=M-10042");
        assert_eq!(paid.address(&paid.filter().only("")), "/orders?q=ada");
        assert_eq!(paid.address(&paid.filter().words("eve")), "/orders?only=paid&q=eve");
    }
}
