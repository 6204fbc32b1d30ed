//! Work that goes on beside the page.

use std::pin::Pin;

/// Runs `work`. One type of work is compiled, whatever is run.
pub fn run(work: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local(Box::pin(work) as Pin<Box<dyn Future<Output = ()>>>);
}
