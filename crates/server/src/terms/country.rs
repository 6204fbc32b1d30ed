//! Where we deliver to.

use contract::shop::order::Country;

/// Countries, by name.
#[derive(Clone, Debug)]
pub struct Countries(Vec<(&'static str, &'static str)>);

/// The European Union and four neighbours and friends, by name.
const KNOWN: &[(&str, &str)] = &[
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("BG", "Bulgaria"),
    ("HR", "Croatia"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("GR", "Greece"),
    ("HU", "Hungary"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("LV", "Latvia"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("MT", "Malta"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SK", "Slovakia"),
    ("SI", "Slovenia"),
    ("ES", "Spain"),
    ("SE", "Sweden"),
    ("CH", "Switzerland"),
    ("GB", "United Kingdom"),
    ("US", "United States"),
];

/// The name of a country; its code where we do not know it.
pub fn country_name(code: &str) -> &str {
    KNOWN.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

impl Default for Countries {
    fn default() -> Self {
        Self(KNOWN.to_vec())
    }
}

impl Countries {
    /// Those that the owner names.
    pub fn read(codes: &[String]) -> Result<Self, String> {
        if codes.is_empty() {
            return Err("countries: name at least one".to_owned());
        }
        if let Some(twice) =
            codes.iter().enumerate().find(|(at, code)| codes.iter().take(*at).any(|c| c == *code))
        {
            return Err(format!("countries: `{}` stands twice", twice.1));
        }
        if let Some(unknown) = codes.iter().find(|code| !KNOWN.iter().any(|(known, _)| known == code)) {
            let known = KNOWN.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ");
            return Err(format!("countries: `{unknown}` is no country that we know; these are: {known}"));
        }
        Ok(Self(
            KNOWN.iter().filter(|(code, _)| codes.iter().any(|wanted| wanted == code)).copied().collect(),
        ))
    }

    /// Whether we deliver there.
    pub fn has(&self, code: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == code)
    }

    /// The code of the one that has this name.
    pub fn code(&self, name: &str) -> Option<&'static str> {
        self.0.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(code, _)| *code)
    }

    /// Their codes.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(code, _)| *code)
    }

    /// Refuses what a part of the file says about a country that we do not deliver to.
    pub fn check(&self, place: &str, code: &str) -> Result<(), String> {
        if self.has(code) {
            return Ok(());
        }
        Err(format!("{place}: `{code}` is none of `countries`"))
    }

    /// As they travel.
    pub fn wire(&self) -> Vec<Country> {
        let country =
            |(code, name): &(&str, &str)| Country { code: (*code).to_owned(), name: (*name).to_owned() };
        self.0.iter().map(country).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_stand_by_name_and_once() {
        assert!(KNOWN.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert_eq!(KNOWN.len(), 31);
        let two = Countries::read(&["SE".to_owned(), "AT".to_owned()]).unwrap();
        assert_eq!(
            two.wire().iter().map(|country| &*country.name).collect::<Vec<_>>(),
            ["Austria", "Sweden"]
        );
        assert!(two.has("SE") && !two.has("DE") && !two.has("se"));
    }
}
