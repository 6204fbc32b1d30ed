//! Uploads that are damaged: what is wrong is said with its place, and nothing of them is there by half.

use crate::{
    on_both,
    support::{
        Shop,
        release::{plain, publish, tar},
    },
};
use axum::http::Method;
use nlu::hash::Sequence;
use serde_json::{Value, json};

on_both!(a_damaged_catalogue_is_loaded_whole_or_not_at_all);

/// Draws a number below `end`.
fn below(random: &mut Sequence, end: usize) -> usize {
    random.draw() as usize % end
}

/// A cell as it should not be.
fn word(random: &mut Sequence) -> String {
    let words = [
        "",
        "-1",
        "0",
        "7",
        "19.999",
        "1000000",
        "99999999999999999999",
        "false",
        "draft",
        "Title",
        "a\0b",
        "a\u{1f}b",
        "a\nb",
        "\u{202e}a",
        "ka\u{308}se",
        "<ul><li",
        "/pictures/a.svg",
        "! % _ ' \" \\",
    ];
    let many = ["猫", "\u{fb2c}", "x"];
    match below(random, words.len() + many.len()) {
        at if at < words.len() => words[at].to_owned(),
        at => many[at - words.len()].repeat(1 << below(random, 12)),
    }
}

/// A word in the place of a cell, or what another row has there.
fn damage_table(csv: &str, random: &mut Sequence) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    for _ in 0..=below(random, 3) {
        let (row, from) = (1 + below(random, rows.len() - 1), 1 + below(random, rows.len() - 1));
        let column = below(random, rows[0].len());
        rows[row][column] = if below(random, 3) == 0 { rows[from][column].clone() } else { word(random) };
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A word in the place of a value, at any depth.
fn damage_value(value: &mut Value, random: &mut Sequence) {
    let chosen = match value {
        Value::Array(items) if !items.is_empty() => {
            let at = below(random, items.len());
            items.get_mut(at)
        }
        Value::Object(fields) if !fields.is_empty() => {
            let at = below(random, fields.len());
            fields.values_mut().nth(at)
        }
        _ => None,
    };
    match chosen.filter(|_| below(random, 6) > 0) {
        Some(inner) => damage_value(inner, random),
        None => {
            *value = match below(random, 6) {
                0 => Value::Null,
                1 => json!([]),
                2 => json!(-7),
                3 => json!(1e300),
                _ => json!(word(random)),
            }
        }
    }
}

fn damage_lines(lines: &str, random: &mut Sequence) -> String {
    let mut products: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for _ in 0..=below(random, 3) {
        let (at, from) = (below(random, products.len()), below(random, products.len()));
        if below(random, 6) == 0 {
            products[at]["handle"] = products[from]["handle"].clone();
        } else {
            damage_value(&mut products[at], random);
        }
    }
    products.iter().map(|product| format!("{product}\n")).collect()
}

async fn a_damaged_catalogue_is_loaded_whole_or_not_at_all(shop: Shop) {
    let seed = include_str!("../../../../assets/catalogue/petstore.csv");
    let (csv, _) = seed.split_once("\nbramble-cottage-hutch,").expect("the third product");
    let export = async || {
        let address = "/api/v1/catalogue/export?format=jsonl";
        shop.tool(Method::GET, address, Vec::new()).await.is(200).text()
    };
    shop.import(csv, "true").await.is(200);
    let lines = export().await;
    let (mut random, mut kept) = (Sequence::new(7), lines.clone());
    let (mut taken, mut refused) = (0, 0);
    for round in 0..60 {
        let (file, reply, place) = if round % 2 == 0 {
            let file = damage_table(csv, &mut random);
            let reply = shop.import(&file, "true").await;
            (file, reply, "Row ")
        } else {
            let file = damage_lines(&lines, &mut random);
            let reply = shop.import_lines(file.clone()).await;
            (file, reply, "Line ")
        };
        if reply.status.as_u16() == 200 {
            taken += 1;
            shop.browser().get("/api/v1/catalogue/products").await.is(200);
            kept = export().await;
            continue;
        }
        refused += 1;
        let problem = reply.problem(422, "E420");
        let title = problem["title"].as_str().unwrap();
        assert!(title.starts_with(place) && title.ends_with("Nothing was loaded."), "{title}\n{file}");
        assert_eq!(export().await, kept, "{title}\n{file}");
    }
    assert!(taken > 5 && refused > 5, "{taken} were taken, {refused} refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_release_is_refused_by_number() {
    let shop = Shop::empty(&[]).await;
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let manifest = shop.browser().get("/manifest.json").await.is(200).body();
    let (whole, mut random, mut refused) = (tar(&plain("cart", "1.0.0")), Sequence::new(5), 0);
    for _ in 0..100 {
        let mut upload = whole.clone();
        for _ in 0..=below(&mut random, 3) {
            let at = below(&mut random, upload.len());
            match below(&mut random, 3) {
                0 => upload[at] ^= 1 << below(&mut random, 8),
                1 => upload.truncate(at.max(1)),
                _ => drop(upload.splice(at..(at + 30).min(upload.len()), *b"\0\"}{")),
            }
        }
        let reply = shop.tool(Method::POST, "/api/v1/registry/releases?live=true", upload).await;
        // What stands between the files may be anything.
        if reply.status.as_u16() == 200 {
            continue;
        }
        refused += 1;
        let code = reply.body()["code"].as_str().unwrap_or_default().to_owned();
        assert!(code.starts_with("E1") || code == "E520", "{}", reply.text());
        assert!(reply.status.is_client_error(), "{}", reply.text());
        assert_eq!(shop.browser().get("/manifest.json").await.is(200).body(), manifest);
    }
    assert!(refused > 50, "{refused} were refused");
}
