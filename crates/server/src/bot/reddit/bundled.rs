//! Listings that the binary carries, written by us in Reddit's shape.

use super::listing::{self, Post, Shows};
use crate::assets;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

type Read = Mutex<HashMap<String, Arc<Vec<Post>>>>;

/// The posts of `assets/reddit/{name}.{language}.json`; none where there is no such file.
pub fn posts(name: &str, language: &str, shows: Shows) -> Arc<Vec<Post>> {
    static READ: std::sync::LazyLock<Read> = std::sync::LazyLock::new(Mutex::default);
    let path = format!("reddit/{name}.{language}.json");
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(posts) = read.get(&path) {
        return Arc::clone(posts);
    }
    let Some(file) = assets::get(&path) else { return Arc::default() };
    let posts = listing::read(&file.data, shows).unwrap_or_else(|error| {
        tracing::error!(%error, path, "a listing of our own cannot be read");
        Vec::new()
    });
    Arc::clone(read.entry(path).or_insert(Arc::new(posts)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[track_caller]
    fn check(name: &str, language: &str, shows: Shows, least: usize) {
        let posts = posts(name, language, shows);
        assert!(posts.len() >= least, "{name}.{language}: {}", posts.len());
        let ids: BTreeSet<&str> = posts.iter().map(|post| post.id.as_str()).collect();
        let titles: BTreeSet<&str> = posts.iter().map(|post| post.title.as_str()).collect();
        assert_eq!(
            (ids.len(), titles.len()),
            (posts.len(), posts.len()),
            "{name}.{language}: twice the same"
        );
        for topic in ["cats", "dogs", "birds", "fish", "rabbits", "rodents", "reptiles", "horses"] {
            assert!(posts.iter().any(|post| post.flair == topic), "{name}.{language}: none about {topic}");
        }
        let without_source = posts.iter().find(|post| shows == Shows::Title && post.url.is_empty());
        assert_eq!(without_source, None, "a fact has a source");
    }

    #[test]
    fn there_are_enough_of_each_kind_and_facts_have_a_source() {
        check("jokes", "en", Shows::TitleAndText, 80);
        check("facts", "en", Shows::Title, 80);
        check("jokes", "de", Shows::TitleAndText, 40);
        check("facts", "de", Shows::Title, 40);
        assert!(posts("jokes", "xx", Shows::Title).is_empty());
        assert!(posts("../agents/petstore/agent", "en", Shows::Title).is_empty());
    }
}
