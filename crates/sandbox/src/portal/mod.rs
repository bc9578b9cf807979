//! The portal: pages made on the server, working without JavaScript, in German and English.

mod entry;
mod host;
mod hosts;
mod language;
mod line;
mod page;
mod texts;
mod tokens;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use crate::service::Service;

/// All pages and forms.
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/", get(async || Redirect::to("/hosts")))
        .route("/style.css", get(style))
        .route("/copy.js", get(script))
        .route("/register", get(entry::register_page).post(entry::register))
        .route("/login", get(entry::login_page).post(entry::login))
        .route("/logout", post(entry::logout))
        .route("/hosts", get(hosts::page).post(hosts::add))
        .route("/hosts/tokens", post(tokens::create_missing))
        .route("/hosts/{name}", get(host::page))
        .route("/hosts/{name}/token", post(tokens::create))
        .route("/hosts/{name}/token/remove", post(tokens::remove))
        .route("/hosts/{name}/active", post(host::switch))
        .route("/hosts/{name}/family", post(host::switch_family))
        .route("/account/link", post(hosts::link))
        .route("/hosts/{name}/delete", post(host::delete))
        .route("/line", get(line::page))
        .route("/line/reconnect", post(line::reconnect))
        .route("/line/mode", post(line::set_mode))
        .route("/line/fault", post(line::order_fault))
        .route("/line/clear", post(line::clear))
        .fallback(async || page::Stop::NotFound)
        .layer(map_response(harden))
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/style.css"))
        .into_response()
}

/// The copy button beside a token; the page is complete without it.
async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../../templates/copy.js"))
        .into_response()
}

/// Pages are never cached (one shows a token), framed, or able to load anything from elsewhere.
async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
