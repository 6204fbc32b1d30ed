//! Asking a server as often as it answers, by `wrk`.

use cli::Error;
use contract::code::{CONFIGURATION, TESTS_FAILED};
use std::{io, process::Command};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Answers a second.
    pub a_second: f64,
    /// Half came within this time, in milliseconds.
    pub p50: f64,
    /// 99 in 100 came within this time, in milliseconds.
    pub p99: f64,
}

/// Fails where there is no `wrk`; said before minutes of building.
pub fn is_there() -> Result<(), Error> {
    command().arg("--version").output().map_err(|error| missing(&error)).map(drop)
}

fn command() -> Command {
    Command::new("wrk")
}

fn missing(error: &io::Error) -> Error {
    let how = "Most systems have it as a package of that name.";
    Error::new(CONFIGURATION, format!("`wrk` cannot be run: {error}. {how}"))
}

/// Asks for `url` over so many connections at once. An answer that is no good one is a fault.
pub fn ask(url: &str, connections: u32, seconds: u32) -> Result<Rate, Error> {
    let output = command()
        .args(["--threads", "1", "--latency", "--connections", &connections.to_string()])
        .args(["--duration", &format!("{seconds}s"), url])
        .output()
        .map_err(|error| missing(&error))?;
    let report = String::from_utf8_lossy(&output.stdout);
    read(&report).map_err(|why| Error::new(TESTS_FAILED, format!("{url}: {why}\n{report}")))
}

/// Reads what `wrk --latency` prints.
fn read(report: &str) -> Result<Rate, String> {
    for trouble in ["Non-2xx", "Socket errors"] {
        if let Some(line) = report.lines().find(|line| line.trim_start().starts_with(trouble)) {
            return Err(line.trim().to_owned());
        }
    }
    let after = |label: &str| {
        let line = report.lines().map(str::trim).find_map(|line| line.strip_prefix(label));
        line.map(str::trim).ok_or_else(|| format!("there is no line `{label}`"))
    };
    Ok(Rate {
        a_second: after("Requests/sec:")?.parse().map_err(|_| "the rate is no number".to_owned())?,
        p50: milliseconds(after("50%")?)?,
        p99: milliseconds(after("99%")?)?,
    })
}

/// `712.00us`, `1.20ms`, `1.02s`.
fn milliseconds(text: &str) -> Result<f64, String> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)];
    units
        .into_iter()
        .find_map(|(unit, factor)| Some(text.strip_suffix(unit)?.parse::<f64>().ok()? * factor))
        .ok_or_else(|| format!("`{text}` is no time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Running 1s test @ http://127.0.0.1:1/\n  1 threads and 32 connections\n  Latency Distribution\n     \
        50%  712.00us\n     75%    1.10ms\n     90%    2.00ms\n     99%    1.02s\n  100 requests in 1.00s, 1.00MB read\n\
        Requests/sec:  31234.56\nTransfer/sec:      1.00MB\n";

    #[test]
    fn a_report_is_read() {
        let rate = read(REPORT).unwrap();
        assert_eq!((rate.a_second, rate.p50, rate.p99), (31_234.56, 0.712, 1020.0));
    }

    #[test]
    fn bad_answers_are_faults() {
        for (line, expected) in [
            ("  Non-2xx or 3xx responses: 7\n", "Non-2xx or 3xx responses: 7"),
            ("  Socket errors: connect 0, read 1, write 0, timeout 2\n", "Socket errors: connect 0"),
        ] {
            let error = read(&format!("{REPORT}{line}")).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
        assert_eq!(read("").unwrap_err(), "there is no line `Requests/sec:`");
        assert!(read(&REPORT.replace("1.02s", "soon")).unwrap_err().contains("`soon` is no time"));
    }
}
