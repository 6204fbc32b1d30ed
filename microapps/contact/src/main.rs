//! The contact microapp.
fn main() {}
