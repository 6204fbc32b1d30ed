//! A labelled field of the address.

use crate::{
    draft::{Action, Field},
    el, rules,
    visit::Visit,
};
use contract::shop::address_form::{AddressForm, Part};
use microapp::{element::El, t};

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
    let input = el("input").attrs(&[("type", kind), ("autocomplete", autocomplete)]);
    framed(visit, field, label, field == Field::Extra, input)
}

/// A text field for what each country writes in its own way.
pub fn part(visit: Visit, form: AddressForm, part: Part) -> El {
    let autocomplete = match part {
        Part::Postcode => "postal-code",
        Part::City => "address-level2",
        Part::Region => "address-level1",
    };
    let input = el("input").attrs(&[("type", "text"), ("autocomplete", autocomplete)]);
    framed(visit, Field::of(part), &t(form.label(part)), !form.needs(part), input)
}

/// Label, control and error. A select has a `value` like an input's.
pub fn framed(visit: Visit, field: Field, label: &str, optional: bool, control: El) -> El {
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
    let control = if optional { control } else { control.attr("required", "") };
    let read = control.clone();
    let control = control.on("input", move |_| typed(visit, field, read.field().value()));
    let optional = optional.then(|| el("span").class("hint").text(" ").t("(optional)"));
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
