//! What a browser need not fetch again: a file as its difference from one that the browser has (RFC 9842, Compression
//! Dictionary Transport: `dcz` and `dcb`).
//!
//! Made when a release is published and when another goes live, never for a request. The dictionaries of a file are
//!
//! 1. the file of the same name in the last releases of its app;
//! 2. for a microapp's wasm the wasm of the live shell, since every page has that;
//! 3. for wasm, script and style of a microapp those of the shop's front page, which most visits begin with: it carries the same
//!    libraries, so that three fifths of the next app are there already.
//!
//! A browser takes the dictionary with the longest pattern: its own app's, then the front page's, then the shell's. The
//! shell's module is named so that the front page's pattern does not fit it.

use super::{READING, RegistryError, Releases, admission, files, store};
use crate::database::in_time;
use ::release::{SHELL, is_for_operators};
use contract::release::Release;
use std::collections::BTreeSet;

/// Against how many of an app's last releases differences are made.
const LAST: i64 = 3;

/// A file and one that a browser may have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The hash of the file.
    pub file: String,
    /// The hash of the dictionary.
    pub dictionary: String,
}

impl Releases {
    /// Makes the differences of a release's own files, before it is entered: nobody fetches more of it than they must.
    pub async fn keep_own_deltas(&self, release: &Release) -> Result<(), RegistryError> {
        let own: BTreeSet<_> = release.files.values().map(|file| file.integrity.as_str()).collect();
        let pairs = self.pairs_of(release).await?;
        self.keep(pairs.iter().filter(|pair| own.contains(pair.file.as_str()))).await
    }

    async fn keep(&self, pairs: impl Iterator<Item = &Pair>) -> Result<(), RegistryError> {
        for pair in pairs {
            self.files.keep_delta(pair).await?;
        }
        Ok(())
    }

    async fn pairs_of(&self, release: &Release) -> Result<BTreeSet<Pair>, RegistryError> {
        let mut db = self.database.read().await?;
        let live = admission::live_releases(&mut db).await?;
        let mut last = Vec::new();
        for version in store::last_versions(&mut db, &release.name, LAST + 1).await? {
            if let Some(entered) = store::release(&mut db, &release.name, &version).await? {
                last.push(serde_json::from_str(&entered.description)?);
            }
        }
        Ok(pairs(release, &last, &live))
    }

    /// Makes all differences that a release which went live asks for, others' from its files among them, beside what else is
    /// to be done: who comes before gets the plain form.
    pub fn keep_deltas_later(&self, release: Release) {
        let releases = self.clone();
        tokio::spawn(async move {
            let result = match in_time(READING, releases.pairs_of(&release)).await {
                Ok(pairs) => releases.keep(pairs.iter()).await.map(|()| pairs.len()),
                Err(error) => Err(error),
            };
            let Release { name, version, .. } = release;
            match result {
                Ok(count) => tracing::info!(name, version, count, "differences of files are made"),
                Err(error) => {
                    tracing::warn!(%error, name, version, "differences of files could not be made");
                }
            }
        });
    }
}

/// Which differences to make for `release`: from the `last` releases of its app, and between microapps and shells that
/// are live.
fn pairs(release: &Release, last: &[Release], live: &[Release]) -> BTreeSet<Pair> {
    let mut pairs = BTreeSet::new();
    // An unchanged file has a new address in a new release: it is fetched again, as a difference of some bytes.
    let mut pair = |file: &str, dictionary: &str| {
        pairs.insert(Pair { file: file.to_owned(), dictionary: dictionary.to_owned() });
    };
    for old in last.iter().filter(|old| old.version != release.version) {
        for (name, file) in release.files.iter().filter(|(name, _)| files::is_compressible(name)) {
            if let Some(old) = old.files.get(name) {
                pair(&file.integrity, &old.integrity);
            }
        }
    }
    // The operators' page has nothing of the shop's.
    let of_the_shop = |app: &Release| !is_for_operators(&app.name);
    let others = live.iter().filter(|other| other.name != release.name && of_the_shop(other));
    for other in others.filter(|_| of_the_shop(release)) {
        for (microapp, dictionary) in [(release, other), (other, release)] {
            if microapp.name == SHELL {
                continue;
            }
            let kinds: &[Kind] = match dictionary.name == SHELL {
                true => &[Kind::Module],
                false if is_at_front(dictionary) => &[Kind::Module, Kind::Entry, Kind::Style],
                false => &[],
            };
            for kind in kinds {
                if let (Some(file), Some(dictionary)) = (kind.hash(microapp), kind.hash(dictionary)) {
                    pair(file, dictionary);
                }
            }
        }
    }
    pairs
}

/// Files that are like each other in every microapp.
#[derive(Clone, Copy)]
enum Kind {
    Module,
    Entry,
    Style,
}

impl Kind {
    fn name(self, release: &Release) -> Option<&str> {
        match self {
            Self::Module => release.module.as_deref(),
            Self::Entry => Some(&release.entry),
            Self::Style => release.styles.first().map(String::as_str),
        }
    }

    fn hash(self, release: &Release) -> Option<&str> {
        Some(&release.files.get(self.name(release)?)?.integrity)
    }

    /// What fits every file of the kind, and is shorter than any pattern with an app's name in it.
    fn pattern(self) -> &'static str {
        match self {
            Self::Module => "/apps/*/*_bg.wasm",
            Self::Entry => "/apps/*/*.js",
            Self::Style => "/apps/*/*.css",
        }
    }
}

/// Whether it is what the shop's front page shows.
fn is_at_front(release: &Release) -> bool {
    !is_for_operators(&release.name) && release.routes.iter().any(|route| route == "/")
}

/// For which later requests a file is a dictionary: the same file of other releases, the front page's files for their like,
/// the shell's wasm for all wasm. Each of these fits the same file of other releases too.
pub fn use_as_dictionary(release: &Release, file: &str) -> Option<String> {
    if !files::is_compressible(file) {
        return None;
    }
    let app = &release.name;
    if app == SHELL && release.module.as_deref() == Some(file) {
        return Some("match=\"/apps/*/*.wasm\"".to_owned());
    }
    let kinds = [Kind::Module, Kind::Entry, Kind::Style].into_iter();
    let kind = kinds.filter(|_| is_at_front(release)).find(|kind| kind.name(release) == Some(file));
    Some(match kind.map(Kind::pattern).filter(|pattern| fits(pattern, file)) {
        Some(pattern) => format!("match=\"{pattern}\""),
        None => format!("match=\"/apps/{app}/*/{file}\""),
    })
}

/// Whether a pattern fits a file by its ending.
fn fits(pattern: &str, file: &str) -> bool {
    pattern.rsplit('*').next().is_some_and(|ending| file.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::release::File;

    fn release(name: &str, version: &str, files: &[(&str, &str)]) -> Release {
        let mut release: Release = serde_json::from_str(
            r#"{"contract":1,"name":"","version":"","entry":"x.js","title":"X","files":{}}"#,
        )
        .unwrap();
        (release.name, release.version) = (name.to_owned(), version.to_owned());
        release.module =
            files.iter().map(|(name, _)| (*name).to_owned()).find(|name| name.ends_with(".wasm"));
        let file = |hash: &&str| File { size: 1, integrity: (*hash).to_owned() };
        release.files = files.iter().map(|(name, hash)| ((*name).to_owned(), file(hash))).collect();
        release
    }

    fn check(release: &Release, last: &[Release], live: &[Release], expected: &[(&str, &str)]) {
        let found = pairs(release, last, live);
        let found: Vec<_> = found.iter().map(|pair| (pair.file.as_str(), pair.dictionary.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_made_from_what() {
        let old = release("cart", "1.0.0", &[("cart.js", "j1"), ("cart.wasm", "w1"), ("a.png", "p1")]);
        let new = release("cart", "1.1.0", &[("cart.js", "j1"), ("cart.wasm", "w2"), ("a.png", "p2")]);
        let shell = release("shell", "1.0.0", &[("shell.wasm", "s1")]);
        let home = release("home", "1.0.0", &[("home.wasm", "h1")]);
        check(&new, &[], &[], &[]);
        check(&new, &[old.clone(), new.clone()], &[], &[("j1", "j1"), ("w2", "w1")]);
        check(
            &new,
            std::slice::from_ref(&old),
            &[shell.clone(), home.clone()],
            &[("j1", "j1"), ("w2", "s1"), ("w2", "w1")],
        );
        // What the front page shows is a dictionary for all others, whichever comes first.
        let front = |version: &str, wasm: &str| {
            let mut front = release("home", version, &[("home.js", "fj"), ("home_bg.wasm", wasm)]);
            (front.routes, front.entry) = (vec!["/".to_owned()], "home.js".to_owned());
            front
        };
        let other = {
            let mut other = release("other", "1.0.0", &[("other.js", "oj"), ("other_bg.wasm", "ow")]);
            other.entry = "other.js".to_owned();
            other
        };
        let live = [shell.clone(), front("1.0.0", "fw")];
        check(&other, &[], &live, &[("oj", "fj"), ("ow", "fw"), ("ow", "s1")]);
        let live = [shell.clone(), front("1.0.0", "fw"), other];
        let expected = [("fj", "fj"), ("fw2", "fw"), ("fw2", "s1"), ("oj", "fj"), ("ow", "fw2")];
        check(&front("1.1.0", "fw2"), &[front("1.0.0", "fw")], &live, &expected);
        // The console is at the front of a page of its own, with nothing of the shop's.
        let mut console = release("console", "1.0.0", &[("console_bg.wasm", "c1")]);
        console.routes = vec!["/".to_owned()];
        check(&console, &[], &[shell.clone(), home.clone()], &[]);
        check(&home, &[], std::slice::from_ref(&console), &[]);
        assert_eq!(
            use_as_dictionary(&console, "console_bg.wasm").as_deref(),
            Some(r#"match="/apps/console/*/console_bg.wasm""#)
        );
        // A new shell makes all anew.
        let next = release("shell", "1.1.0", &[("shell.wasm", "s2")]);
        let expected = [("h1", "s2"), ("s2", "s1"), ("w1", "s2")];
        check(&next, std::slice::from_ref(&shell), &[shell.clone(), home, old], &expected);
    }

    #[test]
    fn what_a_file_is_a_dictionary_for() {
        let cart = release("cart", "1.0.0", &[("cart.js", "j"), ("cart.wasm", "w")]);
        let shell = release("shell", "1.0.0", &[("shell.js", "j"), ("shell.wasm", "w")]);
        let mut front =
            release("home", "1.0.0", &[("home.js", "j"), ("home_bg.wasm", "w"), ("host.js", "h")]);
        (front.routes, front.entry) = (vec!["/".to_owned()], "home.js".to_owned());
        for (release, file, expected) in [
            (&cart, "cart.js", Some(r#"match="/apps/cart/*/cart.js""#)),
            (&cart, "cart.wasm", Some(r#"match="/apps/cart/*/cart.wasm""#)),
            (&cart, "a.png", None),
            (&shell, "shell.js", Some(r#"match="/apps/shell/*/shell.js""#)),
            (&shell, "shell.wasm", Some(r#"match="/apps/*/*.wasm""#)),
            (&front, "home.js", Some(r#"match="/apps/*/*.js""#)),
            (&front, "home_bg.wasm", Some(r#"match="/apps/*/*_bg.wasm""#)),
            (&front, "host.js", Some(r#"match="/apps/home/*/host.js""#)),
        ] {
            assert_eq!(use_as_dictionary(release, file).as_deref(), expected, "{file}");
        }
    }
}
