//! Screens and colour schemes, and pictures of them for people to look at.

use crate::{Browser, environment};
use serde_json::json;

/// A size of screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 320 × 256: a desktop of 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10).
    Zoomed,
    /// 360 × 740: the narrowest phone that is promised.
    Narrow,
    /// 412 × 915.
    Phone,
    /// 1280 × 900.
    Desktop,
}

/// Light or dark, as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Screen {
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Zoomed => (320, 256),
            Self::Narrow => (360, 740),
            Self::Phone => (412, 915),
            Self::Desktop => (1280, 900),
        }
    }

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zoomed => "zoomed",
            Self::Narrow => "narrow",
            Self::Phone => "phone",
            Self::Desktop => "desktop",
        }
    }
}

impl Theme {
    /// Its name in files and in media queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Browser {
    /// Makes the screen this large.
    pub async fn screen(&self, screen: Screen) {
        let (width, height) = screen.size();
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": !matches!(screen, Screen::Desktop | Screen::Zoomed) });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Lets the system be light or dark, and without motion.
    pub async fn theme(&self, theme: Theme) {
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": theme.name() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The same with the few colours that somebody chose for everything (forced colours).
    pub async fn forced_colours(&self, theme: Theme) {
        let features = json!({ "features": [
            { "name": "forced-colors", "value": "active" },
            { "name": "prefers-color-scheme", "value": theme.name() },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Waits until every picture in view has come.
    pub async fn until_pictures(&self) {
        self.until(
            "pictures should come",
            "[...document.images].filter((i) => i.getBoundingClientRect().top < innerHeight && i.checkVisibility()).every((i) => i.complete)
             && document.fonts.status === 'loaded'",
        )
        .await;
    }

    /// Leaves a picture: `<folder>/<page>-phone-dark.png`. What is seen without scrolling.
    pub async fn keep_screen(&self, page: &str, screen: Screen, theme: Theme) {
        self.until_pictures().await;
        let answer = self.devtools("Page.captureScreenshot", json!({ "format": "png" })).await;
        use base64::Engine;
        let picture = base64::engine::general_purpose::STANDARD
            .decode(answer["data"].as_str().unwrap_or_default())
            .expect("a picture in base64");
        let file = environment::screenshots().join(format!("{page}-{}-{}.png", screen.name(), theme.name()));
        std::fs::write(&file, picture).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// What reaches over the right edge of the screen, when the page scrolls sideways.
    pub async fn wider_than_the_screen(&self) -> Vec<String> {
        let script = "const width = document.documentElement.clientWidth;
            const wide = [...document.body.querySelectorAll('*')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > width + 1
                && !e.closest('.visually-hidden, svg')).map((e) => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`);
            return document.documentElement.scrollWidth > width + 1 ? [`scrollWidth ${document.documentElement.scrollWidth} > ${width}`, ...wide.slice(0, 6)] : []";
        self.eval(script).await
    }
}
