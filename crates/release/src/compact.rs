//! Takes comments and indentation out of JavaScript that we or wasm-bindgen wrote.
//!
//! No minifier: names stay, and so do line ends, so that an error's line can be found. After brotli
//! renaming would save little more.

/// `code` without comments that stand on lines of their own, blank lines and indentation.
///
/// Code with a template literal over several lines comes back as it is: its indentation is text.
pub(crate) fn compact(code: &str) -> String {
    if code.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return code.to_owned();
    }
    let mut compacted = String::with_capacity(code.len());
    let mut in_comment = false;
    for line in code.lines().map(str::trim) {
        if in_comment {
            in_comment = !line.ends_with("*/");
        } else if line.starts_with("/*") && !line.starts_with("/*@") {
            in_comment = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            compacted.push_str(line);
            compacted.push('\n');
        }
    }
    compacted
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn comments_and_indentation_go() {
        let code = "/**\n * doc\n */\nfunction f() {\n    // reason\n    return 1; // kept\n}\n\n/** one */\n/*@marker*/\n";
        assert_eq!(compact(code), "function f() {\nreturn 1; // kept\n}\n/*@marker*/\n");
    }

    #[test]
    fn text_over_several_lines_stays() {
        let code = "const a = `\n    // text\n`;\n";
        assert_eq!(compact(code), code);
    }
}
