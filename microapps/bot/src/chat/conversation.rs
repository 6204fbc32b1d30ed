//! Where a conversation begins, goes on after a reload, and ends.

use super::{Chat, Inner, Shown};
use crate::{
    engine,
    history::{Conversation, Kept, Place},
    message::{Content, Message},
    texts::Language,
    voice,
};
use leptos::prelude::*;
use microapp::{Listener, page::random_uuid};
use nlu::json::Value;

impl Inner {
    /// Ends the conversation. What is still on its way comes too late, and nothing waits for it.
    fn end(&mut self) {
        self.session.reset();
        self.queue.clear();
        self.busy = false;
        self.generation += 1;
        self.begun = false;
        self.id = random_uuid();
    }
}

impl Chat {
    /// Ends the conversation and forgets it.
    pub(super) fn forget(self) {
        self.inner.with_value(|inner| inner.place.clear());
        self.forget_here();
    }

    /// The same for what this tab remembers: what is kept may be another tab's new one already.
    fn forget_here(self) {
        self.inner.try_update_value(|inner| {
            inner.contexts.clear();
            inner.sent.clear();
            inner.end();
        });
        voice::be_silent();
        self.listening.set(false);
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
            self.inner.try_update_value(Inner::end);
            self.waiting.set(false);
            self.suggestions.set(Vec::new());
            self.keep();
        } else {
            self.forget();
        }
        if self.shown.get_untracked() != Shown::Closed {
            self.welcome();
        }
    }

    /// The language that the person chose, which is kept.
    pub fn choose(self, language: Language) {
        self.inner.try_update_value(|inner| inner.language = language.code().to_owned());
        self.speak(language);
    }

    /// Another language. A conversation in which the person said nothing yet begins anew in it.
    pub fn speak(self, language: Language) {
        if language == self.language.get_untracked() {
            return;
        }
        self.language.set(language);
        self.unsay();
        self.suggestions.set(Vec::new());
        let silent =
            self.messages.with_untracked(|messages| messages.iter().all(|message| !message.is_own()));
        if silent && self.inner.with_value(|inner| inner.begun) {
            self.begin_anew(false);
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

    /// Goes on with what other tabs keep, and forgets what they forget, until it is dropped.
    pub fn follow_other_tabs(self) -> Option<Listener> {
        self.inner
            .with_value(|inner| inner.place.follow_other_tabs(move |written| self.take_up_other(written)))
    }

    fn take_up_other(self, written: Option<String>) {
        let Some(text) = written else { return self.forget_here() };
        let lifetime = self.settings.with_untracked(|settings| settings.lifetime);
        let Some(other) = Place::written(&text, engine::now(), lifetime) else { return };
        let taken = self.inner.try_update_value(|inner| {
            // What is on its way here is kept with what comes of it.
            if inner.busy || other.chosen != inner.chosen {
                return None;
            }
            let first = inner.last + 1;
            inner.last += other.messages.len() as i64;
            inner.begun = !other.messages.is_empty();
            inner.id = other.id;
            inner.language = other.language;
            inner.session = other.session;
            inner.touched = engine::now();
            // New numbers, so that each is drawn as it is now.
            Some((first..).zip(other.messages).map(|(id, kept)| Message::kept(id, kept)).collect::<Vec<_>>())
        });
        if let Some(messages) = taken.flatten() {
            self.language.set(other.spoken);
            self.messages.set(messages);
            self.suggestions.set(other.suggestions);
        }
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
        let suggestions = self.suggestions.get_untracked();
        let warn = self.inner.try_update_value(|inner| {
            inner.touched = engine::now();
            let conversation = Conversation {
                id: inner.id.clone(),
                chosen: inner.chosen.clone(),
                language: inner.language.clone(),
                spoken: self.language.get_untracked(),
                messages,
                suggestions,
                session: inner.session.clone(),
            };
            let kept = inner.place.write(conversation, inner.touched);
            !kept && !std::mem::replace(&mut inner.warned, true)
        });
        if warn == Some(true) {
            self.status.set(self.language.get_untracked().texts().kept_nowhere.to_owned());
        }
    }
}
