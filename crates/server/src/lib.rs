//! One binary: shop API, sessions, hosting, release registry.
