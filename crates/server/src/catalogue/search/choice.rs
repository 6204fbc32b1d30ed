//! What is chosen of a filter's values, and what each of them would show.

use super::options::{NONE, Value, Values};

/// A filter has at most so many values in an answer: those with most products, and those that are chosen.
const MOST_VALUES: usize = 100;

/// A value of a filter with the number of products that choosing it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub name: String,
    pub count: i64,
}

/// The values that are chosen. None is any.
pub struct Choice(Vec<Value>);

impl Choice {
    pub fn new(values: &Values, chosen: &[String]) -> Self {
        // What does not exist fits nothing; it is not the same as no choice.
        let number = |name: &String| values.number(name).unwrap_or(NONE - 1);
        Self(chosen.iter().filter(|name| !name.is_empty()).map(number).collect())
    }

    pub fn fits(&self, value: Value) -> bool {
        self.0.is_empty() || self.0.contains(&value)
    }
}

/// How many products have each value.
pub struct Counts<'a> {
    values: &'a Values,
    counts: Vec<i64>,
    /// The product that was counted last for each value: a product counts once.
    last: Vec<usize>,
}

impl<'a> Counts<'a> {
    pub fn new(values: &'a Values) -> Self {
        Self { values, counts: vec![0; values.len()], last: vec![usize::MAX; values.len()] }
    }

    pub fn count(&mut self, value: Value, product: usize) {
        let place = value as usize;
        if let (Some(count), Some(last)) = (self.counts.get_mut(place), self.last.get_mut(place))
            && *last != product
        {
            *last = product;
            *count += 1;
        }
    }

    /// Those that there are and those that are chosen.
    pub fn counted(self, chosen: &Choice) -> Vec<Counted> {
        let mut counted: Vec<(bool, Counted)> = (0..)
            .zip(&self.counts)
            .map(|(value, &count)| {
                let name = self.values.name(value).to_owned();
                (chosen.0.contains(&value), Counted { name, count })
            })
            .filter(|(chosen, value)| *chosen || value.count > 0)
            .collect();
        counted.sort_by_key(|(chosen, value)| std::cmp::Reverse((*chosen, value.count)));
        counted.truncate(MOST_VALUES);
        counted.into_iter().map(|(_, value)| value).collect()
    }
}
