//! The forms that create update tokens, show them exactly once and remove them.

use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::error::PortalError;
use super::host::change;
use super::page::{Layout, redirect_to, render};
use super::visitor::SubmittedForm;
use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts::{self, HostState, TokenState};
use crate::service::Service;
use crate::token::Token;

#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage {
    layout: Layout,
    name: String,
    key: String,
    token: Token,
}

/// `POST /hosts/{name}/token`: creates a token, which replaces an older one, and shows it this once. A form sent twice,
/// as by a reload of the page with the token, creates no second token: the one that it was to replace is gone.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let (token, hash) = service.hashing(|_| fresh()).await?;
    let replaces = form.field("replaces").to_owned();
    let again = move |host: &HostState| !replaces.is_empty() && replaces != host.token_version();
    let sent_again = again.clone();
    let host = change(&service, &key, &form, move |db, host| {
        if again(host) { Ok(()) } else { hosts::set_token(db, host.id, &hash) }
    })
    .await?;
    if sent_again(&host) {
        return Ok(redirect_to(&format!("/hosts/{}", host.key()), None));
    }
    let page = TokenPage { layout: Layout::of(&form.visitor), key: host.key(), name: host.name, token };
    render(&form.visitor, StatusCode::OK, &page)
}

/// `POST /hosts/{name}/token/remove`.
pub(super) async fn remove(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let host = change(&service, &key, &form, |db, host| hosts::remove_token(db, host.id)).await?;
    Ok(redirect_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/tokens`: creates a token for every host without one and returns them as a file, this once. The columns
/// of SPDYN's own file are unknown; ours are `hostname;token`.
pub(super) async fn create_missing(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.visitor.account()?.id;
    let csv = service
        .hashing(move |service| {
            let mut hosts = service.store.with(|db| hosts::all(db, Some(account)))?;
            hosts.retain(|host| host.token == TokenState::None);
            let mut csv = "hostname;token\r\n".to_owned();
            let mut hashes = Vec::new();
            for host in hosts {
                let (token, hash) = fresh()?;
                let _ = write!(csv, "{};{}\r\n", host.name, token.reveal()); // writing to a String can't fail
                hashes.push((host.id, hash));
            }
            service
                .store
                .with(|db| hashes.iter().try_for_each(|(host, hash)| hosts::set_token(db, *host, hash)))?;
            Ok(csv)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"spdyn_update_token.csv\""),
    ];
    Ok((headers, csv).into_response())
}

/// A new token and its hash.
fn fresh() -> Result<(Token, String), SandboxError> {
    let token = Token::random()?;
    let hash = hashing::hash(Cost::Token, token.reveal())?;
    Ok((token, hash))
}
