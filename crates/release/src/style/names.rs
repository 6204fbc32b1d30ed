//! Names that CSS shares over the whole page: custom properties, keyframes, fonts, containers, view transitions.
//!
//! They become `--m-cart_gap` and `spin_m-cart`: no microapp has an underscore in its name, so one's names are never another's.
//!
//! What a microapp declares becomes its own. What its styles only read with `var()` is a design token, the one
//! thing that comes in from outside; so is what `assets/tokens.css` declares, also where a microapp sets it
//! anew for a part of itself.

use crate::SHELL;
use lightningcss::{
    properties::{
        Property, PropertyId,
        animation::AnimationName,
        custom::{
            CustomPropertyName, EnvironmentVariable, Token, TokenList, TokenOrValue, UnparsedProperty,
            Variable,
        },
        font::FontFamily,
        transition::{ViewTransitionGroup, ViewTransitionName},
    },
    rules::{
        CssRule, font_face::FontFaceProperty, font_palette_values::FontPaletteValuesProperty,
        keyframes::KeyframesName,
    },
    stylesheet::{ParserOptions, StyleSheet},
    traits::Parse,
    values::{
        ident::{CustomIdent, DashedIdent, NoneOrCustomIdentList},
        string::CSSString,
    },
    visit_types,
    visitor::{Visit, VisitTypes, Visitor},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    sync::LazyLock,
};

/// The design tokens: the custom properties that `assets/tokens.css` declares.
static DESIGN_TOKENS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let css = include_str!("../../../../assets/tokens.css");
    let mut collector = Collector::default();
    if let Ok(mut sheet) = StyleSheet::parse(css, ParserOptions::default()) {
        let Ok(()) = sheet.visit(&mut collector);
    }
    collector.declared
});

/// Whether the custom property `name` is the page's.
pub(super) fn is_design_token(name: &str) -> bool {
    DESIGN_TOKENS.contains(name)
}

/// Names that are declared by a microapp's sheets, and what becomes of them.
pub(super) struct Names {
    app: String,
    properties: BTreeMap<String, String>,
    keyframes: BTreeMap<String, String>,
    /// By their names in small letters, since case makes no other font; in quotes, as lightningcss reads them.
    families: BTreeMap<String, String>,
    read: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    pub(super) fn new(app: &str) -> Self {
        Self {
            app: app.to_owned(),
            properties: BTreeMap::new(),
            keyframes: BTreeMap::new(),
            families: BTreeMap::new(),
            read: BTreeMap::new(),
        }
    }

    /// Takes up the names that `sheet` declares and reads; `class` is the sheet's.
    pub(super) fn collect(&mut self, sheet: &mut StyleSheet, class: &str) {
        let mut found = Collector::default();
        let Ok(()) = sheet.visit(&mut found);
        let app = &self.app;
        for name in found.declared {
            if !is_design_token(&name) {
                self.properties.insert(name.clone(), format!("--m-{app}_{}", &name[2..]));
            } else {
                found.read.insert(name);
            }
        }
        for name in found.keyframes {
            let scoped = self.scoped(&name);
            self.keyframes.insert(name, scoped);
        }
        for name in found.families {
            let scoped = self.scoped(&name).replace('\\', "\\\\").replace('"', "\\\"");
            self.families.insert(name.to_lowercase(), format!("\"{scoped}\""));
        }
        self.read.entry(class.to_owned()).or_default().extend(found.read);
    }

    /// What a name that is no custom property becomes.
    fn scoped(&self, name: &str) -> String {
        format!("{name}_m-{}", self.app)
    }

    /// The design tokens that the sheet of `class` reads.
    pub(super) fn tokens(&self, class: &str) -> impl Iterator<Item = &str> {
        self.read.get(class).into_iter().flatten().map(String::as_str).filter(|name| self.is_token(name))
    }

    /// The design tokens that any sheet of the microapp reads.
    pub(super) fn all_tokens(&self) -> BTreeSet<&str> {
        self.read.values().flatten().map(String::as_str).filter(|name| self.is_token(name)).collect()
    }

    /// Whether the custom property `name` comes in from outside.
    pub(super) fn is_token(&self, name: &str) -> bool {
        !self.properties.contains_key(name)
    }

    /// Whether `name`, found in a finished sheet, is the microapp's own.
    pub(super) fn is_scoped(&self, name: &str) -> bool {
        self.keyframes.values().chain(self.properties.values()).any(|scoped| scoped == name)
            || self.families.values().any(|quoted| quoted[1..quoted.len() - 1] == *name)
            || is_design_token(name)
    }

    /// Whether `name`, found in a finished sheet, is a custom property of the microapp's own.
    pub(super) fn is_own_property(&self, name: &str) -> bool {
        self.properties.values().any(|scoped| scoped == name)
    }

    /// Renames everything in `sheet`.
    pub(super) fn rename<'i>(&'i self, sheet: &mut StyleSheet<'i>) {
        let Ok(()) = sheet.visit(&mut Renamer { names: self });
    }
}

/// Properties whose values declare dashed names that the whole page sees.
const NAMING: [&str; 6] = [
    "anchor-name",
    "scroll-timeline",
    "scroll-timeline-name",
    "timeline-scope",
    "view-timeline",
    "view-timeline-name",
];

#[derive(Default)]
struct Collector {
    declared: BTreeSet<String>,
    read: BTreeSet<String>,
    keyframes: BTreeSet<String>,
    families: BTreeSet<String>,
}

impl<'i> Visitor<'i> for Collector {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES | PROPERTIES | VARIABLES | TOKENS)
    }

    fn visit_rule(&mut self, rule: &mut CssRule<'i>) -> Result<(), Infallible> {
        match rule {
            CssRule::Keyframes(rule) => {
                self.keyframes.insert(keyframes_name(&rule.name).to_owned());
            }
            CssRule::Property(rule) => {
                self.declared.insert(rule.name.0.to_string());
            }
            CssRule::PositionTry(rule) => {
                self.declared.insert(rule.name.0.to_string());
            }
            CssRule::FontPaletteValues(rule) => {
                self.declared.insert(rule.name.0.to_string());
            }
            CssRule::FontFace(rule) => {
                self.families.extend(rule.properties.iter().filter_map(|property| match property {
                    FontFaceProperty::FontFamily(family) => family_name(family),
                    _ => None,
                }));
            }
            _ => {}
        }
        rule.visit_children(self)
    }

    fn visit_property(&mut self, property: &mut Property<'i>) -> Result<(), Infallible> {
        if let Property::Custom(custom) = property {
            match &custom.name {
                CustomPropertyName::Custom(name) => {
                    self.declared.insert(name.0.to_string());
                }
                CustomPropertyName::Unknown(name) if NAMING.contains(&name.0.as_ref()) => {
                    self.declared.extend(custom.value.0.iter().filter_map(|token| match token {
                        TokenOrValue::DashedIdent(name) => Some(name.0.to_string()),
                        _ => None,
                    }));
                }
                CustomPropertyName::Unknown(_) => {}
            }
        }
        property.visit_children(self)
    }

    fn visit_variable(&mut self, variable: &mut Variable<'i>) -> Result<(), Infallible> {
        self.read.insert(variable.name.ident.0.to_string());
        variable.visit_children(self)
    }
}

struct Renamer<'a> {
    names: &'a Names,
}

impl<'a: 'i, 'i> Visitor<'i> for Renamer<'a> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES | PROPERTIES | DASHED_IDENTS | VARIABLES | TOKENS)
    }

    fn visit_rule(&mut self, rule: &mut CssRule<'i>) -> Result<(), Infallible> {
        match rule {
            CssRule::Keyframes(rule) => {
                if let Some(scoped) = self.names.keyframes.get(keyframes_name(&rule.name)) {
                    rule.name = KeyframesName::Ident(CustomIdent(scoped.as_str().into()));
                }
            }
            CssRule::FontFace(rule) => {
                for property in &mut rule.properties {
                    if let FontFaceProperty::FontFamily(family) = property {
                        self.family(family);
                    }
                }
            }
            CssRule::FontPaletteValues(rule) => {
                for property in &mut rule.properties {
                    if let FontPaletteValuesProperty::FontFamily(family) = property {
                        self.family(family);
                    }
                }
            }
            CssRule::Container(rule) => {
                if let Some(name) = &mut rule.name {
                    self.container(&mut name.0);
                }
            }
            _ => {}
        }
        rule.visit_children(self)
    }

    fn visit_property(&mut self, property: &mut Property<'i>) -> Result<(), Infallible> {
        match property {
            Property::AnimationName(list, _) => list.iter_mut().for_each(|name| self.animation(name)),
            Property::Animation(list, _) => list.iter_mut().for_each(|item| self.animation(&mut item.name)),
            Property::FontFamily(list) => list.iter_mut().for_each(|family| self.family(family)),
            Property::Font(font) => font.family.iter_mut().for_each(|family| self.family(family)),
            Property::ContainerName(list) => self.containers(list),
            Property::Container(container) => self.containers(&mut container.name),
            Property::ViewTransitionName(ViewTransitionName::Custom(name))
            | Property::ViewTransitionGroup(ViewTransitionGroup::Custom(name)) => self.transition(name),
            Property::ViewTransitionClass(NoneOrCustomIdentList::Idents(names)) => {
                names.iter_mut().for_each(|name| self.transition(name));
            }
            Property::Unparsed(UnparsedProperty { property_id, value }) => match property_id {
                PropertyId::Animation(_) | PropertyId::AnimationName(_) => self.animations(value),
                PropertyId::Font => self.families(value, Place::Anywhere),
                PropertyId::FontFamily => self.families(value, Place::Beginning),
                _ => {}
            },
            // What it will be put into is not known.
            Property::Custom(custom) if matches!(custom.name, CustomPropertyName::Custom(_)) => {
                self.animations(&mut custom.value);
                self.families(&mut custom.value, Place::Anywhere);
            }
            _ => {}
        }
        property.visit_children(self)
    }

    fn visit_dashed_ident(&mut self, ident: &mut DashedIdent) -> Result<(), Infallible> {
        if let Some(scoped) = self.names.properties.get(ident.0.as_ref()) {
            ident.0 = scoped.clone().into();
        }
        Ok(())
    }

    fn visit_token(&mut self, token: &mut TokenOrValue<'i>) -> Result<(), Infallible> {
        if let TokenOrValue::AnimationName(name) = token {
            self.animation(name);
        }
        token.visit_children(self)
    }
}

impl<'a> Renamer<'a> {
    fn animation<'i>(&self, name: &mut AnimationName<'i>)
    where
        'a: 'i,
    {
        let given = match name {
            AnimationName::None => return,
            AnimationName::Ident(ident) => ident.0.to_string(),
            AnimationName::String(string) => string.0.to_string(),
        };
        if let Some(scoped) = self.names.keyframes.get(&given) {
            *name = AnimationName::Ident(CustomIdent(scoped.as_str().into()));
        }
    }

    fn family<'i>(&self, family: &mut FontFamily<'i>)
    where
        'a: 'i,
    {
        let scoped = family_name(family).and_then(|name| self.names.families.get(&name.to_lowercase()));
        if let Some(Ok(scoped)) = scoped.map(|scoped| FontFamily::parse_string(scoped)) {
            *family = scoped;
        }
    }

    /// In a value that lightningcss leaves unparsed: names in quotes, or words with blanks between.
    fn families(&self, value: &mut TokenList, place: Place) {
        let (mut at, mut begins) = (0, true);
        while at < value.0.len() {
            let may_be_name = begins || place == Place::Anywhere;
            begins = match value.0[at] {
                TokenOrValue::Token(Token::Comma) => true,
                TokenOrValue::Token(Token::WhiteSpace(_)) => begins,
                _ => false,
            };
            if let Some(fallback) = fallback(&mut value.0[at]) {
                self.families(fallback, place);
            } else if may_be_name
                && let Some((name, length)) = family_at(&value.0[at..])
                && let Some(quoted) = self.names.families.get(&name.to_lowercase())
            {
                let name = Token::String(quoted[1..quoted.len() - 1].to_owned().into());
                value.0.splice(at..at + length, [TokenOrValue::Token(name)]);
            }
            at += 1;
        }
    }

    /// The same for keyframes.
    fn animations(&self, value: &mut TokenList) {
        each_token(value, &|token| {
            if let Token::Ident(name) = token
                && let Some(scoped) = self.names.keyframes.get(name.as_ref())
            {
                *name = scoped.clone().into();
            }
        });
    }

    /// The shell's names stay: `::view-transition-group(name)` is a selector of the page, which is the shell's.
    fn transition(&self, name: &mut CustomIdent) {
        // A keyword that lightningcss takes for a name.
        if self.names.app != SHELL && name.0.as_ref() != "match-element" {
            name.0 = self.names.scoped(&name.0).into();
        }
    }

    fn containers(&self, list: &mut lightningcss::properties::contain::ContainerNameList) {
        if let lightningcss::properties::contain::ContainerNameList::Names(names) = list {
            names.iter_mut().for_each(|name| self.container(&mut name.0));
        }
    }

    fn container(&self, ident: &mut CustomIdent) {
        ident.0 = self.names.scoped(&ident.0).into();
    }
}

/// Where in a value the name of a font may stand.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// At the beginning of what commas part: words behind others are of the same name.
    Beginning,
    /// Behind words that are none of it, too.
    Anywhere,
}

/// Shows `change` each token of `value`, those among them that a variable falls back to; not what a function takes.
fn each_token<'i>(value: &mut TokenList<'i>, change: &impl Fn(&mut Token<'i>)) {
    for token in &mut value.0 {
        if let TokenOrValue::Token(token) = token {
            change(token);
        } else if let Some(value) = fallback(token) {
            each_token(value, change);
        }
    }
}

/// What a variable falls back to.
fn fallback<'a, 'i>(token: &'a mut TokenOrValue<'i>) -> Option<&'a mut TokenList<'i>> {
    match token {
        TokenOrValue::Var(Variable { fallback, .. })
        | TokenOrValue::Env(EnvironmentVariable { fallback, .. }) => fallback.as_mut(),
        _ => None,
    }
}

/// The font's name that `tokens` may begin with, and how many of them it takes. Without quotes, all words that follow
/// each other are of it.
fn family_at(tokens: &[TokenOrValue]) -> Option<(String, usize)> {
    let (mut words, mut length) = (Vec::new(), 0);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenOrValue::Token(Token::String(name)) if at == 0 => return Some((name.to_string(), 1)),
            TokenOrValue::Token(Token::Ident(word)) => {
                words.push(word.as_ref());
                length = at + 1;
            }
            TokenOrValue::Token(Token::WhiteSpace(_)) if at > 0 => {}
            _ => break,
        }
    }
    (length > 0).then(|| (words.join(" "), length))
}

fn keyframes_name<'a>(name: &'a KeyframesName) -> &'a str {
    match name {
        KeyframesName::Ident(ident) => ident.0.as_ref(),
        KeyframesName::Custom(text) => text.as_ref(),
    }
}

fn family_name(family: &FontFamily) -> Option<String> {
    use lightningcss::{printer::PrinterOptions, traits::ToCss};
    let FontFamily::FamilyName(name) = family else { return None };
    // The text inside is private; printed, it is in quotes or a row of words.
    let printed = name.to_css_string(PrinterOptions::default()).ok()?;
    let text = CSSString::parse_string(&printed).ok().map(|text| text.0.to_string());
    Some(text.unwrap_or(printed))
}
