//! Errors of the portal and their pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::error::SandboxError;
use crate::web_guard::Refusal;

/// The reason why a page can't be shown or a form can't be accepted.
pub(super) enum PortalError {
    /// The page needs a log-in.
    NotLoggedIn,
    /// The form lacks the right CSRF token: it is forged, or older than the log-in.
    InvalidForm,
    /// The form is larger than any of the portal's.
    FormTooLarge,
    /// The role Viewer may change nothing.
    ViewerOnly,
    /// The page, host or form doesn't exist.
    NotFound,
    /// The guard against web pages elsewhere refused the request.
    Refused(Refusal),
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
            Self::ViewerOnly => (
                StatusCode::FORBIDDEN,
                "With the role Viewer you can change nothing and make no tokens.",
                "Mit der Rolle Viewer lässt sich nichts ändern und kein Token erzeugen.",
            ),
            Self::FormTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "This form is larger than 64 KiB.",
                "Dieses Formular ist größer als 64 KiB.",
            ),
            Self::Refused(refusal) => {
                let (english, german) = match refusal {
                    Refusal::UnknownHost => (
                        "This is not a name of the sandbox. Please enter its address, such as 127.0.0.1.",
                        "Unter diesem Namen gibt es die Sandbox nicht. Bitte ihre Adresse eingeben, etwa 127.0.0.1.",
                    ),
                    Refusal::ForeignPage => (
                        "Another website led here. Please open this page yourself.",
                        "Eine andere Website hat hierher geführt. Bitte diese Seite selbst öffnen.",
                    ),
                    Refusal::ThisMachineOnly => (
                        "This page is for the computer on which the sandbox runs.",
                        "Diese Seite ist nur für den Computer da, auf dem die Sandbox läuft.",
                    ),
                };
                (refusal.status(), english, german)
            }
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
