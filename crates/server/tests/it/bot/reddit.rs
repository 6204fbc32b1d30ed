//! Reddit's HTTP, spoken by a neighbour: good days and bad ones.

use super::neighbour::{Neighbour, Told};
use crate::support::Shop;
use serde_json::{Value, json};
use server::bot::reddit::{
    PATIENCE,
    listing::{Post, Shows, read},
};
use std::{
    io::Write,
    path::PathBuf,
    time::{Duration, Instant},
};

const TOKEN: &str = r#"{"access_token": "t0ken", "token_type": "bearer", "expires_in": 3600, "scope": "*"}"#;

fn listing(posts: &[(&str, &str)]) -> String {
    let children: Vec<Value> = posts
        .iter()
        .map(|(id, title)| {
            json!({ "kind": "t3", "data": {
                "id": id, "title": title, "selftext": "Because.", "author": "ada", "subreddit": "Jokes",
                "over_18": false, "stickied": false, "permalink": format!("/r/Jokes/comments/{id}/x/"),
            } })
        })
        .collect();
    json!({ "kind": "Listing", "data": { "after": null, "dist": children.len(), "children": children } })
        .to_string()
}

struct Day {
    shop: Shop,
    reddit: Neighbour,
    _file: tempfile::NamedTempFile,
}

/// A shop that asks the neighbour for jokes, and for nothing else.
async fn day() -> Day {
    day_on(&[]).await
}

async fn day_on(flags: &[&str]) -> Day {
    day_with(flags, json!({})).await
}

/// With more in the settings of Reddit.
async fn day_with(flags: &[&str], more: Value) -> Day {
    let reddit = Neighbour::open().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut settings = json!({
        "contents": { "joke": {
            "subreddits": { "en": ["Jokes"] }, "shows": "title-and-text", "bundled": "jokes",
            "name": { "en": "joke", "de": "Witz" },
        } },
        "reddit": { "token_origin": reddit.origin, "listing_origin": reddit.origin, "user": "tester" },
    });
    settings["reddit"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    std::fs::write(file.path(), settings.to_string()).unwrap();
    let flags = [flags, &["--bot", file.path().to_str().unwrap()]].concat();
    let secrets = [
        ("MENAGERIE_REDDIT_CLIENT_ID", "me".to_owned()),
        ("MENAGERIE_REDDIT_CLIENT_SECRET", "s3cret".to_owned()),
    ];
    let shop = Shop::with_secrets(&flags, &secrets).await;
    Day { shop, reddit, _file: file }
}

impl Day {
    /// Asks for a joke: what is said, and where it comes from.
    async fn joke(&self, session: &str) -> (String, String) {
        self.ask(session, json!({ "content": "joke" }), "en").await
    }

    async fn ask(&self, session: &str, parameters: Value, language: &str) -> (String, String) {
        let request = json!({
            "session": format!("projects/petstore/agent/sessions/{session}"),
            "queryResult": { "action": "content.say", "languageCode": language, "parameters": parameters },
        });
        let answer = self.shop.browser().post("/api/v1/bot/fulfilment", request).await.is(200).body();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        (text("fulfillmentText"), text("source"))
    }
}

#[tokio::test]
async fn a_token_is_fetched_once_and_the_listing_with_it() {
    let day = day().await;
    day.reddit.next([Told::json(TOKEN), Told::json(listing(&[("a1", "Why?"), ("a2", "Who?")]))]);
    let (said, source) = day.joke("s").await;
    assert!(source == "reddit" && said.contains("Because."), "{source}: {said}");
    let [token, top] = &day.reddit.seen()[..] else { panic!("two requests") };
    assert_eq!((token.method.as_str(), token.uri.path()), ("POST", "/api/v1/access_token"));
    assert_eq!(token.headers["authorization"], "Basic bWU6czNjcmV0");
    assert_eq!(&token.body[..], b"grant_type=client_credentials");
    assert_eq!(top.uri.to_string(), "/r/Jokes/top?t=day&limit=100&raw_json=1");
    assert_eq!(top.headers["authorization"], "Bearer t0ken");
    let agent = top.headers["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("web:menagerie:") && agent.ends_with("(by /u/tester)"), "{agent}");

    // The second one comes out of memory, and is the other one.
    let (again, source) = day.joke("s").await;
    assert!(source == "reddit" && again != said, "{again}");
    assert!(day.reddit.seen().is_empty());
    // When those are told, our own follow; the third of them is another one still.
    assert_eq!(day.joke("s").await.1, "bundled");
}

#[tokio::test]
async fn author_and_permalink_are_shown() {
    let day = day().await;
    day.reddit.next([Told::json(TOKEN), Told::json(listing(&[("a1", "Why?")]))]);
    let request = json!({
        "session": "s", "queryResult": { "action": "content.say", "parameters": { "content": "joke" } },
    });
    let answer = day.shop.browser().post("/api/v1/bot/fulfilment", request).await.is(200).body();
    let info = &answer["fulfillmentMessages"][1]["payload"]["richContent"][0][0];
    assert_eq!(info["title"], "u/ada · r/Jokes");
    assert_eq!(info["actionLink"], "https://www.reddit.com/r/Jokes/comments/a1/x/");
    let question = answer["fulfillmentText"].as_str().unwrap();
    assert!(question.ends_with("What next: another joke, or something else?"), "{question}");
}

#[tokio::test]
async fn a_bad_day_gives_our_own_and_says_so() {
    let token = || Told::json(TOKEN);
    let big = "x".repeat(5 * 1024 * 1024);
    for (what, answers) in [
        ("the secret is wrong", vec![Told::status(401, r#"{"message": "Unauthorized", "error": 401}"#)]),
        ("the token is refused with 200", vec![Told::json(r#"{"error": "unsupported_grant_type"}"#)]),
        ("the token is no JSON", vec![Told::json("<html>")]),
        ("the token cannot stand in a header", vec![Told::json(r#"{"access_token": "a\nb"}"#)]),
        ("forbidden", vec![token(), Told::status(403, r#"{"message": "Forbidden"}"#)]),
        ("gone", vec![token(), Told::status(404, "")]),
        ("too many", vec![token(), Told::status(429, "").with("retry-after", "120")]),
        ("down", vec![token(), Told::status(503, "<html>busy</html>")]),
        ("elsewhere", vec![token(), Told::status(302, "").with("location", "http://127.0.0.1:1/")]),
        ("garbage", vec![token(), Told::json("<html>sign in</html>")]),
        ("no listing", vec![token(), Told::json(r#"{"kind": "t5", "data": {}}"#)]),
        ("empty", vec![token(), Told::json(listing(&[]))]),
        ("huge", vec![token(), Told::json(big)]),
        ("slow", vec![token().after(Duration::from_secs(60))]),
    ] {
        let day = day().await;
        day.reddit.next(answers);
        let (said, source) = day.joke("s").await;
        assert!(source == "bundled" && said.len() > 40, "{what}: {source}: {said}");
    }
}

#[tokio::test]
async fn nobody_waits_for_one_listing_after_the_other() {
    let day = day().await;
    day.reddit.always(Told::json(TOKEN).after(Duration::from_secs(60)));
    // What the first question of all waits for is none of Reddit's: in German there is no listing.
    assert_eq!(day.ask("g", json!({ "content": "joke" }), "de").await.1, "bundled");
    let begun = Instant::now();
    let about = |about: &str| json!({ "content": "joke", "about": about });
    let (cats, nobodys) = tokio::join!(
        day.ask("s", json!({ "content": "joke", "topic": "cats" }), "en"),
        day.ask("t", about("quantum chromodynamics"), "en"),
    );
    assert_eq!((cats.1.as_str(), nobodys.1.as_str()), ("bundled", "bundled"));
    assert!(begun.elapsed() < 2 * PATIENCE, "{:?}", begun.elapsed());
    assert_eq!(day.reddit.seen().len(), 1, "the token is asked for once");
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_renewed_once() {
    let day = day().await;
    day.reddit.next([
        Told::json(TOKEN),
        Told::status(401, ""),
        Told::json(TOKEN.replace("t0ken", "fresh")),
        Told::json(listing(&[("a1", "Why?")])),
    ]);
    assert_eq!(day.joke("s").await.1, "reddit");
    let seen = day.reddit.seen();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[3].headers["authorization"], "Bearer fresh");
}

#[tokio::test]
async fn a_token_that_ends_is_renewed() {
    let day = day().await;
    let short = || Told::json(TOKEN.replace("3600", "30"));
    day.reddit.next([short(), Told::json(listing(&[("a1", "Why?")]))]);
    assert_eq!(day.joke("s").await.1, "reddit");
    day.reddit.next([short(), Told::json(listing(&[("c1", "My cat")]))]);
    assert_eq!(day.ask("s", json!({ "content": "joke", "topic": "cats" }), "en").await.1, "reddit");
    let paths: Vec<String> = day.reddit.seen().iter().map(|seen| seen.uri.path().to_owned()).collect();
    assert_eq!(paths, ["/api/v1/access_token", "/r/Jokes/top", "/api/v1/access_token", "/r/Jokes/search"]);
}

#[tokio::test]
async fn listings_are_there_before_anybody_asks() {
    let day = day().await;
    day.reddit.next([Told::json(TOKEN), Told::json(listing(&[("a1", "Why?")]))]);
    day.shop.server.bot.reddit().refresh().await;
    assert_eq!(day.reddit.seen().len(), 2);
    day.shop.server.bot.reddit().refresh().await;
    assert_eq!(day.joke("s").await.1, "reddit");
    assert!(day.reddit.seen().is_empty(), "fresh enough");
}

#[tokio::test]
async fn when_reddit_asks_for_a_pause_it_gets_one() {
    for limit in [
        Told::status(429, "").with("retry-after", "120"),
        Told::status(429, "").with("x-ratelimit-reset", "300"),
        Told::status(429, "").with("retry-after", "nonsense"),
        Told::json(listing(&[("a1", "Why?")]))
            .with("x-ratelimit-remaining", "0.0")
            .with("x-ratelimit-reset", "300"),
    ] {
        let day = day().await;
        day.reddit.next([Told::json(TOKEN), limit]);
        day.reddit.always(Told::json(listing(&[("a2", "Who?")])));
        day.joke("s").await;
        assert_eq!(day.reddit.seen().len(), 2);
        // Another listing would be due, but not now.
        day.ask("s", json!({ "content": "joke", "topic": "cats" }), "en").await;
        day.shop.server.bot.reddit().refresh().await;
        assert_eq!(day.reddit.seen().len(), 0);
    }
}

#[tokio::test]
async fn our_own_pace_is_kept_whatever_reddit_would_take() {
    let day = day_with(&[], json!({ "per_minute": 2 })).await;
    day.reddit.next([Told::json(TOKEN), Told::json(listing(&[("a1", "Why?")]))]);
    day.reddit.always(Told::json(listing(&[("c1", "My cat")])));
    assert_eq!(day.joke("s").await.1, "reddit");
    assert_eq!(day.reddit.seen().len(), 2, "the token counts");
    assert_eq!(day.ask("s", json!({ "content": "joke", "topic": "cats" }), "en").await.1, "bundled");
    assert!(day.reddit.seen().is_empty());
}

#[tokio::test]
async fn a_topic_is_searched_for_and_what_does_not_fit_is_left_out() {
    let day = day().await;
    let about = listing(&[("c1", "Why do cats purr?"), ("c2", "A category of its own")]);
    day.reddit.next([Told::json(TOKEN), Told::json(about), Told::json(listing(&[("a1", "Why?")]))]);
    let cats = json!({ "content": "joke", "topic": "cats" });
    let (said, source) = day.ask("s", cats.clone(), "en").await;
    assert!(source == "reddit" && said.starts_with("Why do cats purr?"), "{said}");
    let search = day.reddit.seen()[1].uri.to_string();
    assert!(search.starts_with("/r/Jokes/search?q=cat+OR+cats+OR+kitten"), "{search}");
    // Then our own about cats, not Reddit's about something else.
    assert_eq!(day.ask("s", cats, "en").await.1, "bundled");
    // Who speaks German hears German.
    let (said, source) = day.ask("g", json!({ "content": "joke" }), "de").await;
    assert!(source == "bundled" && said.contains("Und jetzt"), "{source}: {said}");
}

#[tokio::test]
async fn nobody_hears_the_same_twice_and_everything_ends() {
    let day = day().await;
    let posts: Vec<(String, String)> = (0..30).map(|n| (format!("p{n}"), format!("Title {n}"))).collect();
    let posts: Vec<(&str, &str)> = posts.iter().map(|(id, title)| (id.as_str(), title.as_str())).collect();
    day.reddit.next([Told::json(TOKEN), Told::json(listing(&posts))]);
    let mut heard = std::collections::HashSet::new();
    loop {
        // Two at a time, so that they would choose the same one.
        let (a, b) = tokio::join!(day.joke("s"), day.joke("s"));
        if a.1 == "none" {
            break;
        }
        assert!(heard.insert(a.0.clone()), "{} twice", a.0);
        assert!(b.1 == "none" || heard.insert(b.0.clone()), "{} twice", b.0);
    }
    assert!(heard.len() >= 110, "{}", heard.len());
    let (said, _) = day.joke("s").await;
    assert!(said.contains("every joke I have"), "{said}");
    assert_ne!(day.joke("another").await.1, "none");
}

#[tokio::test]
async fn the_last_good_listing_outlives_a_restart() {
    let data = tempfile::TempDir::new().unwrap();
    let flags = ["--data", data.path().to_str().unwrap()];
    let first = day_on(&flags).await;
    first.reddit.next([Told::json(TOKEN), Told::json(listing(&[("a1", "Kept well")]))]);
    assert_eq!(first.joke("s").await.1, "reddit");
    drop(first);
    let second = day_on(&flags).await;
    second.reddit.always(Told::status(503, ""));
    let (said, source) = second.joke("t").await;
    assert!(said.starts_with("Kept well") && source == "reddit", "{source}: {said}");
    assert!(second.reddit.seen().is_empty(), "it is fresh enough");
    drop(second);

    // Later, with Reddit away: the same listing, and how old it is; much later not any more, and neither where the clock
    // was ahead when it was kept.
    for (hours, expected) in [(3, "reddit-kept"), (48, "bundled"), (-72, "bundled")] {
        let later = day_on(&flags).await;
        later.reddit.always(Told::status(503, ""));
        let mut transaction = later.shop.server.database.write().await.unwrap();
        sqlx::query("UPDATE bot_listings SET fetched_at = fetched_at - $1")
            .bind(hours * 60 * 60 * 1000_i64)
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        let (said, source) = later.joke(&format!("after {hours}")).await;
        assert_eq!(source, expected, "{said}");
    }
    // What is not shown any more is not kept, be Reddit away for ever.
    let last = day_on(&flags).await;
    last.reddit.always(Told::status(503, ""));
    let count = async || {
        let mut db = last.shop.server.database.write().await.unwrap();
        let aged = sqlx::query("UPDATE bot_listings SET fetched_at = 1").execute(&mut *db).await.unwrap();
        assert!(aged.rows_affected() > 0, "nothing was kept");
        db.commit().await.unwrap();
        last.shop.server.bot.sweep().await.unwrap();
        let mut db = last.shop.server.database.read().await.unwrap();
        sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM bot_listings").fetch_one(&mut *db).await.unwrap()
    };
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn without_a_database_there_are_jokes_all_the_same() {
    let day = day().await;
    day.reddit.always(Told::status(503, ""));
    day.shop.server.database.close().await;
    let (said, source) = day.joke("s").await;
    assert!(source == "bundled" && said.len() > 40, "{said}");
}

/// A listing with all the fields that Reddit's have; its posts are made up.
#[test]
fn a_whole_listing_is_read() {
    let whole = include_bytes!("listing.json");
    for (shows, expected) in [
        (Shows::Title, &["1a2b3c", "1a2b3d", "1a2b3g"][..]),
        // The link has no text.
        (Shows::TitleAndText, &["1a2b3c", "1a2b3g"]),
    ] {
        let posts = read(whole, shows).unwrap();
        assert_eq!(posts.iter().map(|post| &*post.id).collect::<Vec<_>>(), expected);
    }
    let posts = read(whole, Shows::TitleAndText).unwrap();
    let first = Post {
        id: "1a2b3c".to_owned(),
        title: "My cat & I have an agreement".to_owned(),
        text: "She sleeps.\n\nI do not move.".to_owned(),
        author: "made_up-1".to_owned(),
        subreddit: "Jokes".to_owned(),
        flair: "Short".to_owned(),
        permalink: "/r/Jokes/comments/1a2b3c/my_cat_i_have_an_agreement/".to_owned(),
        url: "https://www.reddit.com/r/Jokes/comments/1a2b3c/my_cat_i_have_an_agreement/".to_owned(),
    };
    assert_eq!(posts[0], first);
    cut_off(whole);
}

/// Cut off anywhere, a listing is refused with its place.
fn cut_off(whole: &[u8]) {
    for at in [1, whole.len() / 2, whole.trim_ascii_end().len() - 1] {
        let message = read(&whole[..at], Shows::Title).unwrap_err().to_string();
        assert!(message.starts_with("line "), "{message}");
    }
}

/// Real answers of Reddit, recorded by others, where they lie beside the repository.
#[tokio::test]
async fn recorded_listings_are_read() {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/reddit"].iter().collect();
    if !folder.is_dir() {
        // Not `eprintln`: of a test that passes nobody would see it.
        let said =
            format!("The recordings of Reddit are not here ({}): only our own is read.\n", folder.display());
        let _ = std::io::stderr().write_all(said.as_bytes());
        return;
    }
    for (file, least, most) in [
        ("front-hot.json", 40, 99),
        ("r-askreddit-top-all.json", 40, 100),
        ("r-askreddit-top-2024-dist1.json", 0, 0),
    ] {
        let recorded = std::fs::read(folder.join(file)).unwrap();
        let posts = read(&recorded, Shows::Title).unwrap();
        assert!((least..=most).contains(&posts.len()), "{file}: {}", posts.len());
        let raw: Value = serde_json::from_slice(&recorded).unwrap();
        for post in &posts {
            let children = raw["data"]["children"].as_array().unwrap();
            let source = children.iter().find(|child| child["data"]["id"] == post.id.as_str()).unwrap();
            assert_eq!(source["data"]["over_18"], false, "{file}: {}", post.id);
            assert_eq!(source["data"]["stickied"], false, "{file}: {}", post.id);
            assert!(post.permalink.starts_with("/r/"), "{file}: {}", post.id);
        }
        cut_off(&recorded);
    }
}
