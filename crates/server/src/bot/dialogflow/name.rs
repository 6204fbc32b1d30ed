//! Resource names: `projects/{project}/agent/sessions/{session}/contexts/{context}`.

/// Longer ids than these are nobody's.
const LONGEST_ID: usize = 128;

/// A session of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionName {
    /// The agent's name.
    pub agent: String,
    /// The session's id.
    pub id: String,
    /// The whole name, as it came.
    pub whole: String,
}

/// What an address under `/v2` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `…/sessions/{session}:detectIntent`
    DetectIntent(SessionName),
    /// `…/sessions/{session}/contexts`
    Contexts(SessionName),
    /// `…/sessions/{session}/contexts/{context}`, in small letters.
    Context(SessionName, String),
}

impl SessionName {
    /// Reads `projects/{project}/agent/sessions/{session}`, with or without location and environment.
    pub fn parse(name: &str) -> Option<Self> {
        let (session, rest) = split(name)?;
        rest.is_empty().then_some(session)
    }

    /// The full name of one of its contexts.
    pub fn context(&self, context: &str) -> String {
        format!("{}/contexts/{context}", self.whole)
    }

    /// The full name of an intent of its agent.
    pub fn intent(&self, id: &str) -> String {
        format!("projects/{}/agent/intents/{id}", self.agent)
    }
}

impl Target {
    /// Reads what stands behind `/v2/`.
    pub fn parse(path: &str) -> Option<Self> {
        if let Some(name) = path.strip_suffix(":detectIntent") {
            return SessionName::parse(name).map(Self::DetectIntent);
        }
        let (session, rest) = split(path)?;
        match rest.as_slice() {
            ["contexts"] => Some(Self::Contexts(session)),
            ["contexts", context] if is_id(context) => Some(Self::Context(session, context.to_lowercase())),
            _ => None,
        }
    }
}

/// The session, and what stands behind it.
fn split(name: &str) -> Option<(SessionName, Vec<&str>)> {
    let parts: Vec<&str> = name.split('/').collect();
    let (project, rest) = match parts.as_slice() {
        ["projects", project, "locations", place, "agent", rest @ ..] if is_id(place) => (*project, rest),
        ["projects", project, "agent", rest @ ..] => (*project, rest),
        _ => return None,
    };
    let (session, behind) = match rest {
        ["environments", environment, "users", user, "sessions", session, behind @ ..]
            if is_id(environment) && is_id(user) =>
        {
            (*session, behind)
        }
        ["sessions", session, behind @ ..] => (*session, behind),
        _ => return None,
    };
    if !is_id(project) || !is_id(session) {
        return None;
    }
    let whole = parts[..parts.len() - behind.len()].join("/");
    let session = SessionName { agent: project.to_owned(), id: session.to_owned(), whole };
    Some((session, behind.to_vec()))
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && !text.chars().any(|c| c.is_control() || c == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, &str, &str)>) {
        let found = Target::parse(path).map(|target| match target {
            Target::DetectIntent(name) => (name.agent, name.id, "detect".to_owned()),
            Target::Contexts(name) => (name.agent, name.id, "contexts".to_owned()),
            Target::Context(name, context) => (name.agent, name.id, context),
        });
        let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn names_are_read() {
        check("projects/p/agent/sessions/s:detectIntent", Some(("p", "s", "detect")));
        check("projects/p/locations/eu/agent/sessions/s:detectIntent", Some(("p", "s", "detect")));
        check("projects/p/agent/environments/e/users/-/sessions/s:detectIntent", Some(("p", "s", "detect")));
        check("projects/p/agent/sessions/s/contexts", Some(("p", "s", "contexts")));
        check("projects/p/agent/sessions/s/contexts/Found", Some(("p", "s", "found")));
        check("projects/p/agent/sessions/s", None);
        check("projects/p/agent/sessions/:detectIntent", None);
        check("projects//agent/sessions/s:detectIntent", None);
        check("projects/p/agent/sessions/s:matchIntent", None);
        check("projects/p/agent/sessions/s/contexts/a/b", None);
        check("projects/p/agent/intents", None);
        check(&format!("projects/p/agent/sessions/{}:detectIntent", "s".repeat(129)), None);
        let long = "x".repeat(129);
        check(&format!("projects/p/locations/{long}/agent/sessions/s:detectIntent"), None);
        check(&format!("projects/p/agent/environments/e/users/{long}/sessions/s/contexts"), None);
        check("", None);
    }

    #[test]
    fn the_whole_name_stays_as_it_came() {
        let whole = "projects/p/agent/environments/e/users/u/sessions/s";
        let name = SessionName::parse(whole).unwrap();
        assert_eq!(name.whole, whole);
        assert_eq!(name.context("found"), format!("{whole}/contexts/found"));
        assert_eq!(name.intent("7"), "projects/p/agent/intents/7");
    }
}
