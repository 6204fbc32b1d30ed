//! `menagerie catalogue`: what the shop sells.

use crate::{
    Error, output,
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
        after_help = "A file that ends in .jsonl or .ndjson is JSON Lines, a product in each line; any other is a product CSV\nas Shopify exports it.\n\nExamples:\n  MENAGERIE_TOKEN=… menagerie catalogue import products.csv --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue import products.jsonl --server https://shop.example"
    )]
    Import {
        /// The catalogue: CSV, or JSON Lines.
        file: PathBuf,
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
        Command::Import { file, address } => {
            let imported = import(file, &Server::new(address)?)?;
            Ok(format!("{} products with {} variants are in the shop", imported.products, imported.variants))
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

/// Sends a catalogue to the server, which reads and judges it.
pub fn import(file: &Path, server: &Server) -> Result<Imported, Error> {
    let opened = File::open(file).and_then(|open| Ok((open.metadata()?.len(), open)));
    let (size, open) = opened.map_err(|error| unreadable(file, &error))?;
    let content_type = if is_lines(file) { "application/jsonl" } else { "text/csv" };
    let sending = Sending { file: open, size, sent: 0, told: 0, is_seen: io::stderr().is_terminal() };
    server.post_file("api/v1/catalogue/import?replace=true", content_type, sending, size)
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
