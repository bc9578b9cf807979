//! The portal: pages rendered on the server, in German and English, that work without JavaScript.

mod account;
mod error;
mod host;
mod hosts;
mod language;
mod legend;
mod login;
mod page;
mod question;
mod texts;
mod tokens;
mod visitor;
mod wan;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use self::error::PortalError;
use crate::service::Service;
use crate::web_guard::{self, Refusal};

/// All pages and forms.
pub(crate) fn router() -> Router<Arc<Service>> {
    // What stands between the home and the service is for this machine to say, as at the control endpoint.
    let line = Router::new()
        .route("/line", get(wan::page))
        .route("/line/reconnect", post(wan::reconnect))
        .route("/line/mode", post(wan::set_mode))
        .route("/line/fault", post(wan::inject_fault))
        .route("/line/clear", post(wan::clear))
        .layer(from_fn(web_guard::this_machine));
    Router::new()
        .route("/", get(async || Redirect::to("/hosts")))
        .route("/style.css", get(style))
        .route("/copy.js", get(script))
        .route("/register", get(login::register_page).post(login::register))
        .route("/login", get(login::login_page).post(login::login))
        .route("/login/reseller", post(login::reseller_login))
        .route("/logout", post(login::logout))
        .route("/account", get(account::page))
        .route("/account/link", post(account::link))
        .route("/account/viewers", post(account::add_viewer))
        .route("/account/viewers/remove", post(account::remove_viewer))
        .route("/symbols", get(legend::page))
        .route("/hosts", get(hosts::page).post(hosts::add))
        .route("/hosts/tokens", post(tokens::create_missing))
        .route("/hosts/take", post(hosts::take))
        .route("/hosts/{name}", get(host::page))
        .route("/hosts/{name}/token", get(tokens::page).post(tokens::create))
        .route("/hosts/{name}/token/remove", post(tokens::remove))
        .route("/hosts/{name}/active", post(host::switch))
        .route("/hosts/{name}/family", post(host::switch_family))
        .route("/hosts/{name}/combine", post(host::combine))
        .route("/hosts/{name}/delete", post(host::delete))
        .merge(line)
        .fallback(async || PortalError::NotFound)
        .layer(map_response(set_security_headers))
}

/// Shows a page in place of the guard's plain text, except to programs.
pub(crate) async fn show_refusals(request: Request, next: Next) -> Response {
    let is_page =
        !["/nic/", "/control/", "/checkip"].iter().any(|start| request.uri().path().starts_with(start));
    let response = next.run(request).await;
    match response.extensions().get::<Refusal>() {
        Some(refusal) if is_page => {
            set_security_headers(PortalError::Refused(*refusal).into_response()).await
        }
        _ => response,
    }
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
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
