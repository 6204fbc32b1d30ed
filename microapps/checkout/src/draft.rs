//! What the shopper has filled in, and what is under way. Kept in the browser until the order stands;
//! the card number never is.

use contract::shop::{
    address_form::{AddressForm, Part},
    cart::LineItem,
    order::{Address, ExpectedLine, PaymentMethod, PlaceOrder},
};
use microapp::{SessionInfo, State};
use serde::Serialize;

/// A field of the address step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Email,
    Name,
    Street,
    Extra,
    Postcode,
    City,
    Region,
    Country,
}

/// An order that was asked for and not answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Intent {
    /// Makes it one order, however often it is sent.
    pub key: String,
    /// What was asked for.
    pub order: PlaceOrder,
}

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Where to write to.
    pub email: String,
    /// Where it goes.
    pub address: Address,
    /// A delivery's id.
    pub delivery: String,
    /// How it is paid.
    pub payment: Option<PaymentMethod>,
    /// Sent, and no final answer yet.
    pub intent: Option<Intent>,
    /// An older one without a final answer: its order may stand.
    pub lost: Option<Intent>,
    /// The key of an order that waits for its payment.
    pub unpaid: Option<String>,
    /// Makes a payment happen once; until its final answer.
    pub paying: Option<String>,
}

contract::record!(Intent { key, order });
contract::record!(Draft {} or_default { email, address, delivery, payment, intent, lost, unpaid, paying });
contract::read_as_records!(Intent, Draft);

/// What can happen to it.
pub enum Action {
    /// Something was typed or chosen.
    Typed(Field, String),
    /// Somebody is signed in: what is empty is filled in.
    Known(SessionInfo),
    /// A delivery was chosen.
    Delivery(String),
    /// A payment was chosen; `None` where the one that was is not offered.
    Payment(Option<PaymentMethod>),
    /// The order is about to be sent.
    Intended(Box<Intent>),
    /// The order was refused: nothing of it happened.
    Refused,
    /// The order stands and waits for its payment.
    Unpaid(String),
    /// A payment is about to be sent.
    Paying(String),
    /// The payment was refused, or is no longer needed.
    NotPaid,
    /// The order was given up to be paid another way.
    GivenUp,
    /// The order stands, all is done.
    Finished,
}

impl State for Draft {
    const PERSONAL: bool = true;
    type Action = Action;

    fn reduce(&mut self, action: Action) {
        match action {
            Action::Typed(field, text) => self.set(field, text),
            Action::Known(person) => {
                for (field, text) in [(Field::Email, person.email), (Field::Name, person.name)] {
                    if self.get(field).is_empty() {
                        self.set(field, text);
                    }
                }
            }
            Action::Delivery(id) => self.delivery = id,
            Action::Payment(method) => self.payment = method,
            Action::Intended(intent) => {
                if let Some(before) =
                    self.intent.replace(*intent).filter(|before| Some(before) != self.intent.as_ref())
                {
                    self.lost = Some(before);
                }
            }
            Action::Refused => self.intent = None,
            Action::Unpaid(key) => {
                self.intent = None;
                self.lost = None;
                self.unpaid = Some(key);
            }
            Action::Paying(key) => self.paying = Some(key),
            Action::NotPaid => self.paying = None,
            Action::GivenUp => {
                self.unpaid = None;
                self.paying = None;
            }
            // Whoever uses this browser next need not see where the last one lives.
            Action::Finished => *self = Self::default(),
        }
    }
}

impl Draft {
    /// A field's text.
    pub fn get(&self, field: Field) -> &str {
        match field {
            Field::Email => &self.email,
            Field::Name => &self.address.name,
            Field::Street => &self.address.street,
            Field::Extra => &self.address.extra,
            Field::Postcode => &self.address.postcode,
            Field::City => &self.address.city,
            Field::Region => &self.address.region,
            Field::Country => &self.address.country,
        }
    }

    /// Sets a field's text.
    pub fn set(&mut self, field: Field, text: String) {
        let place = match field {
            Field::Email => &mut self.email,
            Field::Name => &mut self.address.name,
            Field::Street => &mut self.address.street,
            Field::Extra => &mut self.address.extra,
            Field::Postcode => &mut self.address.postcode,
            Field::City => &mut self.address.city,
            Field::Region => &mut self.address.region,
            Field::Country => &mut self.address.country,
        };
        *place = text;
    }

    /// How the country that is chosen writes an address.
    pub fn form(&self) -> AddressForm {
        AddressForm::of(&self.address.country)
    }

    /// The fields that there are, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let parts = self.form().parts.iter().map(|part| Field::of(*part));
        Field::FIRST.into_iter().chain(parts)
    }

    /// The order to send for lines and their total; `None` while something is missing.
    pub fn order(&self, lines: &[LineItem], total: i64) -> Option<PlaceOrder> {
        let expected =
            |line: &LineItem| ExpectedLine { variant_id: line.variant_id, quantity: line.quantity };
        let trimmed = |field| self.get(field).trim().to_owned();
        Some(PlaceOrder {
            email: trimmed(Field::Email),
            address: Address {
                name: trimmed(Field::Name),
                street: trimmed(Field::Street),
                extra: trimmed(Field::Extra),
                postcode: trimmed(Field::Postcode),
                city: trimmed(Field::City),
                region: match self.form().parts.contains(&Part::Region) {
                    true => trimmed(Field::Region),
                    // Typed before the country was another one.
                    false => String::new(),
                },
                country: trimmed(Field::Country),
            },
            delivery: self.delivery.clone(),
            payment: self.payment?,
            expected_total: total,
            expected_lines: lines.iter().map(expected).collect(),
        })
    }

    /// The key that goes with an order: the one of before while its answer is open, else `fresh`.
    pub fn intent(&self, order: PlaceOrder, fresh: impl FnOnce() -> String) -> Intent {
        let same = self.intent.iter().chain(&self.lost).find(|open| open.order == order);
        Intent { key: same.map_or_else(fresh, |open| open.key.clone()), order }
    }
}

impl Field {
    /// Those that are the same everywhere, in the order of the form.
    const FIRST: [Self; 5] = [Self::Email, Self::Name, Self::Country, Self::Street, Self::Extra];

    /// The field of a part that each country writes in its own way.
    pub fn of(part: Part) -> Self {
        match part {
            Part::Postcode => Self::Postcode,
            Part::City => Self::City,
            Part::Region => Self::Region,
        }
    }

    /// Its id on the page.
    pub fn id(self) -> &'static str {
        match self {
            Self::Email => "checkout-email",
            Self::Name => "checkout-name",
            Self::Street => "checkout-street",
            Self::Extra => "checkout-extra",
            Self::Postcode => "checkout-postcode",
            Self::City => "checkout-city",
            Self::Region => "checkout-region",
            Self::Country => "checkout-country",
        }
    }

    /// Its place in [`PlaceOrder`]: what the server calls it.
    pub fn parse(place: &str) -> Option<Self> {
        Some(match place {
            "email" => Self::Email,
            "address.name" => Self::Name,
            "address.street" => Self::Street,
            "address.extra" => Self::Extra,
            "address.postcode" => Self::Postcode,
            "address.city" => Self::City,
            "address.region" => Self::Region,
            "address.country" => Self::Country,
            _ => return None,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use contract::shop::money::Money;

    pub(crate) fn whole() -> Draft {
        Draft {
            email: "ada@example.org".to_owned(),
            address: Address {
                name: "Ada".to_owned(),
                street: " Long Lane 1 ".to_owned(),
                extra: String::new(),
                postcode: "LS1 1AA".to_owned(),
                city: "Leeds".to_owned(),
                region: String::new(),
                country: "GB".to_owned(),
            },
            delivery: "standard".to_owned(),
            payment: Some(PaymentMethod::OnDelivery),
            ..Draft::default()
        }
    }

    /// The keys of what is open, after an order for each total was sent.
    fn check(totals: &[i64], refused_after: Option<usize>, intent: &str, lost: Option<&str>) {
        let mut draft = whole();
        for (at, total) in totals.iter().enumerate() {
            let next = draft.intent(draft.order(&[], *total).unwrap(), || format!("key {at}"));
            draft.reduce(Action::Intended(Box::new(next)));
            if refused_after == Some(at) {
                draft.reduce(Action::Refused);
            }
        }
        let key = |intent: &Option<Intent>| intent.as_ref().map(|intent| intent.key.clone());
        assert_eq!(
            (key(&draft.intent).as_deref(), key(&draft.lost).as_deref()),
            (Some(intent), lost),
            "{totals:?}"
        );
    }

    #[test]
    fn one_key_per_intent() {
        check(&[100], None, "key 0", None);
        check(&[100, 100], None, "key 0", None);
        check(&[100, 120], None, "key 1", Some("key 0"));
        check(&[100, 120, 100], None, "key 0", Some("key 1"));
        check(&[100, 100], Some(0), "key 1", None);
    }

    #[test]
    fn an_order_is_trimmed_and_whole() {
        let line = LineItem {
            variant_id: 3,
            product_id: 1,
            title: "Ball".to_owned(),
            options: String::new(),
            picture: None,
            quantity: 2,
            stock: 5,
            unit_price: Money::default(),
            total: Money::default(),
        };
        let order = whole().order(&[line], 1990).unwrap();
        assert_eq!((order.address.street.as_str(), order.expected_total), ("Long Lane 1", 1990));
        assert_eq!(order.expected_lines, [ExpectedLine { variant_id: 3, quantity: 2 }]);
        assert_eq!(Draft { payment: None, ..whole() }.order(&[], 1990), None);
    }

    #[test]
    fn a_known_person_fills_what_is_empty() {
        let person = || SessionInfo { name: "Grace".to_owned(), email: "grace@example.org".to_owned() };
        let mut draft = Draft { email: "other@example.org".to_owned(), ..Draft::default() };
        draft.reduce(Action::Known(person()));
        assert_eq!((draft.email.as_str(), draft.address.name.as_str()), ("other@example.org", "Grace"));
    }

    #[test]
    fn nothing_is_left_when_the_order_stands() {
        let mut draft = whole();
        draft.reduce(Action::Finished);
        assert_eq!(draft, Draft::default());
    }

    #[test]
    fn fields_have_the_servers_names() {
        let check = |country: &str, parts: &str| {
            let mut draft = Draft::default();
            draft.set(Field::Country, country.to_owned());
            let places = ["email address.name address.country address.street address.extra ", parts].concat();
            let found: Vec<_> = places.split_whitespace().filter_map(Field::parse).collect();
            assert_eq!(found, draft.fields().collect::<Vec<_>>(), "{country}");
        };
        check("", "address.postcode address.city");
        check("DE", "address.postcode address.city");
        check("GB", "address.city address.postcode");
        check("US", "address.city address.region address.postcode");
        assert_eq!(Field::parse("delivery"), None);
    }
}
