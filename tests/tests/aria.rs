//! What a screen reader is told of each page: its roles and names as a tree, compared with `data/aria`.
//! `MENAGERIE_BLESS=1` writes what is there now.

use serde_json::{Value, json};
use std::{
    collections::HashMap,
    env, fs,
    path::PathBuf,
    time::{Duration, Instant},
};
use tests::{Screen, Shop, Theme, environment, states::STATES};

/// The states that are pages of their own, in the order of [`STATES`].
const PAGES: [&str; 23] = [
    "home",
    "home-filters",
    "home-nothing-found",
    "cart-empty",
    "checkout-empty",
    "product",
    "product-unknown",
    "cart",
    "checkout-address",
    "checkout-address-refused",
    "checkout-delivery",
    "checkout-payment",
    "checkout-review",
    "confirmation",
    "contact",
    "account-signed-out",
    "account-forgotten",
    "account",
    "account-orders-empty",
    "account-addresses",
    "account-wishlist",
    "product-review-form",
    "not-found",
];
/// Roles that say nothing by themselves.
const MUTE: [&str; 9] = [
    "none",
    "generic",
    "InlineTextBox",
    "LineBreak",
    "ListMarker",
    "SvgRoot",
    "LabelText",
    "Section",
    "RootWebArea",
];
/// What else is told of an element.
const TOLD: [&str; 10] = [
    "checked", "disabled", "expanded", "haspopup", "invalid", "level", "modal", "pressed", "required",
    "selected",
];

/// How long a page may take until it is as it was, and how often it is looked at.
const SETTLING: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(50);

/// An accessibility tree as lines.
struct Tree {
    nodes: HashMap<String, Value>,
    lines: Vec<String>,
    /// What is another text each time, and what stands for it.
    masks: Vec<(String, &'static str)>,
}

impl Tree {
    async fn of(shop: &Shop, state: &str) -> Self {
        let day = ("[data-app=checkout] dl > div:nth-of-type(2) dd", "DAY");
        let masks = [("[data-test=order-number]", "NUMBER"), day];
        let mut known = Vec::new();
        for (css, mask) in masks.into_iter().filter(|_| state == "confirmation") {
            let text: String =
                shop.eval(&format!("return document.querySelector({css:?})?.innerText ?? ''")).await;
            if !text.is_empty() {
                known.push((text, mask));
            }
        }
        let answer = shop.devtools("Accessibility.getFullAXTree", json!({})).await;
        let nodes = answer["nodes"].as_array().expect("a tree").iter();
        let nodes = nodes.map(|node| (text(&node["nodeId"]), node.clone())).collect();
        Self { nodes, lines: Vec::new(), masks: known }
    }

    /// The lines of every subtree whose root has one of `roles`.
    fn told(mut self, roles: &[&str]) -> String {
        let mut roots: Vec<_> = self
            .nodes
            .values()
            .filter_map(|node| {
                // The browser numbers nodes as it comes to them: only within a role is that the page's order.
                let place = roles.iter().position(|role| node["role"]["value"] == *role)?;
                Some((place, node["backendDOMNodeId"].as_i64()?, text(&node["nodeId"])))
            })
            .collect();
        roots.sort();
        for (.., root) in roots {
            self.tell(&root, 0, "");
        }
        self.lines.push(String::new());
        self.lines.join("\n")
    }

    fn tell(&mut self, id: &str, depth: usize, above: &str) {
        let Some(node) = self.nodes.get(id).cloned() else { return };
        let (role, name) = (text(&node["role"]["value"]), text(&node["name"]["value"]));
        let ignored = node["ignored"] == true;
        // A text that its element's name repeats.
        let echo = role == "StaticText" && (above == name || name.trim().is_empty());
        let says = !ignored && !echo && !MUTE.contains(&role.as_str());
        if says {
            self.lines.push(format!("{}{}", "  ".repeat(depth), self.line(&node, &role, &name)));
        }
        let (depth, above) = if says { (depth + 1, name.as_str()) } else { (depth, above) };
        if role != "StaticText" {
            for child in node["childIds"].as_array().into_iter().flatten() {
                self.tell(&text(child), depth, above);
            }
        }
    }

    fn line(&self, node: &Value, role: &str, name: &str) -> String {
        let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        for (text, mask) in &self.masks {
            name = name.replace(text, mask);
        }
        let mut line = role.to_owned();
        if !name.is_empty() {
            line += &format!(" {name:?}");
        }
        for property in node["properties"].as_array().into_iter().flatten() {
            let (name, value) = (text(&property["name"]), text(&property["value"]["value"]));
            if TOLD.contains(&name.as_str()) && !["false", ""].contains(&value.as_str()) {
                line += &if value == "true" { format!(" {name}") } else { format!(" {name}={value}") };
            }
        }
        line
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

fn file(page: &str) -> PathBuf {
    environment::workspace().join("tests/data/aria").join(format!("{page}.txt"))
}

/// Says where a page is no longer as it was, or writes down how it is.
fn compare(page: &str, told: &str) -> Option<String> {
    let file = file(page);
    if env::var_os("MENAGERIE_BLESS").is_some() {
        fs::create_dir_all(file.parent().expect("in a folder")).expect("a folder");
        fs::write(&file, told).expect("a file");
        return None;
    }
    let known = fs::read_to_string(&file).unwrap_or_default();
    let place = known.lines().zip(told.lines()).position(|(known, told)| known != told);
    let place = place.or_else(|| (known != told).then(|| known.lines().count().min(told.lines().count())))?;
    let at = |text: &str| text.lines().nth(place).unwrap_or("(the end)").to_owned();
    Some(format!("{page}, line {}:\n  was {}\n  is  {}", place + 1, at(&known), at(told)))
}

#[tokio::test]
async fn every_page_is_told_as_it_was() {
    let shop = Shop::with_a_broken_app().await;
    shop.screen(Screen::Desktop).await;
    shop.theme(Theme::Light).await;
    let mut found = Vec::new();
    for state in STATES {
        shop.reach(state).await;
        if state == "home" {
            found.extend(compare("shell", &Tree::of(&shop, state).await.told(&["banner", "contentinfo"])));
        }
        if PAGES.contains(&state) {
            println!("{state}");
            // What is asked for anew shows a moment later.
            let began = Instant::now();
            found.extend(loop {
                let told = compare(state, &Tree::of(&shop, state).await.told(&["main"]));
                if told.is_none() || began.elapsed() > SETTLING {
                    break told;
                }
                tokio::time::sleep(POLL).await;
            });
        }
    }
    assert!(
        found.is_empty(),
        "{} pages are told otherwise; MENAGERIE_BLESS=1 keeps what is there now\n{}",
        found.len(),
        found.join("\n")
    );
}
