//! What a character is, in the scripts that people write to shops in: letter, digit, capital, blank.
//!
//! The standard library's tables know all of Unicode and weigh eight kilobytes in a wasm. Here are ranges; of
//! the few characters that differ, a test has the number.

/// How capitals of a range become small.
#[derive(Clone, Copy)]
enum Small {
    /// So far up.
    By(i32),
    /// A capital at every even code, its small letter behind it.
    Even,
    /// A capital at every odd code, its small letter behind it.
    Odd,
}

use Small::{By, Even, Odd};

/// First and last capital, rising.
const CAPITALS: &[(u32, u32, Small)] = &[
    (0x41, 0x5A, By(32)),
    (0xC0, 0xD6, By(32)),
    (0xD8, 0xDE, By(32)),
    (0x100, 0x12F, Even),
    (0x130, 0x130, By(-199)),
    (0x132, 0x137, Even),
    (0x139, 0x148, Odd),
    (0x14A, 0x177, Even),
    (0x178, 0x178, By(-121)),
    (0x179, 0x17E, Odd),
    (0x1A0, 0x1A5, Even),
    (0x1AF, 0x1B0, Odd),
    (0x1CD, 0x1DC, Odd),
    (0x1DE, 0x1EF, Even),
    (0x1F8, 0x21F, Even),
    (0x222, 0x233, Even),
    (0x370, 0x373, Even),
    (0x386, 0x386, By(38)),
    (0x388, 0x38A, By(37)),
    (0x38C, 0x38C, By(64)),
    (0x38E, 0x38F, By(63)),
    (0x391, 0x3A1, By(32)),
    (0x3A3, 0x3AB, By(32)),
    (0x3D8, 0x3EF, Even),
    (0x400, 0x40F, By(80)),
    (0x410, 0x42F, By(32)),
    (0x460, 0x481, Even),
    (0x48A, 0x4BF, Even),
    (0x4C1, 0x4CE, Odd),
    (0x4D0, 0x52F, Even),
    (0x531, 0x556, By(48)),
    (0x10A0, 0x10C5, By(7264)),
    (0x1C90, 0x1CBA, By(-3008)),
    (0x1E00, 0x1E95, Even),
    (0x1E9E, 0x1E9E, By(-7615)),
    (0x1EA0, 0x1EFF, Even),
    (0x2C00, 0x2C2F, By(48)),
    (0x2C80, 0x2CE3, Even),
    (0xA640, 0xA66D, Even),
    (0xFF21, 0xFF3A, By(32)),
    (0x10400, 0x10427, By(40)),
];

/// Beyond ASCII: what stands neither for a sound nor for a number, first and last, rising.
const SIGNS: &[(u32, u32)] = &[
    (0x80, 0xA9),
    (0xAB, 0xB1),
    (0xB4, 0xB4),
    (0xB6, 0xB8),
    (0xBB, 0xBB),
    (0xBF, 0xBF),
    (0xD7, 0xD7),
    (0xF7, 0xF7),
    (0x2C2, 0x2C5),
    (0x2D2, 0x2DF),
    (0x2E5, 0x2EB),
    (0x2ED, 0x2ED),
    (0x2EF, 0x2FF),
    (0x375, 0x375),
    (0x37E, 0x37E),
    (0x384, 0x385),
    (0x387, 0x387),
    (0x3F6, 0x3F6),
    (0x482, 0x482),
    (0x55A, 0x55F),
    (0x589, 0x590),
    (0x5BE, 0x5BE),
    (0x5C0, 0x5C0),
    (0x5C3, 0x5C3),
    (0x5C6, 0x5C6),
    (0x5F3, 0x60F),
    (0x61B, 0x61F),
    (0x66A, 0x66D),
    (0x6D4, 0x6D4),
    (0x6DD, 0x6DE),
    (0x6E9, 0x6E9),
    (0x6FD, 0x6FE),
    (0x700, 0x70F),
    (0x964, 0x965),
    (0x970, 0x970),
    (0xE3F, 0xE3F),
    (0xE4F, 0xE4F),
    (0xE5A, 0xE5B),
    (0x104A, 0x104F),
    (0x10FB, 0x10FB),
    (0x1360, 0x1368),
    (0x17D4, 0x17DB),
    (0x2000, 0x200B),
    (0x200E, 0x2070),
    (0x207A, 0x207E),
    (0x208A, 0x208F),
    (0x20A0, 0x2101),
    (0x2103, 0x2106),
    (0x2108, 0x2109),
    (0x2114, 0x2114),
    (0x2116, 0x2118),
    (0x211E, 0x2123),
    (0x2140, 0x2144),
    (0x214A, 0x214D),
    (0x2190, 0x245F),
    (0x249C, 0x249F),
    (0x2500, 0x2775),
    (0x2794, 0x2BFF),
    (0x2CE5, 0x2CEA),
    (0x2CF9, 0x2CFF),
    (0x2E00, 0x2E2E),
    (0x2E30, 0x3004),
    (0x3008, 0x3020),
    (0x302A, 0x3030),
    (0x303D, 0x3040),
    (0x3097, 0x309C),
    (0x30A0, 0x30A0),
    (0x30FB, 0x30FB),
    (0x3190, 0x3191),
    (0x31C0, 0x31EF),
    (0x3200, 0x321F),
    (0x322A, 0x3247),
    (0x3250, 0x3250),
    (0x3260, 0x327F),
    (0x328A, 0x32B0),
    (0x32C0, 0x33FF),
    (0x4DC0, 0x4DFF),
    (0xD7A4, 0xF8FF),
    (0xFD3E, 0xFD4F),
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFF0F),
    (0xFF1A, 0xFF20),
    (0xFF3B, 0xFF40),
    (0xFF5B, 0xFF65),
    (0xFFE0, 0x1003F),
    (0x1D000, 0x1D3FF),
    (0x1F000, 0x1F0FF),
    (0x1F10D, 0x1FBEF),
    (0xE0000, 0x10_FFFF),
];

/// The zeros of decimal digits, rising; the other nine follow.
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
    0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0xFF10,
];

/// Other numbers: fractions, small figures, Roman and circled ones.
const NUMBERS: &[(u32, u32)] = &[
    (0xB2, 0xB3),
    (0xB9, 0xB9),
    (0xBC, 0xBE),
    (0x2070, 0x2070),
    (0x2074, 0x2079),
    (0x2080, 0x2089),
    (0x2150, 0x218B),
    (0x2460, 0x249B),
    (0x24EA, 0x24FF),
    (0x2776, 0x2793),
    (0x3007, 0x3007),
    (0x3021, 0x3029),
    (0x3220, 0x3229),
    (0x3248, 0x324F),
    (0x3251, 0x325F),
    (0x3280, 0x3289),
    (0x32B1, 0x32BF),
];

fn within(ranges: &[(u32, u32)], code: u32) -> bool {
    let after = ranges.partition_point(|range| range.0 <= code);
    after > 0 && code <= ranges[after - 1].1
}

/// A character in small letters.
pub fn small(c: char) -> char {
    let code = c as u32;
    let after = CAPITALS.partition_point(|range| range.0 <= code);
    let Some(&(_, last, how)) = after.checked_sub(1).and_then(|at| CAPITALS.get(at)) else { return c };
    if code > last {
        return c;
    }
    let small = match how {
        By(far) => code.wrapping_add_signed(far),
        Even => code | 1,
        Odd => code + (code & 1),
    };
    char::from_u32(small).unwrap_or(c)
}

/// Whether it is a capital.
pub fn is_capital(c: char) -> bool {
    small(c) != c
}

/// Whether it stands for a number.
pub fn is_number(c: char) -> bool {
    let code = c as u32;
    let after = ZEROS.partition_point(|zero| *zero <= code);
    after > 0 && code < ZEROS[after - 1] + 10 || within(NUMBERS, code)
}

/// Whether it stands for a sound or a word, marks on letters included.
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { !within(SIGNS, c as u32) && !is_number(c) }
}

/// Whether it is a letter or a number.
pub fn is_letter_or_number(c: char) -> bool {
    is_letter(c) || is_number(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters() -> impl Iterator<Item = char> {
        (0..=0x10_FFFF).filter_map(char::from_u32)
    }

    #[test]
    fn ranges_rise() {
        for ranges in [SIGNS, NUMBERS] {
            assert!(ranges.windows(2).all(|w| w[0].1 < w[1].0) && ranges.iter().all(|r| r.0 <= r.1));
        }
        assert!(CAPITALS.windows(2).all(|w| w[0].1 < w[1].0) && ZEROS.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn small_letters_are_those_of_unicode() {
        let mut rest = 0;
        for c in characters() {
            let theirs: Vec<char> = c.to_lowercase().collect();
            // The dot of the Turkish capital falls with the accents.
            if theirs != [small(c)] && c != 'İ' {
                assert_eq!(small(c), c, "{c} {:X}", c as u32);
                rest += 1;
            }
        }
        assert!(rest < 800, "{rest} capitals of rare scripts stay as they are, not another");
    }

    #[test]
    fn letters_and_numbers_are_those_of_unicode() {
        // Every script of daily life; marks on letters may count as letters.
        let daily = |c: char| matches!(c as u32, 0..=0x2FF | 0x370..=0x55F | 0x1E00..=0x1FBB | 0x3041..=0x3096 | 0x30A1..=0x30FA | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFF00..=0xFF9F);
        for c in characters().filter(|c| daily(*c)) {
            let assigned = c.is_alphanumeric() || c.is_whitespace() || c.is_control();
            if assigned || (c as u32) < 0x300 {
                assert_eq!(is_letter(c), c.is_alphabetic() && !c.is_numeric(), "{c} {:X}", c as u32);
            }
        }
        let wrong = characters().filter(|c| c.is_alphanumeric() && !c.is_numeric() && !is_letter(*c)).count();
        assert!(wrong < 1200, "{wrong} letters of rare scripts count as signs");
        let signs =
            ['.', ',', '€', '°', '’', '“', '…', '–', '→', '♥', '🐶', '👍', '、', '。', '？', '¿', '؟', '।'];
        for c in signs {
            assert!(!is_letter_or_number(c), "{c}");
        }
        for (c, number) in
            [('7', true), ('٣', true), ('½', true), ('²', true), ('Ⅷ', true), ('a', false), ('é', false)]
        {
            assert_eq!(is_number(c), number, "{c}");
        }
    }
}
