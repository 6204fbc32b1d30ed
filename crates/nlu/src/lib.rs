//! The agent engine.
pub mod agent;
pub mod classifier;
pub mod dialogue;
pub mod entity;
pub mod evaluate;
pub mod format;
pub mod hash;
pub mod language;
pub mod model;
pub mod pattern;
pub mod slots;
pub mod vectors;
pub mod wire;
