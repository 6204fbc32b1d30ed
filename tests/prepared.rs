//! Servers' folders with releases in them, made once: publishing compresses as hard as it can, and
//! every test begins with it.

use crate::{Server, environment};
use release::hash;
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::sync::Mutex;

/// How long a folder is kept after it was used.
const KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// One at a time makes a folder; the others wait for it and copy.
static MAKING: Mutex<()> = Mutex::const_new(());

/// How far a prepared server came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// Its releases are live.
    Live,
    /// All differences between their files are made, too; that takes minutes.
    Whole,
}

/// Copies a server's folder, in which the releases of `folders` are published, into `data`.
pub async fn copy_into(data: &Path, folders: &[String], prepared: Prepared) {
    let mut name = name(folders);
    if prepared == Prepared::Whole {
        name.push_str("-whole");
    }
    let template = parent().join(name);
    {
        let _making = MAKING.lock().await;
        if !template.is_dir() {
            make(&template, folders, prepared).await;
        }
        // It is kept from here on.
        let used = fs::File::open(&template).and_then(|folder| folder.set_modified(SystemTime::now()));
        used.expect("a folder that is used can be marked");
    }
    copy(&template, data);
}

async fn make(template: &Path, folders: &[String], prepared: Prepared) {
    // A busy machine compresses slowly, and may.
    let server = Server::with(&["--request-timeout", "600"]).await;
    for folder in folders {
        server.publish_folder(folder).await;
    }
    if prepared == Prepared::Whole {
        server.until_differences_are_made(folders.len()).await;
    }
    let data = server.stop();
    fs::create_dir_all(parent()).expect("a folder beside the tests' programs");
    let unfinished = tempfile::tempdir_in(parent()).expect("a folder beside the tests' programs");
    copy(data.path(), unfinished.path());
    // Another test program may have been faster; its folder is as good.
    match fs::rename(unfinished.path(), template) {
        Ok(()) => drop(unfinished.keep()),
        Err(error) => assert!(template.is_dir(), "{}: {error}", template.display()),
    }
    forget_old();
}

/// Those of servers and releases that nobody has any more.
fn forget_old() {
    let folders = fs::read_dir(parent()).into_iter().flatten().flatten();
    for folder in folders {
        let age =
            folder.metadata().and_then(|folder| folder.modified()).ok().and_then(|at| at.elapsed().ok());
        if age.is_some_and(|age| age > KEPT) {
            let _ = fs::remove_dir_all(folder.path());
        }
    }
}

/// Beside the program that runs now.
fn parent() -> PathBuf {
    let program = env::current_exe().expect("a running program has a path");
    program.parent().and_then(Path::parent).expect("it lies in the target folder").join("prepared-servers")
}

/// Changes with the server program and with every byte of the releases, of which their descriptions have the hashes.
fn name(folders: &[String]) -> String {
    let program = fs::metadata(environment::server()).expect("the server program can be read");
    let mut text = format!("{:?} {}", program.modified().ok(), program.len());
    for folder in folders {
        let description = environment::release(folder).join(contract::release::DESCRIPTION_FILE);
        text.push_str(&fs::read_to_string(description).expect("a description can be read"));
    }
    let hash = hash::integrity(text.as_bytes());
    hash.chars().filter(char::is_ascii_alphanumeric).skip("sha384".len()).take(24).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let path = entry.expect("a folder can be read").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}
