//! Cascade layers without `@layer`.
//!
//! The reset must beat every neighbour, so it cannot be in a layer; then layered rules of the microapp
//! would never beat the reset. So layers become weight: a rule gains one id for every layer below its own,
//! and unlayered rules have the most.

use lightningcss::rules::{CssRule, CssRuleList, layer::LayerName, style::StyleRule};

/// The full name of a layer, from the outermost on.
type Name = Vec<String>;

/// The layers of a sheet.
#[derive(Default)]
pub(super) struct Layers {
    /// Weakest first.
    order: Vec<Name>,
}

impl Layers {
    /// Finds the layers: in the order of their first appearance, inner ones below the outer one's own rules.
    pub(super) fn collect(rules: &CssRuleList) -> Self {
        let mut walk = Walk::default();
        walk.collect(rules, &[]);
        let mut layers = Self::default();
        layers.sort(&walk.seen, &[]);
        layers
    }

    fn sort(&mut self, seen: &[Name], outer: &[String]) {
        for layer in seen.iter().filter(|layer| layer.len() == outer.len() + 1 && layer.starts_with(outer)) {
            self.sort(seen, layer);
            self.order.push(layer.clone());
        }
    }

    /// Takes the rules out of their layers and shows `visit` every style rule with its level.
    pub(super) fn unwrap<'i>(
        &self,
        rules: &mut CssRuleList<'i>,
        visit: &mut dyn FnMut(&mut StyleRule<'i>, usize),
    ) {
        self.unwrap_in(rules, &[], &mut Walk::default(), visit);
    }

    fn unwrap_in<'i>(
        &self,
        rules: &mut CssRuleList<'i>,
        layer: &[String],
        walk: &mut Walk,
        visit: &mut dyn FnMut(&mut StyleRule<'i>, usize),
    ) {
        let mut unwrapped = Vec::with_capacity(rules.0.len());
        for mut rule in rules.0.drain(..) {
            match &mut rule {
                CssRule::LayerStatement(_) => continue,
                CssRule::LayerBlock(block) => {
                    let name = walk.full_name(layer, block.name.as_ref());
                    self.unwrap_in(&mut block.rules, &name, walk, visit);
                    unwrapped.append(&mut block.rules.0);
                    continue;
                }
                CssRule::Style(style) => {
                    visit(
                        style,
                        self.order.iter().position(|name| name == layer).unwrap_or(self.order.len()),
                    );
                }
                CssRule::Media(inner) => self.unwrap_in(&mut inner.rules, layer, walk, visit),
                CssRule::Supports(inner) => self.unwrap_in(&mut inner.rules, layer, walk, visit),
                CssRule::Container(inner) => self.unwrap_in(&mut inner.rules, layer, walk, visit),
                CssRule::StartingStyle(inner) => self.unwrap_in(&mut inner.rules, layer, walk, visit),
                _ => {}
            }
            unwrapped.push(rule);
        }
        rules.0 = unwrapped;
    }
}

/// One way through a sheet. Layers without a name are numbered on the way, each one being a layer of its own.
#[derive(Default)]
struct Walk {
    seen: Vec<Name>,
    nameless: usize,
}

impl Walk {
    fn collect(&mut self, rules: &CssRuleList, outer: &[String]) {
        for rule in &rules.0 {
            match rule {
                CssRule::LayerStatement(statement) => {
                    for name in &statement.names {
                        let name = self.full_name(outer, Some(name));
                        self.note(&name);
                    }
                }
                CssRule::LayerBlock(block) => {
                    let name = self.full_name(outer, block.name.as_ref());
                    self.note(&name);
                    self.collect(&block.rules, &name);
                }
                CssRule::Media(inner) => self.collect(&inner.rules, outer),
                CssRule::Supports(inner) => self.collect(&inner.rules, outer),
                CssRule::Container(inner) => self.collect(&inner.rules, outer),
                CssRule::StartingStyle(inner) => self.collect(&inner.rules, outer),
                _ => {}
            }
        }
    }

    fn full_name(&mut self, outer: &[String], name: Option<&LayerName>) -> Name {
        let mut full = outer.to_vec();
        match name {
            Some(name) => full.extend(name.0.iter().map(ToString::to_string)),
            None => {
                self.nameless += 1;
                full.push(format!(" {}", self.nameless)); // no identifier begins with a blank
            }
        }
        full
    }

    fn note(&mut self, name: &[String]) {
        for length in 1..=name.len() {
            if !self.seen.iter().any(|layer| layer == &name[..length]) {
                self.seen.push(name[..length].to_vec());
            }
        }
    }
}
