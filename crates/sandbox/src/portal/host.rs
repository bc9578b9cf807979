//! The page of one host: its addresses, update log and token, and the forms that switch it on and off or delete it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, redirect_to, render, utc};
use super::visitor::{SubmittedForm, Visitor};
use crate::error::SandboxError;
use crate::hosts::{self, Family, HostState, Records, TokenState};
use crate::service::Service;
use crate::update_log::{self, LoggedUpdate};

/// The number of log entries on the page.
const LOG_SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "host.html")]
struct HostPage {
    layout: Layout,
    host: HostState,
    log: Vec<LoggedUpdate>,
}

/// `GET /hosts/{name}`.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    visitor: Visitor,
) -> Result<Response, PortalError> {
    let account = visitor.account()?.id;
    let found = service
        .blocking(move |service| {
            service.store.with(|db| {
                let Some(host) = hosts::by_key(db, account, &key)? else {
                    return Ok(None);
                };
                let log = update_log::of_host(db, &host.name, LOG_SHOWN)?;
                Ok(Some((host, log)))
            })
        })
        .await?;
    let (host, log) = found.ok_or(PortalError::NotFound)?;
    render(&visitor, StatusCode::OK, &HostPage { layout: Layout::of(&visitor), host, log })
}

/// `POST /hosts/{name}/active`: field `active` is `on` or `off`.
pub(super) async fn switch(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let active = form.field("active") == "on";
    let host = change(&service, &key, &form, move |db, host| hosts::set_active(db, host.id, active)).await?;
    Ok(redirect_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/{name}/family`: field `family` is `ipv4` or `ipv6`, field `active` is `on` or `off`.
pub(super) async fn switch_family(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let family = match form.field("family") {
        "ipv4" => Family::Ipv4,
        "ipv6" => Family::Ipv6,
        _ => return Err(PortalError::NotFound),
    };
    let on = form.field("active") == "on";
    let host =
        change(&service, &key, &form, move |db, host| hosts::set_family(db, host.id, family, on)).await?;
    Ok(redirect_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/{name}/delete`.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    change(&service, &key, &form, |db, host| hosts::delete(db, host.id)).await?;
    Ok(redirect_to("/hosts", None))
}

/// Changes a host of the account that is logged in, and returns the host as it was before.
pub(super) async fn change(
    service: &Arc<Service>,
    key: &str,
    form: &SubmittedForm,
    change: impl FnOnce(&rusqlite::Connection, &HostState) -> Result<(), SandboxError> + Send + 'static,
) -> Result<HostState, PortalError> {
    let account = form.visitor.account()?.id;
    let key = key.to_owned();
    let host = service
        .blocking(move |service| {
            service.store.with(|db| {
                let Some(host) = hosts::by_key(db, account, &key)? else {
                    return Ok(None);
                };
                change(db, &host)?;
                Ok(Some(host))
            })
        })
        .await?;
    host.ok_or(PortalError::NotFound)
}
