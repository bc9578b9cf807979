//! The address look-up: `/checkip4`, `/checkip6`, `/checkip`, each as plain text and as `/json`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::addresses::Addresses;
use crate::connection::Peer;
use crate::error::SandboxError;
use crate::fault::Target;
use crate::fault_injection::{self, Injection};
use crate::service::Service;
use crate::store::{self, Counter};

/// The address family that a look-up asks for.
#[derive(Clone, Copy)]
pub(crate) enum RequestedFamily {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// Either: IPv6 if there is an address, else IPv4.
    Either,
}

/// The format of a look-up's response.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    /// The address and a line break.
    Plain,
    /// `{"ipinfo":[{"ip":…,"source":"REMOTE_ADDR"}]}`.
    Json,
}

/// Answers one look-up.
pub(crate) async fn answer(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    family: RequestedFamily,
    format: Format,
) -> Result<Response, SandboxError> {
    service.blocking(|service| service.store.with(|db| store::increment(db, Counter::Lookups))).await?;
    let date = match fault_injection::inject(&service, Target::Checkip, &peer).await? {
        Injection::PassThrough(date) => date,
        Injection::Replaced { response, .. } => return Ok(response),
    };
    let peer = peer.ip();
    let seen = service
        .blocking(move |service| service.store.with(|db| service.options.client_addresses.of(db, peer)))
        .await?;
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok(date.apply(match (pick(seen, family), format) {
        // Without the family there would be no connection at all; one port can't come closer to that.
        (None, _) => (StatusCode::SERVICE_UNAVAILABLE, [(header::CONNECTION, "close")]).into_response(),
        (Some(ip), Format::Plain) => (no_store, format!("{ip}\n")).into_response(),
        (Some(ip), Format::Json) => {
            (no_store, Json(json!({"ipinfo": [{"ip": ip, "source": "REMOTE_ADDR"}]}))).into_response()
        }
    }))
}

fn pick(public: Addresses, family: RequestedFamily) -> Option<IpAddr> {
    let (ipv4, ipv6) = (public.ipv4.map(IpAddr::V4), public.ipv6.map(IpAddr::V6));
    match family {
        RequestedFamily::Ipv4 => ipv4,
        RequestedFamily::Ipv6 => ipv6,
        RequestedFamily::Either => ipv6.or(ipv4),
    }
}
