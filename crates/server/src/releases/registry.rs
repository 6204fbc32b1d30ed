//! Taking releases. `/api/v1/registry`

use super::{PublishError, Publisher, Stage, archive, live::LiveError};
use crate::{
    http::{
        extract::{Bytes, Query},
        problem::{Answer, Failure},
    },
    state::Server,
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use contract::{code, shop::problem::Problem};
use serde::{Deserialize, Serialize};
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
    /// Whether the release goes live at once.
    #[serde(default)]
    live: bool,
}

/// What publishing did.
#[derive(Serialize, utoipa::ToSchema)]
struct Receipt {
    /// The microapp.
    name: String,
    /// Its version.
    version: String,
    /// False when these very bytes were published before.
    created: bool,
    /// The manifest's revision afterwards.
    revision: i64,
}

/// Publishes a release
///
/// The body is an uncompressed tar of the release folder. The same bytes again are no error.
#[utoipa::path(
    post, path = "/registry/releases", tag = "registry", params(PublishQuery),
    request_body(content = Vec<u8>, content_type = "application/x-tar"),
    security(("publish_token" = [])),
    responses(
        (status = 201, body = Receipt, description = "It is new."),
        (status = 200, body = Receipt, description = "It was there."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn publish(
    State(server): State<Server>,
    publisher: Publisher,
    Query(query): Query<PublishQuery>,
    Bytes(body): Bytes,
) -> Answer<(StatusCode, Json<Receipt>)> {
    let stage = if query.live { Stage::Live } else { Stage::Keep };
    let files = archive::unpack(&body).map_err(PublishError::from)?;
    let published = server.releases.publish(files, stage, publisher.who).await?;
    let status = if published.created { StatusCode::CREATED } else { StatusCode::OK };
    let receipt = Receipt {
        name: published.release.name,
        version: published.release.version,
        created: published.created,
        revision: published.revision,
    };
    Ok((status, Json(receipt)))
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        let title = error.to_string();
        match error {
            PublishError::Invalid(invalid) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, invalid.code).titled(title)
            }
            PublishError::Exists { .. } => {
                Self::new(StatusCode::CONFLICT, code::RELEASE_EXISTS).titled(title)
            }
            PublishError::RouteClash { .. } => {
                Self::new(StatusCode::CONFLICT, code::ROUTE_CLASH).titled(title)
            }
            PublishError::Database(error) => error.into(),
            PublishError::Files(error) => Self::unavailable().because(error),
            PublishError::Live(error) => error.into(),
        }
    }
}

impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Database(error) => error.into(),
            LiveError::Files(error) => Self::unavailable().because(error),
            LiveError::Description(_) => Self::internal(error),
        }
    }
}
