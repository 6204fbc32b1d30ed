//! Long work in short steps: it counts what it does, and stands still when a step is done.

use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

/// So many weights are touched in a step: two to four milliseconds on a machine of 2024, some more in a browser.
const STEP: usize = 700_000;

/// Counts work.
#[derive(Debug, Default)]
pub struct Pace {
    spent: usize,
}

impl Pace {
    /// Counts work, in weights touched or what takes as long (about three nanoseconds). Awaiting what it
    /// gives ends the step if it was long enough.
    pub fn spend(&mut self, work: usize) -> Pause {
        self.spent += work;
        let over = self.spent > STEP;
        if over {
            self.spent = 0;
        }
        Pause(over)
    }

    /// Does pieces of work one after another; `work` does the piece of a number and says what it cost. What
    /// is between two awaits stays a plain function in this way: a loop inside of an asynchronous one keeps
    /// its variables in memory, which is half as much again in a wasm.
    pub async fn each(&mut self, pieces: usize, work: &mut dyn FnMut(usize) -> usize) {
        for piece in 0..pieces {
            self.spend(work(piece)).await;
        }
    }
}

/// The end of a step, or nothing.
#[derive(Debug)]
#[must_use]
pub struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if core::mem::take(&mut self.0) { Poll::Pending } else { Poll::Ready(()) }
    }
}

/// Does one step of some work; its outcome once it is done.
pub fn step<W: Future + ?Sized>(work: Pin<&mut W>) -> Option<W::Output> {
    match work.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

/// Does all of some work.
pub fn at_once<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Some(outcome) = step(work.as_mut()) {
            return outcome;
        }
    }
}
