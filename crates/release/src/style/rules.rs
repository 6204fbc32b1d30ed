//! Refuses what is page-wide, in the sheet as it was written, so that messages name line and column.

use super::Owner;
use crate::Error;
use contract::code::{Code, STYLE_ADDRESS, STYLE_IMPORTANT, STYLE_SYNTAX, STYLE_UNSCOPED};
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
            _ if self.owner == Owner::Page => Ok(()),
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
    selector.iter_raw_match_order().take_while(|component| !is_tree_combinator(component)).any(is_page)
}

/// Whether `component` is the page: `html`, `body`, `:root`, `:host`, `:scope`.
pub(super) fn is_page(component: &Component) -> bool {
    match component {
        Component::Root | Component::Host(_) | Component::Scope => true,
        Component::LocalName(name) => matches!(&*name.lower_name.0, "html" | "body"),
        _ => false,
    }
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
