//! What a shopper notices of having come somewhere: title, focus, one announcement, scroll (docs/contract.md, promise 4).

use crate::{browser, focus, overlays, page::Shell};
use contract::route::Address;
use std::cell::{Cell, RefCell};

/// How the shopper came to where they want to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    /// With the page.
    #[default]
    First,
    /// By a link, a command, a typed address.
    Forward,
    /// By Back or Forward: the page was scrolled then.
    Return,
}

/// How shoppers come, and where they came last.
#[derive(Default)]
pub struct Arrivals {
    /// How the next one comes about.
    next: Cell<Arrival>,
    /// The path that title, focus and scroll were last set for, or that was passed by since.
    settled: RefCell<Option<String>>,
    /// They are to be set although the path is the same.
    again: Cell<bool>,
    /// The path that the shopper is on the way to or at, and a number that the page had not had when they set out.
    heading: RefCell<(String, u32)>,
}

impl Arrivals {
    /// Says where the shopper is going.
    pub fn head_for(&self, path: &str) {
        if self.heading.borrow().0 != path {
            *self.heading.borrow_mut() = (path.to_owned(), browser::fresh_number());
        }
    }

    /// Says how the next one comes about.
    pub fn next(&self, how: Arrival) {
        self.next.set(how);
    }

    /// Says that the next one counts as one although the path is the same.
    pub fn settle_again(&self) {
        self.again.set(true);
    }

    /// Whether the shopper has come nowhere yet.
    pub fn none_yet(&self) -> bool {
        self.settled.borrow().is_none()
    }

    /// Whether the next one at `path` changes nothing of title, focus and scroll.
    pub fn is_settled(&self, path: &str) -> bool {
        !self.again.get() && self.settled.borrow().as_deref() == Some(path)
    }

    /// What was there went on the way to a path that is not arrived at: whoever comes back finds it anew.
    pub fn pass_by(&self, path: &str) {
        *self.settled.borrow_mut() = Some(path.to_owned());
    }
}

/// Title, focus, announcement and scroll, after a change of app or path.
pub fn arrive(shell: Shell, address: &Address, title: &str) {
    if let Some(arrived) = Arrived::note(shell, address) {
        arrived.settle(shell, address, title, title);
    }
}

/// An arrival that is noted and not yet shown.
pub struct Arrived {
    arrival: Arrival,
    /// The path of the arrival before it.
    before: Option<String>,
    /// It counts although the path is the same.
    again: bool,
    /// Whether the microapp has set the title itself.
    titled: bool,
}

impl Arrived {
    /// Notes it: what happens from here on is the next one. None where the shopper is on the way to another path by now: how
    /// they set out is for their arrival there.
    pub fn note(shell: Shell, address: &Address) -> Option<Self> {
        let arrivals = &shell.page().navigation.arrivals;
        let before = arrivals.settled.replace(Some(address.path.clone()));
        (shell.history.current().path == address.path).then(|| Self {
            arrival: arrivals.next.replace(Arrival::Forward),
            before,
            again: arrivals.again.take(),
            titled: shell.take_title_set(),
        })
    }

    /// Shows it; whether `said` is announced.
    pub fn settle(self, shell: Shell, address: &Address, title: &str, said: &str) -> bool {
        let Self { arrival, before, again, titled } = self;
        shell.notices.arrived(&address.path);
        overlays::update(shell);
        let same_path = before.as_deref() == Some(address.path.as_str());
        if before.is_some() && !same_path {
            shell.notices.move_on(shell.navigation.arrivals.heading.borrow().1);
        }
        if same_path && !again {
            if arrival == Arrival::Return {
                // Another query. The app may have scrolled to what it shows now.
                let y = shell.history.scroll();
                browser::spawn(focus::restore_scroll(y));
            }
            return false;
        }
        if !titled && !same_path {
            focus::set_title(title);
        }
        if arrival == Arrival::First && before.is_none() {
            // Opening a page moves nobody's focus; a reload comes back to where it was.
            let y = shell.history.scroll();
            // It is at its top; scrolling there would lay the page out before it is due.
            if y != 0.0 {
                browser::spawn(focus::restore_scroll(y));
            }
            return false;
        }
        if arrival == Arrival::Return {
            let y = shell.history.scroll();
            browser::spawn(focus::restore_scroll(y));
        } else {
            focus::scroll_to(0.0);
        }
        // The view is drawn in the next microtask; then there is a heading.
        let said = said.to_owned();
        browser::spawn(async move {
            browser::pause().await;
            let Some(main) = focus::main_element() else { return };
            focus::to_heading(&main);
            shell.announce(&said);
            focus::stay_on_heading(main).await;
        });
        true
    }
}
