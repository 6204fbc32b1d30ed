//! What an operator can set about the bot: which subreddits serve which content, which webhooks may be called,
//! how much is allowed. One JSON file; what it does not say is as in `assets/reddit/sources.json` and below.

use super::{outbound, reddit::listing::Shows};
use crate::assets;
use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::Deserialize;
use std::{collections::BTreeMap, fmt, net::IpAddr, num::NonZeroU32, path::Path};

/// Reddit's names for a registered app's id and secret, in the environment only.
pub const CLIENT_ID: &str = "MENAGERIE_REDDIT_CLIENT_ID";
/// See [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "MENAGERIE_REDDIT_CLIENT_SECRET";

/// What holds for the bot. Everything in it is valid.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What can be heard, by the values of the entity `content`.
    pub contents: BTreeMap<String, Content>,
    /// How Reddit is asked.
    pub reddit: RedditSettings,
    /// Addresses that may be called, with their headers.
    pub webhooks: Vec<Webhook>,
    /// How much is allowed.
    pub limits: Limits,
}

/// Something that can be heard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Subreddits that serve it, by language.
    pub subreddits: BTreeMap<String, Vec<String>>,
    /// Which parts of a post are shown.
    pub shows: Shows,
    /// The listing of our own for when Reddit is away; none where there is nothing like it.
    pub bundled: Option<String>,
    /// What one of it is called, by language.
    pub name: BTreeMap<String, String>,
}

/// How Reddit is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RedditSettings {
    /// Where tokens come from.
    pub token_origin: String,
    /// Where listings come from.
    pub listing_origin: String,
    /// Who answers for the requests: `/u/name`.
    pub user: String,
    /// Requests a minute; Reddit allows 100.
    pub per_minute: NonZeroU32,
    /// After how many minutes a listing is fetched anew.
    pub refresh_minutes: NonZeroU32,
    /// The app's id and secret, when they are there.
    #[serde(skip)]
    pub credentials: Option<Credentials>,
}

/// A registered app.
#[derive(Clone)]
pub struct Credentials {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Default for RedditSettings {
    fn default() -> Self {
        const USUAL: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
        const HALF_AN_HOUR: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
        Self {
            token_origin: "https://www.reddit.com".to_owned(),
            listing_origin: "https://oauth.reddit.com".to_owned(),
            user: "menagerie".to_owned(),
            per_minute: USUAL,
            refresh_minutes: HALF_AN_HOUR,
            credentials: None,
        }
    }
}

/// An address that may be called.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The whole address.
    pub address: Url,
    /// Headers for it, and for it alone.
    pub headers: HeaderMap,
    /// Whether it may lie in a private network.
    pub private: bool,
}

/// How much is allowed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests a minute from one address.
    pub address_per_minute: NonZeroU32,
    /// Calls of a webhook a minute by one session.
    pub session_per_minute: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        const ADDRESS: NonZeroU32 = NonZeroU32::new(300).expect("not zero");
        const SESSION: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
        Self { address_per_minute: ADDRESS, session_per_minute: SESSION }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    contents: Option<BTreeMap<String, Content>>,
    reddit: RedditSettings,
    webhooks: Vec<WebhookEntry>,
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookEntry {
    address: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    private: bool,
}

/// Looks up a variable of the environment.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

impl Settings {
    /// Reads the file, if there is one. Secrets are taken out of the environment; the file only names them.
    pub fn read(file: Option<&Path>, environment: Environment) -> Result<Self, String> {
        let file = match file {
            None => File::default(),
            Some(path) => {
                let place = path.display();
                let text = std::fs::read_to_string(path).map_err(|error| format!("{place}: {error}"))?;
                serde_json::from_str(&text).map_err(|error| format!("{place}: {error}"))?
            }
        };
        let usual = assets::text("reddit/sources.json").unwrap_or_default();
        let usual: File =
            serde_json::from_str(&usual).map_err(|error| format!("assets/reddit/sources.json: {error}"))?;
        let contents = file.contents.or(usual.contents).unwrap_or_default();
        for (name, content) in &contents {
            check_content(name, content)?;
        }
        let mut reddit = file.reddit;
        reddit.token_origin = origin("reddit.token_origin", &reddit.token_origin)?;
        reddit.listing_origin = origin("reddit.listing_origin", &reddit.listing_origin)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if reddit.user.is_empty() || !reddit.user.chars().all(plain) {
            return Err(format!("reddit.user: `{}` is no name of a Reddit account", reddit.user));
        }
        let secret = |name: &str| environment(name).filter(|value| !value.is_empty());
        reddit.credentials = match (secret(CLIENT_ID), secret(CLIENT_SECRET)) {
            (Some(id), Some(secret)) => Some(Credentials { id, secret }),
            (None, None) => None,
            _ => return Err(format!("{CLIENT_ID} and {CLIENT_SECRET} belong together: set both or none")),
        };
        let webhooks = file.webhooks.into_iter().map(|entry| webhook(entry, environment));
        Ok(Self { contents, reddit, webhooks: webhooks.collect::<Result<_, _>>()?, limits: file.limits })
    }

    /// The webhook of an address, if it may be called.
    pub fn webhook(&self, address: &str) -> Option<&Webhook> {
        let address = Url::parse(address).ok()?;
        self.webhooks.iter().find(|webhook| webhook.address == address)
    }
}

fn check_content(name: &str, content: &Content) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for subreddit in content.subreddits.values().flatten() {
        if !(2..=40).contains(&subreddit.len()) || !subreddit.chars().all(plain) {
            return Err(format!(
                "contents.{name}.subreddits: `{subreddit}` is no subreddit; write Jokes, without r/"
            ));
        }
    }
    if let Some(bundled) = &content.bundled
        && assets::get(&format!("reddit/{bundled}.en.json")).is_none()
    {
        return Err(format!("contents.{name}.bundled: there is no listing `{bundled}`; take jokes or facts"));
    }
    match content.name.get("en") {
        Some(_) => Ok(()),
        None => Err(format!("contents.{name}.name: `en` is missing, such as {{\"en\": \"joke\"}}")),
    }
}

fn origin(field: &str, text: &str) -> Result<String, String> {
    let url =
        Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/");
    url.map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| format!("{field}: `{text}` is no origin such as https://oauth.reddit.com"))
}

fn webhook(entry: WebhookEntry, environment: Environment) -> Result<Webhook, String> {
    let wrong = |what: String| format!("webhooks: {}: {what}", entry.address);
    let address = Url::parse(&entry.address).map_err(|error| wrong(error.to_string()))?;
    if !matches!(address.scheme(), "http" | "https")
        || !address.username().is_empty()
        || address.password().is_some()
    {
        return Err(wrong(
            "expected http or https, and no password in the address: use `headers`".to_owned(),
        ));
    }
    let host = address.host_str().unwrap_or("").trim_matches(['[', ']']);
    // A resolver never sees an address that is written in numbers.
    if !entry.private && host.parse::<IpAddr>().is_ok_and(|ip| !outbound::is_public(ip)) {
        return Err(wrong("this is a private address; add `\"private\": true` if it is meant".to_owned()));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in &entry.headers {
        let name: HeaderName = name.parse().map_err(|_| wrong(format!("`{name}` is no header")))?;
        let value = match value.strip_prefix('$') {
            Some(variable) => environment(variable)
                .ok_or_else(|| wrong(format!("the environment has no {variable} for `{name}`")))?,
            None => value.clone(),
        };
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| wrong(format!("the value of `{name}` cannot stand in a header")))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(Webhook { address, headers, private: entry.private })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), json).unwrap();
        let look_up = |name: &str| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::read(Some(file.path()), &look_up)
    }

    #[track_caller]
    fn refused(json: &str, expected: &str) {
        let message = read(json, &[]).unwrap_err();
        assert!(message.contains(expected), "{json}: {message}");
    }

    #[test]
    fn what_is_usual_needs_no_file() {
        let settings = Settings::read(None, &|_| None).unwrap();
        assert_eq!(settings.contents["joke"].subreddits["en"], ["Jokes"]);
        assert_eq!(settings.contents["fact"].subreddits["en"], ["todayilearned"]);
        assert!(settings.reddit.credentials.is_none() && settings.webhooks.is_empty());
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_its_place() {
        refused("{", "line 1");
        refused(r#"{"colour": 1}"#, "unknown field `colour`");
        refused(r#"{"reddit": {"token_origin": "reddit"}}"#, "reddit.token_origin");
        refused(r#"{"reddit": {"user": "a b"}}"#, "reddit.user");
        refused(r#"{"reddit": {"per_minute": 0}}"#, "line 1");
        refused(r#"{"limits": {"address_per_minute": 0}}"#, "line 1");
        let content = |subreddit: &str, bundled: &str, name: &str| {
            format!(
                r#"{{"contents": {{"c": {{"subreddits": {{"en": ["{subreddit}"]}}, "shows": "title", "bundled": "{bundled}", "name": {{"{name}": "c"}}}}}}}}"#
            )
        };
        refused(&content("r/Jokes", "jokes", "en"), "contents.c.subreddits: `r/Jokes`");
        refused(&content("Jokes", "../x", "en"), "contents.c.bundled");
        refused(&content("Jokes", "jokes", "de"), "contents.c.name");
        refused(r#"{"webhooks": [{"address": "ftp://x.example/"}]}"#, "expected http");
        refused(r#"{"webhooks": [{"address": "https://u:p@x.example/"}]}"#, "no password");
        refused(r#"{"webhooks": [{"address": "http://127.0.0.1:1/"}]}"#, "private");
        refused(r#"{"webhooks": [{"address": "http://[::1]:1/"}]}"#, "private");
        refused(
            r#"{"webhooks": [{"address": "https://x.example/", "headers": {"authorization": "$NOWHERE"}}]}"#,
            "no NOWHERE",
        );
        let half = Settings::read(None, &|name| (name == CLIENT_ID).then(|| "id".to_owned()));
        assert!(half.unwrap_err().contains("belong together"));
    }

    #[test]
    fn secrets_come_out_of_the_environment_and_are_never_shown() {
        let json = r#"{"webhooks": [
            {"address": "https://x.example/hook", "headers": {"authorization": "$HOOK", "x-plain": "1"}},
            {"address": "http://127.0.0.1:9/", "private": true}
        ]}"#;
        let environment = [("HOOK", "Bearer s3cret"), (CLIENT_ID, "me"), (CLIENT_SECRET, "s3cret")];
        let settings = read(json, &environment).unwrap();
        assert_eq!(
            settings.webhook("https://x.example/hook").unwrap().headers["authorization"],
            "Bearer s3cret"
        );
        assert!(settings.webhook("https://x.example/hook2").is_none());
        assert!(settings.webhook("http://127.0.0.1:9").is_some(), "the same address, written otherwise");
        assert!(!format!("{settings:?}").contains("s3cret"), "{settings:?}");
    }
}
