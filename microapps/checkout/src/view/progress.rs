//! Where the shopper is on the way.

use crate::{el, steps::Step, visit::Visit};
use microapp::element::El;

/// The steps; those that are filled in are links.
pub fn progress(visit: Visit) -> El {
    let item = move |step: Step| {
        let current = move || visit.sheet(|sheet| sheet.step);
        let reachable = move || {
            step != current() && step.can_show(visit.done()) && visit.sheet(|sheet| sheet.unpaid.is_none())
        };
        let content = move || {
            let name = el("span").class("name").text(&step.label());
            let place = if reachable() {
                el("a").attr("href", &visit.context.host.href(&step.path()))
            } else {
                el("span")
            };
            vec![place.child(name)]
        };
        el("li")
            .attr_when("aria-current", "step", move || step == current())
            .class_when("done", move || (step as usize) < current() as usize)
            .children_from(move || reachable().to_string(), content)
    };
    el("nav")
        .class("progress")
        .attr_t("aria-label", "Steps of the checkout")
        .child(el("ol").children(Step::ALL.map(item)))
}
