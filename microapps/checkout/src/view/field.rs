//! A labelled field of the address.

use crate::{
    C,
    draft::{Action, Draft, Field},
    rules,
    visit::Visit,
};
use leptos::ev;
use microapp::prelude::*;

/// What is wrong with a field, once it was asked for.
pub fn error_of(visit: Visit, field: Field) -> Option<String> {
    if !visit.checked.get() {
        return None;
    }
    let ours = visit.context.store.with(|draft| find(rules::check(draft), field));
    ours.or_else(|| visit.refused.with(|refused| find(refused.clone(), field)))
}

fn find(problems: Vec<(Field, String)>, field: Field) -> Option<String> {
    problems.into_iter().find(|(wrong, _)| *wrong == field).map(|(_, message)| message)
}

/// Takes up what is typed; what the server had against the field before no longer counts.
pub fn typed(visit: Visit, field: Field, text: String) {
    visit.refused.update(|refused| refused.retain(|(wrong, _)| *wrong != field));
    visit.context.store.dispatch(Action::Typed(field, text));
}

/// Label, field, error.
pub fn framed(visit: Visit, field: Field, label: &'static str, control: AnyView) -> AnyView {
    let error_id = [field.id(), "-error"].concat();
    view! { class = C,
        <div class="field" data-field=field.id()>
            <label class="label" for=field.id()>
                {label}
                {(field == Field::Extra).then(|| view! { class = C, <span class="hint">" (optional)"</span> })}
            </label>
            {control}
            <p class="error" id=error_id>{move || error_of(visit, field)}</p>
        </div>
    }
    .into_any()
}

/// A text field.
pub fn text(visit: Visit, field: Field, label: &'static str, autocomplete: &'static str) -> AnyView {
    let value = move || visit.context.store.with(|draft: &Draft| draft.get(field).to_owned());
    let kind = if field == Field::Email { "email" } else { "text" };
    let on_input = move |event: ev::Event| typed(visit, field, event_target_value(&event));
    let control = view! { class = C,
        <input class="input" id=field.id() name=field.id() type=kind autocomplete=autocomplete
            required=field != Field::Extra
            aria-describedby=[field.id(), "-error"].concat()
            aria-invalid=move || error_of(visit, field).is_some().to_string()
            prop:value=value on:input=on_input />
    };
    framed(visit, field, label, control.into_any())
}
