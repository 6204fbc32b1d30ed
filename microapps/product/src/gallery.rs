//! The pictures. The large one follows what is chosen.

use crate::{el, visit::Visit};
use contract::shop::catalogue::{Picture, Product};
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
    follow(move || {
        let picture = visit.chosen().variant.as_ref().and_then(|variant| variant.picture);
        if let Some(at) = picture.and_then(|at| usize::try_from(at).ok()) {
            shown.set(at.min(last));
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
