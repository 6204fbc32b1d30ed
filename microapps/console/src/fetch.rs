//! What is asked of the server.

use contract::registry::{
    health::{HealthOverTime, Span},
    release::{ListedRelease, Releases},
    rollout::{AppStatus, Apps, History, Revision},
};
use microapp::{
    Host,
    api::{self, ApiError},
};
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

/// What the server said.
pub struct Answers {
    /// What is live of every microapp.
    pub apps: Vec<AppStatus>,
    /// Releases that wait to be allowed.
    pub waiting: Vec<ListedRelease>,
    /// How releases did; `None` when it was not asked.
    pub health: Option<HealthOverTime>,
    /// More about the one microapp that is looked at.
    pub about: Option<About>,
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

/// An error for people, with its number.
pub fn numbered(error: &ApiError) -> String {
    [&error.message, " (", &error.code, ")"].concat()
}

/// Whose token it is: what the console says of it, of `contract::registry::token::Token`.
#[derive(Clone, Deserialize)]
pub struct Who {
    id: String,
    label: String,
    own: bool,
}

impl Who {
    /// Its label, or where it has none its id.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.id } else { &self.label }
    }
}

/// Asks whose token it is; only operators get an answer.
pub async fn who(host: Host, secret: &str) -> Result<Option<Who>, ApiError> {
    #[derive(Deserialize)]
    struct Tokens {
        tokens: Vec<Who>,
    }
    let found: Tokens = api::get_as(host, secret, "/registry/tokens").await?;
    Ok(found.tokens.into_iter().find(|token| token.own))
}

/// Everything that `view` shows.
pub async fn everything(
    host: Host,
    secret: &str,
    view: &View,
    health: Option<Span>,
) -> Result<Answers, ApiError> {
    let Apps { apps } = api::get_as(host, secret, "/registry/apps").await?;
    let mut answers = Answers { apps, waiting: Vec::new(), health: None, about: None };
    let mut chart = String::new();
    match view {
        View::Overview => {
            let found: Releases = api::get_as(host, secret, "/registry/releases?waiting=true").await?;
            answers.waiting = found.releases;
        }
        View::App(app) if answers.apps.iter().any(|status| status.app == *app) => {
            let history: History =
                api::get_as(host, secret, &["/registry/apps/", app, "/history"].concat()).await?;
            let found: Releases =
                api::get_as(host, secret, &["/registry/releases?app=", app].concat()).await?;
            answers.about =
                Some(About { app: app.clone(), history: history.revisions, releases: found.releases });
            chart = ["&app=", app].concat();
        }
        View::App(_) | View::Nowhere => return Ok(answers),
    }
    if let Some(span) = health {
        let path = ["/registry/health?span=", span.name(), &chart].concat();
        answers.health = Some(api::get_as(host, secret, &path).await?);
    }
    Ok(answers)
}
