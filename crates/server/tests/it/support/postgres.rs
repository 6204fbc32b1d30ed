//! A PostgreSQL of our own, made when the first test asks and gone with the last one.

use super::{Shop, within};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Set to go without PostgreSQL, where it really cannot be installed.
const WITHOUT: &str = "MENAGERIE_TEST_WITHOUT_POSTGRES";

/// Makes a cluster, says where it is, and takes it away when nobody holds standard input open any more:
/// that is when the tests are over, however they ended.
const SCRIPT: &str = r#"
set -e
trap exit INT TERM
dir=$(mktemp -d "${TMPDIR:-/tmp}/menagerie-postgres-XXXXXX")
trap 'pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
initdb -D "$dir/data" -U shop -A trust -E UTF8 --locale=C --no-sync >/dev/null
pg_ctl -D "$dir/data" -w -l "$dir/log" \
    -o "-k '$dir' -c listen_addresses='' -c fsync=off -c max_connections=300" start >/dev/null 2>&1 </dev/null
echo "$dir"
cat >/dev/null
"#;

/// A running cluster.
pub struct Cluster {
    folder: String,
    /// Holds the script's standard input.
    _script: Child,
}

impl Cluster {
    /// Starts one.
    fn start() -> Self {
        let mut command = command();
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sh runs");
        let mut folder = String::new();
        let said = script.stdout.take().expect("piped");
        BufReader::new(said).read_line(&mut folder).expect("readable");
        let folder = folder.trim().to_owned();
        assert!(!folder.is_empty(), "PostgreSQL did not start; its message stands above");
        Self { folder, _script: script }
    }

    /// The address of a database in it.
    fn url(&self, database: &str) -> String {
        format!("postgres://shop@localhost/{database}?host={}", self.folder)
    }
}

/// A new, empty database. `None` where one goes without PostgreSQL on purpose.
pub async fn database() -> Option<String> {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    if std::env::var_os(WITHOUT).is_some() {
        // Not `eprintln`: of a test that passes nobody would see it.
        let said = format!("SKIPPED: {WITHOUT} is set, so nothing was tried on PostgreSQL.\n");
        let _ = io::stderr().write_all(said.as_bytes());
        return None;
    }
    let cluster = CLUSTER.get_or_init(Cluster::start);
    let name = format!("shop_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
    Some(cluster.url(&name))
}

/// A database whose server ends with the returned value.
pub async fn database_of_its_own() -> Option<(String, Cluster)> {
    database().await?;
    let cluster = Cluster::start();
    Some((cluster.url("postgres"), cluster))
}

/// Waits until so many of the shop's transactions wait for what others hold.
pub async fn transactions_wait(shop: &Shop, count: i64) {
    const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let mut watching = shop.server.database.read().await.unwrap();
    let wait = async {
        while sqlx::query_scalar::<_, i64>(WAITING).fetch_one(&mut *watching).await.unwrap() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    within("a transaction that waits for a lock", wait).await;
}

impl Cluster {
    /// Ends it now, as a crash would.
    pub fn stop(mut self) {
        drop(self._script.stdin.take());
        self._script.wait().expect("it ends");
    }
}

fn command() -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let path = programs().map(|folder| format!("{}:{path}", folder.display())).unwrap_or(path);
    // PostgreSQL refuses to run as root.
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh", "-c", SCRIPT]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT]);
        command
    };
    command.env("PATH", path).current_dir("/");
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}

/// Debian keeps the programs out of PATH, by version.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    let in_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join("initdb").exists())
    };
    assert!(
        !found.is_empty() || in_path(),
        "PostgreSQL is not installed: `apt-get install postgresql`, or set {WITHOUT}=1 to leave half of this untested"
    );
    found.pop()
}
