//! `cargo xtask serve`: from a fresh clone to an open shop.

use crate::{
    apps::{self, App},
    running::{self, Running},
    shell_words::seconds,
    tools, watch,
};
use cli::{
    Error, catalogue,
    publish::{self, Stage},
};
use contract::code::CATALOGUE_INVALID;
use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

/// Build everything, open the shop, and keep it open until Ctrl-C.
///
/// Fetches the tools that are missing, builds the shell and each microapp by its own trunk build,
/// publishes what changed, and ends with the address. What is built already is left alone. What a live shop is told by
/// the environment (MENAGERIE_DATABASE and the like) does not count here: this one keeps everything in its folder.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask serve\n  cargo xtask serve --port 9000 --watch\n  cargo xtask serve --data /tmp/shop --catalogue products_export.csv"
)]
pub struct Arguments {
    /// The port on this machine.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the shop keeps orders, accounts and releases [default: `data` in the workspace].
    #[arg(long)]
    data: Option<PathBuf>,
    /// A Shopify product export to sell instead of what is there.
    #[arg(long, value_name = "FILE.csv")]
    catalogue: Option<PathBuf>,
    /// Rebuild and publish a microapp when its files change; open pages take it up.
    #[arg(long)]
    watch: bool,
}

/// What ends the waiting, or interrupts it.
pub enum Event {
    /// Somebody pressed Ctrl-C, or the system wants us to end.
    Stop,
    /// Files changed.
    Changed,
}

/// Set by Ctrl-C, for what goes from one app to the next.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Whether somebody wants us to end.
pub fn is_stopping() -> bool {
    STOPPING.load(Ordering::Relaxed)
}

/// How often to look whether the server is still there.
const GLANCE: Duration = Duration::from_millis(500);

/// Serves until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let start = Instant::now();
    running::port_is_free(arguments.port)?;
    if let Some(file) = arguments.catalogue.as_ref().filter(|file| !file.is_file()) {
        return Err(Error::new(CATALOGUE_INVALID, format!("{}: there is no such file", file.display())));
    }
    let workspace = apps::workspace();
    println!("Menagerie");
    tools::ensure(&workspace)?;
    let program = server_program(&workspace)?;
    let shop = apps::all(&workspace)?;
    apps::build(&shop, &workspace)?;

    let (sender, events) = mpsc::channel();
    let stop = sender.clone();
    on_stop(move || drop(stop.send(Event::Stop)))?;
    let data = arguments.data.clone().unwrap_or_else(|| workspace.join("data"));
    let flags: &[&str] = if arguments.watch { &["--watch"] } else { &[] };
    let running = Running::start(&program, arguments.port, &data, flags);
    if is_stopping() {
        return Ok(());
    }
    let running = running?;
    if let Some(file) = arguments.catalogue.as_ref().filter(|_| !is_stopping()) {
        let imported = catalogue::import(file, &running.server)?;
        println!("  {:<10} {} products, {} variants", "catalogue", imported.products, imported.variants);
    }
    // The shell last: until then whoever opens the address is told to wait, and finds the whole shop.
    for app in shop.iter().rev() {
        if is_stopping() {
            running.stop();
            return Ok(());
        }
        publish(app, &running)?;
    }
    let watcher = if arguments.watch { Some(watch::start(&workspace, sender)?) } else { None };
    println!("\nOpen after {}: http://localhost:{}/   (Ctrl-C ends it)", seconds(start), arguments.port);
    println!("For operators: http://localhost:{}/console/", arguments.port);
    // A log would keep it.
    if io::stdout().is_terminal() {
        println!("  sign in with {} (until Ctrl-C, and a day longer)", running.token);
    }
    let _ = io::stdout().flush();

    let mut rebuild = watch::Rebuild::new(shop);
    loop {
        match events.recv_timeout(GLANCE) {
            Ok(Event::Stop) => break,
            Ok(Event::Changed) => {
                if watch::settle(&events) == watch::Settled::Stop {
                    break;
                }
                rebuild.changed(&workspace, &running);
            }
            Err(_) => {
                if let Some(status) = running.ended() {
                    let what = format!("the server ended ({status}); it said why above");
                    return Err(Error::new(contract::code::SERVER_UNREACHABLE, what));
                }
            }
        }
    }
    drop(watcher);
    println!("\nclosing …");
    running.stop();
    Ok(())
}

fn server_program(workspace: &Path) -> Result<PathBuf, Error> {
    let start = Instant::now();
    let program = running::program(workspace, "menagerie-server", "menagerie-server")?;
    println!("  {:<10} {}", "server", seconds(start));
    Ok(program)
}

/// Publishes the release of `app`. Says so when it is new.
pub fn publish(app: &App, running: &Running) -> Result<(), Error> {
    let published = publish::send(&app.files()?, Stage::LiveAllowed, &running.server)?;
    if published.created {
        println!("  {:<10} published {}", app.name, published.version);
    }
    Ok(())
}

/// From now on Ctrl-C, or the system that wants us to end, ends nothing by itself: whoever goes on looks at [`is_stopping`], and `act`
/// tells those who wait.
pub fn on_stop(act: impl Fn() + Send + 'static) -> Result<(), Error> {
    ctrlc::set_handler(move || {
        STOPPING.store(true, Ordering::Relaxed);
        act();
    })
    .map_err(|error| Error::new(contract::code::INTERNAL, format!("Ctrl-C cannot be heard: {error}")))
}
