//! The home microapp.
fn main() {}
