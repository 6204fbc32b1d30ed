//! How the releases of a microapp did over time: mounts, failures, and how long mounts took. As a drawing and as a table.

use crate::{desk::Desk, el, plot};
use contract::registry::health::{AppHealth, Bucket, HealthOverTime, ReleaseHealth, Span};
use microapp::{element::El, format, t, t_count, t_with};
use operator::time;

/// A chart is of the newest release and of the one before.
const SHOWN: usize = 2;

/// The chart of a microapp.
pub fn chart(desk: Desk, app: String) -> El {
    let known = move || desk.told(|told| told.health.is_some());
    let key = {
        let app = app.clone();
        move || match known() {
            false => "?".to_owned(),
            true => desk.health(&app, key).unwrap_or_default(),
        }
    };
    let drawn = {
        let app = app.clone();
        el("div").class("drawn").children_from(key.clone(), move || match known() {
            false => vec![el("div").class("skeleton plot")],
            true => desk
                .health(&app, |health, found| draw(health, &found.releases))
                .unwrap_or_else(|| vec![nothing(desk)]),
        })
    };
    let empty = {
        let key = key.clone();
        move || matches!(key().as_str(), "" | "?")
    };
    // The summary stays, and with it the focus and whether the table shows.
    let table = el("div").children_from(key, move || {
        desk.health(&app, |health, found| vec![table(desk, health, &app, &found.releases)])
            .unwrap_or_default()
    });
    let details =
        el("details").attr_when("hidden", "", empty).child(el("summary").t("As a table")).child(table);
    el("figure").class("chart").attr("data-test", "chart").child(drawn).child(details)
}

/// Everything that is drawn.
fn key(health: &HealthOverTime, found: &AppHealth) -> String {
    let mut key = health.from.clone();
    for release in found.releases.iter().take(SHOWN) {
        key.push_str(&release.version);
        for Bucket { at, visitors, unwell, p75_ms } in &release.buckets {
            time::write(&mut key, &[u64::from(*at), *visitors, *unwell, p75_ms.map_or(0, u64::from)]);
        }
    }
    key
}

/// How long ago the first bucket begins.
pub fn reach(span: Span) -> String {
    match span {
        Span::SixHours => t("6 hours"),
        Span::TwoDays => t("2 days"),
        Span::TwoWeeks => t("2 weeks"),
    }
}

fn nothing(desk: Desk) -> El {
    el("p").class("hint").text_from(move || match desk.span() {
        Span::SixHours => t("No page told of a mount in the last 6 hours."),
        Span::TwoDays => t("No page told of a mount in the last 2 days."),
        Span::TwoWeeks => t("No page told of a mount in the last 2 weeks."),
    })
}

fn draw(health: &HealthOverTime, releases: &[ReleaseHealth]) -> Vec<El> {
    let shown: Vec<_> = releases.iter().take(SHOWN).collect();
    let most = plot::most_visitors(&shown);
    let slowest = plot::most_ms(&shown);
    let label = |text: &str, most: String| {
        let most = t_with("up to {most}", &[("most", &most)]);
        el("p").class("axis").child(el("span").text(text)).child(el("span").text(&most))
    };
    let legend = el("ul").class("legend").children(shown.iter().enumerate().map(|(place, release)| {
        let class = if place == 0 { "swatch fill-new" } else { "swatch fill-before" };
        el("li")
            .child(el("span").class(class))
            .child(el("span").class("version").text(&release.version))
            .text(&[": ", &sum(release)].concat())
    }));
    let failures = shown.iter().any(|release| release.buckets.iter().any(|bucket| bucket.unwell > 0));
    let failed = failures.then(|| el("li").child(el("span").class("swatch fill-bad")).t("failed"));
    let per = time::length(health.bucket_seconds);
    let reach = i64::from(health.bucket_seconds) * i64::from(health.buckets);
    vec![
        label(&t_with("Mounts in {time}", &[("time", &per)]), most.to_string()),
        plot::mounts(&shown, health.buckets),
        label(&t("p75 of mounts"), [&slowest.to_string(), " ms"].concat()),
        plot::times(&shown, health.buckets).class("low"),
        el("p").class("axis").child(el("span").text(&time::ago(reach))).child(el("span").t("now")),
        legend.children(failed),
    ]
}

/// `120 mounts, 3 failed, lately 43 ms`.
fn sum(release: &ReleaseHealth) -> String {
    let total = |of: fn(&Bucket) -> u64| release.buckets.iter().map(of).sum::<u64>();
    let lately = release.buckets.iter().rev().find_map(|bucket| bucket.p75_ms);
    let lately = lately.map(|ms| ms.to_string());
    let failed = total(|bucket| bucket.unwell).to_string();
    let mounts = t_count("{n} mount", "{n} mounts", total(|bucket| bucket.visitors) as i64);
    let places = [("mounts", &*mounts), ("failed", &failed), ("ms", lately.as_deref().unwrap_or_default())];
    match lately {
        Some(_) => t_with("{mounts}, {failed} failed, lately {ms} ms", &places),
        None => t_with("{mounts}, {failed} failed", &places),
    }
}

fn table(desk: Desk, health: &HealthOverTime, app: &str, releases: &[ReleaseHealth]) -> El {
    let from = time::parse(&health.from);
    let locale = desk.host.locale();
    let head = [t("From"), t("Release"), t("Mounts"), t("Failed"), "p75".to_owned()];
    let head = head.map(|text| el("th").attr("scope", "col").text(&text));
    let mut rows = Vec::new();
    for at in (0..health.buckets).rev() {
        for release in releases.iter().take(SHOWN) {
            rows.extend(
                release.buckets.iter().find(|bucket| bucket.at == at).map(|it| (it, &release.version)),
            );
        }
    }
    let rows = rows.into_iter().map(|(bucket, version)| {
        let at = from + f64::from(bucket.at) * f64::from(health.bucket_seconds) * 1000.0;
        let cells = [
            version.clone(),
            bucket.visitors.to_string(),
            bucket.unwell.to_string(),
            bucket.p75_ms.map_or("–".to_owned(), |ms| [&ms.to_string(), " ms"].concat()),
        ];
        el("tr")
            .child(el("th").attr("scope", "row").text(&format::day_and_hour(at, &locale)))
            .children(cells.map(|text| el("td").text(&text)))
    });
    let table = el("table")
        .child(el("caption").class("visually-hidden").t("Mounts over time, the latest first"))
        .child(el("thead").child(el("tr").children(head)))
        .child(el("tbody").children(rows));
    // What scrolls can be scrolled by keyboard.
    el("div")
        .class("scrolls")
        .attrs(&[
            ("tabindex", "0"),
            ("role", "region"),
            ("aria-label", &t_with("Mounts of {app} over time", &[("app", app)])),
        ])
        .child(table)
}
