//! The agent engine.
pub mod classifier;
pub mod evaluate;
pub mod format;
pub mod hash;
pub mod language;
pub mod vectors;
pub mod wire;
