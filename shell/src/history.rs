//! The browser's history: our entries are numbered, so that Back can be told from Forward, put back,
//! and find where the page was scrolled to.

use crate::{address, browser, focus, overrides};
use contract::route::Address;
use js_sys::{Date, Object};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;
use web_sys::{History as BrowserHistory, ScrollRestoration};

/// Where scroll positions outlive a reload.
const SCROLL_KEY: &str = "menagerie/scroll";
/// So many are kept of a tab, the latest first.
const MOST_SCROLLS: usize = 500;

/// Our view of the browser's history.
#[derive(Default)]
pub struct History {
    index: Cell<i64>,
    current: RefCell<Address>,
    /// Whether the page was opened with a hash that does not begin as routes do today.
    opened_at_older_form: Cell<bool>,
    /// Entries of this page, and how far each was scrolled.
    scroll: RefCell<Vec<(i64, f64)>>,
}

impl History {
    /// Takes up the entry that the page was opened with.
    pub fn begin(&'static self) {
        let _ = browser_history().set_scroll_restoration(ScrollRestoration::Manual);
        let index = entry_index();
        // On a first visit there is nothing to look up, and a browser's storage begins slowly.
        if index.is_some() || is_reopened() {
            *self.scroll.borrow_mut() = stored_scroll();
        }
        // Numbers of an earlier page of this tab are not used again: their places are not this entry's. Milliseconds go on
        // faster than shoppers.
        let unused = self.scroll.borrow().iter().map(|(index, _)| index + 1).max();
        self.index.set(index.or(unused).unwrap_or_else(|| Date::now() as i64));
        *self.current.borrow_mut() = located();
        self.opened_at_older_form.set(is_at_older_form());
        self.stamp(&self.current());
        browser::listen(&browser::window(), "pagehide", |_| {
            self.remember_scroll();
            if let Some(storage) = browser::tab_storage() {
                let _ = storage.set_item(SCROLL_KEY, &write_scroll(&self.all_scroll()));
            }
        });
    }

    /// Whether the hash that the page was opened with may be an anchor of the page.
    pub fn opened_at_older_form(&self) -> bool {
        self.opened_at_older_form.get()
    }

    /// Where the shopper is.
    pub fn current(&self) -> Address {
        self.current.borrow().clone()
    }

    /// A new entry.
    pub fn push(&self, address: Address) {
        self.remember_scroll();
        self.index.set(self.index.get() + 1);
        // What was ahead is gone.
        self.scroll.borrow_mut().retain(|(index, _)| *index < self.index.get());
        let href = address::href(&address.text());
        let _ = browser_history().push_state_with_url(&self.state(), "", Some(&href));
        *self.current.borrow_mut() = address;
    }

    /// Another address for the entry.
    pub fn replace(&self, address: Address) {
        self.stamp(&address);
        *self.current.borrow_mut() = address;
    }

    /// What Back, Forward or a typed address led to: the address, and how far away it is in entries.
    /// An entry without our number is a new one.
    pub fn arrived(&self) -> (Address, i32) {
        (located(), entry_index().map_or(1, |index| (index - self.index.get()) as i32))
    }

    /// Takes up what [`History::arrived`] said. The scroll position was remembered by then.
    pub fn accept(&self, address: Address, distance: i32) {
        self.remember_scroll();
        self.index.set(self.index.get() + i64::from(distance));
        if entry_index().is_none() {
            // A new entry: what was ahead is gone.
            self.scroll.borrow_mut().retain(|(index, _)| *index < self.index.get());
        }
        self.replace(address);
    }

    /// Moves through the history; a `popstate` follows.
    pub fn travel(&self, distance: i32) {
        let _ = browser_history().go_with_delta(distance);
    }

    /// Where this entry was scrolled to.
    pub fn scroll(&self) -> f64 {
        let scroll = self.scroll.borrow();
        scroll.iter().find(|(index, _)| *index == self.index.get()).map_or(0.0, |(_, y)| *y)
    }

    /// That of earlier pages of this tab, too.
    fn all_scroll(&self) -> Vec<(i64, f64)> {
        let mut all = self.scroll.borrow().clone();
        let earlier: Vec<_> = stored_scroll()
            .into_iter()
            .filter(|(index, _)| all.iter().all(|(known, _)| known != index))
            .collect();
        all.extend(earlier);
        all.truncate(MOST_SCROLLS);
        all
    }

    fn remember_scroll(&self) {
        let y = focus::scroll_place();
        let index = self.index.get();
        let mut scroll = self.scroll.borrow_mut();
        scroll.retain(|(known, _)| *known != index);
        scroll.insert(0, (index, y));
    }

    /// Writes our number, and the address in its form of today, onto the entry.
    fn stamp(&self, address: &Address) {
        let location = browser::window().location();
        let hash = location.hash().unwrap_or_default();
        let empty = hash.is_empty() && *address == Address::parse("/");
        let mut href = address::href(&address.text());
        if address::is_older_form(&hash) {
            // Its query, before the hash, has moved behind it.
            let search = overrides::part(&location.search().unwrap_or_default());
            href.insert_str(0, &[location.pathname().unwrap_or_default(), search].concat());
        }
        let _ =
            browser_history().replace_state_with_url(&self.state(), "", (!empty).then_some(href.as_str()));
    }

    fn state(&self) -> JsValue {
        let state = Object::new();
        browser::set(&state, "menagerie", self.index.get() as f64);
        state.into()
    }
}

/// Whether the page was loaded anew, or come back to: then it may stand among entries that have numbers.
fn is_reopened() -> bool {
    let entries = browser::window().performance().map(|clock| clock.get_entries_by_type("navigation"));
    let kind = entries.and_then(|entries| browser::text(&entries.get(0), "type"));
    kind.is_some_and(|kind| kind != "navigate")
}

fn entry_index() -> Option<i64> {
    let state = browser_history().state().unwrap_or(JsValue::NULL);
    browser::property(&state, "menagerie").as_f64().map(|index| index as i64)
}

/// Whether the hash is one that does not begin as routes do today.
pub fn is_at_older_form() -> bool {
    address::is_older_form(&browser::window().location().hash().unwrap_or_default())
}

fn located() -> Address {
    let location = browser::window().location();
    address::read(&location.hash().unwrap_or_default(), &location.search().unwrap_or_default())
}

fn browser_history() -> BrowserHistory {
    browser::property(&browser::window(), "history").into()
}

fn stored_scroll() -> Vec<(i64, f64)> {
    let stored = browser::tab_storage().and_then(|storage| storage.get_item(SCROLL_KEY).ok().flatten());
    read_scroll(&stored.unwrap_or_default())
}

/// `0:120 3:0`: entries and how far each was scrolled, in whole pixels.
fn write_scroll(scroll: &[(i64, f64)]) -> String {
    scroll.iter().map(|(index, y)| format!("{index}:{}", *y as i32)).collect::<Vec<_>>().join(" ")
}

fn read_scroll(text: &str) -> Vec<(i64, f64)> {
    let pairs = text.split(' ').filter_map(|pair| pair.split_once(':'));
    pairs.filter_map(|(index, y)| Some((index.parse().ok()?, f64::from(y.parse::<i32>().ok()?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scroll_positions_survive_a_reload() {
        let scroll = vec![(0, 120.0), (3, 0.0)];
        assert_eq!(read_scroll(&write_scroll(&scroll)), scroll);
        assert_eq!(read_scroll("rubbish 1:x :2 4:5"), vec![(4, 5.0)]);
    }
}
