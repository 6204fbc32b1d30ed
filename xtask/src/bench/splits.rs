//! Sentences to learn and sentences to measure on, out of the files of a folder of data (`--data`).

use cli::{Error, agent::records};
use nlu::format::jsonl::Record;
use std::{collections::BTreeSet, path::Path};

/// What one measurement learns and is asked.
#[derive(Default)]
pub struct Split {
    /// To learn.
    pub train: Vec<Record>,
    /// To learn as what no intent takes.
    pub oos: Vec<Record>,
    /// To measure on.
    pub test: Vec<Record>,
    /// To pick the threshold on; where there is none, the phrases left out in turn.
    pub validation: Vec<Record>,
}

/// The intents of Snips that there is data of.
const SNIPS: [&str; 4] = ["AddToPlaylist", "BookRestaurant", "GetWeather", "PlayMusic"];

/// What a set is measured on: each intent of Snips by itself, or all of them in one.
pub fn splits(data: &Path, set: &str) -> Result<Vec<Split>, Error> {
    let Some(size) = set.strip_prefix("snips-") else { return Ok(vec![split(data, set)?]) };
    let (size, together) = size.split_once('-').map_or((size, false), |(size, _)| (size, true));
    let each: Result<Vec<Split>, Error> =
        SNIPS.iter().map(|intent| split(data, &format!("snips/{intent}:train-{size}"))).collect();
    let each = each?;
    if !together {
        return Ok(each);
    }
    let all = each.into_iter().fold(Split::default(), |mut all, split| {
        all.train.extend(split.train);
        all.test.extend(split.test);
        all
    });
    Ok(vec![all])
}

/// The split of a set. Where a folder has no test file, one is cut.
pub fn split(data: &Path, set: &str) -> Result<Split, Error> {
    let read = |file: &str| records(&data.join(file));
    let every_tenth = |(i, record): (usize, Record)| (i % 10 == 9, record);
    Ok(match set {
        // The file for picking is halved: one half picks, the other measures.
        "clinc150-full" => {
            let (test, validation): (Vec<_>, Vec<_>) = read("clinc150-full/validation.jsonl")?
                .into_iter()
                .enumerate()
                .partition(|(i, _)| i % 2 == 0);
            let bare = |list: Vec<(usize, Record)>| list.into_iter().map(|(_, record)| record).collect();
            Split {
                train: read("clinc150-full/train.jsonl")?,
                oos: read("clinc150-full/train-oos.jsonl")?,
                test: bare(test),
                validation: bare(validation),
            }
        }
        // All other sentences of HWU64.
        "hwu64-small" | "hwu64-large" => {
            let train = read(&format!("{set}/train.jsonl"))?;
            let known: BTreeSet<&str> = train.iter().map(|record| record.text.as_str()).collect();
            let mut test = read("hwu64-fold5/train.jsonl")?;
            test.extend(read("hwu64-fold5/test.jsonl")?);
            test.retain(|record| !known.contains(record.text.as_str()));
            Split { test, train, ..Split::default() }
        }
        "banking77" => {
            let all = read("banking77/train.jsonl")?.into_iter().enumerate().map(every_tenth);
            let (test, train): (Vec<_>, Vec<_>) = all.partition(|(is_test, _)| *is_test);
            let bare = |list: Vec<(bool, Record)>| list.into_iter().map(|(_, record)| record).collect();
            Split { train: bare(train), test: bare(test), ..Split::default() }
        }
        _ => {
            let (folder, train) = set.split_once(':').unwrap_or((set, "train"));
            Split {
                train: read(&format!("{folder}/{train}.jsonl"))?,
                test: read(&format!("{folder}/test.jsonl"))?,
                ..Split::default()
            }
        }
    })
}
