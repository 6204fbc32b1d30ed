//! The row of a variant, in which its stock is set.

use crate::{
    desk::Desk,
    edit::{Edit, pieces},
    el,
    view::LOW,
};
use contract::{code, shop::operator::StockItem};
use leptos::task::spawn_local;
use microapp::{
    api::{ApiError, numbered},
    element::El,
    property, t, t_with,
};
use operator::{button, focus};

/// The row of a variant.
#[derive(Clone)]
struct Row {
    desk: Desk,
    variant: i64,
    input: El,
}

/// It is done.
fn set_to(stock: i64) -> Edit {
    Edit { says: t_with("{n} in stock now.", &[("n", &stock.to_string())]), ..Edit::default() }
}

/// The row.
pub fn row(desk: Desk, item: StockItem) -> El {
    let id = ["stock-", &item.variant_id.to_string()].concat();
    let says = [&id, "-says"].concat();
    let input = el("input").class("input small pieces").attrs(&[
        ("id", &id),
        ("type", "text"),
        ("inputmode", "numeric"),
        ("autocomplete", "off"),
        ("maxlength", "10"),
        ("aria-describedby", &says),
        ("data-test", "pieces"),
    ]);
    let name = match item.options.as_str() {
        "" => item.title,
        options => [&item.title, ", ", options].concat(),
    };
    let label = el("label").class("name").attr("for", &id).text(&name);
    let sku = el("span").class("hint block").text(&item.sku);
    let row = Row { desk, variant: item.variant_id, input };
    el("tr")
        .attrs(&[("data-test", "variant"), ("data-sku", &item.sku)])
        .child(el("th").attr("scope", "row").child(label).child(sku))
        .child(el("td").child(row.form(&says)))
}

impl Row {
    /// What the server said last.
    fn known(&self) -> i64 {
        self.desk.stock(self.variant)
    }

    fn edit(&self) -> Edit {
        self.desk.edit(self.variant)
    }

    fn put(&self, edit: Edit) {
        self.desk.put_edit(Edit { variant: self.variant, ..edit });
    }

    fn form(self, says: &str) -> El {
        // Each part follows the row by a handle of its own.
        let row = || self.clone();
        let (faulty, value, typed, escaped) = (row(), row(), row(), row());
        self.input
            .clone()
            .attr_when("aria-invalid", "true", move || faulty.is_faulty())
            .follow(move |input| {
                let edit = value.edit();
                let text = if edit.expected.is_some() { edit.typed } else { value.known().to_string() };
                // Set anew, it would take the cursor along.
                if input.field().value() != text {
                    input.field().set_value(&text);
                }
            })
            .on("input", move |_| {
                let edit = typed.edit().typed(typed.input.field().value(), typed.known());
                typed.put(Edit { says: String::new(), wrong: false, ..edit });
            })
            .on("keydown", move |event| {
                let key = property::get(&event, "key").as_string();
                if key.as_deref() == Some("Escape") && escaped.edit().expected.is_some() {
                    escaped.leave();
                }
            });
        let (unsaved, busy, waits) = (row(), row(), row());
        let save = el("button")
            .class("button small")
            .attrs(&[("type", "submit"), ("data-test", "save")])
            .attr_when("hidden", "", move || {
                let edit = unsaved.edit();
                edit.expected.is_none() || edit.conflict.is_some()
            })
            .attr_when("aria-disabled", "true", move || busy.edit().busy)
            .text_from(move || t(if waits.edit().busy { "One moment …" } else { "Set" }));
        let (asked, wanted, kept) = (row(), row(), row());
        let anyway = button::<Desk>("anyway", "")
            .attr_when("hidden", "", move || asked.edit().conflict.is_none())
            .text_from(move || {
                let wanted = wanted.edit().conflict.map_or(0, |(wanted, _)| wanted);
                t_with("Set it to {n} all the same", &[("n", &wanted.to_string())])
            })
            .on("click", move |_| kept.send_anyway());
        let (edited, busy, now, left) = (row(), row(), row(), row());
        let leave = button::<Desk>("leave", "quiet")
            .attr_when("hidden", "", move || edited.edit().expected.is_none())
            .attr_when("aria-disabled", "true", move || busy.edit().busy)
            .text_from(move || match now.edit().conflict {
                Some((_, now)) => t_with("Leave it at {n}", &[("n", &now.to_string())]),
                None => t("Leave it"),
            })
            .on("click", move |_| left.leave());
        let (faulty, said, sent) = (row(), row(), row());
        let said = el("p")
            .class("says")
            .attrs(&[("id", says), ("role", "status"), ("data-test", "says")])
            .class_when("error", move || faulty.is_faulty())
            .text_from(move || said.edit().says);
        let parts = [self.input.clone(), save, anyway, leave, self.mark()];
        el("form")
            .class("set")
            .attr("novalidate", "")
            .on("submit", move |event| {
                event.prevent_default();
                sent.send();
            })
            .child(el("div").class("beside").children(parts))
            .child(said)
    }

    fn is_faulty(&self) -> bool {
        let edit = self.edit();
        edit.wrong || edit.conflict.is_some()
    }

    /// That there are few or none.
    fn mark(&self) -> El {
        let (low, none, text) = (self.clone(), self.clone(), self.clone());
        el("span")
            .class("badge warn")
            .attr("data-test", "low")
            .class_when("bad", move || none.known() == 0)
            .attr_when("hidden", "", move || low.known() > LOW)
            .text_from(move || t(if text.known() == 0 { "Sold out" } else { "Low" }))
    }

    fn focus(&self) {
        let _ = self.input.html().focus();
    }

    /// Whether nobody is somewhere else by now.
    fn may_focus(&self) -> bool {
        self.input.node().parent_node().is_some_and(|row| focus::is_free_for(&row))
    }

    /// What was typed is forgotten, unless it is on its way.
    fn leave(&self) {
        if !self.edit().busy {
            self.put(Edit::default());
            self.focus();
        }
    }

    fn send(&self) {
        let edit = self.edit();
        let Some(expected) = edit.expected.filter(|_| !edit.busy) else { return };
        match pieces(&edit.typed) {
            Some(stock) => self.set(expected, stock),
            None => {
                self.put(Edit { wrong: true, says: t("From 0 to 1,000,000,000."), ..edit });
                self.focus();
            }
        }
    }

    fn send_anyway(&self) {
        let edit = self.edit();
        if let Some((wanted, now)) = edit.conflict.filter(|_| !edit.busy) {
            self.set(now, wanted);
        }
    }

    fn set(&self, expected: i64, stock: i64) {
        let edit = self.edit();
        let sent = Edit { expected: Some(expected), typed: edit.typed.clone(), ..Edit::default() };
        self.put(Edit { busy: true, says: String::new(), ..edit });
        let row = self.clone();
        spawn_local(async move {
            let edit = match row.desk.set_stock(row.variant, expected, stock).await {
                Ok(()) => set_to(stock),
                Err(error) => row.refused(sent.clone(), expected, stock, error).await,
            };
            let now = row.edit();
            // Else somebody signed out meanwhile.
            if now.busy {
                // The button that has the focus may be gone in a moment.
                let may_focus = row.may_focus();
                // What was typed meanwhile is not set yet.
                row.put(if now.typed == sent.typed { edit } else { edit.typed(now.typed, stock) });
                if may_focus {
                    row.focus();
                }
            }
        });
    }

    /// Where somebody bought some, or another operator was faster: what there is now, and both ways on.
    async fn refused(&self, edit: Edit, expected: i64, stock: i64, mut error: ApiError) -> Edit {
        if error.is(code::STOCK_CHANGED) {
            match self.desk.look_at_stock(self.variant).await {
                // Whoever did it, a try of ours that had no answer included.
                Ok(now) if now == stock => return set_to(stock),
                Ok(now) => {
                    let says = t_with(
                        "It changed meanwhile: {now} now, no longer {before}.",
                        &[("now", &now.to_string()), ("before", &expected.to_string())],
                    );
                    let says = numbered(&says, &error.code);
                    return Edit { says, conflict: Some((stock, now)), ..edit };
                }
                Err(other) => error = other,
            }
        }
        if error.is(code::TOKEN_INVALID) {
            self.desk.fail(error);
            return edit;
        }
        Edit { says: error.numbered(), wrong: true, ..edit }
    }
}
