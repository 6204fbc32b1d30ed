//! What the owner decides: tax, delivery, coupons.

use crate::support::{Browser, Reply, Shop, order};
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::Arc;

fn coupons(coupons: Value) -> Value {
    json!({ "coupons": coupons })
}

/// Orders one ball, express (9.90), with another address to write to.
async fn order_as(buyer: &mut Browser, key: &str, email: &str, total: i64, payment: &str) -> Reply {
    let mut form = order(total, payment);
    form["email"] = json!(email);
    buyer.once(key, "/api/v1/orders", form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupons_limit_holds_for_fifty_orders_at_once() {
    let terms = coupons(json!([{ "code": "LIMITED", "amount": 1, "uses": 7 }]));
    for shop in Shop::with_terms(&terms).await {
        let csv = crate::support::CATALOGUE.replace("BALL,shopify,5", "BALL,shopify,100");
        shop.import(&csv, "true").await.is(200);
        let mut buyers = Vec::new();
        for n in 0..50 {
            let mut buyer = shop.browser();
            buyer.add(4, 1).await.is(200);
            buyer.coupon("limited").await.is(200);
            buyers.push((n, buyer));
        }
        let order = |(n, mut buyer): (i32, Browser)| {
            tokio::spawn(async move {
                let email = format!("{n}@example.org");
                order_as(&mut buyer, "k", &email, 1005 - 100 + 990, "on_delivery").await
            })
        };
        let orders: Vec<_> = buyers.into_iter().map(order).collect();
        let mut placed = 0;
        for order in orders {
            let reply = order.await.unwrap();
            match reply.status.as_u16() {
                201 => placed += 1,
                // Used up while it was ordered, or seen to be used up already.
                409 => assert!(["E405", "E406"].contains(&reply.body()["code"].as_str().unwrap())),
                other => panic!("{other}: {}", reply.text()),
            }
        }
        assert_eq!((placed, shop.stock(2, 4).await), (7, 93));
        let mut late = shop.browser();
        late.add(4, 1).await.is(200);
        let problem = late.coupon("LIMITED").await.problem(422, "E406");
        assert_eq!(problem["title"], "The coupon LIMITED was used as often as it may be.");
    }
}

/// A coupon that pays for all of it: what is sold out meanwhile changes nothing of the total.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sold_out_is_missed_though_the_total_is_the_same() {
    for shop in Shop::with_terms(&coupons(json!([{ "code": "GIFT", "amount": 1000 }]))).await {
        let mut guest = shop.browser();
        guest.add(1, 1).await.is(200);
        guest.add(4, 1).await.is(200);
        guest.coupon("GIFT").await.is(200);
        let quote = async |guest: &mut Browser| {
            let asked = json!({ "delivery": "express", "country": "DE" });
            let quote = guest.post("/api/v1/checkout/quote", asked).await.is(200).body();
            quote["total"]["amount"].as_i64().unwrap()
        };
        let total = quote(&mut guest).await;
        shop.import(&crate::support::CATALOGUE.replace("BALL,shopify,5", "BALL,shopify,0"), "true")
            .await
            .is(200);
        assert_eq!(quote(&mut guest).await, total);
        let mut form = order(total, "on_delivery");
        let line = |variant: i64| json!({ "variant_id": variant, "quantity": 1 });
        form["expected_lines"] = json!([line(1), line(4)]);
        guest.once("k", "/api/v1/orders", form.clone()).await.problem(409, "E405");
        form["expected_lines"] = json!([line(1)]);
        guest.once("k", "/api/v1/orders", form).await.is(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_known_by_address_and_account() {
    let terms = coupons(json!([
        { "code": "ONCE", "amount": 1, "per_customer": 1 },
        { "code": "FIRST", "amount": 1, "first_order": true, "per_customer": 1 }
    ]));
    for shop in Shop::with_terms(&terms).await {
        let total = 1005 - 100 + 990;
        let with = async |code: &str| {
            let mut buyer = shop.browser();
            buyer.add(4, 1).await.is(200);
            buyer.coupon(code).await.is(200);
            buyer
        };
        order_as(&mut with("ONCE").await, "k", "ada@example.org", total, "on_delivery").await.is(201);
        let again = order_as(&mut with("ONCE").await, "k", " ADA@example.org", total, "on_delivery").await;
        let title = "The coupon was used as often as it may be. Take it off the cart, then order.";
        assert_eq!(again.problem(409, "E406")["title"], title);
        let first = order_as(&mut with("FIRST").await, "k", "Ada@example.org", total, "on_delivery").await;
        assert!(first.problem(409, "E406")["title"].as_str().unwrap().contains("first order"));
        let mut bob = with("FIRST").await;
        order_as(&mut bob, "k", "bob@example.org", total, "on_delivery").await.is(201);
        assert_eq!(shop.stock(2, 4).await, 3);
        // Used, and not his first order: that is said which does not change. Without it he can order.
        let mut bob = with("FIRST").await;
        let again = order_as(&mut bob, "l", "bob@example.org", total, "on_delivery").await;
        let title = "The coupon is for a first order. Take it off the cart, then order.";
        assert_eq!(again.problem(409, "E406")["title"], title);
        bob.delete("/api/v1/cart/coupon").await.is(200);
        order_as(&mut bob, "l", "bob@example.org", 1995, "on_delivery").await.is(201);

        let mut eve = shop.browser();
        eve.sign_up("eve@example.org").await.is(201);
        eve.add(4, 1).await.is(200);
        eve.coupon("ONCE").await.is(200);
        order_as(&mut eve, "k", "eve@example.org", total, "on_delivery").await.is(201);
        // Under another address the account is still the same; the cart says so before anything is ordered.
        eve.add(4, 1).await.is(200);
        eve.coupon("ONCE").await.problem(422, "E406");
        let refused = eve.coupon("FIRST").await.problem(422, "E406");
        assert_eq!(refused["title"], "The coupon FIRST is for a first order.");
        // One that was put in before signing in is told of, and takes nothing off.
        let mut eve = with("FIRST").await;
        eve.sign_in("eve@example.org", "correct horse").await.is(200);
        eve.put("/api/v1/cart/items/4", json!({ "quantity": 1 })).await.is(200);
        let cart = eve.get("/api/v1/cart").await.is(200).body();
        assert_eq!(cart["notices"][0]["message"], "The coupon FIRST is for a first order.");
        assert_eq!((&cart["coupon"], cart["totals"]["total"]["amount"].as_i64()), (&Value::Null, Some(1005)));
        // An account that has ordered nothing may have it, whoever has left without an address.
        let mut db = shop.server.database.write().await.unwrap();
        sqlx::query("UPDATE orders SET email = '' WHERE email = 'bob@example.org'")
            .execute(&mut *db)
            .await
            .unwrap();
        db.commit().await.unwrap();
        let mut cem = shop.browser();
        cem.sign_up("cem@example.org").await.is(201);
        cem.add(4, 1).await.is(200);
        assert_eq!(cem.coupon("FIRST").await.is(200).body()["coupon"]["code"], "FIRST");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_first_orders_at_once_one_is_the_first() {
    let terms = coupons(json!([
        { "code": "WELCOME", "amount": 1, "first_order": true },
        { "code": "HELLO", "amount": 1, "first_order": true }
    ]));
    for shop in Shop::with_terms(&terms).await {
        let csv = crate::support::CATALOGUE.replace("BALL,shopify,5", "BALL,shopify,100");
        shop.import(&csv, "true").await.is(200);
        let mut buyers = Vec::new();
        for n in 0..20 {
            let mut buyer = shop.browser();
            buyer.add(4, 1).await.is(200);
            buyer.coupon(if n % 2 == 0 { "WELCOME" } else { "HELLO" }).await.is(200);
            buyers.push(buyer);
        }
        let order = |mut buyer: Browser| {
            tokio::spawn(async move {
                order_as(&mut buyer, "k", "ada@example.org", 1005 - 100 + 990, "on_delivery").await
            })
        };
        let orders: Vec<_> = buyers.into_iter().map(order).collect();
        let mut placed = 0;
        for order in orders {
            let reply = order.await.unwrap();
            placed += u32::from(reply.status == 201);
            assert!(reply.status == 201 || reply.body()["code"] == "E406", "{}", reply.text());
        }
        assert_eq!(placed, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_comes_back_when_the_payment_does_not_come() {
    let terms = coupons(json!([{ "code": "SINGLE", "amount": 1, "uses": 1, "per_customer": 1 }]));
    for shop in Shop::with_terms(&terms).await {
        let buy = async |key: &str| {
            let mut buyer = shop.browser();
            buyer.add(4, 1).await.is(200);
            buyer.coupon("SINGLE").await.is(200);
            order_as(&mut buyer, key, "ada@example.org", 1005 - 100 + 990, "test_card").await.is(201)
        };
        buy("a").await;
        let mut late = shop.browser();
        late.add(4, 1).await.is(200);
        late.coupon("SINGLE").await.problem(422, "E406");
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        buy("b").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_coupon_pays_whole_waits_for_no_provider() {
    let terms = json!({
        "coupons": [{ "code": "GIFT", "amount": 1000 }],
        "deliveries": [{ "id": "express", "name": "Collected", "rates": [{ "price": 0 }] }]
    });
    for shop in Shop::with_terms(&terms).await {
        shop.import(crate::support::CATALOGUE, "true").await.is(200);
        for payment in ["test_card", "on_delivery"] {
            let mut buyer = shop.browser();
            buyer.add(4, 1).await.is(200);
            buyer.coupon("GIFT").await.is(200);
            let placed = order_as(&mut buyer, "k", "ada@example.org", 0, payment).await.is(201).body();
            assert_eq!(
                (&placed["status"], placed["totals"]["total"]["amount"].as_i64()),
                (&json!("paid"), Some(0))
            );
            let address = format!("/api/v1/orders/{}", placed["key"].as_str().unwrap());
            let pay = json!({ "card_number": "4242 4242 4242 4242" });
            buyer.once("p", &format!("{address}/payment"), pay).await.problem(409, "E408");
            shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
            assert_eq!(shop.stock(2, 4).await, 4);
            buyer.post(&format!("{address}/cancellation"), json!({})).await.is(200);
            assert_eq!(shop.stock(2, 4).await, 5);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_out_by_trying_which_coupons_there_are_and_who_has_bought() {
    let terms = coupons(json!([{ "code": "FIRST", "amount": 1, "first_order": true }]));
    for shop in Shop::with_terms(&terms).await {
        let mut guest = shop.browser();
        guest.add(4, 1).await.is(200);
        for n in 0..30 {
            guest.coupon(&format!("GUESS{n}")).await.problem(422, "E406");
        }
        guest.coupon("ANOTHER").await.problem(429, "E415");
        // A code that there is counts for nothing.
        guest.coupon("FIRST").await.is(200);
        order_as(&mut guest, "a", "ada@example.org", 1005 - 100 + 990, "on_delivery").await.is(201);

        let mut stranger = shop.browser_at("192.0.2.7");
        stranger.add(4, 1).await.is(200);
        stranger.coupon("FIRST").await.is(200);
        let total = 1005 - 100 + 990;
        // A way of payment that there is not is refused before anybody is looked up.
        for email in ["Ada@Example.org", "bob@example.org"] {
            order_as(&mut stranger, "b", email, total, "stripe").await.problem(422, "E401");
        }
        for n in 0..19 {
            let reply =
                order_as(&mut stranger, &format!("c{n}"), "Ada@Example.org", total, "on_delivery").await;
            reply.problem(409, "E406");
        }
        order_as(&mut stranger, "d", "Ada@Example.org", total, "on_delivery").await.problem(429, "E415");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_coupon_is_for() {
    let terms = coupons(json!([
        { "code": "BEDS", "percent": 50, "categories": ["beds"], "minimum": 50 },
        { "code": "BALLS", "percent": 10, "products": ["ball"] },
        { "code": "POST", "free_delivery": true },
        { "code": "OVER", "percent": 10, "until": "2020-01-01" },
        { "code": "LATER", "percent": 10, "from": "2999-01-01" },
        { "code": "HUGE", "amount": 1000 }
    ]));
    for shop in Shop::with_terms(&terms).await {
        let mut guest = shop.browser();
        guest.add(4, 1).await.is(200);
        for (code, expected) in [
            ("BEDS", "The coupon BEDS is for nothing that is in the cart."),
            ("OVER", "The coupon OVER is over."),
            ("LATER", "The coupon LATER does not count yet."),
        ] {
            assert_eq!(guest.coupon(code).await.problem(422, "E406")["title"], expected);
        }
        guest.add(1, 1).await.is(200);
        let problem = guest.coupon("BEDS").await.problem(422, "E406");
        assert_eq!(problem["title"], "The coupon BEDS counts from €50.00 of what it is for on.");
        guest.add(1, 1).await.is(200);
        let cart = guest.coupon("BEDS").await.is(200).body();
        assert_eq!(cart["totals"]["discount"]["amount"], 4990);
        assert_eq!(cart["coupon"]["label"], "50 % off some products");
        let cart = guest.coupon("BALLS").await.is(200).body();
        assert_eq!(cart["totals"]["discount"]["amount"], 101, "10 % of 10.05, half up");
        let cart = guest.coupon("HUGE").await.is(200).body();
        assert_eq!(cart["totals"]["total"]["amount"], 0, "never below nothing");
        guest.coupon("POST").await.is(200);
        let quote = json!({ "delivery": "express", "country": "DE" });
        let quote = guest.post("/api/v1/checkout/quote", quote).await.is(200).body();
        assert_eq!((&quote["delivery"]["amount"], &quote["total"]["amount"]), (&json!(0), &json!(10_985)));
        let options = guest.get("/api/v1/checkout/options?country=DE").await.is(200).body();
        assert_eq!(options["deliveries"][1]["price"]["amount"], 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tax_and_delivery_by_country_and_weight() {
    let terms = json!({
        "countries": ["DE", "US"],
        "taxes": { "US": { "percent": 8.25, "prices": "net" } },
        "deliveries": [
            { "id": "letter", "name": "Letter", "rates": [{ "up_to_grams": 500, "price": 2 }] },
            { "id": "parcel", "name": "Parcel", "rates": [
                { "countries": ["DE"], "up_to_grams": 1000, "price": 5 },
                { "countries": ["DE"], "price": 9 },
                { "countries": ["US"], "price": 30 }
            ] }
        ]
    });
    let csv = "Handle,Title,Variant Price,Variant Grams,Variant Inventory Qty\nball,Ball,10.00,400,9\n";
    for shop in Shop::with_terms(&terms).await {
        shop.import(csv, "true").await.is(200);
        let mut guest = shop.browser();
        let products = guest.get("/api/v1/catalogue/products?q=ball").await.is(200).body();
        let product = products["items"][0]["id"].as_i64().unwrap();
        let product = guest.get(&format!("/api/v1/catalogue/products/{product}")).await.is(200).body();
        let variant = product["variants"][0]["id"].as_i64().unwrap();
        let check = async |guest: &mut Browser, country: &str, expected: &[(&str, i64)]| {
            let options =
                guest.get(&format!("/api/v1/checkout/options?country={country}")).await.is(200).body();
            let found: Vec<_> = options["deliveries"].as_array().unwrap().iter().collect();
            let found: Vec<_> = found
                .iter()
                .map(|way| (way["id"].as_str().unwrap(), way["price"]["amount"].as_i64().unwrap()))
                .collect();
            assert_eq!(found, expected, "{country}");
        };
        guest.add(variant, 1).await.is(200);
        check(&mut guest, "DE", &[("letter", 200), ("parcel", 500)]).await;
        check(&mut guest, "US", &[("letter", 200), ("parcel", 3000)]).await;
        guest.add(variant, 1).await.is(200);
        check(&mut guest, "DE", &[("parcel", 500)]).await;
        guest.add(variant, 1).await.is(200);
        check(&mut guest, "DE", &[("parcel", 900)]).await;
        guest.get("/api/v1/checkout/options?country=FR").await.problem(422, "E401");
        let quote = |delivery: &str, country: &str| json!({ "delivery": delivery, "country": country });
        let post = "/api/v1/checkout/quote";
        guest.post(post, quote("letter", "DE")).await.problem(422, "E401");
        let german = guest.post(post, quote("parcel", "DE")).await.is(200).body();
        let amounts = |quote: &Value| {
            ["tax_included", "tax_added", "total"].map(|field| quote[field]["amount"].as_i64().unwrap())
        };
        assert_eq!(amounts(&german), [623, 0, 3900]);
        let american = guest.post(post, quote("parcel", "US")).await.is(200).body();
        assert_eq!(amounts(&american), [0, 495, 6495]);
        let mut form = order(6495, "on_delivery");
        form["delivery"] = json!("parcel");
        form["address"]["country"] = json!("US");
        let placed = guest.once("k", "/api/v1/orders", form).await.is(201).body();
        assert_eq!(placed["totals"], american);
        let key = placed["key"].as_str().unwrap();
        guest.get(&format!("/api/v1/orders/{key}")).await.is(200).json(placed.clone());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tax_that_is_added_everywhere_is_said_to_be_from_the_start() {
    let net = json!({ "countries": ["US"], "taxes": { "US": { "percent": 8.25, "prices": "net" } } });
    for shop in Shop::with_terms(&net).await {
        let mut guest = shop.browser();
        let product = guest.get("/api/v1/catalogue/products/2").await.is(200).body();
        assert_eq!(product["tax"], "added");
        let amounts = |totals: &Value| {
            ["tax_included", "tax_added", "total"].map(|field| totals[field]["amount"].as_i64().unwrap())
        };
        let cart = guest.add(4, 2).await.is(200).body();
        assert_eq!(amounts(&cart["totals"]), [0, 166, 2010 + 166]);
    }
}

/// What is told of the cart.
fn notices(cart: &Value) -> Vec<&str> {
    let notices = cart["notices"].as_array().map_or(&[][..], Vec::as_slice);
    notices.iter().filter_map(|notice| notice["message"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_that_is_over_is_told_of_until_the_next_change() {
    let terms = coupons(json!([{ "code": "SUMMER", "percent": 10 }, { "code": "GONE", "percent": 10 }]));
    for before in Shop::with_terms(&terms).await {
        let shop = before
            .server_with(|configuration| {
                let mut terms = (*configuration.terms).clone();
                terms.coupons.retain(|coupon| coupon.code == "SUMMER");
                terms.coupons[0].until = Some(0);
                configuration.terms = Arc::new(terms);
            })
            .await;
        for (code, expected) in
            [("SUMMER", "The coupon SUMMER is over."), ("GONE", "The coupon GONE is over.")]
        {
            let mut guest = before.browser();
            guest.add(4, 1).await.is(200);
            guest.coupon(code).await.is(200);
            let mut later = shop.browser();
            later.cookies = guest.cookies;
            for _ in 0..2 {
                assert_eq!(notices(&later.get("/api/v1/cart").await.is(200).body()), [expected]);
            }
            assert_eq!(notices(&later.add(4, 1).await.is(200).body()), [expected]);
            let cart = later.add(4, 1).await.is(200).body();
            assert_eq!((notices(&cart), cart.get("idle_coupon")), (vec![], None));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_that_may_count_again_stays_until_it_is_taken_off() {
    let terms = coupons(json!([{ "code": "MORE", "percent": 10, "minimum": 20 }]));
    for shop in Shop::with_terms(&terms).await {
        let mut guest = shop.browser();
        guest.add(4, 2).await.is(200);
        guest.coupon("MORE").await.is(200);
        let set = async |guest: &mut Browser, quantity: i64| {
            guest.put("/api/v1/cart/items/4", json!({ "quantity": quantity })).await.is(200).body()
        };
        for _ in 0..2 {
            let cart = set(&mut guest, 1).await;
            assert_eq!((&cart["coupon"], &cart["idle_coupon"]["code"]), (&Value::Null, &json!("MORE")));
            assert_eq!(notices(&cart), ["The coupon MORE counts from €20.00 on."]);
        }
        let cart = set(&mut guest, 2).await;
        assert_eq!((&cart["coupon"]["code"], cart.get("idle_coupon")), (&json!("MORE"), None));
        set(&mut guest, 1).await;
        let cart = guest.send(Method::DELETE, "/api/v1/cart/coupon", None, &[]).await.is(200).body();
        assert_eq!((notices(&cart), cart.get("idle_coupon")), (vec![], None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_typed_before_signing_in_comes_along() {
    let terms = coupons(json!([
        { "code": "OLD", "percent": 5 },
        { "code": "NEW", "percent": 10 },
        { "code": "BALLS", "percent": 10, "products": ["ball"] }
    ]));
    for shop in Shop::with_terms(&terms).await {
        let check = async |email: &str, had: Option<&str>, typed: &str, expected: &str, told: Value| {
            let mut shopper = shop.browser();
            shopper.sign_up(email).await.is(201);
            shopper.add(1, 1).await.is(200);
            if let Some(had) = had {
                shopper.coupon(had).await.is(200);
            }
            shopper.delete("/api/v1/session").await.is(200);
            // Nothing is in the cart yet.
            shopper.coupon(typed).await.is(200);
            let session = shopper.sign_in(email, "correct horse").await.is(200).body();
            assert_eq!(session["notices"], told, "{email}");
            assert_eq!(shopper.get("/api/v1/cart").await.body()["coupon"]["code"], expected, "{email}");
            assert_eq!(shopper.cart().await, [(1, 1)]);
        };
        check("ada@example.org", None, "NEW", "NEW", Value::Null).await;
        check("bob@example.org", Some("NEW"), "NEW", "NEW", Value::Null).await;
        let told = json!(["A cart takes one coupon: NEW stays, OLD was taken off."]);
        check("cyd@example.org", Some("OLD"), "NEW", "NEW", told).await;
        let told = json!(["A cart takes one coupon: OLD stays, BALLS was taken off."]);
        check("dan@example.org", Some("OLD"), "BALLS", "OLD", told).await;
    }
}
