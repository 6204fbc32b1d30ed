//! What a check found.

use crate::shown::Table;
use contract::code::{Code, TABLE};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::path::Path;

/// Something that does not keep the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its number.
    #[serde(serialize_with = "to_text", deserialize_with = "from_text")]
    pub code: Code,
    /// Where: a file, a route, a service of the host.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl Finding {
    /// One with these words.
    pub fn new(code: Code, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { code, place: place.into(), what: what.into() }
    }

    /// What can be done about it, from the table of numbers.
    pub fn way_out(&self) -> &'static str {
        TABLE.iter().find(|entry| entry.code == self.code).map_or("", |entry| entry.way_out)
    }
}

fn to_text<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(code)
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
    let text = String::deserialize(deserializer)?;
    let number = text.strip_prefix('E').and_then(|number| number.parse().ok());
    number.map(Code).ok_or_else(|| serde::de::Error::custom(format!("{text} is no number of ours")))
}

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    good: bool,
    /// What was measured.
    measured: String,
}

/// All checks of a release, and all that they found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name and version, or the path where they cannot be read.
    pub subject: String,
    checks: Vec<Check>,
    /// In the order of the checks.
    #[serde(serialize_with = "with_ways_out")]
    pub findings: Vec<Finding>,
}

fn with_ways_out<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Told<'a> {
        #[serde(flatten)]
        finding: &'a Finding,
        way_out: &'static str,
    }
    serializer.collect_seq(findings.iter().map(|finding| Told { finding, way_out: finding.way_out() }))
}

impl Report {
    /// An empty one.
    pub fn new(path: &Path) -> Self {
        Self { subject: path.display().to_string(), checks: Vec::new(), findings: Vec::new() }
    }

    /// Adds a check with what it found.
    pub fn add(&mut self, name: &'static str, findings: Vec<Finding>, measured: String) {
        self.checks.push(Check { name, good: findings.is_empty(), measured });
        self.findings.extend(findings);
    }

    /// For people: the checks, then each finding with its place and way out.
    pub fn told(&self) -> String {
        let mut checks = Table::new(["CHECK", "RESULT", "MEASURED"]);
        for check in &self.checks {
            checks.row([check.name, if check.good { "good" } else { "AT FAULT" }, &check.measured]);
        }
        let mut text = format!("{}\n\n{}", self.subject, checks.text(""));
        if self.findings.is_empty() {
            text.push_str("\n\nIt keeps the contract.");
        }
        for (at, finding) in self.findings.iter().enumerate() {
            let Finding { code, place, what } = finding;
            let same = |other: Option<&Finding>| other.is_some_and(|other| other.code == *code);
            let gap = if at > 0 && same(self.findings.get(at - 1)) { "\n" } else { "\n\n" };
            text.push_str(&format!("{gap}{code} {place}: {what}"));
            // Once for all that share it.
            if !same(self.findings.get(at + 1)) {
                text.push_str(&format!("\n     {}", finding.way_out()));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::code::CHECK_MEMORY;
    use serde_json::{Value, json};

    fn report() -> Report {
        let mut report = Report::new(Path::new("cart"));
        report.add("release", Vec::new(), "3 files".to_owned());
        report.add(
            "memory",
            vec![Finding::new(CHECK_MEMORY, "after 20 mounts", "2 are alive")],
            String::new(),
        );
        report
    }

    #[test]
    fn people_get_a_table_and_ways_out() {
        let told = report().told();
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(
            lines[..7],
            [
                "cart",
                "",
                "CHECK    RESULT    MEASURED",
                "release  good      3 files",
                "memory   AT FAULT  –",
                "",
                "E130 after 20 mounts: 2 are alive"
            ]
        );
        assert!(lines[7].contains("on_cleanup"), "{told}");
    }

    #[test]
    fn programs_get_json() {
        let value = serde_json::to_value(report()).unwrap();
        assert_eq!(value["checks"][1]["good"], json!(false));
        assert_eq!(value["findings"][0]["code"], json!("E130"));
        assert!(value["findings"][0]["way_out"].is_string());
    }

    #[test]
    fn a_page_can_only_name_our_numbers() {
        let read = |code: &str| {
            serde_json::from_value::<Finding>(json!({ "code": code, "place": "", "what": "" }))
                .map(|f| f.code)
        };
        assert_eq!(read("E130").unwrap(), CHECK_MEMORY);
        for code in ["130", "E", "E-1", "Ex"] {
            assert!(read(code).is_err(), "{code}");
        }
        assert!(serde_json::from_value::<Finding>(Value::Null).is_err());
    }
}
