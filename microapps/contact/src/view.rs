//! The form, and the receipt.

use crate::{
    C,
    form::{self, Field, TOPICS},
};
use contract::{
    code,
    shop::{
        contact::{ContactMessage, ContactReceipt},
        problem::FieldProblem,
    },
};
use leptos::{ev, task::spawn_local};
use microapp::{
    api::{self, ApiError},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const DONE: &str = "contact-done";
const TROUBLE: &str = "contact-trouble";

/// What all parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    host: Host,
    message: RwSignal<ContactMessage>,
    /// Whether what is wrong is shown.
    checked: RwSignal<bool>,
    /// What the server had against a field.
    refused: RwSignal<Vec<FieldProblem>>,
    trouble: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    /// The reference of what was sent.
    reference: RwSignal<Option<String>>,
    /// What was sent without an answer, and its key: sent again, it counts once.
    intent: StoredValue<Option<(ContactMessage, String)>>,
}

/// The whole page.
pub fn page(host: Host) -> AnyView {
    let page = Page {
        host,
        message: RwSignal::new(form::blank()),
        checked: RwSignal::new(false),
        refused: RwSignal::new(Vec::new()),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
        reference: RwSignal::new(None),
        intent: StoredValue::new(None),
    };
    let unsent = move || {
        let message = page.message.try_with_untracked(form::is_worth_keeping).unwrap_or_default();
        message && page.reference.try_with_untracked(Option::is_none).unwrap_or_default()
    };
    // Given back with the mount.
    StoredValue::new_local(host.hold(unsent));
    let session = host.session();
    Effect::new(move |_| {
        let Some(person) = session.get() else { return };
        page.message.update(|message| {
            for (place, known) in [(&mut message.name, person.name), (&mut message.email, person.email)] {
                if place.is_empty() {
                    *place = known;
                }
            }
        });
    });
    let body = move || match page.reference.get() {
        Some(reference) => done(page, reference),
        None => form_view(page),
    };
    view! { class = C, <div class="page">{body}</div> }.into_any()
}

fn form_view(page: Page) -> AnyView {
    let trouble = move || {
        let error = page.trouble.get()?;
        let text = format!("{} What you typed is still here. ({})", error.message, error.code);
        Some(view! { class = C, <p class="note bad">{text}</p> }.into_any())
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        spawn_local(send(page));
    };
    let label = move || if page.busy.get() { "Sending …" } else { "Send message" };
    view! { class = C,
        <h1>"Write to us"</h1>
        <p class="intro">"A person reads every message and answers by e-mail, usually within a working day."</p>
        <div id=TROUBLE role="alert" tabindex="-1">{trouble}</div>
        <form class="form card" novalidate on:submit=submit>
            <div class="pair">
                {text(page, Field::Name, "Your name", "name")}
                {text(page, Field::Email, "E-mail", "email")}
            </div>
            {topic(page)}
            {message(page)}
            <button class="button send" type="submit" data-test="send" aria-disabled=move || page.busy.get().to_string()>
                {label}
            </button>
        </form>
    }
    .into_any()
}

fn done(page: Page, reference: String) -> AnyView {
    let again = move |_| {
        // Who writes stays who they are.
        page.message.update(|message| {
            message.topic.clear();
            message.message.clear();
        });
        page.checked.set(false);
        page.reference.set(None);
        focus(Field::Topic.id());
    };
    view! { class = C,
        <div class="empty" data-test="sent">
            <h1 id=DONE tabindex="-1">"Thank you, your message is here"</h1>
            <p>"Its reference is " <strong class="reference" data-test="reference">{reference}</strong> "."</p>
            <p class="hint">"Name it if you write again about the same matter."</p>
            <div class="actions">
                <a class="button" href=page.host.href("/")>"Back to the shop"</a>
                <button class="button quiet" type="button" data-test="another" on:click=again>"Write another"</button>
            </div>
        </div>
    }
    .into_any()
}

async fn send(page: Page) {
    if page.busy.get_untracked() {
        return;
    }
    page.trouble.set(None);
    page.refused.set(Vec::new());
    page.checked.set(true);
    let wrong = page
        .message
        .with_untracked(|message| Field::ALL.into_iter().find(|field| field.wrong(message).is_some()));
    if let Some(field) = wrong {
        focus(field.id());
        return;
    }
    page.busy.set(true);
    let message = page.message.with_untracked(form::trimmed);
    let key = match page.intent.get_value() {
        Some((sent, key)) if sent == message => key,
        _ => api::idempotency_key(),
    };
    page.intent.set_value(Some((message.clone(), key.clone())));
    let answer = api::send_once::<ContactReceipt>(page.host, "/contact", &key, &message).await;
    if page.busy.try_set(false).is_some() {
        return; // the page is gone
    }
    match answer {
        Ok(receipt) => {
            page.intent.set_value(None);
            page.reference.set(Some(receipt.reference));
            focus(DONE);
        }
        Err(error) if error.is(code::INPUT_INVALID) && !error.fields.is_empty() => {
            page.refused.set(error.fields);
            let first = Field::ALL.into_iter().find(|field| untrack(|| problem(page, *field)).is_some());
            if let Some(field) = first {
                focus(field.id());
            }
        }
        Err(error) => {
            page.trouble.set(Some(error));
            focus(TROUBLE);
        }
    }
}

/// What is wrong with a field, once it was asked for.
fn problem(page: Page, field: Field) -> Option<String> {
    if !page.checked.get() {
        return None;
    }
    let refused = || {
        page.refused.with(|refused| {
            refused
                .iter()
                .find(|problem| problem.field == field.name())
                .map(|problem| problem.message.clone())
        })
    };
    page.message.with(|message| field.wrong(message)).or_else(refused)
}

fn typed(page: Page, field: Field, text: String) {
    page.refused.update(|refused| refused.retain(|problem| problem.field != field.name()));
    page.message.update(|message| *field.place(message) = text);
}

fn framed(page: Page, field: Field, label: &'static str, control: AnyView) -> AnyView {
    view! { class = C,
        <div class="field">
            <label class="label" for=field.id()>{label}</label>
            {control}
            <p class="error" id=error_id(field)>{move || problem(page, field)}</p>
        </div>
    }
    .into_any()
}

fn error_id(field: Field) -> String {
    [field.id(), "-error"].concat()
}

fn text(page: Page, field: Field, label: &'static str, autocomplete: &'static str) -> AnyView {
    let kind = if field == Field::Email { "email" } else { "text" };
    let control = view! { class = C,
        <input class="input" id=field.id() name=field.name() type=kind autocomplete=autocomplete required=true
            aria-describedby=error_id(field) aria-invalid=move || problem(page, field).is_some().to_string()
            prop:value=move || page.message.with(|message| field.get(message).to_owned())
            on:input=move |event| typed(page, field, event_target_value(&event)) />
    };
    framed(page, field, label, control.into_any())
}

fn topic(page: Page) -> AnyView {
    let chosen = move |topic: &str| page.message.with(|message| message.topic == topic);
    let option = move |(topic, name): (&'static str, &'static str)| {
        view! { class = C, <option value=topic prop:selected=move || chosen(topic)>{name}</option> }
            .into_any()
    };
    let control = view! { class = C,
        <select class="input" id=Field::Topic.id() name="topic" required=true aria-describedby=error_id(Field::Topic)
            aria-invalid=move || problem(page, Field::Topic).is_some().to_string()
            on:change=move |event| typed(page, Field::Topic, event_target_value(&event))>
            <option value="" prop:selected=move || chosen("")>"Please choose"</option>
            {TOPICS.map(option).into_iter().collect::<Vec<_>>()}
        </select>
    };
    framed(page, Field::Topic, "What is it about?", control.into_any())
}

fn message(page: Page) -> AnyView {
    let room = move || page.message.with(|message| form::room(&message.message));
    let control = view! { class = C,
        <textarea class="input message" id=Field::Message.id() name="message" rows="8" required=true
            aria-describedby="contact-room contact-message-error"
            aria-invalid=move || problem(page, Field::Message).is_some().to_string()
            prop:value=move || page.message.with(|message| message.message.clone())
            on:input=move |event| typed(page, Field::Message, event_target_value(&event))></textarea>
        <p class="hint" id="contact-room" data-test="room">{room}</p>
    };
    framed(page, Field::Message, "Your message", control.into_any())
}

/// Moves the focus after the view has taken up the last change.
fn focus(id: &'static str) {
    request_animation_frame(move || {
        let element =
            document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
