//! Creating an account, logging in and out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, redirect_to, render};
use super::visitor::{SubmittedForm, Visitor, set_cookie};
use crate::accounts::{self, Account, LoginResult, RegistrationError};
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
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let (name, password) = (form.field("name").to_owned(), form.field("password").to_owned());
    let outcome = service.hashing(move |service| accounts::register(service, &name, &password)).await?;
    let t = form.visitor.language.texts();
    let error = match outcome {
        Ok(()) => return Ok(redirect_to("/login", None)),
        Err(RegistrationError::BadName) => t.bad_account_name,
        Err(RegistrationError::BadPassword) => t.bad_password,
        Err(RegistrationError::Taken) => t.account_taken,
    };
    page(&form.visitor, true, form.field("name"), Some(error))
}

/// `POST /login`: opens a new session, which prevents session fixation.
pub(super) async fn login(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let (name, password) = (form.field("name").to_owned(), form.field("password").to_owned());
    let outcome = service.hashing(move |service| accounts::log_in(service, &name, &password)).await?;
    let t = form.visitor.language.texts();
    match outcome {
        LoginResult::Success(account) => renew(&service, form.cookie, Some(account), "/hosts").await,
        LoginResult::WrongCredentials => page(&form.visitor, false, form.field("name"), Some(t.wrong_login)),
        LoginResult::Locked => {
            let mut response = page(&form.visitor, false, form.field("name"), Some(t.too_many_logins))?;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            let wait = HeaderValue::from(service.options.lock_duration.as_secs());
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            Ok(response)
        }
    }
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
