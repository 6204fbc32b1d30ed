//! An agent for the browser: a file for each language, to be learnt by the page that speaks it.

use super::{fault, files};
use crate::Error;
use nlu::{
    agent::Agent,
    model::Model,
    vectors::{Vectors, file},
};
use std::path::Path;

/// The file of the vectors in a folder, with its name and its bytes, and the vectors themselves.
pub fn pack_vectors(dir: &Path) -> Result<((String, Vec<u8>), Vectors), Error> {
    let bytes = files::vectors_file(dir)?;
    let vectors = Vectors::from_bytes(&bytes).map_err(|error| fault(dir, error))?;
    Ok(((file::name(vectors.fingerprint()), bytes), vectors))
}

/// The files of the agent in a folder or zip file: `petstore.en.agent`, with their bytes. Pages learn them with the vectors, where
/// they have those.
pub fn pack(path: &Path, vectors: Option<&Vectors>) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let (agent, _) = files::agent(path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let packed = |language: &str| {
        (format!("{name}.{language}.agent"), Model::untrained(&only(&agent, language), vectors))
    };
    Ok(agent.languages().into_iter().map(packed).collect())
}

/// The agent as far as it speaks one language.
fn only(agent: &Agent, language: &str) -> Agent {
    let mut agent = agent.clone();
    let other = |code: &Option<String>| code.as_deref().is_some_and(|code| code != language);
    agent.settings.language = language.to_owned();
    agent.settings.languages.clear();
    for intent in &mut agent.intents {
        intent.phrases.retain(|code, _| code == language);
        intent.messages.retain(|message| !other(&message.language));
        for parameter in &mut intent.parameters {
            parameter.prompts.retain(|prompt| !other(&prompt.language));
        }
    }
    for entity_type in &mut agent.entity_types {
        entity_type.entries.retain(|code, _| code == language);
    }
    agent
}

#[cfg(test)]
mod tests {
    use super::*;
    use nlu::agent::{Intent, Message, Phrase};

    #[test]
    fn each_language_by_itself() {
        let message = |text: &str, language: &str| Message {
            language: Some(language.into()),
            ..Message::text(&[text])
        };
        let mut agent = Agent::default();
        agent.settings.languages = vec!["de".into()];
        agent.intents.push(Intent {
            name: "hello".into(),
            phrases: [("en".into(), vec![Phrase::plain("hi")]), ("de".into(), vec![Phrase::plain("hallo")])]
                .into(),
            messages: vec![message("Hello!", "en"), message("Hallo!", "de"), Message::text(&["*"])],
            ..Intent::default()
        });
        for (language, phrases, texts) in [("en", "hi", 2), ("de", "hallo", 2)] {
            let own = only(&agent, language);
            assert_eq!(own.languages(), [language]);
            assert_eq!(own.intents[0].phrases_in(language)[0].text(), phrases);
            assert_eq!((own.intents[0].phrases.len(), own.intents[0].messages.len()), (1, texts));
        }
    }
}
