//! What the pretended line and the ordered faults make of a request.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::connection::Caller;
use crate::error::SandboxError;
use crate::fault::{Fault, PlainFault, Target};
use crate::line::{self, Mode};
use crate::service::Service;
use crate::spoilt;

/// What becomes of a request.
pub(crate) enum Course {
    /// It reaches the service; the answer is to be stamped.
    Through(Stamp),
    /// It is answered like this instead; the second part is what to log as its code.
    Diverted(Response, String),
}

/// Which time of day an answer tells.
#[derive(Clone, Copy)]
pub(crate) enum Stamp {
    Now,
    TenYearsAgo,
}

impl Stamp {
    /// Writes it on an answer.
    pub(crate) fn on(self, mut response: Response) -> Response {
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

/// Finds out what becomes of a request, waiting where a fault says so.
pub(crate) async fn course(
    service: &Arc<Service>,
    target: Target,
    caller: &Caller,
) -> Result<Course, SandboxError> {
    let mode = service.blocking(|service| service.store.with(|db| line::read(db))).await?.mode;
    match mode {
        Mode::Offline => return Ok(Course::Diverted(broken(caller), "(offline)".to_owned())),
        Mode::Hotel => return Ok(Course::Diverted(spoilt::hotel_page(), "(hotel)".to_owned())),
        Mode::Normal | Mode::Shared | Mode::Vpn => {}
    }
    Ok(match service.faults.next(target) {
        None => Course::Through(Stamp::Now),
        Some(Fault::Code { code }) => {
            let word = code.split_whitespace().next().unwrap_or("(body)").to_owned();
            Course::Diverted(spoilt::page(StatusCode::OK, spoilt::PLAIN, code), word)
        }
        Some(Fault::Body { body, content_type, status }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Course::Diverted(spoilt::page(status, &content_type, body), "(body)".to_owned())
        }
        Some(Fault::Hang { hang_seconds }) => {
            wait(service, Duration::from_secs(hang_seconds)).await;
            Course::Diverted(broken(caller), "(hang)".to_owned())
        }
        Some(Fault::Delay { delay_ms }) => {
            wait(service, Duration::from_millis(delay_ms)).await;
            Course::Through(Stamp::Now)
        }
        Some(Fault::Plain(PlainFault::Clock)) => Course::Through(Stamp::TenYearsAgo),
        Some(Fault::Plain(plain)) => {
            let response = spoilt::answer(plain, service).unwrap_or_else(|| broken(caller));
            Course::Diverted(response, format!("({})", plain.key()))
        }
    })
}

/// Waits, but not longer than the sandbox lives.
async fn wait(service: &Service, time: Duration) {
    let mut stopping = service.stopping.clone();
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

/// The answer that never arrives: its first byte resets the connection.
fn broken(caller: &Caller) -> Response {
    caller.cut();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
