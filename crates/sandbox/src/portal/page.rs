//! The layout around every page, and the portal's ways to respond.

use askama::Template;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::error::PortalError;
use super::texts::Texts;
use super::visitor::Visitor;
use crate::error::SandboxError;

/// The values that every template needs.
pub(super) struct Layout {
    pub(super) t: &'static Texts,
    pub(super) csrf: String,
    pub(super) account: Option<String>,
    /// True for an account that is linked to a reseller account, and for those in the role Viewer.
    pub(super) linked: bool,
    /// False in the role Viewer.
    pub(super) may_change: bool,
}

impl Layout {
    /// The layout for a visitor.
    pub(super) fn of(visitor: &Visitor) -> Self {
        let account = visitor.session.account.as_ref();
        Self {
            t: visitor.language.texts(),
            csrf: visitor.session.csrf.clone(),
            account: account.map(|account| account.name.clone()),
            linked: account.is_some_and(|account| account.linked),
            may_change: account.is_none_or(|account| account.viewer_of.is_none()),
        }
    }
}

/// Renders a page for a visitor.
pub(super) fn render(
    visitor: &Visitor,
    status: StatusCode,
    page: &impl Template,
) -> Result<Response, PortalError> {
    let html = Html(page.render().map_err(SandboxError::from)?);
    let language = [(header::CONTENT_LANGUAGE, visitor.language.tag()), (header::VARY, "Accept-Language")];
    Ok(match &visitor.new_cookie {
        Some(cookie) => (status, language, [(header::SET_COOKIE, cookie.as_str())], html).into_response(),
        None => (status, language, html).into_response(),
    })
}

/// Redirects to a page after a form was processed; a new session's cookie is set along with it.
pub(super) fn redirect_to(path: &str, new_cookie: Option<String>) -> Response {
    let cookie: Option<(HeaderName, String)> = new_cookie.map(|cookie| (header::SET_COOKIE, cookie));
    let redirect = Redirect::to(path);
    match cookie {
        Some(cookie) => ([cookie], redirect).into_response(),
        None => redirect.into_response(),
    }
}

/// A time in UTC, to the second.
pub(super) fn utc(time: &jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
