//! What the server said last, and asking it again every five seconds.

use crate::{
    C,
    fetch::{self, About, Answers, Asked, View},
    question::Question,
};
use contract::{
    code,
    registry::{
        health::{AppHealth, HealthOverTime, Span},
        release::ListedRelease,
        rollout::{AppStatus, History},
    },
};
use leptos::{prelude::*, task::spawn_local};
use microapp::{
    api::{Answer, ApiError},
    page,
    prelude::*,
};
use operator::{Desk as _, Session, Turns, Who, focus, time};
use std::time::Duration;

/// How often the server is asked.
const EVERY: Duration = Duration::from_secs(5);
/// Charts change slowly, and cost the server most: they are asked for every so many times.
const CHARTS: u32 = 3;

/// What the server said.
#[derive(Default)]
pub struct Told {
    /// What is live of every microapp, by name; `None` before the first answer.
    pub apps: Option<Vec<AppStatus>>,
    /// Releases that wait to be allowed.
    pub waiting: Vec<ListedRelease>,
    /// How releases did.
    pub health: Option<HealthOverTime>,
    /// More about the microapp that is looked at.
    pub about: Option<About>,
    /// Why there is no answer now.
    pub trouble: Option<ApiError>,
    /// When the last answer came, in milliseconds since 1970.
    pub at: f64,
}

/// Everything that changes.
struct State {
    told: Told,
    session: Session,
    question: Option<Question>,
    now: f64,
    span: Span,
    turns: Turns,
}

/// What all parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The services of the page.
    pub host: Host,
    route: Watched<Route>,
    /// One signal: each type of signal is compiled anew, and what follows it looks at its own part.
    state: Watched<State>,
}

impl Desk {
    /// Begins to ask, until the mount ends.
    pub fn begin(context: Context<()>) -> Self {
        let state = State {
            told: Told::default(),
            session: Session::kept(),
            question: None,
            now: time::now(),
            span: Span::default(),
            turns: Turns::default(),
        };
        let desk = Self { host: context.host, route: context.route, state: Watched::new(state) };
        let mut before = None;
        microapp::element::follow(move || {
            // Asked anew when somebody comes, goes elsewhere, or looks further back.
            let now = Some((desk.view(), desk.span(), desk.signed_in()));
            if now != before {
                before = now;
                untrack(|| {
                    desk.change(|state| state.told.health = None);
                    desk.ask(true);
                });
            }
        });
        let tick = move || {
            desk.change(|state| state.now = time::now());
            if !document().hidden() {
                desk.ask(false);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, EVERY) {
            on_cleanup(move || handle.clear());
        }
        desk
    }

    fn change(self, change: impl FnOnce(&mut State)) {
        self.state.update(change);
    }

    /// How far back charts look.
    pub fn span(self) -> Span {
        self.state.with(|state| state.span)
    }

    /// Lets charts look as far back as this.
    pub fn look_back(self, span: Span) {
        self.change(|state| state.span = span);
    }

    /// What is asked before something changes.
    pub fn question(self) -> Option<Question> {
        self.state.with(|state| state.question.clone())
    }

    /// Asks somebody, or nothing any more.
    pub fn put(self, question: Option<Question>) {
        self.change(|state| state.question = question);
    }

    /// Where somebody is.
    pub fn view(self) -> View {
        self.route.with(|route| View::of(&route.path))
    }

    /// A part of what the server said.
    pub fn told<T>(self, read: impl FnOnce(&Told) -> T) -> T {
        self.state.with(|state| read(&state.told))
    }

    /// What is live of a microapp.
    pub fn status<T>(self, app: &str, read: impl FnOnce(&AppStatus) -> T) -> Option<T> {
        self.told(|told| {
            let status = told.apps.as_ref()?.iter().find(|status| status.app == app)?;
            Some(read(status))
        })
    }

    /// How the releases of a microapp did.
    pub fn health<T>(self, app: &str, read: impl FnOnce(&HealthOverTime, &AppHealth) -> T) -> Option<T> {
        self.told(|told| {
            let health = told.health.as_ref()?;
            Some(read(health, health.apps.iter().find(|health| health.app == app)?))
        })
    }

    /// What requests carry.
    pub fn secret(self) -> String {
        self.state.with_untracked(|state| state.session.secret.clone())
    }

    async fn fetch(self, turn: u32, secret: String, charts: bool) {
        let view = self.route.with_untracked(|route| View::of(&route.path));
        let (span, unknown) = self.state.with_untracked(|state| (state.span, state.session.who.is_none()));
        let asked = Asked { who: unknown, view: Some(view.clone()), charts: charts.then_some(span) };
        let mut answers = fetch::ask(self.host, &secret, asked.clone()).await;
        // Nothing was ever published of it: what is live of the others says so.
        if answers.as_ref().is_err_and(|error| error.is(code::RELEASE_UNKNOWN)) {
            let asked = Asked { view: Some(View::Nowhere), charts: None, ..asked };
            answers = fetch::ask(self.host, &secret, asked).await;
        }
        let last = self.state.update(|state| state.turns.end(turn));
        if !last || self.secret() != secret {
            return;
        }
        match answers {
            Ok(answers) => self.take_up(view, answers),
            Err(error) => self.fail(error),
        }
    }

    fn take_up(self, view: View, mut answers: Answers) {
        let had_focus = !page::is_focus_lost();
        self.change(|state| {
            state.now = time::now();
            state.session.who = answers.who().or(state.session.who.take());
            let told = &mut state.told;
            told.apps = answers.apps.map(|found| found.apps);
            let releases = answers.releases.map(|found| found.releases).unwrap_or_default();
            match (view, answers.history) {
                (View::App(app), Some(History { revisions: history })) => {
                    told.about = Some(About { app, history, releases });
                }
                _ => told.waiting = releases,
            }
            told.health = answers.health.or_else(|| told.health.take());
            told.trouble = None;
            told.at = state.now;
        });
        if had_focus {
            focus::keep();
        }
    }

    /// Takes up that something did not work: who may not ask signs in again.
    pub fn fail(self, error: ApiError) {
        if error.is(code::TOKEN_INVALID) {
            self.sign_out(Some(error.numbered()));
        } else {
            self.change(|state| state.told.trouble = Some(error));
        }
    }
}

impl operator::Desk for Desk {
    const SCOPE: &'static str = C;

    fn host(self) -> Host {
        self.host
    }

    fn path(self) -> String {
        self.route.with(|route| route.path.clone())
    }

    fn now(self) -> f64 {
        self.state.with(|state| state.now)
    }

    fn session<T>(self, read: impl FnOnce(&Session) -> T) -> T {
        self.state.with(|state| read(&state.session))
    }

    fn change_session<T>(self, change: impl FnOnce(&mut Session) -> T) -> T {
        self.state.update(|state| change(&mut state.session))
    }

    fn ask_who(self, secret: String) -> Answer<Option<Who>> {
        Box::pin(async move {
            let asked = Asked { who: true, view: None, charts: None };
            Ok(fetch::ask(self.host, &secret, asked).await?.who())
        })
    }

    fn ask(self, urgent: bool) {
        let secret = self.secret();
        if secret.is_empty() {
            return;
        }
        if let Some(turn) = self.state.update(|state| state.turns.begin(urgent)) {
            let charts = urgent || turn % CHARTS == 0;
            spawn_local(self.fetch(turn, secret, charts));
        }
    }

    fn trouble(self) -> Option<(ApiError, f64)> {
        self.told(|told| Some((told.trouble.clone()?, told.at)))
    }

    fn forget(self) {
        self.change(|state| {
            state.question = None;
            state.told = Told::default();
        });
    }
}
