//! A buffer for what may hold a secret: no copy of it stays in memory, neither when the buffer grows nor at its end.

use std::io;
use std::ops::Deref;

use secrecy::zeroize::{Zeroize as _, Zeroizing};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Bytes that are wiped wherever they were.
#[derive(Default)]
pub(crate) struct WipedBuffer(Zeroizing<Vec<u8>>);

impl WipedBuffer {
    /// Makes room for `more` bytes.
    pub(crate) fn make_room(&mut self, more: usize) {
        if self.0.capacity() - self.0.len() < more {
            // A vector that grows by itself leaves its bytes behind where they were.
            let room = (2 * self.0.capacity()).max(self.0.len() + more);
            let mut larger = Zeroizing::new(Vec::with_capacity(room));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
    }

    /// Reads what is there into the room that was made, and tells its length; zero at the end.
    pub(crate) async fn read_from(&mut self, reader: &mut (impl AsyncRead + Unpin)) -> io::Result<usize> {
        reader.read_buf(&mut *self.0).await
    }

    /// Forgets the first `count` bytes. Gives room back that exceeds `usual`.
    pub(crate) fn forget(&mut self, count: usize, usual: usize) {
        let rest = self.0.len() - count;
        if self.0.capacity() > usual {
            let mut smaller = Zeroizing::new(Vec::with_capacity(rest));
            smaller.extend_from_slice(&self.0[count..]);
            self.0 = smaller;
        } else {
            self.0.copy_within(count.., 0);
            self.0[rest..].zeroize();
            self.0.truncate(rest);
        }
    }
}

impl Deref for WipedBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl io::Write for WipedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.make_room(bytes.len());
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
