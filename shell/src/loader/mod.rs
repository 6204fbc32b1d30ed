//! One microapp's life on the page: files, deadlines, states, and what to do when a step fails.

mod app;
mod deadline;
mod entry;
mod files;
mod mounted;
mod problem;

pub use app::App;
pub use deadline::{Missed, Progress, future_within, within};
pub use entry::Lifecycle;
pub use mounted::Mounted;
pub use problem::{Problem, message as message_of};
