//! The checkout microapp.
fn main() {}
