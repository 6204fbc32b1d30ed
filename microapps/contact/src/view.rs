//! The form, and the receipt.

use crate::{
    C, el,
    form::{self, Field},
    sheet::{DONE, Page, TROUBLE},
};
use leptos::{prelude::*, task::spawn_local};
use microapp::{LabelledField, element::El, t};

/// The whole page.
pub fn page(page: Page) -> El {
    let reference = move || page.sheet(|sheet| sheet.reference.clone().unwrap_or_default());
    el("div").class("page").children_from(reference, move || match untrack(reference).as_str() {
        "" => form(page),
        reference => vec![receipt(page, reference)],
    })
}

fn form(page: Page) -> Vec<El> {
    let busy = move || page.sheet(|sheet| sheet.busy);
    let submit = el("button")
        .class("button send")
        .attrs(&[("type", "submit"), ("data-test", "send")])
        .attr_when("aria-disabled", "true", busy)
        .text_from(move || t(if busy() { "Sending …" } else { "Send message" }));
    let pair = el("div")
        .class("pair")
        .child(text(page, Field::Name, &t("Your name"), "text", "name"))
        .child(text(page, Field::Email, &t("E-mail"), "email", "email"));
    let form = el("form")
        .class("form card")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            spawn_local(page.send());
        })
        .child(pair)
        .child(topic(page))
        .child(message(page))
        .child(submit);
    let intro = t("A person reads every message and answers by e-mail, usually within a working day.");
    vec![el("h1").t("Write to us"), el("p").class("intro").text(&intro), trouble(page), form]
}

/// Why it could not be sent, where the focus goes then: which reads it out.
fn trouble(page: Page) -> El {
    let text = move || {
        page.sheet(|sheet| match &sheet.trouble {
            Some(error) => {
                [&error.message, " ", &t("What you typed is still here."), " (", &error.code, ")"].concat()
            }
            None => String::new(),
        })
    };
    el("div").attrs(&[("id", TROUBLE), ("tabindex", "-1")]).children_from(text, move || {
        match untrack(text).as_str() {
            "" => Vec::new(),
            text => vec![el("p").class("note bad").text(text)],
        }
    })
}

fn receipt(page: Page, reference: &str) -> El {
    let strong = el("strong").class("reference").attr("data-test", "reference").text(reference);
    let back = el("a").class("button").attr("href", &page.host.href("/")).t("Back to the shop");
    let another = el("button")
        .class("button quiet")
        .attrs(&[("type", "button"), ("data-test", "another")])
        .t("Write another")
        .on("click", move |_| page.begin_another());
    el("div")
        .class("empty")
        .attr("data-test", "sent")
        .child(el("h1").attrs(&[("id", DONE), ("tabindex", "-1")]).t("Thank you, your message is here"))
        .child(el("p").text_around(&t("Its reference is {number}."), strong))
        .child(el("p").class("hint").t("Name it if you write again about the same matter."))
        .child(el("div").class("actions").child(back).child(another))
}

fn text(page: Page, field: Field, label: &str, kind: &str, autocomplete: &str) -> El {
    let input = el("input").attrs(&[("type", kind), ("autocomplete", autocomplete)]);
    framed(page, field, label, kept(page, input), "")
}

fn topic(page: Page) -> El {
    let option = |(topic, name): (&str, String)| el("option").attr("value", topic).text(&name);
    let select = el("select").child(option(("", t("Please choose")))).children(form::topics().map(option));
    framed(page, Field::Topic, &t("What is it about?"), select, "")
}

fn message(page: Page) -> El {
    let area = kept(page, el("textarea").class("message").attr("rows", "8"));
    let room = move || page.sheet(|sheet| form::room(&sheet.message.message));
    let room = el("p").class("hint").attrs(&[("id", "contact-room"), ("data-test", "room")]).text_from(room);
    framed(page, Field::Message, &t("Your message"), area, "contact-room ").child(room)
}

/// As it is while it is on its way: what is typed then would be lost with the receipt.
fn kept(page: Page, control: El) -> El {
    control.attr_when("readonly", "", move || page.sheet(|sheet| sheet.busy))
}

/// Label, control and error of a field; `described` stands before the error in what describes it.
fn framed(page: Page, field: Field, label: &str, control: El, described: &str) -> El {
    let (id, name) = (field.id(), field.name());
    let labelled = LabelledField { scope: C, id, name, label, optional: false, described };
    el("div").class("field").children(labelled.around(
        control,
        move || page.sheet(|sheet| field.get(&sheet.message).to_owned()),
        move || page.sheet(|sheet| sheet.problem(field)),
        move |text| page.typed(field, text),
    ))
}
