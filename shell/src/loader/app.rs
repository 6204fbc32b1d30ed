//! A microapp on this page: its release, its state, and the steps between them.

use super::{
    Lifecycle, Mounted, Problem,
    deadline::{Missed, Progress, future_within, seconds, within},
    entry::Entry,
    files,
    mounted::fresh_element,
    problem::{is_panic, message},
};
use crate::{
    browser,
    host::HostObject,
    live_apps::{Listed, Target},
    page::{Shell, SlotView},
    placed::Placed,
    reports,
};
use contract::{
    code::{self, Code},
    state::AppState,
};
use js_sys::{Function, Object, Promise};
use locale::t_with;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

/// How long a command may take, in milliseconds: longer than what it asks the shop for, which ends by itself after 20 s.
/// Who was told of a failure is right to ask again.
const COMMAND: u32 = 25_000;

/// A microapp on this page.
pub struct App {
    listed: RefCell<Listed>,
    /// The release in use: the one that was drawn, or the last good one.
    placed: RefCell<Placed>,
    state: Cell<AppState>,
    since: Cell<f64>,
    /// Set anew when something failed; part of the addresses.
    attempt: Cell<u64>,
    /// Raised when what is loaded, or on its way, is to be forgotten.
    generation: Cell<u32>,
    entry: RefCell<Option<Entry>>,
    /// The way to a started entry, shared by everybody who waits for it.
    starting: RefCell<Option<Promise>>,
    failure: RefCell<Option<Problem>>,
    /// Whether its files were asked for ahead of need, and of which release and attempt they have all come.
    asked_ahead: Cell<bool>,
    /// Whether it is being started ahead of need, and nobody wants it yet.
    ahead: Cell<bool>,
    /// Whether it is on its way into the overlay slot.
    pub awaited: Cell<bool>,
    fetched: RefCell<Option<(String, u64)>>,
}

impl App {
    /// One that nothing was fetched of yet.
    pub fn new(listed: Listed) -> Rc<Self> {
        Rc::new(Self {
            placed: RefCell::new(listed.placed.clone()),
            // A team's own build may change at its address.
            attempt: Cell::new(if listed.overridden { files::fresh_attempt() } else { 0 }),
            listed: RefCell::new(listed),
            state: Cell::new(AppState::NotLoaded),
            since: Cell::new(browser::now()),
            generation: Cell::new(0),
            entry: RefCell::default(),
            starting: RefCell::default(),
            failure: RefCell::default(),
            asked_ahead: Cell::new(false),
            ahead: Cell::new(false),
            awaited: Cell::new(false),
            fetched: RefCell::default(),
        })
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.placed.borrow().name.clone()
    }

    /// The release in use.
    pub fn placed(&self) -> Placed {
        self.placed.borrow().clone()
    }

    /// Where it stands.
    pub fn state(&self) -> AppState {
        self.state.get()
    }

    /// Fetches its files ahead of need, once and quietly. What has come is started when the page is idle, so that only
    /// the mount is left to do.
    pub fn prefetch(self: &Rc<Self>, shell: Shell) {
        if self.state() != AppState::NotLoaded || self.asked_ahead.replace(true) {
            return;
        }
        let (app, placed, attempt) = (self.clone(), self.placed(), self.attempt.get());
        browser::spawn(async move {
            let base = placed.base.clone();
            if files::download(placed, attempt, Progress::default()).await.is_ok() {
                *app.fetched.borrow_mut() = Some((base, attempt));
                browser::when_idle(None, move || {
                    if app.state() == AppState::NotLoaded && app.starting.borrow().is_none() {
                        app.ahead.set(true);
                        drop(app.begin_start(shell));
                    }
                });
            }
        });
    }

    /// Forgets what failed, so that the next start fetches everything anew under fresh addresses.
    pub fn reset(&self) {
        self.attempt.set(files::fresh_attempt());
        *self.placed.borrow_mut() = self.listed.borrow().placed.clone();
        self.forget();
    }

    /// Takes up another release; whether it is another one. The old one must not be mounted.
    pub fn replace(&self, listed: Listed) -> bool {
        let changed = listed.placed.base != self.placed.borrow().base;
        *self.listed.borrow_mut() = listed;
        changed
    }

    /// Lets the loaded release go.
    pub async fn unload(&self, shell: Shell) {
        let entry = self.entry.borrow().clone();
        if let Some(entry) = entry {
            self.set_state(AppState::Unloading);
            let props = Object::new();
            browser::set(&props, "name", self.name());
            if let Err(problem) = self.step(shell, &entry, Lifecycle::Unload, &props).await {
                shell.report(&problem);
            }
        }
        *self.placed.borrow_mut() = self.listed.borrow().placed.clone();
        self.forget();
    }

    fn forget(&self) {
        self.generation.set(self.generation.get() + 1);
        self.entry.take();
        self.starting.take();
        self.set_state(AppState::NotLoaded);
    }

    /// Loads and bootstraps it, once, however many ask. When that fails and there is a last good
    /// release, that one is started and the shopper told.
    pub async fn start(self: &Rc<Self>, shell: Shell) -> Result<Entry, Problem> {
        loop {
            let current = self.entry.borrow().clone();
            if let Some(entry) = current {
                return Ok(entry);
            }
            self.ahead.set(false);
            let waiting = self.starting.borrow().clone();
            let starting = waiting.unwrap_or_else(|| self.begin_start(shell));
            if JsFuture::from(starting).await.is_err() {
                let failed = self.failure.borrow().clone();
                return Err(
                    failed.unwrap_or_else(|| self.problem(code::LOAD_NETWORK, "could not be started"))
                );
            }
            // It may have been forgotten in between; then it is started anew.
        }
    }

    /// Begins to start it.
    fn begin_start(self: &Rc<Self>, shell: Shell) -> Promise {
        let app = self.clone();
        let promise = browser::promise(async move {
            let generation = app.generation.get();
            let started = app.start_good_release(shell).await;
            if app.generation.get() != generation {
                return Ok(JsValue::UNDEFINED);
            }
            app.starting.take();
            match started {
                Ok(entry) => *app.entry.borrow_mut() = Some(entry),
                Err(problem) => {
                    // Whoever comes again gets everything from fresh addresses, and the release that is theirs: where the last
                    // good one did not come either, it may have been the connection.
                    app.attempt.set(files::fresh_attempt());
                    *app.placed.borrow_mut() = app.listed.borrow().placed.clone();
                    if app.ahead.get() {
                        // Nobody is told: whoever wants it starts it anew.
                        app.set_state(AppState::NotLoaded);
                    } else {
                        *app.failure.borrow_mut() = Some(problem);
                        return Err(JsValue::UNDEFINED);
                    }
                }
            }
            Ok(JsValue::UNDEFINED)
        });
        *self.starting.borrow_mut() = Some(promise.clone());
        promise
    }

    async fn start_good_release(&self, shell: Shell) -> Result<Entry, Problem> {
        loop {
            match self.start_release(shell).await {
                Ok(entry) => return Ok(entry),
                Err(problem) if self.ahead.get() => return Err(problem),
                Err(problem) => self.fall_back(shell, problem)?,
            }
        }
    }

    async fn start_release(&self, shell: Shell) -> Result<Entry, Problem> {
        let (placed, attempt, limits) = (self.placed(), self.attempt.get(), shell.config.deadlines);
        self.set_state(AppState::Loading);
        let load_failed = |code, what: String| {
            let problem = self.problem(code, &what);
            self.set_state(AppState::LoadFailed);
            problem
        };

        let fetched =
            self.fetched.borrow().as_ref().is_some_and(|(base, of)| *base == placed.base && *of == attempt);
        if !fetched
            && let Err((code, what)) = files::download_within(limits.load, placed.clone(), attempt).await
        {
            return Err(load_failed(code, what));
        }

        // A module may wait for ever in its own top level: that has a deadline too.
        let import = files::import(placed.clone(), attempt, &shell.page().import_module);
        let import = async move { import.await.map_err(|(code, what)| files::reason_to_js(code, &what)) };
        let module = match future_within(limits.load, Progress::default(), import).await {
            Ok(module) => module,
            Err(Missed::Elapsed) => {
                let what = format!("did not run its module within {}", seconds(limits.load));
                return Err(load_failed(code::LOAD_BROKEN_MODULE, what));
            }
            Err(Missed::Failed(thrown)) => {
                let (code, what) = files::reason_from_js(&thrown);
                return Err(load_failed(code, what));
            }
        };
        let entry = Entry::new(module, &placed.version)
            .ok_or_else(|| load_failed(code::ENTRY_INVALID, "exports no mount or no unmount".to_owned()))?;
        self.set_state(AppState::NotBootstrapped);

        self.set_state(AppState::Bootstrapping);
        let host = HostObject::new(shell, &placed.name, &placed.version, Rc::default());
        let props = Object::new();
        browser::set(&props, "name", self.name());
        browser::set(&props, "host", host.js());
        // Commands on short-lived instances go on using this host: it never ends.
        if let Err(mut problem) = self.step(shell, &entry, Lifecycle::Bootstrap, &props).await {
            if let Some(file) = files::find_damage(limits.load, placed, attempt).await {
                problem = load_failed(
                    code::LOAD_INTEGRITY,
                    format!("sent a {file} that is not the one of the release"),
                );
            }
            return Err(problem);
        }
        self.set_state(AppState::NotMounted);
        Ok(entry)
    }

    /// Puts it into `place`. What fails is taken off again; then the last good release gets its chance, unless the shopper
    /// has `left`.
    pub async fn mount(
        self: &Rc<Self>,
        shell: Shell,
        place: &HtmlElement,
        target: &Target,
        left: &Rc<Cell<bool>>,
    ) -> Result<Mounted, Problem> {
        loop {
            let entry = self.start(shell).await?;
            let placed = self.placed();
            let element = fresh_element(&placed.name);
            place
                .append_child(&element)
                .map_err(|thrown| self.problem(code::MOUNT_FAILED, &message(&thrown)))?;
            let host = HostObject::new(shell, &placed.name, &placed.version, left.clone());
            let mounted = Mounted { app: self.clone(), entry, element, host };
            self.set_state(AppState::Mounting);
            let props = mounted.props(target);
            // The page begins with it: it may take its time in parts, for nothing was taken off for it.
            browser::set(&props, "first", shell.slot.get() == SlotView::Loading);
            let begun = browser::now();
            let answer = self.step(shell, &mounted.entry, Lifecycle::Mount, &props).await;
            match answer.and_then(|()| mounted.unless_panicked()) {
                Ok(()) => {
                    self.set_state(AppState::Mounted);
                    if !self.runs_fallback() {
                        reports::worked(shell, &placed.name, &placed.version, browser::now() - begun);
                    }
                    return Ok(mounted);
                }
                Err(problem) => {
                    // As single-spa does: a failed mount is first unmounted, then parked.
                    // What else fails on the way out is of no interest any more.
                    let _ = mounted.take_off(shell).await;
                    // Its place was taken from under it, and no release is to blame.
                    if left.get() && problem.code == code::MOUNT_FAILED {
                        if self.state() == AppState::Unmounting {
                            self.set_state(AppState::NotMounted);
                        }
                        return Err(problem);
                    }
                    if self.is_in(&placed.version) {
                        self.set_state(AppState::Broken);
                    }
                    self.fall_back(shell, problem.clone())?;
                    if left.get() {
                        return Err(problem);
                    }
                }
            }
        }
    }

    fn is_in(&self, version: &str) -> bool {
        self.placed.borrow().version == version
    }

    /// Whether the last good release stands in for the one that this visitor drew.
    fn runs_fallback(&self) -> bool {
        self.placed.borrow().base != self.listed.borrow().placed.base
    }

    /// Tells the server of a failure, unless it is one of what stands in for the release that this visitor drew.
    pub(super) fn tell(&self, shell: Shell, problem: &Problem) {
        if self.listed.borrow().placed.version == problem.version {
            reports::failed(shell, &problem.app, &problem.version, problem.code);
        }
    }

    /// Goes over to the last good release, where there is another one.
    pub fn fall_back(&self, shell: Shell, problem: Problem) -> Result<(), Problem> {
        shell.report(&problem);
        if !self.is_in(&problem.version) {
            // Of two mounts of one release, the one that was left and the one after it, the other has failed first. A start
            // that was under way then may have brought the failed release again.
            self.entry.borrow_mut().take_if(|entry| *entry.version == *problem.version);
            return Ok(());
        }
        self.tell(shell, &problem);
        let fallback = self.listed.borrow().fallback.clone();
        match fallback {
            Some(fallback) if fallback.base != self.placed.borrow().base => {
                let text = t_with(
                    "{title} runs in its last good version: {problem}",
                    &[("title", &problem.title), ("problem", &problem.to_string())],
                );
                *self.placed.borrow_mut() = fallback;
                self.entry.take();
                self.set_state(AppState::NotLoaded);
                shell.notices.warn(text);
                Ok(())
            }
            _ => Err(problem),
        }
    }

    /// The shopper has gone while it mounts: it is taken off when it answers.
    pub fn leave(&self) {
        self.set_state(AppState::Unmounting);
    }

    /// Parks it after a panic or a caught failure while it was mounted.
    pub fn break_down(&self) {
        self.entry.take();
        self.set_state(AppState::Broken);
    }

    /// Runs a command on it, starting it first if need be.
    pub async fn command(
        self: &Rc<Self>,
        shell: Shell,
        name: &str,
        payload: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let entry = self.start(shell).await.map_err(|problem| problem.to_js())?;
        let missing = || self.problem(code::COMMAND_UNKNOWN, &format!("has no command {name}")).to_js();
        let work = entry.command(name, payload).ok_or_else(missing)?;
        match within(COMMAND, work).await {
            Ok(answer) => Ok(answer),
            Err(Missed::Elapsed) => {
                Err(self.problem(code::COMMAND_TIMEOUT, &format!("did not finish {name} in time")).to_js())
            }
            // The app's own error goes through as it is, number included.
            Err(Missed::Failed(thrown)) if !is_panic(&thrown) => Err(thrown),
            Err(Missed::Failed(thrown)) => {
                let what = format!("panicked in {name}: {}", message(&thrown));
                let problem = self.problem_of(&entry, code::PANICKED, &what);
                // A mount that panics with it tells of it itself, and goes. Else the next command runs in the last good release.
                if self.state() == AppState::NotMounted {
                    let _ = self.fall_back(shell, problem.clone());
                }
                Err(problem.to_js())
            }
        }
    }

    pub(super) async fn step(
        &self,
        shell: Shell,
        entry: &Entry,
        lifecycle: Lifecycle,
        props: &JsValue,
    ) -> Result<(), Problem> {
        let limits = shell.config.deadlines;
        let limit = match lifecycle {
            Lifecycle::Bootstrap => limits.bootstrap,
            Lifecycle::Mount => limits.mount,
            Lifecycle::Update => limits.update,
            Lifecycle::Unmount | Lifecycle::Unload => limits.unmount,
        };
        let (late, failed) = lifecycle.codes();
        let verb = lifecycle.export();
        let problem = |code, what: &str| self.problem_of(entry, code, what);
        match within(limit, entry.run(lifecycle, props)).await {
            Ok(_) => Ok(()),
            Err(Missed::Elapsed) => Err(problem(late, &format!("did not {verb} within {}", seconds(limit)))),
            Err(Missed::Failed(thrown)) if is_panic(&thrown) => {
                Err(problem(code::PANICKED, &format!("panicked in {verb}: {}", message(&thrown))))
            }
            Err(Missed::Failed(thrown)) => {
                Err(problem(failed, &format!("failed to {verb}: {}", message(&thrown))))
            }
        }
    }

    /// A problem of the release that `entry` is of: by now the app may be in another one.
    pub(super) fn problem_of(&self, entry: &Entry, code: Code, what: &str) -> Problem {
        Problem { version: entry.version.to_string(), ..self.problem(code, what) }
    }

    /// A problem in this app's name.
    pub fn problem(&self, code: Code, what: &str) -> Problem {
        let release = &self.placed.borrow();
        Problem {
            code,
            app: release.name.clone(),
            version: release.version.clone(),
            title: release.title.clone(),
            state: self.state.get(),
            what: what.to_owned(),
        }
    }

    /// Every change is an event on `window` and an entry in the performance timeline.
    pub(super) fn set_state(&self, to: AppState) {
        let from = self.state.replace(to);
        if from == to {
            return;
        }
        let since = self.since.replace(browser::now());
        let detail = Object::new();
        let release = &self.placed.borrow();
        browser::set(&detail, "app", release.name.as_str());
        browser::set(&detail, "version", release.version.as_str());
        browser::set(&detail, "from", from.name());
        browser::set(&detail, "to", to.name());
        if let Some(performance) = browser::window().performance() {
            let options = Object::new();
            browser::set(&options, "start", since);
            browser::set(&options, "detail", &detail);
            let name = format!("{} {}", release.name, from.name());
            // web-sys knows `measure` only in its first edition, without options.
            if let Ok(measure) = browser::property(&performance, "measure").dyn_into::<Function>() {
                let _ = measure.call2(&performance, &name.into(), &options);
            }
        }
        let init = CustomEventInit::new();
        init.set_detail(&detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict("menagerie:app-state", &init) {
            let _ = browser::window().dispatch_event(&event);
        }
    }
}
