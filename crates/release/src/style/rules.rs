//! Refuses what is page-wide, in the sheet as it was written, so that messages name line and column.

use super::{Owner, names};
use crate::Error;
use contract::code::{Code, STYLE_ADDRESS, STYLE_CLASS, STYLE_IMPORTANT, STYLE_SYNTAX, STYLE_UNSCOPED};
use lightningcss::{
    printer::PrinterOptions,
    rules::{CssRule, CssRuleList, Location, style::StyleRule},
    selector::{Component, Selector},
    stylesheet::StyleSheet,
    traits::ToCss,
    values::url::Url,
    visit_types,
    visitor::{Visit, VisitTypes, Visitor},
};
use parcel_selectors::attr::{AttrSelectorOperator, ParsedAttrSelectorOperation};

/// Checks every rule of `parsed`, which is the sheet at `path` before anything was changed.
pub(super) fn check(path: &str, parsed: &mut StyleSheet, owner: Owner) -> Result<(), Error> {
    let judge = Judge { path, owner };
    judge.rules(&parsed.rules, Outer { page_wide: true, layered: false })?;
    parsed.visit(&mut Addresses { path })
}

/// What is known of the rules around one.
#[derive(Clone, Copy)]
struct Outer {
    /// What `&` stands for is the whole page.
    page_wide: bool,
    layered: bool,
}

struct Judge<'a> {
    path: &'a str,
    owner: Owner,
}

impl Judge<'_> {
    fn rules(&self, rules: &CssRuleList, outer: Outer) -> Result<(), Error> {
        rules.0.iter().try_for_each(|rule| self.rule(rule, outer))
    }

    fn rule(&self, rule: &CssRule, outer: Outer) -> Result<(), Error> {
        match rule {
            CssRule::Style(rule) => self.style(rule, outer),
            CssRule::Nesting(rule) => self.style(&rule.style, outer),
            CssRule::Media(rule) => self.rules(&rule.rules, outer),
            CssRule::Supports(rule) => self.rules(&rule.rules, outer),
            CssRule::Container(rule) => self.rules(&rule.rules, outer),
            CssRule::StartingStyle(rule) => self.rules(&rule.rules, outer),
            CssRule::LayerBlock(rule) => self.rules(&rule.rules, Outer { layered: true, ..outer }),
            CssRule::Import(rule) => {
                self.fault(STYLE_ADDRESS, rule.loc, "`@import`; put the rules into `styles/`")
            }
            CssRule::Scope(rule) => {
                self.fault(STYLE_UNSCOPED, rule.loc, "`@scope` is not needed: use nested rules")
            }
            CssRule::Unknown(rule) => {
                self.fault(STYLE_SYNTAX, rule.loc, &format!("`@{}` is not known", rule.name))
            }
            // Further declarations of the rule around it.
            CssRule::NestedDeclarations(rule) if !rule.declarations.important_declarations.is_empty() => {
                match outer {
                    Outer { page_wide: true, .. } => {
                        self.fault(STYLE_IMPORTANT, rule.loc, "`!important` in what is page-wide")
                    }
                    Outer { layered: true, .. } => {
                        self.fault(STYLE_IMPORTANT, rule.loc, "`!important` in a layer")
                    }
                    _ => Ok(()),
                }
            }
            _ if self.owner == Owner::Page => Ok(()),
            CssRule::Property(rule) if names::is_design_token(&rule.name.0) => {
                self.page_wide(rule.loc, &format!("@property {}", rule.name.0))
            }
            CssRule::Page(rule) => self.page_wide(rule.loc, "@page"),
            CssRule::CounterStyle(rule) => self.page_wide(rule.loc, "@counter-style"),
            CssRule::FontFeatureValues(rule) => self.page_wide(rule.loc, "@font-feature-values"),
            CssRule::Namespace(rule) => self.page_wide(rule.loc, "@namespace"),
            CssRule::ViewTransition(rule) => self.page_wide(rule.loc, "@view-transition"),
            CssRule::Viewport(rule) => self.page_wide(rule.loc, "@viewport"),
            CssRule::MozDocument(rule) => self.page_wide(rule.loc, "@-moz-document"),
            _ => Ok(()),
        }
    }

    fn style(&self, rule: &StyleRule, outer: Outer) -> Result<(), Error> {
        let mut page_wide = false;
        for selector in &rule.selectors.0 {
            if asks_for_whole_class(selector) {
                let what = "asks for the whole `class`, which begins with the microapp's";
                return self.selector_fault(STYLE_CLASS, rule, what);
            }
            if selector.iter_raw_match_order().any(names_page_and_others) {
                let what = "names the page and elements in one list; write two selectors";
                return self.selector_fault(STYLE_UNSCOPED, rule, what);
            }
            if names_page(selector) {
                if self.owner == Owner::Microapp {
                    return self.selector_fault(STYLE_UNSCOPED, rule, "would style the page itself");
                }
                page_wide = true;
            }
            page_wide |= is_universal(selector, outer.page_wide);
        }
        if !rule.declarations.important_declarations.is_empty() {
            if page_wide {
                return self.selector_fault(
                    STYLE_IMPORTANT,
                    rule,
                    "is page-wide and must not use `!important`",
                );
            }
            if outer.layered {
                return self.selector_fault(
                    STYLE_IMPORTANT,
                    rule,
                    "is in a layer and must not use `!important`",
                );
            }
        }
        self.rules(&rule.rules, Outer { page_wide, ..outer })
    }

    fn page_wide<T>(&self, at: Location, rule: &str) -> Result<T, Error> {
        self.fault(STYLE_UNSCOPED, at, &format!("`{rule}` holds for the whole page"))
    }

    fn selector_fault<T>(&self, code: Code, rule: &StyleRule, what: &str) -> Result<T, Error> {
        let text = rule.selectors.to_css_string(PrinterOptions::default()).unwrap_or_default();
        self.fault(code, rule.loc, &format!("`{text}` {what}"))
    }

    fn fault<T>(&self, code: Code, at: Location, what: &str) -> Result<T, Error> {
        // lightningcss counts lines from 0 and columns from 1.
        Err(Error::new(code, format!("{}:{}:{}", self.path, at.line + 1, at.column), what))
    }
}

/// Whether what the selector styles is `html`, `body`, `:root` or `:host`.
fn names_page(selector: &Selector) -> bool {
    subject(selector).any(is_page)
}

/// The last part of a selector: what it styles.
fn subject<'a, 'i>(selector: &'a Selector<'i>) -> impl Iterator<Item = &'a Component<'i>> {
    selector.iter_raw_match_order().take_while(|component| !is_tree_combinator(component))
}

/// Whether `component` is the page: `html`, `body`, `:root`, `:host`, `:scope`, or a list of nothing else.
pub(super) fn is_page(component: &Component) -> bool {
    match component {
        Component::Root | Component::Host(_) | Component::Scope => true,
        Component::LocalName(name) => matches!(&*name.lower_name.0, "html" | "body"),
        Component::Is(list) | Component::Where(list) | Component::Any(_, list) => {
            !list.is_empty() && list.iter().all(names_page)
        }
        _ => false,
    }
}

/// Whether `component` is a list of the page and of what is to carry the sheet's class; the two are scoped differently.
fn names_page_and_others(component: &Component) -> bool {
    let (Component::Is(list) | Component::Where(list) | Component::Any(_, list)) = component else {
        return false;
    };
    list.iter().any(names_page) && !list.iter().all(names_page)
        || list.iter().any(|selector| subject(selector).any(names_page_and_others))
}

/// Whether the selector compares the attribute `class` from its beginning or as a whole, in whatever place.
fn asks_for_whole_class(selector: &Selector) -> bool {
    use AttrSelectorOperator::{Includes, Substring, Suffix};
    let reaches_inside = |operator: &AttrSelectorOperator| matches!(operator, Includes | Substring | Suffix);
    selector.iter_raw_match_order().any(|component| match component {
        Component::AttributeInNoNamespaceExists { local_name_lower, .. } => &*local_name_lower.0 == "class",
        Component::AttributeInNoNamespace { local_name, operator, .. } => {
            &*local_name.0 == "class" && !reaches_inside(operator)
        }
        Component::AttributeOther(other) => {
            &*other.local_name_lower.0 == "class"
                && !matches!(&other.operation, ParsedAttrSelectorOperation::WithValue { operator, .. } if reaches_inside(operator))
        }
        Component::Negation(list)
        | Component::Is(list)
        | Component::Where(list)
        | Component::Any(_, list)
        | Component::Has(list) => list.iter().any(asks_for_whole_class),
        Component::NthOf(nth) => nth.selectors().iter().any(asks_for_whole_class),
        _ => false,
    })
}

/// Whether `component` joins two elements; a pseudo-element belongs to the element that it is of.
pub(super) fn is_tree_combinator(component: &Component) -> bool {
    matches!(component, Component::Combinator(combinator) if combinator.is_tree_combinator())
}

/// Whether the selector names no element, class, attribute or state at all.
fn is_universal(selector: &Selector, outer_is_page_wide: bool) -> bool {
    selector.iter_raw_match_order().all(|component| match component {
        Component::Combinator(_) | Component::ExplicitUniversalType | Component::PseudoElement(_) => true,
        Component::Nesting => outer_is_page_wide,
        component => is_page(component),
    })
}

/// Finds addresses that would mean something else wherever the style is put.
struct Addresses<'a> {
    path: &'a str,
}

impl<'i> Visitor<'i> for Addresses<'_> {
    type Error = Error;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(URLS)
    }

    fn visit_url(&mut self, url: &mut Url<'i>) -> Result<(), Error> {
        let address = url.url.as_ref();
        let scheme = address.split_once(':').is_some_and(|(scheme, _)| {
            !scheme.is_empty()
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        });
        if scheme || address.starts_with('#') {
            return Ok(());
        }
        let place = format!("{}:{}:{}", self.path, url.loc.line, url.loc.column);
        Err(Error::new(STYLE_ADDRESS, place, format!("`url({address})` is relative")))
    }
}
