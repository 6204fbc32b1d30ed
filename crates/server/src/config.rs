//! Flags and environment, read once and checked: what the rest of the server gets is valid.

use crate::{
    bot::settings::{Environment, Settings},
    mail::settings::{self as mail, SMTP, Way},
    objects::Place,
    orders::Credentials,
    pricing::{BasisPoints, Currency},
    terms::Terms,
};
use axum::http::{Uri, uri::Scheme};
use clap::Parser;
use contract::{code, shop::order::PaymentMethod};
use ipnet::IpNet;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
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
    port: u16,
    /// The address to listen on.
    #[arg(long, env = "MENAGERIE_ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// The folder for the files of releases and pictures and, without --database, the SQLite database. Several servers on one
    /// database share it, or have --files.
    #[arg(long, env = "MENAGERIE_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Where the files of releases and pictures lie if not in the folder: s3://BUCKET/PREFIX, on any store that speaks S3. Region,
    /// keys and address are taken from AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL.
    #[arg(long, env = "MENAGERIE_FILES", value_name = "URL")]
    files: Option<String>,
    /// sqlite:FILE or postgres://USER@HOST/NAME; without it DIR/menagerie.sqlite.
    #[arg(long, env = "MENAGERIE_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// Tell open pages about new releases (for development).
    #[arg(long, env = "MENAGERIE_WATCH")]
    watch: bool,
    /// The shell's deadlines in milliseconds: load, bootstrap, mount, update, unmount.
    #[arg(
        long,
        env = "MENAGERIE_DEADLINES",
        default_value = "10000,4000,3000,3000,3000",
        value_name = "MS,MS,MS,MS,MS"
    )]
    deadlines: String,
    /// The shop's public origin, such as https://shop.example; https makes cookies Secure and adds HSTS.
    #[arg(long, env = "MENAGERIE_ORIGIN", value_name = "ORIGIN")]
    origin: Option<String>,
    /// An origin whose builds a page may try by `?override=APP@ADDRESS`; may be given more than once. Scripts of it
    /// may then run on the shop's page: list only what your own teams write to.
    #[arg(
        long = "override-origin",
        env = "MENAGERIE_OVERRIDE_ORIGINS",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    override_origins: Vec<String>,
    /// A proxy whose X-Forwarded-For is believed; may be given more than once.
    #[arg(
        long = "trusted-proxy",
        env = "MENAGERIE_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "CIDR"
    )]
    trusted_proxies: Vec<String>,
    /// The currency of all prices, ISO 4217.
    #[arg(long, env = "MENAGERIE_CURRENCY", default_value = "EUR")]
    currency: String,
    /// The tax that prices include, in percent, where --terms says nothing else.
    #[arg(long, env = "MENAGERIE_TAX", default_value = "19", value_name = "PERCENT")]
    tax: String,
    /// What the owner decides: countries, delivery, tax, coupons, payment; a JSON file (docs/shop.md).
    #[arg(long, env = "MENAGERIE_TERMS", value_name = "FILE")]
    terms: Option<PathBuf>,
    /// How long a payment may be pending before its order is cancelled, in seconds.
    #[arg(long, env = "MENAGERIE_PENDING_SECONDS", default_value_t = 30 * 60, value_name = "SECONDS",
        value_parser = clap::value_parser!(u32).range(1..))]
    pending_seconds: u32,
    /// How long a request may take, in seconds.
    #[arg(long, env = "MENAGERIE_REQUEST_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    request_timeout: u32,
    /// How long a connection is kept open for the next request, in seconds; longer than a proxy before it keeps it.
    #[arg(long, env = "MENAGERIE_KEEP_ALIVE", default_value_t = 75, value_name = "SECONDS")]
    keep_alive: u32,
    /// Where the ends of rollouts are told, as JSON by POST: promoted, rolled back, undone.
    #[arg(long, env = "MENAGERIE_WEBHOOK", value_name = "URL", hide_env_values = true)]
    webhook: Option<String>,
    /// What an empty catalogue starts with.
    #[arg(long, env = "MENAGERIE_SEED", value_enum, default_value_t = Seed::Petstore)]
    seed: Seed,
    /// What the chatbot may do: subreddits, webhooks, limits; a JSON file (docs/bot.md).
    #[arg(long, env = "MENAGERIE_BOT", value_name = "FILE")]
    bot: Option<PathBuf>,
    /// The folder with further agents: a sub-folder or zip file each, named as the agent is asked for.
    #[arg(long, env = "MENAGERIE_AGENTS", value_name = "DIR")]
    agents: Option<PathBuf>,
    /// Who mails come from, such as "Menagerie <shop@shop.example>"; without it shop@ the host of --origin.
    #[arg(long, env = "MENAGERIE_MAIL_FROM", value_name = "SENDER")]
    mail_from: Option<String>,
    /// How the log looks.
    #[arg(long, env = "MENAGERIE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
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

/// The environment variable with an operator's token.
pub const OPERATOR_TOKEN: &str = "MENAGERIE_OPERATOR_TOKEN";

/// Stripe's secret key, in the environment only. With it, orders can be paid by Stripe.
pub const STRIPE_KEY: &str = "MENAGERIE_STRIPE_KEY";
/// The signing secret of Stripe's webhook endpoint.
pub const STRIPE_WEBHOOK_SECRET: &str = "MENAGERIE_STRIPE_WEBHOOK_SECRET";
/// Where Stripe's API is, where it is not Stripe itself.
pub const STRIPE_ADDRESS: &str = "MENAGERIE_STRIPE_ADDRESS";

/// A flag or variable that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{code} {flag}: {message}", code = code::CONFIGURATION)]
pub struct Invalid {
    flag: &'static str,
    message: String,
}

/// What the server runs with. Everything in it is valid.
#[derive(Clone)]
pub struct Configuration {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder for the SQLite database, and mails that do not leave the house.
    pub data: PathBuf,
    /// Where the files of releases and pictures lie.
    pub files: Place,
    /// The database's address.
    pub database: String,
    /// Whether pages are told about new releases.
    pub watch: Watch,
    /// The shell's deadlines.
    pub deadlines: Deadlines,
    /// The shop's public origin, where it is known.
    pub origin: Option<String>,
    /// Origins whose builds a page may try in place of what is live.
    pub override_origins: Vec<String>,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The currency of all prices.
    pub currency: Currency,
    /// What the owner decides.
    pub terms: Arc<Terms>,
    /// What Stripe gave the shop.
    pub stripe: Option<Credentials>,
    /// How long a payment may be pending.
    pub pending: Duration,
    /// How long a request may take.
    pub request_timeout: Duration,
    /// How long a connection is kept open for the next request.
    pub keep_alive: Duration,
    /// Where the ends of rollouts are told.
    pub webhook: Option<String>,
    /// What an empty catalogue starts with.
    pub seed: Seed,
    /// What the chatbot may do.
    pub bot: Arc<Settings>,
    /// The folder with further agents.
    pub agents: Option<PathBuf>,
    /// How mails leave the house.
    pub mail: mail::Settings,
    /// How the log looks.
    pub log_format: LogFormat,
    /// A token that makes its holder an operator.
    pub operator_token: Option<String>,
}

/// Whether pages are told about new releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// They ask at their next load.
    Off,
    /// `/manifest.events` tells them.
    On,
}

/// The shell's deadlines, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Deadlines {
    load: u32,
    bootstrap: u32,
    mount: u32,
    update: u32,
    unmount: u32,
}

/// Without the secrets in it.
impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl Configuration {
    /// Checks what was typed. Secrets are looked up in the environment: [`OPERATOR_TOKEN`] and those of the bot.
    pub fn new(flags: Flags, environment: Environment) -> Result<Self, Invalid> {
        let token = environment(OPERATOR_TOKEN).filter(|token| !token.is_empty());
        let terms = Terms::read(flags.terms.as_deref(), tax(&flags.tax)?)
            .map_err(|message| invalid("--terms", message))?;
        let bot = Settings::read(flags.bot.as_deref(), environment);
        if let Some(folder) = flags.agents.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(invalid("--agents", format!("{} is no folder", folder.display())));
        }
        let database = match flags.database {
            Some(url)
                if ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) =>
            {
                url
            }
            Some(_) => {
                return Err(invalid(
                    "--database",
                    "begins with neither `sqlite:` nor `postgres:`".to_owned(),
                ));
            }
            None => format!("sqlite:{}", flags.data.join("menagerie.sqlite").display()),
        };
        let files = Place::read(flags.files.as_deref(), &flags.data, environment)
            .map_err(|message| invalid("--files", message))?;
        let own_origin = flags.origin.map(|text| origin("--origin", &text)).transpose()?;
        let stripe = stripe(environment, own_origin.as_deref())?;
        let named = terms.payments.as_ref().is_some_and(|known| known.contains(&PaymentMethod::Stripe));
        if named && stripe.is_none() {
            return Err(invalid(
                "--terms",
                format!("payments: stripe needs {STRIPE_KEY} in the environment"),
            ));
        }
        let overrides = flags.override_origins.iter().filter(|text| !text.is_empty());
        let overrides = overrides.map(|text| origin("--override-origin", text));
        let trusted = flags.trusted_proxies.iter().filter(|text| !text.is_empty()).map(|text| network(text));
        let way = match environment(SMTP).filter(|text| !text.is_empty()) {
            Some(_) if own_origin.is_none() => {
                return Err(invalid(
                    "--origin",
                    format!("is needed with {SMTP}: mails have links to the shop"),
                ));
            }
            Some(text) => mail::smtp(&text).map_err(|message| invalid(SMTP, message))?,
            None => Way::Folder(flags.data.join("mail")),
        };
        let from = mail::from(flags.mail_from.as_deref(), own_origin.as_deref());
        Ok(Self {
            mail: mail::Settings { way, from: from.map_err(|message| invalid("--mail-from", message))? },
            listen: SocketAddr::new(flags.address, flags.port),
            data: flags.data,
            files,
            database,
            watch: if flags.watch { Watch::On } else { Watch::Off },
            deadlines: deadlines(&flags.deadlines)?,
            origin: own_origin,
            override_origins: overrides.collect::<Result<_, _>>()?,
            trusted_proxies: trusted.collect::<Result<_, _>>()?,
            currency: Currency::parse(&flags.currency).map_err(|message| invalid("--currency", message))?,
            terms: Arc::new(terms),
            stripe,
            pending: Duration::from_secs(flags.pending_seconds.into()),
            request_timeout: seconds("--request-timeout", flags.request_timeout)?,
            keep_alive: seconds("--keep-alive", flags.keep_alive)?,
            webhook: flags.webhook.map(webhook).transpose()?,
            seed: flags.seed,
            bot: Arc::new(bot.map_err(|message| invalid("--bot", message))?),
            agents: flags.agents,
            log_format: flags.log_format,
            operator_token: token.map(operator_token).transpose()?,
        })
    }

    /// Where the shop is, for links in mails: never what a request says of it.
    pub fn address(&self) -> String {
        self.origin.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Whether shoppers reach us by TLS.
    pub fn is_behind_tls(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin.starts_with("https:"))
    }
}

fn invalid(flag: &'static str, message: String) -> Invalid {
    Invalid { flag, message }
}

fn seconds(flag: &'static str, seconds: u32) -> Result<Duration, Invalid> {
    if seconds == 0 {
        return Err(invalid(flag, "must be at least 1 second".to_owned()));
    }
    Ok(Duration::from_secs(seconds.into()))
}

fn deadlines(text: &str) -> Result<Deadlines, Invalid> {
    let numbers = text.split(',').map(|number| number.trim().parse::<u32>().ok().filter(|ms| *ms > 0));
    match numbers.collect::<Option<Vec<_>>>().as_deref() {
        Some(&[load, bootstrap, mount, update, unmount]) => {
            Ok(Deadlines { load, bootstrap, mount, update, unmount })
        }
        _ => Err(invalid(
            "--deadlines",
            format!("`{text}` is not five numbers of milliseconds above 0, with commas"),
        )),
    }
}

fn origin(flag: &'static str, text: &str) -> Result<String, Invalid> {
    let wrong = || invalid(flag, format!("`{text}` is not an origin such as https://shop.example"));
    let text = text.trim_end_matches('/');
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let web = uri.scheme() == Some(&Scheme::HTTP) || uri.scheme() == Some(&Scheme::HTTPS);
    // It goes into headers, where some of what an address may have means something else.
    let plain = uri.authority().is_some_and(|host| {
        host.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
    });
    if !web || !plain || uri.path() != "/" || uri.query().is_some() {
        return Err(wrong());
    }
    Ok(text.to_ascii_lowercase())
}

fn webhook(text: String) -> Result<String, Invalid> {
    let uri: Option<Uri> = text.parse().ok();
    let scheme = uri.as_ref().and_then(Uri::scheme);
    if scheme == Some(&Scheme::HTTP) || scheme == Some(&Scheme::HTTPS) {
        return Ok(text);
    }
    // Not repeated in the message: such addresses often carry a secret.
    Err(invalid("--webhook", "is not an address such as https://chat.example/hooks/rollouts".to_owned()))
}

fn network(text: &str) -> Result<IpNet, Invalid> {
    let text = text.trim();
    let single = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
        invalid("--trusted-proxy", format!("`{text}` is not an address or a network such as 10.0.0.0/8"))
    })
}

fn tax(text: &str) -> Result<BasisPoints, Invalid> {
    let wrong =
        || invalid("--tax", format!("`{text}` is not a percentage from 0 to 100 with at most two decimals"));
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || decimals.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(wrong());
    }
    let points: i64 = format!("{whole}{decimals:0<2}").parse().map_err(|_| wrong())?;
    if points > 10_000 { Err(wrong()) } else { Ok(BasisPoints(points)) }
}

fn stripe(environment: Environment, shop: Option<&str>) -> Result<Option<Credentials>, Invalid> {
    let secret = |name: &str| environment(name).filter(|value| !value.is_empty());
    let (key, webhook_secret) = match (secret(STRIPE_KEY), secret(STRIPE_WEBHOOK_SECRET)) {
        (Some(key), Some(webhook_secret)) => (key, webhook_secret),
        (None, None) => return Ok(None),
        _ => {
            let message = format!("it and {STRIPE_WEBHOOK_SECRET} belong together: set both or none");
            return Err(invalid(STRIPE_KEY, message));
        }
    };
    if shop.is_none() {
        return Err(invalid(
            "--origin",
            "Stripe sends shoppers back to it: set it to the shop's address".to_owned(),
        ));
    }
    let address = secret(STRIPE_ADDRESS).unwrap_or_else(|| "https://api.stripe.com".to_owned());
    Ok(Some(Credentials { key, webhook_secret, address: origin(STRIPE_ADDRESS, &address)? }))
}

fn operator_token(token: String) -> Result<String, Invalid> {
    if token.len() < 16 || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(invalid(OPERATOR_TOKEN, "must be at least 16 visible characters".to_owned()));
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &str) -> Result<Configuration, String> {
        let arguments = std::iter::once("menagerie-server").chain(arguments.split_whitespace());
        let flags = Flags::try_parse_from(arguments).map_err(|error| error.to_string())?;
        Configuration::new(flags, &|_| None).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refused(arguments: &str, expected: &str) {
        let message = read(arguments).expect_err(arguments);
        assert!(message.contains(expected), "{arguments}: {message}");
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        refused("--database mysql://x", "E510 --database");
        refused("--deadlines 1,2,3", "E510 --deadlines");
        refused("--deadlines 1,2,3,4,0", "E510 --deadlines");
        refused("--origin shop.example", "E510 --origin");
        refused("--origin https://shop.example/path", "E510 --origin");
        refused("--origin ftp://shop.example", "E510 --origin");
        refused("--override-origin *", "E510 --override-origin");
        refused("--override-origin http://a;b", "E510 --override-origin");
        refused("--trusted-proxy everybody", "E510 --trusted-proxy");
        refused("--currency XYZ", "E510 --currency");
        refused("--webhook chat.example/hook", "E510 --webhook");
        refused("--tax -1", "unexpected argument");
        refused("--tax=-1", "E510 --tax");
        refused("--tax 101", "E510 --tax");
        refused("--tax 1.234", "E510 --tax");
        refused("--request-timeout 0", "E510 --request-timeout");
        refused("--port 70000", "--port");
        refused("--bot /nowhere.json", "E510 --bot: /nowhere.json");
        refused("--agents /nowhere", "E510 --agents");
        refused("--terms /nowhere.json", "E510 --terms: /nowhere.json");
        refused("--mail-from pets", "E510 --mail-from");
        refused("--colour red", "unexpected argument");
    }

    #[test]
    fn what_is_usual_needs_no_flags() {
        let configuration = read("").unwrap();
        assert_eq!(configuration.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(configuration.database, "sqlite:data/menagerie.sqlite");
        assert_eq!(configuration.terms.tax(None).rate, BasisPoints(1900));
    }

    #[test]
    fn what_can_be_used_is_read() {
        let configuration =
            read("--tax 7.5 --origin https://Shop.example/ --trusted-proxy 10.0.0.0/8,::1 --currency usd")
                .unwrap();
        assert_eq!(configuration.terms.tax(None).rate, BasisPoints(750));
        assert_eq!(configuration.origin.as_deref(), Some("https://shop.example"));
        assert!(configuration.is_behind_tls());
        assert_eq!(configuration.trusted_proxies.len(), 2);
    }

    #[test]
    fn stripe_needs_both_secrets_and_an_origin() {
        let read = |arguments: &[&str], secrets: &[&str]| {
            let arguments = ["menagerie-server"].iter().chain(arguments);
            let flags = Flags::try_parse_from(arguments).unwrap();
            let look_up = |name: &str| secrets.contains(&name).then(|| "http://s3cret".to_owned());
            Configuration::new(flags, &look_up).map_err(|error| error.to_string())
        };
        let origin = ["--origin", "https://shop.example"];
        let both = [STRIPE_KEY, STRIPE_WEBHOOK_SECRET];
        assert!(read(&origin, &[]).unwrap().stripe.is_none());
        let stripe = read(&origin, &both).unwrap().stripe.unwrap();
        assert_eq!(stripe.address, "https://api.stripe.com");
        assert!(!format!("{stripe:?}").contains("s3cret"));
        assert!(read(&origin, &both[..1]).unwrap_err().contains("belong together"));
        assert!(read(&[], &both).unwrap_err().starts_with("E510 --origin"));
    }

    #[test]
    fn a_mail_server_needs_the_shops_address_for_its_links() {
        let read = |arguments: &[&str], smtp: &str| {
            let flags = Flags::try_parse_from([&["menagerie-server"], arguments].concat()).unwrap();
            let environment = |name: &str| (name == SMTP).then(|| smtp.to_owned());
            Configuration::new(flags, &environment).map_err(|error| error.to_string())
        };
        let shop = ["--origin", "https://shop.example"];
        let with = read(&shop, "smtps://ada:secret@mail.example").unwrap();
        assert!(matches!(with.mail.way, Way::Smtp(_)));
        assert_eq!(with.mail.from.to_string(), "Menagerie <shop@shop.example>");
        let without = read(&[], "").unwrap();
        assert!(matches!(without.mail.way, Way::Folder(folder) if folder.ends_with("data/mail")));
        let refused = |arguments, smtp| read(arguments, smtp).unwrap_err();
        assert!(refused(&[], "smtps://mail.example").contains("E510 --origin"));
        let message = refused(&shop, "smtp://ada:secret@");
        assert!(message.contains("E510 MENAGERIE_SMTP") && !message.contains("secret"), "{message}");
    }

    #[test]
    fn a_short_token_is_refused() {
        let flags = Flags::try_parse_from(["menagerie-server"]).unwrap();
        assert!(Configuration::new(flags, &|_| Some("short".to_owned())).is_err());
    }
}
