//! Update tokens: made, shown exactly once, removed.

use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::host::change;
use super::page::{Frame, Stop, go_to, show};
use super::visitor::Posted;
use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts::{self, HostState, TokenState};
use crate::service::Service;
use crate::token::Token;

#[derive(Template)]
#[template(path = "token.html")]
struct TokenPage {
    frame: Frame,
    name: String,
    key: String,
    token: Token,
}

/// `POST /hosts/{name}/token`: makes a token, which replaces an older one, and shows it this once. A form sent again,
/// as when the page with the token is reloaded, makes no other one: what it was to replace isn't there any more.
pub(super) async fn create(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let (token, hash) = service.hashing(|_| fresh()).await?;
    let replaces = posted.field("replaces").to_owned();
    let again = move |host: &HostState| !replaces.is_empty() && replaces != host.token_made();
    let sent_again = again.clone();
    let host = change(&service, &key, &posted, move |db, host| {
        if again(host) { Ok(()) } else { hosts::set_token(db, host.id, &hash) }
    })
    .await?;
    if sent_again(&host) {
        return Ok(go_to(&format!("/hosts/{}", host.key()), None));
    }
    let page = TokenPage { frame: Frame::of(&posted.visitor), key: host.key(), name: host.name, token };
    show(&posted.visitor, StatusCode::OK, &page)
}

/// `POST /hosts/{name}/token/remove`.
pub(super) async fn remove(
    State(service): State<Arc<Service>>,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, Stop> {
    let host = change(&service, &key, &posted, |db, host| hosts::remove_token(db, host.id)).await?;
    Ok(go_to(&format!("/hosts/{}", host.key()), None))
}

/// `POST /hosts/tokens`: makes a token for every host that has none and hands them out as a file, this once.
/// The real file's columns are unknown; ours are `hostname;token`.
pub(super) async fn create_missing(
    State(service): State<Arc<Service>>,
    posted: Posted,
) -> Result<Response, Stop> {
    let account = posted.visitor.account()?.id;
    let csv = service
        .hashing(move |service| {
            let mut hosts = service.store.with(|db| hosts::all(db, Some(account)))?;
            hosts.retain(|host| host.token == TokenState::None);
            let mut csv = "hostname;token\r\n".to_owned();
            let mut hashes = Vec::new();
            for host in hosts {
                let (token, hash) = fresh()?;
                let _ = write!(csv, "{};{}\r\n", host.name, token.reveal()); // a String takes everything
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

fn fresh() -> Result<(Token, String), SandboxError> {
    let token = Token::random()?;
    let hash = hashing::hash(Cost::Token, token.reveal())?;
    Ok((token, hash))
}
