//! Learning in steps.

use super::{Lessons, Model, ModelError, train};
use crate::agent::Agent;
use crate::pace;
use crate::vectors::Vectors;
#[cfg(feature = "vectors")]
use crate::vectors::file::File;
use core::{future::Future, pin::Pin};

/// An agent that is being learnt, a few milliseconds at a time, so that a page that learns it stays alive.
///
/// The model is the one that [`Model::train`] gives, byte for byte: steps are measured in work, not in time.
///
/// ```
/// use nlu::{agent::Agent, model::{Model, Training}};
///
/// let agent = Agent::default();
/// let mut training = Training::new(&agent, None);
/// let (model, _) = loop {
///     if let Some(done) = training.step() {
///         break done;
///     }
///     // Here a page lets the browser have its turn.
/// };
/// assert_eq!(model.to_bytes(), Model::train(&agent, None).0.to_bytes());
/// ```
pub struct Training {
    work: Option<Work>,
}

type Work = Pin<Box<dyn Future<Output = (Model, Lessons)>>>;

impl Training {
    /// Begins to learn an agent in all its languages; nothing is learnt before the first step.
    pub fn new(agent: &Agent, vectors: Option<Vectors>) -> Self {
        Self::of(agent.clone(), vectors)
    }

    pub(super) fn of(agent: Agent, vectors: Option<Vectors>) -> Self {
        Self { work: Some(Box::pin(train::learn(agent, vectors))) }
    }

    /// Reads a model file as [`Model::from_bytes`] does, and begins to learn what it leaves to be learnt; the
    /// model of a trained file comes with the first step.
    pub fn from_bytes(bytes: &[u8], vectors: Option<Vectors>) -> Result<Self, ModelError> {
        Model::open(bytes, vectors)
    }

    /// Reads a model file that is yet to be learnt, and begins to learn it with vectors, which are made ready in steps, too. Of a
    /// trained file the vectors have to be ready before: see [`Training::from_bytes`].
    #[cfg(feature = "vectors")]
    pub fn with_vectors(bytes: &[u8], vectors: File) -> Result<Self, ModelError> {
        let Some(agent) = Model::yet_to_learn(bytes)? else { return Self::from_bytes(bytes, None) };
        let work = async move {
            let vectors = vectors.open(&mut pace::Pace::default()).await;
            train::learn(agent, Some(vectors)).await
        };
        Ok(Self { work: Some(Box::pin(work)) })
    }

    pub(super) fn done(model: Model) -> Self {
        Self { work: Some(Box::pin(core::future::ready((model, Lessons::default())))) }
    }

    /// One step, of 2 to 8 ms: the model and what was found out once all is learnt, `None` before (and after,
    /// when the model was given away).
    pub fn step(&mut self) -> Option<(Model, Lessons)> {
        let done = pace::step(self.work.as_mut()?.as_mut());
        if done.is_some() {
            self.work = None;
        }
        done
    }

    /// All steps that are left, at once; `None` if the model was given away.
    pub fn finish(mut self) -> Option<(Model, Lessons)> {
        self.work.take().map(pace::at_once)
    }
}
