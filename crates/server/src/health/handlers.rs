//! Taking reports of mounts. `/api/v1/health/mounts`

use super::Seen;
use crate::{
    clock,
    http::{
        extract::Bytes,
        peer::Peer,
        problem::{Answer, Failure},
    },
    pace::Pace,
    state::Server,
};
use axum::{
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use contract::{code, registry::report::MountReports, shop::problem::Problem};
use std::{net::IpAddr, num::NonZeroU32, sync::Arc};
use utoipa_axum::{router::OpenApiRouter, routes};

/// A page's reports are some hundred bytes.
const MAX_BODY: usize = 16 * 1024;
const MAX_MOUNTS: usize = 50;
/// A mount takes no longer than this; what claims so is cut.
const MAX_MS: u32 = 10 * 60 * 1000;
/// Requests of one address in a minute: an office of people, not a machine.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(120).expect("not zero");

/// How often each address reports.
#[derive(Clone)]
pub struct Crowd(Arc<Pace<IpAddr>>);

impl Crowd {
    /// Nobody has reported yet.
    pub fn new() -> Self {
        Self(Arc::new(Pace::per_minute(PER_MINUTE)))
    }

    /// Forgets those who may report again anyway.
    pub fn sweep(&self) {
        self.0.sweep();
    }
}

/// The route.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(mounts)).layer(DefaultBodyLimit::max(MAX_BODY))
}

/// Takes what a page saw of its mounts
///
/// For `sendBeacon`: the body is JSON whatever its type says. The token is the one that came with the page. Each visitor
/// counts once per release, kind and ten minutes, an address for at most ten visitors of a microapp in a day. Mounts of
/// releases that are not live are left out.
#[utoipa::path(
    post, path = "/health/mounts", tag = "health",
    request_body(content = MountReports, content_type = "text/plain"),
    responses(
        (status = 204, description = "They will be counted."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "They are not: E401, E414, E415, E416, E529."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Too many wait to be counted, or something failed."),
    ),
)]
async fn mounts(State(server): State<Server>, peer: Peer, Bytes(body): Bytes) -> Answer<StatusCode> {
    if server.health.crowd.0.check(&peer.subscriber()).is_err() {
        return Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, code::TOO_MANY_REQUESTS).retry_after(60));
    }
    let invalid = || Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID);
    let reports: MountReports =
        serde_json::from_slice(&body).map_err(|error| invalid().titled(format_args!("{error}.")))?;
    let now = clock::now();
    if !server.health.key.is_good(&reports.token, now) {
        return Err(Failure::new(StatusCode::FORBIDDEN, code::REPORT_REFUSED));
    }
    if !(8..=64).contains(&reports.visitor.len()) {
        return Err(invalid().field("visitor", "8 to 64 characters."));
    }
    if !(1..=MAX_MOUNTS).contains(&reports.mounts.len()) {
        return Err(invalid().field("mounts", "1 to 50."));
    }
    let (visitor, address) =
        (server.health.key.visitor(&reports.visitor), server.health.key.address(peer.site(), now));
    for mount in reports.mounts {
        if !server.releases.is_live(&mount.app, &mount.version).await? {
            continue;
        }
        let seen = Seen {
            app: mount.app,
            version: mount.version,
            kind: mount.kind,
            visitor: visitor.clone(),
            address: address.clone(),
            ms: mount.ms.min(MAX_MS),
            at: now,
        };
        server.health.take(seen).map_err(|_| Failure::unavailable())?;
    }
    Ok(StatusCode::NO_CONTENT)
}
