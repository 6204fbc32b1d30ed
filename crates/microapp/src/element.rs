//! Plain elements, parts of which follow signals.
//!
//! A Leptos view is a type of its own for every shape of view, compiled once for each: of a page of ordinary
//! size that was 200 of 400 KB. An [`El`] is one type whatever it holds, and what a call brings along is a
//! few addresses of texts. Signals, effects and owners are Leptos' own.
//!
//! ```no_run
//! use microapp::{element::El, prelude::*};
//! let count = Watched::new(0);
//! El::new("m-hello", "button")
//!     .attrs(&[("type", "button"), ("data-test", "greet")])
//!     .class("button")
//!     .text_from(move || format!("Greeted {} times", count.get()))
//!     .on("click", move |_| count.update(|count| *count += 1));
//! ```

use crate::{
    Listener,
    lifecycle::is_cold,
    page::{pause, run},
};
use js_sys::Array;
use leptos::{
    prelude::*,
    reactive::owner::Owner,
    tachys::{
        html::attribute::any_attribute::AnyAttribute,
        hydration::Cursor,
        no_attrs,
        view::{Position, PositionState, Render, RenderHtml},
    },
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// The name space of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// An element with the scope class of a style. One number in a wasm, so that a chain of calls copies nothing.
#[derive(Clone)]
pub struct El(Element);

impl El {
    /// A new HTML element, `scope` being [`class!`](crate::class).
    pub fn new(scope: &'static str, tag: &str) -> Self {
        Self::scoped(scope, document().create_element(tag))
    }

    /// A new SVG element.
    pub fn svg(scope: &'static str, tag: &str) -> Self {
        Self::scoped(scope, document().create_element_ns(Some(SVG), tag))
    }

    /// An icon by its path, 24 × 24 and drawn in the colour of the text around it. An ornament: what it stands for is said beside
    /// it, or by the label of its button.
    pub fn icon(scope: &'static str, path: &str) -> Self {
        Self::svg(scope, "svg")
            .class("icon")
            .attrs(&[
                ("viewBox", "0 0 24 24"),
                ("width", "24"),
                ("height", "24"),
                ("fill", "none"),
                ("stroke", "currentColor"),
                ("stroke-width", "1.75"),
                ("stroke-linecap", "round"),
                ("stroke-linejoin", "round"),
                ("aria-hidden", "true"),
            ])
            .child(Self::svg(scope, "path").attr("d", path))
    }

    fn scoped(scope: &'static str, made: Result<Element, wasm_bindgen::JsValue>) -> Self {
        // Only a tag that is no name fails; then there is an element that shows nothing.
        let node = made.unwrap_or_else(|_| document().create_document_fragment().unchecked_into());
        Self(node).attr("class", scope)
    }

    /// The element itself.
    pub fn node(&self) -> &Element {
        &self.0
    }

    /// The element as one that can have the focus.
    pub fn html(&self) -> &HtmlElement {
        self.0.unchecked_ref()
    }

    /// The element as a field.
    pub fn field(&self) -> &HtmlInputElement {
        self.0.unchecked_ref()
    }

    /// With classes, separated by blanks.
    pub fn class(self, names: &str) -> Self {
        for name in names.split(' ') {
            let _ = self.0.class_list().add_1(name);
        }
        self
    }

    /// With an attribute.
    pub fn attr(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// With attributes.
    pub fn attrs(self, pairs: &[(&str, &str)]) -> Self {
        pairs.iter().fold(self, |element, (name, value)| element.attr(name, value))
    }

    /// With the address of a picture, in the width that fits: `sizes` as HTML has it, `(max-width: 40rem) 50vw, 20rem`.
    pub fn picture(self, address: &str, sizes: &str) -> Self {
        let element = match contract::shop::picture::sources(address) {
            // Before the address, or the largest one is fetched.
            Some(sources) => self.attr("sizes", sizes).attr("srcset", &sources),
            None => self,
        };
        element.attr("src", address)
    }

    /// With a text at its end.
    pub fn text(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// With a text at its end, in the language of the page: [`t`](crate::t).
    pub fn t(self, english: &str) -> Self {
        self.text(&locale::t(english))
    }

    /// With an attribute that is read by people, in the language of the page.
    pub fn attr_t(self, name: &str, english: &str) -> Self {
        self.attr(name, &locale::t(english))
    }

    /// With a text at its end that has a child in its place: `from {price}`.
    pub fn text_around(self, text: &str, child: Self) -> Self {
        let (before, rest) = text.split_once('{').unwrap_or((text, ""));
        let (_, after) = rest.split_once('}').unwrap_or_default();
        self.text(before).child(child).text(after)
    }

    /// With a child at its end.
    pub fn child(self, child: Self) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    /// With a child at its end. Where the page begins with the microapp, which is slow, it is made in a task of its own, a
    /// moment later: what stands so far is shown first, and a large view is no long task, in which a slow phone does not
    /// answer.
    pub fn later(self, make: impl FnOnce() -> Self + 'static) -> Self {
        self.later_boxed(Box::new(make))
    }

    #[inline(never)]
    fn later_boxed(self, make: Box<dyn FnOnce() -> Self>) -> Self {
        if !is_cold() {
            return self.child(make());
        }
        let (place, owner) = (self.clone(), Owner::current().map(|owner| owner.downgrade()));
        run(async move {
            pause(0).await;
            // Whoever has left by now needs no more of it.
            if let Some(owner) = owner.and_then(|owner| owner.upgrade()) {
                owner.with(|| drop(place.child(make())));
            }
        });
        self
    }

    /// With children at its end.
    pub fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Hears an event, for as long as the present owner lives.
    pub fn on(self, event: &'static str, heard: impl FnMut(Event) + 'static) -> Self {
        StoredValue::new_local(Listener::new(&self.0, event, heard));
        self
    }

    /// Does something with the element, now and whenever a signal changes that it read.
    pub fn follow(self, mut act: impl FnMut(&Self) + 'static) -> Self {
        let element = self.clone();
        follow(move || act(&element));
        self
    }

    /// Its whole text follows signals.
    pub fn text_from(self, text: impl Fn() -> String + 'static) -> Self {
        self.text_boxed(Box::new(text))
    }

    #[inline(never)]
    fn text_boxed(self, text: Box<dyn Fn() -> String>) -> Self {
        let mut before = None;
        self.follow(move |element| {
            // The same text again would be announced again.
            let text = Some(text());
            if text != before {
                element.0.set_text_content(text.as_deref());
                before = text;
            }
        })
    }

    /// An attribute follows signals; it is not there for `None`.
    pub fn attr_from(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.attr_boxed(name, Box::new(value))
    }

    #[inline(never)]
    fn attr_boxed(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let mut before = None;
        self.follow(move |element| {
            let value = value();
            if value != before {
                let _ = match &value {
                    Some(value) => element.0.set_attribute(name, value),
                    None => element.0.remove_attribute(name),
                };
                before = value;
            }
        })
    }

    /// An attribute with a fixed value is there or not: `("hidden", "")`, `("aria-current", "page")`.
    pub fn attr_when(
        self,
        name: &'static str,
        value: &'static str,
        when: impl Fn() -> bool + 'static,
    ) -> Self {
        self.attr_from(name, move || when().then(|| value.to_owned()))
    }

    /// A class follows signals.
    pub fn class_when(self, name: &'static str, when: impl Fn() -> bool + 'static) -> Self {
        self.class_boxed(name, Box::new(when))
    }

    #[inline(never)]
    fn class_boxed(self, name: &'static str, when: Box<dyn Fn() -> bool>) -> Self {
        self.follow(move |element| {
            let _ = element.0.class_list().toggle_with_force(name, when());
        })
    }

    /// Its children are made now, and anew whenever `key` comes out otherwise. `make` itself follows nothing;
    /// what its children follow ends with them.
    pub fn children_from(
        self,
        key: impl Fn() -> String + 'static,
        make: impl FnMut() -> Vec<Self> + 'static,
    ) -> Self {
        self.children_boxed(Box::new(key), Box::new(make))
    }

    #[inline(never)]
    fn children_boxed(self, key: Box<dyn Fn() -> String>, mut make: Box<dyn FnMut() -> Vec<Self>>) -> Self {
        let outer = Owner::current().map(|owner| owner.downgrade());
        let mut made: Option<(String, Owner)> = None;
        self.follow(move |element| {
            let key = key();
            if made.as_ref().is_some_and(|(before, _)| *before == key) {
                return;
            }
            if let Some((_, owner)) = made.take() {
                owner.cleanup();
            }
            let Some(outer) = outer.as_ref().and_then(|outer| outer.upgrade()) else { return };
            let owner = outer.child();
            let children = untrack(|| owner.with(&mut make));
            let nodes: Array = children.iter().map(|child| &child.0).collect();
            element.0.replace_children_with_node(&nodes);
            made = Some((key, owner));
        })
    }

    /// The element as what [`Microapp::render`](crate::Microapp::render) gives.
    pub fn into_view(self) -> impl IntoView {
        Drawn(SendWrapper::new(self.0))
    }
}

/// An element as a view of Leptos'. It is there already, so most of what views can do is nothing here; tachys'
/// own way to make elements stays out of the wasm.
struct Drawn(SendWrapper<Element>);

impl Render for Drawn {
    type State = Element;

    fn build(self) -> Element {
        self.0.take()
    }

    fn rebuild(self, shown: &mut Element) {
        let element = self.0.take();
        let _ = shown.replace_with_with_node_1(&element);
        *shown = element;
    }
}

no_attrs!(Drawn);

impl RenderHtml for Drawn {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, html: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {
        html.push_str(&self.0.outer_html());
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Element {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Does something now and whenever a signal changes that it read, for as long as the present owner lives.
pub fn follow(act: impl FnMut() + 'static) {
    follow_boxed(Box::new(act));
}

#[inline(never)]
fn follow_boxed(mut act: Box<dyn FnMut()>) {
    StoredValue::new_local(RenderEffect::new(move |_: Option<()>| act()));
}
