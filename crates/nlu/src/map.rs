//! Maps from names that weigh little: sorted lists, made for the few names that objects and agents have.

use crate::order;

/// Vs by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<V> {
    fields: Vec<(String, V)>,
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Map<V> {
    /// An empty one.
    pub const fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// How many fields it has.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.fields.binary_search_by(|field| field.0.as_str().cmp(key))
    }

    /// The field of a locale like `en-GB`, else that of its language.
    pub fn of_locale(&self, locale: &str) -> Option<&V> {
        self.get(locale).or_else(|| self.get(crate::text::before(locale, b'-')))
    }

    /// A field.
    pub fn get(&self, key: &str) -> Option<&V> {
        Some(&self.fields.get(self.find(key).ok()?)?.1)
    }

    /// A field, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let at = self.find(key).ok()?;
        Some(&mut self.fields.get_mut(at)?.1)
    }

    /// Whether a field is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Sets a field; gives back what it was.
    pub fn insert(&mut self, key: String, value: V) -> Option<V> {
        if let Some(known) = self.get_mut(&key) {
            return Some(core::mem::replace(known, value));
        }
        let at = self.find(&key).unwrap_or_else(|at| at);
        self.fields.insert(at, (key, value));
        None
    }

    /// A field, which is made if need be.
    pub fn field(&mut self, key: &str) -> &mut V
    where
        V: Default,
    {
        let at = self.find(key).unwrap_or_else(|at| {
            self.fields.insert(at, (key.to_owned(), V::default()));
            at
        });
        &mut self.fields[at].1
    }

    /// Takes a field out.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        self.find(key).ok().map(|at| self.fields.remove(at).1)
    }

    /// Keeps the fields that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &V) -> bool) {
        order::keep(&mut self.fields, &mut |(key, value)| keep(key, value));
    }

    /// Forgets all fields.
    pub fn clear(&mut self) {
        self.fields.clear();
    }

    /// The fields, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.fields.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The names, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.0.as_str())
    }

    /// The values, by name.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.fields.iter().map(|field| &field.1)
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;
    fn into_iter(self) -> Self::IntoIter {
        self.fields.into_iter()
    }
}

impl<V, const N: usize> From<[(String, V); N]> for Map<V> {
    fn from(fields: [(String, V); N]) -> Self {
        fields.into_iter().collect()
    }
}

impl<V> Extend<(String, V)> for Map<V> {
    fn extend<I: IntoIterator<Item = (String, V)>>(&mut self, fields: I) {
        for (key, value) in fields {
            self.insert(key, value);
        }
    }
}

/// Of fields with the same name the last one stays. Takes n log n steps, however the names come.
impl<V> FromIterator<(String, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(fields: I) -> Self {
        let mut fields: Vec<(String, V)> = fields.into_iter().collect();
        fields.reverse();
        order::sort_by(&mut fields, |a, b| a.0.cmp(&b.0));
        let mut last: Option<String> = None;
        order::keep(&mut fields, &mut |(key, _)| {
            let is_new = last.as_ref() != Some(key);
            if is_new {
                last = Some(key.clone());
            }
            is_new
        });
        Self { fields }
    }
}

#[cfg(test)]
mod tests {
    use super::Map;

    #[test]
    fn maps_keep_the_last_of_a_name() {
        let fields = [("b", 1), ("a", 2), ("b", 3)].map(|(k, n)| (k.to_owned(), n));
        let mut map: Map<i32> = fields.into_iter().collect();
        assert_eq!(map.iter().collect::<Vec<_>>(), [("a", &2), ("b", &3)]);
        *map.field("d") += 5;
        assert_eq!(map.remove("d"), Some(5));
        assert_eq!(map.insert("c".into(), 4), None);
        assert_eq!(map.remove("a"), Some(2));
        assert_eq!((map.len(), map.get("b"), map.contains_key("a")), (2, Some(&3), false));
    }
}
