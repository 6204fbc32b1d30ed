//! The widths of a picture that was uploaded. Its address says them all: `/uploads/9f86…/1600.jpg` is the largest, the
//! others lie beside it.

/// The widths that pages ask for, in pixels: a phone's column, twice that for fine screens, a desktop's stage, and twice
/// that, about.
const WIDTHS: [u32; 4] = [320, 640, 960, 1600];

/// The widths that a picture of so many pixels is kept in, the smallest first; never larger than it is.
pub fn widths(own: u32) -> impl Iterator<Item = u32> {
    let largest = own.min(WIDTHS[3]);
    WIDTHS.into_iter().filter(move |width| *width < largest).chain([largest])
}

/// The value of `srcset` for a picture's address; `None` for those that have one size, or any, as drawings do.
pub fn sources(address: &str) -> Option<String> {
    let uploaded = address.strip_prefix("/uploads/")?;
    let folder = address.len() - uploaded.len() + uploaded.find('/')? + 1;
    let (folder, file) = address.split_at_checked(folder)?;
    let (largest, ending) = file.split_once('.')?;
    let mut sources = String::new();
    for width in widths(largest.parse().ok()?) {
        let width = width.to_string();
        if !sources.is_empty() {
            sources.push_str(", ");
        }
        for part in [folder, &width, ".", ending, " ", &width, "w"] {
            sources.push_str(part);
        }
    }
    Some(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_never_larger_than_it_is() {
        for (own, expected) in [
            (1, &[1][..]),
            (320, &[320]),
            (321, &[320, 321]),
            (1000, &[320, 640, 960, 1000]),
            (1600, &[320, 640, 960, 1600]),
            (9000, &[320, 640, 960, 1600]),
        ] {
            assert_eq!(widths(own).collect::<Vec<_>>(), expected, "{own}");
        }
    }

    #[test]
    fn an_address_says_what_lies_beside_it() {
        for (address, expected) in [
            (
                "/uploads/ab/700.jpg",
                Some("/uploads/ab/320.jpg 320w, /uploads/ab/640.jpg 640w, /uploads/ab/700.jpg 700w"),
            ),
            ("/uploads/ab/10.webp", Some("/uploads/ab/10.webp 10w")),
            ("/pictures/bed/navy.svg", None),
            ("/uploads/ab", None),
            ("/uploads/ab/x.jpg", None),
            ("/uploads/ab/700", None),
            ("", None),
        ] {
            assert_eq!(sources(address).as_deref(), expected, "{address}");
        }
    }
}
