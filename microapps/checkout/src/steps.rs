//! The steps, and which of them can be shown.

use microapp::t;

/// A step with an address of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Who and where.
    #[default]
    Address,
    /// How it gets there.
    Delivery,
    /// How it is paid.
    Payment,
    /// Everything once more, and the button.
    Review,
}

/// What has been filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// A whole address.
    pub address: bool,
    /// A way of delivery.
    pub delivery: bool,
    /// A way of payment, with a card where it needs one.
    pub payment: bool,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Address, Self::Delivery, Self::Payment, Self::Review];

    /// By its name in addresses.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Delivery => "delivery",
            Self::Payment => "payment",
            Self::Review => "review",
        }
    }

    /// Where it is.
    pub fn path(self) -> String {
        ["/checkout/", self.name()].concat()
    }

    /// Its name for people.
    pub fn label(self) -> String {
        t(match self {
            Self::Address => "Address",
            Self::Delivery => "Delivery",
            Self::Payment => "Payment",
            Self::Review => "Review",
        })
    }

    /// The question that it asks.
    pub fn question(self) -> String {
        t(match self {
            Self::Address => "Where should it go?",
            Self::Delivery => "How should it get there?",
            Self::Payment => "How would you like to pay?",
            Self::Review => "Is everything right?",
        })
    }

    /// Whether everything before it is filled in.
    pub fn can_show(self, done: Done) -> bool {
        done.first_open() as usize >= self as usize
    }
}

impl Done {
    /// The first step that needs the shopper; the last one when all is filled in.
    pub fn first_open(self) -> Step {
        match self {
            Self { address: false, .. } => Step::Address,
            Self { delivery: false, .. } => Step::Delivery,
            Self { payment: false, .. } => Step::Payment,
            _ => Step::Review,
        }
    }
}

/// Where an address of this app leads to, when that is another one than asked for.
pub fn redirect(asked: &str, done: Done) -> Option<Step> {
    match Step::parse(asked) {
        Some(step) if step.can_show(done) => None,
        _ => Some(done.first_open()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_shows_when_all_before_it_are_done() {
        let check = |done: &str, asked: &str, expected: Option<Step>| {
            let has = |letter| done.contains(letter);
            let done = Done { address: has('a'), delivery: has('d'), payment: has('p') };
            assert_eq!(redirect(asked, done), expected, "{done:?} {asked}");
        };
        check("", "", Some(Step::Address));
        check("", "address", None);
        check("", "review", Some(Step::Address));
        check("a", "", Some(Step::Delivery));
        check("a", "address", None);
        check("a", "delivery", None);
        check("a", "payment", Some(Step::Delivery));
        check("ad", "payment", None);
        check("ad", "review", Some(Step::Payment));
        check("adp", "review", None);
        check("adp", "address", None);
        check("adp", "nonsense", Some(Step::Review));
        // A card number is never kept: after a reload the payment is open again.
        check("dp", "review", Some(Step::Address));
        check("ap", "payment", Some(Step::Delivery));
    }
}
