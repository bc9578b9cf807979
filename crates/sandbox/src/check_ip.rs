//! The address look-up: `/checkip4`, `/checkip6`, `/checkip`, each as plain text and as `/json`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::connection::Caller;
use crate::course::{self, Course};
use crate::error::SandboxError;
use crate::fault::Target;
use crate::hosts::Addresses;
use crate::service::Service;
use crate::store::{self, Count};

/// Which address is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    /// The IPv4 address.
    Ipv4,
    /// The IPv6 address.
    Ipv6,
    /// Either; IPv6 where there is one.
    Either,
}

/// How it is to be written.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// The address and a line break.
    Plain,
    /// `{"ipinfo":[{"ip":…,"source":"REMOTE_ADDR"}]}`.
    Json,
}

/// Answers one look-up.
pub(crate) async fn answer(
    State(service): State<Arc<Service>>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    asked: Asked,
    shape: Shape,
) -> Result<Response, SandboxError> {
    service.blocking(|service| service.store.with(|db| store::count_up(db, Count::Lookups))).await?;
    let stamp = match course::course(&service, Target::Checkip, &caller).await? {
        Course::Through(stamp) => stamp,
        Course::Diverted(response, _) => return Ok(response),
    };
    let ip = caller.ip();
    let seen = service
        .blocking(move |service| service.store.with(|db| service.options.callers.seen(db, ip)))
        .await?;
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok(stamp.on(match (pick(seen, asked), shape) {
        // Without the family there would be no connection at all; this is as near as one port can come.
        (None, _) => (StatusCode::SERVICE_UNAVAILABLE, [(header::CONNECTION, "close")]).into_response(),
        (Some(ip), Shape::Plain) => (no_store, format!("{ip}\n")).into_response(),
        (Some(ip), Shape::Json) => {
            (no_store, Json(json!({"ipinfo": [{"ip": ip, "source": "REMOTE_ADDR"}]}))).into_response()
        }
    }))
}

fn pick(public: Addresses, asked: Asked) -> Option<IpAddr> {
    let (ipv4, ipv6) = (public.ipv4.map(IpAddr::V4), public.ipv6.map(IpAddr::V6));
    match asked {
        Asked::Ipv4 => ipv4,
        Asked::Ipv6 => ipv6,
        Asked::Either => ipv6.or(ipv4),
    }
}
