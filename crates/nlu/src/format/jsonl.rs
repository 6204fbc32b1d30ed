//! JSON Lines: `{"text", "intent", "entities": [{"start","end","entity"}]}`, one sentence a line.

use super::FormatError;
use serde_json::Value;

/// A marked stretch of a sentence; `start` and `end` count Unicode characters, `end` is exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// Which entity it is.
    pub entity: String,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The sentence.
    pub text: String,
    /// Its intent; `None` where no intent should be found.
    pub intent: Option<String>,
    /// What is marked in it.
    pub entities: Vec<Span>,
}

/// Reads a file; `name` stands in the errors.
pub fn read(name: &str, text: &str) -> Result<Vec<Record>, FormatError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(i, line)| record(line).map_err(|what| FormatError::new(name, format!("line {}", i + 1), what)))
        .collect()
}

fn record(line: &str) -> Result<Record, String> {
    let value: Value = serde_json::from_str(line).map_err(|e| {
        // serde counts lines from this one.
        let what = e.to_string();
        let what = what.split(" at line ").next().unwrap_or_default().to_owned();
        format!("this is not JSON: {what} at column {}", e.column())
    })?;
    let text = value.get("text").and_then(Value::as_str).ok_or("`text` should be a string")?.to_owned();
    let intent = match value.get("intent") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.clone()),
        Some(_) => return Err("`intent` should be a string or null".into()),
    };
    let characters = text.chars().count();
    let mut entities = Vec::new();
    match value.get("entities") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            for entity in list {
                entities.push(span(entity, characters)?);
            }
        }
        Some(_) => return Err("`entities` should be a list".into()),
    }
    Ok(Record { text, intent, entities })
}

fn span(value: &Value, characters: usize) -> Result<Span, String> {
    let number = |key: &str| {
        let found = value.get(key).and_then(Value::as_u64);
        found.map(|n| n as usize).ok_or_else(|| format!("`{key}` of an entity should be a whole number"))
    };
    let (start, end) = (number("start")?, number("end")?);
    let entity = value.get("entity").and_then(Value::as_str).ok_or("`entity` should be a string")?;
    if start >= end || end > characters {
        return Err(format!(
            "an entity from {start} to {end} does not lie in a text of {characters} characters"
        ));
    }
    Ok(Span { start, end, entity: entity.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::read;

    fn check(line: &str, expected: &str) {
        let answer = match read("x.jsonl", line) {
            Ok(records) => records
                .iter()
                .map(|r| format!("{}>{}>{}", r.text, r.intent.as_deref().unwrap_or("-"), r.entities.len()))
                .collect(),
            Err(error) => error.to_string(),
        };
        assert!(answer.contains(expected), "{line}: {answer}");
    }

    #[test]
    fn lines_are_records() {
        check(r#"{"text": "hi", "intent": "hello"}"#, "hi>hello>0");
        check(r#"{"text": "hi", "intent": null}"#, "hi>->0");
        check(
            r#"{"text": "hü", "intent": "a", "entities": [{"start": 1, "end": 2, "entity": "x"}]}"#,
            "hü>a>1",
        );
        check("\n\n", "");
    }

    #[test]
    fn faults_are_named_with_their_place() {
        check("{", "x.jsonl, line 1: this is not JSON");
        check(r#"{"intent": "a"}"#, "`text` should be a string");
        check(r#"{"text": "hi", "intent": 3}"#, "`intent` should be a string or null");
        check(r#"{"text": "hi", "entities": [{"start": 1, "end": 9, "entity": "x"}]}"#, "from 1 to 9");
        check("{\"text\": \"hi\"}\n{\"text\": 1}", "line 2");
    }
}
