//! The icons beside words.

use crate::{C, section::Section};
use microapp::element::El;

/// A section's.
pub fn of(section: Section) -> El {
    El::icon(
        C,
        match section {
            Section::Orders => "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
            Section::Addresses => {
                "M12 21s7-6.2 7-11.5a7 7 0 1 0-14 0C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
            Section::Wishlist => HEART,
            Section::Security => "M6 11h12v9H6zM8.5 11V7.500a3.5 3.5 0 0 1 7 0V11M12 15v2",
            Section::Data => "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
            Section::Overview | Section::Forgotten | Section::Reset => {
                "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.500c.6-4 3.6-6 7.5-6s6.9 2 7.5 6"
            }
        },
    )
}

const HEART: &str =
    "M12 20.300l-7.6-7.500a4.9 4.9 0 0 1 0-7 5 5 0 0 1 7 0l.6.6.6-.6a5 5 0 0 1 7 0 4.9 4.9 0 0 1 0 7z";
