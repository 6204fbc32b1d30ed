//! Places of a list that are there. An index (`list[at]`) brings its place in the code along, for the message of a panic: some
//! ten bytes of a wasm each. What is asked for here is there by construction; where it is not, nothing happens.

use std::ops::AddAssign;

/// What is at a place that is there.
pub fn get<T: Copy + Default>(items: &[T], at: usize) -> T {
    items.get(at).copied().unwrap_or_default()
}

/// Puts something at a place that is there.
pub fn put<T>(items: &mut [T], at: usize, item: T) {
    if let Some(place) = items.get_mut(at) {
        *place = item;
    }
}

/// Adds to what is at a place that is there.
pub fn add<T: AddAssign>(items: &mut [T], at: usize, more: T) {
    if let Some(place) = items.get_mut(at) {
        *place += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_changes_nothing() {
        let mut list = [1, 2];
        put(&mut list, 1, 5);
        add(&mut list, 1, 2);
        put(&mut list, 2, 9);
        add(&mut list, 2, 9);
        assert_eq!((list, get(&list, 1), get(&list, 2)), ([1, 7], 7, 0));
    }
}
