//! Limits. A request that exceeds one gets a clear response instead of work.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// The longest request URI, in bytes.
pub(crate) const MAX_URI: usize = 8 * 1024;
/// The largest request headers, names and values together, in bytes.
pub(crate) const MAX_HEADERS: usize = 16 * 1024;
/// The largest request body, in bytes; no form of the portal comes near it.
pub(crate) const MAX_BODY: usize = 64 * 1024;
/// The longest time for a page, its form's body included.
pub(crate) const PAGE_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest account name or password, in characters; longer ones would only cost hashing time.
pub(crate) const MAX_CREDENTIAL: usize = 200;

/// Rejects requests whose head exceeds a limit.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let uri = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri > MAX_URI {
        return (StatusCode::URI_TOO_LONG, "the address is longer than 8 KiB").into_response();
    }
    let headers = request.headers();
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > MAX_HEADERS {
        let text = "the headers are larger than 16 KiB";
        return (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text).into_response();
    }
    next.run(request).await
}
