//! One host: its addresses, update log and token; switching it on and off, deleting it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::page::{Frame, Stop, go_to, show, written};
use super::visitor::{Posted, Visitor};
use crate::error::SandboxError;
use crate::hosts::{self, Family, HostState, Records, TokenState};
use crate::service::Service;
use crate::update_log::{self, LoggedUpdate};

/// So many log entries stand on the page.
const LOG_SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "host.html")]
struct HostPage {
    frame: Frame,
    host: HostState,
    log: Vec<LoggedUpdate>,
}

/// `GET /hosts/{name}`.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    visitor: Visitor,
) -> Result<Response, Stop> {
    let account = visitor.account()?.id;
    let found = service
        .blocking(move |service| {
            service.store.with(|db| {
                let Some(host) = hosts::at_key(db, account, &key)? else {
                    return Ok(None);
                };
                let log = update_log::of_host(db, &host.name, LOG_SHOWN)?;
                Ok(Some((host, log)))
            })
        })
        .await?;
    let (host, log) = found.ok_or(Stop::NotFound)?;
    show(&visitor, StatusCode::OK, &HostPage { frame: Frame::of(&visitor), host, log })
}

/// `POST /hosts/{name}/active`: field `active` is `on` or `off`.
pub(super) async fn switch(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let active = posted.field("active") == "on";
    let host =
        change(&service, &key, &posted, move |db, host| hosts::set_active(db, host.id, active)).await?;
    Ok(go_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/{name}/family`: field `family` is `ipv4` or `ipv6`, field `active` is `on` or `off`.
pub(super) async fn switch_family(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let family = match posted.field("family") {
        "ipv4" => Family::Ipv4,
        "ipv6" => Family::Ipv6,
        _ => return Err(Stop::NotFound),
    };
    let on = posted.field("active") == "on";
    let host =
        change(&service, &key, &posted, move |db, host| hosts::set_family(db, host.id, family, on)).await?;
    Ok(go_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/{name}/delete`.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    change(&service, &key, &posted, |db, host| hosts::delete(db, host.id)).await?;
    Ok(go_to("/hosts", None))
}

/// Does something to a host of whoever is logged in, and returns the host as it was before.
pub(super) async fn change(
    service: &Arc<Service>,
    key: &str,
    posted: &Posted,
    change: impl FnOnce(&rusqlite::Connection, &HostState) -> Result<(), SandboxError> + Send + 'static,
) -> Result<HostState, Stop> {
    let account = posted.visitor.account()?.id;
    let key = key.to_owned();
    let host = service
        .blocking(move |service| {
            service.store.with(|db| {
                let Some(host) = hosts::at_key(db, account, &key)? else {
                    return Ok(None);
                };
                change(db, &host)?;
                Ok(Some(host))
            })
        })
        .await?;
    host.ok_or(Stop::NotFound)
}
