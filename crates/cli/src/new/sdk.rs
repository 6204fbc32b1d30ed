//! Where a new microapp has its SDK from.

use crate::Error;
use contract::code::CONFIGURATION;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// The name of the SDK's package.
const PACKAGE: &str = "menagerie-microapp";

/// Where the SDK comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sdk {
    /// The folder of its package.
    Folder(PathBuf),
    /// A repository that has it, and a branch, tag or commit.
    Git(String, Option<String>),
    /// A version requirement.
    Version(String),
}

impl Sdk {
    /// What `--sdk` names; without it the checkout that this program was built from.
    pub fn chosen(named: Option<&str>) -> Result<Self, Error> {
        let Some(named) = named else {
            return Self::folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../microapp")).ok_or_else(|| {
                let what = "where the SDK is has to be said, since the checkout that this program was built from is not \
                            there any more: --sdk with its folder, a git address or a version";
                Error::new(CONFIGURATION, what)
            });
        };
        if let Some(git) = Self::git(named) {
            return Ok(git);
        }
        let path = Path::new(named);
        if let Some(found) = Self::folder(path).or_else(|| Self::folder(&path.join("crates/microapp"))) {
            return Ok(found);
        }
        let digits = named.trim_start_matches(['=', '^', '~']);
        let mut parts = digits.splitn(3, '.');
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let rest = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b));
        if parts.next().is_some_and(is_number)
            && parts.next().is_none_or(is_number)
            && parts.next().is_none_or(rest)
        {
            return Ok(Self::Version(named.to_owned()));
        }
        let what =
            format!("--sdk {named:?} is no folder with the package {PACKAGE}, no git address and no version");
        Err(Error::new(CONFIGURATION, what))
    }

    fn git(named: &str) -> Option<Self> {
        let (address, reference) =
            named.split_once('#').map_or((named, None), |(address, reference)| (address, Some(reference)));
        let is_address =
            ["https://", "http://", "ssh://", "file://", "git://"].iter().any(|s| address.starts_with(s));
        // They are written into Cargo.toml between quotes.
        let is_plain = |text: &str| {
            !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "\"\\{}".contains(c))
        };
        let good = is_address && is_plain(address) && reference.is_none_or(is_plain);
        good.then(|| Self::Git(address.to_owned(), reference.map(str::to_owned)))
    }

    /// The folder, if it has the SDK's package.
    fn folder(path: &Path) -> Option<Self> {
        let manifest = fs::read_to_string(path.join("Cargo.toml")).ok()?;
        let is_it = manifest.lines().any(|line| line.trim() == format!("name = \"{PACKAGE}\""));
        path.canonicalize().ok().filter(|_| is_it).map(Self::Folder)
    }

    /// What Cargo.toml says of it.
    pub fn toml(&self) -> String {
        match self {
            // As JSON writes a text TOML does too: a path may have backslashes, quotes and accents.
            Self::Folder(path) => format!("path = {}", serde_json::Value::from(path.display().to_string())),
            Self::Git(address, None) => format!("git = \"{address}\""),
            Self::Git(address, Some(reference)) => {
                format!("git = \"{address}\", {} = \"{reference}\"", kind(reference))
            }
            Self::Version(version) => format!("version = \"{version}\""),
        }
    }

    /// What the README says of it.
    pub fn words(&self) -> String {
        match self {
            Self::Folder(path) => format!(
                "`menagerie-microapp` comes from a checkout on this machine, `{}`. For a pipeline, or for somebody else's\n\
                 machine, name the repository in Cargo.toml instead: `microapp = {{ package = \"{PACKAGE}\", git = \"…\" }}`.",
                path.display()
            ),
            Self::Git(address, _) => format!(
                "`menagerie-microapp` comes from `{address}`, at the commit that Cargo.lock names. `cargo update -p {PACKAGE}` takes\nup a newer one."
            ),
            Self::Version(_) => {
                format!(
                    "`menagerie-microapp` comes from a package registry. `cargo update -p {PACKAGE}` takes up a newer one."
                )
            }
        }
    }
}

/// What a reference is, by its form. cargo takes a short commit and `refs/…` as `rev`, but no branch.
fn kind(reference: &str) -> &'static str {
    let is_commit = reference.len() >= 7 && reference.bytes().all(|b| b.is_ascii_hexdigit());
    let version = reference.strip_prefix('v').unwrap_or(reference);
    if is_commit || reference.starts_with("refs/") {
        "rev"
    } else if version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.') {
        "tag"
    } else {
        "branch"
    }
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Git(address, None) => f.write_str(address),
            Self::Git(address, Some(reference)) => write!(f, "{address}, {reference}"),
            Self::Version(version) => write!(f, "the registry, {version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(named: &str, expected: Option<&str>) {
        match Sdk::chosen(Some(named)) {
            Ok(sdk) => assert_eq!(Some(sdk.toml().as_str()), expected, "{named}"),
            Err(error) => {
                assert_eq!(error.code(), CONFIGURATION);
                assert_eq!(expected, None, "{error}");
            }
        }
    }

    #[test]
    fn what_sdk_takes() {
        let git = "git = \"https://git.example/m.git\"";
        for (named, expected) in [
            ("https://git.example/m.git", git.to_owned()),
            ("https://git.example/m.git#main", format!("{git}, branch = \"main\"")),
            ("https://git.example/m.git#v1.2.0", format!("{git}, tag = \"v1.2.0\"")),
            (
                "https://git.example/m.git#0123456789012345678901234567890123456789",
                format!("{git}, rev = \"0123456789012345678901234567890123456789\""),
            ),
            ("https://git.example/m.git#1.2.0", format!("{git}, tag = \"1.2.0\"")),
            ("https://git.example/m.git#0123abc", format!("{git}, rev = \"0123abc\"")),
            ("https://git.example/m.git#refs/tags/stable", format!("{git}, rev = \"refs/tags/stable\"")),
            ("0.1", "version = \"0.1\"".to_owned()),
            ("=1.2.3-rc.1", "version = \"=1.2.3-rc.1\"".to_owned()),
        ] {
            check(named, Some(&expected));
        }
        for named in ["", "/", "nowhere", "1.x", "https://a\"b", "https://x#", "0.1\" }", "."] {
            check(named, None);
        }
    }

    #[test]
    fn folders_are_the_packages_or_the_checkouts() {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let expected = Sdk::Folder(checkout.join("crates/microapp"));
        assert_eq!(Sdk::chosen(None).unwrap(), expected);
        for folder in [checkout.clone(), checkout.join("crates/microapp")] {
            assert_eq!(Sdk::chosen(folder.to_str()).unwrap(), expected);
        }
        check(checkout.join("crates/release").to_str().unwrap(), None);
    }

    #[test]
    fn a_folder_with_quotes_is_written_as_toml() {
        let sdk = Sdk::Folder(PathBuf::from("/it's/\"here\"/a\\b/cafe\u{301}"));
        assert_eq!(sdk.toml(), "path = \"/it's/\\\"here\\\"/a\\\\b/cafe\u{301}\"");
    }
}
