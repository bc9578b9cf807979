//! Responses that no healthy service gives.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;

use crate::fault::PlainFault;
use crate::service::Service;

pub(crate) const PLAIN: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// The beginning of a good answer, a trap for clients that read no further.
const GOOD_PREFIX: &str = "good 84.160.1.1";
const CHUNK_SIZE: usize = 64 * 1024;
const HUGE_CHUNKS: usize = 1024;
const DRIPPED_BYTES: usize = 120;

/// The response of a fault; none where the connection is to be reset.
pub(crate) fn of_fault(fault: PlainFault, service: &Service) -> Option<Response> {
    Some(match fault {
        PlainFault::Truncated => truncated(),
        PlainFault::Error => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            HTML,
            "<!doctype html><title>500</title><h1>Internal Server Error</h1>".to_owned(),
        ),
        PlainFault::WrongType => page(StatusCode::OK, "image/png", GOOD_PREFIX.to_owned()),
        PlainFault::Html => page(
            StatusCode::OK,
            HTML,
            "<!doctype html><html lang=\"en\"><title>Maintenance</title><p>All good: back soon.</p></html>"
                .to_owned(),
        ),
        PlainFault::Huge => huge(),
        PlainFault::Drip => drip(service),
        PlainFault::Redirect => {
            // `.invalid` never resolves, so a client that follows gets nowhere.
            let location = [(header::LOCATION, "http://elsewhere.invalid/nic/update")];
            (StatusCode::FOUND, location).into_response()
        }
        PlainFault::Reset
        | PlainFault::Clock
        | PlainFault::Expired
        | PlainFault::NotYetValid
        | PlainFault::WrongName
        | PlainFault::SelfSigned => return None,
    })
}

/// A response with this status, media type and body.
pub(crate) fn page(status: StatusCode, content_type: &str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// A hotel's sign-in page. It says "good", a trap for clients that search the text for that word.
pub(crate) fn sign_in_page() -> Response {
    let body = "<!doctype html><html lang=\"en\"><title>Grand Hotel Sandbox</title><h1>good morning!</h1>\
                <p>Please sign in to use our good Wi-Fi.</p><form><input name=\"room\"><button>Sign in</button>\
                </form></html>";
    page(StatusCode::OK, HTML, body.to_owned())
}

/// A response whose body ends early; hyper then closes the connection. The pause lets it send the beginning
/// first.
fn truncated() -> Response {
    let chunks = stream::unfold(0, |at| async move {
        if at > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return None;
        }
        Some((Ok::<_, Infallible>(Bytes::from_static(GOOD_PREFIX.as_bytes())), at + 1))
    });
    ([(header::CONTENT_TYPE, PLAIN), (header::CONTENT_LENGTH, "100")], Body::from_stream(chunks))
        .into_response()
}

fn huge() -> Response {
    let chunk = Bytes::from(vec![b'x'; CHUNK_SIZE]);
    let chunks = std::iter::once(Bytes::from_static(GOOD_PREFIX.as_bytes()))
        .chain(std::iter::repeat_n(chunk, HUGE_CHUNKS))
        .map(Ok::<_, Infallible>);
    ([(header::CONTENT_TYPE, PLAIN)], Body::from_stream(stream::iter(chunks))).into_response()
}

fn drip(service: &Service) -> Response {
    let stopping = service.stopping.clone();
    let bytes = stream::unfold((0, stopping), |(at, mut stopping)| async move {
        if at == DRIPPED_BYTES || *stopping.borrow() {
            return None;
        }
        if at > 0 {
            let _ = tokio::time::timeout(Duration::from_secs(1), stopping.wait_for(|stop| *stop)).await;
        }
        let byte = GOOD_PREFIX.as_bytes().get(at).copied().unwrap_or(b' ');
        Some((Ok::<_, Infallible>(Bytes::copy_from_slice(&[byte])), (at + 1, stopping)))
    });
    ([(header::CONTENT_TYPE, PLAIN)], Body::from_stream(bytes)).into_response()
}
