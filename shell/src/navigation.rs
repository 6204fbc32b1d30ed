//! From an address to what is on the page (docs/contract.md, promises 3 and 4).
//!
//! One loop runs at a time. Each turn looks at where the shopper wants to be *now*: so a newer
//! navigation overtakes an older one while that still loads, and two never mount at once.

use crate::{
    arrival::{Arrival, Arrivals, Arrived, arrive},
    browser, focus,
    history::{History, is_at_older_form},
    links,
    live_apps::{self, Source, Target},
    loader::{Mounted, Problem, Progress, future_within},
    mounting::Mounting,
    overlays,
    page::{Shell, SlotView},
    prefetch, reports, watch,
};
use contract::route::{Address, decode};
use js_sys::{Array, Function, Promise};
use locale::{t, t_with};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

/// For how many milliseconds at most a page's first microapp comes before chats and what is fetched ahead of need.
const AHEAD_OF_OTHERS: u32 = 2000;

/// What happens to the browser's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A new entry.
    Push,
    /// The same entry with another address.
    Replace,
}

/// The state of the loop.
#[derive(Default)]
pub struct Navigation {
    wanted: Cell<u32>,
    running: Cell<bool>,
    /// Whether the manifest has come: before, no address says anything yet.
    ready: Cell<bool>,
    /// How shoppers come, and where they came last.
    pub arrivals: Arrivals,
    /// The microapp is to be mounted anew although it is there.
    remount: Cell<bool>,
    /// Locale, theme or session changed while nothing was there to be told.
    props_late: Cell<bool>,
    /// Wakes a turn that waits for a load when something newer is wanted.
    overtaken: RefCell<Option<Function>>,
    /// Set while our own `history.go` is under way: what to do on its `popstate`.
    returning: RefCell<Option<Function>>,
}

impl Navigation {
    /// Waits until something has ended, or something newer is wanted.
    pub async fn wait_for(&self, ended: &Promise) {
        let overtaken = Promise::new(&mut |resolve, _| *self.overtaken.borrow_mut() = Some(resolve));
        let _ = JsFuture::from(Promise::race(&Array::of2(ended, &overtaken))).await;
    }
}

/// Starts the shop: history and links, session, the manifest, the first app.
pub async fn begin(shell: Shell) {
    let page = shell.page();
    page.history.begin();
    browser::listen(&browser::window(), "popstate", move |_| popped(shell));
    browser::listen(&browser::document(), "click", move |event| {
        links::clicked(shell, event.unchecked_into())
    });
    // `before_paint.js` did until now.
    browser::set(&browser::window(), "shellListens", true);
    browser::spawn(page.session.refresh(shell));
    browser::spawn(async move {
        load_manifest(shell, Source::Page).await;
        watch::begin(shell);
    });
    // What is on its way takes its time.
    browser::pause().await;
    page.holds.guard_page();
    focus::begin();
    prefetch::begin(shell);
}

/// Fetches the manifest and goes on from there; the page says so when there is none.
pub async fn load_manifest(shell: Shell, source: Source) {
    shell.slot.set(SlotView::Loading);
    match live_apps::fetch(shell, source).await {
        Ok(live) => {
            *shell.live.borrow_mut() = live;
            shell.navigation.ready.set(true);
            prefetch::eager(shell);
            browser::pause().await;
            if wake(shell) {
                // What is asked for comes first. Whoever hangs there keeps nobody else waiting.
                let first = async move {
                    take_turns(shell).await;
                    Ok(JsValue::UNDEFINED)
                };
                let _ = future_within(AHEAD_OF_OTHERS, Progress::default(), first).await;
            }
            overlays::mount(shell);
            prefetch::when_idle(shell);
        }
        Err((code, reason)) => {
            shell.announce(&t("The shop cannot be reached"));
            shell.slot.set(SlotView::Unreachable(format!("{code} {reason}")));
            reports::began(shell, Err(code));
            if source == Source::Server {
                // What had the focus may be gone. Opening a page moves nobody's.
                browser::pause().await;
                if let Some(main) = focus::main_element() {
                    focus::to_heading(&main);
                }
            }
        }
    }
}

/// Goes to a path of the shop.
pub fn go(shell: Shell, path: &str, entry: Entry) {
    let address = Address::parse(path);
    browser::spawn(async move {
        let here = shell.history.current();
        if address.path != here.path && shell.holds.any() && !shell.holds.may_leave().await {
            return;
        }
        if address == here {
            // The link to where one is: the page begins anew, nothing is added to the history.
            shell.navigation.arrivals.settle_again();
        } else if entry == Entry::Push {
            shell.history.push(address);
        } else {
            shell.history.replace(address);
        }
        shell.navigation.arrivals.next(Arrival::Forward);
        run(shell);
    });
}

/// Starts the failed app anew.
pub fn retry(shell: Shell, app: &str) {
    if let Some(app) = shell.app(app) {
        app.reset();
    }
    shell.slot.set(SlotView::Loading);
    shell.navigation.arrivals.settle_again();
    run(shell);
}

/// Asks for the manifest again.
pub fn retry_all(shell: Shell) {
    shell.navigation.arrivals.next(Arrival::Forward);
    browser::spawn(load_manifest(shell, Source::Server));
}

/// Takes the app in the main slot off after a panic, and puts its last good release there if it has one.
pub fn recover(shell: Shell, problem: Problem) {
    browser::spawn(async move {
        let mounted = shell.mounted.borrow_mut().take();
        let Some(mounted) = mounted else { return shell.report(&problem) };
        let app = mounted.app().clone();
        settle_again_within(shell);
        mounted.unmount(shell).await;
        let here = shell.history.current();
        let is_wanted = shell.live.borrow().target(&here).is_some_and(|target| target.app == app.name());
        match app.fall_back(shell, problem) {
            Ok(()) => run(shell),
            Err(problem) if is_wanted => failed_at(shell, &here, problem),
            // Another one is on its way here.
            Err(_) => {}
        }
    });
}

/// Wakes the loop. Before there is a manifest whoever brings it goes where the address says then; where it could not be
/// had it is asked for again, as by Retry.
pub fn run(shell: Shell) {
    if !shell.navigation.ready.get() {
        if matches!(shell.slot.get(), SlotView::Unreachable(_)) {
            browser::spawn(load_manifest(shell, Source::Server));
        }
        return;
    }
    if wake(shell) {
        browser::spawn(take_turns(shell));
    }
}

/// Says that something newer is wanted; whether nobody takes turns yet.
fn wake(shell: Shell) -> bool {
    let navigation = &shell.page().navigation;
    navigation.wanted.set(navigation.wanted.get() + 1);
    if let Some(overtake) = navigation.overtaken.take() {
        let _ = overtake.call0(&JsValue::UNDEFINED);
    }
    !navigation.running.replace(true)
}

/// Turns until the page is what the address says.
async fn take_turns(shell: Shell) {
    let navigation = &shell.page().navigation;
    loop {
        let turn = navigation.wanted.get();
        settle(shell, turn).await;
        if navigation.wanted.get() == turn {
            break;
        }
    }
    navigation.running.set(false);
    match shell.slot.get() {
        SlotView::App | SlotView::NotFound(_) => reports::began(shell, Ok(())),
        SlotView::Failed(problem) => reports::began(shell, Err(problem.code)),
        SlotView::Loading | SlotView::Unreachable(_) => {}
    }
    if navigation.props_late.take() && shell.mounted.borrow().is_some() {
        run(shell);
    }
}

/// Locale, theme or session changed: what is mounted is told, as of a changed route.
pub fn props_changed(shell: Shell) {
    if shell.mounted.borrow().is_some() {
        run(shell);
    } else if shell.page().navigation.running.get() {
        // Something is being mounted or updated with what was before.
        shell.page().navigation.props_late.set(true);
    }
    overlays::update(shell);
}

/// Somebody left: the microapp in the main slot is mounted anew, so that what it holds of them goes.
pub fn begin_anew(shell: Shell) {
    let navigation = &shell.page().navigation;
    navigation.remount.set(true);
    settle_again_within(shell);
    run(shell);
    overlays::update(shell);
}

/// What is in the main slot goes. Whoever acted within it finds themselves at the heading of what comes, not nowhere.
fn settle_again_within(shell: Shell) {
    let within = focus::main_element().is_some_and(|main| main.matches(":focus-within").unwrap_or(false));
    if within {
        shell.navigation.arrivals.settle_again();
    }
}

/// Shows what failed where something else stood until now.
fn failed_at(shell: Shell, address: &Address, problem: Problem) {
    let title = problem.title.clone();
    let said = t_with("{title} could not be shown", &[("title", &title)]);
    shell.slot.set(SlotView::Failed(problem));
    if let Some(arrived) = Arrived::note(shell, address)
        && !arrived.settle(shell, address, &title, &said)
    {
        shell.announce(&said);
    }
}

/// One turn: makes the page what the address says.
async fn settle(shell: Shell, turn: u32) {
    let address = shell.history.current();
    shell.navigation.arrivals.head_for(&address.path);
    let mut target = shell.live.borrow().target(&address);
    if target.is_none()
        && shell.navigation.arrivals.none_yet()
        && shell.history.opened_at_older_form()
        && is_anchor(&address)
    {
        // The page was opened at an anchor of its own.
        target = shell.live.borrow().target(&Address::parse("/"));
    }
    let Some(target) = target else {
        unmount_current(shell).await;
        shell.take_title_set();
        shell.at_front.set(false);
        shell.slot.set(SlotView::NotFound(address.text()));
        arrive(shell, &address, &t("Page not found"));
        return;
    };
    if target.address != address {
        shell.history.replace(target.address.clone());
    }
    let in_place = !shell.navigation.remount.get()
        && shell.mounted.borrow().as_ref().is_some_and(|mounted| mounted.app().name() == target.app);
    if in_place && update(shell, &target).await {
        return;
    }
    mount(shell, turn, &target).await;
}

/// Hands the mounted app its new route; whether it took it.
async fn update(shell: Shell, target: &Target) -> bool {
    // Nobody else has it while it works.
    let Some(mounted) = shell.mounted.borrow_mut().take() else { return false };
    // A title that it set for the path before does not count for this one.
    shell.take_title_set();
    let answer = mounted.update(shell, target).await;
    let title = mounted.app().placed().title;
    let same_path = shell.navigation.arrivals.is_settled(&target.address.path);
    *shell.mounted.borrow_mut() = Some(mounted);
    match answer {
        // An app of another kind reads the query by itself; only a new path needs a new mount.
        Ok(taken) if !taken && !same_path => false,
        Ok(_) => {
            shell.at_front.set(target.pattern == "/");
            arrive(shell, &target.address, &title);
            true
        }
        Err(problem) => {
            let app = shell.mounted.borrow().as_ref().map(|mounted| mounted.app().clone());
            settle_again_within(shell);
            unmount_current(shell).await;
            let Some(app) = app else { return false };
            app.break_down();
            match app.fall_back(shell, problem) {
                Ok(()) => false,
                Err(problem) => {
                    failed_at(shell, &target.address, problem);
                    true
                }
            }
        }
    }
}

async fn mount(shell: Shell, turn: u32, target: &Target) {
    let Some(app) = shell.app(&target.app) else { return };
    // What was there may have taken its time with an update.
    if shell.navigation.wanted.get() != turn {
        return;
    }
    let _busy = shell.busy();

    // While the next app loads, the old one stays visible.
    let failed: Rc<RefCell<Option<Problem>>> = Rc::default();
    let loading = {
        let (app, failed) = (app.clone(), failed.clone());
        browser::promise(async move {
            *failed.borrow_mut() = app.start(shell).await.err();
            Ok(JsValue::UNDEFINED)
        })
    };
    shell.page().navigation.wait_for(&loading).await;
    if shell.navigation.wanted.get() != turn {
        return;
    }
    // The page begins: its first view need not wait in one task with what comes before and after it.
    let begins = shell.slot.get() == SlotView::Loading;
    if begins {
        browser::pause().await;
    }
    let was_there = shell.mounted.borrow().is_some();
    unmount_current(shell).await;
    // The address is read again before each mount.
    if shell.navigation.wanted.get() != turn {
        let path = &target.address.path;
        if was_there && shell.history.current().path != *path {
            shell.navigation.arrivals.pass_by(path);
        }
        return;
    }
    let Some(place) = slot_element() else { return };
    shell.at_front.set(target.pattern == "/");
    // What the app before called itself does not count for this one.
    shell.take_title_set();
    if let Some(problem) = failed.take() {
        failed_at(shell, &target.address, problem);
        return;
    }
    let mounting = Mounting::begin(shell, &app, &place, target);
    if !mounting.ends_while_wanted(shell).await {
        // Whoever hangs is not waited for: its place is free at once, and it is taken off when it has answered.
        place.replace_children_with_node_0();
        mounting.leave(shell);
        shell.navigation.arrivals.pass_by(&target.address.path);
        return;
    }
    match mounting.outcome() {
        Some(Ok(mounted)) => {
            let (id, panic) = (mounted.id(), mounted.take_panic());
            *shell.mounted.borrow_mut() = Some(mounted);
            shell.slot.set(SlotView::App);
            if let Some(text) = panic {
                // Between the end of the mount and now.
                shell.panicked(id, &text);
            }
            let arrived = Arrived::note(shell, &target.address);
            if begins && arrived.is_some() {
                browser::pause().await;
            }
            if let Some(arrived) = arrived {
                let title = app.placed().title;
                arrived.settle(shell, &target.address, &title, &title);
            }
        }
        Some(Err(problem)) => failed_at(shell, &target.address, problem),
        None => {}
    }
}

/// Takes the app in the main slot off.
pub async fn unmount_current(shell: Shell) {
    let mounted: Option<Mounted> = shell.mounted.borrow_mut().take();
    shell.page().navigation.remount.set(false);
    if let Some(mounted) = mounted {
        mounted.unmount(shell).await;
    }
}

/// Back, Forward, or an address that was typed.
fn popped(shell: Shell) {
    let navigation = &shell.page().navigation;
    if let Some(returned) = navigation.returning.take() {
        let _ = returned.call0(&JsValue::UNDEFINED);
        return;
    }
    let history: &'static History = &shell.page().history;
    let (address, distance) = history.arrived();
    // What begins as a route does is one, whatever elements are called.
    let may_be_anchor = distance == 1 && is_at_older_form();
    if may_be_anchor && shell.live.borrow().target(&address).is_none() && is_anchor(&address) {
        return;
    }
    let leaves = address.path != history.current().path;
    if !leaves || !shell.holds.any() {
        take_up(shell, address, distance);
        return;
    }
    // Put the address back, then ask.
    browser::spawn(async move {
        travel(shell, -distance).await;
        if shell.holds.may_leave().await {
            travel(shell, distance).await;
            take_up(shell, address, distance);
        }
    });
}

fn take_up(shell: Shell, address: Address, distance: i32) {
    shell.history.accept(address, distance);
    shell.navigation.arrivals.next(Arrival::Return);
    run(shell);
}

/// Moves through the history and waits for it.
async fn travel(shell: Shell, distance: i32) {
    let arrived = Promise::new(&mut |resolve, _| *shell.navigation.returning.borrow_mut() = Some(resolve));
    shell.history.travel(distance);
    let _ = JsFuture::from(arrived).await;
}

fn is_anchor(address: &Address) -> bool {
    browser::document().get_element_by_id(&decode(address.path.trim_start_matches('/'))).is_some()
}

fn slot_element() -> Option<HtmlElement> {
    browser::document().get_element_by_id("slot").map(JsCast::unchecked_into)
}
