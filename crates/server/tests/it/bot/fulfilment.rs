//! The shop's fulfilment: what it takes, and what it does not care for.

use crate::{
    on_both,
    support::{Shop, mailbox, order},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

on_both!(products_are_found_shown_and_put_into_the_cart, cookies_change_nothing_and_any_page_may_ask);

const ADDRESS: &str = "/api/v1/bot/fulfilment";

fn ask(action: &str, parameters: Value, contexts: Value) -> Value {
    json!({
        "session": "projects/p/agent/sessions/s",
        "queryResult": {
            "action": action, "languageCode": "en", "parameters": parameters, "outputContexts": contexts,
        },
    })
}

/// The same from a surface that runs commands.
fn ask_in_the_shop(action: &str, parameters: Value, contexts: Value) -> Value {
    let mut request = ask(action, parameters, contexts);
    request["originalDetectIntentRequest"] = json!({ "payload": { "menagerie": { "commands": true } } });
    request
}

async fn products_are_found_shown_and_put_into_the_cart(shop: Shop) {
    let mut browser = shop.browser();
    // “Two balls” cost what they cost.
    for (lowest, highest, text) in [
        (2, 2, "just the one"),
        (2, 1, "just the one"),
        (5, 15, "just the one"),
        (1, 5, "Nothing up to €5.00"),
    ] {
        let wish = json!({ "product": "ball", "lowest": lowest, "highest": highest });
        let found = browser.post(ADDRESS, ask("shop.find", wish, json!([]))).await.is(200).body();
        assert!(found["fulfillmentText"].as_str().unwrap().contains(text), "{lowest} {highest}: {found}");
    }
    // Beside “under”, a number is the limit wherever the agent has put it.
    for name in ["amount", "highest", "lowest"] {
        let wish = json!({ "product": "ball", "bound": "most", name: 5 });
        let found = browser.post(ADDRESS, ask("shop.find", wish, json!([]))).await.is(200).body();
        assert!(
            found["fulfillmentText"].as_str().unwrap().contains("Nothing up to €5.00"),
            "{name}: {found}"
        );
    }
    let wish = json!({ "product": "ball", "bound": "least", "amount": 5000 });
    let found = browser.post(ADDRESS, ask("shop.find", wish, json!([]))).await.is(200).body();
    assert!(found["fulfillmentText"].as_str().unwrap().contains("Nothing from €5,000.00 on"), "{found}");
    let wish = json!({ "product": "ball", "category": "", "bound": "most", "price": { "amount": 20, "currency": "USD" } });
    let found = browser.post(ADDRESS, ask("shop.find", wish, json!([]))).await.is(200).body();
    let card = &found["fulfillmentMessages"][1]["payload"]["richContent"][0][0];
    assert_eq!((card["title"].as_str(), card["actionLink"].as_str()), (Some("Ball"), Some("#/product/2")));
    let contexts = &found["outputContexts"];
    assert_eq!(contexts[0]["name"], "projects/p/agent/sessions/s/contexts/found");
    let added = browser
        .post(ADDRESS, ask_in_the_shop("cart.add", json!({ "quantity": 2 }), contexts.clone()))
        .await
        .is(200)
        .body();
    let command = &added["fulfillmentMessages"][1]["payload"]["menagerie"]["command"];
    assert_eq!(*command, json!({ "name": "cart.add", "payload": { "variant_id": 4, "quantity": 2 } }));
    // The cart takes just that.
    browser.post("/api/v1/cart/items", command["payload"].clone()).await.is(200);
    // Elsewhere nothing is promised that nobody does.
    let elsewhere = browser
        .post(ADDRESS, ask("cart.add", json!({ "quantity": 2 }), contexts.clone()))
        .await
        .is(200)
        .body();
    let wish = &elsewhere["fulfillmentMessages"][1]["payload"]["menagerie"];
    assert_eq!(*wish, json!({ "open": "#/product/2" }), "{elsewhere}");
    // More than there are is not promised.
    let many = browser
        .post(ADDRESS, ask("cart.add", json!({ "quantity": 6 }), contexts.clone()))
        .await
        .is(200)
        .body();
    assert!(many["fulfillmentText"].as_str().unwrap().contains("not enough"), "{many}");
    // Contexts that somebody made up lead nowhere.
    for products in [json!([999]), json!([-1]), json!(["x"]), json!("x"), json!([1e300]), json!(null)] {
        let contexts = json!([{ "name": "x/contexts/found", "lifespanCount": 5, "parameters": { "products": products } }]);
        for action in ["cart.add", "shop.show", "shop.cheaper"] {
            browser.post(ADDRESS, ask(action, json!({ "which": 1e18 }), contexts.clone())).await.is(200);
        }
    }
    for wish in [json!({ "words": 7, "category": [], "min": -1e300, "max": "x" }), json!("x"), json!(null)] {
        let kept = json!({ "wish": wish, "found": wish, "lowest": -1e300 });
        let contexts = json!([{ "name": "x/contexts/found", "lifespanCount": 5, "parameters": kept }]);
        for action in ["shop.refine", "shop.cheaper"] {
            let said = json!({ "lowest": -1e300, "highest": 1e300 });
            browser.post(ADDRESS, ask(action, said, contexts.clone())).await.is(200);
        }
    }
    for (product, quantity, said) in [
        (json!(2), json!(1e300), json!(["Navy", 7, null, ["S"]])),
        (json!(2), json!(-1), json!("nothing like it")),
        (json!(1e300), json!("x"), json!({})),
        (json!(null), json!(null), json!(null)),
    ] {
        let contexts = json!([{ "name": "x/contexts/kind", "lifespanCount": 2, "parameters": {
            "product": product, "quantity": quantity, "said": said,
        } }]);
        for kind in [json!("S"), json!(["S", "S"]), json!({ "S": 1 }), json!(null)] {
            let answer =
                browser.post(ADDRESS, ask("cart.kind", json!({ "kind": kind }), contexts.clone())).await;
            assert!(!answer.is(200).body()["fulfillmentText"].as_str().unwrap().is_empty());
        }
    }
}

async fn cookies_change_nothing_and_any_page_may_ask(shop: Shop) {
    let mut member = shop.browser();
    member.sign_up("ada@example.org").await.is(201);
    member.add(4, 1).await.is(200);
    let body = ask("shop.delivery", json!({}), json!([])).to_string();
    let session = "/v2/projects/petstore/agent/sessions/s:detectIntent";
    let hello = json!({ "queryInput": { "text": { "text": "hello", "languageCode": "en" } } }).to_string();
    for (address, body) in [(ADDRESS, &body), (session, &hello)] {
        // From our own page, from another one, from a tool; with cookies or without.
        let from: [&[(&str, &str)]; 4] = [
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://blog.example")],
            &[("origin", "null")],
            &[],
        ];
        for headers in from {
            for cookie in [
                None,
                Some(member.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ")),
            ] {
                let mut request = Request::post(address).header(header::CONTENT_TYPE, "application/json");
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                if let Some(cookie) = &cookie {
                    request = request.header(header::COOKIE, cookie);
                }
                let reply = shop.raw(request.body(Body::from(body.clone())).unwrap()).await.is(200);
                assert_eq!(reply.header("access-control-allow-origin"), "*");
                assert_eq!(reply.header("access-control-allow-credentials"), "");
                assert_eq!(reply.header("set-cookie"), "");
                assert_eq!(reply.header("cache-control"), "no-store");
                assert_eq!(reply.header("x-content-type-options"), "nosniff");
            }
        }
        let preflight = Request::options(address)
            .header("origin", "https://blog.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        let reply = shop.raw(preflight.body(Body::empty()).unwrap()).await.is(200);
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(reply.header("access-control-allow-credentials"), "");
    }
    // The other way round: what a cookie authenticates stays closed to other pages.
    let cross = [("sec-fetch-site", "cross-site"), ("origin", "https://blog.example")];
    let mut request = Request::post("/api/v1/cart/items").header(header::CONTENT_TYPE, "application/json");
    for (name, value) in cross {
        request = request.header(name, value);
    }
    let cookies: Vec<_> = member.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let request = request.header(header::COOKIE, cookies.join("; "));
    let reply = shop.raw(request.body(Body::from(r#"{"variant_id":4,"quantity":1}"#)).unwrap()).await;
    assert_eq!(reply.header("access-control-allow-origin"), "");
    reply.problem(403, "E414");
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_a_number() {
    let shop = Shop::empty(&[]).await;
    let post = |body: String| {
        Request::post(ADDRESS)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap()
    };
    shop.raw(post("{".to_owned())).await.problem(400, "E401");
    shop.raw(post("[]".to_owned())).await.problem(422, "E401");
    shop.raw(post(r#"{"queryResult": 7}"#.to_owned())).await.problem(422, "E401");
    let big = json!({ "session": "x".repeat(70_000) }).to_string();
    shop.raw(post(big)).await.problem(413, "E416");
    // An action that is not ours is the agent's own business.
    let answer = shop.raw(post(ask("weather.get", json!({}), json!([])).to_string())).await.is(200);
    answer.json(json!({}));
}

#[tokio::test]
async fn links_are_whole_where_the_shop_knows_its_origin() {
    let shop = Shop::empty(&["--origin", "https://shop.example"]).await;
    let order = json!({ "number": "M-1", "email": "a@example.org" });
    let answer = shop.browser().post(ADDRESS, ask("order.status", order, json!([]))).await.is(200).body();
    let chip = &answer["fulfillmentMessages"][1]["payload"]["richContent"][0][0]["options"][0];
    assert_eq!(chip["link"], "https://shop.example/#/contact");
}

#[tokio::test]
async fn an_order_is_described_as_people_say_it() {
    let shop = Shop::sqlite(&[]).await;
    let mut buyer = shop.browser();
    let mut described = async |pieces: i64, language: &str| {
        buyer.add(4, pieces).await.is(200);
        let total = 1005 * pieces + 990;
        let placed =
            buyer.once(&format!("{pieces} {language}"), "/api/v1/orders", order(total, "on_delivery")).await;
        let placed = placed.is(201).body();
        let asked = json!({ "number": placed["number"], "email": "ada@example.org" });
        let mut request = ask("order.status", asked, json!([]));
        request["queryResult"]["languageCode"] = json!(language);
        let answer = buyer.post(ADDRESS, request).await.is(200).body();
        let info = &answer["fulfillmentMessages"][1]["payload"]["richContent"][0][0];
        (placed["placed_at"].as_str().unwrap()[..4].to_owned(), info["subtitle"].as_str().unwrap().to_owned())
    };
    for (pieces, language, start) in [
        (1, "en", "1 piece, ordered on "),
        (2, "en", "2 pieces, ordered on "),
        (2, "de", "2 Stück, bestellt am "),
    ] {
        let (year, subtitle) = described(pieces, language).await;
        let day = subtitle.strip_prefix(start).unwrap_or_else(|| panic!("{subtitle}"));
        // `11 October 2026`
        assert!(day.ends_with(&format!(" {year}")) && !day.contains('-'), "{subtitle}");
    }
}

#[tokio::test]
async fn an_order_is_told_as_it_stands() {
    let shop = Shop::sqlite(&[]).await;
    let mut buyer = shop.browser();
    buyer.add(4, 1).await.is(200);
    let placed = buyer.once("k", "/api/v1/orders", order(1995, "test_card")).await.is(201).body();
    let (number, key) = (placed["number"].as_str().unwrap(), placed["key"].as_str().unwrap());
    let change = async |sql: &str| {
        let mut db = shop.server.database.write().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *db).await.unwrap();
        db.commit().await.unwrap();
    };
    let told = async |language: &str| {
        let mut request =
            ask("order.status", json!({ "number": number, "email": "ada@example.org" }), json!([]));
        request["queryResult"]["languageCode"] = json!(language);
        let answer = shop.browser().post(ADDRESS, request).await.is(200).body();
        answer["fulfillmentText"].as_str().unwrap().to_owned()
    };
    assert!(told("en").await.contains("is waiting for its payment"));
    let confirm = json!({ "card_number": "4000 0025 0000 3155" });
    buyer.once("p", &format!("/api/v1/orders/{key}/payment"), confirm).await.is(200);
    change("UPDATE payments SET underway = 1").await;
    assert!(told("en").await.contains("the money is on its way"));
    assert!(told("de").await.contains("das Geld ist unterwegs"));
    change("UPDATE orders SET status = 'paid', pay_until = NULL").await;
    assert!(told("en").await.ends_with(" straw. Delivery: next working day."));
    change("UPDATE orders SET delivery_when = ''").await;
    assert!(told("en").await.ends_with(" straw."));
    change("UPDATE orders SET status = 'cancelled'").await;
    assert!(told("en").await.contains("what was paid comes back"));
    assert!(told("de").await.contains("was bezahlt war, kommt"));
}

#[tokio::test]
async fn a_way_of_delivery_that_says_nothing_of_when_is_told_without_it() {
    let terms =
        json!({ "deliveries": [{ "id": "express", "name": "Collected", "rates": [{ "price": 9.9 }] }] });
    for shop in Shop::with_terms(&terms).await {
        let mut guest = shop.browser();
        let answer = guest.post(ADDRESS, ask("shop.delivery", json!({}), json!([]))).await.is(200).body();
        assert_eq!(answer["fulfillmentText"], "Collected: €9.90.");
        guest.add(4, 1).await.is(200);
        guest.once("k", "/api/v1/orders", order(1995, "on_delivery")).await.is(201);
        shop.post().await;
        let mails = mailbox::of(&shop);
        assert!(mails[0].text.contains("Delivery (Collected): €9.90"), "{}", mails[0].text);
    }
}

#[tokio::test]
async fn delivery_costs_what_it_costs_to_the_country_that_was_named() {
    let terms = json!({
        "countries": ["DE", "AT", "NO", "SE"],
        "deliveries": [
            { "id": "parcel", "name": "Parcel", "rates": [
                { "countries": ["DE"], "price": 4.9 }, { "countries": ["AT"], "price": 9.9 },
                { "countries": ["NO"], "price": 39 },
            ] },
            { "id": "bike", "name": "Bicycle", "rates": [{ "countries": ["DE"], "price": 2 }] },
        ],
    });
    for shop in Shop::with_terms(&terms).await {
        let mut guest = shop.browser();
        for (country, expected) in [
            (
                "Germany",
                "Yes, we deliver to Germany. Our parcels love to travel.\n\nParcel: €4.90. Bicycle: €2.00.",
            ),
            ("Austria", "Yes, we deliver to Austria. Our parcels love to travel.\n\nParcel: €9.90."),
            ("Sweden", "I am sorry, we do not deliver to Sweden yet."),
            ("Japan", "I am sorry, we do not deliver to Japan yet."),
            ("", "Parcel: from €4.90. Bicycle: €2.00."),
        ] {
            let asked = ask("shop.delivery", json!({ "country": country }), json!([]));
            let answer = guest.post(ADDRESS, asked).await.is(200).body();
            assert_eq!(answer["fulfillmentText"], expected, "{country}");
        }
    }
}

#[tokio::test]
async fn what_the_owner_decided_is_said_in_the_language_of_the_conversation() {
    let terms = json!({ "countries": ["DE"], "payments": ["on_delivery"] });
    for shop in Shop::with_terms(&terms).await {
        for (language, page, countries, delivery, payment) in [
            (
                "en",
                "de",
                "We deliver to one country: Germany.",
                "Standard: 2 to 4 working days, ",
                "Pay on delivery: ",
            ),
            (
                "de",
                "en",
                "Wir liefern in ein Land: Deutschland.",
                "Standard: 2 bis 4 Werktage, ",
                "Zahlung bei Lieferung: ",
            ),
        ] {
            for (action, expected) in
                [("shop.countries", countries), ("shop.delivery", delivery), ("shop.payment", payment)]
            {
                let mut asked = ask(action, json!({}), json!([]));
                asked["queryResult"]["languageCode"] = json!(language);
                let request = Request::post(ADDRESS)
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::ACCEPT_LANGUAGE, page)
                    .body(Body::from(asked.to_string()));
                let answer = shop.raw(request.unwrap()).await.is(200).body();
                let said = answer["fulfillmentText"].as_str().unwrap();
                assert!(said.contains(expected) && !said.contains("4242"), "{said}");
            }
        }
    }
}

/// Product 1 comes as Navy M, Navy L and Sand M.
#[tokio::test]
async fn a_kind_that_nobody_named_is_not_taken() {
    let shop = Shop::sqlite(&[]).await;
    let found =
        json!([{ "name": "x/contexts/found", "lifespanCount": 5, "parameters": { "products": [1] } }]);
    let sell_out = async |variants: &str| {
        let mut db = shop.server.database.write().await.unwrap();
        let sql = format!("UPDATE variants SET stock = 1 WHERE id IN ({variants})");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *db).await.unwrap();
        db.commit().await.unwrap();
    };
    let say = async |action: &str, parameters: Value, contexts: &Value| {
        let asked = ask_in_the_shop(action, parameters, contexts.clone());
        let answer = shop.browser().post(ADDRESS, asked).await.is(200).body();
        let command = answer["fulfillmentMessages"][1]["payload"]["menagerie"]["command"].clone();
        (answer["fulfillmentText"].as_str().unwrap().to_owned(), command, answer["outputContexts"].clone())
    };
    let two = json!({ "quantity": 2 });
    let (text, _, kind) = say("cart.add", two.clone(), &found).await;
    assert!(text.contains("which one?"), "{text}");
    // Meanwhile all but Navy L are bought.
    sell_out("1, 3").await;
    let (text, command, kind) = say("cart.kind", json!({ "kind": ["Sand"] }), &kind).await;
    assert!(text.contains("just now only in Navy, L") && command.is_null(), "{text}");
    let (text, command, _) = say("cart.kind", json!({ "kind": ["Navy", "L"] }), &kind).await;
    assert_eq!(command["payload"], json!({ "variant_id": 2, "quantity": 2 }), "{text}");
    let (text, command, only) = say("cart.add", two, &found).await;
    assert!(text.contains("just now only in Navy, L") && command.is_null(), "{text}");
    let (text, command, _) = say("cart.kind", json!({ "kind": ["M"] }), &only).await;
    assert!(text.contains("just now only in Navy, L") && command.is_null(), "{text}");
    for (said, kind, is_taken) in [
        ("the red one", json!([]), false),
        ("no", json!([]), false),
        ("Yes, but in red", json!([]), false),
        ("ok, no", json!([]), false),
        ("Yes, please", json!([]), true),
        ("Yes, the navy one", json!(["Navy"]), true),
        ("ja", json!([]), true),
    ] {
        let mut asked = ask_in_the_shop("cart.kind", json!({ "kind": kind }), only.clone());
        asked["queryResult"]["queryText"] = json!(said);
        let answer = shop.browser().post(ADDRESS, asked).await.is(200).body();
        let command = &answer["fulfillmentMessages"][1]["payload"]["menagerie"]["command"];
        assert_eq!(!command.is_null(), is_taken, "{said}: {answer}");
    }
    for quantity in [json!(0), json!(21), json!(2_000_000), json!(-1)] {
        let (text, command, _) = say("cart.add", json!({ "quantity": quantity }), &found).await;
        assert!(text.contains("1 to 20 pieces") && command.is_null(), "{quantity}: {text}");
    }
}

/// Numbers of orders are counted up: whoever knows an address tries a few, not all.
#[tokio::test]
async fn orders_of_an_address_are_not_found_by_trying() {
    let shop = Shop::empty(&[]).await;
    let ask_for = async |email: &str| {
        let order = json!({ "number": "M-1", "email": email });
        let answer = shop.browser().post(ADDRESS, ask("order.status", order, json!([]))).await.is(200).body();
        answer["fulfillmentText"].as_str().unwrap().to_owned()
    };
    for _ in 0..10 {
        assert!(ask_for("ada@example.org").await.starts_with("I find no order"));
    }
    let text = ask_for("Ada@Example.org ").await;
    assert!(text.contains("a lot of tries"), "{text}");
    assert!(ask_for("bob@example.org").await.starts_with("I find no order"));
}

#[tokio::test]
async fn one_address_does_not_ask_without_end() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), r#"{"limits": {"address_per_minute": 5}}"#).unwrap();
    let shop = Shop::empty(&["--bot", file.path().to_str().unwrap()]).await;
    let mut browser = shop.browser();
    for _ in 0..5 {
        browser.post(ADDRESS, ask("shop.delivery", json!({}), json!([]))).await.is(200);
    }
    let refused = browser.post(ADDRESS, ask("shop.delivery", json!({}), json!([]))).await;
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    refused.problem(429, "E415");
    let google = browser.post("/v2/projects/petstore/agent/sessions/s:detectIntent", json!({})).await.is(429);
    assert_eq!(google.body()["error"]["status"], "RESOURCE_EXHAUSTED");
    shop.browser_at("192.0.2.77").post(ADDRESS, ask("shop.delivery", json!({}), json!([]))).await.is(200);
}
