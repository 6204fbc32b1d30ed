//! What has to be done from time to time.

use crate::state::Server;
use std::{fmt::Display, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often overdue orders are looked for.
const OFTEN: Duration = Duration::from_secs(15);
/// How often what is over is swept away.
const SELDOM: Duration = Duration::from_secs(60 * 60);

/// Goes on until the server stops. A round that fails is logged; the next one makes up for it.
pub async fn run(server: Server) {
    let mut often = interval(OFTEN);
    let mut seldom = interval(SELDOM);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    seldom.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = server.stopping.cancelled() => return,
            _ = often.tick() => report("overdue orders", server.orders.cancel_overdue().await),
            _ = seldom.tick() => {
                report("old carts", server.carts.sweep().await);
                report("old sessions", server.accounts.sweep().await);
                report("old answers", server.idempotency.sweep().await);
            }
        }
    }
}

fn report<E: Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::warn!(%error, "could not see to {what}");
    }
}
