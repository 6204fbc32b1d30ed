//! Doing what was decided, and the buttons of a rollout.

use crate::{
    desk::Desk,
    el,
    overview::is_under_way,
    question::{self, Act},
};
use contract::registry::rollout::{AppStatus, Rollout, RolloutState};
use leptos::{prelude::*, task::spawn_local};
use microapp::{
    Level, Notice,
    api::{self, ApiError, Method},
    element::El,
    t, t_with,
};
use operator::{Desk as _, focus};

/// Sends it to the registry, and looks at what came of it.
pub async fn send(desk: Desk, act: &Act) -> Result<(), ApiError> {
    let (secret, path) = (desk.secret(), act.path());
    let answer = api::send_as(desk.host, &secret, Method::POST, &path, act).await;
    desk.ask(true);
    answer
}

/// What can be done with the rollout that is under way.
pub fn buttons(desk: Desk, app: String) -> El {
    let of =
        move |app: &str| desk.status(app, |status| status.rollout.clone().filter(is_under_way)).flatten();
    let (named, asked, shown) = (app.clone(), app.clone(), app.clone());
    let paused = move || of(&named).is_some_and(|rollout| rollout.state == RolloutState::Paused);
    let is_paused = paused.clone();
    let pause = button("pause", "quiet").text_from(move || t(if paused() { "Resume" } else { "Pause" })).on(
        "click",
        move |_| {
            let what = if untrack(&is_paused) { "resume" } else { "pause" };
            spawn_local(switch(desk, app.clone(), what));
        },
    );
    let ask = move |ask: fn(&AppStatus, &Rollout) -> question::Question| {
        let question = untrack(|| {
            desk.status(&asked, |status| {
                let rollout = status.rollout.as_ref().filter(|it| is_under_way(it))?;
                Some(ask(status, rollout))
            })
        });
        desk.put(question.flatten());
    };
    let promote = {
        let ask = ask.clone();
        button("promote", "").t("Give it to everybody …").on("click", move |_| {
            ask(|status, rollout| question::promote(status, &rollout.version));
        })
    };
    let back = button("take-back", "quiet").t("Take it back …").on("click", move |_| {
        ask(|status, rollout| question::take_back(status, &rollout.before));
    });
    el("div")
        .class("actions")
        .attr_when("hidden", "", move || of(&shown).is_none())
        .children([promote, pause, back])
}

/// A small button.
pub fn button(test: &str, class: &str) -> El {
    operator::button::<Desk>(test, class)
}

/// Pauses or resumes: this takes nothing from anybody, so nobody is asked.
async fn switch(desk: Desk, app: String, what: &'static str) {
    match send(desk, &Act::Switch { app: app.clone(), what }).await {
        Ok(()) => {
            let places = [("app", app.as_str())];
            let done = match what {
                "pause" => t_with("The rollout of {app} stays at its step.", &places),
                _ => t_with("The rollout of {app} goes on.", &places),
            };
            desk.host.notify(Notice::new(Level::Success, done));
        }
        Err(error) => {
            desk.host.notify(Notice::new(Level::Error, error.numbered()));
            desk.fail(error);
        }
    }
    focus::keep();
}
