//! Colours and sizes: options of products by what they are for, whatever the shop calls them.

use std::{cmp::Ordering, collections::HashMap};

/// What a product's option is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Colour, color, Farbe.
    Colour,
    /// Size, Größe.
    Size,
    /// Anything else.
    Other,
}

impl Kind {
    /// By the option's name.
    pub fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if has(&["colo", "farbe"]) {
            Self::Colour
        } else if has(&["size", "größe", "grösse", "groesse"]) {
            Self::Size
        } else {
            Self::Other
        }
    }
}

/// A value's number.
pub type Value = u32;
/// No value.
pub const NONE: Value = Value::MAX;

/// The values that there are. `navy` and `Navy` are one, in the spelling that came first.
#[derive(Default)]
pub struct Values {
    names: Vec<String>,
    numbers: HashMap<String, Value>,
}

impl Values {
    /// The number of a value, a new one if need be.
    pub fn put(&mut self, name: &str) -> Value {
        if let Some(number) = self.number(name) {
            return number;
        }
        let number = Value::try_from(self.names.len()).unwrap_or(NONE);
        self.numbers.insert(name.to_lowercase(), number);
        self.names.push(name.to_owned());
        number
    }

    /// The number of a value that is there.
    pub fn number(&self, name: &str) -> Option<Value> {
        self.numbers.get(&name.to_lowercase()).copied()
    }

    /// A value's name.
    pub fn name(&self, value: Value) -> &str {
        self.names.get(value as usize).map_or("", String::as_str)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

/// The order of sizes for people: XS, S, M, L, XL; 5 cm, 40 cm; 500 g; words at the end.
pub fn by_size(a: &str, b: &str) -> Ordering {
    let number = |text: &str| {
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        number.parse::<f64>().ok().map(|number| (unit.trim().to_lowercase(), number))
    };
    match (letters(a), letters(b), number(a), number(b)) {
        (Some(a), Some(b), ..) => a.cmp(&b),
        (Some(_), ..) => Ordering::Less,
        (_, Some(_), ..) => Ordering::Greater,
        (.., Some(a), Some(b)) => a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)),
        (.., Some(_), _) => Ordering::Less,
        (.., Some(_)) => Ordering::Greater,
        _ => a.cmp(b),
    }
}

/// The rank of `XXS`, `S`, `M`, `3XL`.
fn letters(size: &str) -> Option<i32> {
    let size = size.to_uppercase();
    let (stem, last) = size.split_at_checked(size.len().checked_sub(1)?)?;
    let times = match stem.strip_suffix('X').map(str::parse) {
        Some(Ok(times @ 2..=9)) => times,
        _ if stem.chars().all(|letter| letter == 'X') => i32::try_from(stem.len()).ok()?,
        _ => return None,
    };
    match last {
        "S" => Some(-1 - times),
        "M" if stem.is_empty() => Some(0),
        "L" => Some(1 + times),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_options_are_for() {
        for (name, expected) in [
            ("Colour", Kind::Colour),
            ("Main color", Kind::Colour),
            ("FARBE", Kind::Colour),
            ("Size", Kind::Size),
            ("Größe", Kind::Size),
            ("GRÖSSE", Kind::Size),
            ("Schuhgrösse", Kind::Size),
            ("Flavour", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(Kind::of(name), expected, "{name}");
        }
    }

    #[test]
    fn sizes_in_their_order() {
        let check = |expected: &[&str]| {
            let mut sorted = expected.to_vec();
            sorted.reverse();
            sorted.sort_by(|a, b| by_size(a, b));
            assert_eq!(sorted, expected);
        };
        check(&["XXS", "XS", "s", "M", "L", "XL", "2XL", "XXXL"]);
        check(&["M", "40 cm", "100 cm", "500 g", "1.5 kg", "2 kg", "Large", "Small", "×", "ß"]);
        check(&["5", "10", ""]);
    }

    #[test]
    fn values_are_one_whatever_their_case() {
        let mut values = Values::default();
        assert_eq!([values.put("Navy"), values.put("Sand"), values.put("NAVY")], [0, 1, 0]);
        assert_eq!((values.name(0), values.number("sand"), values.number("x")), ("Navy", Some(1), None));
    }
}
