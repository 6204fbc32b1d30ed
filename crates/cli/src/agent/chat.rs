//! `menagerie agent chat`: a conversation in the terminal.

use super::{explain, fault, files};
use crate::{Error, output};
use contract::code::CONFIGURATION;
use nlu::{
    dialogue::{Circumstances, Query, Reply, Session, Turn},
    entity::{
        calendar::{Clock, Fixed, Zone},
        zone::zone,
    },
    model::{Model, ModelError},
    vectors::Vectors,
};
use std::{
    io::{BufRead, IsTerminal},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The answers.
    Answers,
    /// How the intent was found, scores, slots and contexts too.
    Everything,
}

/// Talks until the input ends or the agent says goodbye.
pub fn run(
    path: &Path,
    vectors: Option<&Path>,
    detail: Detail,
    language: Option<&str>,
) -> Result<String, Error> {
    let vectors = vectors.map(files::vectors).transpose()?;
    let model = match trained(path, vectors.clone())? {
        Some(model) => model,
        None => {
            let (agent, report) = files::agent(path)?;
            for fault in &report.faults {
                output::note(format_args!("not understood: {fault}"));
            }
            Model::train(&agent, vectors).0
        }
    };
    if let Some(code) = language.filter(|code| !speaks(&model, code)) {
        let all = model.agent().languages().join(", ");
        return Err(fault(path, format!("the agent does not speak `{code}`; it speaks {all}")));
    }
    let language = language.unwrap_or(&model.agent().settings.language).to_owned();
    let named = zone(&model.agent().settings.time_zone);
    let mut session = Session::new();
    let input = std::io::stdin();
    let mut query = Query::Event { name: "WELCOME".into(), parameters: nlu::json::Map::new() };
    loop {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let utc = Fixed(0);
        let clock = Clock {
            now: since.as_secs() as i64,
            zone: named.as_ref().map_or(&utc as &dyn Zone, |zone| zone),
        };
        let random = since.subsec_nanos().wrapping_mul(2_654_435_761);
        let now = Circumstances { language: &language, clock, random };
        let before = session.clone();
        let turn = model.respond(&mut session, &query, now);
        show(&turn);
        if detail == Detail::Everything {
            for line in explain::lines(&model, &before, &query, &turn, now) {
                output::line(format!("  {line}"));
            }
        }
        if turn.end {
            return Ok(String::new());
        }
        if input.is_terminal() {
            output::text("> ");
        }
        // What is no UTF-8 is not understood, and the conversation goes on.
        let mut line = Vec::new();
        let unheard = |error| Error::new(CONFIGURATION, format!("what you say cannot be read: {error}"));
        if input.lock().read_until(b'\n', &mut line).map_err(unheard)? == 0 {
            return Ok(String::new());
        }
        query = Query::Text(String::from_utf8_lossy(&line).trim().to_owned());
    }
}

fn speaks(model: &Model, code: &str) -> bool {
    let root = code.split('-').next().unwrap_or(code);
    model
        .agent()
        .languages()
        .iter()
        .any(|own| own.eq_ignore_ascii_case(code) || own.eq_ignore_ascii_case(root))
}

/// The model of a trained file; none if it is no such file, and may be an export.
fn trained(path: &Path, vectors: Option<Vectors>) -> Result<Option<Model>, Error> {
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(path).map_err(|e| fault(path, e))?;
    let given = vectors.as_ref().map(Vectors::fingerprint);
    match Model::unlearnt(&bytes) {
        Err(ModelError::Foreign) => return Ok(None),
        // One that is yet to be learnt can be learnt without, too: but it was not meant so.
        Ok(_) if Model::fingerprint(&bytes).is_some_and(|wanted| given != Some(wanted)) => {
            return Err(fault(path, ModelError::Vectors));
        }
        _ => {}
    }
    match Model::from_bytes(&bytes, vectors) {
        Ok(model) => Ok(Some(model)),
        Err(error) => Err(fault(path, error)),
    }
}

fn show(turn: &Turn) {
    for reply in &turn.replies {
        match reply {
            Reply::Text(text) => output::line(text),
            Reply::Card { title, subtitle, .. } => output::line(format!("[{title}] {subtitle}")),
            Reply::QuickReplies { title, replies } => {
                output::line(format!("{title} ({})", replies.join(" | ")))
            }
            Reply::Image(address) => output::line(format!("[picture: {address}]")),
            Reply::Payload(value) | Reply::Other(value) | Reply::Special(value) => output::line(value),
        }
    }
    if turn.replies.is_empty() {
        output::line(format!(
            "({})",
            turn.intent.as_deref().map_or("no answer".to_owned(), |i| format!(
                "{i}: no text of its own{}",
                if turn.needs_webhook { ", its webhook answers" } else { "" }
            ))
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nlu::vectors::file::File;

    #[test]
    fn what_was_trained_with_vectors_is_read_with_them_only() {
        let folder = tempfile::tempdir().unwrap();
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
        let vectors = || files::vectors(&ours.join("vectors")).unwrap();
        let agent = files::agent(&ours.join("agents/petstore")).unwrap().0;
        let other = File::write("up\n", &[0x89; 64], None);
        let other = || Vectors::from_bytes(&other).unwrap();
        let file = folder.path().join("mine.agent");
        let ours_of = |vectors: Option<&Vectors>| {
            let learnt = Model::train(&agent, vectors.cloned()).0;
            [learnt.to_bytes(), Model::untrained(&agent, vectors)]
        };
        for bytes in ours_of(Some(&vectors())) {
            std::fs::write(&file, bytes).unwrap();
            assert!(trained(&file, Some(vectors())).unwrap().is_some());
            for vectors in [None, Some(other())] {
                let refused = trained(&file, vectors).unwrap_err();
                assert!(refused.message().contains("--vectors"), "{}", refused.message());
            }
        }
        for bytes in ours_of(None) {
            std::fs::write(&file, bytes).unwrap();
            for vectors in [None, Some(vectors())] {
                assert!(trained(&file, vectors).unwrap().is_some());
            }
        }
    }
}
