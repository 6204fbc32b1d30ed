//! What the shop answered to a question: waited for, refused, or there.

use contract::code;
use microapp::Watched;
use microapp::{
    Host,
    api::{self, Answer, ApiError},
    page::run,
};
use serde::de::DeserializeOwned;
use std::{pin::Pin, sync::Arc};

/// The answer to a question.
pub struct Loaded<T: 'static> {
    host: Host,
    path: &'static str,
    ask: fn(Host, &str) -> Answer<T>,
    state: Watched<State<T>>,
}

struct State<T> {
    /// Rises with every answer: what shows one is drawn anew.
    answers: u32,
    /// `None` while the first one is waited for.
    answer: Option<Result<Arc<T>, ApiError>>,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// The first answer is waited for.
    Waiting,
    /// Nobody is signed in.
    SignedOut,
    /// The shop did not answer as it should.
    Failed,
    /// It is there.
    Ready,
}

impl<T: 'static> Copy for Loaded<T> {}

impl<T: 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Loaded<T> {
    /// Asks what lies at `path`.
    pub fn from(host: Host, path: &'static str) -> Self {
        Self::by(host, path, api::get)
    }

    /// Asks in another way.
    pub fn by(host: Host, path: &'static str, ask: fn(Host, &str) -> Answer<T>) -> Self {
        let loaded = Self { host, path, ask, state: Watched::new(State { answers: 0, answer: None }) };
        loaded.again();
        loaded
    }

    /// Asks anew. What shows meanwhile is the answer of before.
    pub fn again(self) {
        run(self.refresh());
    }

    /// The same, for whoever goes on afterwards. Boxed: else everybody who does has a copy of it.
    pub fn refresh(self) -> Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move {
            let answer = (self.ask)(self.host, self.path).await.map(Arc::new);
            // The page may be gone by now.
            self.state.update(|state| {
                state.answers += 1;
                state.answer = Some(answer);
            });
        })
    }

    /// How it stands.
    pub fn stand(self) -> Stand {
        self.state.with(|state| match &state.answer {
            None => Stand::Waiting,
            Some(Ok(_)) => Stand::Ready,
            Some(Err(error)) if error.is(code::SIGN_IN_REQUIRED) => Stand::SignedOut,
            Some(Err(_)) => Stand::Failed,
        })
    }

    /// Another text with every answer.
    pub fn key(self) -> String {
        self.state.with(|state| state.answers.to_string())
    }

    /// What is there.
    pub fn ready(self) -> Option<Arc<T>> {
        self.state.with(|state| state.answer.as_ref()?.as_ref().ok().cloned())
    }

    /// Why there is nothing.
    pub fn failure(self) -> String {
        self.state.with(|state| match &state.answer {
            Some(Err(error)) => with_code(error),
            _ => String::new(),
        })
    }
}

/// `The shop cannot be reached. (E215)`
pub fn with_code(error: &ApiError) -> String {
    [&error.message, " (", &error.code, ")"].concat()
}
