//! One database, SQLite or PostgreSQL, spoken to in the SQL that both share.

use sqlx::{
    Any, AnyConnection, AnyPool, Executor,
    any::AnyPoolOptions,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    pool::PoolConnection,
};
use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Once},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for a connection before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(3);

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
    /// SQL; `SERIAL_KEY` stands for a primary key that the database counts up.
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
        let options = AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
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
            Backend::Postgres => options.connect(url).await?,
        };
        Ok(Self { pool, backend, turn: Arc::new(Semaphore::new(backend.writers())) })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self, schemas: &[Schema]) -> Result<(), MigrateError> {
        let migrations = schemas.iter().map(|schema| {
            let sql = schema.sql.replace("SERIAL_KEY", self.backend.serial_key());
            let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql));
            Migration::new(schema.version, schema.name.into(), MigrationType::Simple, sql, false)
        });
        Migrator::with_migrations(migrations.collect()).run(&self.pool).await
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
            // waited for in vain; one that only reads, as after a failover.
            _ => ["55P03", "25006", "08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class)),
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

/// Whether a text had a null character, which PostgreSQL does not keep.
pub fn is_bad_text(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("22021"))
}
