//! The pictures. The large one follows what is chosen.

use crate::{el, visit::Visit};
use contract::shop::catalogue::{Picture, Product, Variant};
use microapp::{
    Watched,
    element::{El, follow},
    t_with,
};

/// For products without a picture.
const PLACEHOLDER: &str = "/pictures/placeholder/default.svg";

/// One large picture, and small ones to choose from where there are more.
pub fn pictures(visit: Visit, product: &Product) -> Vec<El> {
    let mut pictures = product.pictures.clone();
    if pictures.is_empty() {
        pictures.push(Picture { url: PLACEHOLDER.to_owned(), alt: String::new() });
    }
    let last = pictures.len() - 1;
    let shown = Watched::new(0);
    let own = of_variants(&product.variants);
    follow(move || {
        if let Some(variant) = &visit.chosen().variant {
            let now = picture(variant, &own, shown.get_untracked()).min(last);
            if shown.get_untracked() != now {
                shown.set(now);
            }
        }
    });
    let small = (last > 0).then(|| small(shown, &pictures));
    let large = el("img")
        .class("large")
        .attrs(&[("width", "600"), ("height", "600"), ("fetchpriority", "high"), ("data-test", "picture")])
        .follow(move |image| {
            if let Some(picture) = pictures.get(shown.get()) {
                // The one before may have had several sizes, and this one have one.
                let _ = image.node().remove_attribute("srcset");
                image
                    .clone()
                    .attr("alt", &picture.alt)
                    .picture(&picture.url, "(max-width: 60rem) 100vw, 37.5rem");
            }
        });
    std::iter::once(large).chain(small).collect()
}

/// The pictures that are some variant's own.
fn of_variants(variants: &[Variant]) -> Vec<usize> {
    variants.iter().filter_map(own).collect()
}

fn own(variant: &Variant) -> Option<usize> {
    variant.picture.and_then(|at| usize::try_from(at).ok())
}

/// The picture for a variant after the one at `shown`. Without one of its own it is not shown as another one.
fn picture(variant: &Variant, of_variants: &[usize], shown: usize) -> usize {
    own(variant).unwrap_or(if of_variants.contains(&shown) { 0 } else { shown })
}

/// As high as the pictures: most products have several.
pub fn waiting() -> Vec<El> {
    ["large skeleton", "small"].map(|class| el("div").class(class)).into()
}

fn small(shown: Watched<usize>, pictures: &[Picture]) -> El {
    let mut list = el("ul").class("small");
    for (at, picture) in pictures.iter().enumerate() {
        let number = (at + 1).to_string();
        let label = t_with("Picture {number}: {alt}", &[("number", &number), ("alt", &picture.alt)]);
        let image = [("alt", ""), ("width", "72"), ("height", "72"), ("loading", "lazy")];
        let button = el("button")
            .attrs(&[("type", "button"), ("aria-label", &label), ("data-test", "thumbnail")])
            .attr_when("aria-current", "true", move || shown.get() == at)
            .on("click", move |_| shown.set(at))
            .child(el("img").attrs(&image).picture(&picture.url, "72px"));
        list = list.child(el("li").child(button));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::shop::money::Money;

    #[test]
    fn a_variant_is_not_shown_as_another_one() {
        let variant = |picture| Variant {
            id: 1,
            sku: String::new(),
            values: Vec::new(),
            price: Money::default(),
            compare_at: None,
            stock: 1,
            picture,
        };
        let variants = [Some(2), None, Some(3)].map(variant);
        let check = |chosen: usize, shown: usize, expected: usize| {
            let found = picture(&variants[chosen], &of_variants(&variants), shown);
            assert_eq!(found, expected, "{chosen} after {shown}");
        };
        check(0, 1, 2);
        check(2, 2, 3);
        check(1, 2, 0); // that one is of the first
        check(1, 1, 1); // nobody's own stays
        check(1, 0, 0);
    }
}
