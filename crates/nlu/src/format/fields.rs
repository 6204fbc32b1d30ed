//! Taking the fields out of a JSON object one by one; what is left over is kept.

use super::FormatError;
use crate::json::{Map, Value};

/// The fields of an object that were not taken yet.
pub struct Fields<'f> {
    file: &'f str,
    place: String,
    map: Map,
}

impl<'f> Fields<'f> {
    /// Opens an object.
    pub fn new(file: &'f str, place: impl Into<String>, value: Value) -> Result<Self, FormatError> {
        let place = place.into();
        match value {
            Value::Object(map) => Ok(Self { file, place, map }),
            other => {
                Err(FormatError::new(file, place, format!("expected an object, found {}", kind(&other))))
            }
        }
    }

    fn error<T>(&self, key: &str, expected: &str, found: &Value) -> Result<T, FormatError> {
        let place = if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) };
        Err(FormatError::new(self.file, place, format!("expected {expected}, found {}", kind(found))))
    }

    /// An error about this object.
    pub fn wrong(&self, key: &str, what: impl Into<String>) -> FormatError {
        let place = if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) };
        FormatError::new(self.file, place, what)
    }

    /// Takes a field, whatever it is.
    pub fn value(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key)
    }

    /// A string; empty where it is missing.
    pub fn string(&mut self, key: &str) -> Result<String, FormatError> {
        Ok(self.optional(key)?.unwrap_or_default())
    }

    /// A string, if it is there.
    pub fn optional(&mut self, key: &str) -> Result<Option<String>, FormatError> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => self.error(key, "a string", &other),
        }
    }

    /// True or false.
    pub fn truth(&mut self, key: &str) -> Result<Option<bool>, FormatError> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(truth)),
            Some(other) => self.error(key, "true or false", &other),
        }
    }

    /// A number.
    pub fn number(&mut self, key: &str) -> Result<Option<f64>, FormatError> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(number @ (Value::Integer(_) | Value::Fraction(_))) => Ok(number.as_f64()),
            Some(other) => self.error(key, "a number", &other),
        }
    }

    /// A list; empty where it is missing.
    pub fn list(&mut self, key: &str) -> Result<Vec<Value>, FormatError> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(list)) => Ok(list),
            Some(other) => self.error(key, "a list", &other),
        }
    }

    /// A list of strings.
    pub fn strings(&mut self, key: &str) -> Result<Vec<String>, FormatError> {
        let mut strings = Vec::new();
        for value in self.list(key)? {
            match value {
                Value::String(text) => strings.push(text),
                other => return self.error(key, "a list of strings", &other),
            }
        }
        Ok(strings)
    }

    /// A list of objects, each opened.
    pub fn objects(&mut self, key: &str) -> Result<Vec<Fields<'f>>, FormatError> {
        let (file, outer) = (self.file, self.place.clone());
        let dot = if outer.is_empty() { "" } else { "." };
        let values = self.list(key)?.into_iter().enumerate();
        values.map(|(i, value)| Fields::new(file, format!("{outer}{dot}{key}[{i}]"), value)).collect()
    }

    /// An object's fields; none where it is missing.
    pub fn object(&mut self, key: &str) -> Result<Map, FormatError> {
        match self.map.remove(key) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(other) => self.error(key, "an object", &other),
        }
    }

    /// What was not taken; its names go into `kept`, as `kind.field`.
    pub fn rest(self, kind: &str, kept: &mut std::collections::BTreeSet<String>) -> Map {
        kept.extend(self.map.keys().map(|key| format!("{kind}.{key}")));
        self.map
    }
}

/// What a value is, in words.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Integer(_) | Value::Fraction(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
