//! Drawing of charts: numbers in, shapes out. Labels stand around a drawing, so that they stay readable at any width.

use crate::svg;
use contract::registry::health::{Bucket, ReleaseHealth};
use microapp::element::El;

/// How wide a bucket is, in units of the drawing.
const WIDE: u64 = 12;
/// How high a drawing is.
const HIGH: u64 = 100;

/// The most visitors of a bucket, at least 1.
pub fn most_visitors(releases: &[&ReleaseHealth]) -> u64 {
    let counts = releases.iter().flat_map(|release| &release.buckets).map(|bucket| bucket.visitors);
    counts.max().unwrap_or(0).max(1)
}

/// The longest p75 of a bucket, at least 1 ms.
pub fn most_ms(releases: &[&ReleaseHealth]) -> u64 {
    let times = releases.iter().flat_map(|release| &release.buckets).filter_map(|bucket| bucket.p75_ms);
    times.max().map_or(0, u64::from).max(1)
}

/// Mounts as bars, the new release right of the one before; failures stand at the foot of their bar.
pub fn mounts(releases: &[&ReleaseHealth], buckets: u16) -> El {
    let most = most_visitors(releases);
    let mut drawing = drawing(buckets);
    for (place, release) in releases.iter().enumerate() {
        let class = if place == 0 { "fill-new" } else { "fill-before" };
        let left = if place == 0 { 6 } else { 1 };
        for bucket in &release.buckets {
            let x = u64::from(bucket.at) * WIDE + left;
            let high = height(bucket.visitors, most);
            let failed = height(bucket.unwell, most).min(high);
            drawing = drawing.child(bar(class, x, HIGH - high, high));
            if failed > 0 {
                drawing = drawing.child(bar("fill-bad", x, HIGH - failed, failed));
            }
        }
    }
    drawing
}

/// The p75 of mounts as lines of steps.
pub fn times(releases: &[&ReleaseHealth], buckets: u16) -> El {
    let most = most_ms(releases);
    releases.iter().enumerate().rev().fold(drawing(buckets), |drawing, (place, release)| {
        let class = if place == 0 { "line-new" } else { "line-before" };
        drawing.child(svg("path").class("line").class(class).attr("d", &steps(&release.buckets, most)))
    })
}

/// Where something happened a little of it is seen.
fn height(count: u64, most: u64) -> u64 {
    (count * (HIGH - 4) / most).max(if count > 0 { 3 } else { 0 })
}

/// A path that lies flat through each bucket, and is broken where nothing was told.
fn steps(buckets: &[Bucket], most: u64) -> String {
    let mut path = String::new();
    let mut before = None;
    for bucket in buckets {
        let Some(ms) = bucket.p75_ms else { continue };
        let (x, y) = (u64::from(bucket.at) * WIDE, HIGH - height(ms.into(), most));
        let begins = before != Some(bucket.at);
        path.push_str(&[if begins { "M" } else { "L" }, &x.to_string(), " ", &y.to_string(), "h12"].concat());
        before = Some(bucket.at + 1);
    }
    path
}

fn drawing(buckets: u16) -> El {
    let width = u64::from(buckets) * WIDE;
    let base = ["M0 100h", &width.to_string()].concat();
    svg("svg")
        .class("plot")
        .attrs(&[
            ("viewBox", &["0 0 ", &width.to_string(), " 100"].concat()),
            ("preserveAspectRatio", "none"),
            ("aria-hidden", "true"),
        ])
        .child(svg("path").class("line line-base").attr("d", &base))
}

fn bar(class: &str, x: u64, y: u64, height: u64) -> El {
    let [x, y, height] = [x, y, height].map(|number| number.to_string());
    svg("rect").class(class).attrs(&[("x", &x), ("y", &y), ("width", "5"), ("height", &height)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(at: u16, ms: Option<u32>) -> Bucket {
        Bucket { at, visitors: 1, unwell: 0, p75_ms: ms }
    }

    #[test]
    fn lines_break_where_nothing_was_told() {
        for (buckets, expected) in [
            (vec![], ""),
            (vec![bucket(0, Some(10))], "M0 4h12"),
            (vec![bucket(0, Some(10)), bucket(1, Some(5))], "M0 4h12L12 52h12"),
            (vec![bucket(0, Some(10)), bucket(2, Some(10))], "M0 4h12M24 4h12"),
            (vec![bucket(0, Some(10)), bucket(1, None), bucket(2, Some(10))], "M0 4h12M24 4h12"),
        ] {
            assert_eq!(steps(&buckets, 10), expected);
        }
    }

    #[test]
    fn one_failure_among_many_is_seen() {
        assert_eq!((height(0, 1_000), height(1, 1_000), height(1_000, 1_000)), (0, 3, 96));
    }
}
