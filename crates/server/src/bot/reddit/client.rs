//! Asks Reddit: app-only OAuth, its limits respected.

use super::listing::{self, ListingError, Post, Shows};
use crate::bot::{
    outbound::{self, OutboundError},
    settings::{Credentials, RedditSettings},
};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::{Client as Http, Response, StatusCode, Url, header};
use serde_json::Value;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A hundred posts with all their fields come to about half a megabyte.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_TOKEN_BYTES: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
/// A token is renewed this long before it ends.
const EARLY: Duration = Duration::from_secs(60);
/// How long to leave Reddit alone when it does not say.
const PAUSE: Duration = Duration::from_secs(60);
/// The longest that Reddit's own word is taken for.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// Why no listing came.
#[derive(Debug, thiserror::Error)]
pub enum RedditError {
    /// The id or the secret is not right.
    #[error(
        "Reddit does not know the app: check MENAGERIE_REDDIT_CLIENT_ID and MENAGERIE_REDDIT_CLIENT_SECRET"
    )]
    Credentials,
    /// There were too many requests; none is sent for a while.
    #[error("Reddit asks for a pause of {} s", .0.as_secs())]
    Pause(Duration),
    /// It answered, but not with a listing.
    #[error("Reddit answered {0}")]
    Status(StatusCode),
    /// It answered with something else.
    #[error("Reddit answered something else: {0}")]
    Garbage(String),
    /// It did not answer.
    #[error("Reddit cannot be reached: {0}")]
    Outbound(#[from] OutboundError),
}

impl From<reqwest::Error> for RedditError {
    fn from(error: reqwest::Error) -> Self {
        Self::Outbound(error.into())
    }
}

impl From<ListingError> for RedditError {
    fn from(error: ListingError) -> Self {
        Self::Garbage(error.to_string())
    }
}

struct Token {
    value: String,
    until: Instant,
}

/// Asks Reddit.
pub struct Client {
    http: Http,
    settings: RedditSettings,
    credentials: Credentials,
    agent: String,
    token: Mutex<Option<Token>>,
    /// Our own pace, below what Reddit allows.
    pace: DefaultDirectRateLimiter,
    quiet_until: Mutex<Option<Instant>>,
}

impl Client {
    /// For an app.
    pub fn new(settings: &RedditSettings, credentials: Credentials) -> Result<Self, OutboundError> {
        Ok(Self {
            http: Http::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?,
            agent: format!("web:menagerie:{} (by /u/{})", env!("CARGO_PKG_VERSION"), settings.user),
            pace: RateLimiter::direct(Quota::per_minute(settings.per_minute)),
            settings: settings.clone(),
            credentials,
            token: Mutex::default(),
            quiet_until: Mutex::default(),
        })
    }

    /// The posts of a subreddit that can be shown: the day's best, or the year's best about something.
    pub async fn posts(
        &self,
        subreddit: &str,
        about: Option<&str>,
        shows: Shows,
    ) -> Result<Vec<Post>, RedditError> {
        let mut response = self.listing(subreddit, about, self.token().await?).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            // The token was taken back before its time.
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
            response = self.listing(subreddit, about, self.token().await?).await?;
        }
        match response.status() {
            StatusCode::OK => Ok(listing::read(&outbound::body(response, MOST_BYTES).await?, shows)?),
            StatusCode::UNAUTHORIZED => {
                self.be_quiet(PAUSE);
                Err(RedditError::Credentials)
            }
            status => Err(RedditError::Status(status)),
        }
    }

    async fn listing(
        &self,
        subreddit: &str,
        about: Option<&str>,
        token: String,
    ) -> Result<Response, RedditError> {
        let origin = &self.settings.listing_origin;
        let address = match about {
            None => Url::parse_with_params(
                &format!("{origin}/r/{subreddit}/top"),
                [("t", "day"), ("limit", "100"), ("raw_json", "1")],
            ),
            Some(words) => Url::parse_with_params(
                &format!("{origin}/r/{subreddit}/search"),
                [
                    ("q", words),
                    ("restrict_sr", "1"),
                    ("sort", "top"),
                    ("t", "year"),
                    ("type", "link"),
                    ("limit", "100"),
                    ("raw_json", "1"),
                ],
            ),
        };
        let address = address.map_err(|error| RedditError::Garbage(error.to_string()))?;
        self.send(self.http.get(address).bearer_auth(token)).await
    }

    /// The token that is still good, or a new one.
    async fn token(&self) -> Result<String, RedditError> {
        {
            let token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(token) = token.as_ref().filter(|token| token.until > Instant::now()) {
                return Ok(token.value.clone());
            }
        }
        let request = self
            .http
            .post(format!("{}/api/v1/access_token", self.settings.token_origin))
            .basic_auth(&self.credentials.id, Some(&self.credentials.secret))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let response = self.send(request).await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST => {
                self.be_quiet(PAUSE);
                return Err(RedditError::Credentials);
            }
            status => return Err(RedditError::Status(status)),
        }
        let body = outbound::body(response, MOST_TOKEN_BYTES).await?;
        let answer: Value = serde_json::from_slice(&body)
            .map_err(|error| RedditError::Garbage(format!("the token is no JSON: {error}")))?;
        // Reddit answers some refusals with 200 and a field `error`.
        let value = answer
            .get("access_token")
            .and_then(Value::as_str)
            .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        let Some(value) = value else {
            return Err(RedditError::Garbage("there is no access_token in the answer".to_owned()));
        };
        let seconds = answer.get("expires_in").and_then(Value::as_u64).unwrap_or(3600).min(86_400);
        let lifetime = Duration::from_secs(seconds).saturating_sub(EARLY);
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Token { value: value.to_owned(), until: Instant::now() + lifetime });
        Ok(value.to_owned())
    }

    /// Sends a request, unless it is time to be quiet; takes up what the answer says about limits.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Response, RedditError> {
        let left = self
            .quiet_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            return Err(RedditError::Pause(left));
        }
        if self.pace.check().is_err() {
            return Err(RedditError::Pause(Duration::from_secs(1)));
        }
        let response = request.header(header::USER_AGENT, &self.agent).send().await?;
        let number = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?.trim().parse::<f64>().ok()?;
            value.is_finite().then_some(value.max(0.0))
        };
        let seconds = |name: &str| {
            let seconds = number(name)?.min(LONGEST_PAUSE.as_secs_f64());
            Some(Duration::from_secs_f64(seconds))
        };
        let reset = seconds("x-ratelimit-reset");
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let wait = seconds("retry-after").or(reset).unwrap_or(PAUSE);
            return Err(RedditError::Pause(self.be_quiet(wait.max(Duration::from_secs(1)))));
        }
        if number("x-ratelimit-remaining").is_some_and(|remaining| remaining < 1.0) {
            self.be_quiet(reset.unwrap_or(PAUSE));
        }
        Ok(response)
    }

    fn be_quiet(&self, wait: Duration) -> Duration {
        let wait = wait.min(LONGEST_PAUSE);
        let until = Instant::now() + wait;
        let mut quiet = self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
        *quiet = Some(quiet.map_or(until, |known| known.max(until)));
        wait
    }
}
