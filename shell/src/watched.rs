//! Values that parts of the page follow.
//!
//! The little that the shell needs of signals and effects, in place of a reactive library's 60 KB: here every
//! follower follows one value, and all of them live as long as the page.

use crate::browser;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// A value that is followed.
pub struct Watched<T> {
    value: RefCell<T>,
    followers: Rc<Followers>,
}

impl<T> Watched<T> {
    /// One that nobody follows yet.
    pub fn new(value: T) -> Self {
        Self { value: RefCell::new(value), followers: Rc::default() }
    }

    /// Another value. Followers are told in the next microtask, once for all that happens until then.
    pub fn set(&self, value: T) {
        self.value.replace(value);
        self.followers.clone().tell();
    }

    /// A part of the value. `read` must not change it.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.value.borrow())
    }

    /// Changes the value in its place.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value.borrow_mut());
        self.followers.clone().tell();
    }
}

impl<T: Clone + 'static> Watched<T> {
    /// The value now.
    pub fn get(&self) -> T {
        self.value.borrow().clone()
    }

    /// Hands the value to `told`, now and after every change.
    pub fn follow(&'static self, mut told: impl FnMut(T) + 'static) {
        self.followers.add(Box::new(move || told(self.get())));
    }
}

/// The part that is the same for every type of value.
#[derive(Default)]
struct Followers {
    all: RefCell<Vec<Box<dyn FnMut()>>>,
    under_way: Cell<bool>,
}

impl Followers {
    #[inline(never)]
    fn add(&self, mut follower: Box<dyn FnMut()>) {
        follower();
        self.all.borrow_mut().push(follower);
    }

    #[inline(never)]
    fn tell(self: Rc<Self>) {
        if self.under_way.replace(true) {
            return;
        }
        browser::spawn(async move {
            self.under_way.set(false);
            // A follower may change the value again: that is told in the next microtask.
            for follower in self.all.borrow_mut().iter_mut() {
                follower();
            }
        });
    }
}
