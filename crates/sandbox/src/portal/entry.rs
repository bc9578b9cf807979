//! Making an account, logging in and out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::page::{Frame, Stop, go_to, show};
use super::visitor::{Posted, Visitor, set_cookie};
use crate::accounts::{self, Account, LogIn, NotRegistered};
use crate::service::Service;
use crate::sessions;

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    frame: Frame,
    /// Whether an account is to be made; else it is to be logged in to.
    registering: bool,
    name: String,
    error: Option<&'static str>,
}

fn page(
    visitor: &Visitor,
    registering: bool,
    name: &str,
    error: Option<&'static str>,
) -> Result<Response, Stop> {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(visitor, status, &EntryPage { frame: Frame::of(visitor), registering, name: name.to_owned(), error })
}

/// `GET /register`.
pub(super) async fn register_page(visitor: Visitor) -> Result<Response, Stop> {
    page(&visitor, true, "", None)
}

/// `GET /login`.
pub(super) async fn login_page(visitor: Visitor) -> Result<Response, Stop> {
    page(&visitor, false, "", None)
}

/// `POST /register`: makes an account and leads to the log-in.
pub(super) async fn register(State(service): State<Arc<Service>>, posted: Posted) -> Result<Response, Stop> {
    let (name, password) = (posted.field("name").to_owned(), posted.field("password").to_owned());
    let outcome = service.hashing(move |service| accounts::register(service, &name, &password)).await?;
    let t = posted.visitor.language.texts();
    let error = match outcome {
        Ok(()) => return Ok(go_to("/login", None)),
        Err(NotRegistered::BadName) => t.bad_account_name,
        Err(NotRegistered::BadPassword) => t.bad_password,
        Err(NotRegistered::Taken) => t.account_taken,
    };
    page(&posted.visitor, true, posted.field("name"), Some(error))
}

/// `POST /login`: opens a new session, so that one from before can't be slipped to anybody.
pub(super) async fn login(State(service): State<Arc<Service>>, posted: Posted) -> Result<Response, Stop> {
    let (name, password) = (posted.field("name").to_owned(), posted.field("password").to_owned());
    let outcome = service.hashing(move |service| accounts::log_in(service, &name, &password)).await?;
    let t = posted.visitor.language.texts();
    match outcome {
        LogIn::Welcome(account) => renew(&service, posted.cookie, Some(account), "/hosts").await,
        LogIn::Wrong => page(&posted.visitor, false, posted.field("name"), Some(t.wrong_login)),
        LogIn::TooMany => {
            let mut response = page(&posted.visitor, false, posted.field("name"), Some(t.too_many_logins))?;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            let wait = HeaderValue::from(service.options.lock_for.as_secs());
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            Ok(response)
        }
    }
}

/// `POST /logout`.
pub(super) async fn logout(State(service): State<Arc<Service>>, posted: Posted) -> Result<Response, Stop> {
    renew(&service, posted.cookie, None, "/login").await
}

/// Ends a session and opens another.
async fn renew(
    service: &Arc<Service>,
    old: String,
    account: Option<Account>,
    path: &str,
) -> Result<Response, Stop> {
    let (cookie, _) = service
        .blocking(move |service| {
            service.store.with(|db| {
                sessions::close(db, &old)?;
                sessions::open(db, account)
            })
        })
        .await?;
    Ok(go_to(path, Some(set_cookie(&cookie))))
}
