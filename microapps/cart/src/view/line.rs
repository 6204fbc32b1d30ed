//! One line of the cart.

use super::{Page, Phase, icon};
use crate::{C, change::Change, quantity};
use contract::shop::{
    cart::{AddItem, LineItem},
    money::Money,
};
use leptos::{ev, task::spawn_local};
use microapp::{api, format::money, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A line: picture, title, options, price, quantity, total and what the server says about it.
pub fn line(page: Page, id: i64) -> AnyView {
    let find = move |cart: &contract::shop::cart::Cart| {
        cart.lines.iter().find(|line| line.variant_id == id).cloned()
    };
    let line = Memo::new(move |_| page.shown.with(find));
    let Some(first) = line.get_untracked() else { return ().into_any() };
    let host = page.context.host;
    let amount = move |read: fn(&LineItem) -> &Money| {
        move || line.with(|line| line.as_ref().map(|line| money(read(line), &host.locale())))
    };
    let several = move || line.with(|line| line.as_ref().is_some_and(|line| line.quantity > 1));
    let each = amount(|line| &line.unit_price);
    let remove_label = format!("Remove {}", name(&first));
    view! { class = C,
        <li class="line" data-test="line" data-variant=id>
            <a class="picture" href=host.href(&format!("/product/{}", first.product_id)) tabindex="-1" aria-hidden="true">
                {first.picture.clone().map(|picture| view! { class = C,
                    <img src=picture alt="" width="96" height="96" loading="lazy" />
                })}
            </a>
            <div class="about">
                <a class="title" href=host.href(&format!("/product/{}", first.product_id))>{first.title.clone()}</a>
                <p class="options" hidden=first.options.is_empty()>{first.options.clone()}</p>
                <p class="each" hidden=move || !several()>{each} " each"</p>
            </div>
            <p class="line-total" data-test="line-total">{amount(|line| &line.total)}</p>
            <div class="controls">
                {stepper(page, line, id, &first)}
                <button class="icon-button remove" type="button" data-test="remove" aria-label=remove_label
                    on:click=move |event| remove(page, line.get_untracked(), &event)>
                    {icon::icon(icon::TRASH)}
                </button>
            </div>
            <div class="line-notes" role="status">{notes(page, line, id)}</div>
        </li>
    }
    .into_any()
}

/// − field +
fn stepper(page: Page, line: Memo<Option<LineItem>>, id: i64, first: &LineItem) -> AnyView {
    let now = move || line.with(|line| line.as_ref().map_or(0, |line| line.quantity));
    let most = move || line.with(|line| quantity::most(line.as_ref().map_or(0, |line| line.stock)));
    let set = move |quantity: i64| {
        if quantity != untrack(now) {
            page.change(Change::Set { variant_id: id, quantity });
        }
    };
    let typed = move |event: ev::Event| {
        let field = event_target::<web_sys::HtmlInputElement>(&event);
        match quantity::parse(&field.value()) {
            Some(0) => remove(page, line.get_untracked(), &event),
            Some(quantity) => {
                let possible = quantity.min(untrack(most));
                set(possible);
                field.set_value(&possible.to_string());
            }
            None => field.set_value(&untrack(now).to_string()),
        }
    };
    let less = move |_| set((untrack(now) - 1).max(1));
    let more = move |_| set((untrack(now) + 1).min(untrack(most).max(untrack(now))));
    let select = move |event: ev::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    let name = name(first);
    let at_most = move || now() >= most();
    view! { class = C,
        <div class="stepper" role="group" aria-label=format!("Quantity of {name}")>
            <button class="icon-button" type="button" aria-label="One less" data-test="less"
                aria-disabled=move || (now() <= 1).to_string()
                on:click=less>
                {icon::icon(icon::MINUS)}
            </button>
            <input class="quantity" type="text" inputmode="numeric" maxlength="3" autocomplete="off" data-test="quantity"
                aria-label=format!("Quantity of {name}") prop:value=move || now().to_string()
                on:change=typed
                on:focus=select />
            <button class="icon-button" type="button" aria-label="One more" data-test="more"
                aria-disabled=move || at_most().to_string()
                on:click=more>
                {icon::icon(icon::PLUS)}
            </button>
        </div>
    }
    .into_any()
}

/// What the server says about the line, and why there is no more.
fn notes(page: Page, line: Memo<Option<LineItem>>, id: i64) -> impl Fn() -> AnyView {
    move || {
        let said = page.shown.with(|cart| {
            let notices = cart.notices.iter().filter(|notice| notice.variant_id == Some(id));
            notices.map(|notice| notice.message.clone()).collect::<Vec<_>>()
        });
        let scarce = line.with(|line| line.as_ref().map(|line| (line.quantity, line.stock)));
        let scarce = scarce.and_then(|(quantity, stock)| match stock {
            ..=0 => Some("Sold out just now. Remove it to go on.".to_owned()),
            _ if quantity > stock && page.phase.get() != Phase::Busy => Some(format!("Only {stock} left.")),
            _ if quantity == stock => Some(format!("That is all we have: {stock}.")),
            _ => None,
        });
        let note = |text: String| view! { class = C, <p class="note warn">{text}</p> }.into_any();
        let hint = |text: String| view! { class = C, <p class="hint">{text}</p> }.into_any();
        let notes: Vec<_> = if said.is_empty() {
            scarce.into_iter().map(hint).collect()
        } else {
            said.into_iter().map(note).collect()
        };
        notes.into_any()
    }
}

/// Takes the line out, moves the focus on, and offers to put it back.
fn remove(page: Page, line: Option<LineItem>, event: &web_sys::Event) {
    let Some(line) = line else { return };
    focus_neighbour(event);
    page.change(Change::Set { variant_id: line.variant_id, quantity: 0 });
    spawn_local(async move {
        let notice = Notice::new(Level::Info, format!("Removed {}.", name(&line))).with_action("Undo");
        if !page.context.host.ask_notice(notice).await || !page.context.store.is_open() {
            return;
        }
        page.change(Change::Add {
            item: AddItem { variant_id: line.variant_id, quantity: line.quantity },
            key: api::idempotency_key(),
            line: Some(Box::new(line)),
        });
    });
}

/// The focus must not fall off the page with the line: to the next one, else to the heading.
fn focus_neighbour(event: &web_sys::Event) {
    let Some(line) = event_target::<Element>(event).closest("li").ok().flatten() else { return };
    let neighbour = line.next_element_sibling().or_else(|| line.previous_element_sibling());
    let target = match neighbour {
        Some(neighbour) => neighbour.query_selector("[data-test=remove]"),
        None => line.closest(".page").ok().flatten().map_or(Ok(None), |page| page.query_selector("h1")),
    };
    if let Some(target) = target.ok().flatten() {
        if target.tag_name() == "H1" {
            let _ = target.set_attribute("tabindex", "-1");
        }
        let _ = target.unchecked_into::<HtmlElement>().focus();
    }
}

fn name(line: &LineItem) -> String {
    if line.options.is_empty() { line.title.clone() } else { format!("{}, {}", line.title, line.options) }
}
