//! A labelled field of the address.

use crate::{
    draft::{Action, Field},
    el, rules,
    visit::Visit,
};
use microapp::element::El;

/// What is wrong with a field, once it was asked for.
pub fn error_of(visit: Visit, field: Field) -> Option<String> {
    if !visit.sheet(|sheet| sheet.checked) {
        return None;
    }
    let find = |problems: &[(Field, String)]| {
        problems.iter().find(|(wrong, _)| *wrong == field).map(|(_, message)| message.clone())
    };
    visit.draft(|draft| find(&rules::check(draft))).or_else(|| visit.sheet(|sheet| find(&sheet.refused)))
}

/// Takes up what is typed; what the server had against the field before no longer counts.
fn typed(visit: Visit, field: Field, text: String) {
    visit.show(|sheet| sheet.refused.retain(|(wrong, _)| *wrong != field));
    visit.keep(Action::Typed(field, text));
}

/// A text field.
pub fn text(visit: Visit, field: Field, label: &str, autocomplete: &str) -> El {
    let kind = if field == Field::Email { "email" } else { "text" };
    framed(visit, field, label, el("input").attrs(&[("type", kind), ("autocomplete", autocomplete)]))
}

/// Label, control and error. A select has a `value` like an input's.
pub fn framed(visit: Visit, field: Field, label: &str, control: El) -> El {
    let error_id = [field.id(), "-error"].concat();
    let control = control
        .class("input")
        .attrs(&[("id", field.id()), ("name", field.id()), ("aria-describedby", &error_id)])
        .attr_when("aria-invalid", "true", move || error_of(visit, field).is_some())
        .follow(move |control| {
            let text = visit.draft(|draft| draft.get(field).to_owned());
            if control.field().value() != text {
                control.field().set_value(&text);
            }
        });
    let control = if field == Field::Extra { control } else { control.attr("required", "") };
    let read = control.clone();
    let control = control.on("input", move |_| typed(visit, field, read.field().value()));
    let optional = (field == Field::Extra).then(|| el("span").class("hint").text(" ").t("(optional)"));
    el("div")
        .class("field")
        .child(el("label").class("label").attr("for", field.id()).text(label).children(optional))
        .child(control)
        .child(
            el("p")
                .class("error")
                .attr("id", &error_id)
                .text_from(move || error_of(visit, field).unwrap_or_default()),
        )
}
