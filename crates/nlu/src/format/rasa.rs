//! Rasa's training data in YAML: the part of it that holds examples of intents.
//!
//! Only `nlu: - intent: … examples: | - …` is read; synonyms, look-up tables and regular expressions are
//! passed over. The files that Rasa writes and documents are plain enough to be read line by line.

use super::{
    FormatError,
    jsonl::{Record, Span},
};

/// A longer example is refused: no sentence is that long, and brackets are looked for from each to the end.
const LONGEST: usize = 10_000;

/// Reads a file; `name` stands in the errors.
pub fn read(name: &str, text: &str) -> Result<Vec<Record>, FormatError> {
    let mut records = Vec::new();
    let mut intent: Option<String> = None;
    let mut examples: Option<usize> = None;
    for (number, line) in text.lines().enumerate() {
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if let Some(depth) = examples
            && indent > depth
        {
            let Some(example) = bare.strip_prefix('-') else {
                return Err(FormatError::new(
                    name,
                    format!("line {}", number + 1),
                    "expected an example that begins with `-`",
                ));
            };
            if let Some(intent) = &intent {
                let (text, entities) = marked(example.trim())
                    .map_err(|what| FormatError::new(name, format!("line {}", number + 1), what))?;
                records.push(Record { text, intent: Some(intent.clone()), entities });
            }
            continue;
        }
        examples = None;
        let key = bare.strip_prefix("- ").unwrap_or(bare);
        if let Some(value) = key.strip_prefix("intent:") {
            intent = Some(value.trim().trim_matches(['"', '\'']).to_owned());
        } else if ["synonym:", "lookup:", "regex:", "rule:", "story:"].iter().any(|k| key.starts_with(k)) {
            intent = None;
        } else if key.starts_with("examples:") {
            examples = Some(indent);
        }
    }
    Ok(records)
}

/// `[word](entity)` or `[word]{"entity": "name"}` within an example.
fn marked(example: &str) -> Result<(String, Vec<Span>), String> {
    if example.len() > LONGEST {
        return Err(format!("an example of {} bytes is too long; {LONGEST} are allowed", example.len()));
    }
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = example;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((word, tail)) = after.split_once(']') else { break };
        let entity = if let Some(tail) = tail.strip_prefix('(') {
            tail.split_once(')').map(|(name, rest)| (name.split(':').next().unwrap_or(name).to_owned(), rest))
        } else if tail.starts_with('{') {
            let end = tail.find('}').ok_or("expected } after an entity")? + 1;
            let value: serde_json::Value =
                serde_json::from_str(&tail[..end]).map_err(|e| format!("expected the entity's JSON: {e}"))?;
            value.get("entity").and_then(|e| e.as_str()).map(|e| (e.to_owned(), &tail[end..]))
        } else {
            None
        };
        text.push_str(before);
        let Some((entity, next)) = entity else {
            text.push('[');
            rest = after;
            continue;
        };
        let start = text.chars().count();
        text.push_str(word);
        let end = text.chars().count();
        if start < end {
            spans.push(Span { start, end, entity });
        }
        rest = next;
    }
    text.push_str(rest);
    Ok((text, spans))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn examples_are_read() {
        let file = "version: \"3.1\"\nnlu:\n- intent: greet\n  examples: |\n    - hey\n    - hello [Anna](name)!\n- synonym: credit\n  examples: |\n    - credit card account\n- intent: book\n  examples: |\n    - to [Rome]{\"entity\": \"city\", \"role\": \"to\"} [sic]\n";
        let records = read("nlu.yml", file).unwrap();
        let lines: Vec<String> = records
            .iter()
            .map(|r| {
                format!(
                    "{}: {} {:?}",
                    r.intent.as_deref().unwrap(),
                    r.text,
                    r.entities.iter().map(|e| (e.start, e.end, e.entity.as_str())).collect::<Vec<_>>()
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                "greet: hey []",
                "greet: hello Anna! [(6, 10, \"name\")]",
                "book: to Rome [sic] [(3, 7, \"city\")]"
            ]
        );
        assert!(
            read("nlu.yml", "nlu:\n- intent: a\n  examples: |\n    hey")
                .unwrap_err()
                .to_string()
                .contains("line 4")
        );
    }
}
