//! Pictures on their way to the shop: one by one, or all that a catalogue names.

use crate::{Error, output, server::Server};
use contract::code::{BODY_TOO_LARGE, CATALOGUE_INVALID, INPUT_INVALID, SERVER_UNREACHABLE, UNAVAILABLE};
use reqwest::{
    StatusCode, Url,
    blocking::{Client, Response},
};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::HashMap,
    fs,
    io::{self, Cursor, Read as _},
    path::{Component, Path, PathBuf},
    thread,
    time::Duration,
};

/// The largest picture that the server takes.
const LARGEST: u64 = 20 * 1024 * 1024;
/// How long another server may take with one.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a picture is sent to a server that is away, or its storage, and asked for where it lies; an import with a thousand others is
/// not lost for one.
const MOST_TRIES: u32 = 4;
/// What is waited after the first try; after the second one twice as long, and so on.
const PAUSE: Duration = Duration::from_secs(if cfg!(test) { 0 } else { 1 });
/// After so many pictures it is said how far it is.
const OFTEN: usize = 25;
/// Columns of a product CSV that name a picture.
const COLUMNS: [&str; 2] = ["Image Src", "Variant Image"];

const PICTURES: &str = "api/v1/catalogue/pictures";

#[derive(Deserialize)]
struct Uploaded {
    url: String,
}

/// Uploads a picture; its address in the shop, or why the server takes no such picture. An error is one for all others, too.
pub fn upload(server: &Server, bytes: Vec<u8>) -> Result<Result<String, String>, Error> {
    let size = bytes.len() as u64;
    let send = || {
        let file = Cursor::new(bytes.clone());
        server.post_file::<Uploaded>(PICTURES, "application/octet-stream", file, size)
    };
    // Pictures are named by their content: one that arrived is the same when it arrives again.
    match patiently(send, |error| [UNAVAILABLE, SERVER_UNREACHABLE].contains(&error.code())) {
        Ok(uploaded) => Ok(Ok(uploaded.url)),
        Err(error) if [INPUT_INVALID, BODY_TOO_LARGE].contains(&error.code()) => Ok(Err(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Does something, and does it again where what went wrong may pass.
fn patiently<T, E>(mut act: impl FnMut() -> Result<T, E>, may_pass: impl Fn(&E) -> bool) -> Result<T, E> {
    let mut tries = 1;
    loop {
        match act() {
            Err(error) if tries < MOST_TRIES && may_pass(&error) => {
                thread::sleep(PAUSE * tries);
                tries += 1;
            }
            done => return done,
        }
    }
}

/// The pictures of a catalogue: files beside it, and addresses on other servers.
pub struct Pictures<'a> {
    server: &'a Server,
    folder: PathBuf,
    elsewhere: Client,
    /// What became of each; `None` where it could not be had.
    known: HashMap<String, Option<String>>,
}

impl<'a> Pictures<'a> {
    /// Those of the catalogue in `file`.
    pub fn of(file: &Path, server: &'a Server) -> Result<Self, Error> {
        // A client of its own: the token of ours is nobody else's business.
        let elsewhere = Client::builder().timeout(PATIENCE).build();
        Ok(Self {
            server,
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            elsewhere: elsewhere.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))?,
            known: HashMap::new(),
        })
    }

    /// A product CSV with the shop's addresses in place of those pictures.
    pub fn take_up_table(&mut self, catalogue: &[u8]) -> Result<Vec<u8>, Error> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(catalogue);
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let header = reader.byte_headers().map_err(|error| invalid(&error))?.clone();
        let is_picture = |name: &[u8]| COLUMNS.iter().any(|known| name.trim_ascii() == known.as_bytes());
        let columns: Vec<_> =
            header.iter().enumerate().filter(|(_, name)| is_picture(name)).map(|(at, _)| at).collect();
        writer.write_byte_record(&header).map_err(|error| invalid(&error))?;
        for record in reader.byte_records() {
            let record = record.map_err(|error| invalid(&error))?;
            let mut cells: Vec<_> = record.iter().map(<[u8]>::to_vec).collect();
            for column in &columns {
                // What is not UTF-8 is the server's to refuse, which says where.
                if let Some(cell) = cells.get_mut(*column)
                    && let Ok(source) = std::str::from_utf8(cell)
                {
                    *cell = self.address(source)?.into_bytes();
                }
            }
            writer.write_record(&cells).map_err(|error| invalid(&error))?;
        }
        writer.into_inner().map_err(|error| invalid(&error))
    }

    /// JSON Lines with the shop's addresses in place of those pictures.
    pub fn take_up_lines(&mut self, catalogue: &[u8]) -> Result<Vec<u8>, Error> {
        let mut lines = Vec::new();
        for line in catalogue.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            // Editors on Windows begin a file with a mark.
            let text = std::str::from_utf8(line).map(|text| text.trim_start_matches('\u{feff}'));
            // What is neither UTF-8 nor JSON is the server's to refuse, which says where.
            let Some(mut product) = text.ok().and_then(|text| serde_json::from_str::<Value>(text).ok())
            else {
                lines.extend([line, b"\n"].concat());
                continue;
            };
            for (list, field) in [("pictures", "url"), ("variants", "picture")] {
                let items = product.get_mut(list).and_then(Value::as_array_mut);
                for item in items.into_iter().flatten() {
                    if let Some(Value::String(source)) = item.get_mut(field) {
                        *source = self.address(source)?;
                    }
                }
            }
            lines.extend(format!("{product}\n").into_bytes());
        }
        Ok(lines)
    }

    /// How many were taken, and how many could not be had.
    pub fn count(&self) -> (usize, usize) {
        let taken = self.known.values().flatten().count();
        (taken, self.known.len() - taken)
    }

    /// The shop's address of a picture; '' when it cannot be had, which is said.
    fn address(&mut self, source: &str) -> Result<String, Error> {
        let source = source.trim();
        if source.is_empty() || ["/pictures/", "/uploads/"].iter().any(|own| source.starts_with(own)) {
            return Ok(source.to_owned());
        }
        if let Some(known) = self.known.get(source) {
            return Ok(known.clone().unwrap_or_default());
        }
        let taken = match self.bytes(source) {
            Ok(bytes) => upload(self.server, bytes)?,
            Err(why) => Err(why),
        };
        if let Err(why) = &taken {
            output::note(format!("the picture {source} is left out: {why}"));
        }
        self.known.insert(source.to_owned(), taken.clone().ok());
        if self.known.len().is_multiple_of(OFTEN) {
            output::note(format!("{} pictures so far", self.known.len()));
        }
        Ok(taken.unwrap_or_default())
    }

    fn bytes(&self, source: &str) -> Result<Vec<u8>, String> {
        let bytes = if let Ok(url) = Url::parse(source) {
            if !["http", "https"].contains(&url.scheme()) {
                return Err("its address is neither http nor https".to_owned());
            }
            patiently(|| self.fetch(url.clone()), may_pass)
        } else {
            let path = Path::new(source);
            if !path.components().all(|part| matches!(part, Component::Normal(_))) {
                return Err("a file lies in the folder of the catalogue or below it".to_owned());
            }
            return read_file(&self.folder.join(path));
        };
        not_too_large(bytes)
    }

    fn fetch(&self, url: Url) -> io::Result<Vec<u8>> {
        let answer = self.elsewhere.get(url).send().and_then(Response::error_for_status);
        read(answer.map_err(|error| io::Error::other(error.without_url()))?)
    }
}

/// The picture in a file, or why there is none that the server takes.
pub fn read_file(file: &Path) -> Result<Vec<u8>, String> {
    not_too_large(fs::File::open(file).and_then(read))
}

fn not_too_large(picture: io::Result<Vec<u8>>) -> Result<Vec<u8>, String> {
    let bytes = picture.map_err(|error| error.to_string())?;
    let too_large = || format!("it has more than {} MB", LARGEST >> 20);
    if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
}

/// All of a picture, and of one that is too large so much that this is seen.
fn read(picture: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    picture.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a picture may be had in a moment: whoever has it is busy or slow, or the line broke in the middle.
fn may_pass(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<reqwest::Error>());
    error.is_none_or(|error| {
        let is_busy =
            |status: StatusCode| status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        error.is_timeout() || error.is_body() || error.is_decode() || error.status().is_some_and(is_busy)
    })
}

fn invalid(error: &impl ToString) -> Error {
    Error::new(CATALOGUE_INVALID, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{Address, tests::answering};

    #[test]
    fn lines_without_pictures_stay_as_they_are() {
        let nobody = Address { server: "http://localhost:1".to_owned(), token: String::new() };
        let server = Server::new(&nobody).unwrap();
        let mut pictures = Pictures::of(Path::new("products.jsonl"), &server).unwrap();
        for line in [
            r#"{"handle":"a","variants":[{"price":"1"}]}"#,
            r#"{"pictures":[{"url":"/pictures/a.svg"}],"variants":[{"picture":"/uploads/b/1.jpg"},{"picture":null},7]}"#,
            r#"{"pictures":null,"variants":"none"}"#,
            "5",
            "[1]",
            "null",
            "{",
        ] {
            let taken = pictures.take_up_lines(line.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(taken).unwrap(), format!("{line}\n"));
        }
        // What is not UTF-8 goes on to the server, which says in which line it stands.
        let latin1 = b"\n{\"title\":\"B\xe4r\"}\r\n5\n";
        assert_eq!(pictures.take_up_lines(latin1).unwrap(), latin1);
        assert_eq!(pictures.count(), (0, 0));
    }

    #[test]
    fn a_picture_is_asked_for_again_where_the_other_server_was_busy() {
        let folder = tempfile::tempdir().unwrap();
        let (shop, taken) = answering(&[("200 OK", r#"{"url":"/uploads/a/1.jpg"}"#)]);
        let server = Server::new(&shop).unwrap();
        let mut pictures = Pictures::of(&folder.path().join("products.jsonl"), &server).unwrap();
        let (elsewhere, asked) =
            answering(&[("503 Service Unavailable", "busy"), ("200 OK", "body"), ("404 Not Found", "")]);
        let elsewhere = elsewhere.server;
        // As editors on Windows begin a file, and with a blank that nobody sees.
        let line = format!("\u{feff}{{\"pictures\":[{{\"url\":\"{elsewhere}/bed.jpg \"}}]}}\n");
        let lines = pictures.take_up_lines(line.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(lines).unwrap(), "{\"pictures\":[{\"url\":\"/uploads/a/1.jpg\"}]}\n");
        assert!(taken.join().unwrap().ends_with("\r\n\r\nbody"));
        // What is not there is not asked for again.
        assert_eq!(pictures.address(&format!("{elsewhere}/bowl.jpg")).unwrap(), "");
        assert_eq!(pictures.count(), (1, 1));
        asked.join().unwrap();
    }

    #[test]
    fn a_picture_is_sent_again_to_a_server_that_is_away_or_its_storage() {
        let away = r#"{"code":"E502","status":503,"title":"Away."}"#;
        let (address, asked) = answering(&[
            // What stands before a server that is started anew.
            ("502 Bad Gateway", "oops"),
            ("503 Service Unavailable", away),
            ("200 OK", r#"{"url":"/uploads/a/1.jpg"}"#),
        ]);
        let uploaded = upload(&Server::new(&address).unwrap(), b"body".to_vec());
        assert_eq!(uploaded.unwrap().unwrap(), "/uploads/a/1.jpg");
        asked.join().unwrap();
        // What is too large for what stands before it is sent once, and the others go on.
        let (address, asked) = answering(&[("413 Payload Too Large", "<html>")]);
        let refused = upload(&Server::new(&address).unwrap(), b"body".to_vec()).unwrap();
        assert!(refused.unwrap_err().starts_with("E416"));
        asked.join().unwrap();
    }
}
