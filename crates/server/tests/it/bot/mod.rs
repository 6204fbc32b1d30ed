//! The bot: fulfilment, Reddit, webhooks, `detectIntent`.

mod conversations;
mod detect;
mod fulfilment;
mod google_client;
mod neighbour;
mod reddit;
mod sessions;
mod webhook;
