//! The contexts of a session, for those who set them from outside.

use super::{
    detect::{Parameters, json_response, model, now},
    dialogflow::{fault::Fault, name::SessionName, turn, webhook::Context},
    sessions,
};
use crate::state::Server;
use axum::response::Response;
use nlu::dialogue::Session;
use serde_json::json;

/// Contexts on one page, unless told; and at most.
const PAGE: usize = 100;

/// A context that somebody sent, when it can be one.
pub fn checked(context: &Context) -> Result<nlu::dialogue::ActiveContext, Fault> {
    let active = turn::incoming(context);
    let plain = |c: char| c.is_alphanumeric() || "-_%.".contains(c);
    if active.name.is_empty() || active.name.len() > 250 || !active.name.chars().all(plain) {
        return Err(Fault::invalid(format!(
            "`{}` is no name of a context: …/contexts/ and letters, digits, - and _.",
            context.name
        )));
    }
    Ok(active)
}

fn context(body: &[u8]) -> Result<Context, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::invalid(format!("The body is no context: {error}.")))
}

/// The contexts of a session that are active now.
async fn active(server: &Server, name: &SessionName) -> Result<Vec<Context>, Fault> {
    model(server, name).await?;
    let open = server.bot.sessions.open(&name.whole).await?;
    let now = now();
    let active = open.session.contexts.iter().filter(|context| context.expires > now);
    Ok(active.map(|context| turn::outgoing(context, name)).collect())
}

/// Lists the active contexts, page by page.
pub async fn list(server: &Server, name: &SessionName, parameters: &Parameters) -> Result<Response, Fault> {
    let all = active(server, name).await?;
    let number = |key: &str| match parameters.get(key).map(String::as_str) {
        None | Some("" | "0") => Ok(None),
        Some(text) => text
            .parse::<usize>()
            .map(Some)
            .map_err(|_| Fault::invalid(format!("{key}: `{text}` is no number."))),
    };
    let size = number("pageSize")?.unwrap_or(PAGE).min(PAGE);
    let from = number("pageToken")?.unwrap_or(0);
    let page: Vec<&Context> = all.iter().skip(from).take(size).collect();
    let next = from + page.len();
    let token = if next < all.len() { next.to_string() } else { String::new() };
    Ok(json_response(json!({ "contexts": page, "nextPageToken": token })))
}

/// Tells one.
pub async fn get(server: &Server, name: &SessionName, context: &str) -> Result<Response, Fault> {
    let all = active(server, name).await?;
    let found = all.into_iter().find(|known| known.short_name() == context);
    found.map(json_response).ok_or_else(|| no_context(context))
}

fn no_context(context: &str) -> Fault {
    Fault::not_found(format!("There is no active context `{context}` in this session."))
}

/// Changes a session, unless it grows too large by that.
async fn change<T>(
    server: &Server,
    name: &SessionName,
    change: impl FnOnce(&mut Session, i64) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let model = model(server, name).await?;
    let open = server.bot.sessions.open(&name.whole).await?;
    let mut session = open.session.clone();
    let now = now();
    session.contexts.retain(|context| context.expires > now);
    let result = change(&mut session, now)?;
    if let Some(what) = sessions::too_large(&session, model.agent()) {
        return Err(Fault::invalid(what));
    }
    open.keep(session).await?;
    Ok(result)
}

/// Makes one.
pub async fn create(server: &Server, name: &SessionName, body: &[u8]) -> Result<Response, Fault> {
    let mut sent = context(body)?;
    let new = checked(&sent)?;
    sent.name = name.context(&new.name);
    change(server, name, |session, now| {
        session.overwrite(new, now);
        Ok(())
    })
    .await?;
    Ok(json_response(sent))
}

/// Changes fields of one.
pub async fn patch(
    server: &Server,
    name: &SessionName,
    context_name: &str,
    parameters: &Parameters,
    body: &[u8],
) -> Result<Response, Fault> {
    let sent = context(body)?;
    let mask = parameters.get("updateMask").map_or("", String::as_str);
    let mut masked: Vec<&str> = mask.split(',').map(str::trim).filter(|field| !field.is_empty()).collect();
    if masked.is_empty() {
        masked = vec!["lifespanCount", "parameters"];
    }
    let changed = change(server, name, |session, now| {
        let known = session.context(context_name).cloned();
        let mut changed = known.ok_or_else(|| no_context(context_name))?;
        for field in masked {
            match field {
                "lifespanCount" | "lifespan_count" => changed.lifespan = sent.lifespan_count,
                "parameters" => changed.parameters = turn::to_engine(&sent.parameters),
                "name" => {}
                other => {
                    return Err(Fault::invalid(format!("updateMask: a context has no field `{other}`.")));
                }
            }
        }
        session.overwrite(changed.clone(), now);
        Ok(changed)
    })
    .await?;
    Ok(json_response(turn::outgoing(&changed, name)))
}

/// Ends one.
pub async fn delete(server: &Server, name: &SessionName, context: &str) -> Result<Response, Fault> {
    change(server, name, |session, _| {
        let before = session.contexts.len();
        session.contexts.retain(|known| known.name != context);
        if session.contexts.len() == before { Err(no_context(context)) } else { Ok(()) }
    })
    .await?;
    Ok(json_response(json!({})))
}

/// Ends all.
pub async fn delete_all(server: &Server, name: &SessionName) -> Result<Response, Fault> {
    change(server, name, |session, _| {
        session.contexts.clear();
        session.pending = None;
        Ok(())
    })
    .await?;
    Ok(json_response(json!({})))
}
