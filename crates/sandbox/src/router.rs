//! The routes of the HTTP server.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::check_ip::{self, Format, RequestedFamily};
use crate::connection::Peer;
use crate::service::Service;
use crate::{control, limits, portal, update};

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
        .layer(from_fn(control::guard));
    router
        .route("/nic/update", get(update::answer))
        .merge(control)
        .merge(portal::router())
        .layer(from_fn_with_state(Arc::clone(&service), look_up_by_name))
        .layer(DefaultBodyLimit::max(limits::MAX_BODY))
        .layer(from_fn(limits::guard))
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

/// Logs each request without its query, headers and body, which can hold secrets.
async fn log(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), ms, "request");
    response
}
