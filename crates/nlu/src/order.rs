//! Sorting that weighs little.
//!
//! The standard library's sorts are fast, and each use of one adds up to five kilobytes to a wasm. Here
//! one merge sort over numbers serves every type. What leaves things out of lists is here for the same reason.

use crate::places::{get, put};
use std::cmp::Ordering;

/// Sorts, keeping equals in their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &|a, b| match (items.get(a as usize), items.get(b as usize)) {
        (Some(a), Some(b)) => compare(a, b) == Ordering::Greater,
        _ => false,
    });
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Brings things into an order by swapping them, two at a time.
fn arrange(order: Vec<u32>, swap: &mut dyn FnMut(usize, usize)) {
    let mut target = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        put(&mut target, from as usize, to);
    }
    for at in 0..target.len() {
        let mut to = get(&target, at);
        while to != at {
            swap(at, to);
            let next = get(&target, to);
            put(&mut target, to, to);
            to = next;
        }
    }
}

/// Sorts, and keeps one of each.
pub fn sort_dedup<T: Ord>(items: &mut Vec<T>) {
    sort_by(items.as_mut_slice(), T::cmp);
    let mut last = 0;
    for at in 1..items.len() {
        if items.get(at) != items.get(last) {
            last += 1;
            items.swap(last, at);
        }
    }
    items.truncate(last + 1);
}

/// Keeps the things that `is_kept` says yes to, in their order.
pub fn keep<T>(items: &mut Vec<T>, is_kept: &mut dyn FnMut(&T) -> bool) {
    let mut kept = 0;
    for at in 0..items.len() {
        if items.get(at).is_some_and(&mut *is_kept) {
            items.swap(kept, at);
            kept += 1;
        }
    }
    items.truncate(kept);
}

/// The numbers up to `count` in order; `after(a, b)` says whether a belongs behind b.
fn order(count: usize, after: &dyn Fn(u32, u32) -> bool) -> Vec<u32> {
    let mut from: Vec<u32> = (0..count as u32).collect();
    let mut to = from.clone();
    let mut width = 1;
    while width < count {
        for start in (0..count).step_by(2 * width) {
            let (middle, end) = ((start + width).min(count), (start + 2 * width).min(count));
            let (mut left, mut right) = (start, middle);
            for place in start..end {
                let (one, other) = (get(&from, left), get(&from, right));
                let take_right = right < end && (left >= middle || after(one, other));
                put(&mut to, place, if take_right { other } else { one });
                *(if take_right { &mut right } else { &mut left }) += 1;
            }
        }
        core::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut sequence = crate::hash::Sequence::new(3);
        for length in (0..70).chain([1000]) {
            let mut ours: Vec<(u32, usize)> = (0..length).map(|i| (sequence.draw() % 9, i)).collect();
            let mut theirs = ours.clone();
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|pair| pair.0);
            assert_eq!(ours, theirs);
        }
        for (mut items, expected) in [
            (vec!["b", "a", "b"], vec!["a", "b"]),
            (vec![], vec![]),
            (vec!["c", "b", "a", "a", "c", "b"], vec!["a", "b", "c"]),
        ] {
            sort_dedup(&mut items);
            assert_eq!(items, expected);
        }
        let mut items: Vec<u32> = (0..20).collect();
        keep(&mut items, &mut |n| n % 3 == 1);
        assert_eq!(items, [1, 4, 7, 10, 13, 16, 19]);
    }
}
