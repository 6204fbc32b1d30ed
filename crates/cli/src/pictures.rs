//! Pictures on their way to the shop: one by one, or all that a catalogue names.

use crate::{Error, output, server::Server};
use contract::code::{BODY_TOO_LARGE, CATALOGUE_INVALID, INPUT_INVALID, SERVER_UNREACHABLE, UNAVAILABLE};
use reqwest::{Url, blocking::Client};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, Cursor, Read as _},
    path::{Component, Path, PathBuf},
    thread,
    time::Duration,
};

/// The largest picture that the server takes.
const LARGEST: u64 = 20 * 1024 * 1024;
/// How long another server may take with one.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a picture is sent to a server whose storage is away; an import with a thousand others is not lost for one.
const MOST_TRIES: u32 = 4;
/// What is waited after the first try; after the second one twice as long, and so on.
const PAUSE: Duration = Duration::from_secs(1);
/// After so many pictures it is said how far it is.
const OFTEN: usize = 25;
/// Columns of a product CSV that name a picture.
const COLUMNS: [&str; 2] = ["Image Src", "Variant Image"];

const PICTURES: &str = "api/v1/catalogue/pictures";

#[derive(Deserialize)]
struct Uploaded {
    url: String,
}

/// Uploads a picture; its address in the shop.
pub fn upload(server: &Server, bytes: Vec<u8>) -> Result<String, Error> {
    let size = bytes.len() as u64;
    let mut tries = 1;
    loop {
        let file = Cursor::new(bytes.clone());
        let sent = server.post_file::<Uploaded>(PICTURES, "application/octet-stream", file, size);
        match sent {
            Err(error) if error.code() == UNAVAILABLE && tries < MOST_TRIES => {
                thread::sleep(PAUSE * tries);
                tries += 1;
            }
            sent => return Ok(sent?.url),
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
                    *cell = self.address(source.trim())?.into_bytes();
                }
            }
            writer.write_record(&cells).map_err(|error| invalid(&error))?;
        }
        writer.into_inner().map_err(|error| invalid(&error))
    }

    /// JSON Lines with the shop's addresses in place of those pictures.
    pub fn take_up_lines(&mut self, catalogue: &[u8]) -> Result<Vec<u8>, Error> {
        let mut lines = Vec::new();
        for line in catalogue.lines() {
            let line = line.map_err(|error| invalid(&error))?;
            // What is no JSON is the server's to refuse, which says where.
            let Ok(mut product) = serde_json::from_str::<Value>(&line) else {
                lines.push(line);
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
            lines.push(product.to_string());
        }
        Ok((lines.join("\n") + "\n").into_bytes())
    }

    /// How many were taken, and how many could not be had.
    pub fn count(&self) -> (usize, usize) {
        let taken = self.known.values().flatten().count();
        (taken, self.known.len() - taken)
    }

    /// The shop's address of a picture; '' when it cannot be had, which is said.
    fn address(&mut self, source: &str) -> Result<String, Error> {
        if source.is_empty() || ["/pictures/", "/uploads/"].iter().any(|own| source.starts_with(own)) {
            return Ok(source.to_owned());
        }
        if let Some(known) = self.known.get(source) {
            return Ok(known.clone().unwrap_or_default());
        }
        let taken = match self.bytes(source) {
            Ok(bytes) => match upload(self.server, bytes) {
                Ok(address) => Ok(address),
                Err(error) if [INPUT_INVALID, BODY_TOO_LARGE].contains(&error.code()) => {
                    Err(error.to_string())
                }
                Err(error) => return Err(error),
            },
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
        let mut bytes = Vec::new();
        let too_large = || format!("it has more than {} MB", LARGEST >> 20);
        if let Ok(url) = Url::parse(source) {
            if !["http", "https"].contains(&url.scheme()) {
                return Err("its address is neither http nor https".to_owned());
            }
            let answer = self.elsewhere.get(url).send().and_then(|answer| answer.error_for_status());
            let answer = answer.map_err(|error| error.without_url().to_string())?;
            answer.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        } else {
            let path = Path::new(source);
            if !path.components().all(|part| matches!(part, Component::Normal(_))) {
                return Err("a file lies in the folder of the catalogue or below it".to_owned());
            }
            let file = fs::File::open(self.folder.join(path)).map_err(|error| error.to_string())?;
            file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        }
        if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
    }
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
        assert_eq!(pictures.count(), (0, 0));
    }

    #[test]
    fn a_picture_is_sent_again_to_a_server_whose_storage_is_away() {
        let away = r#"{"code":"E502","status":503,"title":"Away."}"#;
        let (address, asked) =
            answering(&[("503 Service Unavailable", away), ("200 OK", r#"{"url":"/uploads/a/1.jpg"}"#)]);
        let uploaded = upload(&Server::new(&address).unwrap(), b"body".to_vec());
        assert_eq!(uploaded.unwrap(), "/uploads/a/1.jpg");
        asked.join().unwrap();
    }
}
