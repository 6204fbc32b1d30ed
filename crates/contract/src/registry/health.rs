//! How releases did over time. `GET /health`

use serde::{Deserialize, Serialize};

/// How far back one looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Six hours, by ten minutes.
    #[default]
    SixHours,
    /// Two days, by hours.
    TwoDays,
    /// Two weeks, by six hours.
    TwoWeeks,
}

impl Span {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::SixHours, Self::TwoDays, Self::TwoWeeks];

    /// As it is written: `six-hours`.
    pub fn name(self) -> &'static str {
        match self {
            Self::SixHours => "six-hours",
            Self::TwoDays => "two-days",
            Self::TwoWeeks => "two-weeks",
        }
    }

    /// How many buckets it has.
    pub fn buckets(self) -> u16 {
        match self {
            Self::SixHours => 36,
            Self::TwoDays => 48,
            Self::TwoWeeks => 56,
        }
    }

    /// How long each bucket is, in seconds; whole multiples of ten minutes, in which a visitor counts once.
    pub fn bucket_seconds(self) -> u32 {
        match self {
            Self::SixHours => 10 * 60,
            Self::TwoDays => 60 * 60,
            Self::TwoWeeks => 6 * 60 * 60,
        }
    }
}

/// How releases did, bucket by bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthOverTime {
    /// When the first bucket begins.
    pub from: String,
    /// How long each is.
    pub bucket_seconds: u32,
    /// How many there are; the last one is not over yet.
    pub buckets: u16,
    /// By name; microapps without reports are left out.
    pub apps: Vec<AppHealth>,
}

/// How the releases of a microapp did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppHealth {
    /// The microapp.
    pub app: String,
    /// Those that went live last, the newest first, at most three; one without reports has no buckets.
    pub releases: Vec<ReleaseHealth>,
}

/// How a release did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseHealth {
    /// Its version.
    pub version: String,
    /// In order; buckets without reports are left out.
    pub buckets: Vec<Bucket>,
}

/// What visitors' pages said of a release in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Which one, from 0.
    pub at: u16,
    /// Visitors for whom it was mounted, or was to be.
    pub visitors: u64,
    /// Of them, those who saw it fail in whatever way.
    pub unwell: u64,
    /// Three of four mounts that worked took no longer, in milliseconds.
    pub p75_ms: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn spans_have_one_name_each_and_whole_slots() {
        for span in Span::ALL {
            assert_eq!(serde_json::to_value(span).unwrap(), span.name());
            assert_eq!(span.bucket_seconds() % 600, 0);
        }
    }
}
