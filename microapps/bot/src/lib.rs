//! The chat: the shop's agent, answered by the engine in the page, in two homes.
//!
//! 1. In the shop it is a microapp of the overlay slot, and draws its launcher itself.
//! 2. On any page `embed.js` defines `<menagerie-bot>`, draws the launcher and mounts the same release into its
//!    shadow root, with a host of its own: `embed.settings`, `embed.event` and `embed.shown` are what it is called
//!    with, `embed.call` is what it sends.

mod calls;
mod chat;
mod commands;
mod dialogflow;
mod engine;
mod history;
mod links;
mod message;
mod remote;
mod settings;
mod text;
mod texts;
mod view;
mod voice;

use chat::Chat;
use leptos::task::spawn_local;
use microapp::{element::El, prelude::*};
use settings::Settings;
use std::cell::{Cell, RefCell};

/// The scope of `style.css`.
const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

/// The same as a part that the page may style: `::part(bubble)`.
fn part(tag: &str, name: &str) -> El {
    el(tag).attr("part", name)
}

thread_local! {
    /// What was asked before the view; an instance is mounted once.
    static SETTINGS: RefCell<Settings> = RefCell::default();
    static CHAT: Cell<Option<Chat>> = const { Cell::new(None) };
}

struct Bot;

impl Microapp for Bot {
    type State = ();

    async fn before_mount(context: Context<()>) -> Result<(), Failure> {
        let settings = Settings::of(context.host).await;
        SETTINGS.with_borrow_mut(|place| *place = settings);
        Ok(())
    }

    fn render(context: Context<()>) -> impl IntoView {
        let chat = Chat::begin(context.host, SETTINGS.take());
        CHAT.set(Some(chat));
        forget_at_sign_out(chat);
        StoredValue::new_local(chat.follow_other_tabs());
        let view = view::widget(chat).into_view();
        calls::hear(context.host, chat);
        view
    }

    fn on_change(context: Context<()>) {
        let Some(chat) = CHAT.get() else { return };
        spawn_local(async move {
            let settings = Settings::of(context.host).await;
            if chat.settings.try_get_untracked().is_some_and(|before| before.embedded) {
                calls::take_up(chat, settings);
            }
        });
    }

    fn on_dismount(_: Context<()>) {
        CHAT.set(None);
        voice::be_silent();
    }
}

/// What somebody said is theirs: whoever comes after them does not read it.
fn forget_at_sign_out(chat: Chat) {
    let known = Cell::new(false);
    microapp::element::follow(move || {
        let here = chat.person.with(Option::is_some);
        if known.replace(here) && !here {
            untrack(|| chat.clear());
        }
    });
}

microapp::export!(Bot);
