//! The control endpoint: JSON on loopback for tests and the demo. A real service has no such thing.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};

use crate::clock::now_ms;
use crate::error::SandboxError;
use crate::fault::{Fault, Target};
use crate::hosts::{self, HostState};
use crate::locks::{self, LockState};
use crate::service::Service;
use crate::store::{self, Counter};
use crate::update_log::{self, LoggedUpdate};
use crate::wan::{self, Mode, Wan};

/// The number of log entries in the state: the newest.
const LOG_SHOWN: u32 = 10_000;

/// The state of a sandbox, with everything that a test may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The simulated WAN.
    #[serde(rename = "line")]
    pub wan: Wan,
    /// All hosts of all accounts, by name.
    pub hosts: Vec<HostState>,
    /// The number of address look-ups received, whatever the response.
    pub lookups: u64,
    /// The number of update requests received, whatever the response.
    pub updates: u64,
    /// The update log, oldest first; a request for several host names has one entry for each.
    pub log: Vec<LoggedUpdate>,
    /// The locks in force.
    pub locks: Vec<LockState>,
    /// The number of requests that will still get a fault.
    pub faults: u32,
}

impl State {
    /// Reads the present state.
    pub(crate) fn read(service: &Service) -> Result<Self, SandboxError> {
        service.store.with(|db| {
            Ok(Self {
                wan: wan::read(db)?,
                hosts: hosts::all(db, None)?,
                lookups: store::read_counter(db, Counter::Lookups)?,
                updates: store::read_counter(db, Counter::Updates)?,
                log: update_log::newest(db, LOG_SHOWN)?,
                locks: locks::in_force(db, now_ms())?,
                faults: service.faults.remaining(),
            })
        })
    }
}

/// `GET /control/state`.
pub(crate) async fn state(Shared(service): Shared<Arc<Service>>) -> Result<Json<State>, SandboxError> {
    Ok(Json(service.blocking(State::read).await?))
}

/// `POST /control/reconnect`.
pub(crate) async fn reconnect(Shared(service): Shared<Arc<Service>>) -> Result<Json<Wan>, SandboxError> {
    Ok(Json(service.blocking(|service| service.store.with(|db| wan::reconnect(db))).await?))
}

/// A change of the WAN. A field that is left out stays; `null` removes an address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WanChange {
    #[serde(default)]
    ipv4: Change<Ipv4Addr>,
    #[serde(default)]
    ipv6: Change<Ipv6Addr>,
    mode: Option<Mode>,
}

/// A change of one field, which tells `null` from a field that is left out.
#[derive(Default)]
enum Change<T> {
    #[default]
    Unchanged,
    Set(Option<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Option::deserialize(value).map(Self::Set)
    }
}

impl<T> Change<T> {
    fn apply_to(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Unchanged => old,
            Self::Set(new) => new,
        }
    }
}

/// `POST /control/line`.
pub(crate) async fn set_wan(
    Shared(service): Shared<Arc<Service>>,
    Json(change): Json<WanChange>,
) -> Result<Json<Wan>, SandboxError> {
    let work = move |service: &Service| {
        service.store.with(|db| {
            let mut wan = wan::read(db)?;
            wan.public.ipv4 = change.ipv4.apply_to(wan.public.ipv4);
            wan.public.ipv6 = change.ipv6.apply_to(wan.public.ipv6);
            if let Some(mode) = change.mode {
                wan = wan.in_mode(mode)?;
            }
            wan::write(db, wan)?;
            Ok(wan)
        })
    };
    Ok(Json(service.blocking(work).await?))
}

/// A fault to be injected.
#[derive(Deserialize)]
pub(crate) struct FaultRequest {
    target: Target,
    kind: Fault,
    #[serde(default = "once")]
    count: u32,
}

fn once() -> u32 {
    1
}

/// `POST /control/fault`.
pub(crate) async fn inject_fault(
    Shared(service): Shared<Arc<Service>>,
    Json(request): Json<FaultRequest>,
) -> StatusCode {
    service.faults.inject(request.target, request.kind, request.count);
    StatusCode::NO_CONTENT
}

/// `POST /control/clear`.
pub(crate) async fn clear(Shared(service): Shared<Arc<Service>>) -> Result<StatusCode, SandboxError> {
    service.blocking(clear_all).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Clears locks, strikes and pending faults.
pub(crate) fn clear_all(service: &Service) -> Result<(), SandboxError> {
    service.faults.clear();
    service.store.with(|db| locks::clear(db))
}
