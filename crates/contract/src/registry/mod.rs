//! The release registry's wire types, under `/api/v1/registry`: for the command line and the console.
//!
//! Times are RFC 3339, UTC. Percents are shares of the visitors.

pub mod health;
pub mod release;
pub mod report;
pub mod rollout;
pub mod token;
