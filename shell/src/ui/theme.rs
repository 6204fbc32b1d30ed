//! Light, dark, or what the system says.

use crate::browser;
use std::cell::RefCell;

/// Where the choice is kept. `shell/before_paint.js` reads it before the first paint.
const KEY: &str = "menagerie/theme";

/// The choice.
pub struct Theme {
    choice: RefCell<String>,
}

impl Theme {
    /// The choice of an earlier visit.
    pub fn read() -> Self {
        let stored = browser::storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let choice = stored.filter(|choice| choice == "light" || choice == "dark");
        Self { choice: RefCell::new(choice.unwrap_or_else(|| "system".to_owned())) }
    }

    /// Makes it so, now and on the next visit.
    pub fn choose(&self, choice: &str) {
        let root = browser::root();
        let storage = browser::storage();
        if choice == "system" {
            let _ = root.remove_attribute("data-theme");
            storage.map(|storage| storage.remove_item(KEY));
        } else {
            let _ = root.set_attribute("data-theme", choice);
            // Where storage is blocked the choice lasts as long as the page.
            storage.map(|storage| storage.set_item(KEY, choice));
        }
        self.choice.replace(choice.to_owned());
    }

    /// `light`, `dark` or `system`.
    pub fn chosen(&self) -> String {
        self.choice.borrow().clone()
    }

    /// `light` or `dark`, as it is now.
    pub fn resolved(&self) -> String {
        let choice = self.chosen();
        if choice != "system" {
            return choice;
        }
        let dark = browser::window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        if dark.is_some_and(|query| query.matches()) { "dark".to_owned() } else { "light".to_owned() }
    }
}
