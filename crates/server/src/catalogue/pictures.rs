//! Our own pictures: one drawing per product, recoloured from named layers.

use crate::{
    assets,
    http::{
        extract::Path,
        headers::{self, PICTURE},
        problem::{Answer, Failure},
    },
    state::Server,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A colour that variants come in.
#[derive(Clone, Debug, Deserialize)]
struct Colour {
    /// As variants call it: `Navy`.
    label: String,
    /// What the layer `main` becomes; also the swatch.
    main: String,
    /// What the layer `accent` becomes.
    accent: Option<String>,
}

/// The colours of `assets/pictures/colours.json`, by their name in addresses.
#[derive(Clone, Debug, Default)]
pub struct Colours(BTreeMap<String, Colour>);

impl Colours {
    /// Those that the binary carries.
    pub fn embedded() -> Result<Self, serde_json::Error> {
        match assets::text("pictures/colours.json") {
            Some(text) => Ok(Self(serde_json::from_str(&text)?)),
            None => Ok(Self::default()),
        }
    }

    /// `#rrggbb` of a colour as variants call it.
    pub fn swatch(&self, label: &str) -> Option<String> {
        self.0
            .values()
            .find(|colour| colour.label.eq_ignore_ascii_case(label))
            .map(|colour| colour.main.clone())
    }

    /// A drawing in a colour; `default` leaves it as it was drawn.
    fn paint(&self, drawing: &str, colour: &str) -> Option<String> {
        if colour == "default" {
            return Some(drawing.to_owned());
        }
        let colour = self.0.get(colour)?;
        let painted = fill_layer(drawing, "main", &colour.main);
        Some(match &colour.accent {
            Some(accent) => fill_layer(&painted, "accent", accent),
            None => painted,
        })
    }
}

/// Replaces the fill of every `<g id="layer" …>`.
fn fill_layer(svg: &str, layer: &str, fill: &str) -> String {
    let mut painted = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(begin) = rest.find("<g ") {
        let (before, tag) = rest.split_at(begin);
        let (tag, after) = tag.split_at(tag.find('>').unwrap_or(tag.len()));
        painted.push_str(before);
        painted.push_str(&if tag.contains(&format!(" id=\"{layer}\"")) {
            with_fill(tag, fill)
        } else {
            tag.to_owned()
        });
        rest = after;
    }
    painted + rest
}

fn with_fill(tag: &str, fill: &str) -> String {
    const ATTRIBUTE: &str = " fill=\"";
    let Some(begin) = tag.find(ATTRIBUTE).map(|begin| begin + ATTRIBUTE.len()) else {
        return format!("{tag} fill=\"{fill}\"");
    };
    let end = tag[begin..].find('"').map_or(tag.len(), |length| begin + length);
    format!("{}{fill}{}", &tag[..begin], &tag[end..])
}

/// `/pictures/{name}/{colour}.svg`
pub fn routes() -> Router<Server> {
    Router::new().route("/pictures/{name}/{file}", get(picture))
}

async fn picture(
    State(server): State<Server>,
    Path((name, file)): Path<(String, String)>,
    request: HeaderMap,
) -> Answer<Response> {
    let colour = file.strip_suffix(".svg").ok_or_else(Failure::not_found)?;
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let drawing = assets::text(&format!("pictures/{name}.svg")).filter(|_| plain);
    let colours = &server.catalogue.colours;
    let picture = drawing.and_then(|svg| colours.paint(&svg, colour)).ok_or_else(Failure::not_found)?;
    let etag = format!("W/\"{}\"", &crate::secret::hash(&picture)[..32]);
    let mut response = if headers::is_known(&request, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], picture).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, PICTURE);
    // Microapps on foreign pages show them too.
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_filled() {
        for (svg, expected) in [
            (
                r##"<svg><g id="main" fill="#111"><path/></g></svg>"##,
                r##"<svg><g id="main" fill="#abc"><path/></g></svg>"##,
            ),
            (r##"<g fill="#111" id="main"/>"##, r##"<g fill="#abc" id="main"/>"##),
            (r#"<g id="main">"#, r##"<g id="main" fill="#abc">"##),
            (r##"<g id="accent" fill="#111">"##, r##"<g id="accent" fill="#111">"##),
            (r##"<g id="main2" fill="#111">"##, r##"<g id="main2" fill="#111">"##),
            (
                r##"<g id="main" fill="#1"/><g id="x" fill="#2"/><g id="main" fill="#3"/>"##,
                r##"<g id="main" fill="#abc"/><g id="x" fill="#2"/><g id="main" fill="#abc"/>"##,
            ),
            ("<g ", "<g "),
        ] {
            assert_eq!(fill_layer(svg, "main", "#abc"), expected);
        }
    }
}
