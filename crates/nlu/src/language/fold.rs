//! Letters without their accents, so that "Muenchen", "München" and "munchen" come close.

/// Appends `text`, which is in lower case already, without accents.
pub fn fold_into(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            fold(c, out);
        }
    }
}

/// `text` in lower case and without accents.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold(super::small(c), &mut out);
    }
    out
}

/// The plain letters of U+00E0 … U+00FF; a blank stands for a letter that needs two.
const LATIN_1: &[u8; 32] = b"aaaaaa ceeeeiiiidnooooo/ouuuuy y";
/// The plain letters of U+0100 … U+017F.
const LATIN_A: &[u8; 128] = b"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiijjjkkkllllllllllnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

fn fold(c: char, out: &mut String) {
    match c as u32 {
        0xDF => out.push_str("ss"),
        0xE6 => out.push_str("ae"),
        0xFE => out.push_str("th"),
        0x152 | 0x153 => out.push_str("oe"),
        0x2019 | 0x2BC => out.push('\''),
        0x300..=0x36F => {}
        code @ 0xE0..=0xFF => out.push(char::from(LATIN_1[code as usize - 0xE0])),
        code @ 0x100..=0x17F => out.push(char::from(LATIN_A[code as usize - 0x100])),
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn accents_fall() {
        for (text, expected) in [
            ("Málaga", "malaga"),
            ("STRASSE Straße", "strasse strasse"),
            ("Œuvre æon", "oeuvre aeon"),
            ("Łódź, Škoda, Čapek, ğ", "lodz, skoda, capek, g"),
            ("ÿñøçï", "ynoci"),
            ("日本", "日本"),
            ("e\u{301}", "e"),
        ] {
            assert_eq!(folded(text), expected);
        }
    }
}
