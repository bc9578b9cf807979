//! Faults ordered for coming requests, and what the pretended line does to them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use crate::connection::Caller;
use crate::error::SandboxError;
use crate::line::{self, Mode};
use crate::service::Service;

/// Which requests a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// `/nic/update`.
    Update,
    /// `/checkip`, `/checkip4`, `/checkip6` and their `/json`.
    Checkip,
}

/// What is to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fault {
    /// Answer this text, as plain text with status 200, and change nothing.
    Code {
        /// The return code, for example `badauth`, or any other text.
        code: String,
    },
    /// Answer this page and change nothing.
    Body {
        /// The text.
        body: String,
        /// Its media type.
        #[serde(default = "html")]
        content_type: String,
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// Say nothing for this long, then break the connection off.
    Hang {
        /// How long.
        hang_seconds: u64,
    },
    /// Answer as usual, but later.
    Delay {
        /// How much later.
        delay_ms: u64,
    },
    /// A fault without details.
    Plain(PlainFault),
}

/// Faults without details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlainFault {
    /// Break the connection off.
    Reset,
}

fn html() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn ok() -> u16 {
    200
}

impl Fault {
    /// Break the connection off.
    pub const RESET: Self = Self::Plain(PlainFault::Reset);
}

struct Order {
    target: Target,
    fault: Fault,
    left: u32,
}

/// The faults still to come.
#[derive(Default)]
pub(crate) struct Faults(Mutex<VecDeque<Order>>);

impl Faults {
    fn orders(&self) -> MutexGuard<'_, VecDeque<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Orders a fault for the next `count` requests, after those ordered before.
    pub(crate) fn order(&self, target: Target, fault: Fault, count: u32) {
        if count > 0 {
            self.orders().push_back(Order { target, fault, left: count });
        }
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        self.orders().clear();
    }

    /// How many requests are still to go wrong.
    pub(crate) fn left(&self) -> u32 {
        self.orders().iter().fold(0, |sum, order| sum.saturating_add(order.left))
    }

    fn next(&self, target: Target) -> Option<Fault> {
        let mut orders = self.orders();
        let at = orders.iter().position(|order| order.target == target)?;
        let order = orders.get_mut(at)?;
        order.left -= 1;
        let fault = order.fault.clone();
        if order.left == 0 {
            orders.remove(at);
        }
        Some(fault)
    }
}

/// What the line and the faults make of a request.
pub(crate) enum Course {
    /// It reaches the service.
    Through,
    /// It is answered like this instead; the second part is what to log as its code.
    Diverted(Response, String),
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
        Mode::Hotel => return Ok(Course::Diverted(hotel_page(), "(hotel)".to_owned())),
        Mode::Normal | Mode::Shared => {}
    }
    Ok(match service.faults.next(target) {
        None => Course::Through,
        Some(Fault::Code { code }) => {
            let word = code.split_whitespace().next().unwrap_or("(body)").to_owned();
            Course::Diverted(page(StatusCode::OK, "text/plain; charset=utf-8", code), word)
        }
        Some(Fault::Body { body, content_type, status }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Course::Diverted(page(status, &content_type, body), "(body)".to_owned())
        }
        Some(Fault::Hang { hang_seconds }) => {
            wait(service, Duration::from_secs(hang_seconds)).await;
            Course::Diverted(broken(caller), "(hang)".to_owned())
        }
        Some(Fault::Delay { delay_ms }) => {
            wait(service, Duration::from_millis(delay_ms)).await;
            Course::Through
        }
        Some(Fault::Plain(PlainFault::Reset)) => Course::Diverted(broken(caller), "(reset)".to_owned()),
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

fn page(status: StatusCode, content_type: &str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// What a hotel's network answers to everything; it says "good" to catch those who search the text for it.
fn hotel_page() -> Response {
    let body = "<!doctype html><html lang=\"en\"><title>Grand Hotel Sandbox</title><h1>good morning!</h1>\
                <p>Please sign in to use our good Wi-Fi.</p><form><input name=\"room\"><button>Sign in</button>\
                </form></html>";
    page(StatusCode::OK, "text/html; charset=utf-8", body.to_owned())
}
