//! What the browser keeps of the cart: the server's last answer, and changes that it has not confirmed.

use crate::{
    change::{self, Change},
    told,
};
use contract::shop::cart::{Cart, Notice};
use microapp::State;
use serde::{Deserialize, Serialize};

/// The copy in the browser. The server's cart is the truth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Saved {
    /// The server's last answer; nothing before the first.
    pub cart: Option<Cart>,
    /// Changes that wait for the server, the oldest first.
    pub waiting: Vec<Change>,
}

/// What can happen to it.
pub enum Action {
    /// The shopper changed something.
    Changed(Change),
    /// The server took a change up; this is the cart now.
    Confirmed(Change, Cart),
    /// The server will never take a change up; with why, where nobody else says so.
    Refused(Change, Option<String>),
    /// This is the server's cart now.
    Read(Cart),
    /// The shopper gives up on what waits.
    Discarded,
    /// The shopper has seen the notices and left.
    Left,
}

impl State for Saved {
    const PERSONAL: bool = true;
    type Action = Action;

    fn reduce(&mut self, action: Action) {
        match action {
            Action::Changed(change) => change::queue(&mut self.waiting, change),
            Action::Confirmed(change, cart) => {
                self.settle(&change);
                self.take_up(cart, Some(change.variant_id()));
            }
            Action::Refused(change, message) => {
                self.settle(&change);
                if let (Some(message), Some(cart)) = (message, &mut self.cart) {
                    let notice = Notice { variant_id: Some(change.variant_id()), message };
                    cart.notices = told::merge(&cart.notices, vec![notice], None);
                }
            }
            Action::Read(cart) => self.take_up(cart, None),
            Action::Discarded => self.waiting.clear(),
            Action::Left => {
                if let Some(cart) = &mut self.cart {
                    cart.notices.clear();
                }
            }
        }
    }
}

impl Saved {
    /// The cart with what waits.
    pub fn shown(&self) -> Cart {
        match &self.cart {
            Some(cart) => change::predict(cart, &self.waiting),
            None => change::predict(&Cart::default(), &self.waiting),
        }
    }

    /// The quantities at the head of what waits: setting them twice does no harm.
    pub fn quantities_first(&self) -> Vec<Change> {
        self.waiting.iter().take_while(|change| matches!(change, Change::Set { .. })).cloned().collect()
    }

    /// A newer change of the same line, made while this one was on its way, goes on waiting.
    fn settle(&mut self, change: &Change) {
        if let Some(at) = self.waiting.iter().position(|waiting| waiting == change) {
            self.waiting.remove(at);
        }
    }

    fn take_up(&mut self, mut cart: Cart, touched: Option<i64>) {
        if let Some(before) = &self.cart {
            cart.notices = told::merge(&before.notices, cart.notices, touched);
        }
        self.cart = Some(cart);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::tests::{add, cart, set};

    fn check(actions: Vec<Action>, lines: &[(i64, i64)], waiting: &[Change]) {
        let mut saved = Saved { cart: Some(cart(&[(1, 2, 500)])), waiting: Vec::new() };
        for action in actions {
            saved.reduce(action);
        }
        let shown: Vec<_> = saved.shown().lines.iter().map(|line| (line.variant_id, line.quantity)).collect();
        assert_eq!((shown.as_slice(), saved.waiting.as_slice()), (lines, waiting));
    }

    #[test]
    fn a_change_waits_until_it_is_answered() {
        use Action::*;
        check(vec![Changed(set(1, 3))], &[(1, 3)], &[set(1, 3)]);
        check(vec![Changed(set(1, 3)), Confirmed(set(1, 3), cart(&[(1, 3, 500)]))], &[(1, 3)], &[]);
        check(vec![Changed(set(1, 3)), Refused(set(1, 3), Some("No.".to_owned()))], &[(1, 2)], &[]);
        check(vec![Changed(set(1, 3)), Read(cart(&[(1, 2, 500)]))], &[(1, 3)], &[set(1, 3)]);
        check(vec![Changed(set(1, 3)), Discarded], &[(1, 2)], &[]);
    }

    #[test]
    fn an_answer_does_not_undo_what_was_typed_meanwhile() {
        use Action::*;
        let answer = cart(&[(1, 3, 500)]);
        check(
            vec![Changed(set(1, 3)), Changed(set(1, 4)), Confirmed(set(1, 3), answer)],
            &[(1, 4)],
            &[set(1, 4)],
        );
        let answer = cart(&[(1, 2, 500), (9, 1, 100)]);
        check(
            vec![Changed(add(9, 1)), Changed(add(9, 1)), Confirmed(add(9, 1), answer)],
            &[(1, 2), (9, 2)],
            &[add(9, 1)],
        );
    }

    #[test]
    fn only_quantities_go_without_an_answer() {
        let saved = Saved { cart: None, waiting: vec![set(1, 3), set(2, 1), add(9, 1), set(1, 4)] };
        assert_eq!(saved.quantities_first(), [set(1, 3), set(2, 1)]);
    }

    #[test]
    fn what_is_kept_can_be_read_again() {
        let saved = Saved { cart: Some(cart(&[(1, 2, 500)])), waiting: vec![set(1, 3), add(9, 1)] };
        let text = serde_json::to_string(&saved).unwrap();
        assert_eq!(serde_json::from_str::<Saved>(&text).unwrap(), saved);
        assert_eq!(serde_json::from_str::<Saved>("{}").unwrap(), Saved::default());
    }
}
