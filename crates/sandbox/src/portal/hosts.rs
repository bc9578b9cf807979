//! The page of an account's hosts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, redirect_to, render};
use super::visitor::{SubmittedForm, Visitor};
use crate::accounts::{self, Account};
use crate::hosts::{self, HostState, Records, TokenState};
use crate::service::Service;

#[derive(Template)]
#[template(path = "hosts.html")]
struct HostsPage {
    layout: Layout,
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
) -> Result<Response, PortalError> {
    let Account { id, linked, .. } = visitor.account()?;
    let hosts = service.blocking(move |service| service.store.with(|db| hosts::all(db, Some(id)))).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (layout, name) = (Layout::of(visitor), name.to_owned());
    render(visitor, status, &HostsPage { layout, hosts, name, error, linked })
}

/// `GET /hosts`.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    visitor: Visitor,
) -> Result<Response, PortalError> {
    list(&service, &visitor, "", None).await
}

/// `POST /hosts`: adds a host.
pub(super) async fn add(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.visitor.account()?.id;
    let t = form.visitor.language.texts();
    let typed = form.field("name");
    let name = typed.trim().to_ascii_lowercase();
    let records = match form.field("records") {
        "" => Some(Records::Both),
        key => Records::from_key(key),
    };
    let (true, Some(records)) = (hosts::is_fqdn(&name), records) else {
        return list(&service, &form.visitor, typed, Some(t.bad_host_name)).await;
    };
    let added = service
        .blocking(move |service| service.store.with(|db| hosts::add(db, account, &name, records)))
        .await?;
    if added {
        Ok(redirect_to("/hosts", None))
    } else {
        list(&service, &form.visitor, typed, Some(t.host_taken)).await
    }
}

/// `POST /account/link`: links the account to a reseller account, irrevocably.
pub(super) async fn link(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.visitor.account()?.id;
    let linked =
        service.blocking(move |service| service.store.with(|db| accounts::link(db, account))).await?;
    if linked {
        return Ok(redirect_to("/hosts", None));
    }
    let error = form.visitor.language.texts().reseller_not_yet;
    list(&service, &form.visitor, "", Some(error)).await
}
