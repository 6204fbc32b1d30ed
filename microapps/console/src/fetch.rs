//! What is asked of the server.

use contract::registry::{
    health::{HealthOverTime, Span},
    release::{ListedRelease, Releases},
    rollout::{Apps, History, Revision},
};
use microapp::{
    Host,
    api::{self, ApiError},
};
use operator::{Tokens, Who, session::TOKENS};
use serde::Deserialize;

/// Where somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Everything.
    Overview,
    /// One microapp.
    App(String),
    /// Nothing that there is.
    Nowhere,
}

impl View {
    /// What a path means.
    pub fn of(path: &str) -> Self {
        match path.trim_end_matches('/') {
            "" => Self::Overview,
            path => match path.strip_prefix("/apps/") {
                Some(app) if contract::release::is_app_name(app) => Self::App(app.to_owned()),
                _ => Self::Nowhere,
            },
        }
    }
}

/// What the server said, as far as it was asked.
#[derive(Deserialize)]
pub struct Answers {
    /// Whose token it is.
    #[serde(default)]
    tokens: Option<Tokens>,
    /// What is live of every microapp.
    #[serde(default)]
    pub apps: Option<Apps>,
    /// Releases that wait to be allowed, or all of the microapp that is looked at.
    #[serde(default)]
    pub releases: Option<Releases>,
    /// The revisions of the microapp that is looked at.
    #[serde(default)]
    pub history: Option<History>,
    /// How releases did.
    #[serde(default)]
    pub health: Option<HealthOverTime>,
}

impl Answers {
    /// Whose token it is.
    pub fn who(&mut self) -> Option<Who> {
        self.tokens.take()?.own()
    }
}

/// A microapp, from near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub app: String,
    /// Its revisions, the newest first.
    pub history: Vec<Revision>,
    /// Its releases, the newest first.
    pub releases: Vec<ListedRelease>,
}

/// What there is to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose token it is; only operators get an answer.
    pub who: bool,
    /// What is looked at.
    pub view: Option<View>,
    /// How far back charts look, where they are asked for.
    pub charts: Option<Span>,
}

/// Asks for it.
pub async fn ask(host: Host, secret: &str, asked: Asked) -> Result<Answers, ApiError> {
    let mut paths = Vec::new();
    if asked.who {
        paths.push(("tokens", TOKENS.to_owned()));
    }
    let mut chart = String::new();
    match &asked.view {
        Some(View::Overview) => paths.push(("releases", "/registry/releases?waiting=true".to_owned())),
        Some(View::App(app)) => {
            paths.push(("history", ["/registry/apps/", app, "/history"].concat()));
            paths.push(("releases", ["/registry/releases?app=", app].concat()));
            chart = ["&app=", app].concat();
        }
        Some(View::Nowhere) | None => {}
    }
    if asked.view.is_some() {
        paths.push(("apps", "/registry/apps".to_owned()));
    }
    if let Some(span) = asked.charts {
        paths.push(("health", ["/registry/health?span=", span.name(), &chart].concat()));
    }
    api::gather_as(host, secret, paths).await
}
