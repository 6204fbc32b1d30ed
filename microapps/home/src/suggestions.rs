//! What the shopper may mean, under the search field: an ARIA combobox.
//!
//! The focus stays in the field, and so does what was typed; arrow keys only mark an option.

use crate::{browse::Browse, el, filters::Filters, focus};
use contract::{route::encode, shop::catalogue::Suggestions};
use leptos::task::spawn_local;
use microapp::{Watched, api, element::El, t_count};
use std::sync::Arc;

/// The list's id.
const LIST: &str = "home-suggestions";

/// Something that can be chosen.
enum Choice {
    Category(String),
    Product(i64),
}

/// What is suggested now.
#[derive(Clone, Default)]
struct Shown {
    /// The words that an answer is awaited for.
    asked: Option<String>,
    /// Rises with every change of the options.
    answers: u32,
    options: Arc<Vec<(Choice, String)>>,
    open: bool,
    /// Which option is marked.
    marked: Option<usize>,
}

impl Shown {
    /// Other options, of which none is marked.
    fn take(&mut self, options: Arc<Vec<(Choice, String)>>) {
        let open = !options.is_empty();
        *self = Self { asked: None, answers: self.answers + 1, options, open, marked: None };
    }
}

/// The suggestions of one field. Copied into closures freely.
#[derive(Clone, Copy)]
pub struct Combobox {
    browse: Browse,
    shown: Watched<Shown>,
}

impl Combobox {
    /// Nothing is suggested yet.
    pub fn new(browse: Browse) -> Self {
        Self { browse, shown: Watched::default() }
    }

    #[inline(never)]
    fn shown(self) -> Shown {
        self.shown.get()
    }

    #[inline(never)]
    fn change(self, change: &mut dyn FnMut(&mut Shown)) {
        let mut shown = self.shown.get_untracked();
        change(&mut shown);
        self.shown.set(shown);
    }

    /// Asks for what fits the words in `input`; what is there already stays until the answer.
    pub fn ask(self, input: &El) {
        let typed = input.field().value().trim().to_owned();
        if typed.is_empty() {
            return self.forget();
        }
        self.change(&mut |shown| shown.asked = Some(typed.clone()));
        let (path, input) = (["/catalogue/suggestions?q=", &encode(&typed)].concat(), input.clone());
        spawn_local(async move {
            // The field says what is wrong with the shop, or the results do; suggestions just stay away.
            let answer = api::get(self.browse.host, &path).await.unwrap_or_default();
            // Newer words were typed since, or nothing is to be suggested any more.
            let awaited = self.shown.with_untracked(|shown| shown.asked.as_ref() == Some(&typed));
            if awaited && focus::has(input.node()) {
                let options = Arc::new(options(answer));
                self.change(&mut |shown| {
                    shown.take(Arc::clone(&options));
                });
            }
        });
    }

    /// Takes the list off the page; what was typed stays.
    pub fn close(self) {
        self.change(&mut |shown| {
            shown.asked = None;
            shown.open = false;
            shown.marked = None;
        });
    }

    /// There is nothing that anybody types.
    pub fn forget(self) {
        self.change(&mut |shown| shown.take(Arc::default()));
    }

    /// What a key does. Whether that is all that it does.
    pub fn press(self, key: &str) -> bool {
        let shown = self.shown.get_untracked();
        let last = shown.options.len().wrapping_sub(1);
        let marked = match (key, shown.marked) {
            _ if shown.options.is_empty() => return false,
            ("ArrowDown", Some(place)) if place < last => Some(place + 1),
            ("ArrowDown", Some(_)) | ("ArrowUp", Some(0)) => None,
            ("ArrowDown", None) => Some(0),
            ("ArrowUp", Some(place)) => Some(place - 1),
            ("ArrowUp", None) => Some(last),
            ("Escape", _) if shown.open => {
                self.close();
                return true;
            }
            ("Enter", Some(place)) if shown.open => {
                self.choose(place);
                return true;
            }
            _ => return false,
        };
        self.change(&mut |shown| {
            shown.open = true;
            shown.marked = marked;
        });
        true
    }

    fn choose(self, place: usize) {
        let shown = self.shown.get_untracked();
        self.close();
        self.browse.stop_waiting();
        let path = match shown.options.get(place) {
            Some((Choice::Product(id), _)) => ["/product/", &id.to_string()].concat(),
            Some((Choice::Category(slug), _)) => Filters::default().with_category(slug).path(),
            None => return,
        };
        self.browse.host.navigate(&path);
    }

    /// The field as a combobox.
    pub fn field(self, input: El) -> El {
        input
            .attrs(&[("role", "combobox"), ("aria-autocomplete", "list"), ("aria-controls", LIST)])
            .attr_from("aria-expanded", move || Some(self.shown().open.to_string()))
            .attr_from("aria-activedescendant", move || self.shown().marked.map(id))
            .on("blur", move |_| self.close())
    }

    /// The list, and the words that announce it.
    pub fn list(self) -> [El; 2] {
        let list = el("ul")
            .class("suggestions")
            .attrs(&[("id", LIST), ("role", "listbox"), ("data-test", LIST)])
            .attr_t("aria-label", "Suggestions")
            .attr_when("hidden", "", move || !self.shown().open)
            // The focus stays in the field.
            .on("mousedown", |event| event.prevent_default())
            .children_from(
                move || self.shown().answers.to_string(),
                move || {
                    let shown = self.shown();
                    let options = shown.options.iter().enumerate();
                    options.map(|(place, (choice, name))| self.option(place, choice, name)).collect()
                },
            );
        let status = el("p").class("visually-hidden").attr("role", "status").text_from(move || {
            let shown = self.shown();
            match shown.options.len() {
                _ if !shown.open => String::new(),
                count => t_count("{n} suggestion", "{n} suggestions", count as i64),
            }
        });
        [list, status]
    }

    fn option(self, place: usize, choice: &Choice, name: &str) -> El {
        let kind = matches!(choice, Choice::Category(_)).then(|| el("span").class("kind").t("Category"));
        el("li")
            .class("option")
            .attrs(&[("id", &id(place)), ("role", "option")])
            .attr_from("aria-selected", move || Some((self.shown().marked == Some(place)).to_string()))
            .on("click", move |_| self.choose(place))
            .child(el("span").text(name))
            .children(kind)
    }
}

fn id(place: usize) -> String {
    ["home-suggestion-", &place.to_string()].concat()
}

fn options(answer: Suggestions) -> Vec<(Choice, String)> {
    let categories = answer.categories.into_iter().map(|found| (Choice::Category(found.slug), found.name));
    let products = answer.products.into_iter().map(|found| (Choice::Product(found.id), found.title));
    categories.chain(products).collect()
}
