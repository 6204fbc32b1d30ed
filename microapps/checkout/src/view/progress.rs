//! Where the shopper is on the way.

use crate::{C, steps::Step, visit::Visit};
use microapp::prelude::*;

/// The steps; those that are filled in are links.
pub fn progress(visit: Visit, current: Memo<Step>) -> AnyView {
    let host = visit.context.host;
    let item = move |step: Step| {
        let body = move || {
            let current = current.get();
            let reachable = step != current && step.can_show(visit.done()) && !super::must_pay(visit);
            if reachable {
                view! { class = C, <a href=host.href(&step.path())><span class="name">{step.label()}</span></a> }.into_any()
            } else {
                view! { class = C, <span><span class="name">{step.label()}</span></span> }.into_any()
            }
        };
        let is_current = move || (current.get() == step).then_some("step");
        let state = move || if (step as usize) < (current.get() as usize) { "done" } else { "open" };
        view! { class = C, <li aria-current=is_current data-state=state>{body}</li> }.into_any()
    };
    view! { class = C,
        <nav class="progress" aria-label="Steps of the checkout">
            <ol>{Step::ALL.map(item).into_iter().collect::<Vec<_>>()}</ol>
        </nav>
    }
    .into_any()
}
