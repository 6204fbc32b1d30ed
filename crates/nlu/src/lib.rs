//! The agent engine: agent model, training, matching, contexts, slots. Pure: no browser, no network, no clock.
