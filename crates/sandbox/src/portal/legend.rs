//! The page that explains the symbols.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, render};
use super::visitor::Visitor;

#[derive(Template)]
#[template(path = "legend.html")]
struct LegendPage {
    layout: Layout,
}

/// `GET /symbols`.
pub(super) async fn page(visitor: Visitor) -> Result<Response, PortalError> {
    render(&visitor, StatusCode::OK, &LegendPage { layout: Layout::of(&visitor) })
}
