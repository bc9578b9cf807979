//! The HTTP server: accepts connections, plain or TLS, serves a bounded number and closes the rest at once.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::connection::{OverTcp, Peer, ResettableStream};
use crate::places::{Place, Places};

/// The time allowed for a TLS handshake, and again for the headers of a request.
const OPENING_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest request head that is read at all; a larger one gets a bare 431.
const MAX_HEAD: usize = 64 * 1024;
/// The pause after the system had no file or memory for another connection.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(50);

/// A server on one listening socket.
pub(crate) struct HttpServer {
    pub(crate) listener: TcpListener,
    /// Present for HTTPS.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) app: Router,
    pub(crate) places: Places,
}

impl HttpServer {
    /// Accepts connections until the sandbox stops.
    pub(crate) async fn serve(self, mut stopping: watch::Receiver<bool>) {
        loop {
            let (stream, address) = tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(ACCEPT_BACKOFF).await;
                        continue;
                    }
                },
                () = stopped(&mut stopping) => return,
            };
            let _ = stream.set_nodelay(true); // only speed
            let peer = Peer::new(address, &stream);
            // Without a place the connection is closed at once.
            if let Some(place) = self.places.take(peer.network()) {
                self.spawn_connection(stream, peer, place, stopping.clone());
            }
        }
    }

    fn spawn_connection(&self, stream: TcpStream, peer: Peer, place: Place, stopping: watch::Receiver<bool>) {
        let (app, tls) = (self.app.clone(), self.tls.clone());
        tokio::spawn(async move {
            match tls {
                None => serve_requests(stream, peer, app, stopping).await,
                Some(tls) => {
                    if let Some(stream) = handshake(tls.accept(stream)).await {
                        serve_requests(stream, peer, app, stopping).await;
                    }
                }
            }
            drop(place);
        });
    }
}

/// Waits for a TLS handshake, but not forever.
async fn handshake<T>(work: impl Future<Output = std::io::Result<T>>) -> Option<T> {
    match tokio::time::timeout(OPENING_TIMEOUT, work).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "no TLS connection");
            None
        }
        Err(_) => None,
    }
}

/// Waits until the sandbox stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await; // an error means that the sandbox was dropped
}

/// Serves the requests of one connection.
async fn serve_requests<S: OverTcp>(stream: S, peer: Peer, app: Router, mut stopping: watch::Receiver<bool>) {
    let stream = TokioIo::new(ResettableStream::new(&peer, stream));
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer.clone()));
        app.call(request)
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(OPENING_TIMEOUT)
            .max_buf_size(MAX_HEAD)
            .serve_connection(stream, service)
    );
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended badly");
    }
}
