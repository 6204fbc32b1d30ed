//! One message, and marking it.

use crate::{desk::Desk, el};
use contract::{
    route::encode,
    shop::operator::{MarkMessage, Message},
};
use leptos::task::spawn_local;
use microapp::{Level, Notice, Watched, api::Method, element::El};
use operator::{button, focus, numbered, time};

/// The card of a message.
pub fn card(desk: Desk, message: Message) -> El {
    let busy = Watched::new(false);
    let answered = message.answered;
    let mail =
        ["mailto:", &message.email, "?subject=", &encode(&["Your message ", &message.reference].concat())]
            .concat();
    let state = if answered { ("Answered", "badge good") } else { ("To answer", "badge warn") };
    let id = ["message-", &message.reference].concat();
    let title = el("div")
        .class("title")
        .child(el("h2").class("small").attr("id", &id).text(&message.name))
        .child(el("span").class(state.1).attr("data-test", "status").text(state.0));
    let from = el("p")
        .class("since")
        .child(el("a").class("mail").attr("href", &mail).text(&message.email))
        .text(&[" · ", topic(&message.topic), " · ", &message.reference, " · "].concat())
        .child(time::moment(desk, &message.at));
    let label = if answered { "Open it again" } else { "Mark as answered" };
    let reference = message.reference.clone();
    let mark = button::<Desk>("mark", if answered { "quiet" } else { "" })
        .attrs(&[("aria-describedby", &id)])
        .attr_when("aria-disabled", "true", move || busy.get())
        .text(label)
        .on("click", move |_| {
            if !busy.get_untracked() {
                busy.set(true);
                spawn_local(mark(desk, reference.clone(), !answered, busy));
            }
        });
    let write = el("a").class("button small quiet").attr("href", &mail).text("Answer by mail");
    el("li")
        .class("card part")
        .attrs(&[("data-test", "message"), ("data-reference", &message.reference)])
        .child(title)
        .child(from)
        .child(el("p").class("said").text(&message.message))
        .child(el("div").class("actions").child(mark).child(write))
}

fn topic(topic: &str) -> &str {
    match topic {
        "order" => "About an order",
        "product" => "About a product",
        "returns" => "About sending back",
        _ => "About something else",
    }
}

/// Nobody is asked: it takes nothing from anybody, and can be taken back.
async fn mark(desk: Desk, reference: String, answered: bool, busy: Watched<bool>) {
    let path = ["/operator/messages/", &encode(&reference)].concat();
    let outcome = desk.send(Method::PUT, &path, &MarkMessage { answered }).await;
    busy.set(false);
    match outcome {
        Ok(()) => {
            let done = if answered { " is marked as answered." } else { " is open again." };
            desk.host.notify(Notice::new(Level::Success, [&reference, done].concat()));
        }
        Err(error) => {
            desk.host.notify(Notice::new(Level::Error, numbered(&error)));
            desk.fail(error);
        }
    }
    focus::keep();
}
