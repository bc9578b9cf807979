//! One JSON value a line, of bounded length. What was read or written is wiped.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::wiped::WipedBuffer;

/// The greatest length of a line in bytes: 2,000 entries need about 600 kB, the largest import a few times as much.
const LONGEST: usize = 8 * 1024 * 1024;
/// The length in bytes up to which a line is nothing special: all but large forms and imports.
const USUAL: usize = 64 * 1024;
/// The number of bytes that are read at once.
const PIECE: usize = 4 * 1024;

/// The bounds on the lines of strangers.
#[derive(Clone)]
pub(crate) struct Bounds {
    /// The time until the first byte of a line.
    pub(crate) silence: Duration,
    /// The time from the first byte of a line to its last.
    pub(crate) patience: Duration,
    /// The permits to send a long line.
    pub(crate) long_lines: Arc<Semaphore>,
}

/// The lines of a stream.
pub(crate) struct LineReader<R> {
    reader: R,
    buffer: WipedBuffer,
    bounds: Option<Bounds>,
    /// The permit for more than the usual length.
    permit: Option<OwnedSemaphorePermit>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader of lines that come from a program of ours.
    pub(crate) fn trusting(reader: R) -> Self {
        LineReader { reader, buffer: WipedBuffer::default(), bounds: None, permit: None }
    }

    /// A reader of lines from anybody.
    pub(crate) fn bounded(reader: R, bounds: Bounds) -> Self {
        LineReader { bounds: Some(bounds), ..LineReader::trusting(reader) }
    }

    /// Reads one value; none at the end of the stream, or where nothing was said for too long. May be dropped and called
    /// again at any time, which begins the silence anew.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for a line that isn't understood, after which the next one can be read. Any other
    /// is the end of the connection.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        if self.buffer.is_empty() && self.first_piece().await? == 0 {
            return Ok(None);
        }
        let length = match self.bounds.as_ref().map(|bounds| bounds.patience) {
            Some(patience) => timeout(patience, self.line()).await.map_err(io::Error::from)??,
            None => self.line().await?,
        };
        // serde's own message may quote the value, and a value may be a secret.
        let value = serde_json::from_slice(&self.buffer[..length])
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a line that isn't understood"));
        self.buffer.forget(length + 1, USUAL);
        if self.buffer.len() < USUAL {
            self.permit = None;
        }
        value.map(Some)
    }

    /// Reads and forgets everything until the end of the stream.
    pub(crate) async fn skip_all(&mut self) {
        loop {
            self.buffer.forget(self.buffer.len(), USUAL);
            if !matches!(self.fill().await, Ok(1..)) {
                return;
            }
        }
    }

    /// Waits until somebody says something, and gives its length; 0 at the end of the stream, or after too long a silence.
    async fn first_piece(&mut self) -> io::Result<usize> {
        match self.bounds.as_ref().map(|bounds| bounds.silence) {
            Some(silence) => timeout(silence, self.fill()).await.unwrap_or(Ok(0)),
            None => self.fill().await,
        }
    }

    /// Reads to the end of a line, and gives its length.
    async fn line(&mut self) -> io::Result<usize> {
        let mut searched = 0;
        loop {
            if let Some(at) = self.buffer[searched..].iter().position(|byte| *byte == b'\n') {
                return Ok(searched + at);
            }
            searched = self.buffer.len();
            if searched >= LONGEST {
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, "an overlong line"));
            }
            if let (Some(bounds), None, USUAL..) = (&self.bounds, &self.permit, searched + PIECE) {
                let permit = bounds.long_lines.clone().acquire_owned().await;
                self.permit = Some(permit.map_err(io::Error::other)?);
            }
            if self.fill().await? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "an unfinished line"));
            }
        }
    }

    async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.make_room(PIECE);
        self.buffer.read_from(&mut self.reader).await
    }
}

/// Writes one value.
pub(crate) async fn write(writer: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> io::Result<()> {
    let mut line = WipedBuffer::default();
    serde_json::to_writer(&mut line, value).map_err(io::Error::other)?;
    line.write_all(b"\n")?;
    writer.write_all(&line).await?;
    writer.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use tokio::io::{DuplexStream, duplex};
    use tokio::time::{Instant, sleep};

    const SILENCE: Duration = Duration::from_mins(15);
    const NEARLY: Duration = Duration::from_secs(15 * 60 - 1);
    const PATIENCE: Duration = Duration::from_secs(10);

    /// A stranger, and the reader of what they say.
    fn stranger() -> (DuplexStream, LineReader<DuplexStream>) {
        let (ours, theirs) = duplex(USUAL);
        let long_lines = Arc::new(Semaphore::new(1));
        (theirs, LineReader::bounded(ours, Bounds { silence: SILENCE, patience: PATIENCE, long_lines }))
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_silent_for_too_long_has_gone_and_every_word_begins_the_silence_anew() {
        let (mut theirs, mut reader) = stranger();
        let speaking = tokio::spawn(async move {
            for word in [1, 2] {
                sleep(NEARLY).await;
                theirs.write_all(format!("{word}\n").as_bytes()).await.expect("it listens");
            }
            theirs
        });
        for word in [1, 2] {
            assert_eq!(reader.next::<Value>().await.expect("a word"), Some(json!(word)));
        }
        let since = Instant::now();
        assert_eq!(reader.next::<Value>().await.expect("no fault"), None);
        assert_eq!(since.elapsed(), SILENCE);
        drop(speaking);
    }

    #[tokio::test(start_paused = true)]
    async fn an_unfinished_line_ends_the_patience_long_before_the_silence() {
        let (mut theirs, mut reader) = stranger();
        theirs.write_all(b"1\n{").await.expect("it listens");
        assert_eq!(reader.next::<Value>().await.expect("a line"), Some(json!(1)));
        let since = Instant::now();
        let error = reader.next::<Value>().await.expect_err("too slow");
        assert_eq!((error.kind(), since.elapsed()), (io::ErrorKind::TimedOut, PATIENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_of_ours_may_be_silent_for_as_long_as_it_likes() {
        let (ours, mut theirs) = duplex(USUAL);
        let mut reader = LineReader::trusting(ours);
        let speaking = tokio::spawn(async move {
            sleep(SILENCE * 100).await;
            theirs.write_all(b"1\n").await
        });
        assert_eq!(reader.next::<Value>().await.expect("a word"), Some(json!(1)));
        speaking.await.expect("ends").expect("it listens");
    }
}
