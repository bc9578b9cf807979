//! The life of the sandbox's thread: opens everything, says so, serves until told to stop, closes everything.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{oneshot, watch};
use tokio_rustls::TlsAcceptor;

use crate::certificates;
use crate::error::SandboxError;
use crate::fault::Faults;
use crate::front::{Front, Room};
use crate::hash_queue::HashQueue;
use crate::line;
use crate::name_server;
use crate::options::Options;
use crate::router::router;
use crate::service::Service;
use crate::store::Store;

/// How long open connections may take to finish when the sandbox stops.
const PATIENCE: Duration = Duration::from_secs(2);
/// Threads for the database and for hashing.
const BLOCKING_THREADS: usize = 16;
/// Connections that the system may keep until they are taken.
const QUEUE: u32 = 4096;
/// How often a port is looked for that is free for both UDP and TCP.
const TRIES: u32 = 20;

/// Where a sandbox can be reached.
#[derive(Clone, Copy)]
pub(crate) struct Places {
    pub(crate) http: SocketAddr,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) dns: Option<SocketAddr>,
}

/// What the starter gets.
pub(crate) struct Running {
    pub(crate) places: Places,
    pub(crate) service: Arc<Service>,
    pub(crate) runtime: Handle,
    pub(crate) stop: watch::Sender<bool>,
}

/// The sockets of a sandbox, bound.
struct Sockets {
    http: TcpListener,
    https: Option<(TcpListener, TlsAcceptor)>,
    dns: Option<(UdpSocket, TcpListener)>,
}

/// Lives.
pub(crate) fn run(options: Options, started: oneshot::Sender<Result<Running, SandboxError>>) {
    let (stop, stopping) = watch::channel(false);
    let (runtime, sockets, places, service) = match open(options, stopping.clone()) {
        Ok(opened) => opened,
        Err(error) => {
            let _ = started.send(Err(error)); // the caller may have gone
            return;
        }
    };
    let running = Running { places, service: Arc::clone(&service), runtime: runtime.handle().clone(), stop };
    if started.send(Ok(running)).is_err() {
        return;
    }
    runtime.block_on(serve(sockets, service, stopping));
    runtime.shutdown_timeout(PATIENCE);
}

type Opened = (Runtime, Sockets, Places, Arc<Service>);

/// Everything that can fail before the first connection.
fn open(options: Options, stopping: watch::Receiver<bool>) -> Result<Opened, SandboxError> {
    let store = Store::open(&options.dir, options.largest_database)?;
    store.with(|db| line::read(db))?;
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_name("spdyn-sandbox-blocking")
        .enable_all()
        .build()?;
    let within = runtime.enter();
    let at = |port| SocketAddr::new(options.bind, port);
    let faults = Arc::new(Faults::default());
    let http = tcp(at(options.port))?;
    let secure = |port| {
        let listener = tcp(at(port))?;
        Ok::<_, SandboxError>((
            listener,
            certificates::acceptor(&options.dir, &options.names, Arc::clone(&faults))?,
        ))
    };
    let https = options.https_port.map(secure).transpose()?;
    let dns = options.dns_port.map(|port| both(at(port))).transpose()?;
    let places = Places {
        http: http.local_addr()?,
        https: https.as_ref().map(|(listener, _)| listener.local_addr()).transpose()?,
        dns: dns.as_ref().map(|(socket, _)| socket.local_addr()).transpose()?,
    };
    drop(within);
    let hash_queue = HashQueue::new(options.hash_queue);
    let service = Arc::new(Service { options, store, faults, hash_queue, stopping });
    Ok((runtime, Sockets { http, https, dns }, places, service))
}

/// A TCP socket that listens, with a queue long enough for a crowd. Only within a runtime.
fn tcp(address: SocketAddr) -> Result<TcpListener, SandboxError> {
    let bind = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        #[cfg(unix)] // elsewhere it would let others take the port too
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(QUEUE)
    };
    bind().map_err(|source| SandboxError::Bind { address, source })
}

/// A UDP and a TCP socket at one port; for port 0, at any port that is free for both.
fn both(address: SocketAddr) -> Result<(UdpSocket, TcpListener), SandboxError> {
    let mut tries = if address.port() == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        let bind = || {
            let socket = std::net::UdpSocket::bind(address)?;
            socket.set_nonblocking(true)?;
            io::Result::Ok((socket.local_addr()?, UdpSocket::from_std(socket)?))
        };
        let (address, socket) = bind().map_err(|source| SandboxError::Bind { address, source })?;
        match tcp(address) {
            Ok(listener) => return Ok((socket, listener)),
            Err(error) if tries == 0 => return Err(error),
            Err(_) => {}
        }
    }
}

async fn serve(sockets: Sockets, service: Arc<Service>, stopping: watch::Receiver<bool>) {
    let Sockets { http, https, dns } = sockets;
    let room = Room::new(service.options.connections);
    let app = router(Arc::clone(&service));
    let front = |listener: TcpListener, tls: Option<TlsAcceptor>| Front {
        listener,
        tls,
        app: app.clone(),
        room: room.clone(),
    };
    let plain = front(http, None);
    let secure = https.map(|(listener, tls)| front(listener, Some(tls)));
    let secure = async {
        if let Some(front) = secure {
            front.serve(stopping.clone()).await;
        }
    };
    let names = async {
        if let Some((socket, listener)) = dns {
            name_server::serve(socket, listener, service, stopping.clone()).await;
        }
    };
    tokio::join!(plain.serve(stopping.clone()), secure, names);
    let _ = tokio::time::timeout(PATIENCE, room.empty()).await; // the rest is broken off
}
