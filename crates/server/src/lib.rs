//! Menagerie's server: shop API, sessions, hosting and the release registry in one binary.
//!
//! 1. It is made of verticals, each a folder: [`catalogue`], [`cart`], [`orders`], [`reviews`],
//!    [`accounts`], [`contact`], [`releases`], [`health`], [`tokens`], [`bot`], [`operators`] (and [`idempotency`],
//!    [`mail`] and [`terms`], which others share). A vertical has its own tables and a `store` with all of its SQL, and is asked through its Rust interface.
//! 2. Where one transaction spans verticals, the caller hands it to the other's function.
//! 3. [`app`] is the whole server without a socket; tests call it as a function.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))] // A test may panic: that is how it fails.

pub mod accounts;
mod app;
mod assets;
pub mod bot;
pub mod cart;
pub mod catalogue;
mod clock;
pub mod config;
pub mod contact;
pub mod database;
mod document;
pub mod health;
pub mod http;
pub mod idempotency;
pub mod language;
pub mod mail;
pub mod maintenance;
pub mod objects;
pub mod operators;
pub mod orders;
mod pace;
pub mod pricing;
pub mod releases;
pub mod reviews;
mod secret;
pub mod serving;
pub mod state;
pub mod terms;
pub mod tokens;
mod worker;

pub use app::{app, document};
pub use config::{Configuration, Flags};
pub use state::Server;
