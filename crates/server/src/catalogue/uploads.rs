//! Pictures that a shop's owner uploads: checked, drawn anew without what else a file may hold, in the widths that pages
//! ask for. They lie under the hash of what was uploaded, so the same picture is one, and its address never changes.

use crate::{
    http::{
        extract::{Bytes, Path},
        headers::IMMUTABLE,
        problem::{Answer, Failure},
    },
    objects::Objects,
    secret,
    state::Server,
    tokens::Operator,
    worker::Worker,
};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use contract::{
    code,
    shop::{picture, problem::Problem},
};
use image::{
    DynamicImage, ImageDecoder as _, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    imageops::FilterType,
};
use object_store::path::Path as Key;
use std::io::Cursor;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The largest file that is taken.
const MAX_UPLOAD: usize = 20 * 1024 * 1024;
/// Pixels to a side; cameras have fewer.
const LONGEST_SIDE: u32 = 12_000;
/// Memory for reading one picture: 60 megapixels of four bytes.
const MOST_MEMORY: u64 = 240 * 1024 * 1024;
/// Of 100: beyond it files grow, and nobody sees why.
const JPEG_QUALITY: u8 = 82;

/// Where uploaded pictures lie.
#[derive(Clone)]
pub struct Uploads {
    objects: Objects,
    /// One at a time: a large picture takes much memory.
    drawing: Worker,
}

/// A picture that was taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Uploaded {
    /// What a catalogue calls it: `/uploads/9f86…/1600.jpg`, its largest form.
    pub url: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Why a picture was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It is none, or damaged.
    #[error("This is no picture that can be read: {0}. Send JPEG, PNG, WebP or GIF.")]
    Unreadable(ImageError),
    /// It has too many pixels.
    #[error("The picture has more than {LONGEST_SIDE} pixels to a side, or more than 60 million in all.")]
    TooLarge,
    /// The store.
    #[error(transparent)]
    Store(#[from] object_store::Error),
    /// Reading it panicked, or the server is stopping.
    #[error(transparent)]
    Stopped(#[from] tokio::task::JoinError),
}

impl From<ImageError> for UploadError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            error => Self::Unreadable(error),
        }
    }
}

/// A picture in one width.
struct Form {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

impl Uploads {
    /// Pictures among `objects`.
    pub fn new(objects: Objects) -> Self {
        Self { objects, drawing: Worker::default() }
    }

    /// Takes a picture. The same one again has the same address.
    pub async fn put(&self, file: axum::body::Bytes) -> Result<Uploaded, UploadError> {
        let hash = secret::hash(&file)[..32].to_owned();
        let (forms, ending) = self.drawing.run(move || draw(&file)).await??;
        let address = |width: u32| format!("uploads/{hash}/{width}.{ending}");
        let mut largest = None;
        // The largest last: it is the one whose address is given away.
        for form in forms {
            let key = Key::from(address(form.width));
            self.objects.put(&key, form.bytes.into()).await?;
            largest = Some((form.width, form.height));
        }
        let (width, height) = largest.ok_or(UploadError::TooLarge)?;
        Ok(Uploaded { url: format!("/{}", address(width)), width, height })
    }

    async fn get(&self, hash: &str, file: &str) -> Result<Option<axum::body::Bytes>, object_store::Error> {
        self.objects.get(&Key::from(format!("uploads/{hash}/{file}"))).await
    }
}

/// A picture in every width that pages ask for, the smallest first, and the ending of its files.
fn draw(file: &[u8]) -> Result<(Vec<Form>, &'static str), UploadError> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| UploadError::Unreadable(ImageError::IoError(error)))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(UploadError::TooLarge);
    }
    // As it is to be seen: cameras say in a note which way they were held.
    let orientation = decoder.orientation()?;
    // What its colours mean. Grey and printers' colours become others here, and theirs means nothing then.
    let profile = decoder.icc_profile()?.filter(|profile| profile.get(16..20) == Some(b"RGB "));
    let mut drawn = DynamicImage::from_decoder(decoder)?;
    drawn.apply_orientation(orientation);
    let is_opaque = !drawn.color().has_alpha() || drawn.to_rgba8().pixels().all(|pixel| pixel[3] == 255);
    let mut forms = Vec::new();
    for width in picture::widths(drawn.width()) {
        let height = (u64::from(drawn.height()) * u64::from(width)).div_ceil(u64::from(drawn.width()).max(1));
        let height = u32::try_from(height).unwrap_or(LONGEST_SIDE).max(1);
        let scaled = if width == drawn.width() {
            drawn.clone()
        } else {
            drawn.resize_exact(width, height, FilterType::CatmullRom)
        };
        let mut bytes = Vec::new();
        if is_opaque {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            scaled.to_rgb8().write_with_encoder(with_profile(encoder, profile.as_ref())?)?;
        } else {
            let encoder = WebPEncoder::new_lossless(&mut bytes);
            scaled.to_rgba8().write_with_encoder(with_profile(encoder, profile.as_ref())?)?;
        }
        forms.push(Form { width, height, bytes });
    }
    Ok((forms, if is_opaque { "jpg" } else { "webp" }))
}

fn with_profile<E: ImageEncoder>(mut encoder: E, profile: Option<&Vec<u8>>) -> Result<E, ImageError> {
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.clone()).map_err(ImageError::Unsupported)?;
    }
    Ok(encoder)
}

/// Uploading; it takes a bearer token and no cookie.
pub fn upload_routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(upload)).layer(DefaultBodyLimit::max(MAX_UPLOAD))
}

/// Takes a picture: JPEG, PNG, WebP or GIF
///
/// It is drawn anew in the widths that pages ask for. The same picture again has the same address.
#[utoipa::path(
    post, path = "/catalogue/pictures", tag = "catalogue", security(("token" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Uploaded, description = "The address, for the pictures of a catalogue."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E416, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn upload(State(server): State<Server>, _: Operator, Bytes(file): Bytes) -> Answer<Json<Uploaded>> {
    Ok(Json(server.catalogue.uploads().put(file).await?))
}

/// `/uploads/{hash}/{width}.jpg`
pub fn routes() -> Router<Server> {
    Router::new().route("/uploads/{hash}/{file}", get(uploaded))
}

async fn uploaded(
    State(server): State<Server>,
    Path((hash, file)): Path<(String, String)>,
) -> Answer<Response> {
    let content_type = match file.rsplit_once('.') {
        Some((width, "jpg")) if is_number(width) => ImageFormat::Jpeg,
        Some((width, "webp")) if is_number(width) => ImageFormat::WebP,
        _ => return Err(Failure::not_found()),
    };
    let is_hash = hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Err(Failure::not_found());
    }
    let found = server.catalogue.uploads().get(&hash, &file).await.map_err(UploadError::from)?;
    let bytes = found.ok_or_else(Failure::not_found)?;
    let content_type = HeaderValue::from_static(content_type.to_mime_type());
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, IMMUTABLE),
        // Microapps on foreign pages show them too.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    Ok((headers, bytes).into_response())
}

fn is_number(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl From<UploadError> for Failure {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Unreadable(_) | UploadError::TooLarge => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID).titled(error)
            }
            UploadError::Store(error) => Self::unavailable().because(error),
            UploadError::Stopped(error) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage, codecs::png::PngEncoder};

    fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_drawn_in_the_widths_that_are_asked_for() {
        let photo = RgbImage::from_pixel(1000, 500, Rgb([200, 100, 50]));
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let (forms, ending) = draw(&encoded(photo.clone(), format)).unwrap();
            let sizes: Vec<_> = forms.iter().map(|form| (form.width, form.height)).collect();
            assert_eq!((sizes, ending), (vec![(320, 160), (640, 320), (960, 480), (1000, 500)], "jpg"));
            for form in forms {
                let back = image::load_from_memory(&form.bytes).unwrap();
                assert_eq!((back.width(), back.height()), (form.width, form.height));
            }
        }
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let seen_through = RgbaImage::from_pixel(10, 3, Rgba([0, 0, 0, 100]));
        let (forms, ending) = draw(&encoded(seen_through, ImageFormat::Png)).unwrap();
        assert_eq!((forms.len(), ending), (1, "webp"));
        let opaque = RgbaImage::from_pixel(10, 3, Rgba([0, 0, 0, 255]));
        assert_eq!(draw(&encoded(opaque, ImageFormat::Png)).unwrap().1, "jpg");
    }

    #[test]
    fn what_a_camera_noted_is_obeyed_and_not_passed_on() {
        // An EXIF note that the camera was held on its side (orientation 6), behind the start of the file.
        let plain = encoded(RgbImage::from_pixel(40, 20, Rgb([1, 2, 3])), ImageFormat::Jpeg);
        let note =
            b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let noted = [&plain[..2], note, &plain[2..]].concat();
        let (forms, _) = draw(&noted).unwrap();
        assert_eq!((forms[0].width, forms[0].height), (20, 40));
        assert!(!forms[0].bytes.windows(4).any(|window| window == b"Exif"));
    }

    #[test]
    fn colours_keep_their_meaning() {
        let mut profile = vec![0; 128];
        for (alpha, format) in [(255, ImageFormat::Jpeg), (100, ImageFormat::WebP)] {
            for (space, kept) in [(b"RGB ", true), (b"GRAY", false)] {
                profile[16..20].copy_from_slice(space);
                let mut file = Vec::new();
                let mut encoder = PngEncoder::new(&mut file);
                encoder.set_icc_profile(profile.clone()).unwrap();
                RgbaImage::from_pixel(10, 3, Rgba([1, 2, 3, alpha])).write_with_encoder(encoder).unwrap();
                let (forms, _) = draw(&file).unwrap();
                let mut drawn =
                    ImageReader::with_format(Cursor::new(&forms[0].bytes), format).into_decoder().unwrap();
                assert_eq!(drawn.icc_profile().unwrap(), kept.then(|| profile.clone()), "{format:?}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        let photo = encoded(RgbImage::new(50, 50), ImageFormat::Png);
        for file in [&b""[..], b"GIF89a", svg, &photo[..photo.len() / 2]] {
            assert!(matches!(draw(file), Err(UploadError::Unreadable(_))));
        }
        // A few bytes that claim to be 60,000 pixels wide.
        let mut bomb = photo;
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(draw(&bomb).is_err());
    }
}
