//! Children by key: one that stays keeps its element, its place in the page and so the focus.

use crate::element::El;
use leptos::{prelude::*, reactive::owner::Owner};

/// `place` with one child for each of `keys`, in their order. A key that comes again has no second child.
pub fn children<K: Clone + PartialEq + 'static>(
    place: El,
    keys: impl Fn() -> Vec<K> + 'static,
    make: impl FnMut(K) -> El + 'static,
) -> El {
    children_boxed(place, Box::new(keys), Box::new(make))
}

#[inline(never)]
fn children_boxed<K: Clone + PartialEq + 'static>(
    place: El,
    keys: Box<dyn Fn() -> Vec<K>>,
    mut make: Box<dyn FnMut(K) -> El>,
) -> El {
    let outer = Owner::current().map(|owner| owner.downgrade());
    let mut made: Vec<(K, El, Owner)> = Vec::new();
    place.follow(move |place| {
        let keys = keys();
        made.retain(|(key, child, owner)| {
            let stays = keys.contains(key);
            if !stays {
                owner.cleanup();
                child.node().remove();
            }
            stays
        });
        let Some(outer) = outer.as_ref().and_then(|outer| outer.upgrade()) else { return };
        let mut at = 0;
        for key in keys {
            let now = made.iter().position(|(known, ..)| *known == key);
            if now.is_some_and(|now| now < at) {
                continue; // it has come before
            }
            if now != Some(at) {
                let child = match now {
                    Some(now) => made.remove(now),
                    None => {
                        let owner = outer.child();
                        let child = untrack(|| owner.with(|| make(key.clone())));
                        (key, child, owner)
                    }
                };
                let before = made.get(at).map(|(_, child, _)| child.node().clone());
                let _ = place.node().insert_before(child.1.node(), before.as_deref());
                made.insert(at, child);
            }
            at += 1;
        }
    })
}
