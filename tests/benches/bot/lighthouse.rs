//! What Lighthouse says of a page with the chat, next to the same page without it.

use tests::lighthouse::{Report, VERSION};

/// How often each page is looked at.
const TIMES: usize = 5;
/// Points that the chat may cost.
const POINTS: f64 = 1.0;

/// Prints the medians of both pages, in turns so that a busy minute is no one's alone; what was lost beyond what may be.
pub fn compare(origin: &str) -> Option<String> {
    let mut scores = [Vec::new(), Vec::new()];
    for _ in 0..TIMES {
        for (scores, name) in scores.iter_mut().zip(["without", "with"]) {
            match score(&format!("{origin}/{name}")) {
                Ok(score) => scores.push(score),
                Err(why) => {
                    println!("\nLighthouse is not measured: {why}");
                    return None;
                }
            }
        }
    }
    let [without, with] = scores.map(|scores| super::quantile(scores, 0.5));
    println!("\nLighthouse {VERSION}, performance, medians of {TIMES}\n");
    println!("{:<44} {without:>8.0}", "the page without the chat");
    println!("{:<44} {with:>8.0}  may lose {POINTS}", "the same with it, closed");
    (without - with > POINTS).then(|| format!("Lighthouse: {} points lost", without - with))
}

fn score(address: &str) -> Result<f64, String> {
    let report = Report::of(address, &["performance"])?;
    report.points("performance").ok_or_else(|| "it gave no points".to_owned())
}
