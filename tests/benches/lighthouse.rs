//! What Lighthouse says of the shop's pages, on its mobile preset: `cargo xtask bench lighthouse`. Points of a median of
//! five. Those for speed are printed and fail nothing; the others are the same on any machine.

// A bench ends at what goes wrong, with a sentence.
#![allow(clippy::print_stdout, missing_docs)]

use std::process::ExitCode;
use tests::{
    Server, folders_of_the_shop,
    lighthouse::{Report, VERSION},
};

const TIMES: usize = 5;
const PAGES: [(&str, &str); 3] = [("home", "/"), ("product", "/#/product/1"), ("cart", "/#/cart")];
/// The categories, and how many points are wanted.
const CATEGORIES: [(&str, f64); 4] =
    [("performance", 95.0), ("accessibility", 100.0), ("best-practices", 100.0), ("seo", 100.0)];

#[tokio::main]
async fn main() -> ExitCode {
    let server = Server::whole(&folders_of_the_shop()).await;
    let origin = server.origin().to_owned();
    let measured = tokio::task::spawn_blocking(move || measure(&origin)).await;
    match measured {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        Ok(Ok(false)) => ExitCode::FAILURE,
        Ok(Err(why)) => {
            println!("Lighthouse is not measured: {why}");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every page has what is wanted of it.
fn measure(origin: &str) -> Result<bool, String> {
    let names = CATEGORIES.map(|(name, _)| name);
    println!("Lighthouse {VERSION}, mobile, medians of {TIMES}\n");
    println!("{:<12}{:>16}{:>16}{:>16}{:>16}", "", names[0], names[1], names[2], names[3]);
    let mut is_good = true;
    for (page, path) in PAGES {
        let reports = (0..TIMES)
            .map(|_| Report::of(&format!("{origin}{path}"), &names))
            .collect::<Result<Vec<_>, _>>()?;
        let median = |category: &str| {
            let mut points: Vec<_> = reports.iter().filter_map(|report| report.points(category)).collect();
            points.sort_by(f64::total_cmp);
            points.get(points.len() / 2).copied().unwrap_or(0.0)
        };
        let points = names.map(median);
        println!("{page:<12}{:>16.0}{:>16.0}{:>16.0}{:>16.0}", points[0], points[1], points[2], points[3]);
        for ((category, wanted), points) in CATEGORIES.into_iter().zip(points) {
            if points < wanted {
                let faults = reports.last().map(|report| report.faults(category)).unwrap_or_default();
                println!("  {category}, {wanted} wanted: {}", faults.join("; "));
                is_good &= category == "performance";
            }
        }
    }
    Ok(is_good)
}
