//! The OpenAPI document: what the routes say of themselves, and what holds for all of them.

use crate::state::Server;
use utoipa::{
    OpenApi,
    openapi::{
        Components, KnownFormat, Object, OpenApi as Document, PathItem, RefOr, Schema, SchemaFormat,
        path::Operation,
        schema::{Array, ArrayItems, SchemaType, Type},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Menagerie's shop API",
        description = "Prices, stock and totals are decided here. Errors are `application/problem+json` with a number. \
                       Behind TLS the cookie `menagerie_session` is called `__Host-menagerie_session`. Whatever such a \
                       cookie allows and is not a mere look must come from the shop's own page, by `Sec-Fetch-Site` or \
                       `Origin`.",
    ),
    components(schemas(contract::shop::catalogue::Sort)), // only ever named in a query, where utoipa does not look
)]
struct Api;

/// No control characters but line breaks and tabs, as `http::valid` has it.
const CLEAN: &str = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]";
/// Neither those nor white space.
const VISIBLE: &str = r"[^\s\x00-\x1f\x7f-\x9f]";

/// What `router` says of itself, nested in `prefix`.
pub fn of(router: OpenApiRouter<Server>, prefix: &str) -> Document {
    let mut document =
        OpenApiRouter::<Server>::with_openapi(Api::openapi()).nest(prefix, router).into_openapi();
    let components = document.components.get_or_insert_default();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("token", token);
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("menagerie_session")));
    components.add_security_scheme("session", session);
    say_what_text_is(components);
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        say_who_may(operation);
        say_what_words_are(operation);
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// Whatever answers E413 wants somebody who is signed in.
fn say_who_may(operation: &mut Operation) {
    let refused = operation.responses.responses.get("4XX");
    if let Some(RefOr::T(refused)) = refused
        && refused.description.contains("E413")
    {
        let scopes: [&str; 0] = [];
        operation.security = Some(vec![SecurityRequirement::new("session", scopes)]);
    }
}

/// What is searched for in the catalogue has no null characters.
fn say_what_words_are(operation: &mut Operation) {
    let in_catalogue = operation.tags.iter().flatten().any(|tag| tag == "catalogue");
    for parameter in operation.parameters.iter_mut().flatten().filter(|_| in_catalogue) {
        let words = match &mut parameter.schema {
            Some(RefOr::T(Schema::Array(Array { items: ArrayItems::RefOrSchema(items), .. }))) => {
                &mut **items
            }
            Some(schema) => schema,
            None => continue,
        };
        if let RefOr::T(Schema::Object(words)) = words
            && words.schema_type == SchemaType::Type(Type::String)
            && words.enum_values.is_none()
        {
            words.pattern = Some(r"^[^\x00]*$".to_owned());
        }
    }
}

/// Text that people type has no control characters, and where it must not be empty, not blanks alone. Its fields are
/// those with a greatest length; passwords may be anything, and addresses have formats of their own.
fn say_what_text_is(components: &mut Components) {
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::Object(form)) = schema else { continue };
        for (name, field) in &mut form.properties {
            let RefOr::T(Schema::Object(field)) = field else { continue };
            if is_text(field) && !name.ends_with("password") {
                field.pattern = Some(text(field.min_length.unwrap_or(0)));
            }
        }
    }
}

fn is_text(field: &Object) -> bool {
    let email = Some(SchemaFormat::KnownFormat(KnownFormat::Email));
    let is_string = field.schema_type == SchemaType::Type(Type::String);
    is_string && field.max_length.is_some() && field.pattern.is_none() && field.format != email
}

/// So many characters at least, with no white space at both ends counted.
fn text(least: usize) -> String {
    match least {
        0 => format!("^{CLEAN}*$"),
        1 => format!("^{CLEAN}*{VISIBLE}{CLEAN}*$"),
        _ => format!("^{CLEAN}*{VISIBLE}{CLEAN}{{{},}}{VISIBLE}{CLEAN}*$", least - 2),
    }
}
