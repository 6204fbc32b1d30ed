//! Telling our own news from others': what we write into the address comes back as a change.

/// The addresses that we wrote and have not heard back yet, the oldest first.
#[derive(Debug, Default)]
pub struct Echoes(Vec<String>);

impl Echoes {
    /// We wrote `path`.
    pub fn wrote(&mut self, path: String) {
        self.0.push(path);
    }

    /// Whether hearing `path` is no more than our own news. The router may leave out what was soon
    /// overwritten, but it keeps the order; anything else is news, and ends what we waited for.
    pub fn is_own(&mut self, path: &str) -> bool {
        let own = self.0.iter().position(|written| written == path);
        match own {
            Some(at) => drop(self.0.drain(..=at)),
            None => self.0.clear(),
        }
        own.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `+x`: we wrote x. `x`: it came back as our own. `!x`: it came as news.
    fn check(story: &str) {
        let mut echoes = Echoes::default();
        for word in story.split(' ') {
            if let Some(path) = word.strip_prefix('+') {
                echoes.wrote(path.to_owned());
            } else {
                let path = word.trim_start_matches('!');
                assert_eq!(echoes.is_own(path), !word.starts_with('!'), "{word} in {story}");
            }
        }
    }

    #[test]
    fn own_news_and_others() {
        check("!a");
        check("+a a !a");
        check("+a +b a b !b");
        check("+a +b b !a");
        check("+a !x !a");
        check("+a +b +a a !x");
        check("+a +b +a a b a !a");
    }
}
