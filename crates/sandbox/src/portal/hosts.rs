//! The page of an account's hosts, and the forms that add one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::login::too_many;
use super::page::{Layout, redirect_to, render};
use super::visitor::{SubmittedForm, Visitor};
use crate::connection::Peer;
use crate::hosts::{self, HostState, Records, TokenState};
use crate::moves::{self, MoveResult};
use crate::service::Service;
use crate::token::TokenKind;

#[derive(Template)]
#[template(path = "hosts.html")]
struct HostsPage {
    layout: Layout,
    hosts: Vec<HostState>,
    name: String,
    error: Option<&'static str>,
}

async fn list(
    service: &Arc<Service>,
    visitor: &Visitor,
    name: &str,
    error: Option<&'static str>,
) -> Result<Response, PortalError> {
    let owner = visitor.account()?.hosts_of();
    let hosts = service.blocking(move |service| service.store.with(|db| hosts::all(db, Some(owner)))).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (layout, name) = (Layout::of(visitor), name.to_owned());
    render(visitor, status, &HostsPage { layout, hosts, name, error })
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
    let account = form.editor()?.id;
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

/// `POST /hosts/take`: takes over another user's host; field `token` is its move token.
pub(super) async fn take(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?.id;
    let t = form.visitor.language.texts();
    let (network, token) = (peer.network(), form.field("token").to_owned());
    let result = service.hashing(move |service| moves::take(service, network, account, &token)).await?;
    match result {
        MoveResult::Moved => Ok(redirect_to("/hosts", None)),
        MoveResult::Own => list(&service, &form.visitor, "", Some(t.own_move_token)).await,
        MoveResult::Invalid => list(&service, &form.visitor, "", Some(t.bad_move_token)).await,
        MoveResult::Locked => {
            Ok(too_many(&service, list(&service, &form.visitor, "", Some(t.too_many_logins)).await?))
        }
    }
}
