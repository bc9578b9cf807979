//! The forms that create tokens, show them exactly once and remove them.

use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::error::PortalError;
use super::host::{ask, change, find};
use super::page::{Layout, redirect_to, render};
use super::question::Question;
use super::visitor::{SubmittedForm, Visitor};
use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts::{self, HostState, TokenState};
use crate::service::Service;
use crate::token::{Token, TokenKind};

/// The page of a token: with it, just made, or without it later.
#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage {
    layout: Layout,
    host: HostState,
    kind: TokenKind,
    token: Option<Token>,
    /// The update server, as this browser reached it.
    server: String,
}

/// `POST /hosts/{name}/token`: creates a token of the field `kind`, which replaces an older one of its kind, and shows it
/// this once. Where something would be lost, it asks first. A form sent twice, as by a reload of the page with the token,
/// creates no second token: the one that it was to replace is gone.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let kind = match form.field("kind") {
        "none" => return remove(State(service), Path(key), form).await,
        kind => TokenKind::from_key(kind).ok_or(PortalError::NotFound)?,
    };
    let account = form.editor()?.id;
    let host = find(&service, account, &key).await?;
    let replaces = form.field("replaces").to_owned();
    let stale = move |host: &HostState| !host.token_is_still(kind, &replaces);
    if stale(&host) {
        return shown_once(&form.visitor, host, kind);
    }
    if host.loses_by_replacing(kind) && !Question::is_answered(&form) {
        let t = form.visitor.language.texts();
        let (heading, consequence) = match kind {
            TokenKind::Update => (t.replace_token, t.replace_update),
            TokenKind::Move => (t.replace_token, t.replace_move),
            TokenKind::Acme => (t.replace_token, t.replace_acme),
        };
        let fields = vec![("kind", kind.key().to_owned()), ("replaces", form.field("replaces").to_owned())];
        return ask(&form, &host, "token", heading, consequence, fields);
    }
    let id = host.id;
    let (token, hash) = service.hashing(move |_| fresh(kind, id)).await?;
    let before = stale.clone();
    let host = change(&service, &key, &form, move |db, host| {
        if before(host) { Ok(()) } else { hosts::set_token(db, host.id, kind, &hash) }
    })
    .await?;
    if stale(&host) {
        return shown_once(&form.visitor, host, kind);
    }
    let server =
        headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let page = TokenPage { layout: Layout::of(&form.visitor), host, kind, token: Some(token), server };
    render(&form.visitor, StatusCode::OK, &page)
}

/// The query of a token's page.
#[derive(Deserialize)]
pub(super) struct OfKind {
    #[serde(default)]
    kind: String,
}

/// `GET /hosts/{name}/token`: says that a token is shown once only.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    Query(query): Query<OfKind>,
    visitor: Visitor,
) -> Result<Response, PortalError> {
    let kind = TokenKind::from_key(&query.kind).ok_or(PortalError::NotFound)?;
    let host = find(&service, visitor.account()?.hosts_of(), &key).await?;
    shown_once(&visitor, host, kind)
}

fn shown_once(visitor: &Visitor, host: HostState, kind: TokenKind) -> Result<Response, PortalError> {
    let page = TokenPage { layout: Layout::of(visitor), host, kind, token: None, server: String::new() };
    render(visitor, StatusCode::OK, &page)
}

/// `POST /hosts/{name}/token/remove`: removes the update token, after a question.
pub(super) async fn remove(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?.id;
    let host = find(&service, account, &key).await?;
    if host.token != TokenState::None {
        if !Question::is_answered(&form) {
            let t = form.visitor.language.texts();
            return ask(&form, &host, "token/remove", t.remove_token, t.remove_meaning, Vec::new());
        }
        change(&service, &key, &form, |db, host| hosts::remove_token(db, host.id)).await?;
    }
    Ok(redirect_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/tokens`: creates a token for every host without one and returns them as a file, this once. The columns
/// of SPDYN's own file are unknown; ours are `hostname;token`.
pub(super) async fn create_missing(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?.id;
    let csv = service
        .hashing(move |service| {
            let mut hosts = service.store.with(|db| hosts::all(db, Some(account)))?;
            hosts.retain(|host| host.token == TokenState::None);
            let fresh: Vec<_> =
                hosts.iter().map(|host| fresh(TokenKind::Update, host.id)).collect::<Result<_, _>>()?;
            let mut csv = "hostname;token\r\n".to_owned();
            // A host that got a token since is left out: that token has been shown to somebody.
            service.store.with(|db| {
                for (host, (token, hash)) in hosts.iter().zip(&fresh) {
                    if hosts::set_first_token(db, host.id, hash)? {
                        let _ = write!(csv, "{};{}\r\n", host.name, token.reveal()); // writing to a String can't fail
                    }
                }
                Ok(())
            })?;
            Ok(csv)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"spdyn_update_token.csv\""),
    ];
    Ok((headers, csv).into_response())
}

/// A new token of a host, and its hash.
fn fresh(kind: TokenKind, host: i64) -> Result<(Token, String), SandboxError> {
    let token = Token::random(kind, host)?;
    let hash = hashing::hash(Cost::Token, token.reveal())?;
    Ok((token, hash))
}
