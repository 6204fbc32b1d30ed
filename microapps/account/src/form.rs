//! A form: what is typed, what is wrong with it, and sending it.

use crate::{C, el, page::Page};
use contract::{
    code::Code,
    shop::{
        address_form::{AddressForm, Part},
        email,
    },
};
use leptos::prelude::*;
use microapp::{
    LabelledField, Watched,
    api::{Answer, ApiError},
    element::El,
    page::{focus, focus_from, run},
    t, t_with,
};

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// At most this many characters.
    Text(usize),
    /// The same; it may stay empty.
    Optional(usize),
    /// An e-mail address.
    Email,
    /// A password that is known.
    Password,
    /// A password that is made up.
    NewPassword,
    /// A part of an address as the country of [`COUNTRY`] writes it.
    Part(Part),
}

/// The id of the field that has an address's country.
pub const COUNTRY: &str = "address-country";

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// What the server calls it: `address.street`.
    pub name: &'static str,
    /// Its id on the page.
    pub id: &'static str,
    /// What people call it.
    pub label: fn() -> String,
    /// What the browser may fill in (HTML's `autocomplete`).
    pub autocomplete: &'static str,
    /// What it takes.
    pub kind: Kind,
}

#[derive(Default)]
struct Sheet {
    /// How often it was filled in: the answer to what stood on it before is not about what stands there now.
    filled: u32,
    texts: Vec<String>,
    /// Whether what is wrong is shown.
    checked: bool,
    /// What the server had against a field.
    refused: Vec<(&'static str, String)>,
    /// Why it could not be sent.
    failure: Option<ApiError>,
    busy: bool,
}

/// A form on the page.
#[derive(Clone, Copy)]
pub struct Form {
    page: Page,
    fields: &'static [Field],
    /// Where it stands that it could not be sent.
    trouble_id: &'static str,
    sheet: Watched<Sheet>,
}

impl Form {
    /// An empty form; `trouble_id` is unique on the page.
    pub fn new(page: Page, fields: &'static [Field], trouble_id: &'static str) -> Self {
        let texts = fields.iter().map(|_| String::new()).collect();
        Self { page, fields, trouble_id, sheet: Watched::new(Sheet { texts, ..Sheet::default() }) }
    }

    /// What is typed, in the order of the fields.
    pub fn texts(self) -> Vec<String> {
        self.sheet.with_untracked(|sheet| sheet.texts.clone())
    }

    /// Fills it in anew.
    pub fn fill(self, texts: Vec<String>) {
        self.sheet.update(|sheet| *sheet = Sheet { filled: sheet.filled + 1, texts, ..Sheet::default() });
    }

    /// Empties it.
    pub fn clear(self) {
        self.fill(self.fields.iter().map(|_| String::new()).collect());
    }

    /// Whether it is on its way.
    pub fn is_busy(self) -> bool {
        self.sheet.with(|sheet| sheet.busy)
    }

    /// Whether it could not be sent for this reason.
    pub fn failed_by(self, code: Code) -> bool {
        self.sheet.with(|sheet| sheet.failure.as_ref().is_some_and(|failure| failure.is(code)))
    }

    /// How the country that is chosen writes an address.
    pub fn address(self) -> AddressForm {
        let place = self.fields.iter().position(|field| field.id == COUNTRY);
        self.sheet.with(|sheet| {
            AddressForm::of(place.and_then(|place| sheet.texts.get(place)).map_or("", String::as_str))
        })
    }

    fn problem(self, place: usize) -> Option<String> {
        let form = self.address();
        self.sheet.with(|sheet| {
            let field = self.fields.get(place).filter(|_| sheet.checked)?;
            let refused = || sheet.refused.iter().find(|(name, _)| *name == field.name);
            wrong(field, sheet.texts.get(place)?, form)
                .or_else(|| refused().map(|(_, message)| message.clone()))
        })
    }

    fn first_problem(self) -> Option<&'static str> {
        untrack(|| {
            let form = self.address();
            let fields = self.fields.iter().enumerate();
            let wrong = fields.filter(|(place, _)| self.problem(*place).is_some());
            let first = wrong.min_by_key(|(place, field)| drawn_at(*place, field.kind, form))?;
            Some(first.1.id)
        })
    }

    fn typed(self, place: usize, text: String) {
        self.sheet.update(|sheet| {
            if let Some(field) = self.fields.get(place) {
                sheet.refused.retain(|(name, _)| *name != field.name);
            }
            if let Some(known) = sheet.texts.get_mut(place) {
                *known = text;
            }
        });
    }

    /// The form with what `inside` is, the buttons last; sends by `send`, one at a time, unless something is wrong.
    pub fn draw(self, inside: Vec<El>, send: impl Fn() + 'static) -> El {
        self.drawn(inside, Box::new(send))
    }

    fn drawn(self, mut inside: Vec<El>, send: Box<dyn Fn()>) -> El {
        let buttons = inside.pop();
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            if self.sheet.with_untracked(|sheet| sheet.busy) {
                return;
            }
            self.sheet.update(|sheet| {
                sheet.checked = true;
                sheet.refused.clear();
                sheet.failure = None;
            });
            match self.first_problem() {
                Some(id) => focus(id),
                None => {
                    self.sheet.update(|sheet| sheet.busy = true);
                    send();
                }
            }
        };
        el("form")
            .class("form")
            .attrs(&[("id", &self.id()), ("novalidate", "")])
            .on("submit", submit)
            .children(inside)
            .child(self.trouble())
            .children(buttons)
    }

    /// Sends what was typed by `work`, and goes on with `then` when it worked: true where the form has not been filled in
    /// anew since.
    pub fn send(self, work: Answer<()>, then: impl FnOnce(bool) + 'static) {
        self.sent(work, Box::new(then));
    }

    fn sent(self, work: Answer<()>, then: Box<dyn FnOnce(bool)>) {
        let filled = move || self.sheet.with_untracked(|sheet| sheet.filled);
        let before = filled();
        run(async move {
            let answer = work.await;
            let is_same = filled() == before;
            match answer {
                Ok(()) => {
                    if is_same {
                        self.sheet.update(|sheet| sheet.busy = false);
                    }
                    then(is_same);
                }
                Err(error) if is_same => self.refuse(error),
                // It was given up, or overtaken.
                Err(_) => {}
            }
        });
    }

    /// Moves the focus on to the element of an id, unless it has gone elsewhere from the form.
    pub fn leave(self, id: &str) {
        focus_from(&["#", &self.id()].concat(), id);
    }

    fn id(self) -> String {
        [self.trouble_id, "-form"].concat()
    }

    fn refuse(self, error: ApiError) {
        self.page.refused(&error);
        let is_of_fields = self.sheet.update(|sheet| {
            sheet.busy = false;
            sheet.refused = self
                .fields
                .iter()
                .filter_map(|field| error.field(field.name).map(|message| (field.name, message.to_owned())))
                .collect();
            let is_of_fields = !sheet.refused.is_empty();
            if !is_of_fields {
                sheet.failure = Some(error);
            }
            is_of_fields
        });
        focus(self.first_problem().filter(|_| is_of_fields).unwrap_or(self.trouble_id));
    }

    /// Why it could not be sent, where the focus goes then: which reads it out.
    fn trouble(self) -> El {
        let text = move || {
            self.sheet.with(|sheet| sheet.failure.as_ref().map(ApiError::numbered).unwrap_or_default())
        };
        el("div").class("trouble").attrs(&[("id", self.trouble_id), ("tabindex", "-1")]).children_from(
            text,
            move || match untrack(text) {
                text if text.is_empty() => Vec::new(),
                text => vec![el("p").class("note bad").text(&text)],
            },
        )
    }

    /// The field at a place: label, control and error.
    pub fn field(self, place: usize) -> El {
        let Some(field) = self.fields.get(place) else { return el("div") };
        let kind = match field.kind {
            Kind::Email => "email",
            Kind::Password | Kind::NewPassword => "password",
            _ => "text",
        };
        self.framed(place, el("input").attrs(&[("type", kind)]))
    }

    /// The same around another control. A select has a `value` like an input's.
    pub fn framed(self, place: usize, control: El) -> El {
        let Some(field) = self.fields.get(place) else { return control };
        let hint_id = [field.id, "-hint"].concat();
        let new = field.kind == Kind::NewPassword;
        let described = if new { [&hint_id, " "].concat() } else { String::new() };
        let address = untrack(move || self.address());
        let (label, optional) = match field.kind {
            Kind::Part(part) => (t(address.label(part)), !address.needs(part)),
            kind => ((field.label)(), matches!(kind, Kind::Optional(_))),
        };
        let (id, name) = (field.id, field.name);
        let labelled = LabelledField { scope: C, id, name, label: &label, optional, described: &described };
        let [label, control, error] = labelled.around(
            control.attr("autocomplete", field.autocomplete),
            move || self.sheet.with(|sheet| sheet.texts.get(place).cloned().unwrap_or_default()),
            move || self.problem(place),
            move |text| self.typed(place, text),
        );
        let hint = new.then(|| {
            let hint = el("p").class("hint").attr("id", &hint_id);
            hint.t("At least 10 characters. A short sentence makes a good one.")
        });
        let control = match field.kind {
            Kind::Password | Kind::NewPassword => revealed(field, control),
            _ => control,
        };
        el("div").class("field").child(label).child(control).children(hint).child(error)
    }

    /// The button that sends it.
    pub fn button(self, text: String, test: &str) -> El {
        el("button")
            .class("button send")
            .attrs(&[("type", "submit"), ("data-test", test)])
            .attr_when("aria-disabled", "true", move || self.is_busy())
            .text_from(move || if self.is_busy() { t("One moment…") } else { text.clone() })
    }
}

/// A password's field with a button that shows what is typed.
fn revealed(field: &Field, control: El) -> El {
    let shown = Watched::new(false);
    let label = (field.label)();
    let control =
        control.attr_from("type", move || Some(if shown.get() { "text" } else { "password" }.to_owned()));
    let button = el("button")
        .class("reveal")
        .attrs(&[("type", "button"), ("aria-controls", field.id)])
        .attr_from("aria-label", move || {
            Some(t_with(if shown.get() { "Hide: {field}" } else { "Show: {field}" }, &[("field", &label)]))
        })
        .text_from(move || t(if shown.get() { "Hide" } else { "Show" }))
        .on("click", move |_| shown.update(|shown| *shown = !*shown));
    el("div").class("password").child(control).child(button)
}

/// Where a field is drawn: in its place, and after those the parts of an address as the country orders them.
fn drawn_at(place: usize, kind: Kind, form: AddressForm) -> (bool, usize) {
    match kind {
        Kind::Part(part) => (true, form.parts.iter().take_while(|known| **known != part).count()),
        _ => (false, place),
    }
}

/// What is wrong with a field: the server's rules, so that nothing is sent in vain.
fn wrong(field: &Field, text: &str, form: AddressForm) -> Option<String> {
    let length = text.chars().count();
    let most = match field.kind {
        Kind::Email => {
            let is_wrong = !email::is_plausible(text);
            return is_wrong.then(|| t("Enter an e-mail address, such as ada@example.org."));
        }
        Kind::NewPassword if length < 10 => return Some(t("Use at least 10 characters.")),
        Kind::Password if text.is_empty() => return Some(t("Enter your password.")),
        Kind::Text(_) if text.trim().is_empty() => return Some(t("Please fill this in.")),
        Kind::Part(part) if form.needs(part) && text.trim().is_empty() => {
            return Some(t("Please fill this in."));
        }
        Kind::Part(Part::Postcode) if !form.fits(text) => {
            return Some(t_with(form.wish, &[("example", form.example())]));
        }
        Kind::Part(Part::Postcode) => 20,
        Kind::Part(_) => 100,
        Kind::NewPassword => 200,
        Kind::Password => usize::MAX,
        Kind::Text(most) | Kind::Optional(most) => most,
    };
    (length > most).then(|| t_with("Use at most {n} characters.", &[("n", &most.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_in(country: &str, kind: Kind, text: &str, expected: bool) {
        let field = Field { name: "", id: "", label: String::new, autocomplete: "", kind };
        let form = AddressForm::of(country);
        assert_eq!(wrong(&field, text, form).is_none(), expected, "{country} {kind:?} {text:?}");
    }

    #[track_caller]
    fn check(kind: Kind, text: &str, expected: bool) {
        check_in("", kind, text, expected);
    }

    #[test]
    fn parts_of_addresses() {
        let [postcode, city, region] = [Part::Postcode, Part::City, Part::Region].map(Kind::Part);
        check_in("", postcode, "", false);
        check_in("", postcode, "anything", true);
        check_in("", postcode, &"1".repeat(21), false);
        check_in("DE", postcode, "10115", true);
        check_in("DE", postcode, "1011", false);
        check_in("IE", postcode, "", true);
        check_in("DE", city, " ", false);
        check_in("DE", region, "", true);
        check_in("US", region, "", false);
        check_in("US", region, "NY", true);
        check_in("US", region, &"x".repeat(101), false);
    }

    #[test]
    fn fields_are_drawn_as_the_country_orders_them() {
        let check = |country: &str, expected: [Part; 3]| {
            let mut parts = [Part::Postcode, Part::City, Part::Region];
            parts.sort_by_key(|part| drawn_at(0, Kind::Part(*part), AddressForm::of(country)));
            assert_eq!(parts, expected, "{country}");
        };
        check("DE", [Part::Postcode, Part::City, Part::Region]);
        check("US", [Part::City, Part::Region, Part::Postcode]);
        let form = AddressForm::of("");
        assert!(drawn_at(1, Kind::Text(2), form) < drawn_at(2, Kind::Text(2), form));
        assert!(drawn_at(9, Kind::Text(2), form) < drawn_at(0, Kind::Part(Part::City), form));
    }

    #[test]
    fn rules() {
        check(Kind::Text(3), "", false);
        check(Kind::Text(3), " ", false);
        check(Kind::Text(3), "äöü", true);
        check(Kind::Text(3), "äöüß", false);
        check(Kind::Optional(3), "", true);
        check(Kind::Optional(3), "abcd", false);
        check(Kind::Email, " ada@example.org ", true);
        check(Kind::Email, "ada", false);
        check(Kind::Password, "", false);
        check(Kind::Password, "x", true);
        check(Kind::NewPassword, "too short", false);
        check(Kind::NewPassword, "just right", true);
        check(Kind::NewPassword, &"x".repeat(201), false);
    }
}
