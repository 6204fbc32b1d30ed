//! Makes a release from a microapp's folder and what the build staged.

use crate::{
    Error, Files, PAGE, SHELL,
    compact::compact,
    description::Description,
    entry,
    error::unreadable,
    glue, hash, layout,
    locales::Locales,
    module, page, reach, short_names, source, spoken_page,
    style::{self, Sheet},
    verify,
};
use contract::{
    CONTRACT,
    code::{RELEASE_FILE_MISSING, RELEASE_FILE_NAME, RELEASE_MANIFEST},
    release::{DESCRIPTION_FILE, Release, is_file_name},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The file name of the shell's page in a language: `index.de.html`.
fn page_file(language: &str) -> String {
    if language.is_empty() { PAGE.to_owned() } else { format!("index.{language}.html") }
}

/// What a release of a wasm microapp, or of the shell, is made of.
#[derive(Clone, Debug)]
pub struct Parts {
    /// What its Cargo.toml says.
    pub description: Description,
    /// `--target web` output of wasm-bindgen.
    pub glue: String,
    /// The wasm; the caller may have made it smaller.
    pub module: Vec<u8>,
    /// `style.css` and `styles/*.css`.
    pub styles: Vec<Sheet>,
    /// The further files that the description names.
    pub files: Files,
    /// Its languages besides English.
    pub locales: Locales,
    /// The staged page, for the shell alone.
    pub page: Option<String>,
}

/// Which version a release gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versioning {
    /// `X.Y.Z-dev.h<content hash>`: the same bytes are the same version.
    Local,
    /// `X.Y.Z` as Cargo.toml has it, with the commit of its source.
    Final {
        /// The commit; may be empty.
        revision: String,
    },
}

/// A packed release, verified.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Its description.
    pub release: Release,
    /// Its files, the description among them.
    pub files: Files,
}

impl Parts {
    /// Reads the microapp's folder `source`, and glue, wasm and (for the shell) page in `staging`.
    pub fn read(source: &Path, staging: &Path) -> Result<Self, Error> {
        let description = Description::read(source)?;
        // Cargo and wasm-bindgen write `_` for `-`.
        let stem = description.name.replace('-', "_");
        let staged = |name: String| {
            let found = [&stem, &description.name].map(|stem| staging.join(format!("{stem}{name}")));
            found.iter().find(|path| path.is_file()).unwrap_or(&found[0]).clone()
        };
        let page = if description.name == SHELL { Some(text(&staging.join(PAGE))?) } else { None };
        let (glue, module) = (text(&staged(".js".to_owned()))?, bytes(&staged("_bg.wasm".to_owned()))?);
        let (glue, module) = reach::reached(&glue, &module, &format!("{}.js", description.name))?;
        Ok(Self {
            glue,
            module,
            styles: Sheet::read(source, &description.name, &description.microapp.styles)?,
            files: further_files(source, &description.microapp.files)?,
            locales: Locales::of_microapp(source, description.microapp.locales.as_deref())?,
            page,
            description,
        })
    }

    /// Packs the parts into a release.
    pub fn pack(&self, versioning: &Versioning) -> Result<Packed, Error> {
        let name = &self.description.name;
        let entry = format!("{name}.js");
        // Making the wasm smaller has put more of both out of reach.
        let (glue, module) = reach::reached(&self.glue, &self.module, &entry)?;
        let module = layout::arranged(&module, &entry)?;
        let (glue, module) = short_names::shorten(&glue, &module, &entry)?;
        let factory = glue::factory(&glue, &entry)?;
        // Named apart: the wasm of a microapp is a dictionary for others' `*_bg.wasm`, and must not be one for the shell's.
        let wasm_file = if name == SHELL { format!("{name}.wasm") } else { format!("{name}_bg.wasm") };
        let mut files = Files::new();
        let mut styles = Vec::new();
        for (file, css) in style::scope(name, &self.styles)? {
            files.insert(file.clone(), css.into_bytes());
            styles.push(file);
        }
        files.insert(wasm_file.clone(), module::without_custom_sections(&module, &wasm_file)?);
        if name != SHELL {
            files.insert(entry::HOST_FILE.to_owned(), entry::host());
            files.extend(self.locales.files(&module));
        }
        for (file, bytes) in &self.files {
            if *file == entry || files.insert(file.clone(), bytes.clone()).is_some() {
                let what = "packing makes a file of this name; give the one under `files` another";
                return Err(Error::new(RELEASE_FILE_NAME, file, what));
            }
        }
        let pages = match &self.page {
            Some(page) => spoken_page::pages(page, PAGE, &self.locales, &module)?,
            None => Vec::new(),
        };
        let microapp = &self.description.microapp;
        let mut release = Release {
            contract: CONTRACT,
            name: name.clone(),
            version: self.description.version.clone(),
            entry,
            web_apis: module::web_apis(&self.module, &wasm_file)?,
            module: Some(wasm_file),
            styles,
            files: Default::default(),
            routes: microapp.routes.clone(),
            aliases: microapp.aliases.clone(),
            slot: microapp.slot,
            title: microapp.title.clone(),
            titles: self.locales.of(&microapp.title),
            load: microapp.load,
            commands: microapp.commands.clone(),
            events: microapp.events.clone(),
            needs: microapp.needs.clone(),
            revision: String::new(),
        };
        let build = |release: &mut Release| {
            let mut files = files.clone();
            release.files = files.iter().map(|(name, bytes)| (name.clone(), hash::file(bytes))).collect();
            files.insert(release.entry.clone(), entry::module(release, &factory)?.into_bytes());
            for (language, html) in &pages {
                let name = page_file(language);
                let html = page::with_integrity(html, &name, &files)?;
                files.insert(name, html.into_bytes());
            }
            Ok(files)
        };
        finish(&mut release, versioning, build)
    }
}

/// Packs a microapp in plain JavaScript: a folder with its files and a `microapp.json`, which may leave out
/// `files` and `contract`.
pub fn plain(dir: &Path, versioning: &Versioning) -> Result<Packed, Error> {
    let mut files = verify::read(dir)?;
    let place = dir.join(DESCRIPTION_FILE).display().to_string();
    let invalid = |what: String| Error::new(RELEASE_MANIFEST, &place, what);
    let text = files.remove(DESCRIPTION_FILE).ok_or_else(|| invalid("is missing".to_owned()))?;
    let mut description: serde_json::Value =
        serde_json::from_slice(text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text))
            .map_err(|error| invalid(error.to_string()))?;
    let fields = description.as_object_mut().ok_or_else(|| invalid("is not an object".to_owned()))?;
    fields.entry("contract").or_insert(CONTRACT.into());
    fields.insert("files".to_owned(), serde_json::json!({}));
    let mut release: Release =
        serde_json::from_value(description).map_err(|error| invalid(error.to_string()))?;
    finish(&mut release, versioning, |_| Ok(files.clone()))
}

/// Gives `release` its version and the hashes of the files that `build` makes for it, and verifies the whole.
///
/// The entry module has the version in it, so a local build is made twice: once to get the content's hash.
fn finish(
    release: &mut Release,
    versioning: &Versioning,
    build: impl Fn(&mut Release) -> Result<Files, Error>,
) -> Result<Packed, Error> {
    match versioning {
        Versioning::Local => {
            let built = build(release)?;
            let files = describe(release, built)?;
            release.version = local_version(&release.version, &hash::content(&files));
        }
        Versioning::Final { revision } => release.revision.clone_from(revision),
    }
    let built = build(release)?;
    let files = describe(release, built)?;
    let release = verify::files(&files)?;
    Ok(Packed { release, files })
}

/// The version of a local build. A hash of digits alone would be a number, which semver wants without a zero before it.
fn local_version(version: &str, hash: &str) -> String {
    format!("{version}-dev.h{hash}")
}

/// Lists `files` in `release`, and puts the description beside them.
fn describe(release: &mut Release, mut files: Files) -> Result<Files, Error> {
    release.files = files.iter().map(|(name, bytes)| (name.clone(), hash::file(bytes))).collect();
    let mut text = serde_json::to_vec_pretty(release)
        .map_err(|error| Error::new(RELEASE_MANIFEST, DESCRIPTION_FILE, error.to_string()))?;
    text.push(b'\n');
    files.insert(DESCRIPTION_FILE.to_owned(), text);
    Ok(files)
}

impl Packed {
    /// Writes the release to `dir`, in the place of one that is there. A folder with anything else is left alone.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        let other =
            |what: &str| io::Error::other(format!("{what}; name a folder that is new, empty, or a release"));
        let name = dir.file_name().ok_or_else(|| other("it has no name"))?;
        let exists = dir.exists();
        if exists && let Some(stranger) = stranger_in(dir)? {
            return Err(other(&format!("there is something else in it, `{stranger}`")));
        }
        // Beside it and then in its place, so that nobody finds half of it.
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(".new");
        let beside = dir.with_file_name(beside);
        if beside.exists() {
            fs::remove_dir_all(&beside)?;
        }
        fs::create_dir_all(&beside)?;
        self.files.iter().try_for_each(|(name, bytes)| fs::write(beside.join(name), bytes))?;
        if exists {
            fs::remove_dir_all(dir)?;
        }
        fs::rename(&beside, dir)
    }
}

/// What is in a folder beside a release, whose files its description lists. The description of a plain microapp's source lists
/// none, so all of that is.
fn stranger_in(dir: &Path) -> io::Result<Option<String>> {
    let listed = listed_files(&fs::read(dir.join(DESCRIPTION_FILE)).unwrap_or_default());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_listed = listed.contains(&name) || name == DESCRIPTION_FILE && !listed.is_empty();
        // What a file manager leaves behind is nobody's work.
        if name != ".DS_Store" && !(is_listed && entry.file_type()?.is_file()) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Whether a `microapp.json` is that of a release, which lists its files, and not that of a source.
pub fn is_packed(description: &[u8]) -> bool {
    !listed_files(description).is_empty()
}

/// The names of files in a `microapp.json`.
fn listed_files(description: &[u8]) -> Vec<String> {
    let description: serde_json::Value = serde_json::from_slice(description).unwrap_or_default();
    let files = description.get("files").and_then(|files| files.as_object());
    files.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// The files that `paths` name; of a folder all plain files in it, but those that are hidden: they are of some program.
fn further_files(folder: &Path, paths: &[String]) -> Result<Files, Error> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        let path = folder.join(path);
        if path.is_dir() {
            for entry in fs::read_dir(&path).map_err(|error| source::unreadable(&path, &error))? {
                let entry = entry.map_err(|error| source::unreadable(&path, &error))?;
                let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
                found.extend(Some(entry.path()).filter(|path| !is_hidden && path.is_file()));
            }
        } else {
            found.push(path);
        }
    }
    let mut files = Files::new();
    for path in found {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !is_file_name(&name) {
            return Err(Error::new(
                RELEASE_FILE_NAME,
                path.display().to_string(),
                "is not a plain file name",
            ));
        }
        let content = if name.ends_with(".css") {
            style::minify(&path.display().to_string(), &source::text(&path)?)?.into_bytes()
        } else if name.ends_with(".js") {
            compact(&source::text(&path)?).into_bytes()
        } else {
            source::bytes(&path)?
        };
        if files.insert(name, content).is_some() {
            return Err(Error::new(
                RELEASE_FILE_NAME,
                path.display().to_string(),
                "two files have this name",
            ));
        }
    }
    Ok(files)
}

/// A file that the build left.
fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

fn text(path: &Path) -> Result<String, Error> {
    String::from_utf8(bytes(path)?)
        .map_err(|_| Error::new(RELEASE_FILE_MISSING, path.display().to_string(), "is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_build_has_a_version_whatever_its_hash() {
        for hash in ["0123456789ab", "012345678901", "999999999999", "000000000000"] {
            let version = local_version("1.4.0", hash);
            assert!(semver::Version::parse(&version).is_ok(), "{version}");
        }
    }
}
