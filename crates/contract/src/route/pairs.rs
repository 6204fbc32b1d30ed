//! Names and values, of a path's parameters or of a query.
//!
//! A sorted list rather than a `BTreeMap`: an address has a handful of them, and a map's code is 9 KB in
//! the wasm of every microapp.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};
use std::{fmt, ops::Index, slice, vec};

/// Names and values, in the order of the names; each name once. As JSON an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether `name` has a value.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Gives `name` a value; the answer is its former one.
    #[inline(never)]
    pub fn insert(&mut self, name: String, value: String) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| *known >= name).unwrap_or(self.0.len());
        match self.0.get_mut(at) {
            Some((known, former)) if *known == name => Some(std::mem::replace(former, value)),
            _ => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes `name` out; the answer is its value.
    #[inline(never)]
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// The names, in order.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }
}

/// Names and values of [`Pairs`].
pub struct Iter<'a>(slice::Iter<'a, (String, String)>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a String, &'a String);
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name, value))
    }
}

impl<'a> IntoIterator for &'a Pairs {
    type Item = (&'a String, &'a String);
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl IntoIterator for Pairs {
    type Item = (String, String);
    type IntoIter = vec::IntoIter<(String, String)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<(String, String)> for Pairs {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut collected = Self::new();
        for (name, value) in pairs {
            collected.insert(name, value);
        }
        collected
    }
}

impl Index<&str> for Pairs {
    type Output = String;

    /// The value of `name`; panics when there is none.
    fn index(&self, name: &str) -> &String {
        match self.get(name) {
            Some(value) => value,
            None => panic!("there is no {name}"),
        }
    }
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Pairs;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Pairs::new();
                while let Some((name, value)) = map.next_entry()? {
                    pairs.insert(name, value);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn pairs(list: &[(&str, &str)]) -> Pairs {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn they_do_what_a_map_does() {
        let names = ["b", "", "a", "b", "c", "é", "a", "aa"];
        let (mut map, mut pairs) = (BTreeMap::new(), Pairs::new());
        for (i, name) in names.iter().enumerate() {
            let (name, value) = ((*name).to_owned(), i.to_string());
            assert_eq!(pairs.insert(name.clone(), value.clone()), map.insert(name, value));
            assert!(pairs.iter().eq(map.iter()));
        }
        assert_eq!(serde_json::to_string(&pairs).unwrap(), serde_json::to_string(&map).unwrap());
        for name in ["a", "x", "", "é", "a"] {
            assert_eq!((pairs.get(name), pairs.contains_key(name)), (map.get(name), map.contains_key(name)));
            assert_eq!(pairs.remove(name), map.remove(name));
            assert!(pairs.keys().eq(map.keys()) && pairs.len() == map.len());
        }
        assert!(pairs.into_iter().eq(map));
    }

    #[test]
    fn as_json_they_are_an_object() {
        let read = |text| serde_json::from_str::<Pairs>(text).ok();
        assert_eq!(read(r#"{"b":"2","a":"1","b":"3"}"#), Some(pairs(&[("a", "1"), ("b", "3")])));
        assert_eq!(read("{}"), Some(Pairs::new()));
        for text in ["[]", "null", r#"{"a":1}"#, r#"{"a":null}"#] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(serde_json::to_string(&pairs(&[("b", "2"), ("a", "1")])).unwrap(), r#"{"a":"1","b":"2"}"#);
    }
}
