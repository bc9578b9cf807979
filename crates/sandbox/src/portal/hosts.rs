//! The list of an account's hosts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::page::{Frame, Stop, go_to, show};
use super::visitor::{Posted, Visitor};
use crate::accounts::{self, Account};
use crate::hosts::{self, HostState, Records, TokenState};
use crate::service::Service;

#[derive(Template)]
#[template(path = "hosts.html")]
struct HostsPage {
    frame: Frame,
    hosts: Vec<HostState>,
    name: String,
    error: Option<&'static str>,
    linked: bool,
}

async fn list(
    service: &Arc<Service>,
    visitor: &Visitor,
    name: &str,
    error: Option<&'static str>,
) -> Result<Response, Stop> {
    let Account { id, linked, .. } = visitor.account()?;
    let hosts = service.blocking(move |service| service.store.with(|db| hosts::all(db, Some(id)))).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (frame, name) = (Frame::of(visitor), name.to_owned());
    show(visitor, status, &HostsPage { frame, hosts, name, error, linked })
}

/// `GET /hosts`.
pub(super) async fn page(State(service): State<Arc<Service>>, visitor: Visitor) -> Result<Response, Stop> {
    list(&service, &visitor, "", None).await
}

/// `POST /hosts`: adds one.
pub(super) async fn add(State(service): State<Arc<Service>>, posted: Posted) -> Result<Response, Stop> {
    let account = posted.visitor.account()?.id;
    let t = posted.visitor.language.texts();
    let typed = posted.field("name");
    let name = typed.trim().to_ascii_lowercase();
    let records = match posted.field("records") {
        "" => Some(Records::Both),
        key => Records::from_key(key),
    };
    let (true, Some(records)) = (hosts::is_fqdn(&name), records) else {
        return list(&service, &posted.visitor, typed, Some(t.bad_host_name)).await;
    };
    let added = service
        .blocking(move |service| service.store.with(|db| hosts::add(db, account, &name, records)))
        .await?;
    if added {
        Ok(go_to("/hosts", None))
    } else {
        list(&service, &posted.visitor, typed, Some(t.host_taken)).await
    }
}

/// `POST /account/link`: links the account to a reseller account, for good.
pub(super) async fn link(State(service): State<Arc<Service>>, posted: Posted) -> Result<Response, Stop> {
    let account = posted.visitor.account()?.id;
    let linked =
        service.blocking(move |service| service.store.with(|db| accounts::link(db, account))).await?;
    if linked {
        return Ok(go_to("/hosts", None));
    }
    let error = posted.visitor.language.texts().reseller_not_yet;
    list(&service, &posted.visitor, "", Some(error)).await
}
