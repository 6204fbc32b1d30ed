//! An agent for the browser: a file for each language, to be learnt by the page that speaks it.

use super::{fault, files};
use crate::{Error, output};
use nlu::{
    agent::Agent,
    model::Model,
    text::before,
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
    let (agent, report) = files::agent(path)?;
    for fault in &report.faults {
        output::note(format_args!("{}: not understood: {fault}", path.display()));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let packed = |language: &str| {
        (format!("{name}.{language}.agent"), Model::untrained(&only(&agent, language), vectors))
    };
    let languages = agent.languages();
    let mut files: Vec<_> = languages.iter().map(|language| packed(language)).collect();
    // Pages ask in a language; where only locales of it are spoken, by the first one's words.
    for language in &languages {
        let root = before(language, b'-');
        let file = format!("{name}.{root}.agent");
        if files.iter().all(|(known, _)| *known != file) {
            files.push((file, packed(language).1));
        }
    }
    Ok(files)
}

/// The agent as far as it speaks one language. What a locale does not say for itself it says in its language's words.
fn only(agent: &Agent, language: &str) -> Agent {
    let mut agent = agent.clone();
    let root = before(language, b'-');
    // Of the codes that there are: the own one if it is among them.
    let spoken = |own: bool| if own { language } else { root };
    let is = |code: &Option<String>, wanted: &str| code.as_deref() == Some(wanted);
    agent.settings.language = language.to_owned();
    agent.settings.languages.clear();
    for intent in &mut agent.intents {
        let code = spoken(intent.phrases.get(language).is_some());
        intent.phrases.retain(|of, _| of == code);
        let code = spoken(intent.messages.iter().any(|message| is(&message.language, language)));
        intent.messages.retain(|message| message.language.is_none() || is(&message.language, code));
        for parameter in &mut intent.parameters {
            let code = spoken(parameter.prompts.iter().any(|prompt| is(&prompt.language, language)));
            parameter.prompts.retain(|prompt| prompt.language.is_none() || is(&prompt.language, code));
        }
    }
    for entity_type in &mut agent.entity_types {
        let code = spoken(entity_type.entries.get(language).is_some());
        entity_type.entries.retain(|of, _| of == code);
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
        // What a locale does not say for itself.
        let own = only(&agent, "de-AT");
        assert_eq!(own.intents[0].phrases_in("de-AT")[0].text(), "hallo");
        assert_eq!((own.intents[0].phrases.len(), own.intents[0].messages.len()), (1, 2));
        agent.intents[0].messages.push(message("Servus!", "de-AT"));
        let own = only(&agent, "de-AT");
        assert_eq!(own.intents[0].messages.len(), 2, "its own, and what is of no language");
    }
}
