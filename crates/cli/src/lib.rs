//! The command line `menagerie`, as a library for `xtask`.
//!
//! 1. A module per verb; each has its clap arguments and does its work in one function.
//! 2. It speaks HTTP to the server and touches no database.
//! 3. Errors are [`Error`]: a number, what happened, the way out.

pub mod agent;
pub mod build;
pub mod catalogue;
pub mod check;
mod error;
pub mod new;
pub mod output;
pub mod pack;
pub mod pictures;
pub mod publish;
pub mod releases;
pub mod rollout;
pub mod server;
mod shown;
pub mod size;
pub mod tokens;
pub mod tools;
pub mod wasm_opt;

pub use error::Error;
