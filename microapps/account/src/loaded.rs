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
    /// Whether something is being done to what is there.
    pub busy: Watched<bool>,
}

struct State<T> {
    /// How often it was asked.
    asked: u32,
    /// Which time the answer is to; rises with every answer: what shows one is drawn anew.
    answered: u32,
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

impl<T> State<T> {
    /// Takes up the answer to the question that was the `asked`th. One that a newer one has overtaken is old.
    fn take_up(&mut self, asked: u32, answer: Result<Arc<T>, ApiError>) {
        if asked > self.answered {
            self.answered = asked;
            self.answer = Some(answer);
        }
    }
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
        let state = Watched::new(State { asked: 0, answered: 0, answer: None });
        let loaded = Self { host, path, ask, state, busy: Watched::new(false) };
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
            let asked = self.state.update(|state| {
                state.asked += 1;
                state.asked
            });
            let answer = (self.ask)(self.host, self.path).await.map(Arc::new);
            // The page may be gone by now.
            self.state.update(|state| state.take_up(asked, answer));
        })
    }

    /// Does `work` that changes what is there; ends when the answer shows it. Also what was removed elsewhere shows no longer.
    pub fn after(self, work: Answer<()>) -> Answer<()> {
        Box::pin(async move {
            let done = work.await;
            if done.as_ref().err().is_none_or(is_gone) {
                self.refresh().await;
            }
            done
        })
    }

    /// The same for work that takes something away: where it is gone already, that is done.
    pub fn without(self, work: Answer<()>) -> Answer<()> {
        self.after(Box::pin(async move {
            match work.await {
                Err(error) if is_gone(&error) => Ok(()),
                done => done,
            }
        }))
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
        self.state.with(|state| state.answered.to_string())
    }

    /// What is there.
    pub fn ready(self) -> Option<Arc<T>> {
        self.state.with(|state| state.answer.as_ref()?.as_ref().ok().cloned())
    }

    /// Why there is nothing.
    pub fn failure(self) -> String {
        self.state.with(|state| match &state.answer {
            Some(Err(error)) => error.numbered(),
            _ => String::new(),
        })
    }
}

fn is_gone(error: &ApiError) -> bool {
    error.is(code::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_answer_does_not_replace_a_newer_one() {
        let mut state = State { asked: 3, answered: 0, answer: None };
        for (asked, shown) in [(2, 2), (1, 2), (3, 3)] {
            state.take_up(asked, Ok(Arc::new(asked)));
            assert_eq!(state.answered, shown, "{asked}");
            assert_eq!(state.answer, Some(Ok(Arc::new(shown))), "{asked}");
        }
    }
}
