//! The server, as seen from the command line.

use crate::Error;
use contract::{
    code::{BODY_TOO_LARGE, CONFIGURATION, SERVER_UNREACHABLE, TOKEN_INVALID},
    shop::problem::Problem,
};
use reqwest::{
    StatusCode, Url,
    blocking::{Body, Client, RequestBuilder, Response},
    header::{HeaderValue, LOCATION},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{io::Read, net::IpAddr, time::Duration};

/// How long the server may take with a large file: as long as it gives itself.
const LARGE: Duration = Duration::from_secs(15 * 60);

/// The server where none is named.
const OURS: &str = "http://localhost:8080";

/// Names the token.
pub const TOKEN_VARIABLE: &str = "MENAGERIE_TOKEN";

/// Where to speak to, and as whom. Part of every verb that needs the server.
#[derive(Clone, Debug, clap::Args)]
pub struct Address {
    /// The server's address.
    #[arg(long, env = "MENAGERIE_URL", default_value = OURS)]
    pub server: String,
    /// The token of whoever may publish. Give it in the environment: others can see a command's flags.
    #[arg(long, env = TOKEN_VARIABLE, hide_env_values = true, default_value = "")]
    pub token: String,
}

/// Whether an address is of the machine that asks.
fn is_this_machine(address: &Url) -> bool {
    let host = address.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A server that can be asked.
pub struct Server {
    base: Url,
    /// Whether nobody named one.
    is_default: bool,
    token: String,
    client: Client,
}

impl Server {
    /// Prepares to ask; nothing is sent yet.
    pub fn new(address: &Address) -> Result<Self, Error> {
        let invalid = |why: String| Error::new(CONFIGURATION, format!("--server {}: {why}", address.server));
        let base = Url::parse(&address.server).map_err(|error| invalid(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(invalid("it takes an http or https address".to_owned()));
        }
        let client = Client::builder();
        // A proxy does not reach this machine, and the token is not for it.
        let client = if is_this_machine(&base) { client.no_proxy() } else { client };
        let client = client
            .timeout(Duration::from_secs(120))
            .connect_timeout(Duration::from_secs(10))
            // On the way the token would be lost, and a POST become a GET.
            .redirect(Policy::none())
            .build()
            .map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))?;
        // As secrets of pipelines often end.
        let token = address.token.trim().to_owned();
        if HeaderValue::from_str(&token).is_err() {
            let what = "--token, or MENAGERIE_TOKEN, has characters that no token has";
            return Err(Error::new(CONFIGURATION, what));
        }
        Ok(Self { base, is_default: address.server == OURS, token, client })
    }

    /// `POST`s bytes, which may be many, and reads the JSON answer.
    pub fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<T, Error> {
        let request = self.client.post(self.url(path)?).timeout(LARGE).header("content-type", content_type);
        read(path, self.answer(self.signed(request.body(body)))?)
    }

    /// `POST`s a large file as it is read, and reads the JSON answer.
    pub fn post_file<T: DeserializeOwned>(
        &self,
        path: &str,
        content_type: &str,
        file: impl Read + Send + 'static,
        size: u64,
    ) -> Result<T, Error> {
        let body = Body::sized(file, size);
        let request = self.client.post(self.url(path)?).timeout(LARGE).header("content-type", content_type);
        read(path, self.answer(self.signed(request.body(body)))?)
    }

    /// `POST`s `body` as JSON and reads the JSON answer.
    pub fn send<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Error> {
        let request = self.client.post(self.url(path)?).json(body);
        read(path, self.answer(self.signed(request))?)
    }

    /// The same of what the server takes as long for as for a large file.
    pub fn send_patiently<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Error> {
        let request = self.client.post(self.url(path)?).timeout(LARGE).json(body);
        read(path, self.answer(self.signed(request))?)
    }

    /// `GET`s a JSON answer.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        read(path, self.answer(self.signed(self.client.get(self.url(path)?)))?)
    }

    /// The same, from a server that has to answer within a time.
    pub fn get_within<T: DeserializeOwned>(&self, path: &str, limit: Duration) -> Result<T, Error> {
        read(path, self.answer(self.signed(self.client.get(self.url(path)?).timeout(limit)))?)
    }

    /// `GET`s bytes, which may be many.
    pub fn get_bytes(&self, path: &str) -> Result<Vec<u8>, Error> {
        let response = self.answer(self.signed(self.client.get(self.url(path)?).timeout(LARGE)))?;
        response.bytes().map(|bytes| bytes.to_vec()).map_err(|error| unread(path, "broke off", &error))
    }

    /// `DELETE`s.
    pub fn delete(&self, path: &str) -> Result<(), Error> {
        self.answer(self.signed(self.client.delete(self.url(path)?))).map(drop)
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// Whether the server says that it is well.
    pub fn is_healthy(&self) -> bool {
        self.url("healthz").is_ok_and(|url| self.answer(self.client.get(url)).is_ok())
    }

    fn url(&self, path: &str) -> Result<Url, Error> {
        self.base.join(path).map_err(|error| Error::new(CONFIGURATION, format!("{path}: {error}")))
    }

    /// The answer if it is a good one, else what the server gave as the reason.
    fn answer(&self, request: RequestBuilder) -> Result<Response, Error> {
        let response = request.send().map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        if status.is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
            let what = format!("--server {} leads to {to}; name that server", self.base);
            return Err(Error::new(CONFIGURATION, what));
        }
        match response.json::<Problem>() {
            Ok(problem) => Err(self.refused(problem)),
            Err(_) => Err(self.strange(status)),
        }
    }

    /// What the server gave as the reason; where no token was sent, that one has to be.
    fn refused(&self, mut problem: Problem) -> Error {
        if self.token.is_empty() && problem.code == TOKEN_INVALID.to_string() {
            problem.title = format!("{}; set {TOKEN_VARIABLE}", problem.title.trim_end_matches('.'));
        }
        Error::Refused(problem)
    }

    /// What an answer is that no shop's server gave, but something before it or in its place. Only what is busy or away is
    /// worth another try.
    fn strange(&self, status: StatusCode) -> Error {
        let base = &self.base;
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Error::new(
                BODY_TOO_LARGE,
                format!("{base} answered {status}; what stands before the server takes less than it does"),
            ),
            // A proxy that has no server at the moment says 404.
            StatusCode::NOT_FOUND | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Error::new(SERVER_UNREACHABLE, format!("{base} answered {status}"))
            }
            _ if status.is_client_error() => Error::new(
                CONFIGURATION,
                format!(
                    "--server {base} answered {status}, and not as a shop's server does: look at what stands before it, or in its place"
                ),
            ),
            _ => Error::new(SERVER_UNREACHABLE, format!("{base} answered {status}")),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Error {
        let reason = if error.is_timeout() {
            "did not answer in time".to_owned()
        } else {
            let innermost =
                std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source()).last();
            format!("cannot be reached: {}", innermost.map(ToString::to_string).unwrap_or_default())
        };
        let error = Error::new(SERVER_UNREACHABLE, format!("{} {reason}", self.base));
        match self.is_default {
            true => error.or("start it, or name another by MENAGERIE_URL or `--server`"),
            false => error,
        }
    }
}

fn read<T: DeserializeOwned>(path: &str, response: Response) -> Result<T, Error> {
    response.json().map_err(|error| unread(path, "answered something else", &error))
}

/// An answer that began well and could not be read to its end.
fn unread(path: &str, what: &str, error: &reqwest::Error) -> Error {
    let said = match error.is_timeout() {
        true => format!("{path} did not arrive in time"),
        false => format!("{path} {what}: {error}"),
    };
    Error::new(SERVER_UNREACHABLE, said)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread,
    };

    fn address(server: String) -> Address {
        Address { server, token: "secret".into() }
    }

    fn once(status: &str, body: &str) -> (Address, thread::JoinHandle<String>) {
        answering(&[(status, body)])
    }

    /// Gives one answer after the other; returns the address, and what was asked last when joined.
    pub fn answering(answers: &[(&str, &str)]) -> (Address, thread::JoinHandle<String>) {
        let answer = |(status, body): &(&str, &str)| {
            format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        };
        let answers: Vec<String> = answers.iter().map(answer).collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = address(format!("http://{}", listener.local_addr().unwrap()));
        let asked = thread::spawn(move || {
            let mut request = String::new();
            for answer in answers {
                let (stream, _) = listener.accept().unwrap();
                request = whole(&mut BufReader::new(&stream));
                (&stream).write_all(answer.as_bytes()).unwrap();
            }
            request
        });
        (address, asked)
    }

    /// A request with its body.
    fn whole(stream: &mut impl BufRead) -> String {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            stream.read_line(&mut request).unwrap();
        }
        let length = request.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).unwrap();
        request + std::str::from_utf8(&body).unwrap()
    }

    fn post(address: &Address) -> Result<u32, Error> {
        Server::new(address).unwrap().post("api/x", "text/plain", b"body".to_vec())
    }

    #[test]
    fn a_good_answer() {
        let (address, asked) = once("200 OK", "42");
        assert_eq!(post(&address).unwrap(), 42);
        let asked = asked.join().unwrap().to_lowercase();
        assert!(
            asked.starts_with("post /api/x http/1.1") && asked.contains("authorization: bearer secret"),
            "{asked}"
        );
    }

    #[test]
    fn a_server_that_leads_elsewhere_is_named_and_gets_no_token() {
        let (address, _) = once("308 Permanent Redirect\r\nlocation: https://shop.example/api/x", "");
        let error = post(&address).unwrap_err();
        assert_eq!(error.code(), CONFIGURATION);
        assert!(
            error.message().contains("leads to https://shop.example/api/x; name that"),
            "{}",
            error.message()
        );
    }

    #[test]
    fn a_problem_is_shown_with_its_number() {
        let problem = r#"{"code":"E520","status":409,"title":"Published before."}"#;
        let (address, _) = once("409 Conflict", problem);
        assert_eq!(post(&address).unwrap_err().to_string(), "E520 Published before.");
    }

    #[test]
    fn who_sends_no_token_is_told_how() {
        let problem = r#"{"code":"E522","status":401,"title":"The token is missing, expired or not for this microapp."}"#;
        let message = |token: &str| {
            let (mut address, _) = once("401 Unauthorized", problem);
            address.token = token.to_owned();
            post(&address).unwrap_err().message()
        };
        let said = "E522 The token is missing, expired or not for this microapp";
        assert_eq!(message(" "), format!("{said}; set MENAGERIE_TOKEN. Ask an operator for a token."));
        assert_eq!(message("old"), format!("{said}. Ask an operator for a token."));
    }

    #[test]
    fn who_names_no_server_is_told_how() {
        let message = |is_default: bool| {
            let mut server = Server::new(&address("http://127.0.0.1:1".into())).unwrap();
            server.is_default = is_default;
            server.get::<u32>("api/x").unwrap_err().message()
        };
        assert!(
            message(true).ends_with("; start it, or name another by MENAGERIE_URL or `--server`"),
            "{}",
            message(true)
        );
        assert!(message(false).ends_with(". Check the address and that it runs."), "{}", message(false));
        assert!(Server::new(&address(OURS.into())).unwrap().is_default);
    }

    #[test]
    fn an_answer_of_something_else() {
        let (address, _) = once("502 Bad Gateway", "oops");
        let error = post(&address).unwrap_err();
        assert_eq!(error.code(), SERVER_UNREACHABLE);
        assert!(error.to_string().contains("502 Bad Gateway"), "{error}");
    }

    #[test]
    fn only_what_may_pass_is_a_server_that_is_away() {
        for (status, expected) in [
            ("401 Unauthorized", CONFIGURATION),
            ("403 Forbidden", CONFIGURATION),
            ("404 Not Found", SERVER_UNREACHABLE),
            ("408 Request Timeout", SERVER_UNREACHABLE),
            ("413 Payload Too Large", BODY_TOO_LARGE),
            ("429 Too Many Requests", SERVER_UNREACHABLE),
            ("500 Internal Server Error", SERVER_UNREACHABLE),
            ("504 Gateway Timeout", SERVER_UNREACHABLE),
        ] {
            let (address, _) = once(status, "<html>");
            let error = post(&address).unwrap_err();
            assert_eq!(error.code(), expected, "{status}");
            assert!(error.to_string().contains(status), "{error}");
        }
    }

    #[test]
    fn nobody_there() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = post(&address(format!("http://127.0.0.1:{port}"))).unwrap_err();
        assert_eq!(error.code(), SERVER_UNREACHABLE);
        assert!(error.to_string().contains("refused"), "{error}");
    }

    #[test]
    fn addresses_that_are_none() {
        for server in ["localhost:8080", "ftp://x", ""] {
            assert_eq!(
                Server::new(&address(server.into())).err().map(|error| error.code()),
                Some(CONFIGURATION)
            );
        }
    }
}
