//! Fault injection: the effect of the WAN's mode and of injected faults on a request.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::bad_responses;
use crate::connection::Peer;
use crate::error::SandboxError;
use crate::fault::{Fault, PlainFault, Target};
use crate::service::Service;
use crate::wan::{self, Mode};

/// The result of fault injection for one request.
pub(crate) enum Injection {
    /// The service handles the request; its response gets this `Date`.
    PassThrough(ResponseDate),
    /// The request gets another response and never reaches the service.
    Replaced {
        response: Response,
        /// The code for the update log.
        code: String,
    },
}

impl Injection {
    fn replaced(response: Response, code: impl Into<String>) -> Self {
        Self::Replaced { response, code: code.into() }
    }
}

/// The time that a response's `Date` header shows.
#[derive(Clone, Copy)]
pub(crate) enum ResponseDate {
    Now,
    TenYearsAgo,
}

impl ResponseDate {
    /// Sets the header.
    pub(crate) fn apply(self, mut response: Response) -> Response {
        if let Self::TenYearsAgo = self {
            let then = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 3652);
            let text = then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().insert(header::DATE, value);
            }
        }
        response
    }
}

/// Applies the WAN's mode, then the next fault for the target. A fault that delays is waited for here.
pub(crate) async fn inject(
    service: &Arc<Service>,
    target: Target,
    peer: &Peer,
) -> Result<Injection, SandboxError> {
    let mode = service.blocking(|service| service.store.with(|db| wan::read(db))).await?.mode;
    match mode {
        Mode::Offline => return Ok(Injection::replaced(reset(peer), "(offline)")),
        Mode::Hotel => return Ok(Injection::replaced(bad_responses::sign_in_page(), "(hotel)")),
        Mode::Normal | Mode::Shared | Mode::Vpn => {}
    }
    Ok(match service.faults.next(target) {
        None => Injection::PassThrough(ResponseDate::Now),
        Some(Fault::Code { code }) => {
            let word = code.split_whitespace().next().unwrap_or("(body)").to_owned();
            Injection::replaced(bad_responses::page(StatusCode::OK, bad_responses::PLAIN, code), word)
        }
        Some(Fault::Body { body, content_type, status }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Injection::replaced(bad_responses::page(status, &content_type, body), "(body)")
        }
        Some(Fault::Hang { hang_seconds }) => {
            wait(service, Duration::from_secs(hang_seconds)).await;
            Injection::replaced(reset(peer), "(hang)")
        }
        Some(Fault::Delay { delay_ms }) => {
            wait(service, Duration::from_millis(delay_ms)).await;
            Injection::PassThrough(ResponseDate::Now)
        }
        Some(Fault::Plain(PlainFault::Clock)) => Injection::PassThrough(ResponseDate::TenYearsAgo),
        Some(Fault::Plain(plain)) => {
            let response = bad_responses::of_fault(plain, service).unwrap_or_else(|| reset(peer));
            Injection::replaced(response, format!("({})", plain.key()))
        }
    })
}

/// Waits for some time, or until the sandbox stops.
async fn wait(service: &Service, time: Duration) {
    let mut stopping = service.stopping.clone();
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

/// A response that never arrives: its first byte resets the connection.
fn reset(peer: &Peer) -> Response {
    peer.reset();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
