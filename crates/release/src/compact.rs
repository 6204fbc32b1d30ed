//! Takes comments and indentation out of JavaScript.
//!
//! No minifier: names stay, and so do line ends, so that an error's line can be found. After brotli
//! renaming would save little more.

/// Backticks that neither begin nor end a text, and would be counted as if they did.
const QUOTED_BACKTICKS: [&str; 3] = ["\\`", "'`'", "\"`\""];

/// `code` without comments that stand on lines of their own, blank lines and indentation.
///
/// Code in which the beginning of a line may be text, or in the middle of a comment, comes back as it is.
pub(crate) fn compact(code: &str) -> String {
    if QUOTED_BACKTICKS.iter().any(|quoted| code.contains(quoted)) {
        return code.to_owned();
    }
    let mut compacted = String::with_capacity(code.len());
    let mut in_comment = false;
    for line in code.lines() {
        let mut rest = line.trim();
        // What stands behind a comment stays.
        while in_comment || (rest.starts_with("/*") && !rest.starts_with("/*@")) {
            let comment = if in_comment { rest } else { &rest[2..] };
            let end = comment.split_once("*/");
            in_comment = end.is_none();
            rest = end.map_or("", |(_, behind)| behind.trim_start());
            if in_comment {
                break;
            }
        }
        if rest.is_empty() || rest.starts_with("//") {
            continue;
        }
        if goes_on(rest) {
            return code.to_owned();
        }
        compacted.push_str(rest);
        compacted.push('\n');
    }
    compacted
}

/// Whether a text or comment that begins in `line` may go on in the next one.
fn goes_on(line: &str) -> bool {
    let count = |what: &str| line.matches(what).count();
    let template = count("`") % 2 == 1 || (count("`") > 0 && count("${") > count("}"));
    template || line.ends_with('\\') || line.rfind("/*") > line.rfind("*/")
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
        for code in [
            "const a = `\n    // text\n`;\n",
            "const a = `${b.map((c) => `\n    // text\n`)}`;\n",
            "const a = 'b\\\n  // text';\n",
            "const a = `write \\`\n    // text\n`;\n",
            "const a = '`' + `\n    // text\n`;\n",
            "const a = \"`\" + `\n    // text\n`;\n",
        ] {
            assert_eq!(compact(code), code);
        }
    }

    #[test]
    fn code_beside_a_comment_stays() {
        for (code, expected) in [
            ("/*! lib | MIT */(function(){})();", "(function(){})();\n"),
            ("/*!\n * lib\n */!function(){}();\nf();", "!function(){}();\nf();\n"),
            ("/* @license */ export const a = 1;", "export const a = 1;\n"),
            ("/* a */ /* b\n c */ // d\n/*/ e */ f(); // g", "f(); // g\n"),
            ("f(); /* a\n  /* b */ g();\n", "f(); /* a\n  /* b */ g();\n"),
        ] {
            assert_eq!(compact(code), expected, "{code}");
        }
    }
}
