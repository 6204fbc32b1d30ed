//! The cart microapp.
fn main() {}
