//! `cargo xtask serve --watch`: what changed is built and published, and nothing else.

use crate::{
    apps::App,
    fingerprint,
    running::Running,
    serve::{self, Event},
};
use cli::Error;
use contract::code::CONFIGURATION;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::Duration,
};

/// Editors write several files, and some of them twice. This long without a change, they are done.
const QUIET: Duration = Duration::from_millis(150);

/// Where the sources are. Builds write there too; those changes are not listened to.
const FOLDERS: [&str; 4] = ["microapps", "shell", "crates", "assets"];

/// Sends [`Event::Changed`] for every change of a source until the watcher is dropped.
pub fn start(workspace: &Path, sender: Sender<Event>) -> Result<RecommendedWatcher, Error> {
    let fault = |error: notify::Error| {
        Error::new(CONFIGURATION, format!("--watch: files cannot be watched: {error}"))
    };
    let root = workspace.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let is_change = !matches!(event.kind, EventKind::Access(_));
        if is_change && event.paths.iter().any(|path| is_source(path, &root)) {
            let _ = sender.send(Event::Changed);
        }
    })
    .map_err(fault)?;
    watcher.watch(workspace, RecursiveMode::NonRecursive).map_err(fault)?;
    for folder in FOLDERS.map(|name| workspace.join(name)) {
        watcher.watch(&folder, RecursiveMode::Recursive).map_err(fault)?;
    }
    Ok(watcher)
}

fn is_source(path: &Path, workspace: &Path) -> bool {
    let inside = path.strip_prefix(workspace).unwrap_or(path);
    !inside.ancestors().any(|part| !part.as_os_str().is_empty() && fingerprint::is_ignored(part))
}

/// What came while we waited for quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Quiet,
    Stop,
}

/// Waits until changes cease.
pub fn settle(events: &Receiver<Event>) -> Settled {
    loop {
        match events.recv_timeout(QUIET) {
            Ok(Event::Changed) => {}
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Settled::Stop,
            Err(RecvTimeoutError::Timeout) => return Settled::Quiet,
        }
    }
}

/// Rebuilds what is no longer what its inputs make.
pub struct Rebuild {
    apps: Vec<App>,
    /// Inputs that did not build, or were not published.
    failed: BTreeMap<String, String>,
}

impl Rebuild {
    /// Begins with `apps`, all of them built.
    pub fn new(apps: Vec<App>) -> Self {
        Self { apps, failed: BTreeMap::new() }
    }

    /// Builds and publishes what changed. What fails is said, and what is live stays.
    pub fn changed(&mut self, workspace: &Path, running: &Running) {
        for app in &self.apps {
            if serve::is_stopping() {
                return;
            }
            let Ok(inputs) = app.inputs(workspace) else { continue };
            if !is_to_be_made(app, &inputs, &mut self.failed) {
                continue;
            }
            match app.build(workspace).and_then(|()| serve::publish(app, running)) {
                Ok(()) => {
                    self.failed.remove(&app.name);
                }
                // Ctrl-C ends the tools, too.
                Err(_) if serve::is_stopping() => return,
                Err(error) => {
                    eprintln!("{}\n  {} stays as it was.", error.message(), app.name);
                    self.failed.insert(app.name.clone(), inputs);
                }
            }
        }
    }
}

/// Whether `app` is to be built of `inputs`, or published. What did not build is tried again when its inputs change; what was built and
/// could not be published, with every change: what was in its way may be gone.
fn is_to_be_made(app: &App, inputs: &str, failed: &mut BTreeMap<String, String>) -> bool {
    let has_failed = failed.get(&app.name).is_some_and(|failed| failed == inputs);
    let is_built = app.is_built_of(inputs);
    if is_built && !has_failed {
        failed.remove(&app.name);
    }
    is_built == has_failed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn builds_are_no_sources() {
        let root = Path::new("/home/.hidden/shop");
        for (path, expected) in [
            ("microapps/cart/src/lib.rs", true),
            ("microapps/cart/style.css", true),
            ("index.html", true),
            ("microapps/cart/dist/cart.js", false),
            ("target/debug/x", false),
            (".git/index", false),
            ("microapps/cart/src/.lib.rs.swp", false),
        ] {
            assert_eq!(is_source(&root.join(path), root), expected, "{path}");
        }
    }

    #[test]
    fn what_changed_is_made_and_what_failed_is_not_made_again_and_again() {
        let workspace = tempfile::tempdir().unwrap();
        let dir = workspace.path().join("cart");
        let app = App { name: "cart".into(), page: dir.clone(), dist: dir.join("dist"), dir: dir.clone() };
        fs::create_dir_all(&app.dist).unwrap();
        let description =
            r#"{"name":"cart","version":"1.0.0","entry":"cart.js","title":"Cart","routes":["/cart"]}"#;
        fs::write(dir.join("microapp.json"), description).unwrap();
        fs::write(dir.join("cart.js"), "export const mount = 1, unmount = 1;").unwrap();
        let packed = release::pack::plain(&dir, &release::pack::Versioning::Local).unwrap();
        let mut failed = BTreeMap::new();
        assert!(is_to_be_made(&app, "a", &mut failed), "there is no release yet");
        packed.write(&app.release()).unwrap();
        fs::write(app.dist.join(".inputs"), "a").unwrap();
        for (inputs, fails, expected) in [
            ("a", false, false),
            // Does not build.
            ("b", true, true),
            ("b", true, false),
            // Back, and wrong once more: it is said once more.
            ("a", false, false),
            ("b", true, true),
            ("c", true, true),
            ("c", true, false),
        ] {
            assert_eq!(is_to_be_made(&app, inputs, &mut failed), expected, "{inputs}: {failed:?}");
            if fails {
                failed.insert(app.name.clone(), inputs.to_owned());
            }
        }
        // Built, and refused by the server.
        failed.insert(app.name.clone(), "a".to_owned());
        assert!(is_to_be_made(&app, "a", &mut failed));
        assert!(is_to_be_made(&app, "a", &mut failed), "until it is published");
        fs::remove_file(app.release().join("cart.js")).unwrap();
        failed.clear();
        assert!(is_to_be_made(&app, "a", &mut failed), "its release is damaged");
    }

    #[test]
    fn changes_of_sources_are_heard_and_builds_are_not() {
        let workspace = tempfile::tempdir().unwrap();
        let root = workspace.path().canonicalize().unwrap();
        for folder in ["microapps/cart/src", "microapps/cart/dist", "shell", "crates", "assets"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        fs::write(root.join("microapps/cart/Cargo.toml"), "").unwrap();
        let (sender, events) = std::sync::mpsc::channel();
        let watcher = start(&root, sender).unwrap();
        // How many events a new folder of sources is. They come in order: whatever a build's files were would be counted, too.
        let events_of = |folder: &str| {
            fs::create_dir(root.join("microapps/cart/src").join(folder)).unwrap();
            assert!(matches!(events.recv_timeout(Duration::from_secs(5)), Ok(Event::Changed)));
            1 + std::iter::from_fn(|| events.recv_timeout(QUIET).ok()).count()
        };
        let alone = events_of("one");
        fs::write(root.join("microapps/cart/dist/cart.js"), "1").unwrap();
        assert_eq!(events_of("two"), alone);
        fs::write(root.join("microapps/cart/src/lib.rs"), "1").unwrap();
        assert!(matches!(events.recv_timeout(Duration::from_secs(5)), Ok(Event::Changed)));
        assert_eq!(settle(&events), Settled::Quiet);
        drop(watcher);
    }
}
