//! Old releases let go of their files, and nothing else does.

use crate::{
    on_both,
    support::{
        Shop,
        release::{make, plain, publish, tar},
        s3::{BUCKET, Store},
        within,
    },
};
use axum::http::Method;
use base64::Engine as _;
use serde_json::{Value, json};
use sha2::Digest as _;
use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

on_both!(
    old_files_go_and_what_is_needed_stays,
    differences_from_what_is_gone_go_too,
    what_a_cut_off_publication_left_goes,
    what_is_being_published_again_keeps_its_files,
    what_was_live_within_a_day_stays,
    what_is_published_while_files_are_deleted_is_whole,
    a_pruned_release_can_be_published_again_unchanged
);

async fn prune(shop: &Shop, keep: u16, dry_run: bool) -> Value {
    let wish = json!({ "keep": keep, "dry_run": dry_run });
    shop.operator(Method::POST, "/api/v1/registry/prune", wish).await.is(200).body()
}

/// Makes everything that was published two days older.
async fn grow_old(shop: &Shop) {
    grow_old_in(shop, &shop.server.configuration.data).await;
}

/// The same, with files in this folder.
async fn grow_old_in(shop: &Shop, folder: &Path) {
    let mut transaction = shop.server.database.write().await.unwrap();
    for older in [
        "UPDATE releases SET published_at = published_at - 172800000",
        "UPDATE revisions SET at = at - 172800000",
    ] {
        sqlx::query(older).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let then = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    for file in files_in(folder) {
        std::fs::File::options().write(true).open(file).unwrap().set_modified(then).unwrap();
    }
}

fn files(shop: &Shop) -> Vec<PathBuf> {
    files_in(&shop.server.configuration.data)
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(folders) = std::fs::read_dir(folder.join("releases")) else { return Vec::new() };
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

/// Its own entry, and a style that all versions share.
fn version(n: u32) -> release::Files {
    make("cart", &format!("1.{n}.0"), |_, files| {
        files.get_mut("cart.js").unwrap().extend_from_slice(format!("// {n}").as_bytes());
        files.insert("shared.css".to_owned(), b"a{}".repeat(100));
    })
}

async fn old_files_go_and_what_is_needed_stays(shop: Shop) {
    for n in 0..5 {
        publish(&shop, &version(n)).await.is(201);
    }
    publish(&shop, &plain("home", "1.0.0")).await.is(201);
    assert_eq!(prune(&shop, 2, false).await, json!({ "releases": [], "files": 0 }), "all are young");
    grow_old(&shop).await;
    let before = files(&shop).len();
    let expected = json!({ "releases": ["cart 1.2.0", "cart 1.1.0", "cart 1.0.0"], "files": 3 });
    let sorted = |mut answer: Value| {
        answer["releases"].as_array_mut().unwrap().sort_by_key(|name| std::cmp::Reverse(name.to_string()));
        answer
    };
    assert_eq!(sorted(prune(&shop, 2, true).await), expected);
    assert_eq!(files(&shop).len(), before, "only said");
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.is(200);
    assert_eq!(sorted(prune(&shop, 2, false).await), expected);
    assert_eq!(prune(&shop, 2, false).await, json!({ "releases": [], "files": 0 }));
    assert!(files(&shop).len() <= before - 3);
    for n in 0..5 {
        for file in ["cart.js", "shared.css", "microapp.json"] {
            let address = format!("/apps/cart/1.{n}.0/{file}");
            let expected = if n < 3 { 404 } else { 200 };
            shop.browser().get(&address).await.is(expected);
        }
    }
    shop.browser().get("/apps/home/1.0.0/home.js").await.is(200);
    // There is no way back to what is gone.
    let undo = "/api/v1/registry/apps/cart/undo";
    shop.operator(Method::POST, undo, json!({ "to_revision": 1 })).await.problem(404, "E521");
    shop.operator(Method::POST, "/api/v1/registry/prune", json!({ "keep": 1 })).await.problem(422, "E401");
}

/// However often a team deploys: a page that was opened yesterday goes on with what it began with.
async fn what_was_live_within_a_day_stays(shop: Shop) {
    for n in 0..3 {
        publish(&shop, &version(n)).await.is(201);
    }
    grow_old(&shop).await;
    for n in 3..6 {
        publish(&shop, &version(n)).await.is(201);
    }
    assert_eq!(prune(&shop, 2, false).await["releases"], json!(["cart 1.0.0"]));
    shop.browser().get("/apps/cart/1.2.0/cart.js").await.is(200);
    // What such a page falls back to.
    shop.browser().get("/apps/cart/1.1.0/cart.js").await.is(200);
}

/// A file that is deleted after it was put away, and before its release is entered, is put away again.
async fn what_is_published_while_files_are_deleted_is_whole(shop: Shop) {
    let release = version(0);
    let mut transaction = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE manifest SET revision = revision").execute(&mut *transaction).await.unwrap();
    // Whole ones, under their hashes in hexadecimal.
    let plain =
        || files(&shop).into_iter().filter(|file| file.file_name().is_some_and(|name| name.len() == 96));
    let delete = async {
        let first = loop {
            match plain().next() {
                Some(first) => break first,
                None => tokio::task::yield_now().await,
            }
        };
        std::fs::remove_file(first).unwrap();
        // The second half of publishing waits for this; the first writes nothing twice.
        while plain().count() + 1 < release.keys().filter(|name| *name != "microapp.json").count() {
            tokio::task::yield_now().await;
        }
        transaction.commit().await.unwrap();
    };
    let delete = within("the files of what is published", delete);
    let (published, ()) = tokio::join!(publish(&shop, &release), delete);
    published.is(201);
    for file in ["cart.js", "shared.css"] {
        shop.browser().get(&format!("/apps/cart/1.0.0/{file}")).await.is(200);
    }
}

async fn what_is_being_published_again_keeps_its_files(shop: Shop) {
    for n in 0..4 {
        publish(&shop, &version(n)).await.is(201);
    }
    grow_old(&shop).await;
    // As where somebody prunes between the two halves of publishing: the files are there, and the entry is still old.
    publish(&shop, &version(0)).await.is(200);
    prune(&shop, 2, false).await;
    publish(&shop, &version(0)).await.is(200);
    for file in ["cart.js", "shared.css"] {
        shop.browser().get(&format!("/apps/cart/1.0.0/{file}")).await.is(200);
    }
    // Nothing of it was let go of in between.
    let then = SystemTime::now() - Duration::from_secs(60 * 60);
    let fresh =
        files(&shop).iter().filter(|file| file.metadata().unwrap().modified().unwrap() > then).count();
    assert!(fresh >= 2, "{fresh}");
}

async fn a_pruned_release_can_be_published_again_unchanged(shop: Shop) {
    for n in 0..4 {
        publish(&shop, &version(n)).await.is(201);
    }
    grow_old(&shop).await;
    prune(&shop, 2, false).await;
    let other = make("cart", "1.0.0", |_, files| {
        files.insert("more.css".to_owned(), b"a{}".to_vec());
    });
    publish(&shop, &other).await.problem(409, "E520");
    // Not live yet: that it was published today is all that keeps it.
    shop.tool(Method::POST, "/api/v1/registry/releases", tar(&version(0))).await.is(200);
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.is(200);
    assert_eq!(prune(&shop, 2, false).await["releases"], json!([]));
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.is(200);
}

/// Files whose release was never entered go too, once they are old.
async fn differences_from_what_is_gone_go_too(shop: Shop) {
    for n in 0..5 {
        publish(&shop, &version(n)).await.is(201);
    }
    let differences =
        || files(&shop).into_iter().filter(|file| file.extension().is_some_and(|form| form == "dcz")).count();
    grow_old(&shop).await;
    let before = differences();
    prune(&shop, 2, false).await;
    // Of the last from the one before: of its entry and its description; the style is the same, as a difference from itself.
    assert!(before > 4 && (1..=4).contains(&differences()), "{before}, then {}", differences());
    let dictionary = version(3).remove("cart.js").unwrap();
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(dictionary));
    let headers = [("accept-encoding", "dcz"), ("available-dictionary", &*format!(":{hash}:"))];
    let reply = shop.browser().send(Method::GET, "/apps/cart/1.4.0/cart.js", None, &headers).await.is(200);
    assert_eq!(reply.header("content-encoding"), "dcz");
}

async fn what_a_cut_off_publication_left_goes(shop: Shop) {
    publish(&shop, &version(0)).await.is(201);
    let folder = shop.server.configuration.data.join("releases/ab");
    std::fs::create_dir_all(&folder).unwrap();
    let left = [folder.join("ab".repeat(48)), folder.join(format!("{}.br", "ab".repeat(48)))];
    for file in &left {
        std::fs::write(file, "x").unwrap();
    }
    assert_eq!(prune(&shop, 2, false).await["files"], 0, "they may be being published");
    grow_old(&shop).await;
    assert_eq!(prune(&shop, 2, true).await["files"], 1);
    assert_eq!(prune(&shop, 2, false).await["files"], 1);
    assert!(left.iter().all(|file| !file.exists()));
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.is(200);
}

/// With an entry whose name is its own, too, so that there are no differences: their names are too long for our bucket's files.
fn apart(n: u32) -> release::Files {
    make("cart", &format!("1.{n}.0"), |description, files| {
        let entry = format!("cart-{n}.js");
        let text = [&files.remove("cart.js").unwrap(), format!("// {n}").as_bytes()].concat();
        description["entry"] = json!(entry);
        files.insert(entry, text);
    })
}

/// A shop with four versions of cart in a bucket, two of them to be pruned, and the folder that the bucket's files lie in.
async fn old_in_a_bucket(store: &Store) -> (Shop, PathBuf) {
    let shop = Shop::with_secrets(&["--files", "s3://shop/shop/files"], &store.environment()).await;
    for n in 0..4 {
        publish(&shop, &apart(n)).await.is(201);
    }
    let folder = store.folder.path().join(BUCKET).join("shop/files");
    grow_old_in(&shop, &folder).await;
    (shop, folder)
}

/// Whether it is what was made of a file.
fn is_form(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_bucket_is_pruned_beside_what_else_is_done() {
    let store = Store::start().await;
    let (shop, folder) = old_in_a_bucket(&store).await;
    store.hold_deletions(Some(is_form));
    let meanwhile = async {
        store.deletion_waits().await;
        publish(&shop, &plain("home", "1.0.0")).await.is(201);
        store.hold_deletions(None);
    };
    let (pruned, ()) = tokio::join!(prune(&shop, 2, false), meanwhile);
    assert_eq!(pruned["files"], 2);
    assert!(!files_in(&folder).iter().any(|file| file.file_name().is_some_and(is_first)));
    shop.browser().get("/apps/cart/1.3.0/cart-3.js").await.is(200);
}

/// A deletion that takes effect when nobody waits for it any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_before_a_late_deletion_is_whole() {
    let store = Store::start().await;
    let (shop, folder) = old_in_a_bucket(&store).await;
    store.hold_deletions(Some(|path| !is_form(path)));
    let meanwhile = async {
        store.deletion_waits().await;
        publish(&shop, &apart(0)).await.is(200);
        store.hold_deletions(None);
    };
    let (_, ()) = tokio::join!(prune(&shop, 2, false), meanwhile);
    let mut names: Vec<_> =
        files_in(&folder).iter().filter_map(|file| Some(file.file_name()?.to_owned())).collect();
    names.retain(|name| is_first(name));
    let ends = |form: &str| names.iter().any(|name| name.to_string_lossy().ends_with(form));
    assert!(names.iter().any(|name| name.len() == 96), "{names:?}");
    assert!([".br", ".zst", ".gz"].into_iter().all(ends), "{names:?}");
}

/// Whether a file is the first version's entry, or was made of it.
fn is_first(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with(&format!("{:x}", sha2::Sha384::digest(&apart(0)["cart-0.js"])))
}
