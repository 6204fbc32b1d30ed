//! Adding passkeys, looking after them, and signing in with one.

use super::{Challenge, PasskeyError};
use crate::{
    accounts::{
        Visitor,
        handlers::{belongings, seat, welcome},
    },
    http::{
        browser::Browser,
        extract::{Json, Path},
        page::Page,
        peer::Peer,
        problem::{Answer, Failure},
        valid::Check,
    },
    language::t_with,
    state::Server,
};
use axum::{extract::State, http::StatusCode, response::Response};
use contract::{
    code,
    shop::{
        account::Session,
        passkey::{Passkey, PreparePasskey, RenamePasskey},
        problem::Problem,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(prepare))
        .routes(routes!(rename, remove))
        .routes(routes!(ask))
        .routes(routes!(sign_in))
}

/// What a browser asks a device for a passkey with.
#[derive(Serialize, ToSchema)]
struct PasskeyChallenge {
    /// Goes with the answer. It is worth something once, for five minutes.
    ceremony: String,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    options: Value,
}

/// A passkey that a device made. `POST /account/passkeys`
#[derive(Deserialize, ToSchema)]
struct AddPasskey {
    /// Of the challenge.
    ceremony: String,
    /// What `navigator.credentials.create` gave, by its `toJSON`.
    #[schema(value_type = Object)]
    credential: RegisterPublicKeyCredential,
}

/// Signs in with a passkey. `POST /session/passkey`
#[derive(Deserialize, ToSchema)]
struct SignInByPasskey {
    /// Of the challenge.
    ceremony: String,
    /// What `navigator.credentials.get` gave, by its `toJSON`.
    #[schema(value_type = Object)]
    credential: PublicKeyCredential,
}

/// The passkeys
#[utoipa::path(
    get, path = "/account/passkeys", tag = "accounts",
    responses(
        (status = 200, body = Vec<Passkey>, description = "As they were added."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Vec<Passkey>>> {
    Ok(axum::Json(server.accounts.passkeys(&visitor.signed_in()?.id).await?))
}

/// Begins to add a passkey
#[utoipa::path(
    post, path = "/account/passkeys/options", tag = "accounts", request_body = PreparePasskey,
    responses(
        (status = 200, body = PasskeyChallenge, description = "What to ask the device for a new passkey with."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E413, E415, E441, E442, E447."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn prepare(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    page: Page,
    visitor: Visitor,
    Json(form): Json<PreparePasskey>,
) -> Answer<axum::Json<PasskeyChallenge>> {
    let seat = seat(visitor.signed_in()?, peer, browser);
    let challenge = server.accounts.prepare_passkey(&seat, form.password, page.origin()).await?;
    Ok(axum::Json(challenge.into()))
}

/// Adds the passkey that a device made
#[utoipa::path(
    post, path = "/account/passkeys", tag = "accounts", request_body = AddPasskey,
    responses(
        (status = 201, body = Passkey, description = "It opens the account from now on; a mail says so."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E413, E442, E444, E445, E446, E447."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn add(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    visitor: Visitor,
    Json(form): Json<AddPasskey>,
) -> Answer<(StatusCode, axum::Json<Passkey>)> {
    let seat = seat(visitor.signed_in()?, peer, browser);
    let passkey = server.accounts.add_passkey(&seat, &form.ceremony, &form.credential).await?;
    Ok((StatusCode::CREATED, axum::Json(passkey)))
}

/// Changes what a passkey is called
#[utoipa::path(
    patch, path = "/account/passkeys/{id}", tag = "accounts", request_body = RenamePasskey,
    params(("id" = i64, Path, description = "The passkey's number.")),
    responses(
        (status = 200, body = Passkey, description = "As it is now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn rename(
    State(server): State<Server>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Json(form): Json<RenamePasskey>,
) -> Answer<axum::Json<Passkey>> {
    let account = visitor.signed_in()?;
    let mut check = Check::new();
    check.text("name", &form.name, 1, 100);
    check.done()?;
    Ok(axum::Json(server.accounts.rename_passkey(&account.id, id, form.name.trim()).await?))
}

/// Takes a passkey away
#[utoipa::path(
    delete, path = "/account/passkeys/{id}", tag = "accounts",
    params(("id" = i64, Path, description = "The passkey's number.")),
    responses(
        (status = 204, description = "It opens nothing any more."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn remove(State(server): State<Server>, visitor: Visitor, Path(id): Path<i64>) -> Answer<StatusCode> {
    server.accounts.remove_passkey(&visitor.signed_in()?.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins to sign in with a passkey
#[utoipa::path(
    post, path = "/session/passkey/options", tag = "accounts",
    responses(
        (status = 200, body = PasskeyChallenge, description = "What to ask the device for a passkey with."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E415, E447."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn ask(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    page: Page,
    visitor: Visitor,
) -> Answer<axum::Json<PasskeyChallenge>> {
    let belongings = belongings(peer, browser, visitor);
    Ok(axum::Json(server.accounts.ask_for_passkey(&belongings, page.origin()).await?.into()))
}

/// Signs in with a passkey
#[utoipa::path(
    post, path = "/session/passkey", tag = "accounts", request_body = SignInByPasskey,
    responses(
        (status = 200, body = Session, description = "Signed in by a new cookie; the guest's cart is merged."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E415, E444, E445, E447, E448."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn sign_in(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    visitor: Visitor,
    Json(form): Json<SignInByPasskey>,
) -> Answer<Response> {
    let belongings = belongings(peer, browser, visitor);
    let SignInByPasskey { ceremony, credential } = form;
    let signed_in =
        server.accounts.sign_in_by_passkey(&server.carts, &ceremony, &credential, &belongings).await?;
    welcome(&server, StatusCode::OK, signed_in).await
}

impl From<Challenge> for PasskeyChallenge {
    fn from(challenge: Challenge) -> Self {
        Self { ceremony: challenge.ceremony, options: challenge.options }
    }
}

impl From<PasskeyError> for Failure {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Unfit(why) => Self::new(StatusCode::FORBIDDEN, code::PASSKEY_ADDRESS).titled(why),
            PasskeyError::Elsewhere(address) => Self::new(StatusCode::FORBIDDEN, code::PASSKEY_ADDRESS)
                .titled(t_with(
                    "Passkeys work at {address} only. Open the shop there.",
                    &[("address", &address)],
                )),
            PasskeyError::Over => Self::new(StatusCode::GONE, code::PASSKEY_OVER),
            PasskeyError::Unknown | PasskeyError::Refused(_) => {
                Self::new(StatusCode::FORBIDDEN, code::PASSKEY_REFUSED)
            }
            PasskeyError::Known => Self::new(StatusCode::CONFLICT, code::PASSKEY_KNOWN),
            PasskeyError::Copied => Self::new(StatusCode::FORBIDDEN, code::PASSKEY_COPIED),
            PasskeyError::Unreadable(error) => Self::internal(error),
        }
    }
}
