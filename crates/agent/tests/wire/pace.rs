//! A stream that writes at a pace of its own, below whatever is spoken over it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// A pace of writing.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As fast as the bytes are taken.
    Free,
    /// So many bytes as fast as they are taken, and none after them, without an end of the connection.
    StallsAfter(usize),
    /// So many bytes as fast as they are taken, and then one a second.
    DripsAfter(usize),
}

/// A stream with a pace.
pub struct Paced<S> {
    stream: S,
    pace: Pace,
    written: usize,
    next: Pin<Box<Sleep>>,
}

impl<S> Paced<S> {
    pub fn new(stream: S, pace: Pace) -> Self {
        Paced { stream, pace, written: 0, next: Box::pin(sleep(Duration::ZERO)) }
    }

    /// The number of bytes that may be written now.
    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<usize> {
        match self.pace {
            Pace::Free => Poll::Ready(usize::MAX),
            Pace::StallsAfter(most) if self.written < most => Poll::Ready(most - self.written),
            Pace::StallsAfter(_) => Poll::Pending,
            Pace::DripsAfter(fast) if self.written < fast => Poll::Ready(fast - self.written),
            Pace::DripsAfter(_) => {
                ready!(self.next.as_mut().poll(context));
                self.next = Box::pin(sleep_until(Instant::now() + Duration::from_secs(1)));
                Poll::Ready(1)
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let room = ready!(self.poll_room(context)).min(bytes.len());
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..room]))?;
        self.written += written;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
