//! “A joke about cats”: something from a subreddit, or from our own collection; never the same twice.

use super::{Asked, Language, rich};
use crate::{
    bot::{
        agents,
        dialogflow::webhook::WebhookResponse,
        reddit::{Origin, PATIENCE, listing::Post},
        settings::Content,
        store,
    },
    clock,
    http::problem::Failure,
    secret,
};
use nlu::language::folded;
use serde_json::{Value, json};
use std::collections::HashSet;
use tokio::time::Instant;

/// What somebody wants to hear about.
#[derive(Debug, Default)]
struct Topic {
    /// As they said it, or as the agent calls it; empty for anything.
    name: String,
    /// Words of posts about it, in small letters.
    words: Vec<String>,
    /// Whether a post about it has all of them: they are one's own, and not names that the agent knows for the same.
    has_all: bool,
    /// What Reddit is searched for: only for topics that the agent knows.
    search: Option<String>,
}

/// Whether a topic was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// It was, or there was none.
    Asked,
    /// There is nothing about it.
    Anything,
}

/// Something to hear.
struct Pick {
    post: Post,
    origin: Origin,
    about: About,
    language: Language,
}

/// Says something new.
pub async fn say(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let name = match asked.text("content") {
        "" => asked.context("content").and_then(|c| c.get("content")).and_then(Value::as_str).unwrap_or(""),
        name => name,
    };
    let Some(content) = asked.server.bot.settings().contents.get(name) else {
        return Ok(nothing_like_it(asked));
    };
    let topic = topic(asked);
    let kept = json!({ "content": name, "topic": asked.text("topic"), "about": asked.text("about") });
    let contexts = vec![asked.new_context("content", 5, kept)];
    let called = called(content, asked.language);
    let Some(pick) = pick(asked, content, &topic).await? else {
        let text = asked.language.pick(
            format!("That was every {called} I have. You are a good listener! Shall we try something else?"),
            format!(
                "Mehr habe ich nicht ({called}). Sie hören wirklich gut zu! Versuchen wir etwas anderes?"
            ),
        );
        return Ok(WebhookResponse {
            fulfillment_messages: vec![rich::text(&text), what_next(asked, "")],
            fulfillment_text: text,
            source: "none".to_owned(),
            output_contexts: contexts,
            ..WebhookResponse::default()
        });
    };
    Ok(WebhookResponse { output_contexts: contexts, ..spoken(asked, name, &called, &topic, &pick) })
}

fn called(content: &Content, language: Language) -> String {
    content.name.get(language.code()).or(content.name.get("en")).cloned().unwrap_or_default()
}

fn nothing_like_it(asked: &Asked) -> WebhookResponse {
    let text = asked
        .language
        .pick("That I do not have. A joke or a fact?", "Das habe ich nicht. Einen Witz oder einen Fakt?");
    WebhookResponse {
        fulfillment_text: text.to_owned(),
        fulfillment_messages: vec![rich::text(text), what_next(asked, "")],
        source: "none".to_owned(),
        ..WebhookResponse::default()
    }
}

/// The topic of the request. The agent's own entity knows the words for it in each language.
fn topic(asked: &Asked) -> Topic {
    let (known, open) = (asked.text("topic"), asked.text("about"));
    if known.is_empty() {
        let name = open.trim().to_owned();
        return Topic { words: words(&name), has_all: true, name, search: None };
    }
    let entity = agents::petstore().entity_type("topic");
    let words: Vec<String> = ["en", "de"]
        .iter()
        .flat_map(|code| entity.map_or(&[][..], |entity| entity.entries_in(code)))
        .filter(|entry| entry.value == known)
        .flat_map(|entry| entry.synonyms.iter().map(|word| word.to_lowercase()))
        .collect();
    let english = entity.map_or(&[][..], |entity| entity.entries_in("en"));
    let search = english.iter().find(|entry| entry.value == known).map(|entry| entry.synonyms.join(" OR "));
    Topic { name: known.to_owned(), words, has_all: false, search }
}

/// The words that a topic of one's own is about: “the moon” is about the moon, and not about whatever has a “the”.
fn words(topic: &str) -> Vec<String> {
    let is_common = |word: &str| {
        let folded = folded(word);
        ["en", "de"].iter().any(|code| nlu::language::Language::of(code).is_common(&folded))
    };
    let topic = topic.to_lowercase();
    // What stands behind an apostrophe is none.
    let all = topic.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
    all.filter(|word| !is_common(word)).map(str::to_owned).collect()
}

impl Topic {
    fn fits(&self, post: &Post) -> bool {
        if self.name.is_empty() || post.flair == self.name {
            return true;
        }
        let text = format!(" {} {} {} ", post.title, post.text, post.flair).to_lowercase();
        let text: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let mut has = self.words.iter().map(|word| text.contains(&format!(" {word} ")));
        if self.has_all { !self.words.is_empty() && has.all(|has| has) } else { has.any(|has| has) }
    }
}

/// Something that this session has not heard, the best first: about the topic before anything else, in the
/// speaker's language before English.
async fn pick(asked: &Asked<'_>, content: &Content, topic: &Topic) -> Result<Option<Pick>, Failure> {
    let bot = &asked.server.bot;
    let session = secret::hash(&asked.request.session);
    let mut heard = heard(asked, &session).await;
    let until = Instant::now() + PATIENCE;
    let languages = match asked.language {
        Language::English => vec![Language::English],
        Language::German => vec![Language::German, Language::English],
    };
    let wishes: &[About] =
        if topic.name.is_empty() { &[About::Asked] } else { &[About::Asked, About::Anything] };
    for about in wishes {
        for language in &languages {
            let search = topic.search.as_deref().filter(|_| *about == About::Asked);
            for (posts, origin) in bot.reddit().posts(content, language.code(), search, until).await {
                let mut new: Vec<&Post> = posts
                    .iter()
                    .filter(|post| !heard.contains(&post.id))
                    .filter(|post| *about == About::Anything || topic.fits(post))
                    .collect();
                while !new.is_empty() {
                    let post = new.swap_remove(bot.random(new.len())?);
                    // Two requests of one session at a time do not get the same one.
                    if hear(asked, &session, &post.id).await {
                        let (post, language) = (post.clone(), *language);
                        return Ok(Some(Pick { post, origin, about: *about, language }));
                    }
                    heard.insert(post.id.clone());
                }
            }
        }
    }
    Ok(None)
}

/// What the session has heard. Without a session, or with the database away, that is not known: it may hear
/// something twice then.
async fn heard(asked: &Asked<'_>, session: &str) -> HashSet<String> {
    if asked.request.session.is_empty() {
        return HashSet::new();
    }
    let known = async { store::heard(&mut *asked.server.database.read().await?, session).await };
    known.await.map(HashSet::from_iter).unwrap_or_else(|error: sqlx::Error| {
        tracing::warn!(%error, "what a session has heard is not known");
        HashSet::new()
    })
}

async fn hear(asked: &Asked<'_>, session: &str, post: &str) -> bool {
    if asked.request.session.is_empty() {
        return true;
    }
    let noted = async {
        let mut transaction = asked.server.database.write().await?;
        let new = store::hear(&mut transaction, session, post, clock::now()).await?;
        transaction.commit().await?;
        Ok(new)
    };
    noted.await.unwrap_or_else(|error: sqlx::Error| {
        tracing::warn!(%error, "what a session hears was not noted");
        true
    })
}

fn spoken(asked: &Asked, name: &str, called: &str, topic: &Topic, pick: &Pick) -> WebhookResponse {
    let language = asked.language;
    let post = &pick.post;
    let mut lead = String::new();
    if pick.about == About::Anything {
        let about =
            if asked.text("topic").is_empty() { topic.name.clone() } else { topic_name(asked, topic) };
        lead = language.pick(
            format!("About {about} I have nothing left. But there is this:\n\n"),
            format!("Zu „{about}“ habe ich nichts mehr. Aber das hier:\n\n"),
        );
    } else if pick.language != language {
        lead = language.pick(String::new(), "Das habe ich nur auf Englisch:\n\n".to_owned());
    }
    let body =
        if post.text.is_empty() { post.title.clone() } else { format!("{}\n\n{}", post.title, post.text) };
    let question = language.pick(
        format!("What next: another {called}, or something else?"),
        format!("Und jetzt: noch einmal ({called}), oder etwas anderes?"),
    );
    let said = format!("{lead}{body}");
    let (by, whence, link) = credit(post, pick.origin, language);
    let messages = vec![
        rich::text(&said),
        rich::rich(vec![vec![rich::info(&by, &whence, None, &link)]]),
        rich::text(&question),
        what_next(asked, name),
    ];
    WebhookResponse {
        fulfillment_text: format!("{said}\n\n{question}"),
        fulfillment_messages: messages,
        source: pick.origin.name().to_owned(),
        payload: Some(json!({ "menagerie": { "source": pick.origin.name(), "by": by, "link": link } })),
        ..WebhookResponse::default()
    }
}

/// A topic that the agent knows, as it was said; else as the agent calls it.
fn topic_name(asked: &Asked, topic: &Topic) -> String {
    let said = asked.context("content").and_then(|content| content.get("topic.original"));
    if let Some(said) = said.and_then(Value::as_str).filter(|said| !said.is_empty()) {
        return said.to_owned();
    }
    let entity = agents::petstore().entity_type("topic");
    let entries = entity.map_or(&[][..], |entity| entity.entries_in(asked.language.code()));
    let entry = entries.iter().find(|entry| entry.value == topic.name);
    entry.and_then(|entry| entry.synonyms.get(1)).unwrap_or(&topic.name).clone()
}

/// Who wrote it, where it comes from, and a link to it.
fn credit(post: &Post, origin: Origin, language: Language) -> (String, String, String) {
    let whence = match origin {
        Origin::Bundled => {
            let own = language.pick("From our own collection", "Aus unserer eigenen Sammlung");
            let host = post.url.trim_start_matches("https://").split('/').next().unwrap_or("");
            let source = match host {
                "" => String::new(),
                host => language.pick(format!("Source: {host}"), format!("Quelle: {host}")),
            };
            return (own.to_owned(), source, post.url.clone());
        }
        Origin::Reddit => language.pick("On Reddit".to_owned(), "Auf Reddit".to_owned()),
        Origin::Kept { minutes } if minutes < 120 => language.pick(
            format!("From Reddit, {minutes} minutes ago"),
            format!("Von Reddit, vor {minutes} Minuten"),
        ),
        Origin::Kept { minutes } => {
            let hours = minutes / 60;
            language
                .pick(format!("From Reddit, {hours} hours ago"), format!("Von Reddit, vor {hours} Stunden"))
        }
    };
    let link = match post.permalink.as_str() {
        "" => "https://www.reddit.com/".to_owned(),
        path => format!("https://www.reddit.com{path}"),
    };
    (format!("u/{} · r/{}", post.author, post.subreddit), whence, link)
}

fn what_next(asked: &Asked, name: &str) -> Value {
    let other = match name {
        "joke" => asked.language.pick("A fact", "Ein Fakt"),
        _ => asked.language.pick("A joke", "Ein Witz"),
    };
    let more = asked.language.pick("Another one", "Noch einer");
    let about = asked.language.pick("A joke about cats", "Ein Witz über Katzen");
    if name.is_empty() {
        return rich::chips(&[(other, ""), (asked.language.pick("A fact", "Ein Fakt"), ""), (about, "")]);
    }
    rich::chips(&[(more, ""), (other, ""), (about, "")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_of_ones_own_is_about_its_words() {
        let check = |topic: &str, text: &str, expected: bool| {
            let topic =
                Topic { name: topic.to_owned(), words: words(topic), has_all: true, ..Topic::default() };
            let post = serde_json::json!({
                "id": "", "title": text, "text": "", "author": "", "subreddit": "", "flair": "", "permalink": "", "url": "",
            });
            let post: Post = serde_json::from_value(post).unwrap();
            assert_eq!(topic.fits(&post), expected, "{topic:?}: {text}");
        };
        check("the moon", "The dog at the door", false);
        check("the moon", "One day on the Moon.", true);
        check("moon landings", "One day on the Moon.", false);
        check("moon landings", "Of all landings, that on the moon", true);
        check("the moon's phases", "Why the moon has phases", true);
        check("den Mond", "Der Hund und den Zaun", false);
        check("den Mond", "Ein Mond im Garten", true);
        check("the", "The dog at the door", false);
        check("AI", "Ask the AI", true);
    }
}
