//! `menagerie tokens`: who may publish.

use crate::{
    Error, output,
    server::{Address, Server},
    shown::{Format, Table},
};
use contract::{
    code::NOT_FOUND,
    registry::token::{CreatedToken, NewToken, Token, Tokens},
    route::encode,
};
use serde_json::json;
use std::slice;

/// Who may publish: a team its own microapp, an operator everything.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a token. Its secret is shown this once: alone, so that a variable can take it.
    #[command(
        after_help = "Examples:\n  menagerie tokens create --app cart --label \"cart's pipeline\"\n  menagerie tokens create --operator --label ada --expires 30d\n  export MENAGERIE_TOKEN=$(menagerie tokens create --app cart)"
    )]
    Create {
        /// Whose.
        #[command(flatten)]
        holder: Holder,
        /// Whose it is, or what for; the history names it.
        #[arg(long, default_value = "")]
        label: String,
        /// When it ends: 1d to 366d from now.
        #[arg(long, default_value = "90d", value_parser = days)]
        expires: u16,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// List tokens, without their secrets.
    #[command(after_help = "Examples:\n  menagerie tokens list\n  menagerie tokens list --app cart --json")]
    List {
        /// Whose.
        #[command(flatten)]
        holder: MaybeHolder,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// End a token, or all of a microapp's or of the operators' but your own, at once.
    #[command(
        after_help = "Examples:\n  menagerie tokens revoke 7KQ2MZ4P\n  menagerie tokens revoke --app cart"
    )]
    Revoke {
        /// The token's id, as `tokens list` shows it.
        #[arg(required_unless_present_any = ["app", "operator"], conflicts_with_all = ["app", "operator"])]
        id: Option<String>,
        /// Whose.
        #[command(flatten)]
        holder: MaybeHolder,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
}

/// Whom a token is for.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Holder {
    /// The team of this microapp.
    #[arg(long)]
    app: Option<String>,
    /// An operator, who may do everything.
    #[arg(long)]
    operator: bool,
}

/// Whose tokens.
#[derive(Debug, clap::Args)]
#[group(required = false, multiple = false)]
pub struct MaybeHolder {
    /// Those of this microapp only.
    #[arg(long)]
    app: Option<String>,
    /// Those of operators only.
    #[arg(long)]
    operator: bool,
}

/// The registry's address of tokens.
const TOKENS: &str = "api/v1/registry/tokens";

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    match command {
        Command::Create { holder, label, expires, address, format } => {
            create(holder.app.as_deref(), label, *expires, &Server::new(address)?, *format)
        }
        Command::List { holder, address, format } => {
            let tokens = fetch(&Server::new(address)?, holder)?;
            Ok(format.show(&json!({ "tokens": tokens }), || listed(&tokens)))
        }
        Command::Revoke { id, holder, address, format } => {
            let server = Server::new(address)?;
            match id {
                Some(id) => server
                    .delete(&format!("{TOKENS}/{}", encode(id)))
                    .map(|()| revoked(slice::from_ref(id), *format)),
                None => revoke_all(&server, holder, *format),
            }
        }
    }
}

fn days(text: &str) -> Result<u16, String> {
    const DAY: u64 = 24 * 60 * 60;
    let expires = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let whole = expires.as_secs().is_multiple_of(DAY) && expires.subsec_nanos() == 0;
    let days = u16::try_from(expires.as_secs() / DAY).ok().filter(|days| whole && (1..=366).contains(days));
    days.ok_or_else(|| "a token ends after whole days, 1d to 366d".to_owned())
}

fn create(
    app: Option<&str>,
    label: &str,
    days: u16,
    server: &Server,
    format: Format,
) -> Result<String, Error> {
    let wish = NewToken { app: app.map(str::to_owned), label: label.to_owned(), days };
    let created: CreatedToken = server.send(TOKENS, &wish)?;
    Ok(format.show(&created, || {
        let Token { id, app, expires_at, .. } = &created.token;
        let holder = app.as_deref().unwrap_or("operators");
        output::note(format!("The token {id} of {holder}, until {expires_at}. It is shown this once:"));
        created.secret.clone()
    }))
}

fn fetch(server: &Server, holder: &MaybeHolder) -> Result<Vec<Token>, Error> {
    let list: Tokens = server.get(TOKENS)?;
    let wanted = |token: &Token| match (&holder.app, holder.operator) {
        (Some(app), _) => token.app.as_ref() == Some(app),
        (None, true) => token.app.is_none(),
        (None, false) => true,
    };
    Ok(list.tokens.into_iter().filter(wanted).collect())
}

/// Our own is spared, and one that somebody else revoked meanwhile is no error.
fn revoke_all(server: &Server, holder: &MaybeHolder, format: Format) -> Result<String, Error> {
    let tokens = fetch(server, holder)?;
    if tokens.is_empty() {
        // A name that is misspelt must not look like a leak that is closed.
        let whose = holder.app.as_deref().unwrap_or("operators");
        let none = Error::new(NOT_FOUND, format!("there is no token of {whose}"));
        return Err(if format.json { none.with_output(revoked(&[], format)) } else { none });
    }
    let mut ids = Vec::new();
    for token in tokens.into_iter().filter(|token| !token.own) {
        match server.delete(&format!("{TOKENS}/{}", token.id)) {
            Ok(()) => ids.push(token.id),
            Err(error) if error.code() == NOT_FOUND => {}
            Err(error) if ids.is_empty() => return Err(error),
            // Those that ended stay so.
            Err(error) => return Err(error.with_output(revoked(&ids, format))),
        }
    }
    Ok(revoked(&ids, format))
}

fn revoked(ids: &[String], format: Format) -> String {
    format.show(&json!({ "revoked": ids }), || match ids {
        [] => "none was left to revoke".to_owned(),
        ids => format!("revoked {}", ids.join(", ")),
    })
}

fn listed(tokens: &[Token]) -> String {
    let mut table = Table::new(["ID", "FOR", "LABEL", "MADE", "BY", "ENDS"]);
    for token in tokens {
        let ends = if token.expired { "ended".to_owned() } else { token.expires_at.clone() };
        let app = token.app.as_deref().unwrap_or("operators");
        table.row([&token.id, app, &token.label, &token.created_at, &token.created_by, &ends]);
    }
    table.text("there are no tokens")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::tests::answering;
    use contract::code::SERVER_UNREACHABLE;

    #[test]
    fn a_variable_takes_a_secret_as_it_is() {
        let created = r#"{"secret":"s3cret","id":"AAAA","app":"cart","label":"x","created_at":"a","created_by":"b","expires_at":"c","expired":false,"own":false}"#;
        let (address, asked) = answering(&[("200 OK", created)]);
        let server = Server::new(&address).unwrap();
        assert_eq!(create(Some("cart"), "x", 90, &server, Format { json: false }).unwrap(), "s3cret");
        asked.join().unwrap();
    }

    #[test]
    fn revoking_what_is_not_there_is_bad_news() {
        for (json, output) in [(true, Some("{\n  \"revoked\": []\n}")), (false, None)] {
            let (address, asked) = answering(&[("200 OK", r#"{"tokens":[]}"#)]);
            let holder = MaybeHolder { app: Some("cartt".to_owned()), operator: false };
            let error =
                run(&Command::Revoke { id: None, holder, address, format: Format { json } }).unwrap_err();
            assert_eq!((error.code(), error.exit_code(), error.output()), (NOT_FOUND, 1, output));
            assert!(error.message().contains("no token of cartt"), "{}", error.message());
            asked.join().unwrap();
        }
    }

    #[test]
    fn what_was_revoked_before_it_broke_off_is_told() {
        let token = |id: &str| {
            format!(
                r#"{{"id":"{id}","app":"cart","label":"x","created_at":"a","created_by":"b","expires_at":"c","expired":false,"own":false}}"#
            )
        };
        let tokens = format!(r#"{{"tokens":[{},{}]}}"#, token("AAAA"), token("BBBB"));
        for (answers, output) in [
            (
                &[("200 OK", tokens.as_str()), ("204 No Content", ""), ("502 Bad Gateway", "")][..],
                Some("revoked AAAA"),
            ),
            (&[("200 OK", tokens.as_str()), ("502 Bad Gateway", "")], None),
        ] {
            let (address, asked) = answering(answers);
            let holder = MaybeHolder { app: Some("cart".to_owned()), operator: false };
            let error = run(&Command::Revoke { id: None, holder, address, format: Format { json: false } })
                .unwrap_err();
            assert_eq!((error.code(), error.output()), (SERVER_UNREACHABLE, output));
            asked.join().unwrap();
        }
    }
}
