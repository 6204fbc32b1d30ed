//! The shop's API, `/api/v1`: what travels between microapps and server as JSON.
//!
//! Prices, stock, totals and rights are decided by the server; these types only carry the answer.

pub mod account;
pub mod address_form;
pub mod cart;
pub mod catalogue;
pub mod contact;
pub mod email;
pub mod money;
pub mod operator;
pub mod order;
pub mod passkey;
pub mod picture;
pub mod problem;
pub mod review;
