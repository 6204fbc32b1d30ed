use super::{sheet::read, *};
use crate::catalogue::draft::{
    DraftStock::{Counted, Uncounted, Unsaid},
    Published,
};
use std::borrow::Borrow;

const HEADER: &str = "Handle,Title,Body (HTML),Type,Published,Option1 Name,Option1 Value,Option2 Name,\
    Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Compare At Price,\
    Image Src,Image Alt Text,Variant Image,Status\n";

fn file<R: Borrow<str>>(rows: &[R]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

const BED: &str = "bed,Bed,<p>Soft</p>,Beds,true,Colour,Navy,Size,M,B-1,shopify,5,49.9,,/pictures/bed/navy.svg,A bed,/pictures/bed/navy.svg,active";

#[track_caller]
fn refused(rows: &[&str], expected: &str) {
    let error = read(file(rows).as_bytes()).expect_err(expected).to_string();
    assert!(error.starts_with(expected), "{error}");
    assert!(error.ends_with("Nothing was loaded."), "{error}");
}

#[test]
fn every_slip_is_named_with_row_and_column() {
    refused(
        &[BED, "bed,,,,,,Navy,,L,B-2,shopify,x,49.90,,,,,"],
        "Row 3, column `Variant Inventory Qty`: `x`",
    );
    refused(
        &[BED, "bed,,,,,,Navy,,L,B-2,shopify,+10,49.90,,,,,"],
        "Row 3, column `Variant Inventory Qty`: `+10`",
    );
    refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,4o.90,,,,,"], "Row 3, column `Variant Price`: `4o.90`");
    refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,49.905,,,,,"], "Row 3, column `Variant Price`");
    refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,-1,,,,,"], "Row 3, column `Variant Price`");
    refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,,,,,,"], "Row 3, column `Variant Price`");
    refused(&[BED, "bed,,,,,,Navy,,L,B-2,shopify,5,1,abc,,,,"], "Row 3, column `Variant Compare At Price`");
    refused(
        &[BED, "bed,,,,,,Navy,,M,B-2,shopify,5,49.90,,,,,"],
        "Row 3, column `Option1 Value`: `bed` has this variant",
    );
    refused(&[BED, "bed,,,,,,Navy,,,B-2,shopify,5,49.90,,,,,"], "Row 3, column `Option2 Value`: it is empty");
    refused(&[BED, "bed,,,,,,Navy,,L,B-1,shopify,5,49.90,,,,,"], "Row 3, column `Variant SKU`: `B-1`");
    refused(&[BED, ",,,,,,Navy,,L,B-2,shopify,5,49.90,,,,,"], "Row 3, column `Handle`: it is empty");
    refused(&[BED, "toy,,,,,,,,,T-1,shopify,5,49.90,,,,,"], "Row 3, column `Title`: it is empty");
    refused(&[BED, "toy,Toy,,,maybe,,,,,T-1,shopify,5,49.90,,,,,"], "Row 3, column `Published`: `maybe`");
    refused(&[BED, "bed,,,"], "Row 3: the row has 4 cells, the header has 18");
    refused(
        &[BED, "bed,,\"<p>never closed,,,,Navy,,L,B-2,shopify,5,1,,,,,", BED],
        "Row 3: the row has 3 cells",
    );
    refused(
        &[BED, "toy,Toy,,,,,,,,,,,,,/pictures/toy/red.svg,,,"],
        "Row 3: `toy` has no variant with a price",
    );
    refused(&[], "Row 2: there is no product");
    assert_eq!(
        read("Handle,Title\n".as_bytes()).unwrap_err().to_string(),
        "Row 1, column `Variant Price`: the column is missing. Nothing was loaded."
    );
    let latin1 = [HEADER.as_bytes(), b"bed,Bed \xe9,,,,,,,,,,,1,,,,,\n"].concat();
    assert!(read(&*latin1).unwrap_err().to_string().starts_with("Row 2: cell 2 is not UTF-8"));
}

#[test]
fn a_product_has_so_many_pictures_and_no_more() {
    let picture = |n: usize| format!("bed,,,,,,,,,,,,,,/pictures/bed/{n}.svg,,,");
    let rows =
        |count: usize| file(&[&[BED.to_owned()], &*(1..count).map(picture).collect::<Vec<_>>()].concat());
    assert_eq!(read(rows(250).as_bytes()).unwrap()[0].pictures.len(), 250);
    let twice = rows(250) + &picture(1) + "\n";
    assert_eq!(read(twice.as_bytes()).unwrap()[0].pictures.len(), 250, "one that is there is no other");
    let error = read(rows(251).as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("Row 252, column `Image Src`: `bed` has more than 250 pictures"), "{error}");
}

#[test]
fn rows_become_products() {
    let rows = [
        BED,
        "bed,,,,,,Sand,,M,B-2,shopify,-2,59.00,79,/pictures/bed/sand.svg,,/pictures/bed/sand.svg,",
        "bed,,,,,,,,,,,,,,/pictures/bed/side.svg,From the side,,",
        "toy,Toy,,,FALSE,Title,Default Title,,,,,,5,5.00,media/toy.jpg,,,",
    ];
    let [bed, toy] = &read(file(&rows).as_bytes()).unwrap()[..] else { panic!("two products") };
    assert_eq!(bed.options, ["Colour", "Size"]);
    let pictures: Vec<_> = bed.pictures.iter().map(|p| (&*p.url, &*p.alt)).collect();
    assert_eq!(
        pictures,
        [
            ("/pictures/bed/navy.svg", "A bed"),
            ("/pictures/bed/sand.svg", "Bed"),
            ("/pictures/bed/side.svg", "From the side")
        ]
    );
    let variants: Vec<_> =
        bed.variants.iter().map(|v| (&*v.values[0], v.price, v.compare_at, v.stock, v.picture)).collect();
    assert_eq!(
        variants,
        [("Navy", 4990, None, Counted(5), Some(0)), ("Sand", 5900, Some(7900), Counted(0), Some(1))]
    );
    assert_eq!((bed.highest(), bed.published), (5900, Published::Yes));
    assert_eq!((toy.options.len(), toy.pictures.len(), toy.published), (0, 0, Published::No));
    assert_eq!((toy.variants[0].stock, toy.variants[0].compare_at), (Uncounted, None));
    assert_eq!(toy.category, "Everything else");
}

#[test]
fn stock_is_counted_or_not_or_not_said() {
    let columns = "Handle,Title,Variant Price";
    for (more, cells, expected) in [
        // As Shopify writes it: who tracks, what it has, whether it is sold all the same.
        (
            "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy",
            "shopify,0,deny",
            Counted(0),
        ),
        ("Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy", ",0,deny", Uncounted),
        (
            "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy",
            "shopify,-3,Continue",
            Uncounted,
        ),
        ("Variant Inventory Tracker", "shopify", Unsaid),
        ("Variant Inventory Qty", "7", Counted(7)),
        ("Variant Inventory Qty", "", Unsaid),
        ("Vendor", "Paws", Unsaid),
    ] {
        let csv = format!("{columns},{more}\nbed,Bed,1,{cells}\n");
        assert_eq!(read(csv.as_bytes()).unwrap()[0].variants[0].stock, expected, "{csv}");
    }
}

#[test]
fn weights_are_whole_grams() {
    let read = |grams: &str| {
        let csv = format!("Handle,Title,Variant Grams,Variant Price\nbed,Bed,{grams},1\n");
        read(csv.as_bytes()).map(|drafts| drafts[0].variants[0].grams).map_err(|error| error.to_string())
    };
    for (grams, expected) in [
        ("", 0),
        ("1400", 1400),
        ("1400.0", 1400),
        // A pound and so many ounces.
        ("487.61179775", 488),
        ("453.49237", 453),
        ("0.5", 1),
        ("10000000.4", 10_000_000),
    ] {
        assert_eq!(read(grams), Ok(expected), "{grams}");
    }
    for grams in ["-1", "+5", "1.5kg", "1.-5", ".5", "1e3", "1.2.3", "99999999999999999999"] {
        let error = read(grams).unwrap_err();
        let expected = format!("Row 2, column `Variant Grams`: `{grams}` is not a weight in grams");
        assert!(error.starts_with(&expected), "{error}");
    }
    assert!(read("10000000.5").unwrap_err().contains("over 10 tonnes"));
}

#[test]
fn a_letter_with_its_mark_is_one_character() {
    let csv = "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant Price\n\
        ka\u{308}fig,Ka\u{308}fig,<p>fu\u{308}r</p>,Ka\u{308}fige,Gro\u{308}ße,Scho\u{308}n,1\n";
    let [cage] = &read(csv.as_bytes()).unwrap()[..] else { panic!("one product") };
    let texts =
        [&cage.title, &cage.description_text, &cage.category, &cage.options[0], &cage.variants[0].values[0]];
    assert_eq!(texts, ["Käfig", "für ", "Käfige", "Größe", "Schön"]);
    assert_eq!(cage.handle, "ka\u{308}fig", "it is the product that it was");
    // What was sanitised stays as it is: a mark would take away the end of a tag.
    for mark in ["&#824;", "\u{338}"] {
        let line = serde_json::json!({
            "handle": "a", "title": "A", "description_html": format!("<p>{mark} onmouseover=alert(1) "), "variants": [{ "price": 1 }],
        });
        let [product] = &lines::read(line.to_string().as_bytes()).unwrap()[..] else { panic!("one product") };
        assert_eq!(product.description_html, "<p>\u{338} onmouseover=alert(1) </p>");
    }
}

#[test]
fn what_is_kept_is_what_is_checked() {
    let line = |sku: &str, title: &str| {
        let [first, second] = [sku, "K\u{e4}"]
            .map(|sku| serde_json::json!({ "sku": sku, "values": [format!("{sku}.")], "price": "1" }));
        serde_json::json!({ "handle": "a", "title": title, "options": ["Size"], "variants": [first, second] })
            .to_string()
    };
    lines::read(line("Ka", &"a\u{308}".repeat(300)).as_bytes()).unwrap();
    for (sku, title, expected) in [
        ("Ka\u{308}", "A", "Line 1, `variants[1].sku`: `K\u{e4}` stands earlier"),
        // Each of them becomes three.
        ("Ka", &"\u{fb2c}".repeat(101), "Line 1, `title`: it has more than 300 characters"),
    ] {
        let error = lines::read(line(sku, title).as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_description_has_an_end() {
    let line = |html: String| {
        serde_json::json!({ "handle": "a", "title": "A", "description_html": html, "variants": [{ "price": "1" }] }).to_string()
    };
    for (html, expected) in [
        ("<ul>".repeat(20_001), "Line 1, `description_html`: it has more than 20000 tags"),
        ("a".repeat(512 * 1024 + 1), "Line 1, `description_html`: it has more than 524288 bytes"),
        // What is kept may be more than what came in.
        ("<li>".repeat(10_001), "Line 1, `description_html`: what is kept of it has more than 20000 tags"),
        (
            "<a href=https://a.example>a</a>".repeat(9_500),
            "Line 1, `description_html`: what is kept of it has more than 524288 bytes",
        ),
    ] {
        let error = lines::read(line(html).as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let csv = format!("Handle,Title,Body (HTML),Variant Price\na,A,{},1\n", "<ul>".repeat(20_001));
    assert!(
        read(csv.as_bytes()).unwrap_err().to_string().starts_with("Row 2, column `Body (HTML)`: it has more")
    );
    lines::read(line("<p>a</p>".repeat(10_000)).as_bytes()).unwrap();
}

const LINE: &str = r#"{"handle":"bed","title":"Bed","description_html":"<p>Soft</p>","options":["Colour","Size","Filling","Side"],"pictures":[{"url":"/pictures/bed/navy.svg"}],"variants":[{"sku":"B-1","values":["Navy","M","Wool","Left"],"price":"49.90","compare_at":59.9,"stock":5,"grams":1400,"picture":"/pictures/bed/navy.svg"},{"values":["Navy","M","Wool","Right"],"price":50}]}"#;

#[test]
fn lines_become_products_with_any_number_of_options() {
    let file = format!(
        "\u{feff}{LINE}\n\n  {}",
        r#"{"handle":"toy","title":"Toy","published":false,"variants":[{"price":"5"}]}"#
    );
    let [bed, toy] = &lines::read(file.as_bytes()).unwrap()[..] else { panic!("two products") };
    assert_eq!(bed.options, ["Colour", "Size", "Filling", "Side"]);
    let first = &bed.variants[0];
    assert_eq!(first.values, ["Navy", "M", "Wool", "Left"]);
    assert_eq!(
        (first.price, first.compare_at, first.stock, first.grams, first.picture),
        (4990, Some(5990), Counted(5), 1400, Some(0))
    );
    assert_eq!(
        (bed.pictures[0].alt.as_str(), bed.variants[1].price, bed.variants[1].stock),
        ("Bed", 5000, Unsaid)
    );
    assert_eq!((toy.published, toy.variants[0].values.len()), (Published::No, 0));
}

#[test]
fn every_slip_is_named_with_line_and_field() {
    let with = |from: &str, to: &str| {
        format!("{LINE}\n{}", LINE.replace("bed", "cot").replace("B-1", "C-1").replace(from, to))
    };
    let cats = "猫".repeat(200);
    for (file, expected) in [
        (with("49.90", "cheap"), "Line 2, `variants[0].price`: `cheap` is not a price"),
        (with(r#""49.90""#, "null"), "Line 2, `variants[0].price`: `` is not a price"),
        (with(r#""49.90""#, "[]"), "Line 2: expected a price such as"),
        (with("Right", "Left"), "Line 2, `variants[1].values`: `cot` has this variant already"),
        (with(r#","Right""#, ""), "Line 2, `variants[1].values`: it has 3 values for 4 options"),
        (with("Right", r"a\u001fb"), "Line 2, `variants[1].values`: it has a character that cannot be seen"),
        (with("\"Bed\"", r#""B\u0000ed""#), "Line 2, `title`: it has a null character"),
        (with("Right", " "), "Line 2, `variants[1].values`: it is empty"),
        (
            // Each is short enough; those of the last variant together are not.
            with("Right", &cats)
                .replace("Navy", &cats)
                .replace("Wool", &cats)
                .replace("\"M\"", &format!("\"{cats}\"")),
            "Line 2, `variants[1].values`: the values of a variant have more than 2000 bytes",
        ),
        (with("C-1", "B-1"), "Line 2, `variants[0].sku`: `B-1` stands earlier"),
        (with("cot", "bed"), "Line 2, `handle`: `bed` stands in line 1 already"),
        (with("Filling", "Size"), "Line 2, `options`: `Size` is there twice"),
        (with("1400", "-1"), "Line 2, `variants[0].grams`: `-1`"),
        (with("sku", "skew"), "Line 2: unknown field `skew`, expected one of"),
        (format!("{LINE}\n{{"), "Line 2: EOF while parsing an object, at character 1"),
        (format!("{LINE}\n[]"), "Line 2: "),
        (r#"{"handle":"a","title":"A","variants":[]}"#.to_owned(), "Line 1: `a` has no variant"),
        (r#"{"handle":"a","title":"A"}"#.to_owned(), "Line 1: missing field `variants`"),
        ("\n\n".to_owned(), "Line 3: there is no product"),
    ] {
        let error = lines::read(file.as_bytes()).expect_err(expected).to_string();
        assert!(error.starts_with(expected), "{expected}: {error}");
    }
    let latin1 = [LINE.as_bytes(), b"\n\xe9"].concat();
    assert!(lines::read(&*latin1).unwrap_err().to_string().starts_with("Line 2: it is not UTF-8"));
    let endless = Read::chain(LINE.as_bytes(), std::io::repeat(b' '));
    assert!(
        lines::read(endless).unwrap_err().to_string().starts_with("Line 1: it has 4194304 bytes or more")
    );
}

/// What means something in a catalogue, or nothing.
const WORDS: [&str; 28] = [
    "",
    " ",
    "-1",
    "0",
    "19.999",
    "1e999",
    "99999999999999999999",
    "null",
    "true",
    "no",
    "\"",
    "\"\"",
    ",",
    "\n",
    "\r",
    "\0",
    "\u{feff}",
    "\u{338}",
    "\u{fb2c}",
    "<b",
    "</p>",
    "[]",
    "{\"a\":",
    "\\u0000",
    "\\ud800",
    "Handle",
    "/pictures/../x.svg",
    "bed",
];

/// A change: where, how far, in which way, with which word.
type Change = (usize, usize, u8, usize);

/// A bit is turned; a piece is taken out or doubled; the rest is cut off; a word takes a piece's or a whole cell's place.
fn damage(file: &mut Vec<u8>, (at, length, way, word): Change) {
    let at = at % file.len().max(1);
    let to = (at + length).min(file.len());
    let word = WORDS[word].bytes();
    let is_edge = |byte: &u8| b",\":\n".contains(byte);
    match way {
        0 if at < to => file[at] ^= 1 << (length % 8),
        1 => drop(file.drain(at..to)),
        2 => {
            let piece = file[at..to].to_vec();
            file.splice(to..to, piece);
        }
        3 => file.truncate(at),
        4 => drop(file.splice(at..to.min(at + 6), word)),
        _ => {
            let from = file[..at].iter().rposition(is_edge).map_or(0, |edge| edge + 1);
            let to = file[at..].iter().position(is_edge).map_or(file.len(), |edge| at + edge);
            file.splice(from..to, word);
        }
    }
}

/// What is refused is refused with its place, and what is taken can be kept.
fn check_damaged(file: &[u8], format: Format, place: &str) {
    let most = file.iter().filter(|byte| b"\r\n".contains(byte)).count() + 2;
    match super::read(file, format) {
        Ok(drafts) => {
            assert!(!drafts.is_empty());
            let mut handles = std::collections::HashSet::new();
            for draft in &drafts {
                assert!(
                    handles.insert(&draft.handle) && !draft.title.is_empty() && !draft.variants.is_empty()
                );
                assert!(!draft.search_text().contains('\0') && !draft.description_html.contains('\0'));
                for variant in &draft.variants {
                    assert_eq!(variant.values.len(), draft.options.len());
                    assert!((0..=100_000_000).contains(&variant.price) && variant.grams >= 0);
                    assert!(variant.picture.is_none_or(|picture| picture < draft.pictures.len()));
                }
            }
        }
        Err(error) => {
            let said = error.to_string();
            let number = said.strip_prefix(place).and_then(|rest| rest.split([',', ':']).next());
            let number: usize = number.and_then(|number| number.parse().ok()).expect(&said);
            assert!((1..=most).contains(&number) && said.ends_with(". Nothing was loaded."), "{said}");
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 500, failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn a_damaged_catalogue_is_read_or_refused_with_the_place(
        changes in proptest::collection::vec((0_usize..10_000, 0_usize..60, 0_u8..9, 0..WORDS.len()), 1..5),
    ) {
        let seed = crate::assets::get("catalogue/petstore.csv").expect("the seed");
        let seed = std::str::from_utf8(&seed.data).expect("UTF-8");
        // Two products, of which the first has many variants.
        let (seed, _) = seed.split_once("\nbramble-cottage-hutch,").expect("the third product");
        let lines = format!("{LINE}\n{}\n", r#"{"handle":"toy","title":"Toy","variants":[{"price":5}]}"#);
        for (file, format, place) in
            [(seed, Format::Csv, "Row "), (&*lines, Format::Lines, "Line ")]
        {
            let mut file = file.as_bytes().to_vec();
            for change in &changes {
                damage(&mut file, *change);
            }
            check_damaged(&file, format, place);
        }
    }
}
