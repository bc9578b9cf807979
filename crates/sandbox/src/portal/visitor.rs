//! Who is looking at a page, and the check that every form goes through.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::language::Language;
use super::page::Stop;
use crate::accounts::Account;
use crate::service::Service;
use crate::sessions::{self, Session};

const COOKIE: &str = "spdyn_sandbox";

/// Somebody looking at a page.
pub(super) struct Visitor {
    pub(super) session: Session,
    pub(super) language: Language,
    /// A cookie to be set, for a session that has just been opened.
    pub(super) new_cookie: Option<String>,
}

impl Visitor {
    /// The account, or a way to the log-in page.
    pub(super) fn account(&self) -> Result<Account, Stop> {
        self.session.account.clone().ok_or(Stop::LogInFirst)
    }
}

impl FromRequestParts<Arc<Service>> for Visitor {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Stop> {
        let language = Language::of(&parts.headers);
        let cookie = cookie(&parts.headers);
        let (new_cookie, session) = service
            .blocking(move |service| {
                service.store.with(|db| {
                    if let Some(cookie) = cookie
                        && let Some(session) = sessions::find(db, &cookie)?
                    {
                        return Ok((None, session));
                    }
                    let (cookie, session) = sessions::open(db, None)?;
                    Ok((Some(set_cookie(&cookie)), session))
                })
            })
            .await?;
        Ok(Self { session, language, new_cookie })
    }
}

/// A form that came back with the right form token. There is no other way to a form's fields.
pub(super) struct Posted {
    pub(super) visitor: Visitor,
    /// The session's cookie, for ending it.
    pub(super) cookie: String,
    fields: HashMap<String, String>,
}

impl Posted {
    /// A field, empty when it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

impl FromRequest<Arc<Service>> for Posted {
    type Rejection = Stop;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let cookie = cookie(&parts.headers).ok_or(Stop::Forged)?;
        let visitor = Visitor::from_request_parts(&mut parts, service).await?;
        let request = Request::from_parts(parts, body);
        let Form(fields): Form<HashMap<String, String>> =
            Form::from_request(request, service).await.map_err(|rejection| match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Stop::TooLarge,
                _ => Stop::Forged,
            })?;
        if fields.get("csrf") != Some(&visitor.session.csrf) {
            return Err(Stop::Forged);
        }
        Ok(Self { visitor, cookie, fields })
    }
}

/// The session cookie's value.
fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// The header that sets it. No `Secure`: the sandbox speaks plain HTTP on loopback.
pub(super) fn set_cookie(value: &str) -> String {
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict")
}
