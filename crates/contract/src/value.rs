//! JSON as a tree, and records that are read out of it in little code.
//!
//! serde's derive writes code for every field of every type: what to do when it is missing, is there twice, or is of another
//! kind, and how to drop what was read before it. In a wasm that is most of what a page knows about its data. A record here is
//! one call for each field: what does not fit gives an empty value and is noted, and the whole is refused at the end.
//!
//! ```
//! use contract::value::{self, Value};
//! struct Town { name: String, people: Option<i64> }
//! contract::record!(Town { name, people });
//! let value = |name| Value::Object(vec![("name".to_owned(), name)]);
//! assert!(value::read::<Town>(value(Value::Text("Ulm".to_owned()))).is_some_and(|town| town.people.is_none()));
//! assert!(value::read::<Town>(value(Value::Whole(7))).is_none());
//! ```

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A value as JSON has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`, or not there.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object's fields.
    Object(Vec<(String, Value)>),
}

/// Whether everything that was read is of its type.
#[derive(Debug, Default)]
pub struct Faults {
    found: bool,
}

impl Faults {
    /// Notes that something is not of its type.
    pub fn note(&mut self) {
        self.found = true;
    }
}

/// What can be read out of a [`Value`].
pub trait FromValue: Sized {
    /// Reads it. What does not fit is noted, and the answer is then of no use.
    fn from_value(value: Value, faults: &mut Faults) -> Self;
}

/// Reads a whole value; `None` when it is not of the type.
pub fn read<T: FromValue>(value: Value) -> Option<T> {
    let mut faults = Faults::default();
    let read = T::from_value(value, &mut faults);
    (!faults.found).then_some(read)
}

/// Reads a record for serde; used by [`record!`](crate::record).
pub fn deserialize<'de, T: FromValue, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    read(Value::deserialize(deserializer)?)
        .ok_or_else(|| D::Error::custom("some field is missing or of another kind"))
}

impl Value {
    /// The fields of an object.
    pub fn into_fields(self, faults: &mut Faults) -> Fields {
        match self {
            Self::Object(fields) => Fields(fields),
            _ => {
                faults.note();
                Fields(Vec::new())
            }
        }
    }

    fn into_list(self, faults: &mut Faults) -> Vec<Self> {
        match self {
            Self::List(items) => items,
            _ => {
                faults.note();
                Vec::new()
            }
        }
    }
}

/// The fields of an object that are not read yet.
#[derive(Debug)]
pub struct Fields(Vec<(String, Value)>);

impl Fields {
    fn take(&mut self, name: &str) -> Value {
        let field = self.0.iter_mut().find(|(field, _)| field == name);
        field.map(|(_, value)| std::mem::take(value)).unwrap_or_default()
    }

    /// Reads a field.
    pub fn read<T: FromValue>(&mut self, name: &str, faults: &mut Faults) -> T {
        T::from_value(self.take(name), faults)
    }

    /// Reads a field that need not be there.
    pub fn read_or_default<T: FromValue + Default>(&mut self, name: &str, faults: &mut Faults) -> T {
        match self.take(name) {
            Value::Null => T::default(),
            value => T::from_value(value, faults),
        }
    }
}

impl FromValue for Value {
    fn from_value(value: Value, _: &mut Faults) -> Self {
        value
    }
}

impl FromValue for String {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        match value {
            Value::Text(text) => text,
            _ => {
                faults.note();
                Self::new()
            }
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        match value {
            Value::Whole(number) => number,
            _ => {
                faults.note();
                0
            }
        }
    }
}

impl FromValue for u16 {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        Self::try_from(i64::from_value(value, faults)).unwrap_or_else(|_| {
            faults.note();
            0
        })
    }
}

impl FromValue for bool {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        match value {
            Value::Bool(truth) => truth,
            _ => {
                faults.note();
                false
            }
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        match value {
            Value::Null => None,
            value => Some(T::from_value(value, faults)),
        }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        value.into_list(faults).into_iter().map(|item| T::from_value(item, faults)).collect()
    }
}

impl<T: FromValue> FromValue for Box<T> {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        Self::new(T::from_value(value, faults))
    }
}

/// A struct of that many fields, or an enum of words, as what is read out of a [`Value`](crate::value::Value).
///
/// ```
/// # struct Parcel { weight: i64, notes: Vec<String>, size: Size }
/// # #[derive(Debug, PartialEq)] enum Size { Small, Large }
/// contract::record!(Parcel { weight, size } or_default { notes });
/// contract::record!(enum Size { Small = "small", Large = "large" });
/// ```
#[macro_export]
macro_rules! record {
    ($type:ty { $($field:ident),* $(,)? } $(or_default { $($open:ident),* })?) => {
        impl $crate::value::FromValue for $type {
            fn from_value(value: $crate::value::Value, faults: &mut $crate::value::Faults) -> Self {
                let mut fields = value.into_fields(faults);
                Self {
                    $($field: fields.read(stringify!($field), faults),)*
                    $($($open: fields.read_or_default(stringify!($open), faults),)*)?
                }
            }
        }
    };
    (enum $type:ty { $first:ident = $first_word:literal $(, $variant:ident = $word:literal)* $(,)? }) => {
        impl $crate::value::FromValue for $type {
            fn from_value(value: $crate::value::Value, faults: &mut $crate::value::Faults) -> Self {
                match <String as $crate::value::FromValue>::from_value(value, faults).as_str() {
                    $($word => Self::$variant,)*
                    word => {
                        if word != $first_word {
                            faults.note();
                        }
                        Self::$first
                    }
                }
            }
        }
    };
}

/// Has serde read these records as such, in place of its derive.
#[macro_export]
macro_rules! read_as_records {
    ($($type:ty),* $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::value::deserialize(deserializer)
            }
        }
    )*};
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Whole(number))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Whole).map_err(|_| E::custom("a number is too large"))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }
    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = object.next_entry()? {
            fields.push(field);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::{
        account::SignedInBrowser,
        cart::{AddItem, Cart},
        catalogue::{Category, Product, ProductPage, Suggestions},
        operator::{Message, OrderFile, StockItem},
        order::{CheckoutOptions, Order, PlaceOrder},
        passkey::Passkey,
        problem::Problem,
    };
    use serde::de::DeserializeOwned;
    use serde_json::{Value as Json, json};

    fn tree(json: &Json) -> Value {
        serde_json::from_value(json.clone()).unwrap()
    }

    /// Every place in `json`: what leads to it, outermost first.
    fn places(json: &Json) -> Vec<String> {
        let parts: Vec<(String, &Json)> = match json {
            Json::Object(fields) => fields.iter().map(|(name, value)| (format!("/{name}"), value)).collect(),
            Json::Array(items) => {
                items.iter().enumerate().map(|(at, value)| (format!("/{at}"), value)).collect()
            }
            _ => Vec::new(),
        };
        let below = |(name, value): (String, &Json)| {
            let deeper: Vec<_> = places(value).into_iter().map(|place| format!("{name}{place}")).collect();
            [vec![name], deeper].concat()
        };
        parts.into_iter().flat_map(below).collect()
    }

    /// serde's derive, which the server has, and the record, which browsers have, are of one mind about `json`,
    /// and about it with each place missing, `null` or of another kind.
    fn check<T: FromValue + DeserializeOwned + PartialEq + fmt::Debug>(json: Json) {
        assert!(serde_json::from_value::<T>(json.clone()).is_ok(), "{json}");
        assert_eq!(read::<T>(tree(&json)), serde_json::from_value(json.clone()).ok());
        for place in places(&json) {
            let (parent, name) = place.rsplit_once('/').unwrap();
            for other in [
                None,
                Some(Json::Null),
                Some(json!(true)),
                Some(json!(1.5)),
                Some(json!("x")),
                Some(json!({})),
            ] {
                let mut changed = json.clone();
                match (changed.pointer_mut(parent).unwrap(), &other) {
                    (Json::Object(fields), None) => drop(fields.remove(name)),
                    (_, None) => continue,
                    (_, Some(other)) => *changed.pointer_mut(&place).unwrap() = other.clone(),
                }
                let derived = serde_json::from_value::<T>(changed.clone()).ok();
                // A field that may be left out may also be `null` for a record.
                let lenient = other == Some(Json::Null) && {
                    let mut without = json.clone();
                    without
                        .pointer_mut(parent)
                        .and_then(Json::as_object_mut)
                        .map(|fields| fields.remove(name));
                    serde_json::from_value::<T>(without).is_ok()
                };
                if !lenient {
                    assert_eq!(read::<T>(tree(&changed)), derived, "{place} as {other:?}");
                }
            }
        }
    }

    fn money() -> Json {
        json!({ "amount": 1999, "currency": "EUR" })
    }

    fn cart() -> Json {
        json!({
            "revision": 3, "pieces": 2, "coupon": { "code": "TEN", "label": "10 % off" },
            "lines": [{
                "variant_id": 7, "product_id": 5, "title": "Bed", "options": "Navy, M", "picture": "/p.svg", "quantity": 2,
                "stock": 9, "unit_price": money(), "total": money(),
            }],
            "totals": totals(), "notices": [{ "variant_id": 7, "message": "Fewer." }],
        })
    }

    fn totals() -> Json {
        json!({
            "lines": money(), "discount": money(), "delivery": money(), "tax_included": money(), "tax_added": money(),
            "total": money(),
        })
    }

    fn address() -> Json {
        json!({ "name": "Ada", "street": "1", "extra": "2", "postcode": "3", "city": "Leeds", "country": "GB" })
    }

    fn delivery() -> Json {
        json!({ "id": "standard", "name": "Standard", "when": "soon", "price": money() })
    }

    fn order(status: &str) -> Json {
        json!({
            "key": "k", "number": "M-1", "status": status, "payment": "test_card", "pay_at": "https://pay.example",
            "placed_at": "2026-11-27T01:00:00Z", "email": "a@b.c", "address": address(), "country_name": "GB",
            "delivery": delivery(), "lines": cart()["lines"], "coupon": cart()["coupon"], "totals": totals(),
        })
    }

    #[test]
    fn records_are_read_as_serde_reads_them() {
        check::<AddItem>(json!({ "variant_id": 1, "quantity": 2 }));
        check::<Cart>(cart());
        check::<CheckoutOptions>(json!({
            "countries": [{ "code": "GB", "name": "United Kingdom" }], "deliveries": [delivery()],
            "payments": [
                { "method": "on_delivery", "name": "a", "hint": "b" }, { "method": "test_card", "name": "a", "hint": "b" },
                { "method": "stripe", "name": "a", "hint": "b" },
            ],
        }));
        check::<PlaceOrder>(json!({
            "email": "a@b.c", "address": address(), "delivery": "standard", "payment": "stripe", "expected_total": 1,
            "expected_lines": [{ "variant_id": 1, "quantity": 2 }],
        }));
        for status in ["payment_pending", "placed", "paid", "shipped", "cancelled"] {
            check::<Order>(order(status));
        }
        let entry = json!({
            "id": 1, "at": "2026-11-27T01:00:00Z", "who": "Ada", "kind": "order", "subject": "M-1", "was": "a", "became": "b",
        });
        for status in ["open", "paid", "ended"] {
            check::<OrderFile>(json!({
                "order": order("paid"), "payment": { "reference": "r", "status": status, "at": "2026-11-27T01:00:00Z" },
                "refunds": [{ "reference": "r", "done": true }], "history": [entry],
            }));
        }
        check::<StockItem>(json!({
            "variant_id": 1, "product_id": 2, "sku": "A", "title": "A", "options": "Navy", "stock": 3,
        }));
        check::<Message>(json!({
            "reference": "C-1", "at": "2026-11-27T01:00:00Z", "name": "Ada", "email": "a@b.c", "topic": "other",
            "message": "Hello", "answered": false,
        }));
        check::<Problem>(json!({
            "code": "E403", "status": 409, "title": "No.", "fields": [{ "field": "email", "message": "?" }], "request_id": "r",
        }));
        check::<SignedInBrowser>(json!({
            "id": "a", "current": true, "device": "Firefox on Linux", "since": "2026-11-27T01:00:00Z",
            "seen": "2026-11-27T01:00:00Z",
        }));
        check::<Passkey>(
            json!({ "id": 1, "name": "Phone", "added": "2026-11-27T01:00:00Z", "used": "2026-11-27T02:00:00Z" }),
        );
        check::<Category>(json!({ "slug": "a", "name": "A", "products": 3, "picture": "/p.svg" }));
        check::<Suggestions>(json!({
            "categories": [{ "slug": "a", "name": "A" }], "products": [{ "id": 1, "title": "A" }],
        }));
        let values = json!([{ "value": "a", "count": 1 }]);
        check::<ProductPage>(json!({
            "items": [{
                "id": 1, "title": "A", "category": "a", "price": money(), "from": true, "compare_at": money(), "picture": "/p",
                "picture_alt": "p", "in_stock": true, "choices": 2,
            }],
            "total": 1, "page": 1, "per_page": 24, "lowest": 1, "highest": 9,
            "facets": {
                "categories": values, "colours": values, "sizes": values, "in_stock": 1,
                "prices": [{ "min": 0, "max": 9, "count": 1 }],
            },
        }));
        check::<Product>(json!({
            "id": 1, "handle": "a", "title": "A", "description_html": "<p>", "vendor": "v", "category": "a",
            "category_name": "A", "pictures": [{ "url": "/p", "alt": "p" }],
            "options": [{ "name": "Colour", "label": "Farbe", "values": [{ "value": "Navy", "swatch": "#000080" }] }],
            "variants": [{
                "id": 1, "sku": "s", "values": ["Navy"], "price": money(), "compare_at": money(), "stock": 3, "picture": 0,
            }],
        }));
    }

    #[test]
    fn numbers_are_whole_or_refused() {
        for (json, expected) in
            [("7", Some(7)), ("-7", Some(-7)), ("7.0", None), ("1e30", None), ("18446744073709551615", None)]
        {
            let value = serde_json::from_str::<Value>(json).ok();
            assert_eq!(value.and_then(read::<i64>), expected, "{json}");
        }
        assert_eq!(read::<u16>(Value::Whole(65536)), None);
    }
}
