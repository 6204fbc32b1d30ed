//! Values in sentences: the agent's own entity types, and the ones that everybody has.

pub mod calendar;
pub mod developer;
mod regexp;
pub mod system;

pub use regexp::{Regexp, RegexpError};

use crate::json::Value;

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

/// Keeps, of matches that overlap, the longer ones, then the earlier ones.
pub fn longest(mut matches: Vec<Match>) -> Vec<Match> {
    crate::order::sort_by(&mut matches, |a, b| b.length().cmp(&a.length()).then(a.from.cmp(&b.from)));
    let end = matches.iter().map(|m| m.to).max().unwrap_or(0);
    let mut taken = vec![false; end];
    matches.retain(|m| {
        let free = !taken[m.from..m.to].contains(&true);
        if free {
            taken[m.from..m.to].fill(true);
        }
        free
    });
    crate::order::sort_by(&mut matches, |a, b| a.from.cmp(&b.from));
    matches
}
