//! Stars, in the page and in words.

use crate::{C, el};
use microapp::{element::El, t_count, t_with};

/// One star in a box of 20 × 20.
const STAR: &str = " 1.8l2.5 5.4 5.9.7-4.4 4 1.2 5.8-5.2-2.9-5.2 2.9 1.2-5.8-4.4-4 5.9-.7z";

/// Five stars of which so many tenths are full. What it says is said beside it.
pub fn five(tenths: i64) -> El {
    let mut outline = String::new();
    for at in 0..5_i64 {
        outline.push('M');
        outline.push_str(&(10 + 20 * at).to_string());
        outline.push_str(STAR);
    }
    let path = |class: &str| El::svg(C, "path").attr("d", &outline).class(class);
    // What stands out of an inner picture is cut off: that is the part that is not full.
    let width = (2 * tenths.clamp(0, 50)).to_string();
    let full = El::svg(C, "svg").attrs(&[("width", width.as_str()), ("height", "20")]).child(path("full"));
    El::svg(C, "svg")
        .class("stars")
        .attrs(&[("viewBox", "0 0 100 20"), ("width", "100"), ("height", "20"), ("aria-hidden", "true")])
        .child(path("outline"))
        .child(full)
}

/// One star, to choose by.
pub fn one() -> El {
    El::svg(C, "svg")
        .class("star")
        .attrs(&[("viewBox", "0 0 20 20"), ("width", "36"), ("height", "36"), ("aria-hidden", "true")])
        .child(El::svg(C, "path").attr("d", &["M10", STAR].concat()).class("outline"))
}

/// The stars with what they say to those who do not see them.
pub fn said(stars: i64) -> El {
    el("span").child(five(10 * stars)).child(el("span").class("visually-hidden").text(&of_five(stars)))
}

/// `4 of 5 stars`
pub fn of_five(stars: i64) -> String {
    rated(&stars.to_string())
}

/// `4.3 of 5 stars`, of an average that is written already.
pub fn rated(stars: &str) -> String {
    t_with("{stars} of 5 stars", &[("stars", stars)])
}

/// `1 review`, `12 reviews`
pub fn reviews(count: i64) -> String {
    t_count("{n} review", "{n} reviews", count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_stars() {
        for (found, expected) in [
            (of_five(4), "4 of 5 stars"),
            (rated("4.3"), "4.3 of 5 stars"),
            (reviews(1), "1 review"),
            (reviews(12), "12 reviews"),
        ] {
            assert_eq!(found, expected);
        }
    }
}
