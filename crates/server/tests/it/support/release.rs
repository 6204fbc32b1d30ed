//! Releases to publish.

use super::{Reply, Shop};
use axum::http::Method;
use contract::release::File;
use release::{Files, hash};
use serde_json::{Value, json};

/// An entry module that mounts nothing.
pub const ENTRY: &str = "export const mount = async () => {}; export const unmount = async () => {};";

/// A release of plain JavaScript, changed by `change`.
pub fn make(name: &str, version: &str, change: impl FnOnce(&mut Value, &mut Files)) -> Files {
    let entry = format!("{name}.js");
    let mut files = Files::from([(entry.clone(), ENTRY.repeat(50).into_bytes())]);
    let mut description = json!({
        "contract": 1, "name": name, "version": version, "entry": entry, "title": name, "routes": [format!("/{name}")],
        "files": {},
    });
    change(&mut description, &mut files);
    for (name, bytes) in &files {
        let file: File = hash::file(bytes);
        let listed = &mut description["files"];
        if listed.get(name).is_none() {
            listed[name] = json!(file);
        }
    }
    files.entry("microapp.json".to_owned()).or_insert(description.to_string().into_bytes());
    files
}

/// One that has nothing special.
pub fn plain(name: &str, version: &str) -> Files {
    make(name, version, |_, _| {})
}

/// A shell with a page.
pub fn shell(version: &str) -> Files {
    make("shell", version, |_, files| {
        let page = r#"<!doctype html><body data-config="%CONFIG%"><script type="module" src="%BASE%shell.js"></script>"#;
        files.insert("index.html".to_owned(), page.as_bytes().to_vec());
    })
}

/// As it is uploaded.
pub fn tar(files: &Files) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, format!("./{name}"), &**bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

/// Publishes one, live for everybody at once.
pub async fn publish(shop: &Shop, files: &Files) -> Reply {
    shop.tool(Method::POST, "/api/v1/registry/releases?live=true", tar(files)).await
}
