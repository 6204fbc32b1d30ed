//! Words and numbers for people.

use std::time::Instant;

pub use cli::size::kilobytes;

/// `12.3 s` since `start`.
pub fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f32())
}
