//! What every vertical's routes have in common: problems, extractors, headers, cookies.

pub mod browser;
pub mod cookies;
pub mod cross_site;
pub mod extract;
pub mod headers;
pub mod incoming;
pub mod page;
pub mod peer;
pub mod problem;
pub mod request;
pub mod valid;
