//! Pages and answers in the language that a visitor took or that their browser asks for.

use crate::{
    on_both,
    support::{
        Browser, Reply, Shop,
        release::{make, plain, publish, shell},
    },
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    the_page_comes_in_the_language_that_is_wanted,
    a_shell_without_a_language_speaks_english,
    refusals_are_in_the_language_that_is_wanted,
    the_operators_page_speaks_it_too,
    cart_and_checkout_speak_it_too,
    the_catalogues_names_have_words_of_their_own,
);

const GERMAN: [(&str, &str); 1] = [("accept-language", "de-AT,en;q=0.5")];

async fn ask(browser: &mut Browser, address: &str, headers: &[(&str, &str)]) -> Reply {
    browser.send(Method::GET, address, None, headers).await
}

async fn the_page_comes_in_the_language_that_is_wanted(shop: Shop) {
    let shell = make("shell", "1.0.0", |_, files| {
        files.insert("index.html".to_owned(), b"<p>Hello from %BASE% %CONFIG%".to_vec());
        files.insert("index.de.html".to_owned(), b"<p>Hallo aus %BASE% %CONFIG%".to_vec());
    });
    publish(&shop, &shell).await.is(201);
    let mut tags = Vec::new();
    for (language, cookie, greeting) in [
        ("", "", "Hello from /apps/shell/1.0.0/"),
        ("de-CH", "", "Hallo aus /apps/shell/1.0.0/"),
        ("fr", "", "Hello from"),
        ("fr", "menagerie_language=de", "Hallo aus"),
        ("de", "menagerie_language=en", "Hello from"),
        ("de", "menagerie_language=../../etc", "Hallo aus"),
    ] {
        let headers = [("accept-language", language), ("cookie", cookie)];
        let page = ask(&mut shop.browser(), "/", &headers).await.is(200);
        assert!(page.text().contains(greeting), "{language} {cookie}: {}", page.text());
        assert!(!page.text().contains("%CONFIG%"));
        assert_eq!(page.header("vary"), "accept-language, cookie");
        tags.push(page.header("etag").to_owned());
    }
    assert_ne!(tags[0], tags[1], "a cache that knows one language must not answer for the other");
}

async fn a_shell_without_a_language_speaks_english(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    let page = ask(&mut shop.browser(), "/", &GERMAN).await.is(200);
    assert!(page.text().contains("/apps/shell/1.0.0/"));
}

async fn refusals_are_in_the_language_that_is_wanted(shop: Shop) {
    let mut browser = shop.browser();
    let wrong = json!({ "name": "", "email": "ada", "password": "short" });
    let address = "/api/v1/accounts";
    let said = browser.send(Method::POST, address, Some(wrong.clone()), &GERMAN).await.problem(422, "E401");
    assert_eq!(said["title"], "Etwas fehlt oder ist nicht gültig. Berichtigen Sie die genannten Felder.");
    let messages: Vec<_> = said["fields"].as_array().unwrap().iter().map(|field| &field["message"]).collect();
    assert_eq!(
        messages,
        ["Bitte ausfüllen.", "Eine E-Mail-Adresse wie ada@example.org.", "10 bis 200 Zeichen."]
    );
    let said = browser.send(Method::POST, address, Some(wrong), &[]).await.problem(422, "E401");
    assert_eq!(
        said["title"],
        "Something in the request is missing or not valid. Mend the fields that the answer names."
    );
    let said = ask(&mut browser, "/api/v1/nowhere", &GERMAN).await.problem(404, "E402");
    assert_eq!(said["title"], "Unter dieser Adresse ist nichts. Prüfen Sie Nummer oder Namen.");
}

async fn the_operators_page_speaks_it_too(shop: Shop) {
    let none = ask(&mut shop.browser(), "/console/", &GERMAN).await.is(503).text();
    assert!(none.contains("<html lang=\"de\">") && none.contains("Noch nicht offen"), "{none}");
    publish(&shop, &plain("console", "1.0.0")).await.is(201);
    let mut tags = Vec::new();
    for (language, cookie, tag, text) in [
        ("", "", "en-GB", "The console is loading …"),
        ("de", "", "de", "Die Konsole wird geladen …"),
        ("de", "menagerie_language=en", "en-GB", "The console is loading …"),
        ("en", "menagerie_language=de", "de", "Die Konsole wird geladen …"),
    ] {
        let headers = [("accept-language", language), ("cookie", cookie)];
        let page = ask(&mut shop.browser(), "/console/", &headers).await.is(200);
        assert_eq!(page.header("vary"), "accept-language, cookie");
        tags.push(page.header("etag").to_owned());
        let page = page.text();
        assert!(page.contains(&format!("<html lang=\"{tag}\">")) && page.contains(text), "{page}");
        assert!(!page.contains(['{', '%']), "a place is left over: {page}");
    }
    assert_ne!(tags[0], tags[1], "a cache that knows one language must not answer for the other");
}

async fn cart_and_checkout_speak_it_too(shop: Shop) {
    let mut browser = shop.browser();
    browser.add(1, 1).await.is(200);
    let said = browser.send(Method::PUT, "/api/v1/cart/coupon", Some(json!({ "code": "NOPE" })), &GERMAN);
    let said = said.await.problem(422, "E406");
    assert!(said["title"].as_str().unwrap().starts_with("Diesen Gutschein gibt es nicht."), "{said}");
    let options = ask(&mut browser, "/api/v1/checkout/options", &GERMAN).await.is(200).body();
    let names = |of: &str| -> Vec<Value> {
        options[of].as_array().unwrap().iter().map(|entry| entry["name"].clone()).collect()
    };
    assert_eq!(names("countries")[..3], ["Belgien", "Bulgarien", "Dänemark"]);
    let countries = names("countries");
    let place = |name: &str| countries.iter().position(|country| country == name).unwrap();
    assert!(place("Norwegen") < place("Österreich") && place("Österreich") < place("Polen"), "{countries:?}");
    assert_eq!(options["deliveries"][0]["when"], "2 bis 4 Werktage");
    assert!(names("payments").contains(&json!("Zahlung bei Lieferung")));
    let english = ask(&mut browser, "/api/v1/checkout/options", &[]).await.is(200).body();
    assert_eq!(english["countries"][0]["name"], "Austria");
}

async fn the_catalogues_names_have_words_of_their_own(shop: Shop) {
    // What a page calls otherwise is the owner's word here.
    let towel = json!({
        "handle": "towel", "title": "Towel", "category": "Home", "options": ["Set", "Size"],
        "variants": [{ "values": ["Two", "M"], "price": "9.00", "stock": 5 }],
    });
    shop.import_lines(towel.to_string()).await.is(200);
    let mut browser = shop.browser();
    let list = browser.get("/api/v1/catalogue/products?q=towel").await.is(200).body();
    let address = format!("/api/v1/catalogue/products/{}", list["items"][0]["id"]);
    for (headers, labels) in [(&GERMAN[..], ["Set", "Größe"]), (&[], ["Set", "Size"])] {
        let product = ask(&mut browser, &address, headers).await.is(200).body();
        assert_eq!(product["category_name"], "Home");
        let told = |of: &str| -> Vec<Value> {
            product["options"].as_array().unwrap().iter().map(|option| option[of].clone()).collect()
        };
        // Addresses are the same in every language.
        assert_eq!(
            (told("name"), told("label")),
            (vec![json!("Set"), json!("Size")], labels.map(Value::from).to_vec())
        );
    }
    let categories = ask(&mut browser, "/api/v1/catalogue/categories", &GERMAN).await.is(200).body();
    assert!(categories.as_array().unwrap().iter().any(|category| category["name"] == "Home"), "{categories}");
}
