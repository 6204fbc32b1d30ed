//! Which names a JavaScript module exports, found without running it.

use std::collections::BTreeSet;

/// The names that `code` exports by `export` statements; `default` for a default export.
///
/// It looks at statements that begin a line, which is how people and bundlers write them, and takes
/// minified code too, where they follow `;` or `}`.
pub fn names(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("export") {
        let begins = code[..at].trim_end_matches([' ', '\t']).chars().next_back();
        if !matches!(begins, None | Some('\n' | '\r' | ';' | '}' | '/')) {
            continue;
        }
        statement(&code[at + "export".len()..], &mut names);
    }
    names
}

fn statement(rest: &str, names: &mut BTreeSet<String>) {
    let trimmed = rest.trim_start();
    if let Some(list) = trimmed.strip_prefix('{') {
        for item in list.split('}').next().unwrap_or_default().split(',') {
            let name = item.split(" as ").last().unwrap_or_default().trim();
            if !name.is_empty() {
                names.insert(name.to_owned());
            }
        }
        return;
    }
    if trimmed.len() == rest.len() {
        return; // `exports`, `exported`: another word
    }
    let mut words = trimmed.split(|c: char| c.is_whitespace() || c == '*').filter(|word| !word.is_empty());
    let mut word = words.next();
    if word == Some("async") {
        word = words.next();
    }
    match word {
        Some("function" | "const" | "let" | "var" | "class") => {
            let name = words.next().unwrap_or_default();
            let end =
                name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(name.len());
            names.insert(name[..end].to_owned());
        }
        Some(word) if word.starts_with("default") => {
            names.insert("default".to_owned());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: &[&str]) {
        assert_eq!(names(code).iter().map(String::as_str).collect::<Vec<_>>(), expected, "{code}");
    }

    #[test]
    fn exports() {
        check("export function mount() {}\nexport async function unmount(){}", &["mount", "unmount"]);
        check("export const mount = [a, b];\n  export let unmount=c", &["mount", "unmount"]);
        check("const a=1;export{a as mount,b as unmount};", &["mount", "unmount"]);
        check("export { mount, unmount }", &["mount", "unmount"]);
        check("function f(){}export{f as mount}", &["mount"]);
        check("export default { mount }", &["default"]);
        check("export class Thing {}\nexport function* each() {}", &["Thing", "each"]);
        check("// we export function mount here\nmodule.exports = mount; exported = 1", &[]);
        check("", &[]);
    }
}
