//! Everything: each microapp and the shell, and what waits for somebody.

use crate::{card, desk::Desk, el, waiting};
use contract::registry::rollout::{AppStatus, Rollout};
use microapp::{element::El, keyed, t, t_count};
use operator::focus;

/// Places that are kept free until the first answer.
const EXPECTED: usize = 4;
/// What publishes a release.
const PUBLISH: &str = "menagerie publish --live FOLDER";

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let apps = move || desk.told(|told| told.apps.as_ref().map(|apps| names(apps)));
    let cards = keyed::children(
        el("ul").class("cards").attr("data-test", "apps"),
        move || apps().unwrap_or_default(),
        move |app| card::card(desk, app),
    );
    let unknown = move || desk.told(|told| told.apps.is_none());
    let skeletons = el("div")
        .class("cards")
        .attr("aria-hidden", "true")
        .attr_when("hidden", "", move || !unknown())
        .children((0..EXPECTED).map(|_| card::skeleton()));
    vec![
        el("div").class("head").child(focus::heading::<Desk>(&t("Releases"))).child(
            el("p")
                .class("summary")
                .attrs(&[("role", "status"), ("data-test", "summary")])
                .text_from(move || summary(desk)),
        ),
        waiting::section(desk),
        el("section")
            .attr_t("aria-label", "What is live")
            .attr_when("aria-busy", "true", unknown)
            .child(skeletons)
            .child(cards)
            .child(empty(desk)),
    ]
}

fn names(apps: &[AppStatus]) -> Vec<String> {
    apps.iter().map(|status| status.app.clone()).collect()
}

fn summary(desk: Desk) -> String {
    desk.told(|told| {
        let Some(apps) = &told.apps else { return t("Asking the server …") };
        let live = apps.iter().filter(|status| !status.live.is_empty()).count() as i64;
        let moving = |status: &&AppStatus| status.rollout.as_ref().is_some_and(is_under_way);
        let rollouts = apps.iter().filter(moving).count() as i64;
        let mut says = vec![
            t_count("{n} app live", "{n} apps live", live),
            t_count("{n} rollout under way", "{n} rollouts under way", rollouts),
        ];
        if !told.waiting.is_empty() {
            says.push(t_count("{n} release held", "{n} releases held", told.waiting.len() as i64));
        }
        says.join(" · ")
    })
}

/// Whether a rollout goes on, or may.
pub fn is_under_way(rollout: &Rollout) -> bool {
    !rollout.state.is_over()
}

fn empty(desk: Desk) -> El {
    let none = move || desk.told(|told| told.apps.as_ref().is_some_and(Vec::is_empty));
    el("div")
        .class("empty")
        .attr("data-test", "empty")
        .attr_when("hidden", "", move || !none())
        .child(el("h2").t("Nothing is published yet"))
        .child(el("p").text_around(
            &t("{command} publishes a release, and it shows up here within seconds."),
            el("code").text(PUBLISH),
        ))
}
