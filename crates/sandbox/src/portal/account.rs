//! The page of an account: its link to a reseller account, and the people who may look at its hosts.

use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::login::{registration_error, too_many};
use super::page::{Layout, redirect_to, render};
use super::question::Question;
use super::visitor::{SubmittedForm, Visitor};
use crate::accounts::{self, RegistrationError};
use crate::connection::Peer;
use crate::service::Service;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    layout: Layout,
    viewers: Vec<String>,
    error: Option<&'static str>,
}

async fn page_with(
    service: &Arc<Service>,
    visitor: &Visitor,
    error: Option<&'static str>,
) -> Result<Response, PortalError> {
    let account = visitor.account()?.id;
    let viewers =
        service.blocking(move |service| service.store.with(|db| accounts::viewers(db, account))).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render(visitor, status, &AccountPage { layout: Layout::of(visitor), viewers, error })
}

/// `GET /account`.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    visitor: Visitor,
) -> Result<Response, PortalError> {
    page_with(&service, &visitor, None).await
}

/// `POST /account/link`: links the account to a reseller account, irrevocably.
pub(super) async fn link(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?.id;
    let t = form.visitor.language.texts();
    let ready = service
        .blocking(move |service| service.store.with(|db| accounts::may_be_linked(db, account)))
        .await?;
    if !ready {
        return page_with(&service, &form.visitor, Some(t.reseller_not_yet)).await;
    }
    if !Question::is_answered(&form) {
        let question = Question {
            layout: Layout::of(&form.visitor),
            heading: t.reseller_link,
            subject: None,
            consequence: t.reseller_final,
            action: "/account/link".to_owned(),
            fields: Vec::new(),
            back: "/account".to_owned(),
        };
        return question.ask(&form);
    }
    service.blocking(move |service| service.store.with(|db| accounts::link(db, account))).await?;
    Ok(redirect_to("/account", None))
}

/// `POST /account/viewers`: lets a person look at the hosts; fields `name` and `password`.
pub(super) async fn add_viewer(
    State(service): State<Arc<Service>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?;
    if !account.linked {
        return Err(PortalError::NotFound);
    }
    let (name, password) = (form.field("name").to_owned(), form.field("password").to_owned());
    let network = peer.network();
    let outcome = service
        .hashing(move |service| accounts::add_viewer(service, network, account.id, &name, &password))
        .await?;
    let Err(error) = outcome else {
        return Ok(redirect_to("/account", None));
    };
    let page = page_with(&service, &form.visitor, Some(registration_error(&form.visitor, &error))).await?;
    Ok(match error {
        RegistrationError::Locked => too_many(&service, page),
        RegistrationError::BadName | RegistrationError::BadPassword | RegistrationError::Taken => page,
    })
}

/// `POST /account/viewers/remove`: field `name`.
pub(super) async fn remove_viewer(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let account = form.editor()?.id;
    let name = form.field("name").to_owned();
    service
        .blocking(move |service| service.store.with(|db| accounts::remove_viewer(db, account, &name)))
        .await?;
    Ok(redirect_to("/account", None))
}
