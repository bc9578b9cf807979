//! The language of update servers: what a request looks like, and what its reply means.

pub mod dialect;
pub mod reply;
pub mod request;
pub mod retry_after;
pub mod retryable;
pub mod update_url;
pub mod url_template;
