//! `menagerie catalogue`: what the shop sells.

use crate::{
    Error, agent, output,
    pictures::{self, Pictures},
    server::{Address, Server},
    shown::Format,
};
use contract::code::{CONFIGURATION, NOT_FOUND};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    fmt,
    fs::{self, File},
    io::{self, IsTerminal as _, Read},
    path::{Path, PathBuf},
};

/// What the shop sells.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Load a catalogue instead of what is there; all of it or nothing.
    #[command(
        after_help = "A file that ends in .jsonl or .ndjson is JSON Lines, a product in each line; any other is a product CSV\nas Shopify exports it.\n\nExamples:\n  MENAGERIE_TOKEN=… menagerie catalogue import products.csv --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue import products.jsonl --pictures --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue import products.csv --keep-stock --json --server https://shop.example"
    )]
    Import {
        /// The catalogue: CSV, or JSON Lines.
        file: PathBuf,
        /// Take its pictures along: files beside it, and addresses on other servers, which are fetched from here.
        #[arg(long)]
        pictures: bool,
        /// Leave the stock of what is in the shop as it is, except where the file says that nobody counts it; what had left
        /// gets the file's.
        #[arg(long)]
        keep_stock: bool,
        /// The server.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Upload pictures, and say their addresses, which a catalogue names.
    #[command(
        after_help = "JPEG, PNG, WebP and GIF of up to 20 MB. Each is drawn anew in the widths that pages ask for.\n\nExamples:\n  MENAGERIE_TOKEN=… menagerie catalogue pictures bed.jpg bowl.png --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue pictures *.jpg --json --server https://shop.example"
    )]
    Pictures {
        /// The pictures.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The server.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Write what the shop sells into a file, which `import` takes back.
    #[command(
        after_help = "A file that ends in .jsonl or .ndjson gets JSON Lines, any other a product CSV as Shopify exports it, which has\nroom for three options.\n\nExamples:\n  MENAGERIE_TOKEN=… menagerie catalogue export products.csv --server https://shop.example\n  MENAGERIE_TOKEN=… menagerie catalogue export products.jsonl --json --server https://shop.example"
    )]
    Export {
        /// Where to write it; a file that is there is replaced once the new one is whole.
        file: PathBuf,
        /// The server.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
}

const IMPORT: &str = "api/v1/catalogue/import?replace=true";
const IMPORT_KEEPING_STOCK: &str = "api/v1/catalogue/import?replace=true&stock=keep";
const LINES: &str = "application/jsonl";
const TABLE: &str = "text/csv";

/// What was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Imported {
    /// Products.
    pub products: u64,
    /// Variants of them.
    pub variants: u64,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} products with {} variants are in the shop", self.products, self.variants)
    }
}

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    match command {
        Command::Import { file, pictures, keep_stock, address, format } => {
            let server = Server::new(address)?;
            let path = if *keep_stock { IMPORT_KEEPING_STOCK } else { IMPORT };
            match pictures {
                true => import_with_pictures(file, path, &server, *format),
                false => {
                    let imported = send(file, path, &server)?;
                    Ok(format.show(&imported, || imported.to_string()))
                }
            }
        }
        Command::Pictures { files, address, format } => {
            upload(files, &Server::new(address)?, *format, output::line)
        }
        Command::Export { file, address, format } => {
            let size = export(file, &Server::new(address)?)?;
            let answer = json!({ "file": file.display().to_string(), "bytes": size });
            Ok(format.show(&answer, || format!("{size} bytes are in {}", file.display())))
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
    agent::write_file(file, &catalogue)?;
    Ok(catalogue.len())
}

/// Loads a catalogue with all that its file says.
pub fn import(file: &Path, server: &Server) -> Result<Imported, Error> {
    send(file, IMPORT, server)
}

/// Sends a catalogue to the server, which reads and judges it.
fn send(file: &Path, path: &str, server: &Server) -> Result<Imported, Error> {
    let fault = |error: io::Error| unreadable(file, &error);
    let content_type = if is_lines(file) { LINES } else { TABLE };
    // Of a pipe nobody knows the size before its end.
    if !fs::metadata(file).map_err(fault)?.is_file() {
        return server.post(path, content_type, fs::read(file).map_err(fault)?);
    }
    let opened = File::open(file).and_then(|open| Ok((open.metadata()?.len(), open)));
    let (size, open) = opened.map_err(fault)?;
    let sending = Sending { file: open, size, sent: 0, told: 0, is_seen: io::stderr().is_terminal() };
    server.post_file(path, content_type, sending, size)
}

/// What became of pictures.
#[derive(Debug, Default, Serialize)]
struct Uploads {
    pictures: Vec<Taken>,
    refused: Vec<Refused>,
}

/// A picture that is in the shop.
#[derive(Debug, Serialize)]
struct Taken {
    file: String,
    url: String,
}

/// A file that is none.
#[derive(Debug, Serialize)]
struct Refused {
    file: String,
    why: String,
}

/// Uploads pictures and tells people the address of each at once, programs all of them in the end. Those that are none are named,
/// and the others go on.
fn upload(
    files: &[PathBuf],
    server: &Server,
    format: Format,
    mut tell: impl FnMut(String),
) -> Result<String, Error> {
    let mut uploads = Uploads::default();
    let mut broken_off = None;
    for path in files {
        let taken = match pictures::read_file(path) {
            Ok(bytes) => pictures::upload(server, bytes),
            Err(why) => Ok(Err(why)),
        };
        let file = path.display().to_string();
        match taken {
            Ok(Ok(url)) => {
                if !format.json {
                    tell(format!("{url}  {file}"));
                }
                uploads.pictures.push(Taken { file, url });
            }
            Ok(Err(why)) => {
                output::note(format!("{file} is not taken: {why}"));
                uploads.refused.push(Refused { file, why });
            }
            Err(error) => {
                broken_off = Some(error);
                break;
            }
        }
    }
    let shown = format.show(&uploads, String::new);
    let error = match uploads.refused.len() {
        _ if broken_off.is_some() => broken_off,
        0 => None,
        refused => {
            let what = format!("{refused} of {} files were not taken", files.len());
            Some(Error::new(CONFIGURATION, what))
        }
    };
    match error {
        None => Ok(shown),
        // People were told of each.
        Some(error) => Err(if format.json { error.with_output(shown) } else { error }),
    }
}

/// Loads a catalogue with its pictures, and says what became of those. A picture that cannot be had is left out.
fn import_with_pictures(file: &Path, path: &str, server: &Server, format: Format) -> Result<String, Error> {
    let catalogue = fs::read(file).map_err(|error| unreadable(file, &error))?;
    let mut pictures = Pictures::of(file, server)?;
    let (content_type, catalogue) = match is_lines(file) {
        true => (LINES, pictures.take_up_lines(&catalogue)?),
        false => (TABLE, pictures.take_up_table(&catalogue)?),
    };
    let size = catalogue.len() as u64;
    let imported: Imported = server.post_file(path, content_type, io::Cursor::new(catalogue), size)?;
    let (taken, missing) = pictures.count();
    let answer = json!({
        "products": imported.products,
        "variants": imported.variants,
        "pictures": taken,
        "missing_pictures": missing,
    });
    let said = format.show(&answer, || format!("{imported}, with {taken} pictures"));
    match missing {
        0 => Ok(said),
        _ => {
            let pictures = if missing == 1 { "picture" } else { "pictures" };
            let error = Error::new(NOT_FOUND, format!("{missing} {pictures} could not be had"));
            Err(error.or("why stands above").with_output(said))
        }
    }
}

fn unreadable(file: &Path, error: &io::Error) -> Error {
    Error::new(CONFIGURATION, format!("{}: {error}", file.display()))
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
    use crate::server::tests::answering;

    const PEOPLE: Format = Format { json: false };
    const PROGRAMS: Format = Format { json: true };

    #[test]
    fn what_a_file_is_by_its_name() {
        for (name, expected) in
            [("a.csv", false), ("a.jsonl", true), ("a.NDJSON", true), ("a.json", false), ("jsonl", false)]
        {
            assert_eq!(is_lines(Path::new(name)), expected, "{name}");
        }
    }

    fn picture(folder: &Path, name: &str) -> PathBuf {
        let file = folder.join(name);
        fs::write(&file, "body").unwrap();
        file
    }

    #[test]
    fn a_picture_that_is_none_stops_no_other() {
        let none = r#"{"code":"E401","status":422,"title":"This is no picture."}"#;
        let taken = |n: u32| format!(r#"{{"url":"/uploads/{n}/1.jpg"}}"#);
        let (address, asked) =
            answering(&[("200 OK", &taken(1)), ("422 Unprocessable Content", none), ("200 OK", &taken(2))]);
        let folder = tempfile::tempdir().unwrap();
        let [bed, text, bowl] = ["bed.jpg", "text.jpg", "bowl.jpg"].map(|name| picture(folder.path(), name));
        // One that is too large is not even sent.
        let large = folder.path().join("large.jpg");
        File::create(&large).unwrap().set_len((20 << 20) + 1).unwrap();
        let files = [bed.clone(), text, folder.path().join("nowhere.jpg"), large, bowl.clone()];
        let mut told = Vec::new();
        let ended = upload(&files, &Server::new(&address).unwrap(), PEOPLE, |line| told.push(line));
        let expected =
            [(1, bed), (2, bowl)].map(|(n, file)| format!("/uploads/{n}/1.jpg  {}", file.display()));
        assert_eq!(told, expected);
        let error = ended.unwrap_err();
        assert_eq!((error.exit_code(), error.message()), (1, "E510 3 of 5 files were not taken".to_owned()));
        assert_eq!(error.output(), None, "each was told before");
        asked.join().unwrap();
    }

    #[test]
    fn programs_hear_of_all_pictures_in_the_end() {
        let none = r#"{"code":"E401","status":422,"title":"This is no picture."}"#;
        let refused = r#"{"code":"E410","status":403,"title":"Not you."}"#;
        let good = ("200 OK", r#"{"url":"/uploads/1/1.jpg"}"#);
        let folder = tempfile::tempdir().unwrap();
        let files = ["bed.jpg", "text.jpg", "bowl.jpg"].map(|name| picture(folder.path(), name));
        let name = |at: usize| files[at].display().to_string();
        for (last, pictures, message) in [
            (good, 2, Some("E510 1 of 3 files were not taken")),
            // What broke off leaves what was taken before.
            (("403 Forbidden", refused), 1, None),
        ] {
            let (address, asked) = answering(&[good, ("422 Unprocessable Content", none), last]);
            let tell = |line| panic!("{line}");
            let error = upload(&files, &Server::new(&address).unwrap(), PROGRAMS, tell).unwrap_err();
            let answer: serde_json::Value = serde_json::from_str(error.output().unwrap()).unwrap();
            assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
            assert_eq!(answer["pictures"].as_array().unwrap().len(), pictures);
            assert_eq!(answer["pictures"][0], json!({ "file": name(0), "url": "/uploads/1/1.jpg" }));
            assert_eq!(answer["refused"][0]["file"], json!(name(1)));
            assert!(answer["refused"][0]["why"].as_str().unwrap().contains("no picture"), "{answer}");
            assert!(message.is_none_or(|message| error.message() == message), "{}", error.message());
            asked.join().unwrap();
        }
    }

    #[test]
    fn programs_hear_what_was_loaded_and_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("products.csv");
        fs::write(&file, "Handle,Image Src\nbed,\n").unwrap();
        let imported = ("200 OK", r#"{"products":1,"variants":2}"#);
        let (address, asked) = answering(&[imported, imported, ("200 OK", "Handle\n")]);
        let import = |pictures| Command::Import {
            file: file.clone(),
            pictures,
            keep_stock: false,
            address: address.clone(),
            format: PROGRAMS,
        };
        let export = Command::Export { file: file.clone(), address: address.clone(), format: PROGRAMS };
        let both = json!({ "products": 1, "variants": 2, "pictures": 0, "missing_pictures": 0 });
        for (command, expected) in [
            (import(false), json!({ "products": 1, "variants": 2 })),
            (import(true), both),
            (export, json!({ "file": file.display().to_string(), "bytes": 7 })),
        ] {
            let answer: serde_json::Value = serde_json::from_str(&run(&command).unwrap()).unwrap();
            assert_eq!(answer, expected);
        }
        asked.join().unwrap();
    }

    #[test]
    fn a_catalogue_without_one_of_its_pictures_is_loaded_and_is_bad_news() {
        let (address, asked) = answering(&[("200 OK", r#"{"products":1,"variants":1}"#)]);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("products.csv");
        fs::write(&file, "Handle,Image Src\nbed,nowhere.jpg\n").unwrap();
        let error =
            import_with_pictures(&file, "api/x", &Server::new(&address).unwrap(), PEOPLE).unwrap_err();
        let news = Some("1 products with 1 variants are in the shop, with 0 pictures");
        assert_eq!((error.exit_code(), error.code(), error.output()), (1, NOT_FOUND, news));
        assert_eq!(error.message(), "E402 1 picture could not be had; why stands above");
        assert!(asked.join().unwrap().ends_with("\r\n\r\nHandle,Image Src\nbed,\n"));
    }

    #[test]
    fn a_file_that_is_not_there_is_a_wrong_argument() {
        let nobody = Address { server: "http://localhost:1".to_owned(), token: String::new() };
        let file = PathBuf::from("nowhere.csv");
        for pictures in [true, false] {
            let command = Command::Import {
                file: file.clone(),
                pictures,
                keep_stock: false,
                address: nobody.clone(),
                format: PEOPLE,
            };
            let error = run(&command).unwrap_err();
            assert_eq!(error.code(), CONFIGURATION);
            assert!(error.message().starts_with("E510 nowhere.csv: "), "{}", error.message());
        }
    }

    #[test]
    fn a_folder_is_no_catalogue() {
        let nobody = Address { server: "http://localhost:1".to_owned(), token: String::new() };
        let folder = tempfile::tempdir().unwrap();
        let error = import(folder.path(), &Server::new(&nobody).unwrap()).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION, "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_catalogue_from_a_pipe_is_sent_whole() {
        use std::os::fd::AsRawFd;
        let (address, asked) = answering(&[("200 OK", r#"{"products":1,"variants":1}"#)]);
        let (reader, mut writer) = io::pipe().unwrap();
        io::Write::write_all(&mut writer, b"Handle\nbed\n").unwrap();
        drop(writer);
        let file = PathBuf::from(format!("/dev/fd/{}", reader.as_raw_fd()));
        import(&file, &Server::new(&address).unwrap()).unwrap();
        assert!(asked.join().unwrap().ends_with("\r\n\r\nHandle\nbed\n"));
    }

    #[test]
    fn an_export_that_cannot_be_written_leaves_nothing_behind() {
        let (address, asked) = answering(&[("200 OK", "Handle\n"), ("200 OK", "Handle\n")]);
        let (folder, server) = (tempfile::tempdir().unwrap(), Server::new(&address).unwrap());
        let [place, file, other] =
            ["folder", "products.csv", "products.csv.part"].map(|name| folder.path().join(name));
        fs::create_dir(&place).unwrap();
        fs::write(&other, "mine").unwrap();
        let error = export(&place, &server).unwrap_err();
        assert!(error.message().contains("cannot be written: "), "{}", error.message());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "something was left");
        assert_eq!(export(&file, &server).unwrap(), 7);
        let read = |file: &Path| fs::read_to_string(file).unwrap();
        assert_eq!((read(&file), read(&other)), ("Handle\n".to_owned(), "mine".to_owned()));
        asked.join().unwrap();
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
