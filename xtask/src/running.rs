//! The server as a child of this program.

use crate::{serve, tools};
use cli::{
    Error,
    server::{Address, Server},
};
use contract::code::{BUILD_FAILED, CONFIGURATION, PORT_TAKEN, SERVER_UNREACHABLE};
use std::{
    env,
    io::ErrorKind,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// How long a server may take until it is well, and until it has ended.
const PATIENCE: Duration = Duration::from_secs(30);

/// Says at once when another program has the port, not after minutes of building.
pub fn port_is_free(port: u16) -> Result<(), Error> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(Error::new(PORT_TAKEN, format!("another program listens on port {port}")))
        }
        Err(error) => Err(Error::new(CONFIGURATION, format!("--port {port} cannot be used: {error}"))),
    }
}

/// Builds the program `binary` of `package` for everyday use, and says where it lies.
pub fn program(workspace: &Path, package: &str, binary: &str) -> Result<PathBuf, Error> {
    build(workspace, package, ["--bin", binary], "dev")
}

/// The same as it is shipped: what is measured.
pub fn shipped(workspace: &Path, package: &str, binary: &str) -> Result<PathBuf, Error> {
    build(workspace, package, ["--bin", binary], "native")
}

/// An example of a package, built as what is shipped is.
pub fn example(workspace: &Path, package: &str, name: &str) -> Result<PathBuf, Error> {
    build(workspace, package, ["--example", name], "native")
}

fn build(workspace: &Path, package: &str, target: [&str; 2], profile: &str) -> Result<PathBuf, Error> {
    let [_, name] = target;
    let fault = |why: String| Error::new(BUILD_FAILED, format!("{name} could not be built: {why}"));
    let output = tools::command("cargo", workspace)?
        .args(["build", "--message-format=json-render-diagnostics", "--profile", profile])
        .args(["--package", package])
        .args(target)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| fault(error.to_string()))?;
    if !output.status.success() {
        return Err(fault("the compiler's message stands above".to_owned()));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut found = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        (message["target"]["name"] == name).then(|| message["executable"].as_str().map(PathBuf::from))?
    });
    found.next_back().ok_or_else(|| fault("cargo does not say where it is".to_owned()))
}

/// The server that was started last.
static LATEST: Mutex<Option<Arc<Mutex<Child>>>> = Mutex::new(None);

/// From now on Ctrl-C, or the system that wants us to end, ends the server that runs: what is asked of it fails, and we end by
/// returning, so that folders and programs go with their values.
pub fn return_on_stop() -> Result<(), Error> {
    serve::on_stop(|| {
        let latest = lock(&LATEST).clone();
        if let Some(child) = latest {
            end(&mut lock(&child));
        }
    })
}

/// A running server, which ends with this value.
pub struct Running {
    child: Arc<Mutex<Child>>,
    /// For publishing to it.
    pub server: Server,
    /// What operators sign in with while it runs.
    pub token: String,
}

impl Running {
    /// Starts `program` on `port`, and waits until it is well.
    pub fn start(program: &Path, port: u16, data: &Path, flags: &[&str]) -> Result<Self, Error> {
        let token = random_token()?;
        let mut command = Command::new(program);
        command
            // What a live shop is told by the environment is not for this one: its orders and releases are somebody's.
            .env_clear()
            .args(["--port", &port.to_string(), "--data"])
            .arg(data)
            .args(flags)
            .env("MENAGERIE_OPERATOR_TOKEN", &token)
            // Who wants to see every request says so.
            .env("RUST_LOG", env::var_os("RUST_LOG").unwrap_or_else(|| "warn".into()))
            .stdin(Stdio::null())
            // Its address: nothing is there yet, and whoever starts it says where to look when there is.
            .stdout(Stdio::null());
        #[cfg(unix)]
        {
            // A group of its own: Ctrl-C is for us, who end it then.
            use std::os::unix::process::CommandExt;
            command.process_group(0);
        }
        let child = command
            .spawn()
            .map_err(|error| Error::new(SERVER_UNREACHABLE, format!("{}: {error}", program.display())))?;
        let child = Arc::new(Mutex::new(child));
        *lock(&LATEST) = Some(child.clone());
        let address = Address { server: format!("http://127.0.0.1:{port}"), token: token.clone() };
        let running = Self { child, server: Server::new(&address)?, token };
        running.wait_until_well()?;
        Ok(running)
    }

    fn wait_until_well(&self) -> Result<(), Error> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE && !serve::is_stopping() {
            if let Some(status) = self.ended() {
                return Err(Error::new(
                    SERVER_UNREACHABLE,
                    format!("the server ended at once ({status}); it said why above"),
                ));
            }
            if self.server.is_healthy() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(30));
        }
        if serve::is_stopping() {
            return Err(Error::new(SERVER_UNREACHABLE, "interrupted before the server was well".to_owned()));
        }
        Err(Error::new(SERVER_UNREACHABLE, format!("the server was not well after {} s", PATIENCE.as_secs())))
    }

    /// How it ended, if it did.
    pub fn ended(&self) -> Option<ExitStatus> {
        lock(&self.child).try_wait().ok().flatten()
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut lock(&self.child));
    }
}

fn end(child: &mut Child) {
    let has_ended = |child: &mut Child| matches!(child.try_wait(), Ok(Some(_)));
    if has_ended(child) {
        return;
    }
    #[cfg(unix)]
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if has_ended(child) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A token that only this program, its child and its terminal know.
fn random_token() -> Result<String, Error> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(CONFIGURATION, format!("no random numbers: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_said_in_one_sentence_with_the_way_out() {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = other.local_addr().unwrap().port();
        let error = port_is_free(port).unwrap_err();
        assert_eq!(error.code(), PORT_TAKEN);
        let expected =
            format!("E511 another program listens on port {port}. Stop it, or choose another `--port`.");
        assert_eq!(error.message(), expected);
        drop(other);
        port_is_free(port).unwrap();
    }

    #[test]
    fn tokens_differ() {
        let [a, b] = [(); 2].map(|()| random_token().unwrap());
        assert!(a.len() == 48 && a != b);
    }
}
