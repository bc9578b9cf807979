//! Visitors of the portal, and the check that every form goes through.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::error::PortalError;
use super::language::Language;
use crate::accounts::Account;
use crate::service::Service;
use crate::sessions::{self, Session};

const COOKIE: &str = "spdyn_sandbox";

/// A visitor of a page.
pub(super) struct Visitor {
    pub(super) session: Session,
    pub(super) language: Language,
    /// The cookie of a session that has just been opened.
    pub(super) new_cookie: Option<String>,
}

impl Visitor {
    /// The account that is logged in, or an error that leads to the log-in page.
    pub(super) fn account(&self) -> Result<Account, PortalError> {
        self.session.account.clone().ok_or(PortalError::NotLoggedIn)
    }
}

impl FromRequestParts<Arc<Service>> for Visitor {
    type Rejection = PortalError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, PortalError> {
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

/// A submitted form with the right CSRF token. There is no other way to a form's fields.
pub(super) struct SubmittedForm {
    pub(super) visitor: Visitor,
    /// The session's cookie, for closing the session.
    pub(super) cookie: String,
    fields: HashMap<String, String>,
}

impl SubmittedForm {
    /// A field; empty if it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

impl SubmittedForm {
    /// The account that is logged in, if it may change something.
    pub(super) fn editor(&self) -> Result<Account, PortalError> {
        let account = self.visitor.account()?;
        if account.viewer_of.is_some() { Err(PortalError::ViewerOnly) } else { Ok(account) }
    }
}

impl FromRequest<Arc<Service>> for SubmittedForm {
    type Rejection = PortalError;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, PortalError> {
        let (mut parts, body) = request.into_parts();
        let cookie = cookie(&parts.headers).ok_or(PortalError::InvalidForm)?;
        let visitor = Visitor::from_request_parts(&mut parts, service).await?;
        let request = Request::from_parts(parts, body);
        let Form(fields): Form<HashMap<String, String>> =
            Form::from_request(request, service).await.map_err(|rejection| match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => PortalError::FormTooLarge,
                _ => PortalError::InvalidForm,
            })?;
        if fields.get("csrf") != Some(&visitor.session.csrf) {
            return Err(PortalError::InvalidForm);
        }
        Ok(Self { visitor, cookie, fields })
    }
}

/// The value of the session cookie.
fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` header of a session. It lacks `Secure`, since the sandbox speaks plain HTTP on loopback.
pub(super) fn set_cookie(value: &str) -> String {
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict")
}
