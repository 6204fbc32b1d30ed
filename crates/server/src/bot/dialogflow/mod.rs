//! The words of Dialogflow ES, version 2, as its REST interface has them.

pub mod detect;
pub mod fault;
pub mod name;
pub mod turn;
pub mod webhook;
