//! Packing from folders, as the build's hook does it.
#![allow(clippy::unwrap_used)] // tests may; clippy.toml says so for functions marked as tests only

use contract::code;
use release::{
    Error,
    pack::{Packed, Parts, Versioning, plain},
    verify,
};
use std::{fs, path::Path};
use tempfile::TempDir;

const GLUE: &str = "\
/**
 * @param {any} props
 */
export function microapp_mount(props) {
    return wasm.microapp_mount(props);
}

export function microapp_unmount() {
}

export function start() {
}
let wasmModule, wasm;

function initSync(module) {
    wasm = instance.exports;
    return wasm;
}

async function __wbg_init(module_or_path) {
    return new URL('cart_bg.wasm', import.meta.url);
}

export { initSync, __wbg_init as default };
";

/// A module that only exports what the glue calls.
const WASM: &[u8] = b"\0asm\x01\0\0\0\x07\x12\x01\x0emicroapp_mount\0\0";

const CARGO_TOML: &str = "\
[package]
name = \"cart\"
version = \"1.4.0\"
[package.metadata.microapp]
title = \"Cart\"
routes = [\"/cart\"]
commands = [\"cart.add\"]
";

/// A microapp's folder with what a build staged in `dist`.
fn folder(name: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "Cargo.toml", CARGO_TOML.replace("\"cart\"", &format!("\"{name}\"")).as_bytes());
    write(&dir, "style.css", b".line { color: var(--color-text) }");
    write(&dir, "styles/hero.css", b".hero { color: var(--color-text) }");
    write(&dir, &format!("dist/{name}.js"), GLUE.as_bytes());
    write(&dir, &format!("dist/{name}_bg.wasm"), WASM);
    dir
}

fn write(dir: &TempDir, name: &str, bytes: &[u8]) {
    let path = dir.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn pack(dir: &TempDir, versioning: &Versioning) -> Result<Packed, Error> {
    Parts::read(dir.path(), &dir.path().join("dist"))?.pack(versioning)
}

#[test]
fn a_release_is_whole_and_says_what_it_is() {
    let packed = pack(&folder("cart"), &Versioning::Local).unwrap();
    let names: Vec<_> = packed.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["cart-hero.css", "cart.css", "cart.js", "cart_bg.wasm", "host.js", "microapp.json"]);
    let release = &packed.release;
    assert_eq!((release.entry.as_str(), release.module.as_deref()), ("cart.js", Some("cart_bg.wasm")));
    assert_eq!(release.styles, ["cart.css", "cart-hero.css"]);
    assert_eq!(
        (release.routes.as_slice(), release.title.as_str()),
        (["/cart".to_owned()].as_slice(), "Cart")
    );
    let entry = String::from_utf8(packed.files["cart.js"].clone()).unwrap();
    assert!(entry.contains(&release.version) && entry.contains(&release.files["cart_bg.wasm"].integrity));
    // Both sides know one another by short names.
    assert!(entry.contains("return wasm.a(props);"), "{entry}");
    assert!(packed.files["cart_bg.wasm"].ends_with(b"\x07\x05\x01\x01a\0\0"));
    assert!(!entry.contains("/*@") && !entry.contains("import.meta.url)\n}"), "{entry}");
}

#[test]
fn the_same_input_is_the_same_release() {
    let [a, b] = [(); 2].map(|()| pack(&folder("cart"), &Versioning::Local).unwrap());
    assert_eq!(a.files, b.files);
    let version = a.release.version.strip_prefix("1.4.0-dev.h").unwrap();
    assert!(version.len() == 12 && version.bytes().all(|byte| byte.is_ascii_hexdigit()), "{version}");
}

#[test]
fn every_change_is_another_version() {
    let before = pack(&folder("cart"), &Versioning::Local).unwrap().release.version;
    for (name, bytes) in [
        ("style.css", b".line { color: var(--color-muted) }".to_vec()),
        ("styles/other.css", b".x { top: 0 }".to_vec()),
        ("Cargo.toml", CARGO_TOML.replace("Cart", "Basket").into_bytes()),
        ("dist/cart.js", GLUE.replace("return wasm;", "return  wasm;").into_bytes()),
        ("dist/cart_bg.wasm", [&WASM[..8], &[1, 1, 0], &WASM[8..]].concat()),
    ] {
        let dir = folder("cart");
        write(&dir, name, &bytes);
        let after = pack(&dir, &Versioning::Local).unwrap().release.version;
        assert_ne!(before, after, "{name}");
    }
}

#[test]
fn a_final_release_has_its_own_version_and_commit() {
    let versioning = Versioning::Final { revision: "0123abc".into() };
    let release = pack(&folder("cart"), &versioning).unwrap().release;
    assert_eq!((release.version.as_str(), release.revision.as_str()), ("1.4.0", "0123abc"));
}

#[test]
fn the_shell_has_its_page_and_further_files() {
    let dir = folder("shell");
    let metadata = "title = \"Shop\"\nfiles = [\"before_paint.js\", \"icons\"]\n";
    write(
        &dir,
        "Cargo.toml",
        format!("[package]\nname = \"shell\"\n[package.metadata.microapp]\n{metadata}").as_bytes(),
    );
    write(&dir, "before_paint.js", b"1");
    write(&dir, "icons/favicon.svg", b"<svg/>");
    let page = r#"<link data-trunk rel="rust"><link rel="icon" href="%BASE%favicon.svg"><script type="module" src="%BASE%shell.js"></script>"#;
    write(&dir, "dist/index.html", page.as_bytes());
    let packed = pack(&dir, &Versioning::Local).unwrap();
    assert!(
        ["before_paint.js", "favicon.svg", "index.html"].iter().all(|name| packed.files.contains_key(*name))
    );
    assert!(!packed.files.contains_key("host.js"));
    let page = String::from_utf8(packed.files["index.html"].clone()).unwrap();
    assert!(
        page.contains(&packed.release.files["shell.js"].integrity) && !page.contains("data-trunk"),
        "{page}"
    );
}

#[test]
fn what_a_file_manager_left_in_a_folder_is_no_file_of_the_release() {
    let dir = folder("cart");
    write(&dir, "Cargo.toml", format!("{CARGO_TOML}files = [\"pictures\"]\n").as_bytes());
    write(&dir, "pictures/cat.svg", b"<svg/>");
    write(&dir, "pictures/.DS_Store", b"x");
    let packed = pack(&dir, &Versioning::Local).unwrap();
    assert!(packed.files.contains_key("cat.svg") && !packed.files.contains_key(".DS_Store"));
}

#[test]
fn scripts_and_styles_that_are_no_text_are_refused() {
    for name in ["more.js", "more.css"] {
        let dir = folder("cart");
        write(&dir, "Cargo.toml", format!("{CARGO_TOML}files = [\"{name}\"]\n").as_bytes());
        write(&dir, name, b"/* caf\xe9 */");
        let error = pack(&dir, &Versioning::Local).map(|packed| packed.release.version).unwrap_err();
        assert_eq!((error.code, error.what.as_str()), (code::CONFIGURATION, "is not UTF-8"));
        assert!(error.place.ends_with(name), "{error}");
    }
}

#[test]
fn further_files_take_no_name_that_packing_needs() {
    for name in ["cart.js", "cart.css", "cart-hero.css", "cart_bg.wasm", "host.js", "microapp.json"] {
        let dir = folder("cart");
        write(&dir, "Cargo.toml", format!("{CARGO_TOML}files = [\"more/{name}\"]\n").as_bytes());
        write(&dir, &format!("more/{name}"), b"");
        let error = pack(&dir, &Versioning::Local).map(|packed| packed.release.version).unwrap_err();
        assert_eq!((error.code, error.place.as_str()), (code::RELEASE_FILE_NAME, name), "{error}");
    }
}

#[test]
fn what_is_written_is_what_is_verified() {
    let dir = folder("cart");
    let out = dir.path().join("dist/release");
    write(&dir, "dist/release/left-over.js", b"old");
    write(&dir, "dist/release/microapp.json", br#"{ "files": { "left-over.js": {} } }"#);
    let packed = pack(&dir, &Versioning::Local).unwrap();
    packed.write(&out).unwrap();
    assert_eq!(verify::folder(&out).unwrap(), packed.release);
    assert!(!out.join("left-over.js").exists());
    fs::write(out.join("cart.css"), "x").unwrap();
    assert_eq!(verify::folder(&out).unwrap_err().code, code::RELEASE_INTEGRITY);
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    let dir = folder("cart");
    let packed = pack(&dir, &Versioning::Local).unwrap();
    write(&dir, "notes/mine.txt", b"keep me");
    write(&dir, "releases/old/microapp.json", b"{}");
    write(&dir, "releases/microapp.json", b"{}");
    // The source of a microapp in plain JavaScript.
    write(&dir, "plain/microapp.json", br#"{ "name": "plain", "entry": "plain.js" }"#);
    write(&dir, "plain/plain.js", b"export const mount = 1");
    // A release, and what somebody has put beside it.
    packed.write(&dir.path().join("more")).unwrap();
    write(&dir, "more/notes.txt", b"keep me");
    for (out, why) in [
        ("notes", "something else in it, `mine.txt`"),
        ("releases", "something else in it, `"),
        ("plain", "something else in it, `"),
        ("more", "something else in it, `notes.txt`"),
        (".", "something else in it, `"),
        ("dist/..", "it has no name"),
    ] {
        let error = packed.write(&dir.path().join(out)).unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("name a folder that is new"), "{out}: {error}");
    }
    // What a file manager leaves is in nobody's way.
    packed.write(&dir.path().join("seen")).unwrap();
    write(&dir, "seen/.DS_Store", b"");
    packed.write(&dir.path().join("seen")).unwrap();
    for kept in
        ["notes/mine.txt", "releases/old/microapp.json", "plain/plain.js", "more/notes.txt", "Cargo.toml"]
    {
        assert!(dir.path().join(kept).is_file(), "{kept}");
    }
    fs::create_dir(dir.path().join("empty")).unwrap();
    packed.write(&dir.path().join("empty")).unwrap();
    assert_eq!(verify::folder(&dir.path().join("empty")).unwrap(), packed.release);
}

#[test]
fn what_is_missing_is_named() {
    // What a build leaves another build leaves again; a source it does not.
    for (name, expected) in [
        ("dist/cart.js", code::RELEASE_FILE_MISSING),
        ("dist/cart_bg.wasm", code::RELEASE_FILE_MISSING),
        ("Cargo.toml", code::CONFIGURATION),
    ] {
        let dir = folder("cart");
        fs::remove_file(dir.path().join(name)).unwrap();
        let error = pack(&dir, &Versioning::Local).unwrap_err();
        assert_eq!(error.code, expected, "{error}");
        assert!(error.place.ends_with(name), "{error}");
    }
}

#[test]
fn the_mark_that_editors_begin_a_file_with_changes_nothing() {
    let further = format!("{CARGO_TOML}files = [\"more.css\", \"more.js\"]\nstyles = [\"shared.css\"]\n");
    let files = [
        ("Cargo.toml", further.as_str()),
        ("style.css", ".line { color: var(--color-text) }"),
        ("styles/hero.css", ".hero { color: var(--color-text) }"),
        ("shared.css", ".shared { color: var(--color-text) }"),
        ("more.css", ".more { color: red }"),
        ("more.js", "export const more = 1;"),
        ("locales/de.json", r#"{ "Cart": "Warenkorb" }"#),
    ];
    let [without, with] = ["", "\u{feff}"].map(|mark| {
        let dir = folder("cart");
        files.iter().for_each(|(name, text)| write(&dir, name, format!("{mark}{text}").as_bytes()));
        pack(&dir, &Versioning::Local).unwrap()
    });
    assert_eq!(with.release.titles["de"], "Warenkorb");
    assert_eq!(with.files, without.files);

    let description = r#"{ "name": "hello", "version": "1.0.0", "title": "Hello", "entry": "hello.js" }"#;
    let entry = "export const { mount, unmount } = lifecycles;\n";
    let dir = in_javascript(&format!("\u{feff}{description}"), &format!("\u{feff}{entry}"));
    assert_eq!(pack_plain(dir.path()).unwrap().release.name, "hello");
}

fn in_javascript(description: &str, entry: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(&dir, "microapp.json", description.as_bytes());
    write(&dir, "hello.js", entry.as_bytes());
    dir
}

fn pack_plain(dir: &Path) -> Result<Packed, Error> {
    plain(dir, &Versioning::Local)
}

#[test]
fn plain_javascript_is_hashed() {
    let description = r#"{ "name": "hello", "version": "1.0.0", "title": "Hello", "entry": "hello.js", "routes": ["/hello"] }"#;
    let dir =
        in_javascript(description, "export const mount = async () => {};\nexport const unmount = mount;\n");
    let packed = pack_plain(dir.path()).unwrap();
    assert_eq!(packed.files.keys().collect::<Vec<_>>(), ["hello.js", "microapp.json"]);
    assert!(packed.release.version.starts_with("1.0.0-dev.") && packed.release.contract == 1);
}

#[test]
fn plain_javascript_at_the_root_of_a_repository_is_packed_again_and_again() {
    let description = r#"{ "name": "hello", "version": "1.0.0", "title": "Hello", "entry": "hello.js" }"#;
    let dir = in_javascript(description, "export const { mount, unmount } = lifecycles;\n");
    let first = pack_plain(dir.path()).unwrap();
    write(&dir, ".git/config", b"");
    write(&dir, ".gitignore", b"dist");
    for _ in 0..2 {
        let packed = pack_plain(dir.path()).unwrap();
        assert_eq!(packed.files, first.files);
        packed.write(&dir.path().join("dist/release")).unwrap();
    }
    write(&dir, "lib/more.js", b"");
    let error = pack_plain(dir.path()).unwrap_err();
    assert_eq!((error.code, error.place.as_str()), (code::RELEASE_FILE_NAME, "lib"), "{error}");
}

#[test]
fn plain_javascript_at_fault() {
    let good = r#"{ "name": "hello", "version": "1.0.0", "title": "Hello", "entry": "hello.js" }"#;
    let entry = "export function mount() {}\nexport function unmount() {}\n";
    for (description, entry, expected) in [
        ("[]", entry, code::RELEASE_MANIFEST),
        ("{", entry, code::RELEASE_MANIFEST),
        (&good.replace("title", "heading"), entry, code::RELEASE_MANIFEST),
        (&good.replace("hello.js", "other.js"), entry, code::RELEASE_FILE_MISSING),
        (&good.replace("\"hello\"", "\"Hello World\""), entry, code::RELEASE_NAME),
        (good, "export function mount() {}\n", code::RELEASE_ENTRY),
    ] {
        let error = pack_plain(in_javascript(description, entry).path()).unwrap_err();
        assert_eq!(error.code, expected, "{description}: {error}");
    }
}
