//! Where a conversation begins, goes on after a reload, and ends.

use super::{Chat, Shown};
use crate::{
    engine,
    history::{Conversation, Kept},
    message::Content,
    texts::Language,
    voice,
};
use leptos::prelude::*;
use microapp::page::random_uuid;
use nlu::json::Value;

impl Chat {
    /// Ends the conversation and forgets it.
    pub(super) fn forget(self) {
        self.inner.try_update_value(|inner| {
            inner.session.reset();
            inner.queue.clear();
            inner.contexts.clear();
            inner.sent.clear();
            inner.generation += 1;
            inner.begun = false;
            inner.id = random_uuid();
            inner.place.clear();
        });
        voice::be_silent();
        self.waiting.set(false);
        self.messages.set(Vec::new());
        self.suggestions.set(Vec::new());
    }

    /// Forgets the conversation, wherever it is kept.
    pub fn clear(self) {
        self.forget();
        if self.shown.get_untracked() != Shown::Closed {
            self.status.set(self.language.get_untracked().texts().cleared.to_owned());
            self.welcome();
        }
    }

    /// A new session; with `retain` what was said stays to be read.
    pub fn begin_anew(self, retain: bool) {
        if retain {
            self.inner.try_update_value(|inner| {
                inner.session.reset();
                inner.queue.clear();
                inner.generation += 1;
                inner.begun = false;
                inner.id = random_uuid();
            });
            self.waiting.set(false);
            self.suggestions.set(Vec::new());
        } else {
            self.forget();
        }
        if self.shown.get_untracked() != Shown::Closed {
            self.welcome();
        }
    }

    /// Another language. A conversation in which the person said nothing yet begins anew in it.
    pub fn speak(self, language: Language) {
        if language == self.language.get_untracked() {
            return;
        }
        self.language.set(language);
        self.suggestions.set(Vec::new());
        let silent =
            self.messages.with_untracked(|messages| messages.iter().all(|message| !message.is_own()));
        if silent && self.inner.with_value(|inner| inner.begun) {
            self.forget();
            self.welcome();
        }
        self.keep();
    }

    /// What was sent as the `back`th before now.
    pub fn sent(self, back: usize) -> Option<String> {
        self.inner
            .with_value(|inner| inner.sent.len().checked_sub(back).and_then(|at| inner.sent.get(at)).cloned())
    }

    /// Sets contexts for the next turn.
    pub fn set_contexts(self, contexts: Vec<Value>) {
        self.inner.try_update_value(|inner| inner.contexts.extend(contexts));
    }

    /// Keeps the conversation. That a browser does not is said once.
    pub(super) fn keep(self) {
        let messages = self.messages.with_untracked(|messages| {
            messages
                .iter()
                .filter_map(|message| match &message.content {
                    Content::Said { own, message } => Some(Kept { own: *own, message: message.clone() }),
                    Content::Failed { .. } => None,
                })
                .collect()
        });
        let (suggestions, language) = (self.suggestions.get_untracked(), self.language.get_untracked());
        let warn = self.inner.try_update_value(|inner| {
            inner.touched = engine::now();
            let conversation = Conversation {
                id: inner.id.clone(),
                language: language.code().to_owned(),
                messages,
                suggestions,
                session: inner.session.clone(),
            };
            let kept = inner.place.write(conversation, inner.touched);
            !kept && !std::mem::replace(&mut inner.warned, true)
        });
        if warn == Some(true) {
            self.status.set(language.texts().kept_nowhere.to_owned());
        }
    }
}
