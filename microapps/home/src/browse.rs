//! The state of one visit: what is looked for, what was found, and how the two keep in step with
//! the address.

use crate::{echo::Echoes, filters::Filters, focus, paging};
use contract::shop::catalogue::{Category, ProductPage};
use leptos::{leptos_dom::helpers::TimeoutHandle, task::spawn_local};
use microapp::{
    api::{self, ApiError},
    element::{El, follow},
    page::pause,
    prelude::*,
};
use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

/// What happens to the browser's history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A new entry: Back undoes the choice.
    New,
    /// The same entry: Back does not walk through what was typed.
    Same,
}

/// Where a change came from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A field of ours.
    Field,
    /// A link, Back, Forward, the shell's own search.
    Address,
}

/// What the shop answered.
#[derive(Clone, Default)]
pub struct Answers {
    /// The shop's categories; empty until they are there.
    pub categories: Vec<Category>,
    /// Whether they were asked for and there are none.
    pub no_categories: bool,
    /// What was found last, maybe for older filters.
    pub found: Option<Arc<Found>>,
    /// Whether an answer is on its way.
    pub busy: bool,
    /// Why there is no answer.
    pub failure: Option<ApiError>,
}

impl Answers {
    /// Whether the first answer is on its way: places are kept free for it.
    pub fn is_first_awaited(&self) -> bool {
        self.busy && self.found.is_none()
    }
}

/// A page of products, and what was asked for.
pub struct Found {
    /// Which question it answers.
    pub turn: u32,
    /// What was looked for.
    pub filters: Filters,
    /// The answer.
    pub page: ProductPage,
}

impl Found {
    /// The page, and how many there are.
    pub fn place(&self) -> (i64, i64) {
        (self.page.page, paging::pages(self.page.total, self.page.per_page))
    }
}

/// What nothing on the page follows.
struct Inner {
    /// The page's heading.
    heading: El,
    /// The heading of the products.
    products: El,
    echoes: Echoes,
    /// Where the present filters came from.
    origin: Origin,
    /// The number of the last question.
    turn: u32,
    /// What is typed and not yet asked.
    waiting: Option<TimeoutHandle>,
}

/// One visit. Copied into closures freely.
///
/// Signals are read through a few functions that clone: every other way to read one is compiled anew
/// wherever it stands.
#[derive(Clone, Copy)]
pub struct Browse {
    /// The services of the shell.
    pub host: Host,
    filters: Watched<Filters>,
    answers: Watched<Arc<Answers>>,
    inner: StoredValue<Rc<RefCell<Inner>>, LocalStorage>,
}

impl Browse {
    /// Begins with what the address says. The headings are where the focus goes.
    pub fn begin(context: Context<()>, heading: El, products: El) -> Self {
        let inner = Inner {
            heading,
            products,
            echoes: Echoes::default(),
            origin: Origin::Address,
            turn: 0,
            waiting: None,
        };
        let browse = Self {
            host: context.host,
            filters: Watched::new(Filters::from_query(&context.route.get_untracked().query)),
            answers: Watched::default(),
            inner: StoredValue::new_local(Rc::new(RefCell::new(inner))),
        };
        browse.load();
        follow(move || {
            let filters = Filters::from_query(&context.route.get().query);
            untrack(|| browse.hear(filters));
        });
        // What waits must not lead back here when the shopper has left.
        on_cleanup(move || browse.stop_waiting());
        browse
    }

    /// What is looked for.
    #[inline(never)]
    pub fn filters(self) -> Filters {
        self.filters.get()
    }

    /// What the shop answered.
    #[inline(never)]
    pub fn answers(self) -> Arc<Answers> {
        self.answers.get()
    }

    /// `None` when the visit is over.
    #[inline(never)]
    fn inner(self) -> Option<Rc<RefCell<Inner>>> {
        self.inner.try_get_value()
    }

    #[inline(never)]
    fn answered(self, change: &mut dyn FnMut(&mut Answers)) {
        let mut answers = untrack(|| self.answers());
        change(Arc::make_mut(&mut answers));
        self.answers.set(answers);
    }

    /// A field of ours was changed.
    pub fn choose(self, filters: Filters, entry: Entry) {
        let Some(inner) = self.inner() else { return };
        if untrack(|| self.filters()) == filters {
            return; // the shell would begin the page anew, and take the focus
        }
        let path = filters.path();
        inner.borrow_mut().echoes.wrote(path.clone());
        match entry {
            Entry::New => self.host.navigate(&path),
            Entry::Same => self.host.replace(&path),
        }
        self.take_up(filters, Origin::Field);
    }

    /// Chooses once the typing rests.
    pub fn choose_after(self, rest: Duration, choose: impl FnOnce() + 'static) {
        self.stop_waiting();
        let choose: Box<dyn FnOnce()> = Box::new(choose);
        if let Some(inner) = self.inner() {
            inner.borrow_mut().waiting = set_timeout_with_handle(choose, rest).ok();
        }
    }

    /// Forgets what waits for the typing to rest.
    pub fn stop_waiting(self) {
        let waiting = self.inner().and_then(|inner| inner.borrow_mut().waiting.take());
        if let Some(waiting) = waiting {
            waiting.clear();
        }
    }

    /// The address changed.
    fn hear(self, filters: Filters) {
        let own = self.inner().is_some_and(|inner| inner.borrow_mut().echoes.is_own(&filters.path()));
        if !own && self.filters() != filters {
            self.take_up(filters, Origin::Address);
        }
    }

    fn take_up(self, filters: Filters, origin: Origin) {
        let before = untrack(|| self.filters());
        let leafed = before.with_page(filters.page) == filters;
        let resized = before.browsing() != filters.browsing();
        if let Some(inner) = self.inner() {
            inner.borrow_mut().origin = origin;
        }
        self.filters.set(filters);
        self.load();
        if origin == Origin::Address && leafed {
            self.to_products();
        } else if (origin == Origin::Address || resized)
            && let Some(inner) = self.inner()
        {
            focus::to_top(inner.borrow().heading.clone());
        }
    }

    /// Asks the shop again for what is looked for.
    pub fn load(self) {
        let Some(inner) = self.inner() else { return };
        let filters = untrack(|| self.filters());
        let turn = inner.borrow().turn + 1;
        inner.borrow_mut().turn = turn;
        self.answered(&mut |answers| {
            answers.busy = true;
            answers.failure = None;
        });
        if untrack(|| self.answers()).categories.is_empty() {
            self.load_categories();
        }
        spawn_local(async move {
            let is_first = turn == 1;
            // A newer question was asked since, or the visit is over.
            let is_past = || self.inner().is_none_or(|inner| inner.borrow().turn != turn);
            if is_first {
                // The page is being drawn: asking can wait until it shows.
                pause(0).await;
                if is_past() {
                    return;
                }
            }
            let answer = api::get(self.host, &filters.api_path()).await;
            if is_first {
                // Reading it was one task, showing it is another.
                pause(0).await;
            }
            if is_past() {
                return;
            }
            match answer {
                Ok(page) => self.show(Found { turn, filters, page }),
                Err(error) => self.answered(&mut |answers| {
                    answers.busy = false;
                    answers.failure = Some(error.clone());
                }),
            }
        });
    }

    fn show(self, found: Found) {
        let (_, pages) = found.place();
        let filters = untrack(|| self.filters());
        if filters.page > pages.max(1) {
            // The address of a page that is there no more.
            self.choose(filters.with_page(pages.max(1)), Entry::Same);
            return;
        }
        let found = Arc::new(found);
        self.answered(&mut |answers| {
            answers.busy = false;
            answers.found = Some(found.clone());
        });
    }

    fn load_categories(self) {
        spawn_local(async move {
            pause(0).await;
            if self.inner().is_none() {
                return;
            }
            // Without them the shop still works; `load` asks again next time.
            let answer = api::get::<Vec<Category>>(self.host, "/catalogue/categories").await;
            // Often it comes together with the products; one task for both would be a long one.
            pause(0).await;
            if self.inner().is_some() {
                self.answered(&mut |answers| {
                    if let Ok(categories) = &answer {
                        answers.categories.clone_from(categories);
                    }
                    answers.no_categories = answers.categories.is_empty();
                });
            }
        });
    }

    /// Whether the present filters came from a field of ours: then the fields know them, maybe newer ones.
    pub fn chosen_here(self) -> bool {
        self.inner().is_some_and(|inner| inner.borrow().origin == Origin::Field)
    }

    /// Whether the shopper is past the shop window.
    pub fn browsing(self) -> bool {
        self.filters().browsing()
    }

    /// Whether what was found is for other filters than those of now.
    pub fn outdated(self) -> bool {
        let path = self.filters().api_path();
        self.answers().found.as_ref().is_none_or(|found| found.filters.api_path() != path)
    }

    /// What there is to show. Older results stay while newer ones are on their way, not when those failed
    /// to come.
    pub fn found(self) -> Option<Arc<Found>> {
        let answers = self.answers();
        if answers.failure.is_some() && self.outdated() { None } else { answers.found.clone() }
    }

    /// Brings the products into view and the focus to their heading.
    pub fn to_products(self) {
        if let Some(inner) = self.inner() {
            focus::to_products(inner.borrow().products.clone());
        }
    }

    /// What the present filters show, as a heading: `Dogs`, `“cosy” in Dogs`.
    pub fn title(self) -> String {
        let filters = self.filters();
        let category = self.category_name(&filters.category);
        match (filters.q.is_empty(), category.is_empty()) {
            (true, true) => t("All products"),
            (true, false) => category,
            (false, true) => t_with("“{words}”", &[("words", &filters.q)]),
            (false, false) => {
                t_with("“{words}” in {category}", &[("words", &filters.q), ("category", &category)])
            }
        }
    }

    fn category_name(self, slug: &str) -> String {
        let answers = self.answers();
        let known = answers.categories.iter().find(|category| category.slug == slug);
        known.map_or(slug, |category| &category.name).to_owned()
    }
}
