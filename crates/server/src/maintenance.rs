//! What has to be done from time to time.

use crate::{
    bot,
    clock::{self, Millis},
    database::in_time,
    releases::rollouts::LOOK,
    state::Server,
};
use std::{
    fmt::Display,
    time::{Duration, Instant},
};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often those who forgot their password are looked for.
const SOON: Duration = Duration::from_secs(1);
/// How often overdue orders are looked for.
const OFTEN: Duration = Duration::from_secs(15);
/// How often what is over is swept away.
const SELDOM: Duration = Duration::from_secs(60 * 60);

/// How long a round may take that asks the database for little.
const BRIEF: Duration = Duration::from_secs(2 * 60);
/// How long one may take that sweeps large tables.
const SWEEP: Duration = Duration::from_secs(10 * 60);
/// How long one may take that asks others, too: they are many, and may be slow.
const OTHERS: Duration = Duration::from_secs(30 * 60);

/// A clock that went so far beyond what has passed was set, or is wrong.
const JUMP: Duration = Duration::from_secs(5 * 60);

/// What is waited before a chore that has ended is begun anew.
const RECOVERY: Duration = Duration::from_secs(5);

/// Goes on until the server stops. A round that fails is logged; the next one makes up for it.
pub async fn run(server: Server) {
    tokio::join!(
        keep("reports", &server, reports),
        keep("the chores", &server, chores),
        keep("the webhook", &server, tell),
        keep("Reddit", &server, listings),
        keep("payments", &server, payments),
        keep("new passwords", &server, passwords),
        keep("mails", &server, mails),
    );
}

async fn keep<F>(what: &str, server: &Server, chore: fn(Server) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    go_on(what, &server.stopping, RECOVERY, || chore(server.clone())).await;
}

/// A task of its own for a chore: one that ends before the server stops, as by a panic, takes no other with it and is begun anew
/// after the pause.
async fn go_on<F>(what: &str, stopping: &CancellationToken, pause: Duration, chore: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let ended = tokio::spawn(chore()).await;
        if stopping.is_cancelled() {
            return;
        }
        let why = ended.err().map_or_else(|| "-".to_owned(), |error| error.to_string());
        tracing::error!(why, "nobody sees to {what}; it is begun anew");
        if stopping.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
    }
}

async fn reports(server: Server) {
    server.health.write(server.stopping.clone()).await;
}

async fn mails(server: Server) {
    server.mail.run(&server.stopping).await;
}

/// Apart from the other chores: the other side may be slow.
async fn tell(server: Server) {
    while server.stopping.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        // Who could not be told before the end is told after the next start.
        if let Some(told) = server.stopping.run_until_cancelled(in_time(OTHERS, server.releases.tell())).await
        {
            report("the webhook", told);
        }
    }
}

/// Apart from the other chores, too.
async fn listings(server: Server) {
    let mut round = interval(bot::REFRESH);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while server.stopping.run_until_cancelled(round.tick()).await.is_some() {
        let refresh = async {
            server.bot.reddit().refresh().await;
            Ok::<_, sqlx::Error>(())
        };
        if let Some(refreshed) = server.stopping.run_until_cancelled(in_time(OTHERS, refresh)).await {
            report("Reddit", refreshed);
        }
    }
}

/// Apart from the other chores: whoever brings the money may be slow. What is under way when the server stops is left to the
/// next round: each of its steps stands for itself.
async fn payments(server: Server) {
    let round = async || {
        report("overdue orders", in_time(OTHERS, server.orders.cancel_overdue(clock::now())).await);
        report("open payments", in_time(OTHERS, server.orders.ask_after_payments(clock::now())).await);
        report("refunds", in_time(OTHERS, server.orders.give_money_back()).await);
    };
    let mut often = interval(OFTEN);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while server.stopping.run_until_cancelled(often.tick()).await.is_some() {
        server.stopping.run_until_cancelled(round()).await;
    }
}

/// Apart from the other chores: somebody waits for the mail.
async fn passwords(server: Server) {
    while server.stopping.run_until_cancelled(tokio::time::sleep(SOON)).await.is_some() {
        report("new passwords", in_time(BRIEF, server.accounts.answer_wishes()).await);
    }
}

async fn chores(server: Server) {
    let mut look = interval(LOOK);
    let mut seldom = interval(SELDOM);
    let mut swept = (clock::now(), Instant::now());
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    seldom.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = server.stopping.cancelled() => return,
            _ = look.tick() => {
                report("rollouts", in_time(BRIEF, server.releases.look(clock::now())).await);
                report("the search", in_time(BRIEF, server.catalogue.follow()).await);
            }
            _ = seldom.tick() => {
                let (before, now) = (swept, (clock::now(), Instant::now()));
                swept = now;
                if is_jump(now.0 - before.0, now.1 - before.1) {
                    tracing::warn!("the clock went ahead: set it right if it is wrong; in an hour what is over by it is swept away");
                } else {
                    sweep(&server).await;
                }
            }
        }
    }
}

/// Whether the clock went ahead. So it does where the machine slept, too: then nothing is lost by waiting.
fn is_jump(by_the_clock: Millis, passed: Duration) -> bool {
    let passed = passed.saturating_add(JUMP).as_millis();
    u128::try_from(by_the_clock).is_ok_and(|by_the_clock| by_the_clock > passed)
}

async fn sweep(server: &Server) {
    report("old reports", in_time(SWEEP, server.health.sweep()).await);
    report("tokens", in_time(SWEEP, server.tokens.sweep()).await);
    report("old carts", in_time(SWEEP, server.carts.sweep()).await);
    report("orders of those who left", in_time(SWEEP, server.orders.sweep()).await);
    report("old sessions", in_time(SWEEP, server.accounts.sweep()).await);
    server.reviews.sweep();
    report("old messages", in_time(SWEEP, server.contact.sweep()).await);
    report("old mails", in_time(SWEEP, server.mail.sweep()).await);
    report("old answers", in_time(SWEEP, server.idempotency.sweep()).await);
    report("old conversations", in_time(SWEEP, server.bot.sweep()).await);
}

fn report<E: Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::warn!(%error, "could not see to {what}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_clock_that_goes_ahead_is_noticed() {
        let hour = Duration::from_secs(60 * 60);
        let minutes = |count: Millis| count * 60_000;
        for (by_the_clock, passed, expected) in [
            (minutes(60), hour, false),
            (minutes(64), hour, false),
            (minutes(66), hour, true),
            (minutes(60 * 24 * 365), hour, true),
            (minutes(-60), hour, false),
            (0, Duration::ZERO, false),
        ] {
            assert_eq!(is_jump(by_the_clock, passed), expected, "{by_the_clock}");
        }
    }

    #[tokio::test]
    async fn a_chore_that_panics_is_begun_anew_and_its_neighbours_go_on() {
        let stopping = CancellationToken::new();
        let (begun, gone_on) = (AtomicUsize::new(0), CancellationToken::new());
        let shaky = || {
            let is_first = begun.fetch_add(1, Ordering::Relaxed) == 0;
            let (stopping, gone_on) = (stopping.clone(), gone_on.clone());
            async move {
                assert!(!is_first, "what nobody thought of");
                gone_on.cancel();
                stopping.cancelled().await;
            }
        };
        let neighbour = || {
            let (stopping, gone_on) = (stopping.clone(), gone_on.clone());
            async move {
                gone_on.cancelled().await;
                stopping.cancel();
            }
        };
        tokio::join!(
            go_on("a shaky chore", &stopping, Duration::ZERO, shaky),
            go_on("its neighbour", &stopping, Duration::ZERO, neighbour),
        );
        assert_eq!(begun.into_inner(), 2);
    }
}
