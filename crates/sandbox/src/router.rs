//! Which address of the server leads where.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::check_ip::{self, Asked, Shape};
use crate::connection::Caller;
use crate::error::SandboxError;
use crate::service::Service;
use crate::{control, limits, portal, update};

/// The whole server.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let look_ups = [("/checkip4", Asked::Ipv4), ("/checkip6", Asked::Ipv6), ("/checkip", Asked::Either)];
    let mut router = Router::new();
    for (path, asked) in look_ups {
        for (path, shape) in [(path.to_owned(), Shape::Plain), (format!("{path}/json"), Shape::Json)] {
            let handler = move |service: State<Arc<Service>>, caller: ConnectInfo<Caller>| {
                check_ip::answer(service, caller, asked, shape)
            };
            router = router.route(&path, get(handler));
        }
    }
    let control = Router::new()
        .route("/control/state", get(control::state))
        .route("/control/reconnect", post(control::reconnect))
        .route("/control/line", post(control::set_line))
        .route("/control/fault", post(control::order_fault))
        .route("/control/clear", post(control::clear))
        .layer(from_fn(control::guard));
    router
        .route("/nic/update", get(update::answer))
        .merge(control)
        .merge(portal::router())
        .layer(from_fn_with_state(Arc::clone(&service), look_up_by_name))
        .layer(DefaultBodyLimit::max(limits::LARGEST_BODY))
        .layer(from_fn(limits::guard))
        .layer(from_fn(log))
        .with_state(service)
}

/// At the look-up's own names, `checkip4.spdyn.de` and the like, the front page is the look-up.
async fn look_up_by_name(
    service: State<Arc<Service>>,
    caller: ConnectInfo<Caller>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = match host.split('.').next().unwrap_or_default() {
        "checkip4" => Asked::Ipv4,
        "checkip6" => Asked::Ipv6,
        "checkip" => Asked::Either,
        _ => return next.run(request).await,
    };
    let shape = match request.uri().path() {
        "/" => Shape::Plain,
        "/json" => Shape::Json,
        _ => return next.run(request).await,
    };
    check_ip::answer(service, caller, asked, shape).await.into_response()
}

/// Logs each request without its query, headers and body, where secrets travel.
async fn log(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), ms, "request");
    response
}

impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "the sandbox itself failed");
        if self.is_full() {
            let text = "the disk is full: nothing was changed";
            return (StatusCode::INSUFFICIENT_STORAGE, text).into_response();
        }
        if let Self::Busy = self {
            let text = "too many log-ins at once; please try again";
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], text).into_response();
        }
        (StatusCode::INTERNAL_SERVER_ERROR, "the sandbox itself failed; see its log").into_response()
    }
}
