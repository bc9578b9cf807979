//! The routes of the HTTP server.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::check_ip::{self, Format, RequestedFamily};
use crate::connection::Peer;
use crate::service::Service;
use crate::{control, limits, portal, update, web_guard};

/// The header that keeps browsers from guessing the type of an answer.
const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");

/// All routes, with the middleware around them.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let look_ups = [
        ("/checkip4", RequestedFamily::Ipv4),
        ("/checkip6", RequestedFamily::Ipv6),
        ("/checkip", RequestedFamily::Either),
    ];
    let mut router = Router::new();
    for (path, family) in look_ups {
        for (path, format) in [(path.to_owned(), Format::Plain), (format!("{path}/json"), Format::Json)] {
            let handler = move |service: State<Arc<Service>>, peer: ConnectInfo<Peer>| {
                check_ip::answer(service, peer, family, format)
            };
            router = router.route(&path, get(handler));
        }
    }
    let control = Router::new()
        .route("/control/state", get(control::state))
        .route("/control/reconnect", post(control::reconnect))
        .route("/control/line", post(control::set_wan))
        .route("/control/fault", post(control::inject_fault))
        .route("/control/clear", post(control::clear))
        .layer(from_fn(web_guard::programs_only))
        .layer(from_fn(web_guard::this_machine));
    let named = Router::new()
        .merge(control)
        .merge(portal::router())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits::PAGE_TIMEOUT))
        // Without a time limit: a fault may hang. A request for the head alone must not be taken for an update.
        .route(
            "/nic/update",
            get(update::answer).head(async || (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")])),
        )
        .layer(from_fn_with_state(Arc::clone(&service), web_guard::own_names));
    // A look-up shows everybody their own address, by whatever name they ask.
    router
        .merge(named)
        .layer(from_fn_with_state(Arc::clone(&service), look_up_by_name))
        .layer(from_fn(web_guard::own_pages))
        .layer(from_fn(portal::show_refusals))
        .layer(RequestBodyLimitLayer::new(limits::MAX_BODY))
        .layer(from_fn(limits::guard))
        .layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING))
        .layer(from_fn(log))
        .with_state(service)
}

/// Serves the look-up as the front page of its own host names, such as `checkip4.spdyn.de`.
async fn look_up_by_name(
    service: State<Arc<Service>>,
    peer: ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let family = match host.split('.').next().unwrap_or_default() {
        "checkip4" => RequestedFamily::Ipv4,
        "checkip6" => RequestedFamily::Ipv6,
        "checkip" => RequestedFamily::Either,
        _ => return next.run(request).await,
    };
    let format = match request.uri().path() {
        "/" => Format::Plain,
        "/json" => Format::Json,
        _ => return next.run(request).await,
    };
    check_ip::answer(service, peer, family, format).await.into_response()
}

/// Logs each request by its route, without anything that was sent with it: all of it can hold secrets.
async fn log(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let begun = Instant::now();
    let response = next.run(request).await;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status = response.status().as_u16(), ms, "request");
    response
}
