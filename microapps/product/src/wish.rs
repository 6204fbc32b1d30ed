//! The heart: onto the wishlist of the account, and off it.

use crate::{C, el, icon::HEART, visit::Visit};
use contract::code;
use leptos::task::spawn_local;
use microapp::{
    api::{self, Method},
    element::{El, follow},
    prelude::*,
};

/// Of `contract::shop::account::Wishlist` what the heart needs.
#[derive(Deserialize)]
struct Wishlist {
    products: Vec<Wished>,
}

#[derive(Deserialize)]
struct Wished {
    id: i64,
}

/// Whether the product is on the wishlist.
#[derive(Clone, Copy, Default)]
struct Wish {
    wished: bool,
    /// Rises with whatever makes a list old that is still on its way.
    turn: u32,
}

impl Wish {
    /// What is known from now on.
    fn set(&mut self, wished: bool) {
        *self = Self { wished, turn: self.turn + 1 };
    }
}

/// A button that is pressed while the product is on the wishlist. Whoever is not signed in is asked to.
pub fn button(visit: Visit, product: i64) -> El {
    let wish = Watched::new(Wish::default());
    let pending = Watched::new(false);
    let person = visit.host.session();
    follow(move || {
        let signed_in = person.with(Option::is_some);
        let turn = wish.update(|wish| {
            wish.set(wish.wished && signed_in);
            wish.turn
        });
        if signed_in {
            spawn_local(async move {
                // Where it cannot be had the heart is empty: pressing it says what is wrong.
                if let Ok(list) = api::get::<Wishlist>(visit.host, "/account/wishlist").await
                    && wish.with_untracked(|wish| wish.turn == turn)
                {
                    wish.update(|wish| wish.set(list.products.iter().any(|wished| wished.id == product)));
                }
            });
        }
    });
    el("button")
        .class("button quiet wish")
        .attrs(&[("type", "button"), ("data-test", "wish")])
        .attr_from("aria-pressed", move || Some(wish.get().wished.to_string()))
        .child(El::icon(C, HEART))
        .child(
            el("span").text_from(move || {
                t(if wish.get().wished { "On your wishlist" } else { "Save to wishlist" })
            }),
        )
        .on("click", move |_| {
            if pending.get_untracked() {
                return;
            }
            pending.set(true);
            let signed_in = person.get_untracked().is_some();
            spawn_local(async move {
                // The dialog closed without a sign-in: nothing changes.
                if signed_in || visit.host.sign_in().await.is_ok() {
                    turn(visit, product, wish).await;
                }
                pending.set(false);
            });
        })
}

async fn turn(visit: Visit, product: i64, wish: Watched<Wish>) {
    let before = wish.get_untracked().wished;
    let path = ["/account/wishlist/", &product.to_string()].concat();
    let method = if before { Method::DELETE } else { Method::PUT };
    let mut answer = api::send(visit.host, method, &path, &()).await;
    if answer.as_ref().is_err_and(|error| error.is(code::SIGN_IN_REQUIRED)) {
        // The session ended elsewhere.
        if visit.host.sign_in().await.is_err() || !visit.host.is_open() {
            // With the person the page went; what takes its place asks anew, and may be somebody else's.
            return;
        }
        answer = api::send(visit.host, method, &path, &()).await;
    }
    match answer {
        Ok(()) => {
            wish.update(|wish| wish.set(!before));
            let notice = if before {
                Notice::new(Level::Success, t("It is off your wishlist."))
            } else {
                Notice::new(Level::Success, t("It is on your wishlist."))
                    .with_link(t("View it"), "/account/wishlist")
            };
            visit.host.notify(notice);
        }
        Err(error) => visit.host.notify(Notice::new(Level::Error, error.numbered())),
    }
}
