//! What is true on this page now, and the one [`Shell`] that everything hangs on.

use crate::{
    browser,
    config::Config,
    events::Events,
    focus,
    history::History,
    holds::Holds,
    live_apps::LiveApps,
    loader::{App, Mounted, Problem},
    navigation::Navigation,
    notices::Notices,
    reports::Reports,
    session::Session,
    ui::theme::Theme,
    watched::Watched,
};
use contract::{code, release::Slot};
use js_sys::Function;
use std::{
    cell::{Cell, RefCell},
    ops::Deref,
    rc::Rc,
};

/// The shell of this page. There is one, and it lives as long as the page.
#[derive(Clone, Copy)]
pub struct Shell(&'static Page);

/// What hangs on the shell.
pub struct Page {
    /// What the server said.
    pub config: Config,
    /// The page's own `import()`.
    pub import_module: Function,
    /// What is live for this visitor.
    pub live: RefCell<LiveApps>,
    apps: RefCell<Vec<Rc<App>>>,
    /// What is in the main slot.
    pub mounted: RefCell<Option<Mounted>>,
    /// What is in the overlay slot.
    pub overlaid: RefCell<Vec<Rc<Mounted>>>,
    /// Published events.
    pub events: Events,
    /// Unsaved work.
    pub holds: Holds,
    /// The browser's history.
    pub history: History,
    /// Who is signed in.
    pub session: Session,
    /// Toasts.
    pub notices: &'static Notices,
    /// What is to be told of mounts.
    pub reports: Reports,
    /// Light, dark or the system's.
    pub theme: Theme,
    /// What the main slot shows.
    pub slot: Watched<SlotView>,
    /// Whether the shop's front page is in the main slot.
    pub at_front: Watched<bool>,
    /// What a screen reader is told next.
    pub announcement: Watched<String>,
    /// The sequence of unmounts and mounts.
    pub navigation: Navigation,
    /// How much is under way; the progress bar shows when anything is.
    pub tasks: Watched<u32>,
    title_set: Cell<bool>,
}

/// What the main slot shows beside a microapp's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotView {
    /// The first microapp is on its way.
    Loading,
    /// A microapp.
    App,
    /// Nothing lives at this address.
    NotFound(String),
    /// What failed, with Retry.
    Failed(Problem),
    /// The manifest could not be had.
    Unreachable(String),
}

impl Deref for Shell {
    type Target = Page;
    fn deref(&self) -> &Page {
        self.0
    }
}

impl Shell {
    /// The shell of this page.
    pub fn new(config: Config, import_module: Function) -> Self {
        Self(Box::leak(Box::new(Page {
            config,
            import_module,
            live: RefCell::default(),
            apps: RefCell::default(),
            mounted: RefCell::default(),
            overlaid: RefCell::default(),
            events: Events::default(),
            holds: Holds::new(),
            history: History::default(),
            session: Session::new(),
            notices: Notices::new(),
            reports: Reports::default(),
            theme: Theme::read(),
            slot: Watched::new(SlotView::Loading),
            at_front: Watched::new(crate::ui::header::was_at_front()),
            announcement: Watched::new(String::new()),
            navigation: Navigation::default(),
            tasks: Watched::new(0),
            title_set: Cell::new(false),
        })))
    }

    /// The page itself, for listeners that live as long.
    pub fn page(self) -> &'static Page {
        self.0
    }

    /// A microapp by name.
    pub fn app(&self, name: &str) -> Option<Rc<App>> {
        if let Some(app) = self.apps.borrow().iter().find(|app| app.name() == name) {
            return Some(app.clone());
        }
        let listed = self.live.borrow().app(name)?.clone();
        let app = App::new(listed);
        self.apps.borrow_mut().push(app.clone());
        Some(app)
    }

    /// The microapps that are always there.
    pub fn overlays(&self) -> Vec<Rc<App>> {
        let live = self.live.borrow();
        let overlays = live.apps().iter().filter(|listed| listed.placed.slot == Slot::Overlay);
        let names: Vec<String> = overlays.map(|listed| listed.placed.name.as_str().to_owned()).collect();
        drop(live);
        names.iter().filter_map(|name| self.app(name)).collect()
    }

    /// Shows the progress bar until the answer is dropped.
    pub fn busy(&self) -> Busy {
        let tasks = &self.0.tasks;
        tasks.update(|count| *count += 1);
        Busy(tasks)
    }

    /// The document's title, as the app in the main slot wants it.
    pub fn set_title(&self, text: &str) {
        self.title_set.set(true);
        focus::set_title(text);
    }

    /// Whether the app has set a title since this was last asked.
    pub fn take_title_set(&self) -> bool {
        self.title_set.replace(false)
    }

    /// A screen reader says it once.
    pub fn announce(&self, text: &str) {
        // The same text twice would not be a change: a blank that nobody hears makes it one.
        let text = if self.announcement.get() == text { format!("{text}\u{a0}") } else { text.to_owned() };
        self.announcement.set(text);
    }

    /// Writes a problem down for those who look after the shop.
    pub fn report(&self, problem: &Problem) {
        browser::log_error(&problem.to_string());
        let detail = problem.to_js();
        let init = web_sys::CustomEventInit::new();
        init.set_detail(&detail);
        if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict("menagerie:app-problem", &init) {
            let _ = browser::window().dispatch_event(&event);
        }
    }

    /// A microapp panicked; whether it is this mount of it that is on the page: then its place says so.
    pub fn panicked(self, mount: u32, text: &str) -> bool {
        let what = format!("panicked: {text}");
        let told = |mounted: &Mounted| {
            (mounted.id() == mount).then(|| (mounted.app().clone(), mounted.problem(code::PANICKED, &what)))
        };
        let in_main = self.mounted.borrow().as_ref().and_then(told);
        let is_main = in_main.is_some();
        let found = in_main.or_else(|| self.overlaid.borrow().iter().find_map(|overlay| told(overlay)));
        // During a mount or an update whoever waits for it finds what it said. One that is gone takes nobody along.
        let Some((app, problem)) = found else { return false };
        app.break_down();
        if is_main {
            crate::navigation::recover(self, problem);
        } else {
            browser::spawn(async move { crate::overlays::fall_back(self, &app, problem).await });
        }
        true
    }
}

/// Shows the progress bar while it lives.
#[must_use = "the progress bar goes away when it is dropped"]
pub struct Busy(&'static Watched<u32>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.update(|count| *count -= 1);
    }
}
