//! The list of pages; each is an address.

use crate::{
    C,
    browse::Browse,
    el,
    icon::{LEFT, RIGHT},
    paging::{self, Step},
};
use microapp::{element::El, t, t_with};

/// The list for page `page` of `pages`.
pub fn links(browse: Browse, page: i64, pages: i64) -> El {
    let filters = browse.filters();
    let link = |to: i64, label: &str, content: El| {
        let href = browse.host.href(&filters.with_page(to).path());
        let link =
            el("a").attrs(&[("href", &href), ("aria-label", label), ("data-test", "page")]).child(content);
        el("li").child(if to == page { link.attr("aria-current", "page") } else { link })
    };
    let mut list = el("ul");
    if page > 1 {
        list = list.child(link(page - 1, &t("Page before"), El::icon(C, LEFT)));
    }
    for step in paging::steps(page, pages) {
        list = list.child(match step {
            Step::Page(to) => {
                let number = to.to_string();
                link(to, &t_with("Page {number}", &[("number", &number)]), el("span").text(&number))
            }
            Step::Gap => el("li").class("gap").attr("aria-hidden", "true").text("…"),
        });
    }
    if page < pages {
        list = list.child(link(page + 1, &t("Next page"), El::icon(C, RIGHT)));
    }
    el("nav").class("pages").attr_t("aria-label", "Pages").child(list)
}
