//! How each country writes an address: one table for forms and server.

use super::order::Address;

/// A part of an address that countries write in an order of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Postal code.
    Postcode,
    /// Town.
    City,
    /// State or county.
    Region,
}

/// What a form for addresses in a country asks for. Texts are English; whoever shows them translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressForm {
    /// The parts that there are, in the country's order.
    pub parts: &'static [Part],
    postcode: &'static str,
    city: &'static str,
    region: &'static str,
    needs_postcode: bool,
    needs_region: bool,
    /// What a postal code looks like, with a place for `{example}`.
    pub wish: &'static str,
    /// The country's code, where we know its postal codes.
    country: &'static str,
}

/// Postal codes of each country. A code is good when it has letters and digits where one of its country's examples has
/// them. The first example is the one that people are told.
const EXAMPLES: &[(&str, &str)] = &[
    ("AT", "1010"),
    ("BE", "1000"),
    ("BG", "1000"),
    ("CH", "8001"),
    ("CY", "1010"),
    ("CZ", "110 00"),
    ("DE", "10115"),
    ("DK", "1050"),
    ("EE", "10111"),
    ("ES", "28001"),
    ("FI", "00100"),
    ("FR", "75001"),
    // Postcodes in the United Kingdom have six shapes.
    ("GB", "SW1A 1AA"),
    ("GB", "M1 1AA"),
    ("GB", "B33 8TH"),
    ("GB", "W1A 0AX"),
    ("GB", "CR2 6XH"),
    ("GB", "DN55 1PT"),
    ("GR", "104 31"),
    ("HR", "10000"),
    ("HU", "1011"),
    ("IE", "D02 AF30"),
    ("IT", "00118"),
    ("LT", "01100"),
    ("LU", "1111"),
    ("LV", "1010"),
    ("MT", "VLT 1117"),
    ("NL", "1012 JS"),
    ("NO", "0150"),
    ("PL", "00-001"),
    ("PT", "1000-001"),
    ("RO", "010011"),
    ("SE", "111 29"),
    ("SI", "1000"),
    ("SK", "811 01"),
    ("US", "10001"),
    ("US", "10001-1234"),
];

const USUAL: AddressForm = AddressForm {
    parts: &[Part::Postcode, Part::City],
    postcode: "Postcode",
    city: "Town or city",
    region: "",
    needs_postcode: true,
    needs_region: false,
    wish: "A postcode such as {example}.",
    country: "",
};

impl AddressForm {
    /// That of a country (ISO 3166-1 alpha-2); the usual one where we know nothing else.
    pub fn of(country: &str) -> Self {
        let known = EXAMPLES.iter().find(|(code, _)| *code == country);
        let usual = Self { country: known.map_or("", |(code, _)| code), ..USUAL };
        match country {
            "GB" | "LV" => Self { parts: &[Part::City, Part::Postcode], ..usual },
            "IE" => Self {
                parts: &[Part::City, Part::Region, Part::Postcode],
                postcode: "Eircode",
                region: "County",
                needs_postcode: false,
                wish: "An Eircode such as {example}.",
                ..usual
            },
            "US" => Self {
                parts: &[Part::City, Part::Region, Part::Postcode],
                postcode: "ZIP code",
                city: "City",
                region: "State",
                needs_region: true,
                wish: "A ZIP code such as {example}.",
                ..usual
            },
            _ => usual,
        }
    }

    /// What a part is called.
    pub fn label(&self, part: Part) -> &'static str {
        match part {
            Part::Postcode => self.postcode,
            Part::City => self.city,
            Part::Region => self.region,
        }
    }

    /// Its labels in a row: another text for another form.
    pub fn key(&self) -> String {
        self.parts.iter().map(|part| self.label(*part)).collect()
    }

    /// Whether an address is not whole without that part.
    pub fn needs(&self, part: Part) -> bool {
        match part {
            Part::Postcode => self.needs_postcode,
            Part::City => true,
            Part::Region => self.needs_region,
        }
    }

    /// A good postal code; '' where we know none.
    pub fn example(&self) -> &'static str {
        self.examples().next().unwrap_or_default()
    }

    /// Whether a postal code looks as they do there. Blanks, hyphens and the country in front (`D-10115`) do not count,
    /// nor does what is empty.
    pub fn fits(&self, postcode: &str) -> bool {
        let blank = postcode.trim().is_empty();
        blank || self.example().is_empty() || self.examples().any(|example| self.is_like(postcode, example))
    }

    fn examples(&self) -> impl Iterator<Item = &'static str> {
        let country = self.country;
        EXAMPLES.iter().filter(move |(code, _)| *code == country).map(|(_, example)| *example)
    }

    fn is_like(&self, postcode: &str, example: &str) -> bool {
        let mut written = signs(postcode).peekable();
        let mut expected = signs(example).peekable();
        if expected.peek().is_some_and(u8::is_ascii_digit) {
            // `D-10115`, `LV-1010`.
            let mut code = self.country.bytes();
            while let Some(letter) = written.next_if(u8::is_ascii_alphabetic) {
                if code.next() != Some(letter.to_ascii_uppercase()) {
                    return false;
                }
            }
        }
        // What follows the first three of an Eircode is letters and digits as they come; so is the third.
        let any = self.country == "IE";
        for (place, expected) in expected.enumerate() {
            let Some(sign) = written.next() else { return false };
            let alike = match any && place > 1 {
                true => sign.is_ascii_alphanumeric(),
                false if expected.is_ascii_digit() => sign.is_ascii_digit(),
                false => sign.is_ascii_alphabetic(),
            };
            if !alike {
                return false;
            }
        }
        written.next().is_none()
    }

    /// The line with the town, as the country writes it: `10115 Berlin`, `New York, NY 10001`.
    pub fn town_line(address: &Address) -> String {
        let mut line = String::new();
        for part in Self::of(&address.country).parts {
            let (between, text) = match part {
                Part::Postcode => (" ", &address.postcode),
                Part::City => (" ", &address.city),
                Part::Region => (", ", &address.region),
            };
            let text = text.trim();
            if !text.is_empty() {
                if !line.is_empty() {
                    line.push_str(between);
                }
                line.push_str(text);
            }
        }
        line
    }
}

/// Its bytes without blanks and hyphens.
fn signs(text: &str) -> impl Iterator<Item = u8> {
    text.trim().bytes().filter(|sign| !matches!(sign, b' ' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes() {
        for (country, good, bad) in [
            (
                "DE",
                &["10115", " 10115 ", "D-10115", "DE 10115", "101 15", ""][..],
                &["1011", "101155", "F-10115", "1O115", "１０１１５", "-", "D-"][..],
            ),
            ("AT", &["1010", "A-1010"], &["10100", "B-1010"]),
            ("CH", &["8001", "CH-8001"], &["80010", "CHF8001"]),
            ("NL", &["1012 JS", "1012js", "NL-1012 JS"], &["1012", "1012 J", "JS 1012"]),
            ("FR", &["75001", "F-75001"], &["7500A"]),
            (
                "GB",
                &["SW1A 1AA", "m11aa", "B33 8TH", "W1A 0AX", "CR2 6XH", "DN55 1PT"],
                &["SW1A", "1AA SW1A", "SW1A 1A", "12345"],
            ),
            (
                "IE",
                &["D02 AF30", "D6W X285", "a65f4e2", ""],
                &["D02", "002 AF30", "Dublin 2", "D02 AF30 1", "D02 AFé"],
            ),
            ("US", &["10001", "10001-1234", "100011234"], &["1000", "10001-12", "NY 10001"]),
            ("PL", &["00-001", "00001"], &["0-001"]),
            ("PT", &["1000-001"], &["1000"]),
            ("LV", &["LV-1010", "1010"], &["LT-1010"]),
            ("MT", &["VLT 1117"], &["1117"]),
            ("XX", &["whatever", ""], &[]),
            ("", &["whatever"], &[]),
        ] {
            for (codes, expected) in [(good, true), (bad, false)] {
                for code in codes {
                    assert_eq!(AddressForm::of(country).fits(code), expected, "{country} {code:?}");
                }
            }
        }
    }

    #[test]
    fn every_example_is_good() {
        for &(country, example) in EXAMPLES {
            let form = AddressForm::of(country);
            assert!(form.fits(example) && form.fits(form.example()), "{country} {example}");
        }
    }

    #[test]
    fn forms() {
        let check = |country: &str, labels: &[&str], needs: (bool, bool), example: &str| {
            let form = AddressForm::of(country);
            let labels_of: Vec<_> = form.parts.iter().map(|part| form.label(*part)).collect();
            assert_eq!((&*labels_of, form.key()), (labels, labels.concat()), "{country}");
            assert_eq!((form.needs(Part::Postcode), form.needs(Part::Region)), needs, "{country}");
            assert!(form.needs(Part::City));
            assert_eq!(form.example(), example, "{country}");
        };
        check("DE", &["Postcode", "Town or city"], (true, false), "10115");
        check("NL", &["Postcode", "Town or city"], (true, false), "1012 JS");
        check("GB", &["Town or city", "Postcode"], (true, false), "SW1A 1AA");
        check("US", &["City", "State", "ZIP code"], (true, true), "10001");
        check("IE", &["Town or city", "County", "Eircode"], (false, false), "D02 AF30");
        check("", &["Postcode", "Town or city"], (true, false), "");
    }

    #[test]
    fn town_lines() {
        let check = |country: &str, postcode: &str, city: &str, region: &str, expected: &str| {
            let address = Address {
                country: country.to_owned(),
                postcode: postcode.to_owned(),
                city: city.to_owned(),
                region: region.to_owned(),
                ..Address::default()
            };
            assert_eq!(AddressForm::town_line(&address), expected);
        };
        check("DE", "10115", "Berlin", "", "10115 Berlin");
        // A region that was typed before the country was another one.
        check("DE", "10115", " Berlin ", "NY", "10115 Berlin");
        check("GB", "LS1 1AA", "Leeds", "", "Leeds LS1 1AA");
        check("US", "10001", "New York", "NY", "New York, NY 10001");
        check("IE", "", "Athlone", "Westmeath", "Athlone, Westmeath");
        check("IE", "", "Dublin", "", "Dublin");
        check("DE", "", "", "", "");
    }
}
