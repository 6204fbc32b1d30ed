//! A value that parts of the page follow.
//!
//! It does what a Leptos signal does, and what reads it (views, effects, [`follow`](crate::element::follow)) follows it in the
//! same way. A Leptos signal is compiled once for every type of value, a kilobyte each; of this, whatever is not reading and
//! writing the value is compiled once for all.

use leptos::{prelude::*, reactive::signal::ArcTrigger};
use std::sync::{PoisonError, RwLock};

/// A value that is followed. Copied into closures freely; it lives as long as the mount, whose memory goes as a whole.
pub struct Watched<T: 'static> {
    value: &'static RwLock<T>,
    followers: &'static ArcTrigger,
}

impl<T> Copy for Watched<T> {}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Default> Default for Watched<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Watched<T> {
    /// One that nobody follows yet.
    pub fn new(value: T) -> Self {
        Self { value: Box::leak(Box::new(RwLock::new(value))), followers: followers() }
    }

    /// A part of the value; inside a view or effect, also follows it. `read` must not change it.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        track(self.followers);
        self.with_untracked(read)
    }

    /// A part of the value, without following it.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the value in its place; whoever follows it is told.
    pub fn update<R>(self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.write().unwrap_or_else(PoisonError::into_inner));
        notify(self.followers);
        result
    }

    /// Another value; whoever follows it is told.
    pub fn set(self, value: T) {
        self.update(|place| *place = value);
    }
}

impl<T: Clone> Watched<T> {
    /// The value now; inside a view or effect, also follows it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value now, without following it.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

#[inline(never)]
fn followers() -> &'static ArcTrigger {
    Box::leak(Box::default())
}

#[inline(never)]
fn track(followers: &ArcTrigger) {
    followers.track();
}

#[inline(never)]
fn notify(followers: &ArcTrigger) {
    followers.notify();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let words = Watched::new(vec!["a"]);
        assert_eq!(words.update(|words| words.pop()), Some("a"));
        let copy = words;
        copy.set(vec!["b", "c"]);
        assert_eq!((words.get(), words.with(Vec::len)), (vec!["b", "c"], 2));
    }

    #[test]
    fn a_memo_follows_it_like_a_signal() {
        Owner::new().with(|| {
            let count = Watched::new(1);
            let twice = Memo::new(move |_| 2 * count.get());
            let once = Memo::new(move |_| count.get_untracked());
            assert_eq!((twice.get(), once.get()), (2, 1));
            count.set(4);
            assert_eq!((twice.get(), once.get()), (8, 1));
        });
    }
}
