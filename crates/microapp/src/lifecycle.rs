//! From the entry module's calls to a [`Microapp`].

use crate::{Context, Failure, Host, Payload, Route, State, Store, files, props::property};
use contract::code;
use js_sys::{Function, Promise};
use leptos::{
    mount::{UnmountHandle, mount_to},
    prelude::*,
};
use std::{any::Any, cell::RefCell, future::Future, panic, pin::Pin};
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

/// What lives from mount to unmount.
struct Mounted {
    owner: Owner,
    /// A `Context<A::State>`; the type is known to whoever asks.
    context: Box<dyn Any>,
    set_route: WriteSignal<Route>,
    /// Dropping it takes the view off the page.
    view: Box<dyn Any>,
}

thread_local! {
    static MOUNTED: RefCell<Option<Mounted>> = const { RefCell::new(None) };
}

/// Hands panics to the entry module: after one, this instance answers no more.
pub fn on_panic(report: Function) {
    let report = send_wrapper::SendWrapper::new(report);
    panic::set_hook(Box::new(move |info| {
        let _ = report.call1(&JsValue::UNDEFINED, &info.to_string().into());
    }));
}

/// Mounts `A` into `props.domElement`.
pub fn mount<A: Microapp>(app: &'static str, props: JsValue) -> Promise {
    promise(async move {
        let element: HtmlElement = property(&props, "domElement")
            .dyn_into()
            .map_err(|_| Failure::new(code::MOUNT_FAILED, "props.domElement is not an element"))?;
        files::remember(&props);
        let owner = Owner::new();
        let (context, set_route) =
            owner.with(|| open::<A>(app, property(&props, "host"), Route::from_props(&props)));
        owner.with(|| A::before_mount(context)).await?;
        element
            .class_list()
            .add_2(&format!("m-{app}"), "m-root")
            .map_err(|error| Failure::from_js(&error))?;
        let view = owner.with(|| view_of(mount_to(element, move || A::render(context))));
        MOUNTED.with_borrow_mut(|mounted| {
            *mounted = Some(Mounted { owner, context: Box::new(context), set_route, view });
        });
        Ok(JsValue::UNDEFINED)
    })
}

/// Takes up a changed route.
pub fn update<A: Microapp>(props: JsValue) -> Promise {
    let route = Route::from_props(&props);
    if let Some((owner, context, set_route)) = mounted::<A>() {
        owner.with(|| {
            // The same one again would have its readers do their work again.
            if context.route.with_untracked(|before| *before != route) {
                set_route.set(route);
            }
            A::on_change(context);
        });
    }
    Promise::resolve(&JsValue::UNDEFINED)
}

/// Takes the view off the page and gives everything back.
pub fn unmount<A: Microapp>() -> Promise {
    if let Some((owner, context, _)) = mounted::<A>() {
        owner.with(|| A::on_dismount(context));
    }
    if let Some(Mounted { owner, view, .. }) = MOUNTED.take() {
        drop(view);
        owner.cleanup();
    }
    Promise::resolve(&JsValue::UNDEFINED)
}

/// Runs a command, on the mounted context or on one of its own.
pub fn command<A: Microapp>(app: &'static str, name: String, payload: JsValue, host: JsValue) -> Promise {
    promise(async move {
        let payload = Payload::from(payload);
        let (owner, context, short_lived) = match mounted::<A>() {
            Some((owner, context, _)) => (owner, context, false),
            None => {
                let owner = Owner::new();
                let (context, _) = owner.with(|| open::<A>(app, host, Route::default()));
                (owner, context, true)
            }
        };
        let answer = owner.with(|| A::command(context, name, payload)).await;
        if short_lived {
            owner.cleanup();
        }
        answer.map(JsValue::from)
    })
}

fn open<A: Microapp>(app: &str, host: JsValue, route: Route) -> (Context<A::State>, WriteSignal<Route>) {
    // Effects may run before the view is mounted. A second call finds the executor there.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let host = Host::new(host);
    let (route, set_route) = signal(route);
    (Context { host, store: Store::open(app, host), route }, set_route)
}

fn mounted<A: Microapp>() -> Option<(Owner, Context<A::State>, WriteSignal<Route>)> {
    MOUNTED.with_borrow(|mounted| {
        let mounted = mounted.as_ref()?;
        let context = mounted.context.downcast_ref::<Context<A::State>>()?;
        Some((mounted.owner.clone(), *context, mounted.set_route))
    })
}

fn view_of<M: Mountable + 'static>(handle: UnmountHandle<M>) -> Box<dyn Any> {
    Box::new(handle)
}

fn promise(work: impl Future<Output = Result<JsValue, Failure>> + 'static) -> Promise {
    promise_boxed(Box::pin(work))
}

/// Boxed before anything else: generic code below would be compiled once for every future.
fn promise_boxed(work: Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>) -> Promise {
    future_to_promise(async move { work.await.map_err(|failure| failure.to_js()) })
}
