//! In how few bytes files arrive: forms made when a release was published, and differences from what a browser has.

use crate::{
    on_both,
    support::{
        Reply, Shop,
        release::{make, plain, publish, shell, tar},
    },
};
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use release::Files;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;

on_both!(
    every_form_is_the_same_file,
    a_change_travels_as_its_difference,
    a_microapp_travels_as_its_difference_from_the_shell,
    nothing_is_compressed_for_a_request,
    what_goes_live_again_gets_its_differences,
);

/// Bytes that no compressor makes smaller.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}

/// A release with this wasm.
fn with_wasm(name: &str, version: &str, wasm: &[u8]) -> Files {
    make(name, version, |description, files| {
        let module = if name == "shell" { "shell.wasm".to_owned() } else { format!("{name}_bg.wasm") };
        if name == "shell" {
            files.extend(shell(version).into_iter().filter(|(file, _)| file == "index.html"));
        }
        files.insert(module.clone(), wasm.to_vec());
        description["module"] = json!(module);
    })
}

async fn fetch(shop: &Shop, address: &str, encodings: &str, dictionary: Option<&[u8]>) -> Reply {
    let dictionary = dictionary.map(|bytes| format!(":{}:", STANDARD.encode(Sha256::digest(bytes))));
    let mut headers = vec![("accept-encoding", encodings)];
    headers.extend(dictionary.iter().map(|hash| ("available-dictionary", hash.as_str())));
    let reply = shop.browser().send(Method::GET, address, None, &headers).await.is(200);
    assert_eq!(reply.header("vary"), "accept-encoding, available-dictionary");
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    reply
}

fn unpack(reply: &Reply, dictionary: &[u8]) -> Vec<u8> {
    assert_eq!(reply.header("content-encoding"), "dcz");
    assert_eq!(reply.bytes[..8], [0x5e, 0x2a, 0x4d, 0x18, 0x20, 0, 0, 0]);
    assert_eq!(reply.bytes[8..40], Sha256::digest(dictionary)[..]);
    let mut decoder = zstd::stream::read::Decoder::with_ref_prefix(&reply.bytes[40..], dictionary).unwrap();
    let mut plain = Vec::new();
    decoder.read_to_end(&mut plain).unwrap();
    plain
}

async fn every_form_is_the_same_file(shop: Shop) {
    let files = plain("cart", "1.0.0");
    let expected = &files["cart.js"];
    publish(&shop, &files).await.is(201);
    let address = "/apps/cart/1.0.0/cart.js";
    let all = "gzip, deflate, br, zstd, dcb, dcz";
    for (asked, expected_encoding) in [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, zstd", "zstd"),
        (all, "br"),
        ("br;q=0, gzip", "gzip"),
    ] {
        let reply = fetch(&shop, address, asked, None).await;
        assert_eq!(reply.header("content-encoding"), expected_encoding, "{asked}");
        assert_eq!(reply.header("use-as-dictionary"), r#"match="/apps/cart/*/cart.js""#);
        let mut plain = Vec::new();
        match expected_encoding {
            "gzip" => flate2::read::GzDecoder::new(&*reply.bytes).read_to_end(&mut plain),
            "zstd" => zstd::stream::read::Decoder::new(&*reply.bytes).unwrap().read_to_end(&mut plain),
            "br" => brotli::Decompressor::new(&*reply.bytes, 4096).read_to_end(&mut plain),
            _ => (&*reply.bytes).read_to_end(&mut plain),
        }
        .unwrap();
        assert!(plain == *expected && (expected_encoding.is_empty() || reply.bytes.len() < expected.len()));
    }
}

async fn a_change_travels_as_its_difference(shop: Shop) {
    let old = noise(1, 100_000);
    let mut new = old.clone();
    new[50_000] ^= 1;
    publish(&shop, &with_wasm("cart", "1.0.0", &old)).await.is(201);
    publish(&shop, &with_wasm("cart", "1.1.0", &new)).await.is(201);
    let address = "/apps/cart/1.1.0/cart_bg.wasm";
    let reply = fetch(&shop, address, "br, dcz", Some(&old)).await;
    assert_eq!(reply.header("content-type"), "application/wasm");
    assert_eq!(reply.header("use-as-dictionary"), r#"match="/apps/cart/*/cart_bg.wasm""#);
    assert!(reply.bytes.len() < 300, "{}", reply.bytes.len());
    assert!(unpack(&reply, &old) == new);
    // Only for the very dictionary, and only for who takes it.
    for (encodings, dictionary) in
        [("br, dcz", Some(&b"something else"[..])), ("br", Some(&old)), ("br, dcz", None)]
    {
        let reply = fetch(&shop, address, encodings, dictionary).await;
        assert_eq!((reply.header("content-encoding"), reply.bytes.len()), ("", new.len()));
    }
    // Against nothing that it shares bytes with, a difference is no smaller: none is kept.
    let other = noise(2, 100_000);
    publish(&shop, &with_wasm("cart", "2.0.0", &other)).await.is(201);
    let reply = fetch(&shop, "/apps/cart/2.0.0/cart_bg.wasm", "br, dcz", Some(&new)).await;
    assert_eq!((reply.header("content-encoding"), reply.bytes.len()), ("", other.len()));
}

/// What is made beside everything else: the difference, once it is there.
async fn difference(shop: &Shop, address: &str, dictionary: &[u8]) -> Reply {
    for _ in 0..400 {
        let reply = fetch(shop, address, "dcz", Some(dictionary)).await;
        if reply.header("content-encoding") == "dcz" {
            return reply;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("no difference was made");
}

async fn a_microapp_travels_as_its_difference_from_the_shell(shop: Shop) {
    let shared = noise(3, 60_000);
    let own = |seed| [shared.clone(), noise(seed, 2_000)].concat();
    let (shell, cart) = (own(4), own(5));
    publish(&shop, &with_wasm("shell", "1.0.0", &shell)).await.is(201);
    publish(&shop, &with_wasm("cart", "1.0.0", &cart)).await.is(201);
    let served = fetch(&shop, "/apps/shell/1.0.0/shell.wasm", "br, dcz", None).await;
    assert_eq!(served.header("use-as-dictionary"), r#"match="/apps/*/*.wasm""#);
    let reply = fetch(&shop, "/apps/cart/1.0.0/cart_bg.wasm", "br, dcz", Some(&shell)).await;
    assert!(reply.bytes.len() < 3_000, "{}", reply.bytes.len());
    assert!(unpack(&reply, &shell) == cart);
    // A new shell makes the differences of all that is live anew.
    let next = own(6);
    publish(&shop, &with_wasm("shell", "1.1.0", &next)).await.is(201);
    let reply = difference(&shop, "/apps/cart/1.0.0/cart_bg.wasm", &next).await;
    assert!(unpack(&reply, &next) == cart && reply.bytes.len() < 3_000);
}

async fn nothing_is_compressed_for_a_request(shop: Shop) {
    // What compression made no smaller has no forms; neither does what nobody compresses.
    let files = make("cart", "1.0.0", |_, files| {
        files.insert("noise.txt".to_owned(), noise(7, 5_000));
        files.insert("font.woff2".to_owned(), vec![0; 5_000]);
        files.insert("picture.WEBP".to_owned(), vec![0; 5_000]);
        files.insert("module.mjs".to_owned(), vec![b' '; 5_000]);
        files.insert("data.bin".to_owned(), vec![1; 5_000]);
    });
    publish(&shop, &files).await.is(201);
    for file in ["module.mjs", "data.bin"] {
        let reply = fetch(&shop, &format!("/apps/cart/1.0.0/{file}"), "gzip, br;Q=0.0, zstd;q=0", None).await;
        assert_eq!(reply.header("content-encoding"), "gzip", "whatever it is called: {file}");
    }
    for file in ["noise.txt", "font.woff2", "picture.WEBP"] {
        let reply = fetch(&shop, &format!("/apps/cart/1.0.0/{file}"), "gzip, br, zstd", None).await;
        assert_eq!((reply.header("content-encoding"), reply.bytes.len()), ("", 5_000), "{file}");
    }
    // What is of the moment is.
    let gzip = [("accept-encoding", "gzip")];
    let manifest = shop.browser().send(Method::GET, "/manifest.json", None, &gzip).await.is(200);
    assert_eq!(manifest.header("content-encoding"), "gzip");
}

async fn what_goes_live_again_gets_its_differences(shop: Shop) {
    let old = noise(8, 50_000);
    let new = [old.as_slice(), b"and more"].concat();
    publish(&shop, &with_wasm("cart", "1.0.0", &old)).await.is(201);
    let later = with_wasm("cart", "1.1.0", &new);
    shop.tool(Method::POST, "/api/v1/registry/releases?live=true", tar(&later)).await.is(201);
    shop.operator(Method::POST, "/api/v1/registry/apps/cart/undo", json!({})).await.is(200);
    let reply = difference(&shop, "/apps/cart/1.0.0/cart_bg.wasm", &new).await;
    assert!(unpack(&reply, &new) == old && reply.bytes.len() < 300);
}
