//! The page of the pretended line.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::page::{Frame, Stop, go_to, show};
use super::visitor::{Posted, Visitor};
use crate::line::{self, Line, Mode};
use crate::service::Service;

#[derive(Template)]
#[template(path = "line.html")]
struct LinePage {
    frame: Frame,
    line: Line,
}

/// `GET /line`.
pub(super) async fn page(State(service): State<Arc<Service>>, visitor: Visitor) -> Result<Response, Stop> {
    let line = service.blocking(|service| service.store.with(|db| line::read(db))).await?;
    show(&visitor, StatusCode::OK, &LinePage { frame: Frame::of(&visitor), line })
}

/// `POST /line/reconnect`.
pub(super) async fn reconnect(State(service): State<Arc<Service>>, _: Posted) -> Result<Response, Stop> {
    service.blocking(|service| service.store.with(|db| line::reconnect(db))).await?;
    Ok(go_to("/line", None))
}

/// `POST /line/mode`: field `mode` is `normal`, `shared`, `hotel` or `offline`.
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
