//! The words that shell, microapps, server and tools share: releases, the manifest, routes,
//! application states, numbered errors and the shop's wire types.
//!
//! 1. Everything that crosses a line is here, and it is data: no I/O, no clock, no browser.
//! 2. Types are what travels as JSON. Domain types live where the decisions are made.
//! 3. This crate uses nothing of ours; everything of ours may use it.
//!
//! ```
//! use contract::route::Pattern;
//! let product = Pattern::parse("/product/{id}").unwrap();
//! assert_eq!(product.matches("/product/7").unwrap()["id"], "7");
//! ```

pub mod code;
pub mod manifest;
pub mod registry;
pub mod release;
pub mod rollout;
pub mod route;
pub mod shop;
pub mod state;
pub mod storage;
pub mod uuid;
pub mod value;

/// The version of the contract that this crate describes.
pub const CONTRACT: u32 = 1;

/// The content security policy of the page that microapps run in: nothing inline, nothing from elsewhere, wasm.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; object-src 'none'; \
     base-uri 'none'; frame-ancestors 'none'";
