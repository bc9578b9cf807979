//! The frame around every page, and what to answer when there is no page to show.

use askama::Template;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::texts::Texts;
use super::visitor::Visitor;
use crate::error::SandboxError;

/// What every template needs.
pub(super) struct Frame {
    pub(super) t: &'static Texts,
    pub(super) csrf: String,
    pub(super) account: Option<String>,
}

impl Frame {
    pub(super) fn of(visitor: &Visitor) -> Self {
        Self {
            t: visitor.language.texts(),
            csrf: visitor.session.csrf.clone(),
            account: visitor.session.account.as_ref().map(|account| account.name.clone()),
        }
    }
}

/// A page for a visitor.
pub(super) fn show(visitor: &Visitor, status: StatusCode, page: &impl Template) -> Result<Response, Stop> {
    let html = Html(page.render().map_err(SandboxError::from)?);
    let language = [(header::CONTENT_LANGUAGE, visitor.language.tag()), (header::VARY, "Accept-Language")];
    Ok(match &visitor.new_cookie {
        Some(cookie) => (status, language, [(header::SET_COOKIE, cookie.as_str())], html).into_response(),
        None => (status, language, html).into_response(),
    })
}

/// Why there is no page to show.
pub(super) enum Stop {
    /// The page is for those who are logged in.
    LogInFirst,
    /// A form without the right form token: forged, or from before the log-in.
    Forged,
    /// A form larger than any here.
    TooLarge,
    /// No such page, host or form.
    NotFound,
    /// The sandbox itself failed.
    Failed(SandboxError),
}

impl From<SandboxError> for Stop {
    fn from(error: SandboxError) -> Self {
        Self::Failed(error)
    }
}

/// These pages know nothing about the visitor, so they speak both languages.
#[derive(Template)]
#[template(path = "stop.html")]
struct StopPage {
    english: &'static str,
    german: &'static str,
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        let (status, english, german) = match self {
            Self::LogInFirst => return Redirect::to("/login").into_response(),
            Self::Failed(error) => return error.into_response(),
            Self::Forged => (
                StatusCode::FORBIDDEN,
                "This form has expired. Please go back, reload the page and try again.",
                "Dieses Formular ist abgelaufen. Bitte zurückgehen, die Seite neu laden und erneut versuchen.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "This form is larger than 64 KiB.",
                "Dieses Formular ist größer als 64 KiB.",
            ),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "This page does not exist.", "Diese Seite gibt es nicht.")
            }
        };
        match (StopPage { english, german }).render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => SandboxError::from(error).into_response(),
        }
    }
}

/// Back to a page after a form was dealt with; the new cookie of a new session goes along.
pub(super) fn go_to(path: &str, new_cookie: Option<String>) -> Response {
    let cookie: Option<(HeaderName, String)> = new_cookie.map(|cookie| (header::SET_COOKIE, cookie));
    let redirect = Redirect::to(path);
    match cookie {
        Some(cookie) => ([cookie], redirect).into_response(),
        None => redirect.into_response(),
    }
}

/// How a moment is written: UTC, to the second.
pub(super) fn written(moment: &jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
