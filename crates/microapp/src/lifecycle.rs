//! From the entry module's calls to a [`Microapp`].

use crate::{Context, Failure, Host, Payload, Route, State, Store, Watched, files, page::pause, property};
use contract::code;
use js_sys::{Function, Promise};
use leptos::{mount::mount_to, prelude::*, reactive::computed::ScopedFuture};
use std::{
    any::Any,
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::HtmlElement;

/// A microapp. The functions are called in this order; only `render` must be written.
pub trait Microapp: 'static {
    /// What outlives a mount; `()` for nothing.
    type State: State;

    /// Before the first view: what it cannot be drawn without. Data has loading states of its own.
    fn before_mount(context: Context<Self::State>) -> impl Future<Output = Result<(), Failure>> {
        let _ = context;
        async { Ok(()) }
    }

    /// The view.
    fn render(context: Context<Self::State>) -> impl IntoView;

    /// Query, parameters, locale, theme or session changed. `context.route` has the news already.
    fn on_change(context: Context<Self::State>) {
        let _ = context;
    }

    /// The last call before the view goes away.
    fn on_dismount(context: Context<Self::State>) {
        let _ = context;
    }

    /// One of the commands that the release lists; on a mounted instance or on a short-lived one.
    fn command(
        context: Context<Self::State>,
        name: String,
        payload: Payload,
    ) -> impl Future<Output = Result<Payload, Failure>> {
        let _ = (context, payload);
        async move { Err(Failure::new(code::COMMAND_UNKNOWN, format!("there is no command {name}"))) }
    }
}

/// A microapp with its context. All that follows knows no more than this, and is the same code in every microapp.
trait Opened {
    fn before_mount(&self) -> Working<()>;
    /// Puts the view into `element`; dropping the answer takes it off the page.
    fn render(&self, element: HtmlElement) -> Box<dyn Any>;
    fn on_change(&self);
    fn on_dismount(&self);
    fn command(&self, name: String, payload: Payload) -> Working<Payload>;
}

type Working<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

struct Typed<A: Microapp>(Context<A::State>);

impl<A: Microapp> Opened for Typed<A> {
    fn before_mount(&self) -> Working<()> {
        Box::pin(A::before_mount(self.0))
    }
    fn render(&self, element: HtmlElement) -> Box<dyn Any> {
        let context = self.0;
        context.store.catch_up(); // with commands that came before the view
        Box::new(mount_to(element, move || A::render(context)))
    }
    fn on_change(&self) {
        A::on_change(self.0);
    }
    fn on_dismount(&self) {
        A::on_dismount(self.0);
    }
    fn command(&self, name: String, payload: Payload) -> Working<Payload> {
        Box::pin(A::command(self.0, name, payload))
    }
}

/// Makes a microapp's context.
type Open = fn(&'static str, Host, Watched<Route>) -> Rc<dyn Opened>;

fn open<A: Microapp>(app: &'static str, host: Host, route: Watched<Route>) -> Rc<dyn Opened> {
    Rc::new(Typed::<A>(Context { host, store: Store::open(app, host), route }))
}

/// What lives from mount to unmount.
struct Mounted {
    owner: Owner,
    app: Rc<dyn Opened>,
    route: Watched<Route>,
    /// Dropping it takes the view off the page.
    view: Box<dyn Any>,
}

thread_local! {
    static COLD: Cell<bool> = const { Cell::new(false) };
    static MOUNTED: RefCell<Option<Mounted>> = const { RefCell::new(None) };
    /// What belongs to a mount whose view does not stand yet: it may be given up before.
    static BEGUN: RefCell<Option<Owner>> = const { RefCell::new(None) };
}

/// Whether the page begins with this mount: what runs is compiled as it does, and the page is otherwise busy, too.
pub(crate) fn is_cold() -> bool {
    COLD.get()
}

/// Tells the entry module why this instance answers no more. It sees by itself that it does not, and where; a release that
/// stops at panics at once has no words for it.
#[cfg(not(panic = "immediate-abort"))]
pub fn on_panic(report: Function) {
    let report = send_wrapper::SendWrapper::new(report);
    std::panic::set_hook(Box::new(move |info| {
        let _ = report.call1(&JsValue::UNDEFINED, &info.to_string().into());
    }));
}

/// Nothing to tell: it stops without words.
#[cfg(panic = "immediate-abort")]
pub fn on_panic(_: Function) {}

/// Mounts `A` into `props.domElement`.
pub fn mount<A: Microapp>(name: &'static str, props: JsValue) -> Promise {
    promise(Box::pin(mounting(name, open::<A>, props)))
}

async fn mounting(name: &'static str, open: Open, props: JsValue) -> Result<JsValue, Failure> {
    let element: HtmlElement = property::get(&props, "domElement")
        .dyn_into()
        .map_err(|_| Failure::new(code::MOUNT_FAILED, "props.domElement is not an element"))?;
    files::remember(&props);
    let (owner, app, route) = begin(name, open, property::get(&props, "host"), Route::from_props(&props));
    BEGUN.set(Some(owner.clone()));
    let ready = owned(&owner, || app.before_mount()).await;
    if property::get(&props, "cold").is_truthy() {
        COLD.set(true);
        // Half of what runs for the first time, and is slow then, has run.
        pause(0).await;
    }
    // It was unmounted while it waited: what a view needs is gone.
    let Some(owner) = BEGUN.take() else { return Ok(JsValue::UNDEFINED) };
    ready?;
    element.class_list().add_2(&["m-", name].concat(), "m-root").map_err(|error| Failure::from_js(&error))?;
    let view = owner.with(|| app.render(element));
    MOUNTED.set(Some(Mounted { owner, app, route, view }));
    Ok(JsValue::UNDEFINED)
}

/// Takes up a changed route.
pub fn update(props: JsValue) -> Promise {
    let now = Route::from_props(&props);
    if let Some((owner, app, route)) = mounted() {
        owner.with(|| {
            // The same one again would have its readers do their work again.
            if route.with_untracked(|before| *before != now) {
                route.set(now);
            }
            app.on_change();
        });
    }
    Promise::resolve(&JsValue::UNDEFINED)
}

/// Takes the view off the page and gives everything back, also of a mount that still waits.
pub fn unmount() -> Promise {
    if let Some((owner, app, _)) = mounted() {
        owner.with(|| app.on_dismount());
    }
    let owner = match MOUNTED.take() {
        Some(Mounted { owner, view, .. }) => {
            drop(view);
            Some(owner)
        }
        None => BEGUN.take(),
    };
    if let Some(owner) = owner {
        owner.cleanup();
    }
    Promise::resolve(&JsValue::UNDEFINED)
}

/// Runs a command, on the mounted context or on one of its own.
pub fn command<A: Microapp>(name: &'static str, asked: String, payload: JsValue, host: JsValue) -> Promise {
    promise(Box::pin(commanding(name, open::<A>, asked, payload.into(), host)))
}

async fn commanding(
    name: &'static str,
    open: Open,
    asked: String,
    payload: Payload,
    host: JsValue,
) -> Result<JsValue, Failure> {
    let mounted = mounted();
    let is_mounted = mounted.is_some();
    let (owner, app, _) = mounted.unwrap_or_else(|| begin(name, open, host, Route::default()));
    let answer = owned(&owner, || app.command(asked, payload)).await;
    if !is_mounted {
        owner.cleanup();
    }
    answer.map(JsValue::from)
}

/// Work whose every step belongs to `owner`: what it leaves to be cleaned up is, also after an `await`.
fn owned<T>(owner: &Owner, work: impl FnOnce() -> Working<T>) -> ScopedFuture<Working<T>> {
    owner.with(|| ScopedFuture::new(work()))
}

fn begin(
    name: &'static str,
    open: Open,
    host: JsValue,
    route: Route,
) -> (Owner, Rc<dyn Opened>, Watched<Route>) {
    // Effects may run before the view is mounted. A second call finds the executor there.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let route = Watched::new(route);
    let app = owner.with(|| open(name, Host::new(host), route));
    (owner, app, route)
}

fn mounted() -> Option<(Owner, Rc<dyn Opened>, Watched<Route>)> {
    MOUNTED.with_borrow(|mounted| {
        let mounted = mounted.as_ref()?;
        Some((mounted.owner.clone(), mounted.app.clone(), mounted.route))
    })
}

fn promise(work: Working<JsValue>) -> Promise {
    future_to_promise(async move { work.await.map_err(|failure| failure.to_js()) })
}
