//! Which names a JavaScript module exports, found without running it.

use std::collections::BTreeSet;

/// How many times the length of a module is read at most. The statements that people and bundlers write lie one behind the other;
/// those that lie in each other's comments and texts would each be read to the end.
const MOST_READ: usize = 8;

/// Some editors begin a file with it. To JavaScript it is a blank.
const MARK: char = '\u{feff}';

/// The names that `code` exports by `export` statements; `default` for a default export.
///
/// It looks at statements that begin a line, which is how people and bundlers write them, and takes
/// minified code too, where they follow `;` or `}`.
pub fn names(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut left = MOST_READ * code.len();
    for (at, _) in code.match_indices("export") {
        let begins = code[..at].trim_end_matches([' ', '\t', MARK]).chars().next_back();
        if !matches!(begins, None | Some('\n' | '\r' | ';' | '}' | '/')) {
            continue;
        }
        let rest = &code[at + "export".len()..];
        if rest.starts_with(is_word) {
            continue; // `exports`, `exported`: another word
        }
        let mut tokens = Tokens(rest);
        statement(&mut tokens, &mut names);
        match left.checked_sub(rest.len() - tokens.0.len()) {
            Some(less) => left = less,
            None => break,
        }
    }
    names
}

fn statement(tokens: &mut Tokens, names: &mut BTreeSet<String>) {
    match tokens.next() {
        Some("{") => list(tokens, names),
        Some("const" | "let" | "var") => declarations(tokens, names),
        Some("async" | "function" | "class") => {
            let name = tokens.find(|token| !matches!(*token, "function" | "*"));
            names.extend(name.map(str::to_owned));
        }
        Some("default") => {
            names.insert("default".to_owned());
        }
        _ => {}
    }
}

/// `a as mount, unmount }`
fn list(tokens: &mut Tokens, names: &mut BTreeSet<String>) {
    let mut name = "";
    for token in tokens {
        match token {
            "," | "}" => put(&mut name, names),
            token => name = token.trim_matches(['"', '\'']),
        }
        if matches!(token, "{" | "}") {
            return;
        }
    }
}

/// `mount = …, { bootstrap, leave: unmount = … } = …;`
fn declarations(tokens: &mut Tokens, names: &mut BTreeSet<String>) {
    let mut name = "";
    let mut in_value = false;
    let mut open = 0; // brackets in a value
    for token in tokens {
        match token {
            "export" => break,
            "(" | "[" | "{" if in_value => open += 1,
            ")" | "]" | "}" if in_value && open > 0 => open -= 1,
            _ if in_value && open > 0 => {}
            "," | "]" | "}" | ";" => {
                put(&mut name, names);
                in_value = false;
            }
            _ if in_value => {}
            "=" => in_value = true,
            token if token.starts_with(is_word) => name = token, // before a `:` it is a key, and the next one counts
            _ => {}
        }
        if token == ";" && open == 0 {
            break;
        }
    }
    put(&mut name, names);
}

fn put(name: &mut &str, names: &mut BTreeSet<String>) {
    let name = std::mem::take(name);
    if !name.is_empty() {
        names.insert(name.to_owned());
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The words, signs and texts of JavaScript, without blanks and comments. Of a regular expression it knows nothing.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let code = loop {
            let code = self.0.trim_start();
            let comment = code.strip_prefix("/*").map(|rest| (rest, "*/"));
            match comment.or_else(|| code.strip_prefix("//").map(|rest| (rest, "\n"))) {
                Some((rest, end)) => self.0 = rest.split_once(end).map_or("", |(_, behind)| behind),
                None => break code,
            }
        };
        let first = code.chars().next()?;
        let end = match first {
            '"' | '\'' | '`' => end_of_text(code, first),
            first if is_word(first) => code.find(|c| !is_word(c)).unwrap_or(code.len()),
            first => first.len_utf8(),
        };
        let (token, rest) = code.split_at(end);
        self.0 = rest;
        Some(token)
    }
}

/// Where the text that `code` begins with ends: behind the same quote, or, without one, with the line.
fn end_of_text(code: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in code.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote != '`' => return at,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    code.len()
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
        check("\u{feff}export { mount, unmount }", &["mount", "unmount"]);
        check("export class Thing {}\nexport function* each() {}", &["Thing", "each"]);
        check("// we export function mount here\nmodule.exports = mount; exported = 1", &[]);
        check("", &[]);
        check("export { /* a, } */ mount, // b }\n unmount }", &["mount", "unmount"]);
        check("export { a as \"mount\", b as default }", &["default", "mount"]);
    }

    /// Each of them would be read to the end, and there is time for some only: the last one is not come to.
    #[test]
    fn statements_in_each_others_comments_and_texts() {
        let list = "a,".repeat(1_000);
        for (statement, end) in [
            ("\nexport{/*", String::new()),
            ("\nexport{/*", format!("*/{list}")),
            ("\nexport const /*", format!("*/{list}")),
            (";export const a=x\\`", String::new()),
            (";export{'\\'", String::new()),
        ] {
            let code = format!("{}{end}\nexport{{last}}", statement.repeat(1_000));
            assert!(!names(&code).contains("last"), "{statement}");
        }
        // However many there are that lie apart.
        let apart = "export const a = `/*`; /* export */\n".repeat(1_000);
        check(&format!("{apart}export{{last}}"), &["a", "last"]);
    }

    #[test]
    fn exports_that_are_declared_together() {
        for code in [
            "export const { mount, unmount } = lifecycles;",
            "export const { mount, /* } */ b: unmount = () => ({ x, y }) } = lifecycles({ a, b })\nf()",
            "export const [mount, unmount] = [a, b];",
            "export const mount = () => f(a, b), unmount = [`,${c}`, ',]'];",
            "export let mount, unmount;",
            "export var mount = { x: 1, y: [2, 3] }, unmount = function () { a, b; }; const c = 1, d = 2;",
            "export const mount = a\nexport const unmount = b",
            "export const{mount:mount,leave:unmount}=x,{}=y",
            "export /* a */ async function mount() {}\nexport /* b */ const unmount = c",
        ] {
            check(code, &["mount", "unmount"]);
        }
    }
}
