//! Files of releases and pictures in a bucket, and places that are not the database's.

use crate::support::{
    Shop, postgres,
    release::{make, plain, publish, shell},
    s3::{BUCKET, Store},
};
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use server::{Server, objects::Place, state::StartError};
use sha2::{Digest as _, Sha384};

const FLAGS: &[&str] = &["--files", "s3://shop/shop/files"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn releases_and_pictures_lie_in_a_bucket() {
    let store = Store::start().await;
    let shop = Shop::with_secrets(FLAGS, &store.environment()).await;
    let release = make("cart", "1.0.0", |_, files| {
        files.insert("large.css".to_owned(), b"a{color:red}".repeat(1000));
        files.insert("small.css".to_owned(), b"a{color:blue}".to_vec());
    });
    publish(&shop, &release).await.is(201);
    let lies = store.folder.path().join(BUCKET).join("shop/files");
    assert!(lies.join("releases").is_dir() && !shop.server.configuration.data.join("releases").exists());

    let answer = shop.browser().get("/apps/cart/1.0.0/large.css").await.is(200);
    assert_eq!(answer.bytes, release["large.css"]);
    let mut picture = Vec::new();
    let drawn = image::DynamicImage::new_rgb8(40, 30);
    drawn.write_to(&mut std::io::Cursor::new(&mut picture), image::ImageFormat::Png).unwrap();
    let uploaded = shop.tool(Method::POST, "/api/v1/catalogue/pictures", picture).await.is(200).body();
    shop.browser().get(uploaded["url"].as_str().unwrap()).await.is(200);

    // Another server, with a folder of its own.
    let folder = tempfile::tempdir().unwrap();
    let database = shop.server.configuration.database.clone();
    let other = shop
        .server_with(|configuration| {
            configuration.data = folder.path().to_owned();
            configuration.database = database;
        })
        .await;
    other.browser().get("/apps/cart/1.0.0/large.css").await.is(200);
    publish(&other, &plain("home", "1.0.0")).await.is(201);
    shop.browser().get("/apps/home/1.0.0/home.js").await.is(200);
    let pruned = json!({ "keep": 2, "dry_run": false });
    shop.operator(Method::POST, "/api/v1/registry/prune", pruned).await.is(200);

    // The store goes: what was read lately is remembered, what else is asked for is not there now, and the server lives on.
    drop(store);
    let again = shop.browser().get("/apps/cart/1.0.0/large.css").await.is(200);
    assert_eq!(again.bytes, answer.bytes);
    shop.browser().get(uploaded["url"].as_str().unwrap()).await.is(200);
    // Whoever has a dictionary is given what is there, though nobody can say whether there is a difference from it.
    let dictionary = format!(":{}:", STANDARD.encode([7; 32]));
    let taken = [("accept-encoding", "br, zstd, dcb, dcz"), ("available-dictionary", &*dictionary)];
    let again = shop.browser().send(Method::GET, "/apps/cart/1.0.0/large.css", None, &taken).await.is(200);
    assert_eq!(again.bytes, answer.bytes);
    let reply = shop.browser().get("/apps/cart/1.0.0/small.css").await;
    assert!(reply.status.is_server_error(), "{}", reply.status);
    shop.browser().get("/manifest.json").await.is(200);
}

/// In a container that cannot write, for one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_keeps_nothing_here_needs_no_folder() {
    let Some(database) = postgres::database().await else { return };
    let store = Store::start().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let own = ["--database", &database, "--data", data.to_str().unwrap(), "--origin", "https://shop.example"];
    let mails = [("MENAGERIE_SMTP", "smtps://ada:secret@mail.example".to_owned())];
    let shop = Shop::with_secrets(&[FLAGS, &own].concat(), &[&*store.environment(), &mails].concat()).await;
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.is(200);
    assert!(!data.exists());
}

/// Files that are put back are found without a restart, and without anything going live.
#[tokio::test]
async fn files_that_were_lost_and_come_back() {
    let shop = Shop::empty(&[]).await;
    let release = make("chat", "1.0.0", |_, files| {
        files.insert("embed.js".to_owned(), b"start(/*%RELEASE%*/ {});".to_vec());
    });
    publish(&shop, &release).await.is(201);
    let data = &shop.server.configuration.data;
    let (files, aside) = (data.join("releases"), data.join("aside"));
    std::fs::rename(&files, &aside).unwrap();
    let other = shop.another_server().await;
    for address in ["/embed/chat.js", "/apps/chat/1.0.0/chat.js"] {
        other.browser().get(address).await.problem(503, "E502");
    }
    std::fs::rename(&aside, &files).unwrap();
    let loader = other.browser().get("/embed/chat.js").await.is(200).text();
    assert!(loader.contains(r#""version":"1.0.0""#), "{loader}");
    other.browser().get("/apps/chat/1.0.0/chat.js").await.is(200);
}

/// What is small in itself has no other form: nobody asks a bucket for one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_costs_one_read() {
    let store = Store::start().await;
    let shop = Shop::with_secrets(FLAGS, &store.environment()).await;
    let (picture, text) = (b"a picture".repeat(100), b"a{color:red}".repeat(1000));
    let release = make("cart", "1.0.0", |_, files| {
        files.insert("cart.avif".to_owned(), picture.clone());
        files.insert("cart.css".to_owned(), text.clone());
    });
    publish(&shop, &release).await.is(201);
    for (name, bytes, form) in [("cart.avif", picture, ""), ("cart.css", text, "br")] {
        let hash = format!("{:x}", Sha384::digest(&bytes));
        let taken = [("accept-encoding", "gzip, deflate, br, zstd")];
        let before = store.reads(&hash);
        for _ in 0..2 {
            let address = format!("/apps/cart/1.0.0/{name}");
            let answer = shop.browser().send(Method::GET, &address, None, &taken).await.is(200);
            let encoding = answer.headers.get("content-encoding").map_or("", |form| form.to_str().unwrap());
            assert_eq!(encoding, form, "{name}");
        }
        assert_eq!(store.reads(&hash) - before, 1, "{name}");
    }
}

/// Whatever dictionary somebody says that they have, the bucket is asked for the differences that there are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dictionary_that_is_made_up_costs_no_read() {
    let store = Store::start().await;
    let shop = Shop::with_secrets(FLAGS, &store.environment()).await;
    let text = b"a{color:red}".repeat(1000);
    let release = make("cart", "1.0.0", |_, files| {
        files.insert("cart.css".to_owned(), text.clone());
    });
    publish(&shop, &release).await.is(201);
    let fetch = async |shop: &Shop, dictionary: [u8; 32]| {
        let dictionary = format!(":{}:", STANDARD.encode(dictionary));
        let taken = [("accept-encoding", "br, zstd, dcb, dcz"), ("available-dictionary", &*dictionary)];
        let address = "/apps/cart/1.0.0/cart.css";
        let answer = shop.browser().send(Method::GET, address, None, &taken).await.is(200);
        answer.header("content-encoding").to_owned()
    };
    let before = store.reads("");
    for n in 0..20 {
        assert_eq!(fetch(&shop, [n; 32]).await, "br");
    }
    // A list and the file.
    assert_eq!((store.reads("") - before, store.reads(".dc")), (2, 0));

    let hash = format!("{:x}", Sha384::digest(&text));
    let folder = store.folder.path().join(BUCKET).join("shop/files/releases").join(&hash[..2]);
    std::fs::write(folder.join(format!("{hash}.{}.dcz", "07".repeat(32))), "a difference").unwrap();
    let other = shop.another_server().await;
    assert_eq!(fetch(&other, [7; 32]).await, "dcz");
    assert_eq!(fetch(&other, [8; 32]).await, "br");
}

/// A server with the files of nobody, or of somebody else, would have every release answered with 404.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_is_not_the_databases_is_refused() {
    let (shop, other) = (Shop::empty(&[]).await, Shop::empty(&[]).await);
    publish(&shop, &plain("home", "1.0.0")).await.is(201);
    let start = |place: &std::path::Path| {
        let mut configuration = (*shop.server.configuration).clone();
        configuration.files = Place::Folder(place.to_owned());
        Server::start(configuration)
    };
    let refused = |result: Result<Server, StartError>| result.err().expect("started").to_string();
    let empty = tempfile::tempdir().unwrap();
    let error = refused(start(empty.path()).await);
    assert!(error.starts_with("E502 The files in") && error.contains("is not here"), "{error}");
    let of_other = &other.server.configuration.data;
    let error = refused(start(of_other).await);
    assert!(error.contains("of another database"), "{error}");
    // A new database takes nobody's files over: it would prune them.
    let mut configuration = (*other.server.configuration).clone();
    configuration.database = format!("sqlite:{}", empty.path().join("new.sqlite").display());
    let error = refused(Server::start(configuration.clone()).await);
    assert!(error.contains("delete menagerie.store"), "{error}");
    std::fs::remove_file(of_other.join("menagerie.store")).unwrap();
    Server::start(configuration).await.unwrap();
    // What lost its mark, or comes from before there were any, is known by its files.
    let data = shop.server.configuration.data.clone();
    std::fs::remove_file(data.join("menagerie.store")).unwrap();
    start(&data).await.unwrap();
    // The way out that the first error names.
    let own = std::fs::read_to_string(shop.server.configuration.data.join("menagerie.store")).unwrap();
    std::fs::write(empty.path().join("menagerie.store"), format!("{own}\n")).unwrap();
    start(empty.path()).await.unwrap();
}

/// Pages wait for a store that says nothing; whoever wants nothing of it does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_hangs_keeps_no_order_waiting() {
    let store = Store::start().await;
    let shop = Shop::with_secrets(FLAGS, &store.environment()).await;
    publish(&shop, &shell("1.0.0")).await.is(201);
    shop.browser().get("/").await.is(200);
    // A page that nobody has read goes live at another server, and the store says nothing.
    let folder = tempfile::tempdir().unwrap();
    let mark = "menagerie.store";
    std::fs::copy(store.folder.path().join(BUCKET).join("shop/files").join(mark), folder.path().join(mark))
        .unwrap();
    let other =
        shop.server_with(|configuration| configuration.files = Place::Folder(folder.path().to_owned())).await;
    let next = make("shell", "2.0.0", |_, files| {
        files.insert("index.html".to_owned(), b"<!doctype html>Next".to_vec());
    });
    publish(&other, &next).await.is(201);
    store.stall();
    let mut pages = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let mut browser = shop.browser();
        pages.spawn(async move { browser.get("/").await.status });
    }
    // More than there are connections to the database; the first of them has begun.
    store.keeps_somebody_waiting().await;
    for _ in 0..20 {
        shop.browser().get("/api/v1/cart").await.is(200);
    }
    // They are given the page of before.
    while let Some(status) = pages.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
}
