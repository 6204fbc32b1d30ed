//! One line of the cart.

use super::icon;
use crate::{
    C,
    change::Change,
    el,
    page::{Page, notes_id},
    quantity,
};
use contract::shop::cart::{AddItem, LineItem};
use leptos::{prelude::*, task::spawn_local};
use microapp::{Level, Notice, api, element::El, t, t_with};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent};

/// A line of the page: the cart's line with its number.
#[derive(Clone, Copy)]
struct Line {
    page: Page,
    id: i64,
}

impl Line {
    /// What the cart has under this number; nothing while the line goes away.
    fn read<T: Default>(self, read: impl FnOnce(&LineItem) -> T) -> T {
        let find = |line: &&LineItem| line.variant_id == self.id;
        self.page.cart(|cart| cart.lines.iter().find(find).map(read)).unwrap_or_default()
    }

    fn quantity(self) -> i64 {
        self.read(|line| line.quantity)
    }

    fn most(self) -> i64 {
        quantity::most(self.read(|line| line.stock))
    }

    fn set(self, quantity: i64) {
        if quantity != self.quantity() {
            self.page.change(Change::Set { variant_id: self.id, quantity });
        }
    }

    /// One more or one less. What is in the cart may be over the stock already; then it only goes down.
    fn step(self, by: i64) {
        let now = self.quantity();
        self.set((now + by).clamp(1, self.most().max(now)));
    }

    fn typed(self, field: &El, event: &Event) {
        match quantity::parse(&field.field().value()) {
            Some(0) => self.remove(event),
            Some(quantity) => self.set(quantity.min(self.most())),
            None => {}
        }
        field.field().set_value(&self.quantity().to_string());
    }

    /// Takes the line out, moves the focus on, and offers to put it back.
    fn remove(self, event: &Event) {
        let Some(line) = self.read(|line| Some(line.clone())) else { return };
        focus_neighbour(event);
        let (page, variant_id) = (self.page, self.id);
        page.change(Change::Set { variant_id, quantity: 0 });
        spawn_local(async move {
            let text = t_with("Removed {name}.", &[("name", &name(&line))]);
            let undo =
                page.context.host.ask_notice(Notice::new(Level::Info, text).with_action(t("Undo"))).await;
            if undo && page.context.store.is_open() {
                let item = AddItem { variant_id, quantity: line.quantity };
                page.change(Change::Add { item, key: api::idempotency_key(), line: Some(Box::new(line)) });
            }
        });
    }
}

/// A line: picture, title, options, price, quantity, total and what the server says about it.
pub fn line(page: Page, id: i64) -> El {
    let line = Line { page, id };
    let Some(first) = line.read(|line| Some(line.clone())) else { return el("li") };
    let address = page.context.host.href(&["/product/", &first.product_id.to_string()].concat());
    let image = first.picture.as_deref().map(|picture| {
        let image = el("img").attrs(&[("alt", ""), ("width", "96"), ("height", "96"), ("loading", "lazy")]);
        image.picture(picture, "96px")
    });
    // The title beside it leads to the same place.
    let picture = el("a")
        .class("picture")
        .attrs(&[("href", &address), ("tabindex", "-1"), ("aria-hidden", "true")])
        .children(image);
    let each = move || match line.quantity() {
        ..=1 => String::new(),
        _ => t_with("{price} each", &[("price", &line.read(|line| page.amount(&line.unit_price)))]),
    };
    let about = el("div")
        .class("about")
        .child(el("a").class("title").attr("href", &address).text(&first.title))
        .child(el("p").class("options").text(&first.options))
        .child(el("p").class("each").text_from(each));
    let total = move || line.read(|line| page.amount(&line.total));
    let remove = button(&t_with("Remove {name}", &[("name", &name(&first))]), "remove", icon::TRASH)
        .class("remove")
        .on("click", move |event| {
            // The second click of a double one would be at the line that has moved up.
            if event.unchecked_ref::<MouseEvent>().detail() < 2 {
                line.remove(&event);
            }
        });
    el("li")
        .class("line")
        .attr("data-test", "line")
        .child(picture)
        .child(about)
        .child(el("p").class("line-total").attr("data-test", "line-total").text_from(total))
        .child(el("div").class("controls").child(stepper(line, &name(&first))).child(remove))
        .child(notes(line))
}

fn button(label: &str, test: &str, path: &str) -> El {
    el("button")
        .class("icon-button")
        .attrs(&[("type", "button"), ("aria-label", label), ("data-test", test)])
        .child(El::icon(C, path))
}

/// − field +
fn stepper(line: Line, name: &str) -> El {
    let label = t_with("Quantity of {name}", &[("name", name)]);
    let less = button(&t("One less"), "less", icon::MINUS)
        .attr_when("aria-disabled", "true", move || line.quantity() <= 1)
        .on("click", move |_| line.step(-1));
    let more = button(&t("One more"), "more", icon::PLUS)
        .attr_when("aria-disabled", "true", move || line.quantity() >= line.most())
        .on("click", move |_| line.step(1));
    let field = el("input")
        .class("quantity")
        .attrs(&[
            ("type", "text"),
            ("inputmode", "numeric"),
            ("maxlength", "3"),
            ("autocomplete", "off"),
            ("data-test", "quantity"),
            ("aria-label", &label),
        ])
        .follow({
            let mut before = None;
            move |field| {
                // What is being typed stays while the line does.
                let now = Some(line.quantity());
                if now != before {
                    field.field().set_value(&line.quantity().to_string());
                    before = now;
                }
            }
        });
    let (typed, focused) = (field.clone(), field.clone());
    let field = field
        .on("change", move |event| line.typed(&typed, &event))
        .on("focus", move |_| focused.field().select());
    el("div")
        .class("stepper")
        .attrs(&[("role", "group"), ("aria-label", &label)])
        .child(less)
        .child(field)
        .child(more)
}

/// What the server says about the line, or why there is no more of it.
fn notes(line: Line) -> El {
    let said = move || {
        line.page.cart(|cart| {
            let notices = cart.notices.iter().filter(|notice| notice.variant_id == Some(line.id));
            notices.map(|notice| notice.message.clone()).collect::<Vec<_>>()
        })
    };
    let scarce = move || {
        let (quantity, stock) = line.read(|line| (line.quantity, line.stock));
        let busy = line.page.shown(|shown| shown.busy);
        // What is sold out is no line any more.
        match quantity {
            0 => String::new(),
            _ if quantity > stock && !busy => t_with("Only {n} left.", &[("n", &stock.to_string())]),
            _ if quantity == stock => t_with("That is all we have: {n}.", &[("n", &stock.to_string())]),
            _ => String::new(),
        }
    };
    let key = move || match said() {
        said if said.is_empty() => scarce(),
        said => said.into_iter().collect(),
    };
    let place = el("div").class("line-notes").attr("id", &notes_id(line.id));
    place.attrs(&[("role", "status"), ("tabindex", "-1")]).children_from(key, move || match said() {
        said if said.is_empty() => match scarce() {
            scarce if scarce.is_empty() => Vec::new(),
            scarce => vec![el("p").class("hint").text(&scarce)],
        },
        said => said.iter().map(|text| el("p").class("note warn").text(text)).collect(),
    })
}

/// The focus must not fall off the page with the line: to the next one, else to the heading. Neither does anything with the
/// key that is still held down.
fn focus_neighbour(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(line) = target.and_then(|target| target.closest("li").ok().flatten()) else { return };
    let neighbour = line.next_element_sibling().or_else(|| line.previous_element_sibling());
    if let Some(target) = neighbour.or_else(|| document().query_selector("h1").ok().flatten()) {
        let _ = target.set_attribute("tabindex", "-1");
        let _ = target.unchecked_into::<HtmlElement>().focus();
    }
}

fn name(line: &LineItem) -> String {
    if line.options.is_empty() { line.title.clone() } else { [&line.title, ", ", &line.options].concat() }
}
