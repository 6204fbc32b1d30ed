//! What a whole address is: the server's rules, so that nothing is sent in vain.

use crate::draft::{Draft, Field};
use contract::shop::{
    address_form::{AddressForm, Part},
    email,
};
use microapp::{t, t_with};

/// What is wrong, field by field, in the order of the form.
pub fn check(draft: &Draft) -> Vec<(Field, String)> {
    let form = draft.form();
    draft
        .fields()
        .filter_map(|field| wrong(form, field, draft.get(field)).map(|message| (field, message)))
        .collect()
}

/// What is wrong with one field.
fn wrong(form: AddressForm, field: Field, text: &str) -> Option<String> {
    let is_empty = text.trim().is_empty();
    let (most, is_missing) = match field {
        Field::Email => (usize::MAX, !email::is_plausible(text)),
        Field::Name | Field::City => (100, is_empty),
        Field::Street => (200, is_empty),
        Field::Extra => (200, false),
        Field::Region => (100, is_empty && form.needs(Part::Region)),
        Field::Postcode if !form.fits(text) => {
            return Some(t_with(form.wish, &[("example", form.example())]));
        }
        Field::Postcode => (20, is_empty && form.needs(Part::Postcode)),
        Field::Country => (2, is_empty),
    };
    if is_missing {
        return Some(missing(field));
    }
    let is_long = text.chars().nth(most).is_some();
    is_long.then(|| t_with("Use at most {n} characters.", &[("n", &most.to_string())]))
}

fn missing(field: Field) -> String {
    t(match field {
        Field::Email => "Enter an e-mail address, such as ada@example.org.",
        Field::Name => "Enter the name of whoever receives it.",
        Field::Street => "Enter the street and number.",
        // It may be.
        Field::Extra => return String::new(),
        Field::Postcode => "Enter the postcode.",
        Field::City => "Enter the town.",
        Field::Region => "Enter the state.",
        Field::Country => "Choose a country.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::whole;

    fn check_one(field: Field, text: &str, good: bool) {
        let mut draft = whole();
        draft.set(field, text.to_owned());
        let wrong: Vec<_> = check(&draft).into_iter().map(|(field, _)| field).collect();
        assert_eq!(wrong, if good { vec![] } else { vec![field] }, "{field:?} {text:?}");
    }

    #[test]
    fn fields() {
        for field in [Field::Name, Field::Street, Field::Postcode, Field::City, Field::Country] {
            check_one(field, "", false);
            check_one(field, "  ", false);
        }
        check_one(Field::Extra, "", true);
        check_one(Field::Extra, &"x".repeat(201), false);
        check_one(Field::Name, &"é".repeat(100), true);
        check_one(Field::Name, &"é".repeat(101), false);
        check_one(Field::Postcode, "SW1A 1AA", true);
        check_one(Field::Postcode, "12345", false);
    }

    #[test]
    fn postcodes_and_regions_by_country() {
        let check = |country: &str, postcode: &str, region: &str, expected: &[Field]| {
            let mut draft = whole();
            draft.set(Field::Country, country.to_owned());
            draft.set(Field::Postcode, postcode.to_owned());
            draft.set(Field::Region, region.to_owned());
            let wrong: Vec<_> = check(&draft).into_iter().map(|(field, _)| field).collect();
            assert_eq!(wrong, expected, "{country} {postcode:?} {region:?}");
        };
        check("DE", "10115", "", &[]);
        check("DE", "1011", "", &[Field::Postcode]);
        check("DE", "", "", &[Field::Postcode]);
        check("IE", "", "", &[]);
        check("IE", "Dublin", "", &[Field::Postcode]);
        check("US", "", "", &[Field::Region, Field::Postcode]);
        check("US", "10001", "NY", &[]);
        check("US", "10001", &"x".repeat(101), &[Field::Region]);
        // No region there: what was typed before does not count.
        check("DE", "10115", &"x".repeat(101), &[]);
        check("XX", &"1".repeat(21), "", &[Field::Postcode]);
    }

    #[test]
    fn an_email_address_is_needed() {
        check_one(Field::Email, " ada@example.org ", true);
        check_one(Field::Email, "ada", false);
        check_one(Field::Email, "", false);
    }

    #[test]
    fn everything_wrong_is_told_in_the_order_of_the_form() {
        let wrong: Vec<_> = check(&Draft::default()).into_iter().map(|(field, _)| field).collect();
        let expected =
            [Field::Email, Field::Name, Field::Country, Field::Street, Field::Postcode, Field::City];
        assert_eq!(wrong, expected);
    }
}
