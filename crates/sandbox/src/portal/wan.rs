//! The page of the simulated WAN and of its faults.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, redirect_to, render};
use super::visitor::{SubmittedForm, Visitor};
use crate::control;
use crate::fault::{Fault, PlainFault, Target};
use crate::service::Service;
use crate::wan::{self, Mode, Wan};

#[derive(Template)]
#[template(path = "wan.html")]
struct WanPage {
    layout: Layout,
    wan: Wan,
    faults_remaining: u32,
    error: Option<&'static str>,
}

/// The largest count that the form accepts for a fault.
const MAX_COUNT: u32 = 10_000;

/// `GET /line`.
pub(super) async fn page(
    State(service): State<Arc<Service>>,
    visitor: Visitor,
) -> Result<Response, PortalError> {
    page_with(&service, &visitor, None).await
}

async fn page_with(
    service: &Arc<Service>,
    visitor: &Visitor,
    error: Option<&'static str>,
) -> Result<Response, PortalError> {
    let wan = service.blocking(|service| service.store.with(|db| wan::read(db))).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let faults_remaining = service.faults.remaining();
    render(visitor, status, &WanPage { layout: Layout::of(visitor), wan, faults_remaining, error })
}

/// `POST /line/reconnect`.
pub(super) async fn reconnect(
    State(service): State<Arc<Service>>,
    _: SubmittedForm,
) -> Result<Response, PortalError> {
    service.blocking(|service| service.store.with(|db| wan::reconnect(db))).await?;
    Ok(redirect_to("/line", None))
}

/// `POST /line/mode`: field `mode` is `normal`, `shared`, `vpn`, `hotel` or `offline`.
pub(super) async fn set_mode(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let mode = Mode::from_key(form.field("mode")).ok_or(PortalError::NotFound)?;
    let work = move |service: &Service| {
        service.store.with(|db| {
            let wan = wan::read(db)?.in_mode(mode)?;
            wan::write(db, wan)
        })
    };
    service.blocking(work).await?;
    Ok(redirect_to("/line", None))
}

/// `POST /line/fault`: fields `target`, `kind`, `detail` and `count`.
pub(super) async fn inject_fault(
    State(service): State<Arc<Service>>,
    form: SubmittedForm,
) -> Result<Response, PortalError> {
    let target = match form.field("target") {
        "update" => Some(Target::Update),
        "checkip" => Some(Target::Checkip),
        _ => None,
    };
    let count = form.field("count").trim().parse().ok().filter(|count| (1..=MAX_COUNT).contains(count));
    let fault = fault(form.field("kind"), form.field("detail").trim());
    let (Some(target), Some(count), Some(fault)) = (target, count, fault) else {
        let error = form.visitor.language.texts().fault_bad;
        return page_with(&service, &form.visitor, Some(error)).await;
    };
    service.faults.inject(target, fault, count);
    Ok(redirect_to("/line", None))
}

/// `POST /line/clear`: clears faults and locks.
pub(super) async fn clear(
    State(service): State<Arc<Service>>,
    _: SubmittedForm,
) -> Result<Response, PortalError> {
    service.blocking(control::clear_all).await?;
    Ok(redirect_to("/line", None))
}

fn fault(kind: &str, detail: &str) -> Option<Fault> {
    Some(match kind {
        "code" if !detail.is_empty() => Fault::Code { code: detail.to_owned() },
        "delay" => Fault::Delay { delay_ms: detail.parse().ok()? },
        "hang" => Fault::Hang { hang_seconds: detail.parse().ok()? },
        plain => Fault::Plain(PlainFault::from_key(plain)?),
    })
}
