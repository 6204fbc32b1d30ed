//! Somebody else's page, on another origin.

use axum::{Router, response::Html};
use tokio::{net::TcpListener, task::JoinHandle};

/// A server with one page. It ends when this is dropped.
pub struct ForeignPage {
    origin: String,
    serving: JoinHandle<()>,
}

impl ForeignPage {
    /// Serves `html` at every path.
    pub async fn serve(html: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("an address");
        let router = Router::new().fallback(move || async move { Html(html) });
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
