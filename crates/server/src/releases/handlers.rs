//! What is live, rollouts and the way back. `/api/v1/registry/apps`, `/releases`

use super::RegistryError;
use crate::{
    clock,
    http::{
        extract::{Json, Path, Query},
        problem::Answer,
    },
    state::Server,
    tokens::{Bearer, Operator},
};
use axum::{Json as JsonAnswer, extract::State};
use contract::{
    registry::{
        health::{HealthOverTime, Span},
        release::{Allowed, Prune, Pruned, Releases},
        rollout::{AppStatus, Apps, History, NewRollout, Undo},
    },
    shop::problem::Problem,
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes; they take a bearer token.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(apps))
        .routes(routes!(app))
        .routes(routes!(history))
        .routes(routes!(start))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(promote))
        .routes(routes!(undo))
        .routes(routes!(releases))
        .routes(routes!(health))
        .routes(routes!(allow))
        .routes(routes!(prune))
}

/// What is live of every microapp, for operators; of the token's own for a team
#[utoipa::path(
    get, path = "/registry/apps", tag = "registry", security(("token" = [])),
    responses(
        (status = 200, body = Apps, description = "By name."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn apps(State(server): State<Server>, bearer: Bearer) -> Answer<JsonAnswer<Apps>> {
    Ok(JsonAnswer(Apps { apps: server.releases.apps(bearer.scope(None)?).await? }))
}

/// What is live of a microapp, and its last rollout
#[utoipa::path(
    get, path = "/registry/apps/{app}", tag = "registry", security(("token" = [])),
    params(("app" = String, Path, description = "Its name.")),
    responses(
        (status = 200, body = AppStatus, description = "What is live."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn app(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
) -> Answer<JsonAnswer<AppStatus>> {
    bearer.may(&app)?;
    Ok(JsonAnswer(server.releases.app(&app).await?))
}

/// What was live of a microapp, and why it changed
#[utoipa::path(
    get, path = "/registry/apps/{app}/history", tag = "registry", security(("token" = [])),
    params(("app" = String, Path, description = "Its name.")),
    responses(
        (status = 200, body = History, description = "Its last 200 revisions."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn history(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
) -> Answer<JsonAnswer<History>> {
    bearer.may(&app)?;
    Ok(JsonAnswer(History { revisions: server.releases.history(&app).await? }))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Seen {
    /// The newest revision that whoever asks knows of: refused by E525 when there is a newer one.
    expected_revision: Option<i64>,
}

/// Begins a rollout
///
/// Of the release that is under way or live already it changes nothing. The first release of a microapp is live for everybody.
#[utoipa::path(
    post, path = "/registry/apps/{app}/rollout", tag = "registry", security(("token" = [])), request_body = NewRollout,
    params(("app" = String, Path, description = "Its name."), Seen),
    responses(
        (status = 200, body = AppStatus, description = "What is live now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E232, E401, E521 to E525."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn start(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
    Query(seen): Query<Seen>,
    Json(wish): Json<NewRollout>,
) -> Answer<JsonAnswer<AppStatus>> {
    bearer.may(&app)?;
    Ok(JsonAnswer(server.releases.start_rollout(&app, &wish, seen.expected_revision, &bearer.who).await?))
}

/// Keeps a rollout at its step
#[utoipa::path(
    post, path = "/registry/apps/{app}/rollout/pause", tag = "registry", security(("token" = [])),
    params(("app" = String, Path, description = "Its name.")),
    responses(
        (status = 200, body = AppStatus, description = "What is live."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E522, E525."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn pause(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
) -> Answer<JsonAnswer<AppStatus>> {
    bearer.may(&app)?;
    Ok(JsonAnswer(server.releases.pause_rollout(&app, &bearer.who).await?))
}

/// Lets a paused rollout go on
#[utoipa::path(
    post, path = "/registry/apps/{app}/rollout/resume", tag = "registry", security(("token" = [])),
    params(("app" = String, Path, description = "Its name.")),
    responses(
        (status = 200, body = AppStatus, description = "What is live."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E522, E525."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn resume(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
) -> Answer<JsonAnswer<AppStatus>> {
    bearer.may(&app)?;
    Ok(JsonAnswer(server.releases.resume_rollout(&app, &bearer.who).await?))
}

/// Gives the release of a rollout to everybody now
#[utoipa::path(
    post, path = "/registry/apps/{app}/rollout/promote", tag = "registry", security(("token" = [])),
    params(("app" = String, Path, description = "Its name."), Seen),
    responses(
        (status = 200, body = AppStatus, description = "What is live now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E522, E525."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn promote(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
    Query(seen): Query<Seen>,
) -> Answer<JsonAnswer<AppStatus>> {
    bearer.may(&app)?;
    Ok(JsonAnswer(server.releases.promote_rollout(&app, seen.expected_revision, &bearer.who).await?))
}

/// Goes back to an earlier release
///
/// It makes a new revision.
#[utoipa::path(
    post, path = "/registry/apps/{app}/undo", tag = "registry", security(("token" = [])), request_body = Undo,
    params(("app" = String, Path, description = "Its name."), Seen),
    responses(
        (status = 200, body = AppStatus, description = "What is live now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E521, E522, E525, E528."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn undo(
    State(server): State<Server>,
    bearer: Bearer,
    Path(app): Path<String>,
    Query(seen): Query<Seen>,
    Json(undo): Json<Undo>,
) -> Answer<JsonAnswer<AppStatus>> {
    bearer.may(&app)?;
    let undone = server.releases.undo(&app, undo.to_revision, seen.expected_revision, &bearer.who);
    Ok(JsonAnswer(undone.await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichReleases {
    /// One microapp; without it that of the token, for operators all of them.
    app: Option<String>,
    /// Only those that wait to be allowed: held, and newer than what is live.
    #[serde(default)]
    waiting: bool,
}

/// Published releases
#[utoipa::path(
    get, path = "/registry/releases", tag = "registry", security(("token" = [])), params(WhichReleases),
    responses(
        (status = 200, body = Releases, description = "By microapp, the newest first: the last 200 of each, and what is live or fallen back to."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn releases(
    State(server): State<Server>,
    bearer: Bearer,
    Query(query): Query<WhichReleases>,
) -> Answer<JsonAnswer<Releases>> {
    let app = bearer.scope(query.app.as_deref())?;
    let found = match query.waiting {
        true => server.releases.waiting(app).await,
        false => server.releases.list(app).await,
    };
    let releases = match found {
        // A team that has published nothing yet asked for no microapp by name.
        Err(RegistryError::Unknown { .. }) if query.app.is_none() => Vec::new(),
        found => found?,
    };
    Ok(JsonAnswer(Releases { releases }))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WhichHealth {
    /// One microapp; without it all of them, for operators.
    app: Option<String>,
    /// How far back; `six-hours` otherwise.
    #[serde(default)]
    #[param(inline)]
    span: Span,
}

/// How releases did over time
///
/// What visitors' pages said of mounts, in buckets, of the last three releases of a microapp that went live.
#[utoipa::path(
    get, path = "/registry/health", tag = "registry", security(("token" = [])), params(WhichHealth),
    responses(
        (status = 200, body = HealthOverTime, description = "By microapp, the newest release first."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn health(
    State(server): State<Server>,
    bearer: Bearer,
    Query(query): Query<WhichHealth>,
) -> Answer<JsonAnswer<HealthOverTime>> {
    match &query.app {
        Some(app) => bearer.may(app)?,
        None => bearer.must_be_operator()?,
    }
    Ok(JsonAnswer(server.releases.health(query.app.as_deref(), query.span, clock::now()).await?))
}

/// Allows the Web APIs of a release that is held
#[utoipa::path(
    post, path = "/registry/releases/{app}/{version}/allow", tag = "registry", security(("token" = [])),
    params(
        ("app" = String, Path, description = "The microapp."),
        ("version" = String, Path, description = "Its version."),
    ),
    responses(
        (status = 200, body = Allowed, description = "How its Web APIs differ from what is live."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "There is none, or only operators may."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn allow(
    State(server): State<Server>,
    Operator(bearer): Operator,
    Path((app, version)): Path<(String, String)>,
) -> Answer<JsonAnswer<Allowed>> {
    Ok(JsonAnswer(server.releases.allow(&app, &version, &bearer.who).await?))
}

/// Deletes files of old releases
///
/// What is live, what one falls back to, what is rolled out and what was published within a day stays in any case. Names and
/// versions stay taken.
#[utoipa::path(
    post, path = "/registry/prune", tag = "registry", security(("token" = [])), request_body = Prune,
    responses(
        (status = 200, body = Pruned, description = "What went, or would go."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Only operators may, or `keep` is too small."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; what is left over goes the next time."),
    ),
)]
async fn prune(
    State(server): State<Server>,
    Operator(bearer): Operator,
    Json(wish): Json<Prune>,
) -> Answer<JsonAnswer<Pruned>> {
    Ok(JsonAnswer(server.releases.prune(&wish, &bearer.who).await?))
}
