//! The SDK for microapps in Rust: lifecycle, store, host services, stand-alone page.
