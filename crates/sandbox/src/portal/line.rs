//! The page of the pretended line and of the faults ordered for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::page::{Frame, Stop, go_to, show};
use super::visitor::{Posted, Visitor};
use crate::control;
use crate::fault::{Fault, PlainFault, Target};
use crate::line::{self, Line, Mode};
use crate::service::Service;

#[derive(Template)]
#[template(path = "line.html")]
struct LinePage {
    frame: Frame,
    line: Line,
    faults_left: u32,
    error: Option<&'static str>,
}

/// So often a fault can be ordered at most by the form.
const MOST: u32 = 10_000;

/// `GET /line`.
pub(super) async fn page(State(service): State<Arc<Service>>, visitor: Visitor) -> Result<Response, Stop> {
    page_with(&service, &visitor, None).await
}

async fn page_with(
    service: &Arc<Service>,
    visitor: &Visitor,
    error: Option<&'static str>,
) -> Result<Response, Stop> {
    let line = service.blocking(|service| service.store.with(|db| line::read(db))).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let faults_left = service.faults.left();
    show(visitor, status, &LinePage { frame: Frame::of(visitor), line, faults_left, error })
}

/// `POST /line/reconnect`.
pub(super) async fn reconnect(State(service): State<Arc<Service>>, _: Posted) -> Result<Response, Stop> {
    service.blocking(|service| service.store.with(|db| line::reconnect(db))).await?;
    Ok(go_to("/line", None))
}

/// `POST /line/mode`: field `mode` is `normal`, `shared`, `vpn`, `hotel` or `offline`.
pub(super) async fn set_mode(State(service): State<Arc<Service>>, posted: Posted) -> Result<Response, Stop> {
    let mode = Mode::from_key(posted.field("mode")).ok_or(Stop::NotFound)?;
    let work = move |service: &Service| {
        service.store.with(|db| {
            let line = line::read(db)?.in_mode(mode)?;
            line::write(db, line)
        })
    };
    service.blocking(work).await?;
    Ok(go_to("/line", None))
}

/// `POST /line/fault`: fields `target`, `kind`, `detail` and `count`.
pub(super) async fn order_fault(
    State(service): State<Arc<Service>>,
    posted: Posted,
) -> Result<Response, Stop> {
    let target = match posted.field("target") {
        "update" => Some(Target::Update),
        "checkip" => Some(Target::Checkip),
        _ => None,
    };
    let count = posted.field("count").trim().parse().ok().filter(|count| (1..=MOST).contains(count));
    let fault = fault(posted.field("kind"), posted.field("detail").trim());
    let (Some(target), Some(count), Some(fault)) = (target, count, fault) else {
        let error = posted.visitor.language.texts().fault_bad;
        return page_with(&service, &posted.visitor, Some(error)).await;
    };
    service.faults.order(target, fault, count);
    Ok(go_to("/line", None))
}

/// `POST /line/clear`: forgets faults and locks.
pub(super) async fn clear(State(service): State<Arc<Service>>, _: Posted) -> Result<Response, Stop> {
    service.blocking(control::clear_all).await?;
    Ok(go_to("/line", None))
}

fn fault(kind: &str, detail: &str) -> Option<Fault> {
    Some(match kind {
        "code" if !detail.is_empty() => Fault::Code { code: detail.to_owned() },
        "delay" => Fault::Delay { delay_ms: detail.parse().ok()? },
        "hang" => Fault::Hang { hang_seconds: detail.parse().ok()? },
        plain => Fault::Plain(PlainFault::from_key(plain)?),
    })
}
