//! How the Web APIs of a release differ from what is live.

use crate::el;
use microapp::{element::El, t};

/// What it newly uses, and what it no longer does.
pub fn list(added: &[String], removed: &[String]) -> El {
    let (new, gone) =
        ([t("newly uses"), " ".to_owned()].concat(), [t("no longer uses"), " ".to_owned()].concat());
    let line = |class: &str, sign: &str, says: &str, name: &String| {
        el("li")
            .class(class)
            .child(el("span").attr("aria-hidden", "true").text(sign))
            .child(el("span").class("visually-hidden").text(says))
            .child(el("code").text(name))
    };
    el("ul")
        .class("diff")
        .attr("data-test", "diff")
        .children(added.iter().map(|name| line("added", "+ ", &new, name)))
        .children(removed.iter().map(|name| line("removed", "− ", &gone, name)))
}

/// Changes with what [`list`] says.
pub fn key(added: &[String], removed: &[String]) -> String {
    [added.join("+").as_str(), "-", &removed.join("-")].concat()
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn another_difference_has_another_key() {
        let differences: [(&[&str], &[&str]); 5] = [
            (&[], &[]),
            (&["clipboard"], &[]),
            (&[], &["clipboard"]),
            (&["clipboard", "fetch"], &[]),
            (&["clipboard"], &["fetch"]),
        ];
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let keys = differences.map(|(added, removed)| key(&owned(added), &owned(removed)));
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(one), "{one}");
        }
    }
}
