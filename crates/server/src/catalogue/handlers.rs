//! The catalogue's routes.

use super::{ExportError, Format, Imported, KnownStock, LoadError, Others, SearchError};
use crate::{
    http::{
        extract::{Path, Query},
        headers::NO_CACHE,
        incoming::incoming,
        problem::{Answer, Failure},
        valid::Check,
    },
    state::Server,
    tokens::Operator,
};
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::{
    code,
    shop::{
        catalogue::{Category, Product, ProductPage, ProductQuery, ProductSummary, Suggestions},
        problem::{FieldProblem, Problem},
    },
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The largest file that is taken.
const MAX_IMPORT: usize = 64 * 1024 * 1024;

/// Reading the catalogue.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(categories))
        .routes(routes!(products))
        .routes(routes!(suggestions))
        .routes(routes!(summaries))
        .routes(routes!(product))
}

/// Importing and exporting; they take a bearer token and no cookie.
pub fn import_routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(import)).routes(routes!(export))
}

type Fresh<T> = ([(HeaderName, HeaderValue); 1], Json<T>);

/// The same for everybody; asked about each time, since prices and stock change.
fn fresh<T>(answer: T) -> Fresh<T> {
    ([(header::CACHE_CONTROL, NO_CACHE)], Json(answer))
}

/// Categories that have something to show
#[utoipa::path(
    get, path = "/catalogue/categories", tag = "catalogue",
    responses(
        (status = 200, body = Vec<Category>, description = "In the shop's order."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn categories(State(server): State<Server>) -> Answer<Fresh<Vec<Category>>> {
    Ok(fresh(server.catalogue.categories().await?))
}

/// Products, searched, filtered, sorted, page by page
#[utoipa::path(
    get, path = "/catalogue/products", tag = "catalogue", params(ProductQuery),
    responses(
        (status = 200, body = ProductPage, description = "One page; empty when there is no such page."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "The query is not valid."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn products(
    State(server): State<Server>,
    Query(query): Query<ProductQuery>,
) -> Answer<Fresh<ProductPage>> {
    let (page, per_page) = check(&query)?;
    let mut found = server.catalogue.search(&query, page, per_page).await?;
    server.reviews.rate(&mut found.items).await?;
    Ok(fresh(found))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SuggestionQuery {
    /// What has been typed so far. At most 200 characters.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
}

/// What somebody may mean who is typing
///
/// Up to eight categories and products.
#[utoipa::path(
    get, path = "/catalogue/suggestions", tag = "catalogue", params(SuggestionQuery),
    responses(
        (status = 200, body = Suggestions, description = "Best match first; empty when nothing fits."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "The query is not valid."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn suggestions(
    State(server): State<Server>,
    Query(query): Query<SuggestionQuery>,
) -> Answer<Fresh<Suggestions>> {
    check(&ProductQuery { q: query.q.clone(), ..ProductQuery::default() })?;
    Ok(fresh(server.catalogue.suggest(&query.q).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SummariesQuery {
    /// Their numbers: `id=7&id=3`. At most 50.
    #[serde(default)]
    #[param(max_items = 50)]
    id: Vec<i64>,
}

/// Products by their numbers
#[utoipa::path(
    get, path = "/catalogue/summaries", tag = "catalogue", params(SummariesQuery),
    responses(
        (status = 200, body = Vec<ProductSummary>, description = "Those that are in the shop, in the order asked for."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "The query is not valid."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn summaries(
    State(server): State<Server>,
    Query(query): Query<SummariesQuery>,
) -> Answer<Fresh<Vec<ProductSummary>>> {
    let mut check = Check::new();
    check.expect(query.id.len() <= 50, "id", "At most 50 numbers.");
    check.done()?;
    let mut found = server.catalogue.summaries(&query.id).await?;
    server.reviews.rate(&mut found).await?;
    Ok(fresh(found))
}

/// Page and page size, when everything in the query is within bounds.
fn check(query: &ProductQuery) -> Answer<(i64, i64)> {
    let mut fields = Vec::new();
    let mut expect = |good: bool, field: &str, message: &str| {
        if !good {
            fields.push(FieldProblem { field: field.to_owned(), message: message.to_owned() });
        }
    };
    let (page, per_page) = (query.page.unwrap_or(1), query.per_page.unwrap_or(24));
    expect(query.q.chars().count() <= 200, "q", "At most 200 characters.");
    expect(!query.q.contains('\0'), "q", "No null characters.");
    expect(!query.category.contains('\0'), "category", "No null characters.");
    for (name, values) in [("colour", &query.colour), ("size", &query.size)] {
        expect(values.len() <= 50, name, "At most 50 values.");
        expect(!values.iter().any(|value| value.contains('\0')), name, "No null characters.");
    }
    expect((1..=1_000_000).contains(&page), "page", "From 1.");
    expect((1..=100).contains(&per_page), "per_page", "From 1 to 100.");
    expect(query.min.unwrap_or(0) >= 0, "min", "From 0.");
    expect(query.max.unwrap_or(0) >= 0, "max", "From 0.");
    Failure::unless_valid(fields)?;
    Ok((page, per_page))
}

/// A product with all that its page shows
#[utoipa::path(
    get, path = "/catalogue/products/{id}", tag = "catalogue", params(("id" = i64, Path, description = "Its number.")),
    responses(
        (status = 200, body = Product, description = "The product."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "There is none."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn product(State(server): State<Server>, Path(id): Path<i64>) -> Answer<Fresh<Product>> {
    let mut product = server.catalogue.product(id).await?.ok_or_else(Failure::not_found)?;
    product.tax = server.configuration.terms.tax_of_prices();
    product.rating = server.reviews.rating(id).await?;
    Ok(fresh(product))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Whether products that the file does not have leave the shop.
    #[serde(default)]
    replace: bool,
    /// Whether variants that are in the shop get the stock of the `file`, where it says one, or `keep` theirs, except where
    /// the file says that nobody counts it; what had left gets the file's.
    #[serde(default)]
    #[param(inline)]
    stock: KnownStock,
}

/// Loads a catalogue: a product CSV as Shopify exports it, or JSON Lines
///
/// All or nothing. It is read as it comes: what is wrong in it is said before the rest is sent. The stock of the file
/// takes the place of the shop's, whatever was sold since; `stock=keep` keeps the shop's, except where the file says that
/// nobody counts it; what had left gets the file's.
#[utoipa::path(
    post, path = "/catalogue/import", tag = "catalogue", params(ImportQuery),
    request_body(content((String = "text/csv"), (String = "application/jsonl"))),
    security(("token" = [])),
    responses(
        (status = 200, body = Imported, description = "What was in the file."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused; the title names row and column."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn import(
    State(server): State<Server>,
    operator: Operator,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Answer<Json<Imported>> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let format = Format::of(content_type.unwrap_or_default());
    let others = if query.replace { Others::Remove } else { Others::Keep };
    let (file, outcome) = incoming(request, MAX_IMPORT);
    let imported = server.catalogue.import(file, format, others, query.stock, &operator.0.who).await;
    // A file that breaks off is not at fault for what it lacks then.
    outcome.check()?;
    Ok(Json(imported?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `csv`, which has room for three options, or `jsonl`.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

/// Everything that is in the shop, as a product CSV or as JSON Lines
///
/// An import takes it back as it was.
#[utoipa::path(
    get, path = "/catalogue/export", tag = "catalogue", security(("token" = [])), params(ExportQuery),
    responses(
        (status = 200, content((String = "text/csv"), (String = "application/jsonl")), description = "The catalogue."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E420, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn export(
    State(server): State<Server>,
    _: Operator,
    Query(ExportQuery { format }): Query<ExportQuery>,
) -> Answer<Response> {
    let file = server.catalogue.export(format).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()))], file).into_response())
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Database(error) => error.into(),
            SearchError::Busy => Self::unavailable()
                .titled("Too many are searching at once. Try again in a moment.")
                .because(error),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Database(error) => error.into(),
            ExportError::Restless => Self::unavailable().because(error),
            ExportError::TooManyOptions { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::CATALOGUE_INVALID).titled(error)
            }
            error => Self::internal(error),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::File(error) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::CATALOGUE_INVALID).titled(error)
            }
            LoadError::Database(error) => error.into(),
            LoadError::Stopped(error) => Self::internal(error),
        }
    }
}
