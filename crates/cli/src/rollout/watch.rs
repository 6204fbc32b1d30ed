//! Waiting for the end of a rollout.

use super::told;
use crate::{Error, output, shown::Format};
use contract::{
    code::{
        INTERNAL, ROLLOUT_ENDED_BADLY, ROLLOUT_STATE, ROLLOUT_UNFINISHED, SERVER_UNREACHABLE,
        TOO_MANY_REQUESTS, UNAVAILABLE,
    },
    registry::rollout::{AppStatus, History, RolloutState},
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// How often to ask.
const PACE: Duration = Duration::from_secs(if cfg!(test) { 0 } else { 2 });
/// How many questions in a row may go unanswered where no time is given: a server that is started anew is waited for.
const MISSES: usize = 30;

/// Asks until the rollout is over, of `version` or else the one that runs at the first answer, and says on standard error
/// what changes.
pub fn until_over(
    ask: impl Fn() -> Result<AppStatus, Error>,
    history: impl Fn() -> Result<History, Error>,
    version: Option<&str>,
    timeout: Option<Duration>,
    format: Format,
) -> Result<String, Error> {
    let begun = Instant::now();
    let mut watched = Watched { version, rollout: None, latest: None };
    let mut said = String::new();
    let mut unanswered = Vec::new();
    loop {
        let judged = ask().and_then(|status| Ok((watched.judge(&status, &history)?, status)));
        match judged {
            Ok((judgement, status)) => {
                unanswered.clear();
                let line = status.rollout.as_ref().map(told::rollout).unwrap_or_default();
                if line != said && !line.is_empty() {
                    output::note(&line);
                    said = line;
                }
                let shown = || format.show(&status, || told::status(&status));
                match judgement {
                    Judgement::Well => return Ok(shown()),
                    Judgement::Badly(error) => return Err(error.with_output(shown())),
                    Judgement::UnderWay => {}
                }
                watched.latest = Some(status);
            }
            Err(error) if is_away(&error) && (unanswered.len() < MISSES || timeout.is_some()) => {
                if unanswered.is_empty() {
                    output::note(format!("{error}; asking again"));
                }
                unanswered.push(error);
            }
            Err(error) => return Err(error),
        }
        if timeout.is_some_and(|timeout| begun.elapsed() >= timeout) {
            let unfinished = || Error::new(ROLLOUT_UNFINISHED, "the rollout did not end in the given time");
            return Err(match &watched.latest {
                Some(status) => unfinished().with_output(format.show(status, || told::status(status))),
                None => unanswered.pop().unwrap_or_else(unfinished),
            });
        }
        thread::sleep(PACE);
    }
}

/// The rollout that is waited for.
struct Watched<'a> {
    /// Of which version it has to be, if that was said.
    version: Option<&'a str>,
    /// The one of the first answer, if there was one.
    rollout: Option<Option<i64>>,
    /// The last answer in which it was under way.
    latest: Option<AppStatus>,
}

/// What an answer says about it.
enum Judgement {
    Well,
    Badly(Error),
    UnderWay,
}

impl Watched<'_> {
    fn judge(
        &mut self,
        status: &AppStatus,
        history: impl Fn() -> Result<History, Error>,
    ) -> Result<Judgement, Error> {
        if self.version.is_some_and(|version| is_with_everybody(status, version)) {
            return Ok(Judgement::Well);
        }
        if self.is_another(status) {
            // It may have gone to the end between two questions, and the next one have begun.
            if let Some(before) = &self.latest
                && has_reached_everybody(before, &history()?)
            {
                return Ok(Judgement::Well);
            }
            let what = format!(
                "{app} has another rollout by now; `menagerie rollout history {app}` says how this one ended",
                app = status.app
            );
            return Ok(Judgement::Badly(Error::new(ROLLOUT_ENDED_BADLY, what)));
        }
        if status.rollout.as_ref().is_some_and(|rollout| !rollout.state.is_over()) {
            return Ok(Judgement::UnderWay);
        }
        Ok(self.bad_end(status).map_or(Judgement::Well, Judgement::Badly))
    }

    /// Whether the app's rollout is of another version, or not the one of the first answer.
    fn is_another(&mut self, status: &AppStatus) -> bool {
        let is_of_another_version = self
            .version
            .zip(status.rollout.as_ref())
            .is_some_and(|(version, rollout)| rollout.version != version);
        let found = status.rollout.as_ref().map(|rollout| rollout.id);
        is_of_another_version || found != *self.rollout.get_or_insert(found)
    }

    /// What is bad about the end of it.
    fn bad_end(&self, status: &AppStatus) -> Option<Error> {
        // Of one that was seen under way every bad end counts, whatever came after it.
        let ended = if self.latest.is_some() { ended(status, &BAD) } else { ended_last(status, &BAD) };
        let not_with_everybody = || {
            let what = format!("{} {} is not with everybody", status.app, self.version?);
            Some(Error::new(ROLLOUT_ENDED_BADLY, what).or(&history_of(&status.app)))
        };
        let nothing = || {
            let what = format!("nothing of {} is live, and no rollout of it was begun", status.app);
            let way = format!("`menagerie rollout start {} VERSION` begins one", status.app);
            status.live.is_empty().then(|| Error::new(ROLLOUT_STATE, what).or(&way))
        };
        ended.or_else(not_with_everybody).or_else(nothing)
    }
}

/// Whether the server, or what is behind it, fails only for the moment, as far as one can tell.
fn is_away(error: &Error) -> bool {
    [SERVER_UNREACHABLE, UNAVAILABLE, INTERNAL, TOO_MANY_REQUESTS].contains(&error.code())
}

/// Whether everybody had the release of a rollout that was under way, at some time since.
fn has_reached_everybody(before: &AppStatus, history: &History) -> bool {
    before.rollout.as_ref().is_some_and(|rollout| {
        let since = history.revisions.iter().take_while(|revision| revision.revision > before.revision);
        { since }.any(|revision| revision.version == rollout.version && revision.percent == 100)
    })
}

/// The error that a rollout ended with, if it went back.
pub fn went_back(status: &AppStatus) -> Option<Error> {
    ended_last(status, &[RolloutState::RolledBack, RolloutState::Undone])
}

/// Bad ends for whoever waited for a rollout. That another release came in its place is one for nobody else.
const BAD: [RolloutState; 3] = [RolloutState::RolledBack, RolloutState::Undone, RolloutState::Superseded];

/// The same as [`ended`], while nothing changed since.
fn ended_last(status: &AppStatus, states: &[RolloutState]) -> Option<Error> {
    ended(status, states).filter(|_| status.is_rollout_last())
}

/// A rollout that ended in one of `states`, unless everybody has its release by now, by whatever way.
fn ended(status: &AppStatus, states: &[RolloutState]) -> Option<Error> {
    let rollout = status.rollout.as_ref()?;
    (states.contains(&rollout.state) && !is_with_everybody(status, &rollout.version)).then(|| {
        let what = format!("{} {}", status.app, told::rollout(rollout));
        Error::new(ROLLOUT_ENDED_BADLY, what).or(&history_of(&status.app))
    })
}

/// Where to look after a bad end.
fn history_of(app: &str) -> String {
    format!("`menagerie rollout history {app}` says why")
}

fn is_with_everybody(status: &AppStatus, version: &str) -> bool {
    !status.live.is_empty() && status.live.iter().all(|share| share.version == version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::registry::rollout::{Health, LiveShare, Revision, Rollout};
    use std::cell::RefCell;

    fn status(state: RolloutState) -> AppStatus {
        AppStatus {
            app: "cart".into(),
            revision: 7,
            live: vec![LiveShare {
                version: if state == RolloutState::Complete { "1.5.0" } else { "1.4.0" }.into(),
                percent: 100,
            }],
            fallback: None,
            changed: None,
            rollout: Some(Rollout {
                id: 1,
                version: "1.5.0".into(),
                before: "1.4.0".into(),
                steps: vec![5, 100],
                step: 1,
                interval_seconds: 60,
                waited_seconds: 5,
                state,
                reason: "12 of 60 visitors saw it fail".into(),
                started_at: String::new(),
                started_by: String::new(),
                ended_at: None,
                health: Health::default(),
            }),
        }
    }

    fn watch(answers: Vec<Result<AppStatus, Error>>, timeout: Option<Duration>) -> Result<String, Error> {
        watch_version(None, answers, timeout)
    }

    fn watch_version(
        version: Option<&str>,
        answers: Vec<Result<AppStatus, Error>>,
        timeout: Option<Duration>,
    ) -> Result<String, Error> {
        let answers = RefCell::new(answers.into_iter());
        let ask = || answers.borrow_mut().next().expect("asked too often");
        let nothing = || Ok(History { revisions: Vec::new() });
        until_over(ask, nothing, version, timeout, Format { json: false })
    }

    #[test]
    fn it_ends_well_or_badly() {
        let done = watch(vec![Ok(status(RolloutState::Complete))], None).unwrap();
        assert!(done.starts_with("cart 1.5.0 is live (revision 7)"), "{done}");
        for state in [RolloutState::RolledBack, RolloutState::Undone, RolloutState::Superseded] {
            let error = watch(vec![Ok(status(state))], None).unwrap_err();
            assert_eq!((error.code(), error.exit_code()), (ROLLOUT_ENDED_BADLY, 3));
            assert!(
                error
                    .message()
                    .ends_with("12 of 60 visitors saw it fail; `menagerie rollout history cart` says why"),
                "{}",
                error.message()
            );
        }
    }

    #[test]
    fn what_everybody_has_by_now_did_not_go_back() {
        for state in [RolloutState::RolledBack, RolloutState::Undone, RolloutState::Superseded] {
            let mut by_hand = status(state);
            by_hand.live[0].version = "1.5.0".into();
            watch(vec![Ok(by_hand)], None).unwrap();
        }
        // Who only asks is told nothing bad of what another release took the place of.
        assert!(went_back(&status(RolloutState::Superseded)).is_none());
    }

    #[test]
    fn an_end_that_something_came_after_is_history() {
        let mut later = status(RolloutState::Undone);
        let rollout = later.rollout.as_mut().unwrap();
        rollout.ended_at = Some("2026-11-01T00:00:00Z".into());
        rollout.reason = "undone by ada".into();
        let changed = |at: &str| Revision {
            revision: 8,
            version: "1.6.0".into(),
            percent: 100,
            before: None,
            at: at.into(),
            who: "ada".into(),
            why: "published".into(),
        };
        later.changed = Some(changed("2026-11-01T00:00:00Z"));
        assert!(went_back(&later).is_some());
        later.changed = Some(changed("2026-11-02T00:00:00Z"));
        assert!(went_back(&later).is_none());
        assert!(
            told::status(&later).ends_with("earlier rollout of 1.5.0: undone by ada"),
            "{}",
            told::status(&later)
        );
        watch(vec![Ok(later.clone())], None).unwrap();
        // Who saw it under way is told how it ended.
        watch(vec![Ok(status(RolloutState::Running)), Ok(later)], None).unwrap_err();
    }

    #[test]
    fn nothing_to_wait_for_is_no_success() {
        let mut nothing = status(RolloutState::Complete);
        (nothing.rollout, nothing.live) = (None, Vec::new());
        let error = watch(vec![Ok(nothing)], None).unwrap_err();
        assert_eq!((error.code(), error.exit_code()), (ROLLOUT_STATE, 1));
        // A server that never answered says nothing of a rollout.
        let away = Err(Error::new(SERVER_UNREACHABLE, "away"));
        let error = watch(vec![away], Some(Duration::ZERO)).unwrap_err();
        assert_eq!((error.code(), error.exit_code()), (SERVER_UNREACHABLE, 1));
    }

    #[test]
    fn a_rollout_that_ended_well_between_two_questions_did_so() {
        let check = |percent: u8, is_well: bool| {
            let revision = |number, version: &str, percent| Revision {
                revision: number,
                version: version.into(),
                percent,
                before: None,
                at: String::new(),
                who: String::new(),
                why: String::new(),
            };
            let mut next = status(RolloutState::Running);
            next.rollout.as_mut().unwrap().id = 2;
            next.rollout.as_mut().unwrap().version = "1.6.0".into();
            let answers = RefCell::new([status(RolloutState::Running), next.clone(), next].into_iter());
            let ask = || Ok(answers.borrow_mut().next().expect("asked too often"));
            let revisions =
                vec![revision(9, "1.6.0", 5), revision(8, "1.5.0", percent), revision(7, "1.5.0", 100)];
            // Away once, it is asked again.
            let away = RefCell::new(Some(Error::new(SERVER_UNREACHABLE, "away")));
            let history = || away.take().map_or(Ok(History { revisions: revisions.clone() }), Err);
            let ended = until_over(ask, history, Some("1.5.0"), None, Format { json: false });
            assert_eq!(ended.is_ok(), is_well, "{percent}");
        };
        check(100, true);
        check(5, false);
    }

    #[test]
    fn the_end_of_another_rollout_is_not_taken_for_it() {
        let mut next = status(RolloutState::Complete);
        next.rollout.as_mut().unwrap().id = 2;
        let error = watch(vec![Ok(status(RolloutState::Running)), Ok(next)], None).unwrap_err();
        assert_eq!((error.code(), error.exit_code()), (ROLLOUT_ENDED_BADLY, 3));
        assert!(error.message().contains("another rollout"), "{}", error.message());
    }

    #[test]
    fn the_rollout_of_a_version_is_waited_for_and_no_other() {
        let other = || Ok(status(RolloutState::Running));
        let error = watch_version(Some("1.3.0"), vec![other()], None).unwrap_err();
        assert!(error.message().contains("another rollout"), "{}", error.message());
        // Everybody has it: what came after that went back, or has not begun.
        watch_version(Some("1.4.0"), vec![Ok(status(RolloutState::RolledBack))], None).unwrap();
        watch_version(Some("1.5.0"), vec![other(), Ok(status(RolloutState::Complete))], None).unwrap();
        watch_version(Some("1.5.0"), vec![Ok(status(RolloutState::RolledBack))], None).unwrap_err();
        let mut only_one = status(RolloutState::Complete);
        only_one.rollout = None;
        let error = watch_version(Some("9.9.9"), vec![Ok(only_one)], None).unwrap_err();
        assert!(error.message().contains("9.9.9"), "{}", error.message());
    }

    #[test]
    fn a_server_that_is_started_anew_is_waited_for_and_time_runs_out() {
        let away = || Err(Error::new(SERVER_UNREACHABLE, "away"));
        watch(vec![away(), Ok(status(RolloutState::Complete))], None).unwrap();
        // Given hours, it is waited for as long.
        let mut long: Vec<_> = (0..2 * MISSES).map(|_| away()).collect();
        long.push(Ok(status(RolloutState::Complete)));
        watch(long, Some(Duration::from_secs(3600))).unwrap();
        let failed = || Err(Error::new(INTERNAL, "something failed"));
        watch(vec![failed(), Ok(status(RolloutState::Complete))], None).unwrap();
        let no_database = || Err(Error::new(UNAVAILABLE, "its database is away"));
        watch(vec![no_database(), Ok(status(RolloutState::Complete))], None).unwrap();
        let error = watch(vec![Ok(status(RolloutState::Running))], Some(Duration::ZERO)).unwrap_err();
        assert_eq!((error.code(), error.exit_code()), (ROLLOUT_UNFINISHED, 4));
        assert!(
            error.output().is_some_and(|shown| shown.contains("1.5.0")),
            "a pipeline wants to know where it stands"
        );
    }
}
