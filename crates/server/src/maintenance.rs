//! What has to be done from time to time.

use crate::{bot, clock, releases::rollouts::LOOK, state::Server};
use std::{fmt::Display, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often those who forgot their password are looked for.
const SOON: Duration = Duration::from_secs(1);
/// How often overdue orders are looked for.
const OFTEN: Duration = Duration::from_secs(15);
/// How often what is over is swept away.
const SELDOM: Duration = Duration::from_secs(60 * 60);

/// Goes on until the server stops. A round that fails is logged; the next one makes up for it.
pub async fn run(server: Server) {
    let writing = server.health.write(server.stopping.clone());
    tokio::join!(
        writing,
        chores(server.clone()),
        tell(&server),
        listings(&server),
        payments(&server),
        passwords(&server),
        server.mail.run(&server.stopping)
    );
}

/// Apart from the other chores: the other side may be slow.
async fn tell(server: &Server) {
    while server.stopping.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        // Who could not be told before the end is told after the next start.
        if let Some(told) = server.stopping.run_until_cancelled(server.releases.tell()).await {
            report("the webhook", told);
        }
    }
}

/// Apart from the other chores, too.
async fn listings(server: &Server) {
    let mut round = interval(bot::REFRESH);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while server.stopping.run_until_cancelled(round.tick()).await.is_some() {
        server.stopping.run_until_cancelled(server.bot.reddit().refresh()).await;
    }
}

/// Apart from the other chores: whoever brings the money may be slow. What is under way when the server stops is left to the
/// next round: each of its steps stands for itself.
async fn payments(server: &Server) {
    let round = async || {
        report("overdue orders", server.orders.cancel_overdue(clock::now()).await);
        report("open payments", server.orders.ask_after_payments(clock::now()).await);
        report("refunds", server.orders.give_money_back().await);
    };
    let mut often = interval(OFTEN);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while server.stopping.run_until_cancelled(often.tick()).await.is_some() {
        server.stopping.run_until_cancelled(round()).await;
    }
}

/// Apart from the other chores: somebody waits for the mail.
async fn passwords(server: &Server) {
    while server.stopping.run_until_cancelled(tokio::time::sleep(SOON)).await.is_some() {
        report("new passwords", server.accounts.answer_wishes().await);
    }
}

async fn chores(server: Server) {
    let mut look = interval(LOOK);
    let mut seldom = interval(SELDOM);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    seldom.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = server.stopping.cancelled() => return,
            _ = look.tick() => {
                report("rollouts", server.releases.look(clock::now()).await);
                report("the search", server.catalogue.follow().await);
            }
            _ = seldom.tick() => {
                report("old reports", server.health.sweep().await);
                report("tokens", server.tokens.sweep().await);
                report("old carts", server.carts.sweep().await);
                report("orders of those who left", server.orders.sweep().await);
                report("old sessions", server.accounts.sweep().await);
                server.reviews.sweep();
                report("old messages", server.contact.sweep().await);
                report("old mails", server.mail.sweep().await);
                report("old answers", server.idempotency.sweep().await);
                report("old conversations", server.bot.sweep().await);
            }
        }
    }
}

fn report<E: Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::warn!(%error, "could not see to {what}");
    }
}
