//! What the browser keeps of the cart: the server's last answer, and changes that it has not confirmed.

use crate::{
    change::{self, Change},
    told,
};
use contract::{
    shop::cart::{Cart, Notice},
    value::{Faults, FromValue, Value},
};
use microapp::State;
use serde::Serialize;

/// The copy in the browser. The server's cart is the truth.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Saved {
    /// The server's last answer; nothing before the first.
    pub cart: Option<Cart>,
    /// Changes that wait for the server, the oldest first.
    pub waiting: Vec<Change>,
    /// The cart with what waits.
    #[serde(skip)]
    pub shown: Cart,
}

impl FromValue for Saved {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        let mut fields = value.into_fields(faults);
        Self::new(fields.read("cart", faults), fields.read_or_default("waiting", faults))
    }
}

contract::read_as_records!(Saved);

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
    /// The same, with another coupon or none: what was said of the whole cart is over.
    Coupon(Cart),
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
            Action::Coupon(cart) => {
                self.forget_of_the_whole();
                self.take_up(cart, None);
            }
            Action::Discarded => self.waiting.clear(),
            Action::Left => {
                if let Some(cart) = &mut self.cart {
                    cart.notices.clear();
                }
            }
        }
        self.predict();
    }
}

impl Saved {
    fn new(cart: Option<Cart>, waiting: Vec<Change>) -> Self {
        let mut saved = Self { cart, waiting, shown: Cart::default() };
        saved.predict();
        saved
    }

    fn predict(&mut self) {
        self.shown = change::predict(self.cart.clone().unwrap_or_default(), &self.waiting);
    }

    /// How many pieces wait that the cart page has no line for yet.
    pub fn unseen(&self) -> i64 {
        self.shown.pieces - self.shown.lines.iter().map(|line| line.quantity).sum::<i64>()
    }

    /// A newer change of the same line, made while this one was on its way, goes on waiting.
    fn settle(&mut self, change: &Change) {
        if let Some(at) = self.waiting.iter().position(|waiting| waiting == change) {
            self.waiting.remove(at);
        }
    }

    fn forget_of_the_whole(&mut self) {
        if let Some(cart) = &mut self.cart {
            cart.notices.retain(|notice| notice.variant_id.is_some());
        }
    }

    fn take_up(&mut self, mut cart: Cart, touched: Option<i64>) {
        // Why a coupon does not count is said with each answer, as long as that is so.
        if self.cart.as_ref().is_some_and(|before| before.idle_coupon.is_some()) {
            self.forget_of_the_whole();
        }
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
    use contract::shop::cart::Coupon;

    fn check(actions: Vec<Action>, lines: &[(i64, i64)], waiting: &[Change]) {
        let mut saved = Saved::new(Some(cart(&[(1, 2, 500)])), Vec::new());
        for action in actions {
            saved.reduce(action);
        }
        let shown: Vec<_> = saved.shown.lines.iter().map(|line| (line.variant_id, line.quantity)).collect();
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
    fn what_was_said_of_a_coupon_goes_with_it() {
        let notices = [(None, "The coupon is over."), (Some(1), "The price changed.")]
            .map(|(variant_id, message)| Notice { variant_id, message: message.to_owned() });
        let before = Cart { notices: notices.to_vec(), ..cart(&[(1, 2, 500)]) };
        let mut saved = Saved::new(Some(before), Vec::new());
        saved.reduce(Action::Coupon(cart(&[(1, 2, 500)])));
        assert_eq!(saved.shown.notices, notices[1..]);
    }

    #[test]
    fn why_a_coupon_does_not_count_is_said_no_longer_than_that_is_so() {
        let coupon = || Coupon { code: "FIFTY".to_owned(), label: String::new() };
        let waits = |message: &str, lines: &[(i64, i64, i64)]| Cart {
            idle_coupon: Some(coupon()),
            notices: vec![Notice { variant_id: None, message: message.to_owned() }],
            ..cart(lines)
        };
        let mut saved = Saved::new(Some(waits("It counts from 50 on.", &[(1, 2, 500)])), Vec::new());
        let counts = Cart { coupon: Some(coupon()), ..cart(&[(1, 20, 500)]) };
        saved.reduce(Action::Confirmed(set(1, 20), counts));
        assert_eq!(saved.shown.notices, []);
        // What is said then is kept until it has been read.
        saved.reduce(Action::Read(waits("It is over.", &[(1, 20, 500)])));
        assert_eq!(saved.shown.notices.len(), 1);
        saved.reduce(Action::Read(waits("It counts for beds.", &[(1, 20, 500)])));
        let said: Vec<_> = saved.shown.notices.iter().map(|notice| notice.message.as_str()).collect();
        assert_eq!(said, ["It counts for beds."]);
    }

    #[test]
    fn pieces_without_a_line_are_counted() {
        assert_eq!(Saved::new(None, vec![add(9, 2), add(8, 1)]).unseen(), 3);
        assert_eq!(Saved::new(Some(cart(&[(1, 2, 500)])), vec![add(1, 2)]).unseen(), 0);
    }

    #[test]
    fn what_is_kept_can_be_read_again() {
        let saved = Saved::new(Some(cart(&[(1, 2, 500)])), vec![set(1, 3), add(9, 1)]);
        let text = serde_json::to_string(&saved).unwrap();
        assert_eq!(serde_json::from_str::<Saved>(&text).unwrap(), saved);
        assert_eq!(serde_json::from_str::<Saved>("{}").unwrap(), Saved::default());
    }
}
