//! Colour, size, price bands and what is in stock, each with the number of products that it leaves.

use crate::{
    browse::{Answers, Browse, Entry},
    el,
    filters::{self, Filters},
};
use contract::shop::{
    catalogue::{FacetValue, Facets, PriceBand},
    money::Money,
};
use microapp::{Watched, element::El, format, t, t_with};

/// A filter with values to tick.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facet {
    Colour,
    Size,
}

impl Facet {
    fn name(self) -> String {
        t(match self {
            Self::Colour => "Colour",
            Self::Size => "Size",
        })
    }

    fn values(self, facets: &Facets) -> &[FacetValue] {
        match self {
            Self::Colour => &facets.colours,
            Self::Size => &facets.sizes,
        }
    }

    /// What there is to tick.
    fn names(self, browse: Browse, filters: &Filters) -> Vec<String> {
        let answers = browse.answers();
        counted(&answers).map_or_else(Vec::new, |facets| names(self.values(facets), self.chosen(filters)))
    }

    fn chosen(self, filters: &Filters) -> &[String] {
        match self {
            Self::Colour => &filters.colours,
            Self::Size => &filters.sizes,
        }
    }

    fn choose(self, filters: &Filters, value: &str, chosen: bool) -> Filters {
        match self {
            Self::Colour => filters.with_colour(value, chosen),
            Self::Size => filters.with_size(value, chosen),
        }
    }
}

/// The filters beside the price range. Without counts from the shop there are none.
pub fn view(browse: Browse) -> El {
    el("div")
        .class("facets")
        .class_when("waiting", move || browse.answers().is_first_awaited())
        .child(ticks(browse, Facet::Colour))
        .child(ticks(browse, Facet::Size))
        .child(bands(browse))
        .child(stock(browse))
}

/// What the shop counted; `None` while it does not.
fn counted(answers: &Answers) -> Option<&Facets> {
    answers.found.as_ref()?.page.facets.as_ref()
}

/// The values that the shop counted, and after them those that are chosen and that it does not know: they can be taken off,
/// too.
fn names(counted: &[FacetValue], chosen: &[String]) -> Vec<String> {
    let mut names: Vec<String> = counted.iter().map(|value| value.value.clone()).collect();
    for value in chosen {
        if !filters::chosen(&names, value) {
            names.push(value.clone());
        }
    }
    names
}

/// A number of products as it was counted last; nothing where what is looked for now could not be counted.
fn count(browse: Browse, counted: impl Fn(&Facets) -> i64) -> String {
    let found = browse.found();
    let facets = found.as_ref().and_then(|found| found.page.facets.as_ref());
    facets.map_or_else(String::new, |facets| ["(", &counted(facets).to_string(), ")"].concat())
}

/// What folds away, with what is chosen beside its name. Inside is nothing until it is opened: most shoppers never do, and
/// of all that the page holds it would be half.
fn folding(
    name: &str,
    test: &str,
    chosen: impl Fn() -> String + 'static,
    inside: impl Fn() -> El + 'static,
) -> El {
    let opened = Watched::new(false);
    let summary = el("summary")
        .text(name)
        .child(el("span").class("chosen").text_from(chosen))
        .on("click", move |_| opened.set(true));
    let inside = el("div").children_from(
        move || opened.get().to_string(),
        move || if opened.get_untracked() { vec![inside()] } else { Vec::new() },
    );
    el("details")
        .class("facet")
        .attr("data-test", test)
        // Opened by whatever else. It is told of a moment late, by a click at once.
        .on("toggle", move |_| opened.set(true))
        .child(summary)
        .child(inside)
}

fn ticks(browse: Browse, facet: Facet) -> El {
    let values = move || {
        el("fieldset").class("ticks").children_from(
            // As long as the values are the same their boxes stay, and with them the focus.
            move || facet.names(browse, &browse.filters()).join("\n"),
            move || {
                let legend = el("legend").class("visually-hidden").text(&facet.name());
                let names = facet.names(browse, &browse.filters());
                let ticks = names.iter().map(|value| tick(browse, facet, value));
                std::iter::once(legend).chain(ticks).collect()
            },
        )
    };
    let test = if facet == Facet::Colour { "facet-colour" } else { "facet-size" };
    folding(&facet.name(), test, move || facet.chosen(&browse.filters()).join(", "), values).attr_when(
        "hidden",
        "",
        move || facet.names(browse, &browse.filters()).is_empty(),
    )
}

fn tick(browse: Browse, facet: Facet, value: &str) -> El {
    let [own, known, chosen] = [(); 3].map(|()| value.to_owned());
    let count = move || {
        count(browse, |facets| {
            let value = facet.values(facets).iter().find(|value| value.value == known);
            value.map_or(0, |value| value.count)
        })
    };
    let tick = el("input").attrs(&[("type", "checkbox"), ("value", value)]).follow(move |tick| {
        tick.field().set_checked(filters::chosen(facet.chosen(&browse.filters()), &chosen));
    });
    let ticked = tick.clone();
    let tick = tick.on("change", move |_| {
        let filters = facet.choose(&browse.filters(), &own, ticked.field().checked());
        let stays = facet.names(browse, &filters).contains(&own);
        browse.choose(filters, Entry::New);
        if !stays {
            // The box goes, and the focus would go with it.
            browse.to_products();
        }
    });
    label(tick, value, count)
}

/// A box with its name and count; all of it can be clicked.
fn label(tick: El, name: &str, count: impl Fn() -> String + 'static) -> El {
    el("label")
        .class("tick")
        .child(tick)
        .text(name)
        .text(" ")
        .child(el("span").class("count").text_from(count))
}

fn bands(browse: Browse) -> El {
    // The one that was known last: where nothing is found there is no price to read it from.
    let sign = Watched::<String>::default();
    microapp::element::follow(move || {
        let now = sign_of(&browse.answers());
        if !now.is_empty() && sign.with_untracked(|known| *known != now) {
            sign.set(now);
        }
    });
    let bands = move || {
        el("ul").class("bands").children_from(
            move || {
                let answers = browse.answers();
                let starts = priced(&answers).iter().map(|band| band.min.to_string());
                std::iter::once(sign.get()).chain(starts).collect::<Vec<_>>().join(" ")
            },
            move || {
                priced(&browse.answers()).iter().map(|band| band_link(browse, &sign.get(), band)).collect()
            },
        )
    };
    let chosen = move || match browse.filters() {
        Filters { min: None, max: None, .. } => String::new(),
        filters => range(&sign.get(), filters.min.unwrap_or(0), filters.max),
    };
    folding(&t("Price"), "facet-price", chosen, bands)
        .attr_when("hidden", "", move || priced(&browse.answers()).is_empty())
}

fn priced(answers: &Answers) -> &[PriceBand] {
    counted(answers).map_or(&[], |facets| &facets.prices)
}

fn band_link(browse: Browse, sign: &str, band: &PriceBand) -> El {
    let start = band.min;
    let limits = (Some(start / 100).filter(|min| *min > 0), band.max.map(|max| max / 100));
    let count = move || {
        count(browse, |facets| {
            let band = facets.prices.iter().find(|band| band.min == start);
            band.map_or(0, |band| band.count)
        })
    };
    let link = el("a")
        .attr_from("href", move || {
            Some(browse.host.href(&browse.filters().with_prices(limits.0, limits.1).path()))
        })
        .attr_when("aria-current", "true", move || {
            let filters = browse.filters();
            (filters.min, filters.max) == limits
        })
        .text(&range(sign, limits.0.unwrap_or(0), limits.1))
        .text(" ")
        .child(el("span").class("count").text_from(count));
    el("li").child(link)
}

/// What stands beside the number of a price, `€` or `CHF `; nothing where no price is known.
fn sign_of(answers: &Answers) -> String {
    let first = answers.found.as_ref().and_then(|found| found.page.items.first());
    let Some(first) = first else { return String::new() };
    let nothing = Money { amount: 0, currency: first.price.currency.clone() };
    let is_number = |letter: &char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    format::money(&nothing).chars().filter(|letter| !is_number(letter)).collect()
}

/// A price range in whole numbers.
fn range(sign: &str, min: i64, max: Option<i64>) -> String {
    let (least, most) = (min.to_string(), max.unwrap_or_default().to_string());
    t_with(
        match max {
            Some(_) if min == 0 => "up to {sign}{most}",
            Some(_) => "{sign}{least} to {sign}{most}",
            None => "from {sign}{least}",
        },
        &[("sign", sign), ("least", &least), ("most", &most)],
    )
}

fn stock(browse: Browse) -> El {
    let tick = el("input")
        .attrs(&[("type", "checkbox"), ("data-test", "in-stock")])
        .follow(move |tick| tick.field().set_checked(browse.filters().in_stock));
    let ticked = tick.clone();
    let tick = tick.on("change", move |_| {
        browse.choose(browse.filters().with_stock(ticked.field().checked()), Entry::New);
    });
    label(tick, &t("In stock only"), move || count(browse, |facets| facets.in_stock)).attr_when(
        "hidden",
        "",
        move || counted(&browse.answers()).is_none(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_can_be_ticked_whether_the_shop_knows_it_or_not() {
        let counted = ["Navy", "Sand"].map(|value| FacetValue { value: value.to_owned(), count: 3 });
        let check = |chosen: &[&str], expected: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|&value| value.to_owned()).collect();
            assert_eq!(names(&counted, &chosen), expected, "{chosen:?}");
        };
        check(&[], &["Navy", "Sand"]);
        check(&["sand"], &["Navy", "Sand"]);
        check(&["Plaid", "Navy", "plaid"], &["Navy", "Sand", "Plaid"]);
    }
}
