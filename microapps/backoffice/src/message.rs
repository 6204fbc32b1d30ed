//! One message, and marking it.

use crate::{desk::Desk, el, words};
use contract::{
    route::encode,
    shop::operator::{MarkMessage, Message},
};
use leptos::task::spawn_local;
use microapp::{Level, Notice, Watched, api::Method, element::El, t, t_with};
use operator::{button, focus, time};

/// The card of a message.
pub fn card(desk: Desk, message: Message) -> El {
    let busy = Watched::new(false);
    let answered = message.answered;
    let subject = t_with("Your message {reference}", &[("reference", &message.reference)]);
    let mail = words::mailto(&message.email, &subject);
    let state = if answered { (t("Answered"), "badge good") } else { (t("To answer"), "badge warn") };
    let id = ["message-", &message.reference].concat();
    let title = el("div")
        .class("title")
        .child(el("h2").class("small").attr("id", &id).text(&message.name))
        .child(el("span").class(state.1).attr("data-test", "status").text(&state.0));
    let from = el("p")
        .class("since")
        .child(el("a").class("mail").attr("href", &mail).text(&message.email))
        .text(&[" · ", &topic(&message.topic), " · ", &message.reference, " · "].concat())
        .child(time::moment(desk, &message.at));
    let reference = message.reference.clone();
    let mark = button::<Desk>("mark", if answered { "quiet" } else { "" })
        .attrs(&[("aria-describedby", &id)])
        .attr_when("aria-disabled", "true", move || busy.get())
        .t(if answered { "Open it again" } else { "Mark as answered" })
        .on("click", move |_| {
            if !busy.get_untracked() {
                busy.set(true);
                spawn_local(mark(desk, reference.clone(), !answered, busy));
            }
        });
    let write = el("a").class("button small quiet").attr("href", &mail).t("Answer by mail");
    el("li")
        .class("card part")
        .attrs(&[("data-test", "message"), ("data-reference", &message.reference)])
        .child(title)
        .child(from)
        .child(el("p").class("said").text(&message.message))
        .child(el("div").class("actions").child(mark).child(write))
}

fn topic(topic: &str) -> String {
    match topic {
        "order" => t("About an order"),
        "product" => t("About a product"),
        "returns" => t("About sending back"),
        _ => t("About something else"),
    }
}

/// Nobody is asked: it takes nothing from anybody, and can be taken back.
async fn mark(desk: Desk, reference: String, answered: bool, busy: Watched<bool>) {
    let path = ["/operator/messages/", &encode(&reference)].concat();
    let outcome = desk.send(Method::PUT, &path, &MarkMessage { answered }).await;
    busy.set(false);
    match outcome {
        Ok(()) => {
            let places = [("reference", reference.as_str())];
            let done = match answered {
                true => t_with("{reference} is marked as answered.", &places),
                false => t_with("{reference} is open again.", &places),
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
