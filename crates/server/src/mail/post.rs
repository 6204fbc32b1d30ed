//! Handing a mail over: to a mail server, or to a folder.

use super::{
    settings::{Settings, Way},
    store::Letter,
};
use crate::{clock::Millis, secret};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig},
};
use std::{
    error::Error as _,
    path::PathBuf,
    time::{Duration, UNIX_EPOCH},
};

/// How long the mail server may take until it is connected to.
const REACHED: Duration = Duration::from_secs(15);
/// How long it may take for a mail. Whoever waits less than a server takes sends again what was taken; RFC 5321 (4.5.3.2) gives it
/// ten minutes to say so, but the next mail waits too.
const ALL: Duration = Duration::from_secs(5 * 60);

/// Hands mails over.
pub struct Post {
    way: Hand,
    from: Mailbox,
}

enum Hand {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Why a mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address is none.
    #[error("the address cannot be written to: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// It cannot be put into the form of a mail.
    #[error("it cannot be put into the form of a mail: {0}")]
    Form(#[from] lettre::error::Error),
    /// The mail server.
    #[error("the mail server: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// The mail server does not answer.
    #[error("the mail server takes too long")]
    Slow,
    /// The folder.
    #[error("the folder {folder}: {source}")]
    Folder {
        /// Which.
        folder: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl PostError {
    /// Whether trying again is of no use: there is no such address or mailbox.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Address(_) | Self::Form(_) => true,
            Self::Smtp(error) => {
                let said = error.source().map(ToString::to_string).unwrap_or_default();
                error.status().is_some_and(|code| is_no_mailbox(code.into(), &said))
            }
            Self::Slow | Self::Folder { .. } => false,
        }
    }
}

/// Whether a mail server says that there is no such mailbox (RFC 3463, 3.2). What else it refuses, such as to relay, is often a
/// setting that the owner can mend meanwhile; a bare 550 may be either.
fn is_no_mailbox(code: u16, said: &str) -> bool {
    let more = said.split_whitespace().next().unwrap_or_default();
    // 5.1.7 and 5.1.8 are about whoever writes.
    matches!(code, 550 | 551 | 553) && more.starts_with("5.1.") && !matches!(more, "5.1.7" | "5.1.8")
}

impl Post {
    /// Makes the folder, where it is one.
    pub fn new(settings: &Settings) -> Result<Self, PostError> {
        let way = match &settings.way {
            Way::Smtp(url) => Hand::Smtp(transport(url)?.build()),
            Way::Folder(folder) => {
                crate::state::private_folder(folder).map_err(|source| of_folder(folder, source))?;
                Hand::Folder(folder.clone())
            }
        };
        let Mailbox { name, email } = settings.from.clone();
        Ok(Self { way, from: Mailbox::new(name, in_ascii(email)) })
    }

    /// Hands a mail over.
    pub async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        let message = self.form(letter)?;
        match &self.way {
            Hand::Smtp(transport) => {
                let sent = tokio::time::timeout(ALL, transport.send(message)).await;
                sent.map_err(|_| PostError::Slow)??;
            }
            Hand::Folder(folder) => {
                // Whoever reads the folder finds whole mails only.
                let (whole, half) = (format!("{:08}.eml", letter.id), format!("{:08}.part", letter.id));
                let (whole, half) = (folder.join(whole), folder.join(half));
                let write = async {
                    tokio::fs::write(&half, message.formatted()).await?;
                    tokio::fs::rename(&half, &whole).await
                };
                write.await.map_err(|source| of_folder(folder, source))?;
            }
        }
        Ok(())
    }

    /// On its way to a mail server a text is encoded for old ones; in a folder people read it as it is.
    fn body(&self, text: &str) -> Body {
        match self.way {
            Hand::Smtp(_) => Body::new(text.to_owned()),
            Hand::Folder(_) => {
                let lines = text.replace('\n', "\r\n").into_bytes();
                Body::dangerous_pre_encoded(lines, ContentTransferEncoding::EightBit)
            }
        }
    }

    fn form(&self, letter: &Letter) -> Result<Message, PostError> {
        let to: Address = letter.recipient.parse()?;
        let host = self.from.email.domain();
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, in_ascii(to)))
            .subject(one_line(&letter.subject))
            .date(UNIX_EPOCH + since(letter.queued_at))
            .message_id(Some(format!("<{}@{host}>", secret::hash(&letter.key))))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(self.body(&letter.text))?;
        Ok(message)
    }
}

/// A way to the mail server, as far as its address alone says. Built, it needs the runtime.
///
/// Each mail has a connection of its own: on one that was left in the middle of a mail, answers belong to what was asked before.
pub fn transport(url: &str) -> Result<AsyncSmtpTransportBuilder, lettre::transport::smtp::Error> {
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?;
    Ok(builder.timeout(Some(REACHED)).pool_config(PoolConfig::new().max_size(0)))
}

/// The address with its host as the network knows it: most mail servers take no other.
fn in_ascii(address: Address) -> Address {
    match idna::domain_to_ascii(address.domain()) {
        Ok(host) if !address.domain().is_ascii() => Address::new(address.user(), host).unwrap_or(address),
        _ => address,
    }
}

fn of_folder(folder: &std::path::Path, source: std::io::Error) -> PostError {
    PostError::Folder { folder: folder.display().to_string(), source }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn since(at: Millis) -> Duration {
    Duration::from_millis(u64::try_from(at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_beyond_ascii_is_written_in_it() {
        for (address, expected) in [
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
            ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
            ("ada@Example.org", "ada@Example.org"),
            ("ada@[127.0.0.1]", "ada@[127.0.0.1]"),
        ] {
            assert_eq!(in_ascii(address.parse().unwrap()).to_string(), expected);
        }
    }

    #[test]
    fn only_a_mailbox_that_is_not_there_is_final() {
        for (code, said, expected) in [
            (550, "5.1.1 <ada@example.org>: no such user", true),
            (553, "5.1.3 bad address", true),
            (551, "5.1.6 moved", true),
            (550, "no such mailbox", false),
            (550, "<ada@example.org>: 5.1.1 no such user", false),
            (551, "user not local", false),
            (550, "5.7.1 relaying denied", false),
            (550, "5.1.8 the sender's domain does not exist", false),
            (553, "5.7.1 not owned by the user", false),
            (553, "sender not allowed", false),
            (554, "5.1.1 odd", false),
            (550, "", false),
        ] {
            assert_eq!(is_no_mailbox(code, said), expected, "{code} {said}");
        }
    }
}
