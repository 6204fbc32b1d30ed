//! One database, SQLite or PostgreSQL, spoken to in the SQL that both share.

use sqlx::{
    Any, AnyConnection, AnyPool, Connection as _, Executor,
    any::AnyPoolOptions,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    pool::PoolConnection,
};
use std::{
    io,
    ops::{Deref, DerefMut},
    sync::{Arc, Once},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a request waits for a connection before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a connection that was let go of may take to be fit for the next one.
const LEAVE: Duration = Duration::from_secs(5);

/// A server whose machine died lets go within a minute of what it held in a transaction, and within two minutes of its connections.
/// Said after connecting: poolers refuse what they do not know among the parameters of a connection.
const POSTGRES_SETTINGS: &str = "SET idle_in_transaction_session_timeout = '60s';
     SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10";

/// Connections to the database.
const CONNECTIONS: u32 = 8;
/// How many of them may write at once. The others read, however long a writer waits for another one.
const POSTGRES_WRITERS: usize = 5;

/// A vertical's tables: one file beside its store.
pub struct Schema {
    /// Its place in the order of all schemas; never changes.
    pub version: i64,
    /// The vertical and what is done.
    pub name: &'static str,
    /// SQL; `SERIAL_KEY` stands for a primary key that the database counts up. What begins with `-- SQLite alone` is for no other.
    pub sql: &'static str,
}

/// A pool of connections.
#[derive(Clone)]
pub struct Database {
    pool: AnyPool,
    backend: Backend,
    /// Writers wait here for their turn: it is fair and costs neither a connection nor, as in SQLite, polling.
    turn: Arc<Semaphore>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    fn of(url: &str) -> Self {
        if url.starts_with("sqlite:") { Self::Sqlite } else { Self::Postgres }
    }

    fn writers(self) -> usize {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => POSTGRES_WRITERS,
        }
    }

    fn serial_key(self) -> &'static str {
        match self {
            Self::Sqlite => "INTEGER PRIMARY KEY",
            Self::Postgres => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        }
    }
}

impl Database {
    /// Connects to `sqlite:PATH` (made when it is not there) or `postgres://…`.
    pub async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let backend = Backend::of(url);
        let options = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            // The pool waits for ever for one whose question was cut off, and nobody has its place meanwhile.
            .after_release(|connection, _| {
                Box::pin(async move {
                    in_time(LEAVE, connection.ping()).await?;
                    // SQLite itself ends a transaction that found no room on the disk. sqlx does not know, and would let nobody begin
                    // another one on this connection, however much room there is again.
                    Ok(!connection.is_in_transaction())
                })
            });
        let pool = match backend {
            Backend::Sqlite => {
                let options = options.after_connect(|connection, _| {
                    Box::pin(async move {
                        // FULL: a commit is on the disk before it is acknowledged, also in WAL mode,
                        // so neither kill -9 nor a power cut loses an order that was answered.
                        connection
                            .execute(
                                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL;
                                 PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
                            )
                            .await?;
                        Ok(())
                    })
                });
                let separator = if url.contains('?') { '&' } else { '?' };
                options.connect(&format!("{url}{separator}mode=rwc")).await?
            }
            Backend::Postgres => {
                let options = options.after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(POSTGRES_SETTINGS).await.map(drop) })
                });
                options.connect(url).await?
            }
        };
        Ok(Self { pool, backend, turn: Arc::new(Semaphore::new(backend.writers())) })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self, schemas: &[Schema]) -> Result<(), MigrateError> {
        let is_ours =
            |schema: &&Schema| self.backend == Backend::Sqlite || !schema.sql.starts_with("-- SQLite alone");
        let migrations = schemas.iter().filter(is_ours).map(|schema| {
            let sql = schema.sql.replace("SERIAL_KEY", self.backend.serial_key());
            let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql));
            Migration::new(schema.version, schema.name.into(), MigrationType::Simple, sql, false)
        });
        let migrator = Migrator::with_migrations(migrations.collect());
        match self.backend {
            // Of servers that start at the same moment one waits for the other, which PostgreSQL's migrator sees to itself.
            Backend::Sqlite => {
                let mut transaction = self.write().await?;
                migrator.run(&mut *transaction).await?;
                Ok(transaction.commit().await?)
            }
            Backend::Postgres => migrator.run(&self.pool).await,
        }
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<PoolConnection<Any>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// A transaction that will write. Dropped without `commit`, it never happened.
    pub async fn write(&self) -> Result<Transaction, sqlx::Error> {
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        self.begin(turn).await
    }

    /// The same if no other writer has to be waited for; for what can as well be written another time.
    pub async fn write_if_free(&self) -> Result<Option<Transaction>, sqlx::Error> {
        match Arc::clone(&self.turn).try_acquire_owned() {
            Ok(turn) => self.begin(turn).await.map(Some),
            Err(_) => Ok(None),
        }
    }

    async fn begin(&self, turn: OwnedSemaphorePermit) -> Result<Transaction, sqlx::Error> {
        let begin = match self.backend {
            // A transaction that begins as a reader cannot always become a writer later.
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        };
        let mut inner = self.pool.begin_with(begin).await?;
        if self.backend == Backend::Postgres {
            // Whoever asked is answered after half a minute; a connection must not wait for a lock any longer.
            inner.execute("SET LOCAL lock_timeout = '20s'").await?;
        }
        Ok(Transaction { inner, _turn: turn })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        self.read().await?.execute("SELECT 1").await.map(drop)
    }

    /// Lets go of the database; everything afterwards fails as if it were away.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// What `work` brings; an error when it takes longer than `limit`. For whatever nobody else cuts off: a machine that vanished without
/// a word answers nothing and ends no connection. What is cut off in a transaction never happened.
pub async fn in_time<T, E: From<sqlx::Error>>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let late = || sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
    timeout(limit, work).await.unwrap_or_else(|_| Err(late().into()))
}

/// A transaction that writes.
pub struct Transaction {
    inner: sqlx::Transaction<'static, Any>,
    _turn: OwnedSemaphorePermit,
}

impl Transaction {
    /// Makes it so.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await
    }
}

impl Deref for Transaction {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.inner
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}

/// `$3, $4, $5` for `placeholders(3, 3)`: the one thing that SQL text here is ever put together from.
pub fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The pattern for `LIKE … ESCAPE '!'` of whatever has `text` in it.
pub fn containing(text: &str) -> String {
    let mut pattern = "%".to_owned();
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern + "%"
}

/// Whether the fault lies with a database that is away, full or busy rather than with us.
pub fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| match code.parse::<u32>() {
            // SQLite, primary result code: busy, locked, read-only, I/O, full, cannot open.
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14),
            // PostgreSQL, class: connection, deadlock, resources, operator intervention, system; a lock that was
            // waited for in vain; one that only reads, as after a failover; one that waited for us for too long.
            _ => ["55P03", "25006", "25P03", "08", "40", "53", "57", "58"]
                .iter()
                .any(|class| code.starts_with(class)),
        }),
        _ => false,
    }
}

/// Whether the database gave a transaction up for another one's sake; done again, it may well succeed.
pub fn is_given_up(error: &sqlx::Error) -> bool {
    // PostgreSQL: serialization failure, deadlock.
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| ["40001", "40P01"].contains(&&*code))
}

/// Whether PostgreSQL's role may not do this.
pub fn lacks_rights(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("42501"))
}

/// Whether a text had a null character, which PostgreSQL does not keep.
pub fn is_bad_text(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("22021"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;

    const SCHEMAS: [Schema; 3] = [
        Schema { version: 1, name: "one", sql: "CREATE TABLE one (id SERIAL_KEY)" },
        Schema { version: 2, name: "two", sql: "CREATE TABLE two (id SERIAL_KEY)" },
        Schema { version: 3, name: "three", sql: "INSERT INTO one (id) VALUES (1)" },
    ];

    async fn rows(database: &Database) -> i64 {
        let mut db = database.read().await.unwrap();
        sqlx::query_scalar("SELECT COUNT(*) FROM one").fetch_one(&mut *db).await.unwrap()
    }

    #[tokio::test]
    async fn of_servers_that_start_at_once_on_one_file_each_starts() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("new.sqlite").display());
        let starting = (0..4).map(|_| async {
            let database = Database::connect(&url).await.unwrap();
            database.migrate(&SCHEMAS).await.unwrap();
            rows(&database).await
        });
        assert_eq!(join_all(starting).await, [1; 4]);
    }

    #[tokio::test]
    async fn what_is_cut_off_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("new.sqlite").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate(&SCHEMAS).await.unwrap();
        let round = async {
            let mut transaction = database.write().await?;
            transaction.execute("DELETE FROM one").await?;
            std::future::pending::<Result<(), sqlx::Error>>().await
        };
        let error = in_time(Duration::from_millis(50), round).await.unwrap_err();
        assert!(is_away(&error), "{error}");
        assert_eq!(rows(&database).await, 1);
        // Nor does it keep the next writer waiting.
        database.write().await.unwrap().commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_full_disk_costs_no_connection() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("new.sqlite").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate(&SCHEMAS).await.unwrap();
        let mut transaction = database.write().await.unwrap();
        transaction.execute("CREATE TABLE large (content BLOB)").await.unwrap();
        transaction.commit().await.unwrap();
        for _ in 0..=CONNECTIONS {
            let mut transaction = database.write().await.unwrap();
            transaction.execute("PRAGMA max_page_count = 1").await.unwrap();
            // One large row: of what writes many, SQLite takes back the statement alone.
            let large = "INSERT INTO large VALUES (zeroblob(1000000))";
            let error = transaction.execute(large).await.unwrap_err();
            assert!(is_away(&error), "{error}");
            drop(transaction);
            assert_eq!(rows(&database).await, 1);
        }
    }
}
