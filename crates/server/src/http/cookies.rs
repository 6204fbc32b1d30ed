//! The cookies: who is signed in, which cart is a guest's, and what a visitor draws shells by. Scripts see none of them.

use axum::http::{HeaderMap, HeaderValue, header};

/// Names and attributes of our cookies.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// Behind TLS they are `Secure` and carry the `__Host-` prefix, so no neighbouring host can set them.
    secure: bool,
}

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in.
    Session,
    /// A guest's cart.
    Cart,
    /// A random number, while shells are rolled out.
    Visitor,
}

impl Cookies {
    /// For a server with or without TLS in front.
    pub fn new(origin: Option<&str>) -> Self {
        Self { secure: origin.is_some_and(|origin| origin.starts_with("https:")) }
    }

    fn name(self, cookie: Cookie) -> &'static str {
        match (self.secure, cookie) {
            (true, Cookie::Session) => "__Host-menagerie_session",
            (true, Cookie::Cart) => "__Host-menagerie_cart",
            (true, Cookie::Visitor) => "__Host-menagerie_visitor",
            (false, Cookie::Session) => "menagerie_session",
            (false, Cookie::Cart) => "menagerie_cart",
            (false, Cookie::Visitor) => "menagerie_visitor",
        }
    }

    /// The value that the browser sent, where it can be one of ours.
    pub fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<String> {
        let name = self.name(cookie);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .filter(|value| (16..=128).contains(&value.len()))
    }

    /// Sets a cookie for `seconds`.
    pub fn set(self, cookie: Cookie, value: &str, seconds: i64) -> HeaderValue {
        self.header(cookie, value, seconds)
    }

    /// Takes a cookie away.
    pub fn clear(self, cookie: Cookie) -> HeaderValue {
        self.header(cookie, "", 0)
    }

    fn header(self, cookie: Cookie, value: &str, seconds: i64) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
            self.name(cookie)
        );
        // Our own tokens are base64url: always a valid header.
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
    }
}
