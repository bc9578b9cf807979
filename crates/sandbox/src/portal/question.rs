//! The page that asks before something is done that can't be undone.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::PortalError;
use super::page::{Layout, render};
use super::visitor::SubmittedForm;

/// A question. Its button sends the same form again, with the answer.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct Question {
    pub(super) layout: Layout,
    /// What is asked about, as the button says it too.
    pub(super) heading: &'static str,
    /// The host's name, if it is about a host.
    pub(super) subject: Option<String>,
    pub(super) consequence: &'static str,
    /// The path of the form.
    pub(super) action: String,
    /// The form's fields, beside the answer.
    pub(super) fields: Vec<(&'static str, String)>,
    /// The path of the page for those who would rather not.
    pub(super) back: String,
}

impl Question {
    /// Returns true if the form comes from a question's page.
    pub(super) fn is_answered(form: &SubmittedForm) -> bool {
        form.field("confirm") == "yes"
    }

    /// Asks.
    pub(super) fn ask(&self, form: &SubmittedForm) -> Result<Response, PortalError> {
        render(&form.visitor, StatusCode::OK, self)
    }
}
