//! The mails that a shop wrote to its folder.

use super::Shop;
use server::mail::settings::Way;

/// A mail as its reader sees it.
pub struct Received {
    headers: Vec<(String, String)>,
    pub text: String,
}

impl Received {
    /// A header; empty when it has none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// The first address in it.
    pub fn link(&self) -> &str {
        self.text.split_whitespace().find(|word| word.starts_with("http")).expect("a link")
    }
}

/// All of them, the oldest first.
pub fn of(shop: &Shop) -> Vec<Received> {
    let Way::Folder(folder) = &shop.server.configuration.mail.way else { return Vec::new() };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "eml"));
    files.sort();
    files.iter().map(|file| read(&std::fs::read(file).unwrap())).collect()
}

/// Reads what travels.
pub fn read(bytes: &[u8]) -> Received {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ");
    let headers: Vec<(String, String)> = head
        .split("\r\n")
        .map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap())
        .collect();
    let mut mail = Received { headers, text: String::new() };
    let body = match mail.header("Content-Transfer-Encoding") {
        "7bit" | "8bit" => body.as_bytes().to_vec(),
        "quoted-printable" => quoted_printable::decode(body, quoted_printable::ParseMode::Strict).unwrap(),
        other => panic!("{other}"),
    };
    mail.text = String::from_utf8(body).unwrap().replace("\r\n", "\n");
    mail
}
