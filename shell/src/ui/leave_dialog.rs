//! The question before unsaved work is left.

use super::{follow, on_click};
use crate::{browser, page::Shell};

pub fn begin(shell: Shell) {
    follow("leave-dialog", &shell.page().holds.open);
    on_click("leave-stay", move || shell.holds.answer(false));
    on_click("leave-go", move || shell.holds.answer(true));
    // Escape stays.
    browser::listen(&browser::by_id("leave-dialog"), "close", move |_| shell.holds.answer(false));
}
