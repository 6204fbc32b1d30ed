//! Who and where.

use super::{
    field,
    parts::{self, HEADING},
    saved,
};
use crate::{
    draft::{Draft, Field},
    el, rules,
    steps::Step,
    visit::{Sheet, Visit},
};
use microapp::{
    element::El,
    page::{focus, run},
    t, t_with,
};

const SUMMARY: &str = "checkout-summary";

/// The address form.
pub fn address(visit: Visit) -> Vec<El> {
    let submit = move || {
        visit.show(|sheet| sheet.refused.clear());
        if visit.context.store.with_untracked(|draft| rules::check(draft).is_empty()) {
            visit.go(Step::Delivery);
        } else {
            visit.show(|sheet| sheet.checked = true);
            focus(SUMMARY);
        }
    };
    let text = |field, label: String, autocomplete| field::text(visit, field, &label, autocomplete);
    let hint = el("p").class("hint").t("For the confirmation and questions about the order, nothing else.");
    let town = el("div").class("pair").children_from(
        move || visit.draft(|draft| draft.form().key()),
        move || {
            let form = visit.context.store.with_untracked(Draft::form);
            form.parts.iter().map(|part| field::part(visit, form, *part)).collect()
        },
    );
    let form = parts::form(submit)
        .child(text(Field::Email, t("E-mail"), "email").child(hint))
        .child(text(Field::Name, t("Full name"), "name"))
        .child(country(visit))
        .child(text(Field::Street, t("Street and number"), "address-line1"))
        .child(text(Field::Extra, t("Flat, floor or care of"), "address-line2"))
        .child(town)
        .child(parts::actions(&t("Continue to delivery"), None));
    vec![parts::question(Step::Address), sign_in(visit), summary(visit), saved::saved(visit), form]
}

fn country(visit: Visit) -> El {
    let option = |code: &str, name: &str| el("option").attr("value", code).text(name);
    let basis = visit.sheet(Sheet::ready);
    let countries = basis.iter().flat_map(|basis| &basis.options.countries);
    let options = countries.map(|country| option(&country.code, &country.name));
    let select = el("select")
        .attr("autocomplete", "country")
        .child(option("", &t("Choose a country")))
        .children(options);
    field::framed(visit, Field::Country, &t("Country"), false, select)
}

/// An offer, never a condition.
fn sign_in(visit: Visit) -> El {
    let name = move || {
        visit.session.with(|person| person.as_ref().map(|person| person.name.clone()).unwrap_or_default())
    };
    let sign_in = move |_| {
        run(async move {
            // Closed without a sign-in: they go on as a guest.
            if visit.context.host.sign_in().await.is_ok() {
                focus(HEADING);
            }
        });
    };
    el("div").children_from(name, move || match name() {
        name if name.is_empty() => {
            let button = el("button")
                .class("link")
                .attrs(&[("type", "button"), ("data-test", "checkout-sign-in")])
                .t("Sign in")
                .on("click", sign_in);
            let offer = el("p").class("offer");
            vec![offer.text_around(&t("Have an account? {sign_in}, or simply go on as a guest."), button)]
        }
        name => vec![el("p").class("hint").text(&t_with("Signed in as {name}.", &[("name", &name)]))],
    })
}

/// Everything that is wrong, with links to the fields; takes the focus when the form is sent.
fn summary(visit: Visit) -> El {
    let wrong = move || {
        let all = visit.draft(|draft| draft.fields().collect::<Vec<_>>());
        all.into_iter()
            .filter_map(|field| field::error_of(visit, field).map(|message| (field, message)))
            .collect::<Vec<_>>()
    };
    let key = move || wrong().into_iter().map(|(_, message)| message).collect();
    let link = |(field, message): (Field, String)| {
        let link =
            el("a").attr("href", &["#", field.id()].concat()).text(&message).on("click", move |event| {
                // A link into the page: the shell's router is not meant.
                event.prevent_default();
                focus(field.id());
            });
        el("li").child(link)
    };
    el("div").attrs(&[("id", SUMMARY), ("tabindex", "-1"), ("data-test", "error-summary")]).children_from(
        key,
        move || match wrong() {
            wrong if wrong.is_empty() => Vec::new(),
            wrong => {
                let title = el("h2").class("problems").t("Please check these");
                let list = el("ul").children(wrong.into_iter().map(link));
                vec![el("div").class("note bad").child(title).child(list)]
            }
        },
    )
}
