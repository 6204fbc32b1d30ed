//! JSON values that weigh little: what parameters, payloads and kept fields are made of.
//!
//! `serde_json` reads and writes files in tools (feature `formats`). In a browser it would bring 30 KB of
//! tables for fractions and a parser that the browser has already, so the engine has a type of its own.

mod number;
#[cfg(feature = "serde")]
mod serial;

pub use number::{parse, shown};

use std::fmt;

/// Any JSON value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number without a fraction.
    Integer(i64),
    /// Any other number.
    Fraction(f64),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Names and values.
    Object(Map),
}

impl Value {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(list) = self { Some(list) } else { None }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Map> {
        if let Self::Object(map) = self { Some(map) } else { None }
    }

    /// The whole number, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Integer(n) = self { Some(*n) } else { None }
    }

    /// The number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(n) => Some(*n as f64),
            Self::Fraction(n) => Some(*n),
            _ => None,
        }
    }

    /// Whether it is true or false, if it is either.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// A field, if it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Integer(n)
    }
}

/// A number without a needless fraction.
impl From<f64> for Value {
    fn from(n: f64) -> Self {
        if n.abs() < 9e15 && n == n.trunc() { Self::Integer(n as i64) } else { Self::Fraction(n) }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(list: Vec<T>) -> Self {
        Self::Array(list.into_iter().map(T::into).collect())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Object(map)
    }
}

/// An object of a few fields.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut map = Map::new();
    for (key, value) in fields {
        map.insert(key.to_owned(), value);
    }
    Value::Object(map)
}

/// The fields of an object.
pub type Map = crate::map::Map<Value>;

/// JSON, without blanks.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write(self, &mut text);
        f.write_str(&text)
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Integer(n) => out.push_str(&n.to_string()),
        Value::Fraction(n) => out.push_str(&shown(*n)),
        Value::String(text) => quote(text, out),
        Value::Array(list) => {
            for (i, item) in list.iter().enumerate() {
                out.push(if i == 0 { '[' } else { ',' });
                write(item, out);
            }
            out.push_str(if list.is_empty() { "[]" } else { "]" });
        }
        Value::Object(map) => {
            for (i, (key, item)) in map.iter().enumerate() {
                out.push(if i == 0 { '{' } else { ',' });
                quote(key, out);
                out.push(':');
                write(item, out);
            }
            out.push_str(if map.is_empty() { "{}" } else { "}" });
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                out.push_str("\\u00");
                for half in [c as u32 >> 4, c as u32 & 15] {
                    out.extend(char::from_digit(half, 16));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_json() {
        let list = Value::from(vec![Value::Null, true.into(), (-3).into(), 2.5.into(), 4.0.into()]);
        let value = object([("b", list), ("a", "say \"é\"\n\u{1}\\".into()), ("c", object([]))]);
        let text = value.to_string();
        assert_eq!(text, r#"{"a":"say \"é\"\n\u0001\\","b":[null,true,-3,2.5,4],"c":{}}"#);
        assert_eq!(Value::Array(vec![]).to_string(), "[]");
    }
}
