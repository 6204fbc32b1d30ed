//! The parts of an order's page.

use crate::{desk::Desk, el, log, words};
use contract::shop::{
    address_form::AddressForm,
    cart::LineItem,
    operator::{OrderFile, PaymentStatus, Refund},
    order::{Order, PaymentMethod},
};
use microapp::{element::El, format, t, t_with};
use operator::time;

/// A part with its heading.
pub fn section(id: &str, heading: &str) -> El {
    el("section")
        .class("card part")
        .attrs(&[("aria-labelledby", id), ("data-test", id)])
        .child(el("h2").attr("id", id).text(heading))
}

/// What was bought, at the prices of then.
pub fn lines(order: &Order) -> El {
    let money = format::money;
    let line = |line: &LineItem| {
        let name = el("th").attr("scope", "row").child(el("span").class("name").text(&line.title));
        let name = if line.options.is_empty() {
            name
        } else {
            name.child(el("span").class("hint block").text(&line.options))
        };
        let each = [&line.quantity.to_string(), " × ", &money(&line.unit_price)].concat();
        el("tr")
            .attr("data-test", "line")
            .child(name)
            .child(el("td").class("end").text(&each))
            .child(el("td").class("end").text(&money(&line.total)))
    };
    let sum = |name: String, text: String| {
        el("tr")
            .child(el("th").attrs(&[("scope", "row"), ("colspan", "2")]).text(&name))
            .child(el("td").class("end").text(&text))
    };
    let totals = &order.totals;
    let mut sums = vec![sum(t("Goods"), money(&totals.lines))];
    if totals.discount.amount != 0 {
        let name = match &order.coupon {
            Some(coupon) => {
                t_with("Coupon {code}, {label}", &[("code", &coupon.code), ("label", &coupon.label)])
            }
            None => t("Discount"),
        };
        sums.push(sum(name, ["−", &money(&totals.discount)].concat()));
    }
    sums.extend(totals.delivery.as_ref().map(|price| sum(order.delivery.name.clone(), money(price))));
    if totals.tax_added.amount != 0 {
        sums.push(sum(t("Tax"), money(&totals.tax_added)));
    }
    sums.push(sum(t("Total"), money(&totals.total)).class("total"));
    if totals.tax_included.amount != 0 {
        sums.push(sum(t("Tax in it"), money(&totals.tax_included)).class("muted"));
    }
    let head = [(t("What"), ""), (t("Each"), "end"), (t("Together"), "end")].map(|(text, class)| {
        let cell = el("th").attr("scope", "col").text(&text);
        if class.is_empty() { cell } else { cell.class(class) }
    });
    section("lines", &t("What was bought")).child(
        el("table")
            .class("table")
            .child(el("thead").child(el("tr").children(head)))
            .child(el("tbody").children(order.lines.iter().map(line)))
            .child(el("tfoot").children(sums)),
    )
}

/// Where it goes, and how.
pub fn delivery(order: &Order) -> El {
    let address = &order.address;
    let town = AddressForm::town_line(address);
    let parts = [&address.name, &address.street, &address.extra, &town, &order.country_name];
    let lines =
        parts.into_iter().filter(|line| !line.is_empty()).map(|line| el("span").class("block").text(line));
    let subject = t_with("Order {number}", &[("number", &order.number)]);
    let mail = words::mailto(&order.email, &subject);
    let who = match words::has_left(order) {
        true => el("p").text(&words::gone()),
        false => el("p").child(el("a").class("mail").attr("href", &mail).text(&order.email)),
    };
    section("delivery", &t("Where it goes"))
        .child(el("address").attr("data-test", "address").children(lines))
        .child(who)
        .child(el("p").class("hint").text(&order.delivery.line()))
}

/// How it is paid, and what goes back.
pub fn payment(desk: Desk, file: &OrderFile) -> El {
    let part = section("payment", &t("Payment")).child(el("p").text(&words::method(file.order.payment)));
    let part = match &file.payment {
        Some(payment) => {
            let says = el("p").attr("data-test", "paid").text(&words::payment(&file.order, payment.status));
            let says = match payment.status {
                PaymentStatus::Paid => says.text(" · ").child(time::moment(desk, &payment.at)),
                // When it was asked after says nothing of it.
                _ => says,
            };
            part.child(says).child(el("p").class("hint reference").text(&reference(&payment.reference)))
        }
        None => {
            let text = match file.order.payment {
                PaymentMethod::OnDelivery => t("Whoever brings the parcel takes the money."),
                PaymentMethod::TestCard | PaymentMethod::Stripe => t("Nothing was begun yet."),
            };
            part.child(el("p").class("hint").text(&text))
        }
    };
    let own = file.payment.as_ref().map(|payment| &payment.reference);
    let refund = |refund: &Refund| {
        let note = el("p").class("note").attr("data-test", "refunded");
        let note = match refund.done {
            true => note.t("The money was given back."),
            false => {
                note.class("warn").t("The money goes back: the provider is asked until it has given it.")
            }
        };
        match own == Some(&refund.reference) {
            true => note,
            // It came besides.
            false => note.class("reference").text(" ").text(&reference(&refund.reference)),
        }
    };
    part.children(file.refunds.iter().map(refund))
}

fn reference(reference: &str) -> String {
    t_with("Reference {reference}", &[("reference", reference)])
}

/// What became of it, the newest first.
pub fn history(desk: Desk, file: &OrderFile) -> El {
    let entry = |entry: &_| log::line(desk, entry, false);
    let placed = el("li")
        .child(el("p").t("Placed by whoever ordered"))
        .child(el("p").class("since").child(time::moment(desk, &file.order.placed_at)));
    section("history", &t("What became of it"))
        .child(el("ol").class("entries").children(file.history.iter().map(entry)).child(placed))
}
