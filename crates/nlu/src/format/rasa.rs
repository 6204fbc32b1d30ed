//! Rasa's training data in YAML: the part of it that holds examples of intents.
//!
//! Only `nlu: - intent: … examples: | - …` is read, and the longer `examples: - text: | …`; synonyms, look-up tables and
//! regular expressions are passed over. The files that Rasa writes and documents are plain enough to be read line by line.

use super::{
    FormatError,
    jsonl::{Record, Span},
};

/// A longer example is refused: no sentence is that long, and brackets are looked for from each to the end.
const LONGEST: usize = 10_000;

/// Where a line stands. What is deeper than a column belongs to the key that begins there.
enum Place {
    /// Before, between and after examples.
    Outside,
    /// Below `examples: |`, which begins at this column.
    Lines(usize),
    /// Below `examples:` at the first column, in a list whose keys begin at the second, as far as one was seen.
    List(usize, Option<usize>),
    /// Below `text: |` in such a list: with the number of that line, and the text so far.
    Text(usize, usize, usize, String),
}

/// Reads a file; `name` stands in the errors.
pub fn read(name: &str, text: &str) -> Result<Vec<Record>, FormatError> {
    let mut examples = Examples { name, intent: None, records: Vec::new() };
    let mut place = Place::Outside;
    for (number, line) in (1..).zip(text.lines()) {
        let bare = line.trim();
        let indent = line.len() - line.trim_start().len();
        let fault = |what: &str| FormatError::new(name, format!("line {number}"), what);
        if let Place::Text(list, keys, of, so_far) = &mut place {
            if bare.is_empty() || indent > *keys {
                so_far.push(' ');
                so_far.push_str(bare);
                continue;
            }
            examples.add(*of, so_far)?;
            place = Place::List(*list, Some(*keys));
        }
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let item = bare.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '));
        let key = item.map_or(bare, str::trim_start);
        let column = indent + bare.len() - key.len();
        match place {
            Place::Lines(depth) if indent > depth => {
                let Some(example) = bare.strip_prefix('-') else {
                    return Err(fault("expected an example that begins with `-`"));
                };
                examples.add(number, example)?;
                continue;
            }
            Place::List(depth, keys) if indent > depth || (indent == depth && item.is_some()) => {
                // What lies deeper is of another key: `metadata:`.
                let is_below = keys.is_some_and(|keys| column > keys && indent >= keys);
                if is_below {
                    continue;
                }
                if item.is_some() && !key.contains(':') {
                    return Err(fault("expected `- text: …`, or `|` behind `examples:`"));
                }
                place = match key.strip_prefix("text:").map(str::trim) {
                    Some(value) if value.starts_with(['|', '>']) => {
                        Place::Text(depth, column, number, String::new())
                    }
                    Some(value) => {
                        let value =
                            scalar(value).ok_or_else(|| fault("expected a text that ends in this line"))?;
                        examples.add(number, &value)?;
                        Place::List(depth, Some(column))
                    }
                    None => Place::List(depth, Some(column)),
                };
                continue;
            }
            _ => place = Place::Outside,
        }
        if let Some(value) = key.strip_prefix("intent:") {
            let value = scalar(value).ok_or_else(|| fault("expected the intent's name in this line"))?;
            examples.intent = Some(value);
        } else if ["synonym:", "lookup:", "regex:", "rule:", "story:"].iter().any(|k| key.starts_with(k)) {
            examples.intent = None;
        } else if let Some(value) = key.strip_prefix("examples:") {
            if item.is_some() {
                return Err(fault("expected whose examples these are before them, as `- intent: …`"));
            }
            place = match value.trim_start() {
                value if value.starts_with('|') => Place::Lines(column),
                value if value.is_empty() || value.starts_with('#') => Place::List(column, None),
                _ => return Err(fault("expected `|` behind `examples:`, or a list of `- text: …` below it")),
            };
        }
    }
    if let Place::Text(_, _, of, text) = place {
        examples.add(of, &text)?;
    }
    Ok(examples.records)
}

/// The examples so far.
struct Examples<'a> {
    name: &'a str,
    /// Whose the next ones are, if they are of one.
    intent: Option<String>,
    records: Vec<Record>,
}

impl Examples<'_> {
    /// One more, from a line.
    fn add(&mut self, number: usize, example: &str) -> Result<(), FormatError> {
        let Some(intent) = &self.intent else { return Ok(()) };
        let (text, entities) = marked(example.trim())
            .map_err(|what| FormatError::new(self.name, format!("line {number}"), what))?;
        self.records.push(Record { text, intent: Some(intent.clone()), entities });
        Ok(())
    }
}

/// A value in one line, without its quotes and the comment behind it; none if its quote does not end.
fn scalar(value: &str) -> Option<String> {
    let value = value.trim();
    if value.starts_with('"') {
        // What Rasa writes between these means the same in JSON.
        return serde_json::Deserializer::from_str(value).into_iter::<String>().next()?.ok();
    }
    if let Some(quoted) = value.strip_prefix('\'') {
        // Two of them stand for one.
        let marked = quoted.replace("\'\'", "\0");
        return marked.split_once('\'').map(|(text, _)| text.replace('\0', "\'"));
    }
    let plain = value.split_once(" #").map_or(value, |(plain, _)| plain);
    Some(if plain.starts_with('#') { "" } else { plain.trim_end() }.to_owned())
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
        for (examples, line) in [
            ("|\n    hey", "line 4"),
            (">\n    - hey", "line 3"),
            ("|\n- examples: |\n    - hey\n  intent: b", "line 4"),
            ("\n  - hey", "line 4"),
            ("\n  - text: |\n      hey\n  - 'hey", "line 6"),
            ("\n  - text: \"hey", "line 4"),
            ("\n  - text: |\n      to [Rome]{\"\n", "line 4"),
        ] {
            let file = format!("nlu:\n- intent: a\n  examples: {examples}");
            let error = read("nlu.yml", &file).unwrap_err().to_string();
            assert!(error.contains(line), "{file}: {error}");
        }
    }

    #[test]
    fn examples_of_the_longer_form_are_read() {
        let file = "nlu:
- intent: greet # the first one
  metadata:
    sentiment: neutral
  examples: # each with more
  - text: |
      hey [Anna](name)

      # you there
    metadata:
      text: no example
      tags:
      - none
  - text: \"say \\\"hi\\\"\" # a comment
  - metadata: none
    text: 'it''s me'
  - text: plain # a comment
- intent: 'thank you' # quoted
  examples:
    - text: >-
        thank
        you
- synonym: credit
  examples:
  - text: no example
";
        let records = read("nlu.yml", file).unwrap();
        let lines: Vec<_> = records
            .iter()
            .map(|r| (r.intent.as_deref().unwrap(), r.text.as_str(), r.entities.len()))
            .collect();
        assert_eq!(
            lines,
            [
                ("greet", "hey Anna  # you there", 1),
                ("greet", "say \"hi\"", 0),
                ("greet", "it's me", 0),
                ("greet", "plain", 0),
                ("thank you", "thank you", 0),
            ]
        );
    }
}
