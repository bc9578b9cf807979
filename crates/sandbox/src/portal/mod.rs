//! The portal: pages rendered on the server, in German and English, that work without JavaScript.

mod error;
mod host;
mod hosts;
mod language;
mod login;
mod page;
mod texts;
mod tokens;
mod visitor;
mod wan;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use self::error::PortalError;
use crate::service::Service;

/// All pages and forms.
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(async || Redirect::to("/hosts")))
        .route("/style.css", get(style))
        .route("/copy.js", get(script))
        .route("/register", get(login::register_page).post(login::register))
        .route("/login", get(login::login_page).post(login::login))
        .route("/logout", post(login::logout))
        .route("/hosts", get(hosts::page).post(hosts::add))
        .route("/hosts/tokens", post(tokens::create_missing))
        .route("/hosts/{name}", get(host::page))
        .route("/hosts/{name}/token", post(tokens::create))
        .route("/hosts/{name}/token/remove", post(tokens::remove))
        .route("/hosts/{name}/active", post(host::switch))
        .route("/hosts/{name}/family", post(host::switch_family))
        .route("/account/link", post(hosts::link))
        .route("/hosts/{name}/delete", post(host::delete))
        .route("/line", get(wan::page))
        .route("/line/reconnect", post(wan::reconnect))
        .route("/line/mode", post(wan::set_mode))
        .route("/line/fault", post(wan::inject_fault))
        .route("/line/clear", post(wan::clear))
        .fallback(async || PortalError::NotFound)
        .layer(map_response(set_security_headers))
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/style.css"))
        .into_response()
}

/// The script of the copy button beside a token. The page works without it.
async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../../templates/copy.js"))
        .into_response()
}

/// Sets the security headers: pages are never cached (one shows a token), never framed, and load nothing from other
/// sites.
async fn set_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
