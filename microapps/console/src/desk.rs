//! What the server said last, and asking it again every five seconds.

use crate::{
    fetch::{self, About, Answers, View},
    page,
    question::Question,
    session::Session,
    time,
};
use contract::{
    code,
    registry::{
        health::{AppHealth, HealthOverTime, Span},
        release::ListedRelease,
        rollout::AppStatus,
        token::Token,
    },
};
use leptos::{prelude::*, task::spawn_local};
use microapp::{api::ApiError, prelude::*};
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

/// What all parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The services of the page.
    pub host: Host,
    /// What is asked before something changes.
    pub question: RwSignal<Option<Question>>,
    /// Now, as often as it is worth saying.
    pub now: RwSignal<f64>,
    /// How far back charts look.
    pub span: RwSignal<Span>,
    route: ReadSignal<Route>,
    session: RwSignal<Session>,
    told: RwSignal<Told>,
    turns: StoredValue<Turns>,
}

/// Which question to the server is the last one: what an earlier one answers is old by then.
#[derive(Default)]
struct Turns {
    begun: u32,
    ended: u32,
}

impl Desk {
    /// Begins to ask, until the mount ends.
    pub fn begin(context: Context<()>) -> Self {
        let desk = Self {
            host: context.host,
            question: RwSignal::new(None),
            now: RwSignal::new(time::now()),
            span: RwSignal::new(Span::default()),
            route: context.route,
            session: RwSignal::new(Session::kept()),
            told: RwSignal::new(Told::default()),
            turns: StoredValue::new(Turns::default()),
        };
        let mut before = None;
        microapp::element::follow(move || {
            // Asked anew when somebody comes, goes elsewhere, or looks further back.
            let now = Some((desk.view(), desk.span.get(), desk.signed_in()));
            if now != before {
                before = now;
                untrack(|| {
                    desk.told.update(|told| told.health = None);
                    desk.ask(true);
                });
            }
        });
        let tick = move || {
            if desk.now.try_set(time::now()).is_none() && !document().hidden() {
                desk.ask(false);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, EVERY) {
            on_cleanup(move || handle.clear());
        }
        desk
    }

    /// Where somebody is.
    pub fn view(self) -> View {
        self.route.with(|route| View::of(&route.path))
    }

    /// A part of what the server said.
    pub fn told<T>(self, read: impl FnOnce(&Told) -> T) -> T {
        self.told.with(read)
    }

    /// What is live of a microapp.
    pub fn status<T>(self, app: &str, read: impl FnOnce(&AppStatus) -> T) -> Option<T> {
        self.told.with(|told| {
            let status = told.apps.as_ref()?.iter().find(|status| status.app == app)?;
            Some(read(status))
        })
    }

    /// How the releases of a microapp did.
    pub fn health<T>(self, app: &str, read: impl FnOnce(&HealthOverTime, &AppHealth) -> T) -> Option<T> {
        self.told.with(|told| {
            let health = told.health.as_ref()?;
            Some(read(health, health.apps.iter().find(|health| health.app == app)?))
        })
    }

    /// Whether somebody is signed in.
    pub fn signed_in(self) -> bool {
        self.session.with(|session| !session.secret.is_empty())
    }

    /// A part of who is signed in.
    pub fn session<T>(self, read: impl FnOnce(&Session) -> T) -> T {
        self.session.with(read)
    }

    /// What requests carry.
    pub fn secret(self) -> String {
        self.session.try_with_untracked(|session| session.secret.clone()).unwrap_or_default()
    }

    /// Looks at a token, and signs its holder in if it is an operator's.
    pub async fn sign_in(self, secret: String) {
        let secret = secret.trim().to_owned();
        let begun = self.session.try_update(|session| {
            session.reason = secret.is_empty().then(|| "Enter a token.".to_owned());
            let begun = !session.busy && session.reason.is_none();
            session.busy |= begun;
            begun
        });
        if begun != Some(true) {
            return;
        }
        let answer = fetch::who(self.host, &secret).await;
        self.session.try_update(|session| {
            session.busy = false;
            match answer {
                Ok(token) => session.begin(&secret, token),
                Err(error) => session.reason = Some(fetch::numbered(&error)),
            }
        });
    }

    /// Forgets the token and everything that it showed.
    pub fn sign_out(self, reason: Option<String>) {
        self.question.set(None);
        self.told.set(Told::default());
        self.session.update(|session| session.end(reason));
    }

    /// Asks the server for everything that shows; not while it owes an answer, unless it is `urgent`.
    pub fn ask(self, urgent: bool) {
        let secret = self.secret();
        let turn = self.turns.try_update_value(|turns| {
            if secret.is_empty() || (!urgent && turns.begun != turns.ended) {
                return None;
            }
            turns.begun += 1;
            Some(turns.begun)
        });
        if let Some(turn) = turn.flatten() {
            let charts = urgent || turn % CHARTS == 0;
            spawn_local(self.fetch(turn, secret, charts));
        }
    }

    async fn fetch(self, turn: u32, secret: String, charts: bool) {
        let Some(view) = self.route.try_with_untracked(|route| View::of(&route.path)) else { return };
        let Some(span) = self.span.try_get_untracked() else { return };
        let known = self.session.try_with_untracked(|session| session.token.is_some());
        let who = match known {
            Some(false) => fetch::who(self.host, &secret).await.map(Some),
            _ => Ok(None),
        };
        let answers = match who {
            Ok(who) => {
                fetch::everything(self.host, &secret, &view, charts.then_some(span)).await.map(|it| (who, it))
            }
            Err(error) => Err(error),
        };
        let last = self.turns.try_update_value(|turns| {
            let last = turns.begun == turn;
            if last {
                turns.ended = turn;
            }
            last
        });
        if last != Some(true) || self.secret() != secret {
            return;
        }
        match answers {
            Ok((who, answers)) => self.take_up(who.flatten(), answers),
            Err(error) => self.fail(error),
        }
    }

    fn take_up(self, who: Option<Token>, answers: Answers) {
        if let Some(token) = who {
            self.session.update(|session| session.token = Some(token));
        }
        let had_focus = page::has_focus();
        self.now.set(time::now());
        self.told.update(|told| {
            told.apps = Some(answers.apps);
            told.waiting = answers.waiting;
            told.about = answers.about;
            told.health = answers.health.or_else(|| told.health.take());
            told.trouble = None;
            told.at = time::now();
        });
        if had_focus {
            page::keep_focus();
        }
    }

    /// Takes up that something did not work: who may not ask signs in again.
    pub fn fail(self, error: ApiError) {
        if error.is(code::TOKEN_INVALID) {
            self.sign_out(Some(fetch::numbered(&error)));
        } else {
            self.told.try_update(|told| told.trouble = Some(error));
        }
    }
}
