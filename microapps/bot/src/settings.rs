//! What the page's author set: the attributes of the element, or what holds in our own shop.

use microapp::Host;
use nlu::json::Value;

/// The agent that comes with the release.
pub const PETSTORE: &str = "petstore";
/// How long a conversation is kept, in seconds, unless told otherwise.
const LIFETIME: i64 = 1800;
/// The longest that it may be kept: a day.
const LONGEST_LIFETIME: i64 = 86_399;
/// The longest message, in characters, unless told otherwise; Dialogflow takes no more.
const LONGEST_QUERY: usize = 256;

/// Where the conversation is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// Nowhere.
    None,
    /// In the tab.
    #[default]
    Session,
    /// In the browser.
    Local,
}

/// What holds for one widget.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Whether it is an element on a page, rather than in our shell.
    pub embedded: bool,
    /// The agent: a name of ours, or an address.
    pub agent: String,
    /// The hash that an agent file at an address must have.
    pub integrity: String,
    /// Whether a `detectIntent` endpoint answers in place of the engine.
    pub server: bool,
    /// The title; empty for ours.
    pub title: String,
    /// The address of a picture in place of ours.
    pub icon: String,
    /// The language; empty for the page's.
    pub language: String,
    /// The event that begins a conversation.
    pub intent: String,
    /// The session's id; empty for a random one.
    pub session: String,
    /// Who the page says it is.
    pub user: String,
    /// Where the conversation is kept.
    pub storage: Storage,
    /// For how long, in seconds since it was last used.
    pub lifetime: i64,
    /// Addresses that links and pictures may have; none where nothing was said.
    pub allowed: Option<String>,
    /// The longest message, in characters.
    pub longest: usize,
    /// Tells the widgets of a page apart.
    pub key: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            embedded: false,
            agent: PETSTORE.to_owned(),
            integrity: String::new(),
            server: false,
            title: String::new(),
            icon: String::new(),
            language: String::new(),
            intent: "WELCOME".to_owned(),
            session: String::new(),
            user: String::new(),
            storage: Storage::Session,
            lifetime: LIFETIME,
            allowed: None,
            longest: LONGEST_QUERY,
            key: PETSTORE.to_owned(),
        }
    }
}

impl Settings {
    /// Asks the element; in our shell there is none.
    pub async fn of(host: Host) -> Self {
        match host.call::<Value>("embed.settings", &()).await {
            Ok(attributes) => Self::read(&attributes),
            Err(_) => Self::default(),
        }
    }

    /// Reads an element's attributes. What makes no sense counts as not said.
    fn read(attributes: &Value) -> Self {
        let said = |name: &str| attributes.get(name).and_then(Value::as_str).map(str::trim);
        let text = |name: &str| said(name).unwrap_or_default().to_owned();
        let or = |name: &str, other: String| {
            said(name).filter(|text| !text.is_empty()).map_or(other, str::to_owned)
        };
        let number = |name: &str| said(name)?.parse::<i64>().ok().filter(|number| *number > 0);
        let usual = Self::default();
        let agent = or("agent-id", or("agent", usual.agent));
        Self {
            embedded: true,
            key: or("key", agent.clone()),
            agent,
            integrity: text("agent-integrity"),
            server: said("mode") == Some("server"),
            title: text("chat-title"),
            icon: text("chat-icon"),
            language: text("language-code"),
            intent: said("intent").map_or(usual.intent, str::to_owned),
            session: text("session-id"),
            user: text("user-id"),
            storage: match said("storage-option") {
                Some("none") => Storage::None,
                Some("localStorage") => Storage::Local,
                _ => Storage::Session,
            },
            lifetime: number("session-ttl").map_or(LIFETIME, |seconds| seconds.min(LONGEST_LIFETIME)),
            allowed: said("url-allowlist").map(str::to_owned),
            longest: number("max-query-length").map_or(LONGEST_QUERY, |most| most.min(10_000) as usize),
        }
    }

    /// Whether the agent lies at an address.
    pub fn is_elsewhere(&self) -> bool {
        self.agent.starts_with("https://") || self.agent.starts_with("http://")
    }

    /// The agent's name, for sessions and the server.
    pub fn agent_name(&self) -> &str {
        if self.is_elsewhere() { "elsewhere" } else { &self.agent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogflow::object;

    #[test]
    fn attributes_are_read_and_nonsense_counts_as_not_said() {
        let nothing = Settings::read(&object([]));
        assert_eq!(nothing, Settings { embedded: true, ..Settings::default() });
        let all = Settings::read(&object([
            ("agent-id", " https://bots.example/v2/projects/p/agent ".into()),
            ("mode", "server".into()),
            ("storage-option", "localStorage".into()),
            ("session-ttl", "999999".into()),
            ("max-query-length", "40".into()),
            ("url-allowlist", "".into()),
            ("intent", "".into()),
        ]));
        assert!(all.server && all.is_elsewhere());
        assert_eq!((all.storage, all.lifetime, all.longest), (Storage::Local, 86_399, 40));
        assert_eq!((all.allowed.as_deref(), all.intent.as_str()), (Some(""), ""));
        assert_eq!(all.key, all.agent);
        for (ttl, longest) in [("-5", "0"), ("soon", "many"), ("", "")] {
            let odd = [("session-ttl", ttl.into()), ("max-query-length", longest.into())];
            let odd = Settings::read(&object(odd));
            assert_eq!((odd.lifetime, odd.longest), (LIFETIME, LONGEST_QUERY), "{ttl} {longest}");
        }
    }
}
