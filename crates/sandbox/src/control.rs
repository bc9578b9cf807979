//! The control endpoint: JSON on loopback for tests and the demonstration, nothing a real service would have.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Deserializer, Serialize};

use crate::connection::Caller;
use crate::error::SandboxError;
use crate::fault::{Fault, Target};
use crate::hosts::{self, HostState};
use crate::line::{self, Line, Mode};
use crate::locks::{self, LockState};
use crate::service::{Service, now_ms};
use crate::store::{self, Count};
use crate::update_log::{self, LoggedUpdate};

/// So many log entries are told at most, the newest.
const LOG_SHOWN: u32 = 10_000;

/// Everything a test may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The pretended line.
    pub line: Line,
    /// All hosts of all accounts, by name.
    pub hosts: Vec<HostState>,
    /// How many address look-ups were asked for, whatever became of them.
    pub lookups: u64,
    /// How many update requests came in, whatever became of them.
    pub updates: u64,
    /// The update log, oldest first; a request for several host names has one entry for each.
    pub log: Vec<LoggedUpdate>,
    /// The locks in force.
    pub locks: Vec<LockState>,
    /// How many requests are still to go wrong.
    pub faults: u32,
}

impl State {
    /// The state now.
    pub(crate) fn read(service: &Service) -> Result<Self, SandboxError> {
        service.store.with(|db| {
            Ok(Self {
                line: line::read(db)?,
                hosts: hosts::all(db, None)?,
                lookups: store::counted(db, Count::Lookups)?,
                updates: store::counted(db, Count::Updates)?,
                log: update_log::newest(db, LOG_SHOWN)?,
                locks: locks::in_force(db, now_ms())?,
                faults: service.faults.left(),
            })
        })
    }
}

/// Lets only programs on this machine through: a web page would show itself by its `Origin`.
pub(crate) async fn guard(
    ConnectInfo(caller): ConnectInfo<Caller>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    if !caller.is_loopback() || headers.contains_key(header::ORIGIN) {
        return (StatusCode::FORBIDDEN, "programs on this machine only").into_response();
    }
    next.run(request).await
}

/// `GET /control/state`.
pub(crate) async fn state(Shared(service): Shared<Arc<Service>>) -> Result<Json<State>, SandboxError> {
    Ok(Json(service.blocking(State::read).await?))
}

/// `POST /control/reconnect`.
pub(crate) async fn reconnect(Shared(service): Shared<Arc<Service>>) -> Result<Json<Line>, SandboxError> {
    Ok(Json(service.blocking(|service| service.store.with(|db| line::reconnect(db))).await?))
}

/// What is to change about the line; a part that is left out stays, `null` takes an address away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineChange {
    #[serde(default)]
    ipv4: Part<Ipv4Addr>,
    #[serde(default)]
    ipv6: Part<Ipv6Addr>,
    mode: Option<Mode>,
}

/// A part of a change, which tells `null` from a part that is left out.
#[derive(Default)]
enum Part<T> {
    #[default]
    Kept,
    Set(Option<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Option::deserialize(value).map(Self::Set)
    }
}

impl<T> Part<T> {
    fn over(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Kept => old,
            Self::Set(new) => new,
        }
    }
}

/// `POST /control/line`.
pub(crate) async fn set_line(
    Shared(service): Shared<Arc<Service>>,
    Json(change): Json<LineChange>,
) -> Result<Json<Line>, SandboxError> {
    let work = move |service: &Service| {
        service.store.with(|db| {
            let mut line = line::read(db)?;
            line.public.ipv4 = change.ipv4.over(line.public.ipv4);
            line.public.ipv6 = change.ipv6.over(line.public.ipv6);
            if let Some(mode) = change.mode {
                line = line.in_mode(mode)?;
            }
            line::write(db, line)?;
            Ok(line)
        })
    };
    Ok(Json(service.blocking(work).await?))
}

/// A fault to be ordered.
#[derive(Deserialize)]
pub(crate) struct FaultOrder {
    target: Target,
    kind: Fault,
    #[serde(default = "once")]
    count: u32,
}

fn once() -> u32 {
    1
}

/// `POST /control/fault`.
pub(crate) async fn order_fault(
    Shared(service): Shared<Arc<Service>>,
    Json(order): Json<FaultOrder>,
) -> StatusCode {
    service.faults.order(order.target, order.kind, order.count);
    StatusCode::NO_CONTENT
}

/// `POST /control/clear`.
pub(crate) async fn clear(Shared(service): Shared<Arc<Service>>) -> Result<StatusCode, SandboxError> {
    service.blocking(clear_all).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets locks, offences and faults.
pub(crate) fn clear_all(service: &Service) -> Result<(), SandboxError> {
    service.faults.clear();
    service.store.with(|db| locks::clear(db))
}
