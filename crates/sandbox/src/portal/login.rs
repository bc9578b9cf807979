//! Creating an account, logging in and out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, redirect_to, render};
use super::visitor::{SubmittedForm, Visitor, set_cookie};
use crate::accounts::{self, Account, Door, LoginResult, RegistrationError};
use crate::connection::Peer;
use crate::service::Service;
use crate::sessions;

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    layout: Layout,
    /// True on the page that creates an account, false on the log-in page.
    registering: bool,
    name: String,
    error: Option<&'static str>,
}

fn page(
    visitor: &Visitor,
    registering: bool,
    name: &str,
    error: Option<&'static str>,
) -> Result<Response, PortalError> {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render(
        visitor,
        status,
        &LoginPage { layout: Layout::of(visitor), registering, name: name.to_owned(), error },
    )
}

/// `GET /register`.
pub(super) async fn register_page(visitor: Visitor) -> Result<Response, PortalError> {
    page(&visitor, true, "", None)
}

/// `GET /login`.
pub(super) async fn login_page(visitor: Visitor) -> Result<Response, PortalError> {
    page(&visitor, false, "", None)
}

/// `POST /register`: creates an account and redirects to the log-in.
pub(super) async fn register(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let (name, password) = (form.field("name").to_owned(), form.field("password").to_owned());
    let network = peer.network();
    let outcome =
        service.hashing(move |service| accounts::register(service, network, &name, &password)).await?;
    let Err(error) = outcome else {
        return Ok(redirect_to("/login", None));
    };
    let text = registration_error(&form.visitor, &error);
    let page = page(&form.visitor, true, form.field("name"), Some(text))?;
    Ok(match error {
        RegistrationError::Locked => too_many(&service, page),
        RegistrationError::BadName | RegistrationError::BadPassword | RegistrationError::Taken => page,
    })
}

/// The reason why an account could not be created, in the visitor's language.
pub(super) fn registration_error(visitor: &Visitor, error: &RegistrationError) -> &'static str {
    let t = visitor.language.texts();
    match error {
        RegistrationError::BadName => t.bad_account_name,
        RegistrationError::BadPassword => t.bad_password,
        RegistrationError::Taken => t.account_taken,
        RegistrationError::Locked => t.too_many_accounts,
    }
}

/// `POST /login`.
pub(super) async fn login(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    enter(&service, &peer, form, Door::Own).await
}

/// `POST /login/reseller`: the same for accounts that are linked to a reseller account.
pub(super) async fn reseller_login(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    enter(&service, &peer, form, Door::Reseller).await
}

/// Opens a new session, which prevents session fixation.
async fn enter(
    service: &Arc<Service>,
    peer: &Peer,
    form: SubmittedForm,
    door: Door,
) -> Result<Response, PortalError> {
    let (name, password) = (form.field("name").to_owned(), form.field("password").to_owned());
    let network = peer.network();
    let outcome =
        service.hashing(move |service| accounts::log_in(service, network, door, &name, &password)).await?;
    let t = form.visitor.language.texts();
    let refused = |text| page(&form.visitor, false, form.field("name"), Some(text));
    match outcome {
        LoginResult::Success(account) => renew(service, form.cookie, Some(account), "/hosts").await,
        LoginResult::WrongCredentials => refused(t.wrong_login),
        LoginResult::OtherDoor if door == Door::Own => refused(t.login_linked),
        LoginResult::OtherDoor => refused(t.login_not_linked),
        LoginResult::Locked => Ok(too_many(service, refused(t.too_many_logins)?)),
    }
}

/// The page as the answer to one attempt too many.
pub(super) fn too_many(service: &Service, mut page: Response) -> Response {
    *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let wait = HeaderValue::from(service.options.lock_duration.as_secs());
    page.headers_mut().insert(header::RETRY_AFTER, wait);
    page
}

/// `POST /logout`.
pub(super) async fn logout(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    renew(&service, form.cookie, None, "/login").await
}

/// Ends a session and opens another.
async fn renew(
    service: &Arc<Service>,
    old: String,
    account: Option<Account>,
    path: &str,
) -> Result<Response, PortalError> {
    let (cookie, _) = service
        .blocking(move |service| {
            service.store.with(|db| {
                sessions::close(db, &old)?;
                sessions::open(db, account)
            })
        })
        .await?;
    Ok(redirect_to(path, Some(set_cookie(&cookie))))
}
