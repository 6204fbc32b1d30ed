//! The test card, which is none: four numbers, four fates. No money moves.

use super::{Asked, Begun, Cause, Due, PaymentError, Provider};
use crate::secret;
use contract::shop::order::{Payment, PaymentMethod};
use futures_util::future::BoxFuture;

/// See the module.
pub struct TestCard;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Approved,
    Declined,
    NeedsConfirmation,
    TimesOut,
}

/// What the test bank does with a number. `None` for any other: no real card belongs here.
fn fate(card_number: &str) -> Option<Fate> {
    let digits: String = card_number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    Some(match digits.as_str() {
        "4242424242424242" => Fate::Approved,
        "4000000000000002" => Fate::Declined,
        "4000002500003155" => Fate::NeedsConfirmation,
        "4000000000000119" => Fate::TimesOut,
        _ => return None,
    })
}

impl Provider for TestCard {
    fn method(&self) -> PaymentMethod {
        PaymentMethod::TestCard
    }

    fn wire(&self) -> Payment {
        Payment {
            method: self.method(),
            name: "Test card".to_owned(),
            hint: "For trying the shop out: no money moves. 4242 4242 4242 4242 is approved, 4000 0000 0000 0002 \
                   declined, 4000 0025 0000 3155 asks for confirmation, 4000 0000 0000 0119 gets no answer."
                .to_owned(),
        }
    }

    fn begin<'p>(&'p self, due: &'p Due) -> BoxFuture<'p, Asked<Begun>> {
        Box::pin(async move {
            let reference = secret::token()?;
            match fate(&due.card).ok_or(PaymentError::NotACard)? {
                Fate::Approved => Ok(Begun::Paid { reference }),
                Fate::Declined => Err(PaymentError::Declined),
                Fate::NeedsConfirmation => {
                    Ok(Begun::GoTo { url: format!("/test-bank/{reference}"), reference })
                }
                // Nobody has to wait to see what happens when nobody answers.
                Fate::TimesOut => {
                    Err(PaymentError::Unanswered { cause: Cause("the test card times out".to_owned()) })
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_cards_are_known() {
        for (number, expected) in [
            ("4242424242424242", Some(Fate::Approved)),
            (" 4242 4242 4242 4242 ", Some(Fate::Approved)),
            ("4000-0000-0000-0002", Some(Fate::Declined)),
            ("4000 0025 0000 3155", Some(Fate::NeedsConfirmation)),
            ("4000 0000 0000 0119", Some(Fate::TimesOut)),
            ("4111111111111111", None),
            ("", None),
            ("42424242424242420", None),
        ] {
            assert_eq!(fate(number), expected, "{number}");
        }
    }
}
