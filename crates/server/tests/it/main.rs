//! The server, asked as a browser asks it, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test may panic: that is how it fails.

mod accounts;
mod bot;
mod cart;
mod catalogue;
mod console;
mod contact;
mod crash;
mod delivery;
mod disk_full;
mod going_back;
mod hostile;
mod http;
mod languages;
mod mail;
mod objects;
mod openapi;
mod operators;
mod order_mails;
mod orders;
mod payments;
mod pruning;
mod releases;
mod reports;
mod reviews;
mod rollouts;
mod search;
mod slow_clients;
mod support;
mod terms;
mod tokens;
mod webhook;
