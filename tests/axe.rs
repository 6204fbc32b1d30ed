//! Accessibility, as axe-core sees it: every rule, colour contrast included.

use crate::{Browser, environment};
use serde::Deserialize;
use serde_json::Value;
use std::{env, fs, path::PathBuf, process::Command, sync::OnceLock};

/// The rules that are asked for: WCAG 2.2 A and AA, and best practices.
const RUN: &str = r#"return axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
}).then(({ violations }) => violations.flatMap(({ id, help, nodes }) => nodes.map((node) => ({
  rule: id, help, element: node.html.slice(0, 200), why: (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? "" }))))"#;

/// What runs and changes more than how something is coloured or whether it shows, where people want to see nothing move.
const MOVING: &str = r#"if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return [];
const still = /^(offset|computedOffset|easing|composite|opacity|visibility|fill|stroke|boxShadow|\w*[cC]olor)$/;
const roots = [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
return roots.flatMap((root) => root.getAnimations())
  .filter((a) => a.playState === "running" && a.effect.getKeyframes().some((frame) => !Object.keys(frame).every((name) => still.test(name))))
  .map(({ animationName, transitionProperty, effect: { target, pseudoElement } }) => ({
    rule: "reduced-motion", help: "Nothing moves for people who want it so", element: target.outerHTML.slice(0, 200),
    why: `${animationName ?? transitionProperty} ${pseudoElement ?? ""}` }))"#;

/// One element that breaks one rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// axe's name of the rule: `color-contrast`; or `reduced-motion`, which is ours.
    pub rule: String,
    /// What the rule asks for.
    pub help: String,
    /// The element.
    pub element: String,
    /// How it breaks the rule.
    pub why: String,
}

/// Looks at the page as it is now.
pub async fn violations(browser: &Browser) -> Vec<Violation> {
    if browser.eval::<Value>("return typeof axe").await == "undefined" {
        // By DevTools, since the page's content security policy lets no stranger in.
        let axe = serde_json::json!({ "expression": source() });
        browser.devtools("Runtime.evaluate", axe).await;
    }
    let mut found: Vec<Violation> = browser.eval(MOVING).await;
    settle(browser).await;
    found.extend(browser.eval::<Vec<Violation>>(RUN).await);
    found
}

/// Transitions and animations are over: colours in between would be measured otherwise.
async fn settle(browser: &Browser) {
    browser
        .until(
            "animations should end",
            "document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity)",
        )
        .await;
}

/// axe-core itself, from `MENAGERIE_AXE` or installed by npm beside the build's other products.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let file = env::var_os("MENAGERIE_AXE").map_or_else(installed, PathBuf::from);
        fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("axe-core cannot be read from {}: {error}", file.display()))
    })
}

/// The version whose rules the shop keeps; a newer one may know more.
const AXE: &str = "axe-core@4.14.1";

fn installed() -> PathBuf {
    let target = environment::workspace().join("target");
    let tools = env::var_os("CARGO_TARGET_DIR")
        .map_or(target, PathBuf::from)
        .join("tools")
        .join(AXE.replace('@', "-"));
    let file = tools.join("node_modules/axe-core/axe.min.js");
    if !file.is_file() {
        fs::create_dir_all(&tools).expect("a folder for axe-core");
        let npm = Command::new("npm")
            .args(["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix"])
            .arg(&tools)
            .arg(AXE)
            .output();
        let npm = npm.expect("npm is there: install Node 20 or later, or set MENAGERIE_AXE to an axe.min.js");
        assert!(
            npm.status.success(),
            "axe-core could not be installed: {}",
            String::from_utf8_lossy(&npm.stderr)
        );
    }
    file
}
