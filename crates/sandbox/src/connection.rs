//! Connections that a handler can break off, so that a client sees a real reset and not an error page.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// Who is calling, and the means to break the connection off.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
}

impl Caller {
    /// A caller whose connection is whole.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self { address, cut: Arc::default() }
    }

    /// The address that the connection comes from.
    pub(crate) fn ip(&self) -> IpAddr {
        self.address.ip().to_canonical()
    }

    /// Whether the caller is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.ip().is_loopback()
    }

    /// Makes the next byte of the answer reset the connection instead.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }
}

/// A stream that rests on TCP.
pub(crate) trait OverTcp: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// What it rests on.
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

/// One connection.
pub(crate) struct Wire<S> {
    stream: S,
    cut: Arc<AtomicBool>,
}

impl<S: OverTcp> Wire<S> {
    /// The connection of a caller.
    pub(crate) fn of(caller: &Caller, stream: S) -> Self {
        Self { stream, cut: Arc::clone(&caller.cut) }
    }

    fn whole(&self) -> io::Result<()> {
        if !self.cut.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.stream.tcp().set_zero_linger()?; // closing now sends RST
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl<S: OverTcp> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: OverTcp> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
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
