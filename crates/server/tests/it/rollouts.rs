//! Going live step by step, and back.

use crate::{
    on_both,
    support::{
        Shop,
        crowd::{self, fine, visit},
        release::{make, plain, publish, shell, tar},
        rollout::{APP, act, check_live, keep, look, now, prepare, start, status},
    },
};
use axum::http::Method;
use contract::rollout;
use serde_json::{Value, json};

on_both!(
    a_good_release_goes_to_everybody_step_by_step,
    a_release_that_panics_for_one_visitor_in_five_goes_back,
    a_release_that_takes_twice_as_long_goes_back,
    a_release_that_never_mounts_goes_back,
    one_address_takes_nothing_back,
    times_that_scatter_behind_shared_addresses_take_nothing_back,
    slow_lines_that_many_share_take_nothing_back,
    faults_that_both_have_behind_shared_addresses_take_nothing_back,
    what_fails_behind_shared_addresses_goes_back,
    without_reports_nothing_is_promoted,
    a_clock_that_jumps_skips_no_step,
    clocks_that_differ_make_no_step_shorter,
    paused_held_and_promoted,
    what_is_held_goes_back_when_it_does_worse,
    what_is_under_way_is_not_started_in_other_steps,
    a_beginning_that_lies_ahead_hides_no_reports,
    one_rollout_at_a_time_and_the_same_again_is_no_error,
    what_newly_uses_a_web_api_is_held_until_an_operator_allows_it,
    the_shell_is_rolled_out_like_any_other,
    two_servers_step_once,
    what_cannot_be_asked_for,
    teams_see_and_move_their_own_microapp_only,
);

async fn a_good_release_goes_to_everybody_step_by_step(shop: Shop) {
    prepare(&shop).await;
    let begun =
        start(&shop, json!({ "version": "1.1.0", "steps": [20, 50, 100], "interval_seconds": 30 })).await;
    assert_eq!(
        begun["live"],
        json!([{ "version": "1.0.0", "percent": 80 }, { "version": "1.1.0", "percent": 20 }])
    );
    assert_eq!(begun["rollout"]["state"], "running");
    check_live(&shop, &[("1.0.0", 80.0), ("1.1.0", 20.0)], None).await;
    visit(&shop, "cart", 0..800, &fine).await;
    // Well, but the step has not lasted long enough.
    look(&shop, 10, 2).await;
    assert_eq!(status(&shop).await["rollout"]["reason"], "does well; waits for the end of the step");
    look(&shop, 30, 1).await;
    check_live(&shop, &[("1.0.0", 50.0), ("1.1.0", 50.0)], None).await;
    // Every step wants reports of its own: those of the first say nothing of whether anybody would hear of trouble now.
    look(&shop, 40, 4).await;
    let waits = "does well; waits for reports of this step: 0 of 25 visitors (one of each address)";
    assert_eq!(status(&shop).await["rollout"]["reason"], waits);
    check_live(&shop, &[("1.0.0", 50.0), ("1.1.0", 50.0)], None).await;
    visit(&shop, "cart", 800..1_000, &fine).await;
    look(&shop, 80, 1).await;
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    let ended = status(&shop).await;
    assert_eq!((&ended["rollout"]["state"], &ended["revision"]), (&json!("complete"), &json!(4)));
    let health = &ended["rollout"]["health"]["new"];
    assert!(health["visitors"].as_u64().unwrap() > 100 && health["unwell"] == 0, "{health}");
    let history = shop.operator(Method::GET, &format!("{APP}/history"), Value::Null).await.is(200).body();
    let told: Vec<_> = history["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            (r["revision"].as_i64().unwrap(), r["percent"].as_i64().unwrap(), r["why"].as_str().unwrap())
        })
        .collect();
    let expected = [
        (4, 100, "rollout, step 3 of 3"),
        (3, 50, "rollout, step 2 of 3"),
        (2, 20, "rollout, step 1 of 3"),
        (1, 100, "published"),
    ];
    assert_eq!(told, expected);
    // What was live before goes on being served: old pages need it.
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.is(200);
}

/// Ten slow visitors behind one address are one: nobody's script and no office with a slow line takes a release back.
async fn one_address_takes_nothing_back(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [5, 100], "interval_seconds": 1 })).await;
    visit(&shop, "cart", 0..60, &fine).await;
    let token = crowd::pass(&shop).await;
    for n in 0..10 {
        let visitor = format!("00000000-0000-4000-9000-{n:012}");
        let mount = json!({ "app": "cart", "version": "1.1.0", "kind": "ok", "ms": 5_000 });
        crowd::report(&shop, "192.0.2.7", &token, &visitor, json!([mount])).await.is(204);
    }
    shop.server.health.flush().await.unwrap();
    look(&shop, 0, 3).await;
    assert_eq!(status(&shop).await["rollout"]["state"], "running");
}

/// What becomes of a mount: by whether it is of the new release, which address it is, and which of those who share it.
type Shared<'a> = &'a dyn Fn(bool, u32, u32) -> (&'static str, u32);

/// Rolls out to `percent` of the visitors, of whom so many share each address in turn; the state of the rollout then.
async fn share(
    shop: &Shop,
    percent: u8,
    addresses: impl IntoIterator<Item = u32>,
    fate: Shared<'_>,
) -> Value {
    prepare(shop).await;
    start(shop, json!({ "version": "1.1.0", "steps": [percent, 100], "interval_seconds": 1 })).await;
    let token = crowd::pass(shop).await;
    for (at, together) in addresses.into_iter().enumerate() {
        let at = at as u32;
        for nth in 0..together {
            let visitor = format!("00000000-0000-4000-a000-{:012}", at * 100 + nth);
            let percents = [f64::from(100 - percent), f64::from(percent)];
            let is_new = rollout::pick(&visitor, "cart", &percents) == 1;
            let (kind, ms) = fate(is_new, at, nth);
            let mount = json!({ "app": "cart", "version": if is_new { "1.1.0" } else { "1.0.0" }, "kind": kind, "ms": ms });
            let address = std::net::Ipv4Addr::from(0x0a01_0000 + at).to_string();
            crowd::report(shop, &address, &token, &visitor, json!([mount])).await.is(204);
        }
    }
    shop.server.health.flush().await.unwrap();
    look(shop, 0, 1).await;
    status(shop).await["rollout"]["state"].clone()
}

/// The fastest of many is faster than the only one.
async fn times_that_scatter_behind_shared_addresses_take_nothing_back(shop: Shop) {
    let fate: Shared<'_> = &|_, _, nth| ("ok", 100 + 50 * nth);
    assert_eq!(share(&shop, 5, [10; 40], fate).await, "running");
    // Who comes after ten others of the same address is heard of with neither release.
    let told = async || {
        shop.server.health.flush().await.unwrap();
        let health = status(&shop).await["rollout"]["health"].clone();
        look(&shop, 0, 1).await;
        health["new"]["visitors"].as_u64().unwrap() + health["before"]["visitors"].as_u64().unwrap()
    };
    assert_eq!(told().await, 400);
    let token = crowd::pass(&shop).await;
    for (n, version) in ["1.0.0", "1.1.0"].into_iter().enumerate() {
        let visitor = format!("00000000-0000-4000-b000-{n:012}");
        let mount = json!({ "app": "cart", "version": version, "kind": "ok", "ms": 40 });
        crowd::report(&shop, "10.1.0.0", &token, &visitor, json!([mount])).await.is(204);
    }
    assert_eq!((told().await, told().await), (400, 400));
}

/// Where ten share an address one of them likelier has the new release than where there is only one.
async fn slow_lines_that_many_share_take_nothing_back(shop: Shop) {
    let addresses = std::iter::repeat_n(10, 45).chain(std::iter::repeat_n(1, 300));
    let fate: Shared<'_> = &|_, at, nth| ("ok", if at < 45 { 400 } else { 40 } + nth);
    assert_eq!(share(&shop, 10, addresses, fate).await, "running");
}

/// Of ten there is nearly always one who saw it fail.
async fn faults_that_both_have_behind_shared_addresses_take_nothing_back(shop: Shop) {
    let fate: Shared<'_> = &|_, _, nth| if nth % 2 == 0 { ("failed", 40) } else { ("ok", 40) };
    assert_eq!(share(&shop, 5, [10; 60], fate).await, "running");
}

async fn what_fails_behind_shared_addresses_goes_back(shop: Shop) {
    let fate: Shared<'_> = &|is_new, _, _| if is_new { ("failed", 40) } else { ("ok", 40) };
    assert_eq!(share(&shop, 50, [10; 40], fate).await, "rolled-back");
}

async fn goes_back(shop: &Shop, fate: crowd::Fate<'_>, reason: &str) {
    prepare(shop).await;
    start(shop, json!({ "version": "1.1.0", "steps": [20, 50, 100], "interval_seconds": 1 })).await;
    visit(shop, "cart", 0..1_000, fate).await;
    look(shop, 0, 3).await;
    check_live(shop, &[("1.0.0", 100.0)], None).await;
    let status = status(shop).await;
    assert_eq!(status["rollout"]["state"], "rolled-back");
    let found = status["rollout"]["reason"].as_str().unwrap();
    assert!(found.contains(reason), "{found}");
    let history = shop.operator(Method::GET, &format!("{APP}/history"), Value::Null).await.is(200).body();
    let last = &history["revisions"][0];
    assert_eq!((&last["version"], &last["who"]), (&json!("1.0.0"), &json!("the rollout")));
    assert!(last["why"].as_str().unwrap().starts_with("rolled back: "), "{last}");
    let releases = "/api/v1/registry/releases?app=cart";
    let listed = shop.operator(Method::GET, releases, Value::Null).await.is(200).body();
    assert!(listed["releases"][0]["faulty"].as_str().unwrap().contains(reason), "{listed}");
    // Nothing moves any more.
    look(shop, 100, 3).await;
    check_live(shop, &[("1.0.0", 100.0)], None).await;
}

async fn a_release_that_panics_for_one_visitor_in_five_goes_back(shop: Shop) {
    goes_back(&shop, &|n| if n % 5 == 0 { ("panicked", 40) } else { fine(n) }, "saw it fail, before 0.0 %")
        .await;
}

async fn a_release_that_takes_twice_as_long_goes_back(shop: Shop) {
    goes_back(
        &shop,
        &|n| ("ok", 2 * (40 + n as u32 % 10)),
        "three of four mounts took up to 94 ms, before 47 ms",
    )
    .await;
}

async fn a_release_that_never_mounts_goes_back(shop: Shop) {
    goes_back(&shop, &|_| ("timed-out", 3_000), "(100.0 %) saw it fail").await;
}

async fn without_reports_nothing_is_promoted(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "interval_seconds": 1 })).await;
    look(&shop, 0, 50).await;
    check_live(&shop, &[("1.0.0", 95.0), ("1.1.0", 5.0)], None).await;
    let reason = status(&shop).await["rollout"]["reason"].as_str().unwrap().to_owned();
    assert_eq!(reason, "waits for reports of the new release: 0 of 100 visitors (one of each address)");
}

async fn a_clock_that_jumps_skips_no_step(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [20, 50, 100], "interval_seconds": 60 })).await;
    visit(&shop, "cart", 0..800, &fine).await;
    let year = 365 * 24 * 60 * 60;
    for jump in [0, year, 0, -year, 0] {
        look(&shop, jump, 1).await;
    }
    let waited = status(&shop).await["rollout"]["waited_seconds"].as_i64().unwrap();
    assert!((15..=45).contains(&waited), "{waited}");
    check_live(&shop, &[("1.0.0", 80.0), ("1.1.0", 20.0)], None).await;
    look(&shop, 0, 8).await;
    check_live(&shop, &[("1.0.0", 50.0), ("1.1.0", 50.0)], None).await;
}

/// Two servers that look every five seconds, one of them ahead.
async fn clocks_that_differ_make_no_step_shorter(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [20, 50, 100], "interval_seconds": 600 })).await;
    visit(&shop, "cart", 0..800, &fine).await;
    let waited = async || status(&shop).await["rollout"]["waited_seconds"].as_i64().unwrap();
    for ahead in [20, 120] {
        let (begun, before) = (now(), waited().await);
        for n in 0..20 {
            for clock in [0, ahead] {
                shop.server.releases.look(begun + (5 * n + clock) * 1000).await.unwrap();
            }
        }
        let waited = waited().await - before;
        assert!((90..=120).contains(&waited), "{waited} s in 100, {ahead} s apart");
    }
}

async fn paused_held_and_promoted(shop: Shop) {
    prepare(&shop).await;
    let wish = json!({ "version": "1.1.0", "steps": [20, 100], "interval_seconds": 1, "hold": true });
    assert_eq!(start(&shop, wish).await["rollout"]["state"], "paused");
    visit(&shop, "cart", 0..800, &fine).await;
    look(&shop, 0, 5).await;
    check_live(&shop, &[("1.0.0", 80.0), ("1.1.0", 20.0)], None).await;
    assert_eq!(act(&shop, "/rollout/resume").await["rollout"]["state"], "running");
    assert_eq!(act(&shop, "/rollout/pause").await["rollout"]["state"], "paused");
    assert_eq!(act(&shop, "/rollout/promote").await["rollout"]["state"], "complete");
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    for verb in ["pause", "resume", "promote"] {
        let address = format!("{APP}/rollout/{verb}");
        shop.operator(Method::POST, &address, json!({})).await.problem(409, "E525");
    }
}

/// Holding keeps a rollout from going on, not from going back.
async fn what_is_held_goes_back_when_it_does_worse(shop: Shop) {
    prepare(&shop).await;
    let wish = json!({ "version": "1.1.0", "steps": [20, 100], "interval_seconds": 1, "hold": true });
    start(&shop, wish).await;
    visit(&shop, "cart", 0..1_000, &|n| if n % 3 == 0 { ("panicked", 40) } else { fine(n) }).await;
    look(&shop, 0, 1).await;
    assert_eq!(status(&shop).await["rollout"]["state"], "rolled-back");
    check_live(&shop, &[("1.0.0", 100.0)], None).await;
}

/// Whoever adds `hold` or other steps to what is under way believes that they hold.
async fn what_is_under_way_is_not_started_in_other_steps(shop: Shop) {
    prepare(&shop).await;
    let wish = |steps: [u8; 2], hold: bool| json!({ "version": "1.1.0", "steps": steps, "interval_seconds": 60, "hold": hold });
    start(&shop, wish([10, 100], false)).await;
    start(&shop, wish([10, 100], false)).await;
    for other in [wish([20, 100], false), wish([10, 100], true)] {
        shop.operator(Method::POST, &format!("{APP}/rollout"), other).await.problem(409, "E524");
    }
    act(&shop, "/rollout/pause").await;
    start(&shop, wish([10, 100], true)).await;
}

/// Whoever began it had a clock an hour ahead, which was put right then.
async fn a_beginning_that_lies_ahead_hides_no_reports(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [20, 100], "interval_seconds": 1 })).await;
    let mut db = shop.server.database.write().await.unwrap();
    let ahead = "UPDATE rollouts SET started_at = started_at + 3600000";
    sqlx::query(ahead).execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    look(&shop, 0, 1).await;
    visit(&shop, "cart", 0..1_000, &|_| ("panicked", 40)).await;
    look(&shop, 0, 1).await;
    assert_eq!(status(&shop).await["rollout"]["state"], "rolled-back");
}

async fn one_rollout_at_a_time_and_the_same_again_is_no_error(shop: Shop) {
    prepare(&shop).await;
    keep(&shop, &plain("cart", "1.2.0")).await;
    let address = format!("{APP}/rollout");
    let first = start(&shop, json!({ "version": "1.1.0" })).await;
    let again = start(&shop, json!({ "version": "1.1.0" })).await;
    assert_eq!(first["rollout"]["id"], again["rollout"]["id"]);
    shop.operator(Method::POST, &address, json!({ "version": "1.2.0" })).await.problem(409, "E524");
    // For everybody at once: the rollout is over.
    publish(&shop, &plain("cart", "1.2.0")).await.is(200);
    assert_eq!(status(&shop).await["rollout"]["state"], "superseded");
    look(&shop, 0, 3).await;
    check_live(&shop, &[("1.2.0", 100.0)], Some("1.0.0")).await;
    // The first release of an app has nothing to be compared with.
    keep(&shop, &plain("home", "1.0.0")).await;
    let home = "/api/v1/registry/apps/home/rollout";
    let begun = shop.operator(Method::POST, home, json!({ "version": "1.0.0" })).await.is(200).body();
    assert_eq!(begun["live"], json!([{ "version": "1.0.0", "percent": 100 }]));
}

async fn what_newly_uses_a_web_api_is_held_until_an_operator_allows_it(shop: Shop) {
    let using = |version: &str, apis: &[&str]| make("cart", version, |d, _| d["webApis"] = json!(apis));
    publish(&shop, &using("1.0.0", &["addEventListener", "fetch"])).await.is(201);
    let team = json!({ "app": "cart" });
    let team = shop.operator(Method::POST, "/api/v1/registry/tokens", team).await.is(201).body();
    let team = team["secret"].as_str().unwrap();
    // Fewer are no matter.
    publish(&shop, &using("1.1.0", &["fetch"])).await.is(201);
    let more = using("1.2.0", &["clipboard", "fetch", "localStorage"]);
    let held = publish(&shop, &more).await.is(201).body();
    assert_eq!((&held["live"], &held["held"]), (&json!(false), &json!(["clipboard", "localStorage"])));
    check_live(&shop, &[("1.1.0", 100.0)], Some("1.0.0")).await;
    let address = format!("{APP}/rollout");
    let wish = json!({ "version": "1.2.0" });
    let problem = shop.operator(Method::POST, &address, wish.clone()).await.problem(409, "E523");
    assert!(problem["title"].as_str().unwrap().contains("newly uses clipboard, localStorage"), "{problem}");
    let allow = "/api/v1/registry/releases/cart/1.2.0/allow";
    let live_and_allow = "/api/v1/registry/releases?live=true&allow=true";
    shop.with_token(team, Method::POST, allow, Vec::new()).await.problem(403, "E522");
    shop.with_token(team, Method::POST, live_and_allow, tar(&more)).await.problem(403, "E522");
    let allowed = shop.operator(Method::POST, allow, Value::Null).await.is(200).body();
    assert_eq!(allowed["added"], json!(["clipboard", "localStorage"]));
    let who = async || {
        let listed = shop.operator(Method::GET, "/api/v1/registry/releases?app=cart", Value::Null).await;
        let listed = listed.is(200).body()["releases"].as_array().unwrap().clone();
        listed.iter().find(|release| release["version"] == "1.2.0").unwrap()["allowed_by"].clone()
    };
    let operator = who().await;
    assert!(operator.is_string());
    let begun = shop.with_token(team, Method::POST, &address, wish.to_string().into_bytes()).await;
    assert_eq!(begun.is(200).body()["rollout"]["state"], "running");
    // The team's own going live changes nothing of who allowed it.
    let live = "/api/v1/registry/releases?live=true";
    shop.with_token(team, Method::POST, live, tar(&more)).await.is(200);
    assert_eq!(who().await, operator);
    // An operator may say both at once.
    let most = using("1.3.0", &["bluetooth", "fetch"]);
    let live = shop.tool(Method::POST, live_and_allow, tar(&most)).await.is(201).body();
    assert_eq!((&live["live"], &live["held"]), (&json!(true), &json!([])));
}

async fn the_shell_is_rolled_out_like_any_other(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    keep_shell(&shop, "1.1.0").await;
    let first = shop.browser().get("/").await.is(200);
    assert!(first.header("set-cookie").is_empty(), "no cookie without need");
    let address = "/api/v1/registry/apps/shell/rollout";
    let wish = json!({ "version": "1.1.0", "steps": [50, 100] });
    shop.operator(Method::POST, address, wish).await.is(200);
    let mut newer = 0;
    for _ in 0..60 {
        let mut browser = shop.browser();
        let page = browser.get("/").await.is(200);
        assert_eq!(
            (page.header("cache-control"), page.header("vary")),
            ("private, no-cache", "accept-language, cookie")
        );
        let again = browser.get("/").await.is(200);
        assert_eq!(page.text(), again.text(), "a visitor keeps what they drew");
        assert_eq!(
            page.header("set-cookie"),
            again.header("set-cookie"),
            "for a month from the last page on"
        );
        newer += usize::from(page.text().contains("/apps/shell/1.1.0/"));
    }
    assert!((10..=50).contains(&newer), "{newer}");
    shop.operator(Method::POST, "/api/v1/registry/apps/shell/undo", json!({})).await.is(200);
    assert!(shop.browser().get("/").await.is(200).text().contains("/apps/shell/1.0.0/"));
}

async fn keep_shell(shop: &Shop, version: &str) {
    keep(shop, &shell(version)).await;
}

async fn two_servers_step_once(shop: Shop) {
    prepare(&shop).await;
    start(&shop, json!({ "version": "1.1.0", "steps": [20, 40, 60, 80, 100], "interval_seconds": 10 })).await;
    let other = shop.another_server().await;
    for n in 1..=2 {
        visit(&shop, "cart", 800 * (n as u32 - 1)..800 * n as u32, &fine).await;
        let at = now() + 10_000 * n;
        let (a, b, c) = tokio::join!(
            shop.server.releases.look(at),
            other.server.releases.look(at),
            other.server.releases.look(at)
        );
        a.and(b).and(c).unwrap();
        let percent = 20.0 + 20.0 * n as f64;
        check_live(&shop, &[("1.0.0", 100.0 - percent), ("1.1.0", percent)], None).await;
        check_live(&other, &[("1.0.0", 100.0 - percent), ("1.1.0", percent)], None).await;
    }
}

async fn what_cannot_be_asked_for(shop: Shop) {
    prepare(&shop).await;
    let address = format!("{APP}/rollout");
    for wish in [
        json!({ "version": "1.1.0", "steps": [] }),
        json!({ "version": "1.1.0", "steps": [5, 25] }),
        json!({ "version": "1.1.0", "steps": [50, 25, 100] }),
        json!({ "version": "1.1.0", "steps": [0, 100] }),
        json!({ "version": "1.1.0", "steps": [300] }),
        json!({ "version": "1.1.0", "interval_seconds": 0 }),
        json!({ "steps": [100] }),
    ] {
        shop.operator(Method::POST, &address, wish).await.problem(422, "E401");
    }
    shop.operator(Method::POST, &address, json!({ "version": "9.9.9" })).await.problem(404, "E521");
    for path in ["", "/history"] {
        let nobody = format!("/api/v1/registry/apps/nobody{path}");
        shop.operator(Method::GET, &nobody, Value::Null).await.problem(404, "E521");
    }
    let clash = make("basket", "1.0.0", |d, _| d["routes"] = json!(["/cart"]));
    keep(&shop, &clash).await;
    let basket = "/api/v1/registry/apps/basket/rollout";
    shop.operator(Method::POST, basket, json!({ "version": "1.0.0" })).await.problem(409, "E232");
    // Nor by an older form of an address.
    let clash = make("basket", "1.1.0", |d, _| d["aliases"] = json!({ "/cart": "/basket" }));
    keep(&shop, &clash).await;
    shop.operator(Method::POST, basket, json!({ "version": "1.1.0" })).await.problem(409, "E232");
}

async fn teams_see_and_move_their_own_microapp_only(shop: Shop) {
    prepare(&shop).await;
    let token = shop.operator(Method::POST, "/api/v1/registry/tokens", json!({ "app": "home" })).await.body();
    let token = token["secret"].as_str().unwrap();
    for (method, path) in [
        (Method::GET, ""),
        (Method::GET, "/history"),
        (Method::POST, "/rollout"),
        (Method::POST, "/rollout/pause"),
        (Method::POST, "/rollout/resume"),
        (Method::POST, "/rollout/promote"),
        (Method::POST, "/undo"),
    ] {
        let body = br#"{"version":"1.1.0"}"#.to_vec();
        shop.with_token(token, method, &format!("{APP}{path}"), body).await.problem(403, "E522");
    }
    let all = "/api/v1/registry/releases";
    shop.with_token(token, Method::GET, all, Vec::new()).await.is(200).json(json!({ "releases": [] }));
    let apps = "/api/v1/registry/apps";
    shop.with_token(token, Method::GET, apps, Vec::new()).await.is(200).json(json!({ "apps": [] }));
    keep(&shop, &plain("home", "1.0.0")).await;
    let own = shop.with_token(token, Method::GET, apps, Vec::new()).await.is(200).body();
    let names = |apps: &Value| -> Vec<Value> {
        apps["apps"].as_array().unwrap().iter().map(|app| app["app"].clone()).collect()
    };
    assert_eq!(names(&own), ["home"]);
    let every = shop.operator(Method::GET, apps, Value::Null).await.is(200).body();
    assert_eq!(names(&every), ["cart", "home", "shell"]);
    shop.with_token(token, Method::GET, &format!("{all}?app=cart"), Vec::new()).await.problem(403, "E522");
    shop.raw(axum::http::Request::get(APP).body(axum::body::Body::empty()).unwrap())
        .await
        .problem(401, "E522");
}
