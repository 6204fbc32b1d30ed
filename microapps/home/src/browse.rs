//! The state of one visit: what is looked for, what was found, and how the two keep in step with
//! the address.

use crate::{
    echo::Echoes,
    filters::Filters,
    focus, paging,
    shelf::{Found, Seen, Shelf},
};
use contract::shop::catalogue::Category;
use leptos::{html, task::spawn_local};
use microapp::{
    api::{self, ApiError},
    prelude::*,
};

/// What happens to the browser's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A new entry: Back undoes the choice.
    New,
    /// The same entry: Back does not walk through what was typed.
    Same,
}

/// Where a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// A field of ours.
    Field,
    /// A link, Back, Forward, the shell's own search.
    Address,
}

/// One visit. Copied into closures freely.
#[derive(Clone, Copy)]
pub struct Browse {
    /// The services of the shell.
    pub host: Host,
    store: Store<Shelf>,
    /// What is looked for.
    pub filters: RwSignal<Filters>,
    /// The shop's categories; empty until they are there.
    pub categories: RwSignal<Vec<Category>>,
    /// What was found last, maybe for older filters.
    pub found: RwSignal<Option<Found>>,
    /// Whether an answer is on its way.
    pub busy: RwSignal<bool>,
    /// Why there is no answer.
    pub failure: RwSignal<Option<ApiError>>,
    /// The page's heading.
    pub heading: NodeRef<html::H1>,
    /// The heading of the products.
    pub products: NodeRef<html::H2>,
    echoes: StoredValue<Echoes>,
    origin: StoredValue<Origin>,
    turn: StoredValue<u32>,
}

impl Browse {
    /// Begins with what the address says, and with what was seen there last.
    pub fn begin(context: Context<Shelf>) -> Self {
        let filters = Filters::from_query(&context.route.get_untracked().query);
        let path = filters.api_path();
        let (categories, found) = context.store.with_untracked(|shelf| {
            (shelf.categories.clone(), shelf.found.clone().filter(|found| found.path == path))
        });
        let browse = Self {
            host: context.host,
            store: context.store,
            filters: RwSignal::new(filters),
            categories: RwSignal::new(categories),
            found: RwSignal::new(found),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            heading: NodeRef::new(),
            products: NodeRef::new(),
            echoes: StoredValue::default(),
            origin: StoredValue::new(Origin::Address),
            turn: StoredValue::new(0),
        };
        browse.load();
        Effect::new(move || browse.hear(Filters::from_query(&context.route.get().query)));
        browse
    }

    /// A field of ours was changed.
    pub fn choose(self, filters: Filters, entry: Entry) {
        if self.filters.with_untracked(|now| *now == filters) {
            return; // the shell would begin the page anew, and take the focus
        }
        let path = filters.path();
        self.echoes.update_value(|echoes| echoes.wrote(path.clone()));
        match entry {
            Entry::New => self.host.navigate(&path),
            Entry::Same => self.host.replace(&path),
        }
        self.take_up(filters, Origin::Field);
    }

    /// The address changed.
    fn hear(self, filters: Filters) {
        let path = filters.path();
        let own = self.echoes.try_update_value(|echoes| echoes.is_own(&path)).unwrap_or(false);
        if !own && self.filters.with_untracked(|now| *now != filters) {
            self.take_up(filters, Origin::Address);
        }
    }

    fn take_up(self, filters: Filters, origin: Origin) {
        let before = self.filters.get_untracked();
        let leafed = before.with_page(filters.page) == filters;
        let resized = before.browsing() != filters.browsing();
        self.origin.set_value(origin);
        self.filters.set(filters);
        self.load();
        if origin == Origin::Address && leafed {
            focus::to_products(self.products);
        } else if origin == Origin::Address || resized {
            focus::to_top(self.heading);
        }
    }

    /// Asks the shop again for what is looked for.
    pub fn load(self) {
        let path = self.filters.with_untracked(Filters::api_path);
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.busy.set(true);
        self.failure.set(None);
        if self.categories.with_untracked(Vec::is_empty) || turn == 1 {
            self.load_categories();
        }
        spawn_local(async move {
            let answer = api::get(self.host, &path).await;
            // A newer question was asked since, or the visit is over.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => self.show(Found { path, page }),
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }

    fn show(self, found: Found) {
        let last = paging::pages(found.page.total, found.page.per_page).max(1);
        let filters = self.filters.get_untracked();
        if filters.page > last {
            // The address of a page that is there no more.
            self.choose(filters.with_page(last), Entry::Same);
            return;
        }
        self.store.dispatch(Seen::Found(found.clone()));
        self.found.set(Some(found));
    }

    fn load_categories(self) {
        spawn_local(async move {
            // Without them the shop still works; `load` asks again next time.
            if let Ok(categories) = api::get::<Vec<Category>>(self.host, "/catalogue/categories").await
                && self.categories.try_get_untracked().is_some_and(|shown| shown != categories)
            {
                self.store.dispatch(Seen::Categories(categories.clone()));
                self.categories.set(categories);
            }
        });
    }

    /// Whether the present filters came from a field of ours: then the fields know them, maybe newer ones.
    pub fn chosen_here(self) -> bool {
        self.origin.get_value() == Origin::Field
    }

    /// Whether what was found is for other filters than those of now.
    pub fn outdated(self) -> bool {
        let path = self.filters.with(Filters::api_path);
        self.found.with(|found| found.as_ref().is_none_or(|found| found.path != path))
    }

    /// What the present filters show, as a heading: `Dog beds`, `“cosy” in Dog beds`.
    pub fn title(self) -> String {
        let filters = self.filters.get();
        let category = self.category_name(&filters.category);
        match (filters.q.is_empty(), category.is_empty()) {
            (true, true) => "All products".to_owned(),
            (true, false) => category,
            (false, true) => ["“", &filters.q, "”"].concat(),
            (false, false) => ["“", &filters.q, "” in ", &category].concat(),
        }
    }

    fn category_name(self, slug: &str) -> String {
        let known = self.categories.with(|categories| {
            categories.iter().find(|category| category.slug == slug).map(|category| category.name.clone())
        });
        known.unwrap_or_else(|| slug.replace('-', " "))
    }
}
