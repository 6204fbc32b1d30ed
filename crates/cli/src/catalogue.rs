//! `menagerie catalogue`: what the shop sells.

use crate::{
    Error,
    server::{Address, Server},
};
use contract::code::CATALOGUE_INVALID;
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the shop sells.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Load a Shopify product export instead of what is there; all of it or nothing.
    #[command(
        after_help = "Example:\n  MENAGERIE_TOKEN=… menagerie catalogue import products.csv --server https://shop.example"
    )]
    Import {
        /// The export, in CSV.
        file: PathBuf,
        /// The server.
        #[command(flatten)]
        address: Address,
    },
    /// Write what the shop sells as a Shopify product export, which `import` takes back.
    #[command(
        after_help = "Example:\n  MENAGERIE_TOKEN=… menagerie catalogue export products.csv --server https://shop.example"
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

/// Writes the server's catalogue into a file. Cut off, it leaves the file of before as it was.
pub fn export(file: &Path, server: &Server) -> Result<usize, Error> {
    let csv = server.get_bytes("api/v1/catalogue/export")?;
    let wrong = |error: std::io::Error| Error::new(CATALOGUE_INVALID, format!("{}: {error}", file.display()));
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    fs::write(&beside, &csv).and_then(|()| fs::rename(&beside, file)).map_err(wrong)?;
    Ok(csv.len())
}

/// Sends a catalogue to the server, which reads and judges it.
pub fn import(file: &Path, server: &Server) -> Result<Imported, Error> {
    let bytes = fs::read(file)
        .map_err(|error| Error::new(CATALOGUE_INVALID, format!("{}: {error}", file.display())))?;
    server.post("api/v1/catalogue/import?replace=true", "text/csv", bytes)
}
