//! Which pages a list of pages names: the first, the last, and those around the present one.

/// A place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A page.
    Page(i64),
    /// Pages that are left out.
    Gap,
}

/// How many pages `total` things fill.
pub fn pages(total: i64, per_page: i64) -> i64 {
    if total <= 0 || per_page <= 0 { 0 } else { (total - 1) / per_page + 1 }
}

/// The list for `page` of `pages`: never more than seven places, and no gap for a single page.
pub fn steps(page: i64, pages: i64) -> Vec<Step> {
    if pages <= 7 {
        return (1..=pages).map(Step::Page).collect();
    }
    let page = page.clamp(1, pages);
    let (from, to) = match page {
        ..=4 => (2, 5),
        _ if page > pages - 4 => (pages - 4, pages - 1),
        _ => (page - 1, page + 1),
    };
    let mut steps = vec![Step::Page(1)];
    if from > 2 {
        steps.push(Step::Gap);
    }
    steps.extend((from..=to).map(Step::Page));
    if to < pages - 1 {
        steps.push(Step::Gap);
    }
    steps.push(Step::Page(pages));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: i64, pages: i64, expected: &str) {
        let text: Vec<String> = steps(page, pages)
            .into_iter()
            .map(|step| match step {
                Step::Page(n) if n == page => format!("[{n}]"),
                Step::Page(n) => n.to_string(),
                Step::Gap => "…".to_owned(),
            })
            .collect();
        assert_eq!(text.join(" "), expected, "page {page} of {pages}");
    }

    #[test]
    fn lists_of_pages() {
        check(1, 0, "");
        check(1, 1, "[1]");
        check(2, 3, "1 [2] 3");
        check(4, 7, "1 2 3 [4] 5 6 7");
        check(1, 8, "[1] 2 3 4 5 … 8");
        check(4, 8, "1 2 3 [4] 5 … 8");
        check(5, 8, "1 … 4 [5] 6 7 8");
        check(8, 8, "1 … 4 5 6 7 [8]");
        check(5, 9, "1 … 4 [5] 6 … 9");
        check(10, 20, "1 … 9 [10] 11 … 20");
        check(17, 20, "1 … 16 [17] 18 19 20");
        check(99, 20, "1 … 16 17 18 19 20");
        check(-3, 9, "1 2 3 4 5 … 9");
    }

    #[test]
    fn seven_places_at_most_and_every_gap_hides_two_or_more() {
        for pages in 1..40 {
            for page in 1..=pages {
                let steps = steps(page, pages);
                assert!(steps.len() <= 7 && steps.contains(&Step::Page(page)), "page {page} of {pages}");
                for three in steps.windows(3) {
                    if let [Step::Page(before), Step::Gap, Step::Page(after)] = three {
                        assert!(after - before > 2, "page {page} of {pages}");
                    }
                }
            }
        }
    }

    #[test]
    fn counting_pages() {
        for (total, per_page, expected) in
            [(0, 24, 0), (1, 24, 1), (24, 24, 1), (25, 24, 2), (80, 24, 4), (5, 0, 0), (-1, 24, 0)]
        {
            assert_eq!(pages(total, per_page), expected, "{total} by {per_page}");
        }
    }
}
