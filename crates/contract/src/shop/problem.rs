//! What an error looks like on the wire: `application/problem+json` (RFC 9457) with our number.

use crate::record;
use serde::Serialize;

/// An error for people and programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Our number, `E403`; `docs/errors.md` has a line for each.
    pub code: String,
    /// The HTTP status again.
    pub status: u16,
    /// One sentence for people: what happened and the way out.
    pub title: String,
    /// The fields at fault, where there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// Finds the request in the server's log.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The place in the request: `email`, `address.postcode`, `items[0].quantity`.
    pub field: String,
    /// One sentence for people.
    pub message: String,
}

record!(Problem { code, status, title } or_default { fields, request_id });
record!(FieldProblem { field, message });

#[cfg(target_family = "wasm")]
crate::read_as_records!(Problem, FieldProblem);
