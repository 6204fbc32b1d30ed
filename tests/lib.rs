//! End to end, in a real browser, against the real server.
//!
//! 1. [`Server`] starts the server program itself, on a free port with a folder of its own, and
//!    publishes releases to it by HTTP, as everybody does.
//! 2. [`Browser`] is a Chromium of its own. It waits for conditions, never for time.
//! 3. [`Shop`] is both with the whole shop published, and the words of somebody who shops in it.
//! 4. `operator` adds the words of somebody who watches over it in the console.
//! 5. [`Hostile`] stands between browser and server and damages what is fetched; [`Plain`] writes
//!    microapps in plain JavaScript, good ones and bad ones.
//! 6. [`command_line`] runs `menagerie` as a team does that has no checkout of ours.
//!
//! Run them with `cargo xtask test`, which builds what is tested and says where it lies.

// This crate is a test from end to end: what goes wrong here ends the test with a sentence.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

pub mod axe;
mod bound;
mod browser;
mod chromedriver;
pub mod command_line;
pub mod environment;
mod foreign;
mod hostile;
pub mod isolation;
pub mod lighthouse;
pub mod memory;
mod operator;
mod plain;
mod prepared;
mod screens;
mod server;
mod shop;
pub mod states;
pub mod transfer;

pub use browser::{Browser, Key, Recorded, State};
pub use foreign::ForeignPage;
pub use hostile::{Fault, Hostile};
pub use plain::{Plain, altered};
pub use screens::{Screen, Theme};
pub use server::{LONG_DEADLINES, SHORT_DEADLINES, Server, TOKEN, shop as folders_of_the_shop};
pub use shop::{Address, Shop};
