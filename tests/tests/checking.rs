//! `menagerie check` finds what does not keep the contract, and lets pass what does.

use serde_json::json;
use std::{fs, path::Path};
use tests::{
    Plain,
    command_line::{Ran, menagerie},
};

/// Draws into a shadow root, which no neighbour's style sheet reaches.
const SHADOW: &str =
    "(domElement.shadowRoot ?? domElement.attachShadow({ mode: 'open' })).innerHTML = '<h1>Good</h1>';";

fn good(name: &str) -> Plain {
    Plain::new(name).mount(SHADOW)
}

fn write(app: &Plain, dir: &Path) {
    for (name, bytes) in app.release() {
        fs::write(dir.join(name), bytes).unwrap();
    }
}

async fn check(app: &Plain, flags: &[&str]) -> Ran {
    let dir = tempfile::tempdir().unwrap();
    write(app, dir.path());
    menagerie(dir.path(), &[&["check", ".", "--json"], flags].concat(), &[]).await
}

#[tokio::test]
async fn a_microapp_that_keeps_the_contract_is_good() {
    let ran = check(&good("good").update(""), &[]).await.well();
    let report = ran.json();
    assert_eq!(report["findings"], json!([]));
    let names: Vec<_> = report["checks"].as_array().unwrap().iter().map(|check| &check["name"]).collect();
    assert_eq!(names, ["release", "size", "lifecycle", "styles", "rude neighbours", "20 mounts"]);
    assert!(report["checks"][2]["measured"].as_str().unwrap().contains("mount"), "{report}");
}

#[tokio::test]
async fn what_breaks_the_contract_is_found_with_number_and_place() {
    // What only a page without a shell shows: it is asked of whatever has a module.
    let alone = "const own = domElement ?? document.body.appendChild(document.createElement('div'));
        (own.shadowRoot ?? own.attachShadow({ mode: 'open' })).innerHTML = '<h1>Good</h1>';
        if (host) return;
        window.own = own; window.was = document.title; document.title = 'Mine';";
    let titled = good("titled").field("module", json!("titled.js")).mount(alone).unmount(
        "if (domElement) return;
         window.own.remove(); document.title = window.was;",
    );
    let table: [(&str, Plain, &[&str]); 11] = [
        ("titled", titled, &["E136"]),
        ("no function", good("none").more("mount = 'soon';"), &["E214"]),
        ("throws", good("throws").mount("throw new Error('no mind to')"), &["E206"]),
        ("hangs", good("hangs").mount("await new Promise(() => {})"), &["E205"]),
        ("stays", good("stays").mount("domElement.innerHTML = '<p>mine</p>'").unmount(""), &["E131"]),
        (
            "uncaught",
            good("uncaught").mount_also("setTimeout(() => { throw new Error('oops') });"),
            &["E137"],
        ),
        ("unlisted", good("unlisted").mount_also("await host.emit('unlisted.changed', 1);"), &["E223"]),
        ("uncopied", good("uncopied").mount_also("host.setTitle(() => 1).catch(() => {});"), &["E135"]),
        ("commands", good("commands").field("commands", json!(["commands.add"])), &["E140"]),
        ("evil", good("evil").mount_also("try { eval('1') } catch {}"), &["E134"]),
        // All that is found only after a whole lifecycle, in one.
        (
            "messy",
            good("messy").mount(
                "domElement.innerHTML = '<h1 class=title>Messy</h1>';
                 addEventListener('resize', () => {}); setInterval(() => {}, 5000);
                 (window.kept ??= []).push(new WebAssembly.Memory({ initial: 1 }));
                 const sheet = new CSSStyleSheet(); sheet.replaceSync('h2 { color: rgb(1, 2, 3) }');
                 document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
                 for (const name in { mine: 1 }) if (name !== 'mine') throw new Error(`what is ${name}?`);",
            ),
            &["E130", "E131", "E132", "E133", "E206"],
        ),
    ];
    for (name, app, expected) in table {
        println!("{name}");
        let ran = check(&app, &[]).await;
        assert_eq!(ran.code, 1, "{}\n{}", ran.out, ran.err);
        let report = ran.json();
        let findings = report["findings"].as_array().unwrap();
        let mut codes: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, expected, "{name}: {report:#}");
        for finding in findings {
            for field in ["place", "what", "way_out"] {
                assert!(finding[field].as_str().is_some_and(|text| !text.is_empty()), "{finding}");
            }
        }
        assert!(ran.err.contains("E608"), "{}", ran.err);
    }
}

#[tokio::test]
async fn an_endless_loop_ends_the_check_and_not_the_pipeline() {
    let ran = check(&good("endless").mount("for (;;);"), &["--timeout", "5s"]).await;
    assert_eq!((ran.code, &ran.json()["findings"][0]["code"]), (1, &json!("E139")), "{}", ran.err);
}

#[tokio::test]
async fn what_needs_no_browser_is_checked_without_one() {
    let nobody = [("CHROMIUM", "/nowhere/chromium")];
    let dir = tempfile::tempdir().unwrap();
    write(&good("steady"), dir.path());

    let ran = menagerie(dir.path(), &["check", "."], &nobody).await;
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("E601 CHROMIUM names /nowhere/chromium"), "{}", ran.err);
    assert!(ran.err.contains("--no-browser checks the rest"), "{}", ran.err);

    let _ = menagerie(dir.path(), &["check", ".", "--no-browser"], &nobody).await.well();
    let ran = menagerie(dir.path(), &["check", ".", "--no-browser", "--budget", "0"], &nobody).await;
    assert!(ran.code == 1 && ran.out.contains("E138"), "{}", ran.out);

    fs::write(dir.path().join("steady.js"), "export const mount = 1; export const unmount = 2;").unwrap();
    let ran = menagerie(dir.path(), &["check", ".", "--no-browser"], &nobody).await;
    assert!(ran.code == 1 && ran.out.contains("E105"), "{}", ran.out);

    let ran = menagerie(dir.path(), &["check", "elsewhere"], &nobody).await;
    assert_eq!(ran.code, 2, "{}", ran.err);
}
