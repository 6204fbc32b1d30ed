//! Addresses: seen, added, changed, taken away.

use super::{HEADING, act, acting, quiet, states, subheading};
use crate::{
    el,
    form::{COUNTRY, Field, Form, Kind},
    loaded::{Loaded, Stand},
    page::Page,
};
use contract::shop::{
    account::{SaveAddress, SavedAddress},
    address_form::{AddressForm, Part},
    order::{Address, Country},
};
use leptos::prelude::*;
use microapp::Watched;
use microapp::{
    api::{self, Method},
    element::El,
    page::{focus, focus_from, run},
    t, t_with,
};
use serde::Deserialize;

/// In the order in which they are drawn; countries order the parts.
const FIELDS: &[Field] = &[
    field("address.name", "address-name", || t("Full name"), "name", Kind::Text(100)),
    field("address.country", COUNTRY, || t("Country"), "country", Kind::Text(2)),
    field("address.street", "address-street", || t("Street and number"), "address-line1", Kind::Text(200)),
    field(
        "address.extra",
        "address-extra",
        || t("Flat, floor or care of"),
        "address-line2",
        Kind::Optional(200),
    ),
    part("address.postcode", "address-postcode", "postal-code", Part::Postcode),
    part("address.city", "address-city", "address-level2", Part::City),
    part("address.region", "address-region", "address-level1", Part::Region),
];

const fn field(
    name: &'static str,
    id: &'static str,
    label: fn() -> String,
    autocomplete: &'static str,
    kind: Kind,
) -> Field {
    Field { name, id, label, autocomplete, kind }
}

/// One of those that each country writes in its own way.
const fn part(name: &'static str, id: &'static str, autocomplete: &'static str, part: Part) -> Field {
    field(name, id, String::new, autocomplete, Kind::Part(part))
}

/// Where parcels can go.
#[derive(Deserialize, Default)]
struct Options {
    countries: Vec<Country>,
}

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Editing {
    Nothing,
    New,
    Saved(i64),
}

#[derive(Clone, Copy)]
struct Desk {
    page: Page,
    saved: Loaded<Vec<SavedAddress>>,
    options: Loaded<Options>,
    editing: Watched<Editing>,
    form: Form,
}

/// The preferred one first.
pub fn addresses(page: Page) -> El {
    let desk = Desk {
        page,
        saved: Loaded::from(page.host, "/account/addresses"),
        options: Loaded::from(page.host, "/checkout/options"),
        editing: Watched::new(Editing::Nothing),
        form: Form::new(page, FIELDS, "address-trouble"),
    };
    states::of(page, desk.saved, move || {
        let editing = move || desk.editing.get();
        let list = move || desk.saved.ready().unwrap_or_default();
        let key = move || match editing() {
            Editing::Nothing => [&*desk.saved.key(), " ", &*desk.options.key()].concat(),
            // What is typed stays, whatever comes meanwhile.
            _ => "writing".to_owned(),
        };
        let place = el("div").class("content").children_from(key, move || match untrack(editing) {
            Editing::Nothing => desk.list(&untrack(list)),
            Editing::New => vec![desk.writing(&t("A new address"))],
            Editing::Saved(_) => vec![desk.writing(&t("Change the address"))],
        });
        vec![place]
    })
}

impl Desk {
    fn list(self, saved: &[SavedAddress]) -> Vec<El> {
        let add = el("button")
            .class("button")
            .attrs(&[("type", "button"), ("data-test", "address-add")])
            .t("Add an address")
            .on("click", move |_| self.write(Editing::New, &Address::default()));
        if saved.is_empty() {
            let empty = el("div")
                .class("empty")
                .attr("data-test", "empty")
                .child(el("h2").t("No addresses yet"))
                .child(el("p").class("hint").t("Keep one, and the next order asks for less."))
                .child(add);
            return vec![empty];
        }
        let countries = self.options.ready();
        let cards = saved.iter().map(|saved| self.card(saved, countries.as_deref()));
        vec![el("ul").class("list two").children(cards), add.class("send")]
    }

    fn card(self, saved: &SavedAddress, countries: Option<&Options>) -> El {
        let (id, address) = (saved.id, saved.address.clone());
        let country = countries
            .and_then(|options| options.countries.iter().find(|country| country.code == address.country))
            .map_or(&*address.country, |country| &country.name);
        let town = AddressForm::town_line(&address);
        let lines = [&*address.name, &*address.street, &*address.extra, &*town, country];
        let lines = lines.into_iter().filter(|line| !line.is_empty());
        let name: &[_] = &[("name", &*address.street)];
        let written = address.clone();
        let change = quiet(&t("Change"))
            .attrs(&[("aria-label", &t_with("Change {name}", name)), ("data-test", "address-change")])
            .on("click", move |_| self.write(Editing::Saved(id), &written));
        let busy = self.saved.busy;
        let remove = acting(&t("Remove"), busy)
            .attrs(&[("aria-label", &t_with("Remove {name}", name)), ("data-test", "address-remove")])
            .on("click", move |_| self.remove(id));
        let prefer = (!saved.preferred).then(|| {
            acting(&t("Use first"), busy)
                .attrs(&[("aria-label", &t_with("Use first: {name}", name)), ("data-test", "address-prefer")])
                .on("click", move |_| self.prefer(id))
        });
        let badge = saved.preferred.then(|| el("p").child(el("span").class("badge good").t("Used first")));
        el("li")
            .class("card address")
            .attr("data-test", "address")
            .children(badge)
            .child(el("address").children(lines.map(|line| el("span").class("row").text(line))))
            .child(el("div").class("actions").child(change).children(prefer).child(remove))
    }

    fn writing(self, title: &str) -> El {
        let options = self.options;
        let select = el("select").children_from(move || options.key(), move || self.countries());
        let form = self.form;
        let town = el("div").class("pair").children_from(
            move || form.address().key(),
            move || {
                let parts = untrack(move || form.address()).parts.iter();
                parts.map(|part| form.field(4 + *part as usize)).collect()
            },
        );
        let cancel = el("button")
            .class("button quiet")
            .attrs(&[("type", "button"), ("data-test", "address-cancel")])
            .t("Cancel")
            .on("click", move |_| self.close());
        let actions =
            el("div").class("actions").child(form.button(t("Save address"), "address-save")).child(cancel);
        let country = form.framed(1, select).child(self.no_countries());
        let inside = vec![form.field(0), country, form.field(2), form.field(3), town, actions];
        el("div").class("card").child(subheading(title)).child(form.draw(inside, move || self.save()))
    }

    fn countries(self) -> Vec<El> {
        let chosen = self.form.texts().into_iter().nth(1).unwrap_or_default();
        let option = |code: &str, name: &str| {
            let option = el("option").attr("value", code).text(name);
            if code == chosen { option.attr("selected", "") } else { option }
        };
        let known = self.options.ready();
        let countries = known.iter().flat_map(|options| &options.countries);
        let countries = countries.map(|country| option(&country.code, &country.name));
        std::iter::once(option("", &t("Choose a country"))).chain(countries).collect()
    }

    /// Why there are no countries to choose from, in a place that is there before it.
    fn no_countries(self) -> El {
        let options = self.options;
        let again = move |_| {
            run(async move {
                options.refresh().await;
                focus_from(".trouble", COUNTRY);
            });
        };
        el("div").class("trouble").attr("role", "alert").children_from(
            move || options.key(),
            move || match options.failure() {
                reason if reason.is_empty() => Vec::new(),
                reason => vec![
                    el("p").class("note bad").text(&reason),
                    quiet(&t("Try again")).attr("data-test", "countries-retry").on("click", again),
                ],
            },
        )
    }

    fn write(self, editing: Editing, address: &Address) {
        let Address { name, street, extra, postcode, city, region, country } = address.clone();
        let name = match editing {
            Editing::New => self.page.person.get_untracked().map(|person| person.name).unwrap_or_default(),
            _ => name,
        };
        self.form.fill(vec![name, country, street, extra, postcode, city, region]);
        self.editing.set(editing);
        if self.options.stand() == Stand::Failed {
            self.options.again();
        }
        focus("address-name");
    }

    fn close(self) {
        // Nor does the answer to what was sent before close what is written next.
        self.form.clear();
        self.editing.update(|editing| *editing = Editing::Nothing);
        self.form.leave(HEADING);
    }

    fn save(self) {
        let mut texts = self.form.texts().into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let address = Address {
            name: next(),
            country: next(),
            street: next(),
            extra: next(),
            postcode: next(),
            city: next(),
            region: next(),
        };
        let (method, path) = match self.editing.get_untracked() {
            Editing::Saved(id) => (Method::PUT, path(id)),
            _ => (Method::POST, "/account/addresses".to_owned()),
        };
        let body = SaveAddress { preferred: false, address };
        let sent = api::send(self.page.host, method, &path, &body);
        self.form.send(self.saved.after(sent), move |is_same| {
            self.page.done(t("The address is saved."));
            if is_same {
                self.close();
            }
        });
    }

    fn remove(self, id: i64) {
        let sent = api::send(self.page.host, Method::DELETE, &path(id), &());
        act(self.page, self.saved.busy, self.saved.without(sent), t("The address is gone."));
    }

    /// Sends nothing of the address: it may have been changed in another tab.
    fn prefer(self, id: i64) {
        let path = [&*path(id), "/preferred"].concat();
        let sent = api::send(self.page.host, Method::PUT, &path, &());
        let done = t("This address is used first from now on.");
        act(self.page, self.saved.busy, self.saved.after(sent), done);
    }
}

fn path(id: i64) -> String {
    ["/account/addresses/", &id.to_string()].concat()
}
