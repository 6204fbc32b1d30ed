//! What is being bought, and what it costs.

use crate::{el, steps::Step, visit::Visit};
use contract::shop::cart::{Coupon, LineItem, Totals};
use microapp::{element::El, t, t_with};

/// The cart beside a step; or the order that waits for its payment.
pub fn aside(visit: Visit) -> El {
    let key = move || visit.sheet(|sheet| [&sheet.answers.to_string(), " ", sheet.step.name()].concat());
    let content = move || {
        let (basis, unpaid, quote) = visit.sheet(|sheet| {
            // At the address it is not known how it gets there.
            (sheet.ready(), sheet.unpaid.clone(), sheet.priced().filter(|_| sheet.step != Step::Address))
        });
        let Some(basis) = basis else { return Vec::new() };
        let cart = &basis.cart;
        let (lines, coupon, totals) = match (&unpaid, &quote) {
            (Some(order), _) => (&order.lines, &order.coupon, &order.totals),
            (None, Some(quote)) => (&cart.lines, &cart.coupon, &**quote),
            (None, None) => (&cart.lines, &cart.coupon, &cart.totals),
        };
        let heading = el("h2").attr("id", "checkout-items").t("Your order");
        let [totals, tax] = sums(visit, totals, coupon.as_ref());
        vec![heading, list(visit, lines), totals, tax]
    };
    el("aside").class("aside card").attr("aria-labelledby", "checkout-items").children_from(key, content)
}

/// The lines, short.
pub fn list(visit: Visit, lines: &[LineItem]) -> El {
    let line = |line: &LineItem| {
        let image = line.picture.as_deref().map(|picture| {
            let image =
                el("img").attrs(&[("alt", ""), ("width", "56"), ("height", "56"), ("loading", "lazy")]);
            image.picture(picture, "56px")
        });
        let options = if line.options.is_empty() { "" } else { &[&line.options, " "].concat() };
        let what = el("span")
            .class("what")
            .child(el("span").text(&line.title))
            .child(el("span").class("hint").text(options).text("×\u{a0}").text(&line.quantity.to_string()));
        el("li")
            .class("item")
            .attr("data-test", "item")
            .children(image)
            .child(what)
            .child(el("span").class("price").text(&visit.money(&line.total)))
    };
    el("ul").class("items").children(lines.iter().map(line))
}

/// The totals, and the tax in them.
pub fn sums(visit: Visit, totals: &Totals, coupon: Option<&Coupon>) -> [El; 2] {
    let row = |name: &str, value: &str| el("div").child(el("dt").text(name)).child(el("dd").text(value));
    let discount = (totals.discount.amount > 0).then(|| {
        let name =
            coupon.map_or_else(|| t("Discount"), |coupon| t_with("Coupon {code}", &[("code", &coupon.code)]));
        row(&name, &["−", &visit.money(&totals.discount)].concat()).class("discount")
    });
    let delivery = match &totals.delivery {
        Some(price) if price.amount == 0 => t("free"),
        Some(price) => visit.money(price),
        None => t("not chosen yet"),
    };
    let total = el("dd").attr("data-test", "total").text(&visit.money(&totals.total));
    let rows = el("dl")
        .class("totals")
        .child(row(&t("Items"), &visit.money(&totals.lines)))
        .children(discount)
        .child(row(&t("Delivery"), &delivery))
        .children((totals.tax_added.amount > 0).then(|| row(&t("Tax"), &visit.money(&totals.tax_added))))
        .child(el("div").class("total").child(el("dt").t("Total")).child(total));
    let tax = match totals.tax_included.amount {
        0 => String::new(),
        _ => t_with("Includes {sum} of tax.", &[("sum", &visit.money(&totals.tax_included))]),
    };
    [rows, el("p").class("hint").text(&tax)]
}
