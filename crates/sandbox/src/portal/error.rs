//! Errors of the portal and their pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::error::SandboxError;

/// The reason why a page can't be shown or a form can't be accepted.
pub(super) enum PortalError {
    /// The page needs a log-in.
    NotLoggedIn,
    /// The form lacks the right CSRF token: it is forged, or older than the log-in.
    InvalidForm,
    /// The form is larger than any of the portal's.
    FormTooLarge,
    /// The page, host or form doesn't exist.
    NotFound,
    /// The sandbox itself failed.
    Internal(SandboxError),
}

impl From<SandboxError> for PortalError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

/// The page of an error. It is rendered without a visitor, so it speaks both languages.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    english: &'static str,
    german: &'static str,
}

impl IntoResponse for PortalError {
    fn into_response(self) -> Response {
        let (status, english, german) = match self {
            Self::NotLoggedIn => return Redirect::to("/login").into_response(),
            Self::Internal(error) => return error.into_response(),
            Self::InvalidForm => (
                StatusCode::FORBIDDEN,
                "This form has expired. Please go back, reload the page and try again.",
                "Dieses Formular ist abgelaufen. Bitte zurückgehen, die Seite neu laden und erneut versuchen.",
            ),
            Self::FormTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "This form is larger than 64 KiB.",
                "Dieses Formular ist größer als 64 KiB.",
            ),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, "This page does not exist.", "Diese Seite gibt es nicht.")
            }
        };
        match (ErrorPage { english, german }).render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => SandboxError::from(error).into_response(),
        }
    }
}
