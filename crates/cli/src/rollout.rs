//! `menagerie rollout`: a published release goes live step by step, and back. The words of `kubectl rollout`.

mod told;
mod watch;

use crate::{
    Error, releases,
    server::{Address, Server},
    shown::Format,
};
use contract::{
    code::RELEASE_UNKNOWN,
    registry::{
        release::{MOST_LISTED, Releases},
        rollout::{AppStatus, Apps, History, NewRollout, Undo},
    },
    route::encode,
};
use serde_json::json;
use std::time::Duration;

/// How long a server may take with a question of those who watch, which are asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// A published release goes live step by step, and back.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Begin to roll out a published version.
    ///
    /// Each step lasts at least the interval, and is left only when enough visitors' pages reported, and the new release
    /// does no worse than the one before; if it does worse it is rolled back by itself. Asked for again with the same steps, a
    /// rollout simply goes on; with others it is refused. The first release of a microapp,
    /// and `--steps 100`, are live for everybody at once.
    #[command(
        after_help = "Examples:\n  menagerie rollout start cart 1.5.0\n  menagerie rollout start cart 1.5.0 --steps 10,50,100 --interval 1h\n  menagerie rollout start cart 1.5.0 --hold && menagerie rollout resume cart"
    )]
    Start {
        /// The microapp.
        app: String,
        /// Its version.
        version: String,
        /// Rising percents of the visitors, the last one 100.
        #[arg(long, value_delimiter = ',', default_value = "5,25,50,100", value_parser = percent)]
        steps: Vec<u8>,
        /// How long each step lasts at least: 1s to 30d.
        #[arg(long, default_value = "10m", value_parser = interval)]
        interval: Duration,
        /// Stay at the first step until `rollout resume`. Of a first release, and of `--steps 100`, there is none to stay at.
        #[arg(long)]
        hold: bool,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// What is live, and where the rollout stands.
    ///
    /// Ends with 0, or with 3 when the last rollout went back. With --watch it waits for the end of the rollout: 0 when
    /// everybody has the release, 3 when it went back, 4 when --timeout was over first.
    #[command(
        after_help = "Examples:\n  menagerie rollout status\n  menagerie rollout status cart --watch --timeout 2h\n  menagerie rollout status cart --watch --version 1.5.0\n  menagerie rollout status cart --json"
    )]
    Status {
        /// The microapp; without it all of them.
        #[arg(required_if_eq("watch", "true"))]
        app: Option<String>,
        /// Wait until it is over.
        #[arg(long, short)]
        watch: bool,
        /// How long to wait.
        #[arg(long, value_parser = humantime::parse_duration, requires = "watch")]
        timeout: Option<Duration>,
        /// Wait for this release's rollout and no other, which may have begun by now.
        #[arg(long, requires = "watch")]
        version: Option<String>,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// What was live when, by whom and why.
    #[command(after_help = "Example:\n  menagerie rollout history cart")]
    History {
        /// Which microapp.
        #[command(flatten)]
        app: Named,
    },
    /// Keep a rollout at its step.
    #[command(after_help = "Example:\n  menagerie rollout pause cart")]
    Pause {
        /// Which microapp.
        #[command(flatten)]
        app: Named,
    },
    /// Let a paused rollout go on.
    #[command(after_help = "Example:\n  menagerie rollout resume cart")]
    Resume {
        /// Which microapp.
        #[command(flatten)]
        app: Named,
    },
    /// Give the release to everybody now, whatever is reported of it.
    #[command(after_help = "Example:\n  menagerie rollout promote cart")]
    Promote {
        /// Which microapp.
        #[command(flatten)]
        app: Named,
    },
    /// Go back: to what was live before the rollout, or else to the last good release.
    ///
    /// It makes a new revision. The shell goes back in the same way: `menagerie rollout undo shell`.
    #[command(
        after_help = "Examples:\n  menagerie rollout undo cart\n  menagerie rollout undo cart --to-revision 7"
    )]
    Undo {
        /// Which microapp.
        #[command(flatten)]
        app: Named,
        /// The revision whose release goes live again.
        #[arg(long)]
        to_revision: Option<i64>,
    },
}

/// A microapp, where its server is, and how to answer.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// The microapp.
    app: String,
    /// The server, and as whom.
    #[command(flatten)]
    address: Address,
    /// How to answer.
    #[command(flatten)]
    format: Format,
}

/// A step, whatever blanks are around it.
fn percent(text: &str) -> Result<u8, String> {
    let percent = text.trim().parse().ok().filter(|percent| (1..=100).contains(percent));
    percent.ok_or_else(|| "a step is a percent from 1 to 100".to_owned())
}

fn interval(text: &str) -> Result<Duration, String> {
    let interval = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let fits = interval.subsec_nanos() == 0 && (1..=30 * 24 * 60 * 60).contains(&interval.as_secs());
    fits.then_some(interval).ok_or_else(|| "an interval is of whole seconds, from 1s to 30d".to_owned())
}

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    match command {
        Command::Start { app, version, steps, interval, hold, address, format } => {
            let interval_seconds = u32::try_from(interval.as_secs()).unwrap_or(u32::MAX);
            let wish =
                NewRollout { version: version.clone(), steps: steps.clone(), interval_seconds, hold: *hold };
            let status: AppStatus =
                Server::new(address)?.send(&path(app, "/rollout"), &wish).map_err(|error| error.of(app))?;
            Ok(format.show(&status, || told::status(&status)))
        }
        Command::Status { app: None, address, format, .. } => {
            let apps: Apps = Server::new(address)?.get("api/v1/registry/apps")?;
            Ok(format.show(&apps, || told::apps(&apps.apps)))
        }
        Command::Status { app: Some(app), watch: false, address, format, .. } => {
            let status: AppStatus = Server::new(address)?.get(&path(app, ""))?;
            let shown = format.show(&status, || told::status(&status));
            match watch::went_back(&status) {
                Some(error) => Err(error.with_output(shown)),
                None => Ok(shown),
            }
        }
        Command::Status { app: Some(app), watch: true, timeout, version, address, format } => {
            let server = Server::new(address)?;
            if let Some(version) = version {
                refuse_unpublished(app, version, &server)?;
            }
            let status = || server.get_within(&path(app, ""), PATIENCE);
            let history = || server.get_within::<History>(&path(app, "/history"), PATIENCE);
            watch::until_over(status, history, version.as_deref(), *timeout, *format)
        }
        Command::History { app } => {
            let history: History = app.server()?.get(&path(&app.app, "/history"))?;
            Ok(app.format.show(&history, || told::history(&history)))
        }
        Command::Pause { app } => app.act("/rollout/pause", &json!({})),
        Command::Resume { app } => app.act("/rollout/resume", &json!({})),
        Command::Promote { app } => app.act("/rollout/promote", &json!({})),
        Command::Undo { app, to_revision } => app.act("/undo", &Undo { to_revision: *to_revision }),
    }
}

/// Refuses to wait for a version that was never published: one that was mistyped must not look like one that went back. A server that is
/// away is left to those who wait.
fn refuse_unpublished(app: &str, version: &str, server: &Server) -> Result<(), Error> {
    let Ok(found) = server.get_within::<Releases>(&releases::list(Some(app)), PATIENCE) else {
        return Ok(());
    };
    // Of a longer list the end is not known.
    let is_whole = found.releases.len() < usize::from(MOST_LISTED);
    if is_whole && !found.releases.iter().any(|release| release.version == version) {
        return Err(Error::new(RELEASE_UNKNOWN, format!("there is no release {app} {version}")));
    }
    Ok(())
}

impl Named {
    fn server(&self) -> Result<Server, Error> {
        Server::new(&self.address)
    }

    fn act(&self, what: &str, body: &impl serde::Serialize) -> Result<String, Error> {
        let status: AppStatus =
            self.server()?.send(&path(&self.app, what), body).map_err(|error| error.of(&self.app))?;
        Ok(self.format.show(&status, || told::status(&status)))
    }
}

fn path(app: &str, rest: &str) -> String {
    format!("api/v1/registry/apps/{}{rest}", encode(app))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::tests::answering;

    #[test]
    fn a_version_that_was_never_published_is_not_waited_for() {
        let release = r#"{"app":"cart","version":"1.5.0","published_at":"","published_by":"","percent":0,"fallback":false,"size":1,"held":[],"allowed_by":null,"faulty":null,"pruned":false}"#;
        let list = |count: usize| format!(r#"{{"releases":[{}]}}"#, vec![release; count].join(","));
        for (answer, version, is_refused) in [
            (("200 OK", list(1)), "1.5.0", false),
            (("200 OK", list(1)), "9.9.9", true),
            // An old one may stand no longer in it.
            (("200 OK", list(usize::from(MOST_LISTED))), "9.9.9", false),
            (("502 Bad Gateway", String::new()), "9.9.9", false),
        ] {
            let (address, asked) = answering(&[(answer.0, &answer.1)]);
            let refused = refuse_unpublished("cart", version, &Server::new(&address).unwrap());
            let code = refused.err().map(|error| (error.code(), error.exit_code()));
            assert_eq!(code, is_refused.then_some((RELEASE_UNKNOWN, 1)), "{answer:?}");
            assert!(asked.join().unwrap().starts_with("GET /api/v1/registry/releases?app=cart HTTP"));
        }
    }
}
