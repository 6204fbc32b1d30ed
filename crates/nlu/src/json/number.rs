//! Fractions from text and into text, without the standard library's tables of 20 KB: exact for what people
//! say, near for what only computers write.

/// Digits beyond this one do not change a number.
const MOST_DIGITS: usize = 18;

/// A number of decimal digits with at most one point in them. Exactly rounded up to 15 digits.
pub fn parse(text: &str) -> Option<f64> {
    let (mut mantissa, mut digits, mut exponent) = (0u64, 0usize, 0i32);
    let (mut point, mut any) = (false, false);
    for byte in text.bytes() {
        match byte {
            b'.' if !point => point = true,
            b'0'..=b'9' => {
                any = true;
                if digits < MOST_DIGITS {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    digits += usize::from(mantissa > 0);
                    exponent -= i32::from(point);
                } else {
                    exponent += i32::from(!point);
                }
            }
            _ => return None,
        }
    }
    let number = scaled(mantissa as f64, exponent);
    (any && number.is_finite()).then_some(number)
}

/// `number · 10^exponent`. Powers up to the 22nd are exact.
fn scaled(number: f64, exponent: i32) -> f64 {
    let power = |n: i32| (0..n.min(400)).fold(1f64, |power, _| power * 10.0);
    if exponent < 0 { number / power(-exponent) } else { number * power(exponent) }
}

/// A number as text, with up to nine decimals; very large and very small ones with an exponent.
pub fn shown(number: f64) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    let mut size = number.abs();
    let mut exponent = 0i32;
    while size >= 1e15 {
        size /= 10.0;
        exponent += 1;
    }
    while size > 0.0 && size < 1e-4 {
        size *= 10.0;
        exponent -= 1;
    }
    let mut whole = size as u64;
    let mut rest = libm::round((size - whole as f64) * 1e9) as u64;
    if rest == 1_000_000_000 {
        whole += 1;
        rest = 0;
    }
    let mut text = if number < 0.0 { "-".to_owned() } else { String::new() };
    text.push_str(&whole.to_string());
    if rest > 0 {
        let decimals = (1_000_000_000 + rest).to_string();
        text.push('.');
        text.push_str(decimals.strip_prefix('1').unwrap_or_default().trim_end_matches('0'));
    }
    if exponent != 0 {
        text.push('e');
        text.push_str(&exponent.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{parse, shown};

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in
            ["0", "1", "12.5", "0.1", "3.14159", "1234567.891", ".5", "5.", "000.250", "999999999999999"]
        {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        let long = parse(&"9".repeat(40)).unwrap();
        assert!((long / 1e40 - 1.0).abs() < 1e-12);
        for text in ["", ".", "1.2.3", "1e5", "-1", "½"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"9".repeat(500)), None, "too large");
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for (number, text) in [
            (0.5, "0.5"),
            (-2.25, "-2.25"),
            (0.1 + 0.2, "0.3"),
            (1_234_567.891, "1234567.891"),
            (1e20, "100000000000000e6"),
            (10.01, "10.01"),
            (1.999_999_999_9, "2"),
            (1e-7, "0.001e-4"),
            (f64::NAN, "null"),
        ] {
            assert_eq!(shown(number), text);
        }
        for number in [1.1, 19.99, 5e-324, 1e300, 1e17, 123e-9] {
            let again: f64 = shown(number).parse().unwrap();
            assert!((again - number).abs() <= number * 1e-4, "{number}: {again}");
        }
    }
}
