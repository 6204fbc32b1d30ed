//! Puts the sheet's class on selectors.
//!
//! Every element of a microapp carries the class of its sheet. What a selector styles gets
//! `.m-cart:not(#_)`: nothing in the application has the id `_`, so the second half is true and only adds
//! the weight of an id, which no neighbour's class reaches. The parts before it get `:where(.m-cart)`,
//! which weighs nothing. So each rule gains the same weight, and the order among a sheet's own rules is
//! the one that its author wrote.

use super::{Owner, rules};
use lightningcss::{
    rules::style::StyleRule,
    selector::{Component, Selector},
    values::ident::Ident,
};
use parcel_selectors::parser::Combinator;
use stylers_core::Class;

/// The id that no element has.
pub(super) const NOBODY: &str = "_";

/// The class to put on, and whose rules they are.
pub(super) struct Scope<'a> {
    pub(super) class: &'a str,
    pub(super) owner: Owner,
}

impl Scope<'_> {
    /// Scopes the selectors of `rule`, which stands in the layer at `level`.
    pub(super) fn rule(&self, rule: &mut StyleRule, level: usize) {
        for selector in &mut rule.selectors.0 {
            *selector = self.selector(selector, level);
        }
    }

    fn selector<'i>(&self, selector: &Selector<'i>, level: usize) -> Selector<'i> {
        let mut parts = compounds(selector);
        let scoped = scoped_parts(&parts, self.class);
        let last = parts.len() - 1;
        for (i, part) in parts.iter_mut().enumerate() {
            let ancestor_page = i < last && part.components.iter().any(rules::is_page);
            let own_page = self.owner == Owner::Page && part.components.iter().any(rules::is_page);
            if !scoped[i] || ancestor_page || own_page {
                continue;
            }
            let class = Component::Class(Ident(self.class.to_owned().into()));
            let marks = match (i == last, self.owner) {
                (false, _) => vec![Component::Where(Box::new([Selector::from(class)]))],
                (true, Owner::Page) => vec![class],
                (true, Owner::Microapp) => {
                    let nobody = || Component::Negation(Box::new([Selector::from(id(NOBODY))]));
                    // One id more for every layer that stands below.
                    let weight = std::iter::repeat_with(nobody).take(level + 1);
                    std::iter::once(class).chain(weight).collect()
                }
            };
            part.components.retain(|component| !matches!(component, Component::ExplicitUniversalType));
            let at =
                part.components.iter().position(belongs_to_pseudo_element).unwrap_or(part.components.len());
            part.components.splice(at..at, marks);
        }
        Selector::from(parts.into_iter().flat_map(Part::into_components).collect::<Vec<_>>())
    }
}

fn id<'i>(name: &str) -> Component<'i> {
    Component::ID(Ident(name.to_owned().into()))
}

/// A part of a selector between two combinators, and the combinator before it.
struct Part<'i> {
    before: Option<Component<'i>>,
    components: Vec<Component<'i>>,
}

impl<'i> Part<'i> {
    fn into_components(self) -> impl Iterator<Item = Component<'i>> {
        self.before.into_iter().chain(self.components)
    }
}

/// The parts of `selector`, from left to right. Pseudo-elements stay in the part of their element.
fn compounds<'i>(selector: &Selector<'i>) -> Vec<Part<'i>> {
    let mut parts = vec![Part { before: None, components: Vec::new() }];
    // Within a run between combinators the parser keeps the written order, so going backwards turns it round.
    let mut run = 0;
    for component in selector.iter_raw_parse_order_from(0) {
        if rules::is_tree_combinator(component) {
            parts.push(Part { before: Some(component.clone()), components: Vec::new() });
            run = 0;
        } else if let Some(part) = parts.last_mut() {
            if matches!(component, Component::Combinator(_)) {
                part.components.push(component.clone());
                run = part.components.len();
            } else {
                part.components.insert(run, component.clone());
            }
        }
    }
    parts
}

fn belongs_to_pseudo_element(component: &Component) -> bool {
    matches!(component, Component::PseudoElement(_) | Component::Part(_) | Component::Slotted(_))
        || matches!(component, Component::Combinator(_))
}

/// Which parts get the class. stylers decides.
///
/// It is shown `.p0>.p1 .p2` in place of the real parts: on functions, lists in brackets, blanks around
/// combinators and letters beyond ASCII it goes wrong, on plain classes it does not.
fn scoped_parts(parts: &[Part], class: &str) -> Vec<bool> {
    let mut skeleton = String::new();
    for (i, part) in parts.iter().enumerate() {
        let combinator = match &part.before {
            Some(Component::Combinator(combinator)) => match combinator {
                Combinator::Child => ">",
                Combinator::NextSibling => "+",
                Combinator::LaterSibling => "~",
                _ => " ",
            },
            _ => "",
        };
        skeleton.push_str(&format!("{combinator}.p{i}"));
    }
    let scoped = stylers_core::from_str(&format!("{skeleton}{{}}"), &Class::new(class.to_owned()));
    (0..parts.len()).map(|i| scoped.contains(&format!(".p{i}.{class}"))).collect()
}
