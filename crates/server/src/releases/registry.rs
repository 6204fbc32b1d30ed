//! Taking releases. `/api/v1/registry`

use super::{RegistryError, Stage};
use crate::{
    http::{
        extract::{Bytes, Query},
        problem::{Answer, Failure},
    },
    state::Server,
    tokens::Bearer,
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use contract::{registry::release::Published, shop::problem::Problem};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// All files of a release, and what a tar adds.
const MAX_UPLOAD: usize = release::verify::SIZE_CAP as usize + 1024 * 1024;

/// The registry's routes; they take a bearer token and no cookie.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(publish)).layer(DefaultBodyLimit::max(MAX_UPLOAD))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PublishQuery {
    /// Whether the release goes live for everybody at once, unless it is held.
    #[serde(default)]
    live: bool,
    /// Whether what holds it is allowed; for operators.
    #[serde(default)]
    allow: bool,
}

/// Publishes a release
///
/// The body is an uncompressed tar of the release folder. The same bytes again are no error. Without `live` it is only
/// kept, and served at its address; a rollout makes it live. A release that newly uses a Web API is held, and `held`
/// names what: it is published, and goes live when an operator allows it.
#[utoipa::path(
    post, path = "/registry/releases", tag = "registry", params(PublishQuery),
    request_body(content = Vec<u8>, content_type = "application/x-tar"),
    security(("token" = [])),
    responses(
        (status = 201, body = Published, description = "It is new."),
        (status = 200, body = Published, description = "It was there."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn publish(
    State(server): State<Server>,
    bearer: Bearer,
    Query(query): Query<PublishQuery>,
    Bytes(body): Bytes,
) -> Answer<(StatusCode, Json<Published>)> {
    let stage = match (query.live, query.allow) {
        (true, true) => Stage::LiveAllowed,
        (true, false) => Stage::Live,
        (false, _) => Stage::Keep,
    };
    if query.allow {
        bearer.must_be_operator()?;
    }
    let checking = &server.releases.checking;
    let files = checking.run(move || super::unpack(&body)).await.map_err(Failure::internal)??;
    // Before what takes longer: nobody has others' releases looked at.
    bearer.may(&super::description(&files)?.name)?;
    let check = move || Ok::<_, RegistryError>((super::check(&files)?, files));
    let (release, files) = checking.run(check).await.map_err(Failure::internal)??;
    let published = server.releases.publish(release, files, stage, &bearer.who).await?;
    let status = if published.created { StatusCode::CREATED } else { StatusCode::OK };
    let receipt = Published {
        name: published.release.name,
        version: published.release.version,
        created: published.created,
        live: published.live,
        held: published.held,
        revision: published.revision,
    };
    Ok((status, Json(receipt)))
}
