//! Flags and environment, read once and checked: what the rest of the server gets is valid.

mod flags;
mod values;

pub use flags::{Flags, LogFormat, Seed};

use crate::{
    bot::settings::{Environment, Settings},
    mail::settings::{self as mail, SMTP, Way},
    objects::Place,
    orders::Credentials,
    pricing::Currency,
    terms::Terms,
};
use contract::{code, shop::order::PaymentMethod};
use ipnet::IpNet;
use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use values::{deadlines, invalid, network, operator_token, origin, seconds, stripe, tax, webhook};

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

    /// How shoppers may pay: as the owner names it; else on delivery, and by Stripe where it is configured, with the test card where
    /// neither it is nor shoppers come by TLS: a shop that is more than tried out must not tell them how to pay nothing.
    pub fn payments(&self) -> Vec<PaymentMethod> {
        let usual = || {
            let mut usual = vec![PaymentMethod::OnDelivery];
            if self.stripe.is_some() {
                usual.push(PaymentMethod::Stripe);
            } else if !self.is_behind_tls() {
                usual.push(PaymentMethod::TestCard);
            }
            usual
        };
        self.terms.payments.clone().unwrap_or_else(usual)
    }

    /// Whether shoppers reach us by TLS.
    pub fn is_behind_tls(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin.starts_with("https:"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::BasisPoints;
    use clap::Parser;

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
    fn an_origin_is_written_as_browsers_do() {
        for (typed, expected) in [
            ("https://Shop.example:443/", "https://shop.example"),
            ("http://shop.example:80", "http://shop.example"),
            ("https://[2001:DB8::443]:443", "https://[2001:db8::443]"),
            ("https://[2001:db8::443]", "https://[2001:db8::443]"),
            ("https://shop.example:80", "https://shop.example:80"),
            ("http://shop.example:443", "http://shop.example:443"),
            ("https://shop.example:8443", "https://shop.example:8443"),
        ] {
            let found = read(&format!("--origin {typed}")).unwrap().origin;
            assert_eq!(found.as_deref(), Some(expected), "{typed}");
        }
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
