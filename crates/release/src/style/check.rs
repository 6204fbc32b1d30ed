//! Reads a scoped sheet again and checks that nothing in it reaches further than it should.

use super::{Owner, Sheet, names::Names, parse, rules};
use crate::Error;
use contract::code::STYLE_UNSCOPED;
use lightningcss::{
    printer::PrinterOptions,
    properties::{Property, custom::CustomPropertyName},
    rules::{CssRule, CssRuleList, font_face::FontFaceProperty, keyframes::KeyframesName, style::StyleRule},
    selector::{Component, Selector},
    traits::ToCss,
};

/// Checks `css`, which was made of `sheet`.
pub(super) fn all(sheet: &Sheet, css: &str, owner: Owner, names: &Names) -> Result<(), Error> {
    Check { sheet, owner, names }.rules(&parse(&sheet.path, css)?.rules)
}

struct Check<'a> {
    sheet: &'a Sheet,
    owner: Owner,
    names: &'a Names,
}

impl Check<'_> {
    fn rules(&self, rules: &CssRuleList) -> Result<(), Error> {
        rules.0.iter().try_for_each(|rule| match rule {
            CssRule::Style(rule) => self.style(rule),
            CssRule::Media(rule) => self.rules(&rule.rules),
            CssRule::Supports(rule) => self.rules(&rule.rules),
            CssRule::Container(rule) => self.rules(&rule.rules),
            CssRule::StartingStyle(rule) => self.rules(&rule.rules),
            CssRule::Keyframes(rule) => match &rule.name {
                KeyframesName::Ident(name) => self.name("@keyframes", &name.0),
                KeyframesName::Custom(name) => self.name("@keyframes", name),
            },
            // Of a design token it holds for the whole page, which is the shell's.
            CssRule::Property(rule) if self.owner == Owner::Page => self.name("@property", &rule.name.0),
            CssRule::Property(rule) if self.names.is_own_property(&rule.name.0) => Ok(()),
            CssRule::Property(rule) => self.fault(format!("the @property `{}` is not scoped", rule.name.0)),
            CssRule::FontFace(rule) => rule.properties.iter().try_for_each(|property| match property {
                FontFaceProperty::FontFamily(family) => {
                    let name = family.to_css_string(PrinterOptions::default()).unwrap_or_default();
                    self.name("@font-face", name.trim_matches('"'))
                }
                _ => Ok(()),
            }),
            CssRule::LayerBlock(_) | CssRule::LayerStatement(_) => self.fault("`@layer` is left".to_owned()),
            _ => Ok(()),
        })
    }

    fn style(&self, rule: &StyleRule) -> Result<(), Error> {
        if let Some(selector) = rule.selectors.0.iter().find(|selector| !self.is_scoped(selector)) {
            let text = selector.to_css_string(PrinterOptions::default()).unwrap_or_default();
            return self.fault(format!("`{text}` does not carry the class {}", self.sheet.class));
        }
        let declarations = rule.declarations.declarations.iter();
        for property in declarations.chain(&rule.declarations.important_declarations) {
            if let Property::Custom(custom) = property
                && let CustomPropertyName::Custom(name) = &custom.name
            {
                self.name("custom property", &name.0)?;
            }
        }
        self.rules(&rule.rules)
    }

    /// Whether what the selector styles carries the class, or is the page where the page is ours.
    fn is_scoped(&self, selector: &Selector) -> bool {
        let mut subject = selector.iter_raw_match_order().take_while(|part| !rules::is_tree_combinator(part));
        subject.any(|part| match part {
            Component::Class(class) => class.0.as_ref() == self.sheet.class,
            part => self.owner == Owner::Page && rules::is_page(part),
        })
    }

    fn name(&self, what: &str, name: &str) -> Result<(), Error> {
        if self.names.is_scoped(name) {
            Ok(())
        } else {
            self.fault(format!("the {what} `{name}` is not scoped"))
        }
    }

    fn fault(&self, what: String) -> Result<(), Error> {
        Err(Error::new(STYLE_UNSCOPED, &self.sheet.path, what))
    }
}
