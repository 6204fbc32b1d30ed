//! What the server said last, and asking it again.

use crate::{
    C,
    answers::Answers,
    edit::Edit,
    question::Question,
    view::{self, View},
};
use contract::{
    code,
    shop::{operator::StockItem, order::Order},
};
use leptos::{prelude::*, task::spawn_local};
use microapp::{
    api::{self, Answer, ApiError, Method},
    page,
    prelude::*,
};
use operator::{Desk as _, Session, Turns, Who, focus, session::TOKENS, time};
use std::time::Duration;

/// How often the server is asked for what changes by itself.
const EVERY: Duration = Duration::from_secs(10);

/// What the server said of what is looked at.
#[derive(Default)]
pub struct Told {
    /// All of it; nothing before the first answer.
    pub answers: Answers,
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
    /// Variants whose stock is being set.
    edits: Vec<Edit>,
    now: f64,
    turns: Turns,
}

/// What all parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The services of the page.
    pub host: Host,
    route: Watched<Route>,
    state: Watched<State>,
}

impl Desk {
    /// Begins to ask, until the mount ends.
    pub fn begin(context: Context<()>) -> Self {
        let state = State {
            told: Told::default(),
            session: Session::kept(),
            question: None,
            edits: Vec::new(),
            now: time::now(),
            turns: Turns::default(),
        };
        let desk = Self { host: context.host, route: context.route, state: Watched::new(state) };
        let mut before = None;
        microapp::element::follow(move || {
            let now = Some((desk.view(), desk.signed_in()));
            if now != before {
                before = now;
                untrack(|| {
                    desk.turn_to_another();
                    desk.ask(true);
                });
            }
        });
        let tick = move || {
            desk.change(|state| state.now = time::now());
            // What did not come is asked for again, too.
            let asks = || desk.view().moves() || desk.told(|told| told.trouble.is_some());
            if !document().hidden() && untrack(asks) {
                desk.ask(false);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, EVERY) {
            on_cleanup(move || handle.clear());
        }
        // Nothing that is typed is lost without a word.
        let unset =
            move || desk.state.with_untracked(|state| state.edits.iter().any(|it| it.expected.is_some()));
        StoredValue::new_local(desk.host.hold(unset));
        desk
    }

    fn change(self, change: impl FnOnce(&mut State)) {
        self.state.update(change);
    }

    /// What is looked at.
    pub fn view(self) -> View {
        self.route.with(View::of)
    }

    /// A part of what the server said.
    pub fn told<T>(self, read: impl FnOnce(&Told) -> T) -> T {
        self.state.with(|state| read(&state.told))
    }

    /// A part of what the server said of the view.
    pub fn answers<T>(self, read: impl FnOnce(&Answers) -> T) -> T {
        self.told(|told| read(&told.answers))
    }

    /// What is asked before something changes.
    pub fn question(self) -> Option<Question> {
        self.state.with(|state| state.question.clone())
    }

    /// Asks somebody, or nothing any more.
    pub fn put(self, question: Option<Question>) {
        self.change(|state| state.question = question);
    }

    fn secret(self) -> String {
        self.state.with_untracked(|state| state.session.secret.clone())
    }

    async fn fetch(self, turn: u32, secret: String) {
        let view = self.route.with_untracked(View::of);
        let mut paths: Vec<_> = view.asks().into_iter().collect();
        if self.state.with_untracked(|state| state.session.who.is_none()) {
            paths.push(("tokens", TOKENS.to_owned()));
        }
        let answers = api::gather_as(self.host, &secret, paths).await;
        let last = self.state.update(|state| state.turns.end(turn));
        if !last || self.secret() != secret {
            return;
        }
        match answers {
            Ok(answers) => self.take_up(answers),
            Err(error) => self.fail(error),
        }
    }

    fn take_up(self, mut answers: Answers) {
        let had_focus = !page::is_focus_lost();
        self.change(|state| {
            state.now = time::now();
            state.session.who = answers.who().or(state.session.who.take());
            state.told = Told { answers, trouble: None, at: state.now };
        });
        if had_focus {
            focus::keep();
        }
    }

    /// Forgets what the view showed, but not stock that is yet to be set.
    fn turn_to_another(self) {
        self.change(|state| {
            state.question = None;
            state.edits.retain(|edit| edit.expected.is_some());
            state.told = Told::default();
        });
    }

    /// Takes up that something did not work: who may not ask signs in again, and goes on with what they typed.
    pub fn fail(self, error: ApiError) {
        if error.is(code::TOKEN_INVALID) {
            let edits = self.state.update(|state| std::mem::take(&mut state.edits));
            self.sign_out(Some(error.numbered()));
            self.change(|state| state.edits = edits);
        } else {
            self.change(|state| state.told.trouble = Some(error));
        }
    }

    /// Sends a change, and looks at what came of it.
    pub async fn send(self, method: Method, path: &str, body: &impl Serialize) -> Result<(), ApiError> {
        let answer = api::send_as(self.host, &self.secret(), method, path, body).await;
        self.ask(true);
        answer
    }

    /// Sets the stock of a variant that had `expected` pieces.
    pub async fn set_stock(self, variant: i64, expected: i64, stock: i64) -> Result<(), ApiError> {
        let (path, body) = (item(variant), contract::shop::operator::SetStock { stock, expected });
        api::send_as(self.host, &self.secret(), Method::PUT, &path, &body).await?;
        self.change_item(variant, |item| item.stock = stock);
        Ok(())
    }

    /// Looks at an order again; nothing where there is no answer.
    pub async fn look_at_order(self, number: &str) -> Option<Order> {
        let asked = vec![("order", ["/operator", &view::order(number)].concat())];
        let answers: Answers = api::gather_as(self.host, &self.secret(), asked).await.ok()?;
        answers.order.map(|file| file.order)
    }

    /// Looks at the stock of one variant again, and says what it is.
    pub async fn look_at_stock(self, variant: i64) -> Result<i64, ApiError> {
        let asked = vec![("item", item(variant))];
        let answers: Answers = api::gather_as(self.host, &self.secret(), asked).await?;
        let stock = answers.item.map_or(0, |item| item.stock);
        self.change_item(variant, |item| item.stock = stock);
        Ok(stock)
    }

    /// How many there are of a variant, as the server said last.
    pub fn stock(self, variant: i64) -> i64 {
        self.answers(|told| {
            let found = told.stock.iter().flatten().find(|item| item.variant_id == variant);
            found.map_or(0, |item| item.stock)
        })
    }

    /// How far setting the stock of a variant has come.
    pub fn edit(self, variant: i64) -> Edit {
        let of = |state: &State| state.edits.iter().find(|edit| edit.variant == variant).cloned();
        self.state.with(of).unwrap_or_default()
    }

    /// It has come this far.
    pub fn put_edit(self, edit: Edit) {
        self.change(|state| {
            state.edits.retain(|other| other.variant != edit.variant);
            state.edits.push(edit);
        });
    }

    fn change_item(self, variant: i64, change: impl FnOnce(&mut StockItem)) {
        self.change(|state| {
            let items = state.told.answers.stock.iter_mut().flatten();
            if let Some(item) = items.into_iter().find(|item| item.variant_id == variant) {
                change(item);
            }
        });
    }
}

fn item(variant: i64) -> String {
    ["/operator/stock/", &variant.to_string()].concat()
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
            let asked = vec![("tokens", TOKENS.to_owned())];
            Ok(api::gather_as::<Answers>(self.host, &secret, asked).await?.who())
        })
    }

    fn ask(self, urgent: bool) {
        let secret = self.secret();
        if secret.is_empty() {
            return;
        }
        if let Some(turn) = self.state.update(|state| state.turns.begin(urgent)) {
            spawn_local(self.fetch(turn, secret));
        }
    }

    fn trouble(self) -> Option<(ApiError, f64)> {
        self.told(|told| Some((told.trouble.clone()?, told.at)))
    }

    fn forget(self) {
        self.change(|state| state.edits = Vec::new());
        self.turn_to_another();
    }
}
