//! The page of one host: its addresses, tokens and update log, and the forms that switch it on and off, combine or delete it.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use rusqlite::Connection;

use super::error::PortalError;
use super::page::{Layout, redirect_to, render, utc};
use super::question::Question;
use super::visitor::{SubmittedForm, Visitor};
use crate::error::SandboxError;
use crate::hosts::{self, Family, HostState, Records, TokenState};
use crate::service::Service;
use crate::token::TokenKind;
use crate::update_log::{self, LoggedUpdate};

/// The number of log entries on the page, of requests with the right login.
const LOG_SHOWN: u32 = 50;
/// The number of further log entries on the page, of requests without it.
const LOG_OF_OTHERS: u32 = 10;

#[derive(Template)]
#[template(path = "host.html")]
struct HostPage {
    layout: Layout,
    host: HostState,
    /// The host alone, for the table.
    hosts: Vec<HostState>,
    /// The A and the AAAA host of this name, if there are two.
    pair: Option<[HostState; 2]>,
    log: Vec<LoggedUpdate>,
}

/// `GET /hosts/{name}`.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    visitor: Visitor,
) -> Result<Response, PortalError> {
    let owner = visitor.account()?.hosts_of();
    let found = service
        .blocking(move |service| {
            service.store.with(|db| {
                let Some(host) = hosts::by_key(db, owner, &key)? else {
                    return Ok(None);
                };
                let log = update_log::of_host(db, &host, LOG_SHOWN, LOG_OF_OTHERS)?;
                Ok(Some((host, pair(db, owner, &key)?, log)))
            })
        })
        .await?;
    let (host, pair, log) = found.ok_or(PortalError::NotFound)?;
    let hosts = vec![host.clone()];
    render(&visitor, StatusCode::OK, &HostPage { layout: Layout::of(&visitor), host, hosts, pair, log })
}

/// The A and the AAAA host of a host's name, if there are two.
fn pair(db: &Connection, owner: i64, key: &str) -> Result<Option<[HostState; 2]>, SandboxError> {
    let name = key.split('~').next().unwrap_or_default();
    let of = |records: Records| hosts::by_key(db, owner, &format!("{name}~{}", records.key()));
    Ok(of(Records::A)?.zip(of(Records::Aaaa)?).map(|(a, aaaa)| [a, aaaa]))
}

/// The parts of a list with commas.
fn parts(text: &str) -> Vec<&str> {
    text.split(',').collect()
}

/// Returns true for an address.
fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
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

/// `POST /hosts/{name}/delete`: deletes the host, after a question.
pub(super) async fn delete(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?.id;
    let host = find(&service, account, &key).await?;
    if !Question::is_answered(&form) {
        let t = form.visitor.language.texts();
        return ask(&form, &host, "delete", t.delete_host, t.delete_meaning, Vec::new());
    }
    change(&service, &key, &form, |db, host| hosts::delete(db, host.id)).await?;
    Ok(redirect_to("/hosts", None))
}

/// `POST /hosts/{name}/combine`: makes one host of the A and the AAAA host; field `keep` is `a` or `aaaa` and says whose
/// token stays.
pub(super) async fn combine(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let owner = form.editor()?.id;
    let keep = Records::from_key(form.field("keep")).filter(|keep| *keep != Records::Both);
    let keep = keep.ok_or(PortalError::NotFound)?;
    let name = service
        .blocking(move |service| {
            service.store.with(|db| {
                let Some([a, aaaa]) = pair(db, owner, &key)? else {
                    return Ok(None);
                };
                hosts::combine(db, [&a, &aaaa], keep)?;
                Ok(Some(a.name))
            })
        })
        .await?;
    let name = name.ok_or(PortalError::NotFound)?;
    Ok(redirect_to(&format!("/hosts/{name}"), None))
}

/// The host of an account with this key.
pub(super) async fn find(service: &Arc<Service>, account: i64, key: &str) -> Result<HostState, PortalError> {
    let key = key.to_owned();
    let host =
        service.blocking(move |service| service.store.with(|db| hosts::by_key(db, account, &key))).await?;
    host.ok_or(PortalError::NotFound)
}

/// Changes a host of the account that is logged in, and returns the host as it was before.
pub(super) async fn change(
    service: &Arc<Service>,
    key: &str,
    form: &SubmittedForm,
    change: impl FnOnce(&Connection, &HostState) -> Result<(), SandboxError> + Send + 'static,
) -> Result<HostState, PortalError> {
    let account = form.editor()?.id;
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

/// Asks before a form of a host is carried out.
pub(super) fn ask(
    form: &SubmittedForm,
    host: &HostState,
    path: &str,
    heading: &'static str,
    consequence: &'static str,
    fields: Vec<(&'static str, String)>,
) -> Result<Response, PortalError> {
    let back = format!("/hosts/{}", host.key());
    let question = Question {
        layout: Layout::of(&form.visitor),
        heading,
        subject: Some(host.name.clone()),
        consequence,
        action: format!("{back}/{path}"),
        fields,
        back,
    };
    question.ask(form)
}
