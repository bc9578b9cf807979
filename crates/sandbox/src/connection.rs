//! Connections that a handler can reset, so that a client sees a real RST instead of an error page.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// The remote end of a connection, with the means to reset it.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    address: SocketAddr,
    /// Our own address of the connection, if the system knows it.
    local: Option<IpAddr>,
    reset: Arc<AtomicBool>,
}

impl Peer {
    /// The peer of an open connection.
    pub(crate) fn new(address: SocketAddr, stream: &TcpStream) -> Self {
        let local = stream.local_addr().ok().map(|local| local.ip().to_canonical());
        Self { address, local, reset: Arc::default() }
    }

    /// The address that the peer connected to.
    pub(crate) fn local_ip(&self) -> Option<IpAddr> {
        self.local
    }

    /// The peer's address.
    pub(crate) fn ip(&self) -> IpAddr {
        self.address.ip().to_canonical()
    }

    /// The network that limits are counted for: the address itself, or the /64 of an IPv6 address, in which one client can
    /// take any address.
    pub(crate) fn network(&self) -> IpAddr {
        network_of(self.ip())
    }

    /// Returns true if the peer is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.ip().is_loopback()
    }

    /// Makes the next byte of the response reset the connection instead.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }
}

/// The network of an address, see [`Peer::network`].
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ipv6) if !ipv6.is_loopback() => {
            let [a, b, c, d, ..] = ipv6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        other => other,
    }
}

/// A stream over TCP, plain or with TLS on top.
pub(crate) trait OverTcp: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The TCP stream underneath.
    fn tcp(&self) -> &TcpStream;
}

impl OverTcp for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl OverTcp for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A stream that its [`Peer`] can reset.
pub(crate) struct ResettableStream<S> {
    stream: S,
    reset: Arc<AtomicBool>,
}

impl<S: OverTcp> ResettableStream<S> {
    /// The stream of a peer's connection.
    pub(crate) fn new(peer: &Peer, stream: S) -> Self {
        Self { stream, reset: Arc::clone(&peer.reset) }
    }

    fn check_reset(&self) -> io::Result<()> {
        if !self.reset.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.stream.tcp().set_zero_linger()?; // closing now sends RST
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl<S: OverTcp> AsyncRead for ResettableStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: OverTcp> AsyncWrite for ResettableStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_reset()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check_reset()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
