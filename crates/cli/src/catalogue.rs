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
    let Command::Import { file, address } = command;
    let imported = import(file, &Server::new(address)?)?;
    Ok(format!("{} products with {} variants are in the shop", imported.products, imported.variants))
}

/// Sends a catalogue to the server, which reads and judges it.
pub fn import(file: &Path, server: &Server) -> Result<Imported, Error> {
    let bytes = fs::read(file)
        .map_err(|error| Error::new(CATALOGUE_INVALID, format!("{}: {error}", file.display())))?;
    server.post("api/v1/catalogue/import?replace=true", "text/csv", bytes)
}
