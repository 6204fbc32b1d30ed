//! The product microapp.
fn main() {}
