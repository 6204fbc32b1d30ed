//! Somebody else's page, on another origin.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse as _},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A server with one page. It ends when this is dropped.
pub struct ForeignPage {
    origin: String,
    serving: JoinHandle<()>,
}

impl ForeignPage {
    /// Serves `html` at every path.
    pub async fn serve(html: String) -> Self {
        Self::serve_at(html, None).await
    }

    /// The same under a content security policy.
    pub async fn serve_under(html: String, policy: &str) -> Self {
        Self::serve_at(html, Some(HeaderValue::from_str(policy).expect("a policy"))).await
    }

    async fn serve_at(html: String, policy: Option<HeaderValue>) -> Self {
        let name: HeaderName = header::CONTENT_SECURITY_POLICY;
        let router = Router::new().fallback(move || async move {
            let mut response = Html(html).into_response();
            if let Some(policy) = policy {
                response.headers_mut().insert(name, policy);
            }
            response
        });
        Self::with(router).await
    }

    /// Serves what a router of the test's own says.
    pub async fn with(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { origin: format!("http://{own}"), serving }
    }

    /// Where it is.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl Drop for ForeignPage {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
