//! Changes of the cart that the server has not confirmed yet, and what the cart looks like with them.

use contract::{
    shop::cart::{AddItem, Cart, LineItem},
    value::{Faults, FromValue, Value},
};
use serde::Serialize;

/// The most of one variant that the server takes.
pub const MOST: i64 = 999;

/// One change. They are sent in order, each until it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Change {
    /// More of a variant.
    Add {
        /// What to add.
        item: AddItem,
        /// Makes it count once, however often it is sent.
        key: String,
        /// What to show meanwhile: the line that was removed and comes back.
        line: Option<Box<LineItem>>,
    },
    /// A line's quantity; 0 takes the line out.
    Set {
        /// The line.
        variant_id: i64,
        /// The new quantity.
        quantity: i64,
    },
}

impl FromValue for Change {
    fn from_value(value: Value, faults: &mut Faults) -> Self {
        let mut kinds = value.into_fields(faults);
        if let Some(set) = kinds.read::<Option<Value>>("Set", faults) {
            let mut set = set.into_fields(faults);
            return Self::Set {
                variant_id: set.read("variant_id", faults),
                quantity: set.read("quantity", faults),
            };
        }
        let mut add = kinds.read::<Value>("Add", faults).into_fields(faults);
        Self::Add {
            item: add.read("item", faults),
            key: add.read("key", faults),
            line: add.read("line", faults),
        }
    }
}

impl Change {
    /// The line that it is about.
    pub fn variant_id(&self) -> i64 {
        match self {
            Self::Add { item, .. } => item.variant_id,
            Self::Set { variant_id, .. } => *variant_id,
        }
    }
}

/// Puts a change behind those that wait. Of quantities set one after the other the last one counts;
/// everything else keeps its place, so that any of them may have arrived already without harm.
pub fn queue(waiting: &mut Vec<Change>, change: Change) {
    let variant_id = change.variant_id();
    let last = waiting.iter().rposition(|earlier| earlier.variant_id() == variant_id);
    match (last, &change) {
        (Some(at), Change::Set { .. }) if matches!(waiting[at], Change::Set { .. }) => waiting[at] = change,
        _ => waiting.push(change),
    }
}

/// The cart as it will be when `waiting` has been taken up. Prices and discounts stay the server's:
/// only sums of what is known are made here.
pub fn predict(mut cart: Cart, waiting: &[Change]) -> Cart {
    if waiting.is_empty() {
        return cart;
    }
    let mut unknown = 0;
    for change in waiting {
        let known = cart.lines.iter_mut().find(|line| line.variant_id == change.variant_id());
        match (change, known) {
            (Change::Set { quantity, .. }, Some(line)) => line.quantity = *quantity,
            (Change::Set { .. }, None) => {}
            (Change::Add { item, .. }, Some(line)) => line.quantity += item.quantity,
            (Change::Add { item, line: Some(line), .. }, None) => {
                cart.lines.push(LineItem { quantity: item.quantity, ..(**line).clone() });
            }
            (Change::Add { item, line: None, .. }, None) => unknown += item.quantity,
        }
        cart.lines.retain(|line| line.quantity > 0);
    }
    for line in &mut cart.lines {
        line.quantity = line.quantity.min(MOST);
        line.total.amount = line.unit_price.amount * line.quantity;
    }
    let totals = &mut cart.totals;
    let before = totals.lines.amount - totals.discount.amount;
    totals.lines.amount = cart.lines.iter().map(|line| line.total.amount).sum();
    if let Some(line) = cart.lines.first() {
        totals.lines.currency.clone_from(&line.total.currency);
    }
    totals.discount.amount = totals.discount.amount.min(totals.lines.amount);
    let sum = totals.lines.amount - totals.discount.amount;
    // Tax that comes on top keeps its share.
    totals.tax_added.amount = if before == 0 { 0 } else { totals.tax_added.amount * sum / before };
    totals.total.amount = sum + totals.tax_added.amount;
    totals.total.currency.clone_from(&totals.lines.currency);
    cart.pieces = cart.lines.iter().map(|line| line.quantity).sum::<i64>() + unknown;
    cart
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use contract::shop::money::Money;

    pub(crate) fn line(variant_id: i64, quantity: i64, price: i64) -> LineItem {
        let money = |amount| Money { amount, currency: "EUR".to_owned() };
        LineItem {
            variant_id,
            product_id: variant_id,
            title: format!("Thing {variant_id}"),
            options: String::new(),
            picture: None,
            quantity,
            stock: 10,
            unit_price: money(price),
            total: money(price * quantity),
        }
    }

    pub(crate) fn cart(lines: &[(i64, i64, i64)]) -> Cart {
        let lines: Vec<_> = lines.iter().map(|(id, quantity, price)| line(*id, *quantity, *price)).collect();
        let mut cart =
            Cart { pieces: lines.iter().map(|line| line.quantity).sum(), lines, ..Cart::default() };
        cart.totals.lines.amount = cart.lines.iter().map(|line| line.total.amount).sum();
        cart.totals.total = cart.totals.lines.clone();
        cart
    }

    pub(crate) fn set(variant_id: i64, quantity: i64) -> Change {
        Change::Set { variant_id, quantity }
    }

    pub(crate) fn add(variant_id: i64, quantity: i64) -> Change {
        Change::Add { item: AddItem { variant_id, quantity }, key: String::new(), line: None }
    }

    fn back(variant_id: i64, quantity: i64, price: i64) -> Change {
        let line = Some(Box::new(line(variant_id, quantity, price)));
        Change::Add { item: AddItem { variant_id, quantity }, key: String::new(), line }
    }

    #[test]
    fn of_quantities_in_a_row_the_last_one_waits() {
        let check = |changes: &[Change], expected: &[Change]| {
            let mut waiting = Vec::new();
            for change in changes {
                queue(&mut waiting, change.clone());
            }
            assert_eq!(waiting, expected, "{changes:?}");
        };
        check(&[set(1, 2), set(1, 3)], &[set(1, 3)]);
        check(&[set(1, 2), set(2, 5), set(1, 3)], &[set(1, 3), set(2, 5)]);
        check(&[add(1, 2), add(1, 2)], &[add(1, 2), add(1, 2)]);
        check(&[add(1, 2), set(1, 3)], &[add(1, 2), set(1, 3)]);
        // Removed, undone, changed: all three go their way in order.
        check(&[set(1, 0), back(1, 2, 5), set(1, 3)], &[set(1, 0), back(1, 2, 5), set(1, 3)]);
    }

    #[test]
    fn what_waits_shows_at_once() {
        // (variant, quantity) of every line, pieces, total
        let check = |changes: &[Change], lines: &[(i64, i64)], pieces: i64, total: i64| {
            let shown = predict(cart(&[(1, 2, 500), (2, 1, 1000)]), changes);
            let found: Vec<_> = shown.lines.iter().map(|line| (line.variant_id, line.quantity)).collect();
            assert_eq!((found.as_slice(), shown.pieces, shown.totals.total.amount), (lines, pieces, total));
        };
        check(&[], &[(1, 2), (2, 1)], 3, 2000);
        check(&[set(1, 3)], &[(1, 3), (2, 1)], 4, 2500);
        check(&[set(1, 0)], &[(2, 1)], 1, 1000);
        check(&[set(9, 5)], &[(1, 2), (2, 1)], 3, 2000);
        check(&[add(2, 2)], &[(1, 2), (2, 3)], 5, 4000);
        check(&[add(9, 2)], &[(1, 2), (2, 1)], 5, 2000);
        check(&[set(1, 0), back(1, 2, 500)], &[(2, 1), (1, 2)], 3, 2000);
        check(&[set(1, 0), set(2, 0)], &[], 0, 0);
        check(&[set(1, 998), add(1, 5)], &[(1, 999), (2, 1)], 1000, 500_500);
    }

    #[test]
    fn a_discount_is_never_more_than_what_is_left() {
        let mut before = cart(&[(1, 2, 500)]);
        before.totals.discount.amount = 700;
        let shown = predict(before, &[set(1, 1)]);
        assert_eq!((shown.totals.discount.amount, shown.totals.total.amount), (500, 0));
    }

    #[test]
    fn a_tax_that_is_added_grows_with_the_rest() {
        let mut before = cart(&[(1, 2, 500)]);
        before.totals.tax_added.amount = 80;
        before.totals.total.amount = 1080;
        let check = |quantity: i64, tax: i64, total: i64| {
            let totals = predict(before.clone(), &[set(1, quantity)]).totals;
            assert_eq!((totals.tax_added.amount, totals.total.amount), (tax, total), "{quantity}");
        };
        check(3, 120, 1620);
        check(0, 0, 0);
        let empty = predict(Cart::default(), &[back(1, 2, 500)]);
        assert_eq!(empty.totals.total.amount, 1000);
    }

    #[test]
    fn changes_are_read_back() {
        for change in [set(1, 2), add(3, 4), back(5, 6, 700)] {
            let json = serde_json::to_string(&change).unwrap();
            let read = contract::value::read::<Change>(serde_json::from_str(&json).unwrap());
            assert_eq!(read, Some(change), "{json}");
        }
        for json in ["{}", "7", r#"{"Set":{"variant_id":1}}"#, r#"{"Other":{"variant_id":1,"quantity":2}}"#] {
            assert_eq!(contract::value::read::<Change>(serde_json::from_str(json).unwrap()), None, "{json}");
        }
    }
}
