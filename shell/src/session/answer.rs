//! What the server says about who is here, and how it is asked.

use crate::{browser, http, json};
use contract::code::{self, Code};
use js_sys::Object;
use locale::t;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

/// How long an answer may take, in milliseconds.
const TIMEOUT: u32 = 20_000;

/// Asks, and reads the answer as one about who is here.
pub async fn request(method: &str, path: &str, body: Option<&Object>) -> Result<Answer, Problem> {
    Ok(Answer::read(&exchange(method, path, body).await?))
}

/// Asks, for any JSON.
pub async fn exchange(method: &str, path: &str, body: Option<&Object>) -> Result<JsValue, Problem> {
    let limit = AbortSignal::timeout_with_u32(TIMEOUT);
    let Ok(response) = http::send(method, &format!("/api/v1{path}"), body, Some(&limit)).await else {
        let title = t("The shop cannot be reached. Check the connection, then try again.");
        return Err(Problem::new(code::LOAD_NETWORK, &title));
    };
    let Some(answer) = json::parse(&response.text) else {
        let title = t("The shop gave an answer that this page cannot read.");
        return Err(Problem::new(code::INTERNAL, &title));
    };
    if response.ok { Ok(answer) } else { Err(Problem::read(&answer)) }
}

/// What the server says about who is here (`contract::shop::account::Session`).
#[derive(Default)]
pub struct Answer {
    /// Whoever is signed in.
    pub account: Option<Account>,
    /// Pieces in the cart.
    pub pieces: i64,
    /// What people should be told.
    pub notices: Vec<String>,
}

impl Answer {
    fn read(answer: &JsValue) -> Self {
        let account = browser::property(answer, "account");
        let known = account.is_object();
        Self {
            account: known.then(|| Account {
                name: json::text(&account, "name"),
                email: json::text(&account, "email"),
            }),
            pieces: json::number(answer, "cart_pieces").unwrap_or(0.0) as i64,
            notices: json::texts(answer, "notices"),
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What to call them.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Why the server refused (`contract::shop::problem::Problem`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Our number.
    pub code: String,
    /// One sentence.
    pub title: String,
    /// Fields and what is wrong with them.
    pub fields: Vec<(String, String)>,
}

impl Problem {
    /// One that the page itself knows of.
    pub fn new(code: Code, title: &str) -> Self {
        Self { code: code.to_string(), title: title.to_owned(), fields: Vec::new() }
    }

    /// Whether nobody was reached.
    pub fn is_unreachable(&self) -> bool {
        self.code == code::LOAD_NETWORK.to_string()
    }

    fn read(answer: &JsValue) -> Self {
        let fields = json::list(answer, "fields");
        let fields = fields.iter().map(|field| (json::text(field, "field"), json::text(field, "message")));
        Self {
            code: json::text(answer, "code"),
            title: json::text(answer, "title"),
            fields: fields.collect(),
        }
    }
}

/// A body of texts.
pub fn form(fields: &[(&str, &str)]) -> Object {
    let body = Object::new();
    for (name, value) in fields {
        browser::set(&body, name, *value);
    }
    body
}
