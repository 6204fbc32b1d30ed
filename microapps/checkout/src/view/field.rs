//! A labelled field of the address.

use crate::{
    C,
    draft::{Action, Field},
    el, rules,
    visit::Visit,
};
use contract::shop::address_form::{AddressForm, Part};
use microapp::{LabelledField, element::El, t};

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
    let labelled =
        LabelledField { scope: C, id: field.id(), name: field.id(), label, optional, described: "" };
    el("div").class("field").children(labelled.around(
        control,
        move || visit.draft(|draft| draft.get(field).to_owned()),
        move || error_of(visit, field),
        move |text| typed(visit, field, text),
    ))
}
