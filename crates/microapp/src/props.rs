//! What the host hands to a lifecycle.

use crate::{json, property};
use contract::route::Pairs;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// Where the shopper is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Route {
    /// `/product/7`
    pub path: String,
    /// `/product/{id}`
    pub pattern: String,
    /// `id` → `7`
    pub params: Pairs,
    /// What follows the `?`.
    pub query: Pairs,
}

impl Route {
    /// A parameter of the path, or the empty text.
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A value of the query, or the empty text.
    pub fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    pub(crate) fn from_props(props: &JsValue) -> Self {
        json::from_js(&property::get(props, "route")).unwrap_or_default()
    }
}
