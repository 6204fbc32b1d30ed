//! How many there are of each variant.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    page, search, stock_row,
    view::{Filter, LOW, MANY},
};
use microapp::{element::El, t, t_count, t_with};

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
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
            let count = count as i64;
            let found = match filter.only.as_str() {
                "low" => {
                    t_count("{n} variant with few or none left", "{n} variants with few or none left", count)
                }
                _ => t_count("{n} variant", "{n} variants", count),
            };
            list::found(found, filter)
        },
        empty,
        pages: || [t("First"), t("More")],
    };
    let low = t_with("{n} or fewer", &[("n", &LOW.to_string())]);
    let narrow = vec![
        search::chips(desk, &t("Which variants"), vec![("", t("All")), ("low", low)]),
        search::field(desk, &t("SKU or product")),
    ];
    list::view(desk, list, narrow)
}

fn table() -> (El, Option<El>) {
    let head = [t("Product"), t("In stock")].map(|text| el("th").attr("scope", "col").text(&text));
    let table = el("table")
        .class("table stock")
        .child(el("caption").class("visually-hidden").t("How many there are of each variant"))
        .child(el("thead").child(el("tr").children(head)));
    (el("tbody").attr("data-test", "rows"), Some(table))
}

fn empty(desk: Desk, filter: &Filter) -> El {
    let all = Some((desk.host.href("/stock"), t("See all stock")));
    match (filter.words.is_empty(), filter.only.as_str()) {
        (false, _) => page::empty(
            &t("No variant is like this"),
            &t("A part of the SKU or of the product’s name is enough."),
            all,
        ),
        (true, "low") => {
            page::empty(&t("There is enough of everything"), &t("What runs low shows up here."), all)
        }
        (true, _) => page::empty(
            &t("There is nothing in the shop yet"),
            &t("“menagerie catalogue import products.csv” fills it."),
            None,
        ),
    }
}
