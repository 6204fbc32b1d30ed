//! Whether a new release does worse than the one before it. Pure: counts in, a verdict out.
//!
//! The unit is a visitor, not a mount: mounts of one visitor fail together. Of those who share an address one is counted, with
//! their own mounts, whoever it is and whichever release they drew: so nobody speaks twice for one, and what an address that many
//! share has of its own (a slow line, a filter) weighs as much in the one as in the other, however few have the new one.
//! The release before is watched over the same time, so what troubles both (a network, an API) counts against neither.
//!
//! **Failures.** A visitor is *unwell* who saw at least one mount fail, panic or time out.
//! - *Worse*: Fisher's exact test (Fisher 1935, one-sided, the hypergeometric tail) puts the chance of a difference like this,
//!   were both alike, below [`ALPHA`], and the shares differ by more than [`SMALLEST`]. It is exact, so it also holds for the
//!   first few visitors, and a release that fails for everybody is found after about five of them. The test is repeated as
//!   reports come in; a level of 0.001 keeps the chance of a wrong alarm over a whole rollout around one per cent. Below
//!   [`FEWEST_UNWELL`] nothing is worse: a few people cannot take a release back.
//! - *Good*: the upper end of the one-sided 95 % interval for the difference of the shares lies below [`MARGIN`]: a test
//!   of non-inferiority. The interval is Newcombe's hybrid score interval (Newcombe 1998, Statistics in Medicine 17:873–890,
//!   method 10), made of Wilson's (1927). With no failure at all it takes about 100 visitors of each.
//!
//! **Time.** Of the mounts that worked, the fastest of each visitor, the time within which three of four stood (p75), with
//! the distribution-free interval of order statistics (Conover 1999, Practical Nonparametric Statistics, 3.2).
//! - *Worse*: the lower end of the new release's interval lies above the upper end of the other's, stretched by [`SLOWER`]
//!   and [`FRAME`]. The ends are ends only from [`FEWEST_NEW`] and [`FEWEST_BEFORE`] visitors on: with fewer, the first and
//!   the last of them lie on the wrong side too often.
//! - *Good*: the p75 itself is within that stretch.
//!
//! What is neither waits for more reports. Without reports nothing is ever good, and each step wants some of its own: reports
//! that came while fewer visitors had the release say nothing of whether anybody would hear of trouble now ([`FRESH`]).

/// Below this chance a difference is none by chance.
pub const ALPHA: f64 = 0.001;
/// A difference of shares that is too small to take a release back for.
pub const SMALLEST: f64 = 0.005;
/// How much larger the share of unwell visitors may at most be, with 95 % confidence, for the next step.
pub const MARGIN: f64 = 0.03;
/// A release may be slower by this factor …
pub const SLOWER: f64 = 1.25;
/// … and one frame at 60 Hz, in milliseconds.
pub const FRAME: f64 = 16.0;
/// Unwell visitors below whom nothing is worse.
pub const FEWEST_UNWELL: u64 = 5;
/// The lowest of so many times lies above the true p75 with a chance of 0.25⁵, which is below [`ALPHA`].
pub const FEWEST_NEW: u64 = 5;
/// The highest of so many lies below it with a chance of 0.75²⁵.
pub const FEWEST_BEFORE: u64 = 25;
/// Visitors of each release without whom nothing is good.
pub const ENOUGH: u64 = 100;
/// Visitors of the new release who were heard of during a step without whom it is not followed by the next.
pub const FRESH: u64 = 25;

/// The standard normal quantile of 95 %.
const Z_95: f64 = 1.644_853_6;
/// The standard normal quantile of 1 − [`ALPHA`].
pub const Z_ALPHA: f64 = 3.090_232_3;

/// What is known of one release.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Arm {
    /// Visitors with any report, one of each address.
    pub visitors: u64,
    /// Of them those who saw a failure.
    pub unwell: u64,
    /// How long mounts took that worked.
    pub times: Option<Times>,
}

/// The time within which three of four mounts stood, in milliseconds, and the ends of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// The p75 itself.
    pub p75: f64,
    /// It is hardly below this.
    pub lower: f64,
    /// It is hardly above this.
    pub upper: f64,
    /// How many visitors that is known from.
    pub visitors: u64,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not worse, with enough evidence.
    Good,
    /// Not decided yet; for what it waits.
    Wait(String),
    /// Worse, and how.
    Worse(String),
}

/// Compares the new release with the one before it.
pub fn judge(new: &Arm, before: &Arm) -> Verdict {
    let (share, share_before) = (share(new), share(before));
    let enough = new.unwell >= FEWEST_UNWELL;
    if enough && share - share_before > SMALLEST && fisher(new, before) < ALPHA {
        return Verdict::Worse(format!(
            "{} of {} visitors ({}) saw it fail, before {} (one of each address)",
            new.unwell,
            new.visitors,
            percent(share),
            percent(share_before)
        ));
    }
    if let (Some(new), Some(before)) = (new.times, before.times)
        && new.visitors >= FEWEST_NEW
        && before.visitors >= FEWEST_BEFORE
        && new.lower > stretch(before.upper)
    {
        return Verdict::Worse(format!(
            "three of four mounts took up to {:.0} ms, before {:.0} ms",
            new.p75, before.p75
        ));
    }
    for (arm, name) in [(new, "new"), (before, "former")] {
        if arm.visitors < ENOUGH {
            return Verdict::Wait(format!(
                "waits for reports of the {name} release: {} of {ENOUGH} visitors (one of each address)",
                arm.visitors
            ));
        }
    }
    let upper = newcombe_upper(new, before);
    if upper >= MARGIN {
        return Verdict::Wait(format!(
            "waits for more reports: up to {} more visitors may see it fail, allowed are {}",
            percent(upper),
            percent(MARGIN)
        ));
    }
    match (new.times, before.times) {
        (Some(new), Some(before)) if new.p75 <= stretch(before.p75) => Verdict::Good,
        (Some(new), Some(before)) => Verdict::Wait(format!(
            "waits for more reports: three of four mounts take up to {:.0} ms, before {:.0} ms",
            new.p75, before.p75
        )),
        _ => Verdict::Wait("waits for mounts that work".to_owned()),
    }
}

/// Which of `count` sorted times, from 0, is the p75, and which are the ends of its interval. `None` without any.
pub fn ranks(count: u64) -> Option<[u64; 3]> {
    let last = count.checked_sub(1)?;
    let n = count as f64;
    let (middle, spread) = (n * 0.75, Z_ALPHA * (n * 0.75 * 0.25).sqrt());
    let rank = |at: f64| (at.max(0.0) as u64).min(last);
    // With too few times the interval reaches to the first and the last.
    Some([rank(middle), rank((middle - spread).floor()), rank((middle + spread).ceil())])
}

fn stretch(ms: f64) -> f64 {
    ms * SLOWER + FRAME
}

fn share(arm: &Arm) -> f64 {
    if arm.visitors == 0 { 0.0 } else { arm.unwell as f64 / arm.visitors as f64 }
}

/// Wilson's score interval at one-sided 95 %.
fn wilson(arm: &Arm) -> (f64, f64) {
    let (n, p, z2) = (arm.visitors as f64, share(arm), Z_95 * Z_95);
    let centre = p + z2 / (2.0 * n);
    let spread = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    ((centre - spread) / (1.0 + z2 / n), (centre + spread) / (1.0 + z2 / n))
}

/// The upper end for the new share minus the former one.
fn newcombe_upper(new: &Arm, before: &Arm) -> f64 {
    let (p1, p0) = (share(new), share(before));
    let (_, upper) = wilson(new);
    let (lower, _) = wilson(before);
    p1 - p0 + ((upper - p1).powi(2) + (p0 - lower).powi(2)).sqrt()
}

/// The chance of at least as many unwell visitors of the new release, if all the unwell ones were spread by lot.
fn fisher(new: &Arm, before: &Arm) -> f64 {
    let (drawn, others) = (new.visitors as f64, before.visitors as f64);
    let unwell = (new.unwell + before.unwell) as f64;
    let choose = |n: f64, k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let mut k = new.unwell as f64;
    if unwell - k > others {
        return 1.0;
    }
    let first = choose(drawn, k) + choose(others, unwell - k) - choose(drawn + others, unwell);
    let mut term = first.exp();
    let mut tail = 0.0;
    while term > 0.0 && k <= drawn.min(unwell) {
        tail += term;
        term *= (drawn - k) * (unwell - k) / ((k + 1.0) * (others - unwell + k + 1.0));
        k += 1.0;
    }
    tail.min(1.0)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(visitors: u64, unwell: u64, p75: f64) -> Arm {
        let mounts = visitors - unwell;
        let times =
            (mounts > 0).then_some(Times { p75, lower: p75 * 0.9, upper: p75 * 1.1, visitors: mounts });
        Arm { visitors, unwell, times }
    }

    #[track_caller]
    fn check(new: Arm, before: Arm, expected: &str) {
        let found = match judge(&new, &before) {
            Verdict::Good => "good".to_owned(),
            Verdict::Wait(what) | Verdict::Worse(what) => what,
        };
        assert!(found.contains(expected), "{new:?} {before:?}: {found}");
    }

    #[test]
    fn as_good_as_before_goes_on() {
        check(arm(200, 0, 40.0), arm(3_800, 0, 40.0), "good");
        check(arm(400, 4, 40.0), arm(7_600, 76, 40.0), "good");
        check(arm(200, 0, 60.0), arm(3_800, 0, 40.0), "good");
        check(arm(1_000, 0, 40.0), arm(1_000, 50, 40.0), "good");
    }

    #[test]
    fn worse_goes_back_and_says_how() {
        check(arm(60, 12, 40.0), arm(1_140, 2, 40.0), "12 of 60 visitors (20.0 %) saw it fail, before 0.2 %");
        check(arm(8, 8, 0.0), arm(152, 0, 40.0), "8 of 8 visitors (100.0 %)");
        check(arm(200, 0, 130.0), arm(3_800, 0, 50.0), "up to 130 ms, before 50 ms");
        check(arm(5, 0, 130.0), arm(25, 0, 50.0), "up to 130 ms, before 50 ms");
        check(arm(5, 5, 0.0), arm(95, 0, 50.0), "5 of 5 visitors");
    }

    #[test]
    fn what_is_not_decided_waits() {
        check(arm(0, 0, 0.0), arm(0, 0, 0.0), "new release: 0 of 100");
        check(arm(99, 0, 40.0), arm(900, 0, 40.0), "new release: 99 of 100");
        check(arm(200, 0, 40.0), arm(20, 0, 40.0), "former release: 20 of 100");
        check(arm(100, 2, 40.0), arm(1_900, 10, 40.0), "waits for more reports: up to");
        check(arm(200, 0, 70.0), arm(3_800, 0, 40.0), "take up to 70 ms");
        // A few slow mounts, or a few people who say that it fails, are none.
        check(arm(4, 0, 900.0), arm(900, 0, 40.0), "new release: 4 of 100");
        check(arm(90, 0, 900.0), arm(24, 0, 40.0), "new release: 90 of 100");
        check(arm(103, 4, 40.0), arm(1_900, 0, 40.0), "waits for more reports: up to");
        // Both fail for everybody: nothing speaks against the new one, and nothing for it.
        check(arm(200, 200, 0.0), arm(200, 200, 0.0), "waits for");
    }

    #[test]
    fn a_difference_too_small_to_matter_takes_nothing_back() {
        let (new, before) = (arm(1_000_000, 1_300, 40.0), arm(1_000_000, 1_000, 40.0));
        assert!(fisher(&new, &before) < ALPHA);
        assert_eq!(judge(&new, &before), Verdict::Good);
    }

    #[test]
    fn the_exact_test_is_exact() {
        // Fisher's lady: 3 of 4 cups right, and 4 of 4 (The Design of Experiments, 1935).
        let near = |new: (u64, u64), before: (u64, u64), expected: f64| {
            let arm = |(visitors, unwell)| Arm { visitors, unwell, times: None };
            let found = fisher(&arm(new), &arm(before));
            assert!((found - expected).abs() < 1e-9, "{new:?} {before:?}: {found}");
        };
        near((4, 3), (4, 1), 17.0 / 70.0);
        near((4, 4), (4, 0), 1.0 / 70.0);
        near((4, 0), (4, 4), 1.0);
        near((0, 0), (0, 0), 1.0);
        near((10, 0), (0, 0), 1.0);
        near((3, 3), (0, 0), 1.0);
    }

    #[test]
    fn the_interval_is_newcombes() {
        // His example (d) of the 1998 paper at two-sided 90 %, which is one-sided 95 %, computed with method 10: 5/56 and 0/29.
        let (new, before) =
            (Arm { visitors: 56, unwell: 5, times: None }, Arm { visitors: 29, unwell: 0, times: None });
        let (_, upper) = wilson(&new);
        let expected = 5.0 / 56.0 + (upper - 5.0 / 56.0);
        assert!((newcombe_upper(&new, &before) - expected).abs() < 1e-12, "0 of 29 adds nothing above");
        assert!((wilson(&Arm { visitors: 100, unwell: 0, times: None }).1 - 0.026_343).abs() < 1e-5);
    }

    #[test]
    fn wrong_alarms_are_rare_and_slips_too() {
        // 400 rollouts of a release that is as good as the one before, looked at after every 20 visitors; then one that
        // fails for one visitor in five.
        let mut seed = 1_u64;
        let mut chance = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as f64 / 2_147_483_648.0
        };
        let mut ends = |rate: f64| {
            let (mut worse, mut good) = (0, 0);
            for _ in 0..400 {
                let (mut new, mut before) = (arm(0, 0, 40.0), arm(0, 0, 40.0));
                for visitor in 1..=600 {
                    new.visitors += 1;
                    new.unwell += u64::from(chance() < rate);
                    before.visitors += 3;
                    before.unwell += (0..3).filter(|_| chance() < 0.01).count() as u64;
                    (new.times, before.times) = (arm(2, 1, 40.0).times, arm(2, 1, 40.0).times);
                    if visitor % 20 == 0 {
                        match judge(&new, &before) {
                            Verdict::Good => good += 1,
                            Verdict::Worse(_) => worse += 1,
                            Verdict::Wait(_) => continue,
                        }
                        break;
                    }
                }
            }
            (worse, good)
        };
        let (alarms, passed) = ends(0.01);
        assert!(alarms <= 8 && passed >= 380, "{alarms} {passed}");
        let (caught, slipped) = ends(0.2);
        assert!(caught >= 398 && slipped == 0, "{caught} {slipped}");
    }

    #[test]
    fn times_that_scatter_are_no_alarm() {
        // 400 rollouts of a release that is as fast as the one before, looked at after every visitor. Times scatter over a
        // factor of e⁴, as those of phones and desktops do; the former release has three times as many.
        let mut seed = 7_u64;
        let mut time = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            20.0 * ((seed >> 33) as f64 / 2_147_483_648.0 * 4.0).exp()
        };
        let measured = |times: &[f64]| {
            let [p75, lower, upper] = ranks(times.len() as u64).unwrap().map(|rank| times[rank as usize]);
            let times = Times { p75, lower, upper, visitors: times.len() as u64 };
            Arm { visitors: times.visitors, unwell: 0, times: Some(times) }
        };
        let mut alarms = 0;
        for _ in 0..400 {
            let (mut new, mut before) = (Vec::new(), Vec::new());
            let put = |times: &mut Vec<f64>, time: f64| {
                times.insert(times.partition_point(|known| *known < time), time);
            };
            for _ in 0..200 {
                put(&mut new, time());
                (0..3).for_each(|_| put(&mut before, time()));
                if matches!(judge(&measured(&new), &measured(&before)), Verdict::Worse(_)) {
                    alarms += 1;
                    break;
                }
            }
        }
        assert!(alarms <= 8, "{alarms}");
    }

    #[test]
    fn ranks_stay_inside() {
        assert_eq!(ranks(0), None);
        assert_eq!(ranks(1), Some([0, 0, 0]));
        assert_eq!(ranks(4), Some([3, 0, 3]));
        assert_eq!(ranks(1_000), Some([750, 707, 793]));
    }
}
