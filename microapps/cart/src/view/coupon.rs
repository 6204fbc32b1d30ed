//! The coupon field.

use crate::{
    el,
    page::{COUPON, Page},
};
use contract::shop::cart::Coupon;
use leptos::task::spawn_local;
use microapp::{element::El, t, t_with};

/// A field for a code, or the coupon that was put in.
pub fn coupon(page: Page) -> El {
    let put_in = move || page.cart(|cart| cart.coupon.clone().or_else(|| cart.idle_coupon.clone()));
    el("div").children_from(
        move || put_in().map(|coupon| coupon.code).unwrap_or_default(),
        move || vec![put_in().map_or_else(|| field(page), |coupon| applied(page, &coupon))],
    )
}

/// Also where it does not count now: what is said about the cart tells why, and here it can be taken off.
fn applied(page: Page, coupon: &Coupon) -> El {
    let remove = el("button")
        .class("button quiet small")
        .attrs(&[
            ("id", COUPON),
            ("type", "button"),
            ("data-test", "coupon-remove"),
            ("aria-label", &t_with("Remove coupon {code}", &[("code", &coupon.code)])),
        ])
        .t("Remove")
        .attr_when("aria-disabled", "true", move || page.shown(|shown| shown.applying))
        .on("click", move |_| spawn_local(page.set_coupon(None)));
    el("div")
        .class("coupon applied")
        .attr("data-test", "coupon-applied")
        .attr_when("data-idle", "", move || page.cart(|cart| cart.coupon.is_none()))
        .child(el("p").child(el("strong").text(&coupon.code)).text(" ").text(&coupon.label))
        .child(remove)
        .child(error(page))
}

fn field(page: Page) -> El {
    let input = el("input")
        .class("input")
        .attrs(&[
            ("id", COUPON),
            ("data-test", "coupon"),
            ("autocomplete", "off"),
            ("autocapitalize", "characters"),
            ("spellcheck", "false"),
            ("maxlength", "64"),
            ("aria-describedby", "cart-coupon-error"),
        ])
        .attr_when("aria-invalid", "true", move || page.shown(|shown| !shown.coupon_error.is_empty()));
    let typed = input.clone();
    let apply = el("button")
        .class("button quiet")
        .attrs(&[("type", "submit"), ("data-test", "coupon-apply")])
        .t("Apply")
        .attr_when("aria-disabled", "true", move || page.shown(|shown| shown.applying));
    el("form")
        .class("coupon field")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            let code = typed.field().value().trim().to_owned();
            if code.is_empty() {
                page.show(|shown| shown.coupon_error = t("Enter the code first."));
                return;
            }
            spawn_local(page.set_coupon(Some(code)));
        })
        .child(el("label").class("label").attr("for", COUPON).t("Coupon code"))
        .child(el("div").class("beside").child(input).child(apply))
        .child(error(page))
}

fn error(page: Page) -> El {
    el("p")
        .class("error")
        .attrs(&[("id", "cart-coupon-error"), ("role", "alert")])
        .text_from(move || page.shown(|shown| shown.coupon_error.clone()))
}
