//! Deadlines that count only while somebody could be waiting.

use crate::browser;
use js_sys::{Array, Promise};
use std::{cell::Cell, future::Future, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::VisibilityState;

/// Why there is no answer.
#[derive(Debug)]
pub enum Missed {
    /// The time was over.
    Elapsed,
    /// It failed first, with this.
    Failed(JsValue),
}

/// A clock of the time in which the page is visible and the machine awake.
#[derive(Clone, Default)]
pub struct Progress {
    spent: Rc<Cell<f64>>,
}

impl Progress {
    /// Something arrived: the time begins anew.
    pub fn mark(&self) {
        self.spent.set(0.0);
    }
}

/// Waits for `work` for at most `limit` milliseconds.
pub async fn within(limit: u32, work: Promise) -> Result<JsValue, Missed> {
    within_progress(limit, Progress::default(), work).await
}

/// Waits for `work` for as long as `progress` is marked at least every `limit` milliseconds.
pub async fn within_progress(limit: u32, progress: Progress, work: Promise) -> Result<JsValue, Missed> {
    let over = Rc::new(Cell::new(false));
    let late = Rc::new(Cell::new(false));
    let clock = {
        let (over, late) = (over.clone(), late.clone());
        browser::promise(async move {
            run_out(f64::from(limit), &progress, &over).await;
            late.set(!over.get());
            Err(JsValue::UNDEFINED)
        })
    };
    let first = JsFuture::from(Promise::race(&Array::of2(&work, &clock))).await;
    over.set(true);
    match first {
        Ok(value) => Ok(value),
        Err(_) if late.get() => Err(Missed::Elapsed),
        Err(thrown) => Err(Missed::Failed(thrown)),
    }
}

/// The same for work that is a future of ours.
pub async fn future_within(
    limit: u32,
    progress: Progress,
    work: impl Future<Output = Result<JsValue, JsValue>> + 'static,
) -> Result<JsValue, Missed> {
    within_progress(limit, progress, browser::promise(work)).await
}

/// Ends when `limit` is spent or `over` is set.
async fn run_out(limit: f64, progress: &Progress, over: &Cell<bool>) {
    let tick = (limit / 4.0).clamp(10.0, 250.0);
    let mut last = browser::now();
    while !over.get() && progress.spent.get() < limit {
        browser::sleep(tick as i32).await;
        let now = browser::now();
        // A tick that took seconds means that the machine slept or the thread was taken: count one tick.
        let passed = if now - last > tick + 2_000.0 { tick } else { now - last };
        last = now;
        if browser::document().visibility_state() == VisibilityState::Visible {
            progress.spent.set(progress.spent.get() + passed);
        }
    }
}

/// Keeps the compiler from asking for the cast where a promise is at hand already.
pub fn promise(value: JsValue) -> Promise {
    value.dyn_into().unwrap_or_else(|value| Promise::resolve(&value))
}

/// A time limit, for people.
pub fn seconds(milliseconds: u32) -> String {
    if milliseconds.is_multiple_of(1000) {
        format!("{} s", milliseconds / 1000)
    } else {
        format!("{milliseconds} ms")
    }
}
