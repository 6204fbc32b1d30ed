//! The sheet that is being written: what stands on it, what is wrong with it, and sending it.

use crate::form::{self, Field};
use contract::{
    code,
    shop::{
        contact::{ContactMessage, ContactReceipt},
        problem::FieldProblem,
    },
};
use microapp::{
    api::{self, ApiError},
    page::focus,
    prelude::*,
};

/// The heading of the receipt.
pub const DONE: &str = "contact-done";
/// Where it stands that the message could not be sent.
pub const TROUBLE: &str = "contact-trouble";

/// What there is to show.
pub struct Sheet {
    /// What is typed.
    pub message: ContactMessage,
    /// Whether what is wrong is shown.
    checked: bool,
    /// What the server had against a field.
    refused: Vec<FieldProblem>,
    /// Why it could not be sent.
    pub trouble: Option<ApiError>,
    /// It is on its way.
    pub busy: bool,
    /// The reference of what was sent.
    pub reference: Option<String>,
    /// What was sent without an answer, and its key: sent again, it counts once.
    intent: Option<(ContactMessage, String)>,
}

impl Sheet {
    /// What is wrong with a field, once it was asked for.
    pub fn problem(&self, field: Field) -> Option<String> {
        let refused = || self.refused.iter().find(|problem| problem.field == field.name());
        if !self.checked {
            return None;
        }
        field.wrong(&self.message).or_else(|| refused().map(|problem| problem.message.clone()))
    }

    /// The key to send the message with: the one of before while its answer is open.
    fn key(&mut self, message: &ContactMessage) -> String {
        match &self.intent {
            Some((sent, key)) if sent == message => key.clone(),
            _ => {
                let key = api::idempotency_key();
                self.intent = Some((message.clone(), key.clone()));
                key
            }
        }
    }
}

/// What all parts of the page share.
#[derive(Clone, Copy)]
pub struct Page {
    pub host: Host,
    sheet: Watched<Sheet>,
}

impl Page {
    /// A part of the sheet.
    pub fn sheet<T>(self, read: impl FnOnce(&Sheet) -> T) -> T {
        self.sheet.with(read)
    }

    fn change(self, change: impl FnOnce(&mut Sheet)) {
        self.sheet.update(change);
    }

    /// A sheet with the name and address of whoever is signed in, and with what the address says:
    /// `/contact?topic=other&message=…` is how the chat hands on what was said.
    pub fn begin(context: Context<()>) -> Self {
        let host = context.host;
        let sheet = Watched::new(Sheet {
            message: form::blank(),
            checked: false,
            refused: Vec::new(),
            trouble: None,
            busy: false,
            reference: None,
            intent: None,
        });
        let unsent = move || {
            let unsent = |sheet: &Sheet| sheet.reference.is_none() && form::is_worth_keeping(&sheet.message);
            sheet.with_untracked(unsent)
        };
        // Given back with the mount.
        StoredValue::new_local(host.hold(unsent));
        let session = host.session();
        microapp::element::follow(move || {
            let Some(person) = session.get() else { return };
            sheet.update(|sheet| {
                for (place, known) in
                    [(&mut sheet.message.name, person.name), (&mut sheet.message.email, person.email)]
                {
                    if place.is_empty() {
                        *place = known;
                    }
                }
            });
        });
        microapp::element::follow(move || {
            let (topic, message) = context
                .route
                .with(|route| (route.query("topic").to_owned(), route.query("message").to_owned()));
            sheet.update(|sheet| {
                let wanted = [(Field::Topic, topic), (Field::Message, message)];
                // What somebody wrote here themselves stays.
                for (field, text) in wanted.into_iter().filter(|(_, text)| !text.is_empty()) {
                    let place = field.place(&mut sheet.message);
                    if place.is_empty() {
                        *place = text.chars().take(form::MOST).collect();
                    }
                }
            });
        });
        Self { host, sheet }
    }

    /// Takes up what is typed; what the server had against the field before no longer counts.
    pub fn typed(self, field: Field, text: String) {
        self.change(|sheet| {
            sheet.refused.retain(|problem| problem.field != field.name());
            *field.place(&mut sheet.message) = text;
        });
    }

    /// Another message. Who writes stays who they are.
    pub fn begin_another(self) {
        self.change(|sheet| {
            sheet.message.topic.clear();
            sheet.message.message.clear();
            sheet.checked = false;
            sheet.reference = None;
        });
        focus(Field::Topic.id());
    }

    /// Sends it, or moves to the first field that is wrong.
    pub async fn send(self) {
        let begun = self.sheet.update(|sheet| {
            sheet.trouble = None;
            sheet.refused.clear();
            sheet.checked = true;
            let good = Field::ALL.into_iter().all(|field| sheet.problem(field).is_none());
            if sheet.busy || !good {
                return None;
            }
            sheet.busy = true;
            let message = form::trimmed(&sheet.message);
            let key = sheet.key(&message);
            Some((message, key))
        });
        let Some((message, key)) = begun else { return self.to_first_problem() };
        let answer = api::send_once::<ContactReceipt>(self.host, "/contact", &key, &message).await;
        self.take_up(answer);
    }

    fn take_up(self, answer: Result<ContactReceipt, ApiError>) {
        let mut target = None;
        self.change(|sheet| {
            sheet.busy = false;
            match answer {
                Ok(receipt) => {
                    sheet.intent = None;
                    sheet.reference = Some(receipt.reference);
                    target = Some(DONE);
                }
                Err(error) if error.is(code::INPUT_INVALID) && !error.fields.is_empty() => {
                    sheet.refused = error.fields.clone();
                }
                Err(error) => {
                    sheet.trouble = Some(error);
                    target = Some(TROUBLE);
                }
            }
        });
        match target {
            Some(target) => focus(target),
            None => self.to_first_problem(),
        }
    }

    fn to_first_problem(self) {
        let wrong = |sheet: &Sheet| Field::ALL.into_iter().find(|field| sheet.problem(*field).is_some());
        if let Some(field) = self.sheet.with_untracked(wrong) {
            focus(field.id());
        }
    }
}
