//! How large a request may be; what is larger gets a clear answer instead of work.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// The longest address line, in bytes.
pub(crate) const LONGEST_URI: usize = 8 * 1024;
/// The largest headers, names and values together, in bytes.
pub(crate) const LARGEST_HEADERS: usize = 16 * 1024;
/// The largest body, in bytes; no form of the portal comes near.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// Lets requests of a sensible size through. Bodies that don't tell their length are measured by who reads them.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let uri = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri > LONGEST_URI {
        return (StatusCode::URI_TOO_LONG, "the address is longer than 8 KiB").into_response();
    }
    let headers = request.headers();
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > LARGEST_HEADERS {
        let text = "the headers are larger than 16 KiB";
        return (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text).into_response();
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|text| text.parse::<u64>().ok()).is_some_and(|length| length > LARGEST_BODY as u64) {
        // The body is not read, so the connection can't be used again.
        let close = [(header::CONNECTION, "close")];
        return (StatusCode::PAYLOAD_TOO_LARGE, close, "the body is larger than 64 KiB").into_response();
    }
    next.run(request).await
}
