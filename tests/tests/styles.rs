//! Neighbours with bad manners do not change how an app looks, and it changes nobody else.

use contract::release::DESCRIPTION_FILE;
use release::Files;
use serde_json::json;
use tests::{
    Browser, Plain, Shop, environment,
    isolation::{Place, computed, differences, mark_ancestors, move_in, neighbour, open_doors},
};

/// Class names and keyframes of a release's sheet, as a neighbour would have to guess them.
fn names(files: &Files, app: &str) -> (Vec<String>, Vec<String>) {
    let sheet = String::from_utf8(files[&format!("{app}.css")].clone()).unwrap();
    let after = |mark: &str| -> Vec<String> {
        let word = |rest: &str| {
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
            rest[..end].to_owned()
        };
        let mut found: Vec<String> = sheet.split(mark).skip(1).map(|rest| word(rest.trim_start())).collect();
        found.retain(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.starts_with("m-"));
        found.sort();
        found.dedup();
        found
    };
    (after("."), after("@keyframes"))
}

#[tokio::test]
async fn neighbours_change_no_computed_style_of_an_app() {
    let shop = Shop::specimen().await;
    open_doors(&shop).await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    check(&shop, "specimen", "[data-app=specimen] > *").await;
}

#[tokio::test]
async fn neighbours_change_no_computed_style_of_the_shops_apps() {
    let shop = Shop::open().await;
    open_doors(&shop).await;
    shop.take_a_dog_bed().await;
    for (app, path) in [("home", "/"), ("product", "/product/1"), ("cart", "/cart"), ("contact", "/contact")]
    {
        println!("{app}");
        shop.visit(&format!("/#{path}")).await;
        shop.at(app).await;
        shop.until_loaded().await;
        shop.until_pictures().await;
        check(&shop, app, &format!("[data-app={app}] > *")).await;
    }
}

async fn check(browser: &Browser, app: &str, root: &str) {
    let folder =
        if app == "specimen" { "tests/fixtures/specimen".to_owned() } else { format!("microapps/{app}") };
    let files = release::verify::read(&environment::release(&folder)).unwrap();
    assert!(files.contains_key(DESCRIPTION_FILE));
    let (classes, keyframes) = names(&files, app);
    assert!(!classes.is_empty());
    // Nothing moves, and the slot's own size, which is the shell's and not the app's, stays.
    browser.eval::<()>("document.documentElement.style.overflow = 'hidden'").await;
    mark_ancestors(browser, root).await;
    let before = computed(browser, root).await;
    assert!(before.len() > 5, "{before:?}");
    let sheet = neighbour(&classes, &keyframes);
    for place in [Place::Before, Place::After, Place::Adopted] {
        move_in(browser, &sheet, place).await;
        let after = computed(browser, root).await;
        let changed = differences(&before, &after);
        assert!(
            changed.is_empty(),
            "{app}, a neighbour {place:?}: {} changes\n{}",
            changed.len(),
            changed[..changed.len().min(25)].join("\n")
        );
    }
}

#[tokio::test]
async fn an_app_changes_no_computed_style_of_its_neighbours() {
    let shop = Shop::specimen().await;
    let neighbour = Plain::new("steady").field("title", json!("Steady")).mount(
        "domElement.innerHTML = `<h1 class=\"title\">Steady</h1><section class=\"box\"><p class=\"count\">1</p>
           <ul class=\"list\"><li>a</li></ul><table class=\"table\"><td>c</td></table><button>b</button><input></section>`;",
    );
    shop.server.publish(&neighbour.release()).await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    shop.eval::<()>("document.body.append(document.querySelector('[data-app=steady]').cloneNode(true)); document.body.lastElementChild.id = 'stranger'").await;
    let before = computed(&shop, "#stranger").await;
    shop.follow("/specimen").await;
    shop.at("specimen").await;
    let after = computed(&shop, "#stranger").await;
    let changed = differences(&before, &after);
    // The page may be longer or shorter; nothing else.
    assert!(changed.is_empty(), "{changed:#?}");
}
