//! The items of rich content, and cards.

use super::icon;
use crate::{
    C,
    chat::{Chat, Shown},
    dialogflow::{self, Query, object},
    el,
    links::Target,
    message, part, text,
};
use leptos::prelude::*;
use microapp::element::El;
use nlu::json::Value;

/// An item of a box; none where it is of a kind that nobody knows or has nothing to show. `transcript` goes
/// along with links into the shop.
pub fn item(chat: Chat, item: &Value, transcript: &str) -> Option<El> {
    match message::kind(item) {
        "info" => Some(info(chat, item, transcript)),
        "description" => Some(description(item)),
        "image" => {
            let source = first(item, &["rawUrl", "src.rawUrl", "image.src.rawUrl"]);
            Some(picture(chat, &source, &dialogflow::string(item, "accessibilityText")))
        }
        "button" => button(chat, item, transcript),
        "list" => Some(entry(chat, item, transcript)),
        "accordion" => Some(accordion(chat, item)),
        "divider" => Some(part("hr", "divider").class("divider")),
        _ => None,
    }
}

/// The first text that is there, by names and fields of names.
fn first(item: &Value, paths: &[&str]) -> String {
    let read = |path: &&str| {
        let mut value = item;
        for name in nlu::text::split(path, b'.') {
            value = value.get(name)?;
        }
        value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    paths.iter().find_map(read).unwrap_or_default()
}

/// The event that an item names.
pub fn event_of(item: &Value) -> Option<Query> {
    let event = item.get("event")?;
    let name = first(event, &["name", "event"]);
    (!name.is_empty()).then(|| Query::Event { name, parameters: dialogflow::map(event, "parameters") })
}

/// A link. Into the shop it stays in the tab where that is our own, else it opens another.
pub fn anchor(chat: Chat, target: &Target, query: &str) -> El {
    let embedded = chat.settings.with_untracked(|settings| settings.embedded);
    let (address, leaves) = match target {
        Target::Address(address) => (address.clone(), true),
        Target::Path(path) => {
            let path = [path, query].concat();
            if embedded {
                ([&chat.links().shop, "/#", &path].concat(), true)
            } else {
                (chat.host.href(&path), false)
            }
        }
    };
    let anchor = el("a").attr("href", &address);
    if leaves { anchor.attrs(&[("target", "_blank"), ("rel", "noopener noreferrer")]) } else { anchor }
}

/// On a phone the panel covers the page that a link of the shop goes to.
pub fn make_way(chat: Chat) {
    let embedded = chat.settings.with_untracked(|settings| settings.embedded);
    if !embedded && chat.covers() {
        request_animation_frame(move || {
            if chat.shown.try_get_untracked() == Some(Shown::Open) {
                chat.show(Shown::Closed);
            }
        });
    }
}

fn titles(item: &Value) -> El {
    let line = |name: &str, class: &str| {
        let text = dialogflow::string(item, name);
        (!text.is_empty()).then(|| part("span", class).class(class).text(&text))
    };
    el("span")
        .class("lines")
        .children([line("title", "item-title"), line("subtitle", "item-subtitle")].into_iter().flatten())
}

fn info(chat: Chat, item: &Value, transcript: &str) -> El {
    let source = first(item, &["image.src.rawUrl", "image.rawUrl", "icon.src.rawUrl"]);
    let thumb = chat.links().picture(&source).map(|address| {
        vanishing(part("img", "thumb").class("thumb").attrs(&[
            ("src", &address),
            ("alt", ""),
            ("decoding", "async"),
        ]))
    });
    let link = first(item, &["actionLink", "anchor.href"]);
    acting(chat, item, &link, "df-info-card-clicked", transcript)
        .attr("part", "info")
        .class("item info")
        .attr("data-test", "info")
        .children(thumb)
        .child(titles(item))
}

fn entry(chat: Chat, item: &Value, transcript: &str) -> El {
    let link = first(item, &["actionLink", "anchor.href"]);
    acting(chat, item, &link, "df-list-element-clicked", transcript)
        .attr("part", "list-item")
        .class("item entry")
        .attr("data-test", "list-item")
        .child(titles(item))
}

/// An item that may be clicked: a link where it has one that may lead somewhere, a button where it names an
/// event, else neither.
fn acting(chat: Chat, item: &Value, link: &str, event: &'static str, transcript: &str) -> El {
    let target = chat.links().link(link);
    let query = event_of(item);
    let listens = event == "df-list-element-clicked";
    let element = match (&target, &query) {
        (Some(target), _) => anchor(chat, target, &with_message(transcript)),
        (None, Some(_)) => el("button").attr("type", "button"),
        (None, None) if listens => el("button").attr("type", "button"),
        (None, None) => return el("div"),
    };
    let told = item.clone();
    element.class("acts").on("click", move |_| {
        chat.announce(event, object([("element", told.clone())]));
        if let Some(query) = query.clone() {
            chat.ask(query);
        }
        make_way(chat);
    })
}

/// What was said, as a query of the contact form.
fn with_message(transcript: &str) -> String {
    if transcript.is_empty() {
        return String::new();
    }
    ["?topic=other&message=", &String::from(js_sys::encode_uri_component(transcript))].concat()
}

fn description(item: &Value) -> El {
    let lines = match item.get("text") {
        Some(Value::String(one)) => vec![one.as_str()],
        _ => dialogflow::list(item, "text").iter().filter_map(Value::as_str).collect(),
    };
    let title = dialogflow::string(item, "title");
    let title = (!title.is_empty()).then(|| part("p", "item-title").class("item-title").text(&title));
    let lines = lines.into_iter().map(|line| el("p").class("paragraph").text(line));
    part("div", "description").class("item description").children(title).children(lines)
}

/// A picture; where it may not or cannot be shown, its description.
pub fn picture(chat: Chat, source: &str, text: &str) -> El {
    let Some(address) = chat.links().picture(source) else { return instead(text) };
    let picture =
        part("img", "image").class("image").attrs(&[("src", &address), ("alt", text), ("decoding", "async")]);
    let (broken, text) = (picture.clone(), text.to_owned());
    picture.on("error", move |_| {
        let _ = broken.node().replace_with_with_node_1(instead(&text).node());
    })
}

fn instead(text: &str) -> El {
    el("p").class("instead").text(text)
}

/// A picture that is an ornament: it goes where it cannot be shown.
pub fn vanishing(picture: El) -> El {
    let broken = picture.clone();
    picture.on("error", move |_| broken.node().remove())
}

fn button(chat: Chat, item: &Value, transcript: &str) -> Option<El> {
    let text = dialogflow::string(item, "text");
    let link = first(item, &["link", "anchor.href"]);
    let target = chat.links().link(&link);
    if text.is_empty() || (!link.is_empty() && target.is_none() && event_of(item).is_none()) {
        return None;
    }
    let symbol = if target.is_some() { icon::LEAVE } else { icon::CHEVRON };
    let query = event_of(item);
    let (told, said) = (item.clone(), text.clone());
    let element = match &target {
        Some(target) => anchor(chat, target, &with_message(transcript)),
        None => el("button").attr("type", "button"),
    };
    let has_link = target.is_some();
    Some(
        element
            .attrs(&[("part", "button"), ("data-test", "rich-button")])
            .class("item rich-button acts")
            .child(el("span").text(&text))
            .child(El::icon(C, symbol))
            .on("click", move |_| {
                chat.announce("df-button-clicked", object([("element", told.clone())]));
                match query.clone() {
                    Some(query) => chat.ask(query),
                    None if !has_link => chat.say(&said),
                    None => make_way(chat),
                }
            }),
    )
}

fn accordion(chat: Chat, item: &Value) -> El {
    let open = RwSignal::new(false);
    let told = item.clone();
    let head = el("button")
        .class("accordion-head acts")
        .attrs(&[("type", "button"), ("part", "accordion-head"), ("data-test", "accordion")])
        .attr_from("aria-expanded", move || Some(open.get().to_string()))
        .child(titles(item))
        .child(El::icon(C, icon::DOWN))
        .on("click", move |_| {
            open.update(|open| *open = !*open);
            chat.announce("df-accordion-clicked", object([("element", told.clone())]));
        });
    let source = first(item, &["image.src.rawUrl", "image.rawUrl"]);
    let inside = chat.links().picture(&source).map(|address| {
        vanishing(part("img", "image").class("image").attrs(&[
            ("src", &address),
            ("alt", ""),
            ("decoding", "async"),
        ]))
    });
    let body = part("div", "accordion-body")
        .class("accordion-body")
        .attr_when("hidden", "", move || !open.get())
        .children(inside)
        .child(el("p").class("paragraph").text(&dialogflow::string(item, "text")));
    part("div", "accordion").class("item accordion").child(head).child(body)
}

/// A card in Dialogflow's own form. A button's postback is an address or something to say.
pub fn card(chat: Chat, card: &Value) -> El {
    let source = dialogflow::string(card, "imageUri");
    let image = chat.links().picture(&source).map(|address| {
        vanishing(part("img", "image").class("image").attrs(&[
            ("src", &address),
            ("alt", ""),
            ("decoding", "async"),
        ]))
    });
    let buttons = dialogflow::list(card, "buttons").iter().filter_map(|button| {
        let (text, postback) = (dialogflow::string(button, "text"), dialogflow::string(button, "postback"));
        if text.is_empty() {
            return None;
        }
        let is_link =
            text::cut(&postback, "://").is_some() || postback.starts_with('#') || postback.starts_with('/');
        let target = chat.links().link(&postback);
        if is_link && target.is_none() {
            return None;
        }
        let say = if postback.is_empty() { text.clone() } else { postback };
        let told = button.clone();
        let element = match &target {
            Some(target) => anchor(chat, target, ""),
            None => el("button").attr("type", "button"),
        };
        let says = target.is_none();
        Some(
            element
                .attrs(&[("part", "button"), ("data-test", "card-button")])
                .class("item rich-button acts")
                .child(el("span").text(&text))
                .on("click", move |_| {
                    chat.announce("df-button-clicked", object([("element", told.clone())]));
                    if says { chat.say(&say) } else { make_way(chat) }
                }),
        )
    });
    let buttons: Vec<El> = buttons.collect();
    part("div", "box card")
        .class("box")
        .attr("data-test", "card")
        .children(image)
        .child(El::new(C, "div").class("item").child(titles(card)))
        .children(buttons)
}
