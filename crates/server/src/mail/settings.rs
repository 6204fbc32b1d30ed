//! How mails leave the house: by SMTP, or into a folder.

use lettre::message::Mailbox;
use reqwest::Url;
use std::{fmt, net::IpAddr, path::PathBuf};

/// The address of the mail server, with name and password, in the environment only.
pub const SMTP: &str = "MENAGERIE_SMTP";

/// How mails leave the house. Everything in it is valid.
#[derive(Clone)]
pub struct Settings {
    /// Which way.
    pub way: Way,
    /// Who they come from.
    pub from: Mailbox,
}

/// Which way mails go.
#[derive(Clone)]
pub enum Way {
    /// To a mail server, by an address that `lettre` reads.
    Smtp(String),
    /// Into a folder, a file each.
    Folder(PathBuf),
}

/// Without the password.
impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp(_) => f.write_str("Smtp"),
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
        }
    }
}

/// Reads `smtps://USER:PASSWORD@HOST` or `smtp://USER:PASSWORD@HOST:587`. A message never repeats the address.
///
/// `smtp:` begins in the clear and changes to TLS, without which nothing is sent, unless the mail server is on
/// this machine or the address says `?tls=none`.
pub fn smtp(text: &str) -> Result<Way, String> {
    let wrong = "is not an address such as smtps://USER:PASSWORD@mail.example or smtp://USER:PASSWORD@mail.example:587; \
                 characters such as @ and / in the password are written as %40 and %2F";
    let mut url = Url::parse(text).map_err(|_| wrong.to_owned())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(wrong)?;
    let here = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None) | ("smtp", Some("required" | "opportunistic")) => {}
        ("smtp", Some("none")) => url.set_query(None),
        ("smtp", None) if here => {}
        ("smtp", None) => url.set_query(Some("tls=required")),
        _ => return Err(wrong.to_owned()),
    }
    super::post::transport(url.as_str()).map_err(|_| wrong.to_owned())?;
    Ok(Way::Smtp(url.into()))
}

/// Reads `Menagerie <shop@shop.example>`; without it mails come from `shop` at the shop's own host.
pub fn from(text: Option<&str>, origin: Option<&str>) -> Result<Mailbox, String> {
    let host = origin.and_then(|origin| Url::parse(origin).ok());
    let host = host.as_ref().and_then(Url::domain).unwrap_or("localhost");
    let own = format!("Menagerie <shop@{host}>");
    let text = text.unwrap_or(&own);
    text.parse().map_err(|_| format!("`{text}` is no sender such as `Menagerie <shop@shop.example>`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = smtp(text).ok().map(|way| match way {
            Way::Smtp(url) => url,
            Way::Folder(_) => unreachable!(),
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn nothing_goes_in_the_clear_unless_it_stays_here_or_is_meant() {
        check("smtps://ada:secret@mail.example", Some("smtps://ada:secret@mail.example"));
        check("smtp://mail.example:587", Some("smtp://mail.example:587?tls=required"));
        check("smtp://mail.example?tls=opportunistic", Some("smtp://mail.example?tls=opportunistic"));
        check("smtp://mail.example?tls=none", Some("smtp://mail.example"));
        check("smtp://localhost:25", Some("smtp://localhost:25"));
        check("smtp://127.0.0.1:2525", Some("smtp://127.0.0.1:2525"));
        check("smtp://[::1]:2525", Some("smtp://[::1]:2525"));
        check("smtp://mail.example?tls=maybe", None);
        check("https://mail.example", None);
        check("mail.example", None);
        check("smtp://", None);
    }

    #[test]
    fn a_message_does_not_repeat_the_password() {
        assert!(!smtp("smtp://ada:secret@mail.example?tls=maybe").unwrap_err().contains("secret"));
    }

    #[test]
    fn who_mails_come_from() {
        for (text, origin, expected) in [
            (None, None, Some("shop@localhost")),
            (None, Some("https://shop.example"), Some("shop@shop.example")),
            (None, Some("http://192.0.2.1"), Some("shop@localhost")),
            (Some("Pets <pets@b.example>"), Some("https://shop.example"), Some("pets@b.example")),
            (Some("pets"), None, None),
            (Some("Pets <pets@b.example>\nBcc: c@d.example"), None, None),
        ] {
            let found = from(text, origin).ok().map(|mailbox| mailbox.email.to_string());
            assert_eq!(found.as_deref(), expected, "{text:?} {origin:?}");
        }
    }
}
