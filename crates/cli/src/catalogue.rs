//! `menagerie catalogue`: what the shop sells.

use crate::{
    Error, output,
    pictures::{self, Pictures},
    server::{Address, Server},
};
use contract::code::CATALOGUE_INVALID;
use serde::Deserialize;
use std::{
    fs::{self, File},
    io::{self, IsTerminal as _, Read},
    path::{Path, PathBuf},
};

/// What the shop sells.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Load a catalogue instead of what is there; all of it or nothing.
    #[command(
        after_help = "A file that ends in .jsonl or .ndjson is JSON Lines, a product in each line; any other is a product CSV\nas Shopify exports it.\n\nExamples:\n  MENAGERIE_TOKEN=… menagerie catalogue import products.csv --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue import products.jsonl --pictures --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue import products.csv --keep-stock --server https://shop.example"
    )]
    Import {
        /// The catalogue: CSV, or JSON Lines.
        file: PathBuf,
        /// Take its pictures along: files beside it, and addresses on other servers, which are fetched from here.
        #[arg(long)]
        pictures: bool,
        /// Leave the stock of what is in the shop as it is, whatever the file says.
        #[arg(long)]
        keep_stock: bool,
        /// The server.
        #[command(flatten)]
        address: Address,
    },
    /// Upload pictures, and say their addresses, which a catalogue names.
    #[command(
        after_help = "JPEG, PNG, WebP and GIF of up to 20 MB. Each is drawn anew in the widths that pages ask for.\n\nExample:\n  MENAGERIE_TOKEN=… menagerie catalogue pictures bed.jpg bowl.png --server https://shop.example"
    )]
    Pictures {
        /// The pictures.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The server.
        #[command(flatten)]
        address: Address,
    },
    /// Write what the shop sells into a file, which `import` takes back.
    #[command(
        after_help = "A file that ends in .jsonl or .ndjson gets JSON Lines, any other a product CSV as Shopify exports it, which has\nroom for three options.\n\nExamples:\n  MENAGERIE_TOKEN=… menagerie catalogue export products.csv --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue export products.jsonl --server https://shop.example"
    )]
    Export {
        /// Where to write it; a file that is there is replaced once the new one is whole.
        file: PathBuf,
        /// The server.
        #[command(flatten)]
        address: Address,
    },
}

const IMPORT: &str = "api/v1/catalogue/import?replace=true";
const IMPORT_KEEPING_STOCK: &str = "api/v1/catalogue/import?replace=true&stock=keep";
const LINES: &str = "application/jsonl";
const TABLE: &str = "text/csv";

/// What was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Imported {
    /// Products.
    pub products: u64,
    /// Variants of them.
    pub variants: u64,
}

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    match command {
        Command::Import { file, pictures, keep_stock, address } => {
            let server = Server::new(address)?;
            let path = if *keep_stock { IMPORT_KEEPING_STOCK } else { IMPORT };
            let (imported, along) = match pictures {
                true => import_with_pictures(file, path, &server)?,
                false => (send(file, path, &server)?, String::new()),
            };
            let Imported { products, variants } = imported;
            Ok(format!("{products} products with {variants} variants are in the shop{along}"))
        }
        Command::Pictures { files, address } => {
            let server = Server::new(address)?;
            let upload = |file: &PathBuf| {
                let bytes = fs::read(file).map_err(|error| unreadable(file, &error))?;
                Ok(format!("{}  {}", pictures::upload(&server, bytes)?, file.display()))
            };
            Ok(files.iter().map(upload).collect::<Result<Vec<_>, Error>>()?.join("\n"))
        }
        Command::Export { file, address } => {
            let size = export(file, &Server::new(address)?)?;
            Ok(format!("{size} bytes are in {}", file.display()))
        }
    }
}

/// Whether a file is JSON Lines, by its name.
fn is_lines(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["jsonl", "ndjson"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Writes the server's catalogue into a file. Cut off, it leaves the file of before as it was.
pub fn export(file: &Path, server: &Server) -> Result<usize, Error> {
    let format = if is_lines(file) { "jsonl" } else { "csv" };
    let catalogue = server.get_bytes(&format!("api/v1/catalogue/export?format={format}"))?;
    let wrong = |error: io::Error| unreadable(file, &error);
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    fs::write(&beside, &catalogue).and_then(|()| fs::rename(&beside, file)).map_err(wrong)?;
    Ok(catalogue.len())
}

/// Loads a catalogue with all that its file says.
pub fn import(file: &Path, server: &Server) -> Result<Imported, Error> {
    send(file, IMPORT, server)
}

/// Sends a catalogue to the server, which reads and judges it.
fn send(file: &Path, path: &str, server: &Server) -> Result<Imported, Error> {
    let opened = File::open(file).and_then(|open| Ok((open.metadata()?.len(), open)));
    let (size, open) = opened.map_err(|error| unreadable(file, &error))?;
    let content_type = if is_lines(file) { LINES } else { TABLE };
    let sending = Sending { file: open, size, sent: 0, told: 0, is_seen: io::stderr().is_terminal() };
    server.post_file(path, content_type, sending, size)
}

/// The same, with its pictures; and what became of those. A picture that cannot be had is left out.
fn import_with_pictures(file: &Path, path: &str, server: &Server) -> Result<(Imported, String), Error> {
    let catalogue = fs::read(file).map_err(|error| unreadable(file, &error))?;
    let mut pictures = Pictures::of(file, server)?;
    let (content_type, catalogue) = match is_lines(file) {
        true => (LINES, pictures.take_up_lines(&catalogue)?),
        false => (TABLE, pictures.take_up_table(&catalogue)?),
    };
    let size = catalogue.len() as u64;
    let imported = server.post_file(path, content_type, io::Cursor::new(catalogue), size)?;
    let along = match pictures.count() {
        (taken, 0) => format!(", with {taken} pictures"),
        (taken, missing) => format!(", with {taken} pictures; {missing} could not be had"),
    };
    Ok((imported, along))
}

fn unreadable(file: &Path, error: &io::Error) -> Error {
    Error::new(CATALOGUE_INVALID, format!("{}: {error}", file.display()))
}

/// A file on its way, which says how far it is.
struct Sending {
    file: File,
    size: u64,
    sent: u64,
    /// In hundredths.
    told: u64,
    is_seen: bool,
}

impl Read for Sending {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.sent += read as u64;
        let hundredths = (self.sent * 100).checked_div(self.size).unwrap_or(100);
        // Small files are there before anybody has read a line about it.
        if self.is_seen && self.size > 1 << 20 && hundredths >= self.told + 10 {
            self.told = hundredths;
            output::note(match hundredths {
                100.. => "all of it is sent; the shop takes it up …".to_owned(),
                part => format!("{part} % of {} MB is sent", self.size >> 20),
            });
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_by_its_name() {
        for (name, expected) in
            [("a.csv", false), ("a.jsonl", true), ("a.NDJSON", true), ("a.json", false), ("jsonl", false)]
        {
            assert_eq!(is_lines(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_file_is_sent_whole_and_how_far_it_is_never_passes_its_size() {
        let mut file = tempfile::tempfile().unwrap();
        let size = 3 << 20;
        io::Write::write_all(&mut file, &vec![7; size]).unwrap();
        io::Seek::rewind(&mut file).unwrap();
        let mut sending = Sending { file, size: size as u64, sent: 0, told: 0, is_seen: true };
        let mut sent = Vec::new();
        sending.read_to_end(&mut sent).unwrap();
        assert_eq!((sent.len(), sending.sent, sending.told), (size, size as u64, 100));
    }
}
