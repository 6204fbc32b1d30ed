//! Microapps in plain JavaScript, written by a test; and real releases, changed by one.

use contract::release::{DESCRIPTION_FILE, Release};
use release::{Files, hash};
use serde_json::{Value, json};

/// A microapp in plain JavaScript. As it is, it mounts a heading and takes it off again.
#[derive(Clone, Debug)]
pub struct Plain {
    name: String,
    version: String,
    description: Value,
    before: String,
    bootstrap: String,
    mount: String,
    update: Option<String>,
    unmount: String,
    more: String,
}

impl Plain {
    /// One at `/<name>`.
    pub fn new(name: &str) -> Self {
        let title = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        Self {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            description: json!({ "title": title, "routes": [format!("/{name}"), format!("/{name}/{{id}}")] }),
            before: String::new(),
            bootstrap: String::new(),
            mount: "domElement.innerHTML = `<h1>${release}</h1><p data-test=\"path\"></p>`; \
                    domElement.querySelector('p').textContent = route.path;"
                .to_owned(),
            update: None,
            unmount: "domElement.replaceChildren();".to_owned(),
            more: String::new(),
        }
    }

    /// Its version; `1.0.0` otherwise.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.version = version.to_owned();
        self
    }

    /// A field of `microapp.json`.
    #[must_use]
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.description[name] = value;
        self
    }

    /// Runs when the module is loaded.
    #[must_use]
    pub fn before(mut self, body: &str) -> Self {
        self.before = body.to_owned();
        self
    }

    /// The body of `bootstrap`.
    #[must_use]
    pub fn bootstrap(mut self, body: &str) -> Self {
        self.bootstrap = body.to_owned();
        self
    }

    /// The body of `mount`; it sees `domElement`, `route`, `host` and `release`.
    #[must_use]
    pub fn mount(mut self, body: &str) -> Self {
        self.mount = body.to_owned();
        self
    }

    /// The same after what it did until now.
    #[must_use]
    pub fn mount_also(mut self, body: &str) -> Self {
        self.mount.push_str(body);
        self
    }

    /// The body of `update`; without it there is none.
    #[must_use]
    pub fn update(mut self, body: &str) -> Self {
        self.update = Some(body.to_owned());
        self
    }

    /// The body of `unmount`.
    #[must_use]
    pub fn unmount(mut self, body: &str) -> Self {
        self.unmount = body.to_owned();
        self
    }

    /// More of the module: `command`, `unload`.
    #[must_use]
    pub fn more(mut self, text: &str) -> Self {
        self.more.push_str(text);
        self
    }

    /// The release.
    pub fn release(&self) -> Files {
        let Self { name, version, before, bootstrap, mount, unmount, more, .. } = self;
        let function = |export: &str, body: &str| {
            format!(
                "export async function {export}(props) {{ const {{ domElement, route, host }} = props; {body} }}\n"
            )
        };
        let entry = [
            format!("const release = \"{name}@{version}\";\n{before}\n"),
            function("bootstrap", bootstrap),
            function("mount", mount),
            self.update.as_ref().map(|body| function("update", body)).unwrap_or_default(),
            function("unmount", unmount),
            format!("{more}\n"),
        ]
        .concat();
        let file = format!("{name}.js");
        let mut description = json!({
            "contract": 1, "name": name, "version": version, "entry": file,
            "files": { &file: hash::file(entry.as_bytes()) },
        });
        merge(&mut description, &self.description);
        Files::from([
            (file, entry.into_bytes()),
            (DESCRIPTION_FILE.to_owned(), description.to_string().into_bytes()),
        ])
    }
}

/// The same release under another version, with files changed by `change` and hashed again.
pub fn altered(files: &Files, version: &str, change: impl FnOnce(&mut Files, &mut Value)) -> Files {
    let mut files = files.clone();
    let mut description: Value =
        serde_json::from_slice(&files.remove(DESCRIPTION_FILE).expect("a release has a description"))
            .expect("its description is JSON");
    description["version"] = json!(version);
    change(&mut files, &mut description);
    description["files"] = files
        .iter()
        .map(|(name, bytes)| (name.clone(), json!(hash::file(bytes))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let release: Release = serde_json::from_value(description.clone()).expect("it stays a description");
    assert_eq!(release.version, version);
    files.insert(DESCRIPTION_FILE.to_owned(), description.to_string().into_bytes());
    files
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().expect("fields") {
        into[name] = value.clone();
    }
}
