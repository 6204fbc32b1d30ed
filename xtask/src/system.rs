//! What tests need from the system: Chromium, its driver, PostgreSQL.

use cli::{
    Error,
    tools::{
        browser::{CHROMEDRIVER, CHROMIUM},
        find,
    },
};
use contract::code::TOOL_MISSING;
use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

/// The browser and what drives it.
pub struct Browser {
    /// Chromium.
    pub chromium: PathBuf,
    /// Its driver, of the same version.
    pub driver: PathBuf,
}

/// A package of Debian's, and how to see that what it has is there.
struct Package {
    name: &'static str,
    is_there: fn() -> bool,
}

const PACKAGES: [Package; 3] = [
    Package { name: "postgresql", is_there: has_postgres },
    Package { name: "chromium", is_there: || CHROMIUM.find().is_ok() },
    Package { name: "chromium-driver", is_there: || CHROMEDRIVER.find().is_ok() },
];

/// Installs what is missing where it can, else says what to install.
pub fn ensure() -> Result<Browser, Error> {
    // Where somebody names a program and is mistaken, another one is not installed.
    CHROMIUM.look()?;
    CHROMEDRIVER.look()?;
    ensure_all(&PACKAGES)?;
    Ok(Browser { chromium: CHROMIUM.find()?, driver: CHROMEDRIVER.find()? })
}

/// The same for tests without a browser.
pub fn ensure_database() -> Result<(), Error> {
    let [database, ..] = PACKAGES;
    ensure_all(&[database])
}

fn ensure_all(packages: &[Package]) -> Result<(), Error> {
    let missing: Vec<_> =
        packages.iter().filter(|package| !(package.is_there)()).map(|package| package.name).collect();
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

fn install(packages: &[&str]) -> Result<(), Error> {
    if find("apt-get").is_none() {
        return Err(to_install(packages));
    }
    let mut prefix: &[&str] = &[];
    if !is_root() {
        if !succeeds(Command::new("sudo").args(["-n", "true"])) {
            return Err(to_install(packages));
        }
        prefix = &["sudo", "-n"];
    }
    println!("  {:<10} apt-get install {}", "system", packages.join(" "));
    let apt_get = |arguments: &[&str]| {
        let words: Vec<&str> =
            [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
        succeeds(Command::new(words[0]).args(&words[1..]))
    };
    // The list of packages may be old; where it cannot be renewed, the old one may do.
    apt_get(&["update", "-qq"]);
    // One by one: a system that calls one of them otherwise still gets the rest.
    let fails = |package: &&&str| !apt_get(&["install", "-y", "-qq", "--no-install-recommends", package]);
    let failed: Vec<&str> = packages.iter().filter(fails).copied().collect();
    if failed.is_empty() { Ok(()) } else { Err(to_install(&failed)) }
}

fn to_install(packages: &[&str]) -> Error {
    let names = packages.join(" ");
    let what = format!(
        "the tests need {names}; on Debian: sudo apt-get install {names}; elsewhere CHROMIUM and CHROMEDRIVER name \
         the programs, of the same version, and PostgreSQL's `initdb` is in PATH"
    );
    Error::new(TOOL_MISSING, what)
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "0")
}

fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Debian puts the server's programs where PATH does not look.
fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    find("initdb").is_some() || versions.into_iter().any(|entry| entry.path().join("bin/initdb").is_file())
}
