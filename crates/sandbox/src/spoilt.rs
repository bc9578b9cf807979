//! Answers as no healthy service gives them.

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

/// How a good answer begins, to catch those who read no further.
const TEASER: &str = "good 84.160.1.1";
const PIECE: usize = 64 * 1024;
const PIECES: usize = 1024;
const DRIPS: usize = 120;

/// The answer of a fault; none where the connection is to break.
pub(crate) fn answer(fault: PlainFault, service: &Service) -> Option<Response> {
    Some(match fault {
        PlainFault::Truncated => truncated(),
        PlainFault::Error => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            HTML,
            "<!doctype html><title>500</title><h1>Internal Server Error</h1>".to_owned(),
        ),
        PlainFault::WrongType => page(StatusCode::OK, "image/png", TEASER.to_owned()),
        PlainFault::Html => page(
            StatusCode::OK,
            HTML,
            "<!doctype html><html lang=\"en\"><title>Maintenance</title><p>All good: back soon.</p></html>"
                .to_owned(),
        ),
        PlainFault::Huge => huge(),
        PlainFault::Drip => drip(service),
        PlainFault::Redirect => {
            // `.invalid` never resolves: who follows goes nowhere.
            let place = [(header::LOCATION, "http://elsewhere.invalid/nic/update")];
            (StatusCode::FOUND, place).into_response()
        }
        PlainFault::Reset
        | PlainFault::Clock
        | PlainFault::Expired
        | PlainFault::NotYetValid
        | PlainFault::WrongName
        | PlainFault::SelfSigned => return None,
    })
}

/// A page of a media type.
pub(crate) fn page(status: StatusCode, content_type: &str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// What a hotel's network answers to everything; it says "good" to catch those who search the text for it.
pub(crate) fn hotel_page() -> Response {
    let body = "<!doctype html><html lang=\"en\"><title>Grand Hotel Sandbox</title><h1>good morning!</h1>\
                <p>Please sign in to use our good Wi-Fi.</p><form><input name=\"room\"><button>Sign in</button>\
                </form></html>";
    page(StatusCode::OK, HTML, body.to_owned())
}

/// The end of the body is missing; hyper closes the connection when it notices. The pause lets it send the
/// beginning first.
fn truncated() -> Response {
    let pieces = stream::unfold(0, |at| async move {
        if at > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return None;
        }
        Some((Ok::<_, Infallible>(Bytes::from_static(TEASER.as_bytes())), at + 1))
    });
    ([(header::CONTENT_TYPE, PLAIN), (header::CONTENT_LENGTH, "100")], Body::from_stream(pieces))
        .into_response()
}

fn huge() -> Response {
    let piece = Bytes::from(vec![b'x'; PIECE]);
    let pieces = std::iter::once(Bytes::from_static(TEASER.as_bytes()))
        .chain(std::iter::repeat_n(piece, PIECES))
        .map(Ok::<_, Infallible>);
    ([(header::CONTENT_TYPE, PLAIN)], Body::from_stream(stream::iter(pieces))).into_response()
}

fn drip(service: &Service) -> Response {
    let stopping = service.stopping.clone();
    let letters = stream::unfold((0, stopping), |(at, mut stopping)| async move {
        if at == DRIPS || *stopping.borrow() {
            return None;
        }
        if at > 0 {
            let _ = tokio::time::timeout(Duration::from_secs(1), stopping.wait_for(|stop| *stop)).await;
        }
        let letter = TEASER.as_bytes().get(at).copied().unwrap_or(b' ');
        Some((Ok::<_, Infallible>(Bytes::copy_from_slice(&[letter])), (at + 1, stopping)))
    });
    ([(header::CONTENT_TYPE, PLAIN)], Body::from_stream(letters)).into_response()
}
