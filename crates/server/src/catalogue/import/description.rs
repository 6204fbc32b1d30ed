//! The description of a product: HTML of which little is kept, and its words.

use std::collections::{HashMap, HashSet};

/// What a description may hold; everything else is dropped, its text kept.
pub fn sanitise(html: &str) -> String {
    let clean = ammonia::Builder::empty()
        .tags(HashSet::from(["p", "ul", "ol", "li", "strong", "em", "br", "h3", "h4", "a"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["https", "http", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean_content_tags(HashSet::from(["script", "style", "iframe", "object", "template"]))
        .clean(&renamed(html))
        .to_string();
    without_empty(&clean)
}

/// The words of a sanitised description, for searching.
pub fn words(html: &str) -> String {
    let ends = ["</p>", "</li>", "</h3>", "</h4>", "<br>"];
    let apart = ends.iter().fold(html.to_owned(), |html, end| html.replace(end, " "));
    let text = ammonia::Builder::empty().clean(&apart).to_string();
    // All that is escaped in text; the ampersand last, so that nothing is unescaped twice.
    let entities = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

/// With the tags of before by the names that are kept: what was apart or stood out does so still.
fn renamed(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut renamed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (begin, tag) = piece.strip_prefix('/').map_or(("<", piece), |tag| ("</", tag));
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
        let (name, rest) = tag.split_at(end);
        let (begin, name) = match &*name.to_ascii_lowercase() {
            "b" | "strong" => (begin, "strong"),
            "i" | "em" => (begin, "em"),
            "h1" | "h2" => (begin, "h3"),
            "h5" | "h6" => (begin, "h4"),
            "hr" => (begin, "br"),
            "address" | "article" | "aside" | "blockquote" | "caption" | "dd" | "details" | "div" | "dl"
            | "dt" | "figcaption" | "figure" | "footer" | "header" | "main" | "pre" | "section"
            | "summary" | "tr" => (begin, "p"),
            // Of a table its rows stay, as paragraphs; their cells are apart.
            "td" | "th" => (if begin == "</" { " </" } else { begin }, "span"),
            "table" | "thead" | "tbody" | "tfoot" => (begin, "span"),
            // Nothing is kept of them, and what stands out is opened anew in every paragraph: see below.
            "big" | "code" | "font" | "nobr" | "s" | "small" | "strike" | "tt" | "u" => (begin, "span"),
            _ => (begin, name),
        };
        if matches!(name, "strong" | "em") {
            // With different attributes, none of which is kept, all of them are opened anew in every paragraph behind them: a
            // page of it would become gigabytes. Without any, no more than three are.
            renamed.extend([begin, name, ">", behind_tag(rest)]);
        } else {
            renamed.extend([begin, name, rest]);
        }
    }
    renamed
}

/// What stands behind a tag, of which `attributes` are the rest. The quotes of a value may hold the end of a tag.
fn behind_tag(attributes: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in attributes.char_indices() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if c == '>' => return &attributes[at + 1..],
            None if before == '=' && matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    // A quote that nothing ends.
    attributes.split_once('>').map_or("", |(_, text)| text)
}

/// Without paragraphs that hold nothing: what held paragraphs itself has become such.
fn without_empty(html: &str) -> String {
    let mut pieces = html.split("<p>");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.trim_start().strip_prefix("</p>") {
            Some(rest) => kept += rest,
            None => kept.extend(["<p>", piece]),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_sanitised() {
        for (dirty, clean) in [
            ("<p onclick=\"x()\">Hi<script>alert(1)</script></p>", "<p>Hi</p>"),
            ("<a href=\"javascript:x()\">a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>"),
            ("<img src=x onerror=alert(1)>", ""),
            ("&bull; Soft<br />&amp; warm", "• Soft<br>&amp; warm"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
            (
                "<a href=\"https://a.example\" target=_top>a</a>",
                "<a href=\"https://a.example\" rel=\"noopener noreferrer nofollow\">a</a>",
            ),
            // What was apart or stood out does so still.
            ("<h1>Big</h1><div style=\"color:red\">text</div>", "<h3>Big</h3><p>text</p>"),
            (
                "<DIV>One</DIV><div>two <b>bold</b> <I>or</I> not</div>",
                "<p>One</p><p>two <strong>bold</strong> <em>or</em> not</p>",
            ),
            ("<div>\n<div><p>One</p></div>\n</div><div>two</div>", "<p>One</p>\n<p>two</p>"),
            ("One<hr>two<br>three", "One<br>two<br>three"),
            (
                "<table><tbody><tr><th>Wash</th><td>cold</td></tr><tr><td>Dry</td><td>warm</td></tr></tbody></table>",
                "<p>Wash cold </p><p>Dry warm </p>",
            ),
            ("<b-and-b>5 < 6 <3</b-and-b>", "5 &lt; 6 &lt;3"),
            ("<STRONG class=x>A</STRONG> <u>b</u> <em\nid='y'>c</em>", "<strong>A</strong> b <em>c</em>"),
            // The end of a tag may stand in a value.
            ("<strong class=\"[&>p]:mb-2\">Soft</strong>", "<strong>Soft</strong>"),
            ("<b title = '>\"' id=x>Soft</b> > 5", "<strong>Soft</strong> &gt; 5"),
            ("<i it's>Soft</i> isn't >", "<em>Soft</em> isn't &gt;"),
            ("<b class=\"x>Soft</b> > 5", "<strong>Soft</strong> &gt; 5"),
            // A mark behind a tag is none of it.
            ("<p>&#824; onmouseover=alert(1)</p>", "<p>\u{338} onmouseover=alert(1)</p>"),
            ("<p>\u{338} onmouseover=alert(1)</p>", "<p>\u{338} onmouseover=alert(1)</p>"),
            ("a\0b", "ab"),
        ] {
            assert_eq!(sanitise(dirty), clean, "{dirty}");
            assert_eq!(sanitise(clean), clean, "what an export has is taken back as it is");
        }
    }

    #[test]
    fn a_hostile_description_grows_little() {
        let each = |tag: &str| (0..500).map(|n| format!("<{tag} class={n}>")).collect::<String>();
        for tag in ["b", "i", "em", "strong", "font", "u", "code"] {
            let html = format!("<p>{}{}", each(tag), "<p>x".repeat(500));
            assert!(sanitise(&html).len() < 5 * html.len(), "{tag}");
        }
    }

    #[test]
    fn words_stand_apart() {
        for (html, expected) in [
            (
                "<p>On the rim</p><ul><li><strong>Cover:</strong> cotton</li><li>Zip</li></ul>",
                "On the rim Cover: cotton Zip",
            ),
            ("<h2>Care</h2><table><tr><td>Wash</td><td>cold</td></tr></table>", "Care Wash cold"),
            ("A<b>B</b>C<br>D", "ABC D"),
            ("Salt&nbsp;&amp; pepper &lt; &amp;lt; &eacute;", "Salt & pepper < &lt; é"),
        ] {
            let words = words(&sanitise(html));
            assert_eq!(words.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{html}");
        }
    }
}
