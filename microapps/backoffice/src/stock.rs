//! How many there are of each variant.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    page, search, stock_row,
    view::{Filter, LOW, MANY},
};
use microapp::element::El;
use operator::time;

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
        name: "Stock",
        size: MANY,
        place: table,
        keys: |told| {
            told.stock.as_ref().map(|items| items.iter().map(|it| it.variant_id.to_string()).collect())
        },
        row: |desk, variant| {
            let found = desk.answers(|told| {
                told.stock.iter().flatten().find(|it| it.variant_id.to_string() == variant).cloned()
            });
            found.map_or_else(|| el("tr"), |item| stock_row::row(desk, item))
        },
        summary: |filter, count| {
            let low = if filter.only == "low" { " with few or none left" } else { "" };
            list::found([&time::counted(count as u64, "variant"), low].concat(), filter)
        },
        empty,
        pages: ["First", "More"],
    };
    let low = [&LOW.to_string(), " or fewer"].concat();
    let narrow = vec![
        search::chips(desk, "Which variants", &[("", "All"), ("low", &low)]),
        search::field(desk, "SKU or product"),
    ];
    list::view(desk, list, narrow)
}

fn table() -> (El, Option<El>) {
    let head = ["Product", "In stock"].map(|text| el("th").attr("scope", "col").text(text));
    let table = el("table")
        .class("table stock")
        .child(el("caption").class("visually-hidden").text("How many there are of each variant"))
        .child(el("thead").child(el("tr").children(head)));
    (el("tbody").attr("data-test", "rows"), Some(table))
}

fn empty(desk: Desk, filter: &Filter) -> El {
    let all = Some((desk.host.href("/stock"), "See all stock"));
    match (filter.words.is_empty(), filter.only.as_str()) {
        (false, _) => page::empty(
            "No variant is like this",
            "A part of the SKU or of the product’s name is enough.",
            all,
        ),
        (true, "low") => page::empty("There is enough of everything", "What runs low shows up here.", all),
        (true, _) => page::empty(
            "There is nothing in the shop yet",
            "“menagerie catalogue import products.csv” fills it.",
            None,
        ),
    }
}
