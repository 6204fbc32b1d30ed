//! Reading an export.

use super::{Files, Report};
use crate::agent::{
    Agent, EntityKind, EntityType, Entry, Intent, Matching, Message, NORMAL_PRIORITY, OutputContext,
    Parameter, Part, Phrase, Prompt, Settings,
};
use crate::entity::{Regexp, developer::expressions, zone::zone};
use crate::format::{FormatError, fields::Fields};
use crate::json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Fields of agent.json and of its webhook that are secret.
const SECRETS: &[&str] = &["secondaryKey", "primaryKey", "password"];
/// An agent of more intents is refused, as Dialogflow ES refuses it.
const MOST_INTENTS: usize = 2_000;
/// … of more languages.
const MOST_LANGUAGES: usize = 100;
/// … with more phrases times intents in a language: learning keeps a number for each.
const MOST_PAIRS: usize = 1 << 27;
/// An export of more bytes is refused.
pub const MOST_BYTES: usize = 64 << 20;
/// … of more files.
pub const MOST_FILES: usize = 20_000;

type Kept = BTreeSet<String>;

/// Reads an export, whichever layout it has.
pub fn read(files: &Files) -> Result<(Agent, Report), FormatError> {
    let size: usize = files.values().map(Vec::len).sum();
    if size > MOST_BYTES || files.len() > MOST_FILES {
        let what = format!(
            "{} files of {size} bytes are too much for an agent; {MOST_FILES} files and {MOST_BYTES} bytes are allowed",
            files.len()
        );
        return Err(FormatError::new("the export", "size", what));
    }
    let files = inner(files)?;
    let mut report = Report::default();
    let mut agent = Agent {
        settings: settings(json("agent.json", files["agent.json"])?, &mut report)?,
        ..Agent::default()
    };
    let main_language = agent.settings.language.clone();
    for (&path, &bytes) in &files {
        let folder_and_name = path.split_once('/').and_then(|(f, n)| n.strip_suffix(".json").map(|n| (f, n)));
        match folder_and_name {
            Some(("intents", stem)) => {
                if part_of(stem, "_usersays_", "intents", &files).is_none() {
                    let mut intent = intent(path, json(path, bytes)?, &main_language, &mut report.kept)?;
                    if intent.name.is_empty() {
                        intent.name = stem.to_owned();
                    }
                    agent.intents.push(intent);
                }
            }
            Some(("entities", stem)) => {
                if part_of(stem, "_entries_", "entities", &files).is_none() {
                    let mut entity = entity_type(path, json(path, bytes)?, &main_language, &mut report.kept)?;
                    if entity.name.is_empty() {
                        entity.name = stem.to_owned();
                    }
                    agent.entity_types.push(entity);
                }
            }
            _ if path == "package.json" => {
                agent.package = Fields::new(path, "", json(path, bytes)?)?.rest("package", &mut Kept::new())
            }
            _ if path == "agent.json" => {}
            _ => report.ignored.push(path.to_owned()),
        }
    }
    parts(&files, &mut agent, &mut report.kept)?;
    let ends = end_ids(&agent);
    for intent in &mut agent.intents {
        intent.end |= ends.contains(&intent.id);
    }
    agent.sort();
    sound(&agent)?;
    report.faults = faults(&agent);
    Ok((agent, report))
}

/// What is well formed, but will not do what it says.
fn faults(agent: &Agent) -> Vec<String> {
    let mut faults = Vec::new();
    let name = &agent.settings.time_zone;
    if zone(name).is_none() {
        faults.push(format!(
            "agent.json: defaultTimezone: there is no time zone `{name}`; UTC stands in for it"
        ));
    }
    for entity in agent.entity_types.iter().filter(|entity| entity.kind == EntityKind::Regexp) {
        for expression in entity.entries.values().flatten().flat_map(expressions) {
            if let Err(error) = Regexp::new(expression) {
                faults.push(format!("@{}: {error}; nothing is found by it", entity.name));
            }
        }
    }
    faults
}

/// What zip programs add.
fn is_junk(path: &str) -> bool {
    path.split('/').any(|part| part == "__MACOSX" || part.starts_with("._") || part == ".DS_Store")
}

/// The folder in an export that has the agent, with a `/` behind it; nothing where that is the export itself.
pub fn root(files: &Files) -> Option<&str> {
    let is_root = |path: &str| !is_junk(path) && (path == "agent.json" || path.ends_with("/agent.json"));
    let root = files.keys().filter(|path| is_root(path)).min_by_key(|path| path.len())?;
    root.strip_suffix("agent.json")
}

/// The files from where agent.json lies, without the junk that zip programs add.
fn inner(files: &Files) -> Result<BTreeMap<&str, &[u8]>, FormatError> {
    let prefix = root(files).ok_or_else(|| {
        FormatError::new(
            "agent.json",
            "the export",
            "this file is missing: an export of Dialogflow ES has it at its top",
        )
    })?;
    let kept = files.iter().filter(|(path, _)| !is_junk(path));
    Ok(kept.filter_map(|(path, bytes)| Some((path.strip_prefix(prefix)?, bytes.as_slice()))).collect())
}

fn json(file: &str, bytes: &[u8]) -> Result<Value, FormatError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|e| {
        FormatError::new(
            file,
            format!("line {}, column {}", e.line(), e.column()),
            format!("this is not JSON: {e}"),
        )
    })
}

/// The owner and the language, if `stem` names a part like `hello_usersays_en`.
fn part_of<'s>(
    stem: &'s str,
    mark: &str,
    folder: &str,
    files: &BTreeMap<&str, &[u8]>,
) -> Option<(&'s str, &'s str)> {
    let (owner, language) = stem.rsplit_once(mark)?;
    (is_language_code(language) && files.contains_key(format!("{folder}/{owner}.json").as_str()))
        .then_some((owner, language))
}

fn settings(value: Value, report: &mut Report) -> Result<Settings, FormatError> {
    let mut fields = Fields::new("agent.json", "", value)?;
    for secret in SECRETS {
        if fields.value(secret).is_some() {
            report.dropped.insert(format!("agent.{secret}"));
        }
    }
    let mut webhook = Fields::new("agent.json", "webhook", Value::Object(fields.object("webhook")?))?;
    for secret in SECRETS {
        if webhook.value(secret).is_some() {
            report.dropped.insert(format!("agent.webhook.{secret}"));
        }
    }
    let headers = webhook.object("headers")?;
    // Whatever else may be one: `Authorization`, `Cookie`, `X-Api-Secret`.
    let secret_header = |name: &str| {
        !["accept", "accept-language", "content-type", "user-agent"]
            .iter()
            .any(|open| name.eq_ignore_ascii_case(open))
    };
    let (secret, open): (Vec<_>, Vec<_>) = headers.into_iter().partition(|(name, _)| secret_header(name));
    report.dropped.extend(secret.iter().map(|(name, _)| format!("agent.webhook.headers.{name}")));
    let url = webhook.optional("url")?;
    let mut webhook_extra = webhook.rest("agent.webhook", &mut report.kept);
    if !open.is_empty() {
        webhook_extra.insert("headers".into(), Value::Object(open.into_iter().collect()));
    }
    let threshold = fields.number("mlMinConfidence")?.unwrap_or(0.3) as f32;
    if !(0.0..=1.0).contains(&threshold) {
        return Err(
            fields.wrong("mlMinConfidence", format!("expected a number from 0 to 1, found {threshold}"))
        );
    }
    let matching = match fields.string("customClassifierMode")?.as_str() {
        "use.instead" => Matching::ClassifierOnly,
        _ => Matching::Hybrid,
    };
    let own = fields.optional("language")?;
    let language = language_code(&fields, "language", own)?.unwrap_or_else(|| "en".into());
    let languages = fields.strings("supportedLanguages")?.into_iter();
    let languages = languages.map(|code| language_code(&fields, "supportedLanguages", Some(code)));
    let languages = languages.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(Settings {
        name: fields.string("displayName")?,
        language,
        languages,
        time_zone: fields.optional("defaultTimezone")?.unwrap_or_else(|| "UTC".into()),
        threshold,
        matching,
        webhook: url,
        webhook_extra,
        extra: fields.rest("agent", &mut report.kept),
    })
}

/// A language's code, where there is one. It becomes a part of file names.
fn language_code(fields: &Fields, key: &str, code: Option<String>) -> Result<Option<String>, FormatError> {
    let Some(code) = code.filter(|code| !code.is_empty()) else { return Ok(None) };
    let code = code.replace('_', "-");
    match code.len() <= 20 && is_language_code(&code) {
        true => Ok(Some(code)),
        false => {
            Err(fields.wrong(key, format!("expected the code of a language such as pt-BR, found `{code}`")))
        }
    }
}

fn is_language_code(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn intent(file: &str, value: Value, language: &str, kept: &mut Kept) -> Result<Intent, FormatError> {
    let mut fields = Fields::new(file, "", value)?;
    let mut intent = Intent {
        id: fields.string("id")?,
        name: fields.string("name")?,
        learnt: fields.truth("auto")?.unwrap_or(true),
        input_contexts: fields.strings("contexts")?,
        parent: fields.optional("parentId")?,
        root_parent: fields.optional("rootParentId")?,
        // 0 stands for the usual one, as in Dialogflow's API.
        priority: fields.number("priority")?.filter(|p| *p != 0.0).unwrap_or(NORMAL_PRIORITY as f64) as i64,
        webhook: fields.truth("webhookUsed")?.unwrap_or(false),
        webhook_for_slot_filling: fields.truth("webhookForSlotFilling")?.unwrap_or(false),
        fallback: fields.truth("fallbackIntent")?.unwrap_or(false),
        end: fields.truth("endInteraction")?.unwrap_or(false),
        ..Intent::default()
    };
    let mut rests = Vec::new();
    for mut event in fields.objects("events")? {
        intent.events.push(event.string("name")?);
        rests.push(event.rest("intent.events", kept));
    }
    let mut responses = fields.objects("responses")?.into_iter();
    if let Some(response) = responses.next() {
        respond(response, &mut intent, kept)?;
    }
    if let Some(_second) = responses.next() {
        return Err(FormatError::new(
            file,
            "responses[1]",
            "expected one response: Dialogflow ES writes one",
        ));
    }
    let old: Vec<Value> = fields.list("userSays")?;
    for (i, value) in old.into_iter().enumerate() {
        let mut fields = Fields::new(file, format!("userSays[{i}]"), value)?;
        let own = fields.optional("lang")?;
        let language = language_code(&fields, "lang", own)?.unwrap_or_else(|| language.to_owned());
        intent.phrases.field(&language).push(phrase(fields, kept)?);
    }
    intent.extra = fields.rest("intent", kept);
    beside(&mut intent.extra, "events", rests);
    Ok(intent)
}

fn respond(mut fields: Fields, intent: &mut Intent, kept: &mut Kept) -> Result<(), FormatError> {
    intent.reset_contexts = fields.truth("resetContexts")?.unwrap_or(false);
    intent.action = fields.string("action")?;
    for mut context in fields.objects("affectedContexts")? {
        let lifespan = context.number("lifespan")?.unwrap_or(0.0);
        intent.output_contexts.push(OutputContext {
            name: context.string("name")?,
            lifespan: lifespan as u32,
            parameters: context.object("parameters")?,
            extra: context.rest("intent.affectedContexts", kept),
        });
    }
    for parameter in fields.objects("parameters")? {
        intent.parameters.push(self::parameter(parameter, kept)?);
    }
    for mut message in fields.objects("messages")? {
        intent.messages.push(Message {
            platform: message.optional("platform")?.filter(|p| !p.is_empty()),
            language: message.optional("lang")?,
            fields: message.rest("", &mut Kept::new()),
        });
    }
    intent.response_extra = fields.rest("intent.responses", kept);
    Ok(())
}

/// Keeps what the objects of a list hold beyond: in their order, under the name of the list.
fn beside(extra: &mut Map, list: &str, rests: Vec<Map>) {
    if rests.iter().any(|rest| !rest.is_empty()) {
        extra.insert(list.to_owned(), Value::Array(rests.into_iter().map(Value::Object).collect()));
    }
}

fn parameter(mut fields: Fields, kept: &mut Kept) -> Result<Parameter, FormatError> {
    let (mut prompts, mut rests) = (Vec::new(), Vec::new());
    for mut prompt in fields.objects("prompts")? {
        prompts.push(Prompt { language: prompt.optional("lang")?, text: prompt.string("value")? });
        rests.push(prompt.rest("intent.parameters.prompts", kept));
    }
    let name = fields.string("name")?;
    let mut parameter = Parameter {
        id: fields.string("id")?,
        entity: fields.string("dataType")?,
        value: fields.optional("value")?.unwrap_or_else(|| format!("${name}")),
        name,
        default: fields.value("defaultValue").unwrap_or(Value::Null),
        required: fields.truth("required")?.unwrap_or(false),
        list: fields.truth("isList")?.unwrap_or(false),
        prompts,
        extra: fields.rest("intent.parameters", kept),
    };
    beside(&mut parameter.extra, "prompts", rests);
    Ok(parameter)
}

fn phrase(mut fields: Fields, kept: &mut Kept) -> Result<Phrase, FormatError> {
    let mut parts = Vec::new();
    for mut part in fields.objects("data")? {
        parts.push(Part {
            text: part.string("text")?,
            alias: part.optional("alias")?,
            entity: part.optional("meta")?,
            by_hand: part.truth("userDefined")?,
            extra: part.rest("phrase.data", kept),
        });
    }
    Ok(Phrase {
        id: fields.string("id")?,
        parts,
        template: fields.truth("isTemplate")?.unwrap_or(false),
        extra: fields.rest("phrase", kept),
    })
}

fn entity_type(file: &str, value: Value, language: &str, kept: &mut Kept) -> Result<EntityType, FormatError> {
    let mut fields = Fields::new(file, "", value)?;
    let list = fields.truth("isEnum")?.unwrap_or(false);
    let regexp = fields.truth("isRegexp")?.unwrap_or(false);
    let mut entity = EntityType {
        id: fields.string("id")?,
        name: fields.string("name")?,
        kind: match (list, regexp) {
            (_, true) => EntityKind::Regexp,
            (true, false) => EntityKind::List,
            _ => EntityKind::Map,
        },
        expansion: fields.truth("automatedExpansion")?.unwrap_or(false),
        fuzzy: fields.truth("allowFuzzyExtraction")?.unwrap_or(false),
        ..EntityType::default()
    };
    let entries = fields.objects("entries")?;
    entity.extra = fields.rest("entity", kept);
    if !entries.is_empty() {
        add_entries(&mut entity, language, entries, kept)?;
    }
    Ok(entity)
}

fn add_entries(
    entity: &mut EntityType,
    language: &str,
    entries: Vec<Fields>,
    kept: &mut Kept,
) -> Result<(), FormatError> {
    let list = entity.entries.field(language);
    let mut rests = vec![Map::new(); list.len()];
    for mut entry in entries {
        list.push(Entry { value: entry.string("value")?, synonyms: entry.strings("synonyms")? });
        rests.push(entry.rest("entity.entries", kept));
    }
    beside(&mut entity.extra, &format!("entries {language}"), rests);
    Ok(())
}

/// The files of the newer layout that hold phrases and entries by language.
fn parts(files: &BTreeMap<&str, &[u8]>, agent: &mut Agent, kept: &mut Kept) -> Result<(), FormatError> {
    // Names in files are cleaned ("What_s"), so owners are found by the file that names them.
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (&path, &bytes) in files {
        if let Some(name) =
            json(path, bytes).ok().as_ref().and_then(|v| v.get("name")).and_then(Value::as_str)
            && !name.is_empty()
        {
            owners.insert(path.to_owned(), name.to_owned());
        }
    }
    for (&path, &bytes) in files {
        let Some((folder, stem)) =
            path.split_once('/').and_then(|(f, n)| Some((f, n.strip_suffix(".json")?)))
        else {
            continue;
        };
        let mark = match folder {
            "intents" => "_usersays_",
            "entities" => "_entries_",
            _ => continue,
        };
        let Some((owner, language)) = part_of(stem, mark, folder, files) else { continue };
        let name = owners.get(&format!("{folder}/{owner}.json")).map_or(owner, String::as_str);
        let Value::Array(list) = json(path, bytes)? else {
            return Err(FormatError::new(path, "the file", "expected a list"));
        };
        let objects =
            list.into_iter().enumerate().map(|(i, value)| Fields::new(path, format!("[{i}]"), value));
        if folder == "intents" {
            let phrases = objects.map(|f| phrase(f?, kept)).collect::<Result<Vec<_>, _>>()?;
            if let Some(intent) = agent.intents.iter_mut().find(|i| i.name == name) {
                intent.phrases.field(language).extend(phrases);
            }
        } else {
            let entries = objects.collect::<Result<Vec<_>, _>>()?;
            if let Some(entity) = agent.entity_types.iter_mut().find(|e| e.name == name) {
                add_entries(entity, language, entries, kept)?;
            }
        }
    }
    Ok(())
}

/// Intents that end the conversation are also listed under Google's assistant.
fn end_ids(agent: &Agent) -> BTreeSet<String> {
    let assistant = agent.settings.extra.get("googleAssistant").and_then(|g| g.get("endIntentIds"));
    let ids = assistant.and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(|id| id.as_str().or_else(|| id.get("intentId").and_then(Value::as_str)).map(str::to_owned))
        .collect()
}

/// What is too much to be learnt is refused before anybody tries.
fn fits(agent: &Agent) -> Result<(), FormatError> {
    let check = |place: &str, count: usize, most: usize, what: &str| match count > most {
        true => Err(FormatError::new(
            "the export",
            place,
            format!("{count} {what} are too many; {most} are allowed"),
        )),
        false => Ok(()),
    };
    check("intents", agent.intents.len(), MOST_INTENTS, "intents")?;
    check("supportedLanguages", agent.settings.languages.len(), MOST_LANGUAGES, "languages")?;
    for language in agent.languages() {
        let phrases: usize = agent.intents.iter().map(|intent| intent.phrases_in(language).len()).sum();
        let what = format!("phrases in `{language}` times intents");
        check("intents", phrases.saturating_mul(agent.intents.len()), MOST_PAIRS, &what)?;
    }
    Ok(())
}

/// Names are there and unique; follow-ups form a tree.
fn sound(agent: &Agent) -> Result<(), FormatError> {
    fits(agent)?;
    for pair in agent.intents.windows(2) {
        if pair[0].name == pair[1].name {
            return Err(FormatError::new(
                "intents",
                pair[0].name.clone(),
                "expected one intent of this name, found two",
            ));
        }
    }
    for pair in agent.entity_types.windows(2) {
        if pair[0].name == pair[1].name {
            return Err(FormatError::new(
                "entities",
                pair[0].name.clone(),
                "expected one entity of this name, found two",
            ));
        }
    }
    let parents: BTreeMap<&str, &str> =
        agent.intents.iter().filter_map(|i| Some((i.id.as_str(), i.parent.as_deref()?))).collect();
    // From each intent up to where somebody has been before: by whom tells a circle from a line that was seen.
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (walk, intent) in agent.intents.iter().enumerate() {
        let mut at = intent.id.as_str();
        while let Some(&parent) = parents.get(at) {
            match seen.insert(at, walk) {
                Some(earlier) if earlier == walk => {
                    let what = "expected a tree of follow-ups, found an intent that follows itself";
                    return Err(FormatError::new(format!("intents/{}.json", intent.name), "parentId", what));
                }
                Some(_) => break,
                None => at = parent,
            }
        }
    }
    Ok(())
}
