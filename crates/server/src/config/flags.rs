//! What can be typed: flags, each with its environment variable.

use clap::Parser;
use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

/// What can be typed.
#[derive(Parser)]
#[command(
    name = "menagerie-server",
    version,
    about = "Menagerie's shop API, sessions, hosting and release registry in one program.",
    after_help = "Examples:
  menagerie-server
      SQLite and release files in ./data, on http://127.0.0.1:8080/
  MENAGERIE_OPERATOR_TOKEN=… menagerie-server --port 9000 --data /var/lib/menagerie
      whoever has the token is an operator as long as a server runs with it
  menagerie-server --database postgres://shop@db.example/shop --origin https://shop.example \\
      --trusted-proxy 10.0.0.0/8
      PostgreSQL, behind a proxy that adds TLS

  MENAGERIE_REDDIT_CLIENT_ID=… MENAGERIE_REDDIT_CLIENT_SECRET=… menagerie-server --bot bot.json
      the chatbot's jokes and facts come from Reddit; bot.json says from where (docs/bot.md)

The first start in a terminal shows an operator's token, once; `menagerie tokens create` makes more. Where there
is no terminal, choose one and put it into MENAGERIE_OPERATOR_TOKEN. It, Reddit's secret, Stripe's
(MENAGERIE_STRIPE_KEY, MENAGERIE_STRIPE_WEBHOOK_SECRET) and the mail server's address
(MENAGERIE_SMTP=smtps://USER:PASSWORD@HOST; docs/shop.md) are read from the environment only, so that they show in no
list of processes. Without a mail server, mails are written to DIR/mail."
)]
pub struct Flags {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, env = "MENAGERIE_PORT", default_value_t = 8080)]
    pub(super) port: u16,
    /// The address to listen on.
    #[arg(long, env = "MENAGERIE_ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(super) address: IpAddr,
    /// The folder for the files of releases and pictures and, without --database, the SQLite database. Several servers on one
    /// database share it, or have --files.
    #[arg(long, env = "MENAGERIE_DATA", default_value = "data", value_name = "DIR")]
    pub(super) data: PathBuf,
    /// Where the files of releases and pictures lie if not in the folder: s3://BUCKET/PREFIX, on any store that speaks S3. Region,
    /// keys and address are taken from AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL.
    #[arg(long, env = "MENAGERIE_FILES", value_name = "URL")]
    pub(super) files: Option<String>,
    /// sqlite:FILE or postgres://USER@HOST/NAME; without it DIR/menagerie.sqlite.
    #[arg(long, env = "MENAGERIE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(super) database: Option<String>,
    /// Tell open pages about new releases (for development).
    #[arg(long, env = "MENAGERIE_WATCH")]
    pub(super) watch: bool,
    /// The shell's deadlines in milliseconds: load, bootstrap, mount, update, unmount.
    #[arg(
        long,
        env = "MENAGERIE_DEADLINES",
        default_value = "10000,4000,3000,3000,3000",
        value_name = "MS,MS,MS,MS,MS"
    )]
    pub(super) deadlines: String,
    /// The shop's public origin, such as https://shop.example; https makes cookies Secure, adds HSTS and
    /// leaves out the test card.
    #[arg(long, env = "MENAGERIE_ORIGIN", value_name = "ORIGIN")]
    pub(super) origin: Option<String>,
    /// An origin whose builds a page may try by `?override=APP@ADDRESS`; may be given more than once. Scripts of it
    /// may then run on the shop's page: list only what your own teams write to.
    #[arg(
        long = "override-origin",
        env = "MENAGERIE_OVERRIDE_ORIGINS",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub(super) override_origins: Vec<String>,
    /// A proxy whose X-Forwarded-For is believed; may be given more than once.
    #[arg(
        long = "trusted-proxy",
        env = "MENAGERIE_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "CIDR"
    )]
    pub(super) trusted_proxies: Vec<String>,
    /// The currency of all prices, ISO 4217.
    #[arg(long, env = "MENAGERIE_CURRENCY", default_value = "EUR")]
    pub(super) currency: String,
    /// The tax that prices include, in percent, where --terms says nothing else.
    #[arg(long, env = "MENAGERIE_TAX", default_value = "19", value_name = "PERCENT")]
    pub(super) tax: String,
    /// What the owner decides: countries, delivery, tax, coupons, payment; a JSON file (docs/shop.md).
    #[arg(long, env = "MENAGERIE_TERMS", value_name = "FILE")]
    pub(super) terms: Option<PathBuf>,
    /// How long a payment may be pending before its order is cancelled, in seconds.
    #[arg(long, env = "MENAGERIE_PENDING_SECONDS", default_value_t = 30 * 60, value_name = "SECONDS",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) pending_seconds: u32,
    /// How long a request may take, in seconds.
    #[arg(long, env = "MENAGERIE_REQUEST_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    pub(super) request_timeout: u32,
    /// How long a connection is kept open for the next request, in seconds; longer than a proxy before it keeps it.
    #[arg(long, env = "MENAGERIE_KEEP_ALIVE", default_value_t = 75, value_name = "SECONDS")]
    pub(super) keep_alive: u32,
    /// Where the ends of rollouts are told, as JSON by POST: promoted, rolled back, undone.
    #[arg(long, env = "MENAGERIE_WEBHOOK", value_name = "URL", hide_env_values = true)]
    pub(super) webhook: Option<String>,
    /// What an empty catalogue starts with.
    #[arg(long, env = "MENAGERIE_SEED", value_enum, default_value_t = Seed::Petstore)]
    pub(super) seed: Seed,
    /// What the chatbot may do: subreddits, webhooks, limits; a JSON file (docs/bot.md).
    #[arg(long, env = "MENAGERIE_BOT", value_name = "FILE")]
    pub(super) bot: Option<PathBuf>,
    /// The folder with further agents: a sub-folder or zip file each, named as the agent is asked for.
    #[arg(long, env = "MENAGERIE_AGENTS", value_name = "DIR")]
    pub(super) agents: Option<PathBuf>,
    /// Who mails come from, such as "Menagerie <shop@shop.example>"; without it shop@ the host of --origin.
    #[arg(long, env = "MENAGERIE_MAIL_FROM", value_name = "SENDER")]
    pub(super) mail_from: Option<String>,
    /// How the log looks.
    #[arg(long, env = "MENAGERIE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
}

/// How the log looks. RUST_LOG chooses what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// What an empty catalogue starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Seed {
    /// Our own pet products.
    Petstore,
    /// Nothing: a catalogue will be imported.
    None,
}
