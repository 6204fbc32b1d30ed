//! Values in sentences: the agent's own entity types, and the ones that everybody has.

pub mod calendar;
pub mod developer;
mod regexp;
pub mod system;
#[cfg(feature = "zones")]
pub mod zone;

pub use regexp::{Regexp, RegexpError};

use crate::json::Value;
use crate::order::{keep, sort_by};

/// A value that was found in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// First token.
    pub from: usize,
    /// The token after the last.
    pub to: usize,
    /// Entity type, without `@`.
    pub entity: String,
    /// The value, in Dialogflow's shape.
    pub value: Value,
}

impl Match {
    /// How many tokens it covers.
    pub fn length(&self) -> usize {
        self.to - self.from
    }
}

/// Keeps, of matches of one type that overlap, the longer ones, then the earlier ones.
fn longest(mut matches: Vec<Match>) -> Vec<Match> {
    sort_by(&mut matches, |a, b| b.length().cmp(&a.length()).then(a.from.cmp(&b.from)));
    sort_by(&mut matches, |a, b| a.entity.cmp(&b.entity));
    let end = matches.iter().map(|m| m.to).max().unwrap_or(0);
    // By token, one more than the number of the type that took it last.
    let mut taken = vec![0u32; end];
    let (mut number, mut entity) = (0u32, String::new());
    keep(&mut matches, &mut |m| {
        if number == 0 || entity != m.entity {
            number += 1;
            entity.clone_from(&m.entity);
        }
        let Some(here) = taken.get_mut(m.from..m.to).filter(|here| !here.contains(&number)) else {
            return false;
        };
        here.fill(number);
        true
    });
    sort_by(&mut matches, |a, b| a.from.cmp(&b.from));
    matches
}
