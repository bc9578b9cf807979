//! HTTP/1 as routers really speak it: read leniently and within bounds, for their answers and their events alike.
//!
//! A router's length, its chunks or its version may be wrong, so a body is over when its XML document is. Whatever is
//! odd costs a moment at most; nothing is read beyond the limits.

mod body;
mod head;

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{Instant, timeout_at};

use self::body::{Document, Framing, document};
pub(super) use self::head::Head;

/// The longest wait for the rest of a document that is longer than its length says.
const GRACE: Duration = Duration::from_millis(300);
/// The most interim responses (status 1xx) before the answer.
const MAX_INTERIM: usize = 3;

/// The most that is read of a message, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Of its head.
    pub(super) head: usize,
    /// Of its body, after chunks are put together.
    pub(super) body: usize,
}

/// The part of a message that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The head alone; a body isn't waited for.
    Head,
    /// The head and the body.
    All,
}

/// A response or a request.
#[derive(Debug)]
pub(super) struct Message {
    /// The head.
    pub(super) head: Head,
    /// The body, as far as it came.
    pub(super) body: Vec<u8>,
    /// The end of the body.
    pub(super) end: End,
}

/// The way in which a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By its framing, or with its document.
    Whole,
    /// The connection ended before.
    CutOff,
    /// The time was over before.
    Late,
}

/// The reason why there is no message.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The connection broke or ended before the end of the head.
    Broken,
    /// The time was over before the end of the head.
    Late,
    /// The message is longer than the limits.
    TooLong,
}

/// Reads a message until `deadline`. What came of a body until then is part of the message.
///
/// # Errors
/// When there is no whole head, or the message is too long.
pub(super) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    limits: Limits,
    wanted: Wanted,
    deadline: Instant,
) -> Result<Message, ReadError> {
    let mut reader = Reader { stream, bytes: Vec::new() };
    let mut head = reader.head(limits.head, deadline).await?;
    for _ in 0..MAX_INTERIM {
        if !matches!(head.status(), Some(100..=199)) {
            break;
        }
        head = reader.head(limits.head, deadline).await?;
    }
    if wanted == Wanted::Head {
        return Ok(Message { head, body: Vec::new(), end: End::Whole });
    }
    let (body, end) = reader.body(&head, limits.body, deadline).await?;
    Ok(Message { head, body, end })
}

/// The length of the head at the beginning of `bytes`; none if its end isn't there.
pub(super) fn head_length(bytes: &[u8]) -> Option<usize> {
    head::length(bytes, 0)
}

struct Reader<'s, S> {
    stream: &'s mut S,
    /// What came, but for what was taken out.
    bytes: Vec<u8>,
}

enum Arrival {
    More,
    End(io::Error),
    Late,
}

impl<S: AsyncRead + Unpin> Reader<'_, S> {
    async fn more(&mut self, until: Instant) -> Arrival {
        let mut part = [0; 4096];
        match timeout_at(until, self.stream.read(&mut part)).await {
            Err(_) => Arrival::Late,
            Ok(Ok(0)) => Arrival::End(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(length)) => {
                self.bytes.extend_from_slice(&part[..length]);
                Arrival::More
            }
            Ok(Err(error)) => Arrival::End(error),
        }
    }

    /// Takes a head out of what comes.
    async fn head(&mut self, limit: usize, deadline: Instant) -> Result<Head, ReadError> {
        let mut searched = 0;
        loop {
            // The end of the message before may be left over.
            let blank = self.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            if searched == 0 {
                self.bytes.drain(..blank);
            }
            if let Some(length) = head::length(&self.bytes, searched) {
                let head = Head::parse(&self.bytes[..length]);
                self.bytes.drain(..length);
                return Ok(head);
            }
            if self.bytes.len() > limit {
                return Err(ReadError::TooLong);
            }
            searched = self.bytes.len();
            match self.more(deadline).await {
                Arrival::More => {}
                Arrival::End(error) => {
                    tracing::debug!(%error, "a message broke off");
                    return Err(ReadError::Broken);
                }
                Arrival::Late => return Err(ReadError::Late),
            }
        }
    }

    async fn body(
        &mut self,
        head: &Head,
        limit: usize,
        deadline: Instant,
    ) -> Result<(Vec<u8>, End), ReadError> {
        let framing = Framing::of(head);
        let mut grace = None;
        loop {
            let (body, is_over) = framing.decode(&self.bytes);
            if body.len() > limit || self.bytes.len() > 2 * limit {
                return Err(ReadError::TooLong);
            }
            let until = match (is_over, document(&body)) {
                (_, Document::Complete) | (true, Document::None) => return Ok((body, End::Whole)),
                (true, Document::Open) => *grace.get_or_insert_with(|| deadline.min(Instant::now() + GRACE)),
                (false, _) => deadline,
            };
            let end = match self.more(until).await {
                Arrival::More => continue,
                _ if is_over => End::Whole,
                Arrival::End(_) => End::CutOff,
                Arrival::Late => End::Late,
            };
            return Ok((body, end));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { head: 1024, body: 1024 };
    const DOCUMENT: &str = "<?xml version=\"1.0\"?>\n<a>\n<b>1</b></a>";

    async fn read_all(bytes: &[u8]) -> Result<Message, ReadError> {
        let mut stream = bytes;
        read(&mut stream, LIMITS, Wanted::All, Instant::now() + Duration::from_secs(1)).await
    }

    /// Reads from a connection that stays open, and returns the body and the time that it took.
    async fn read_open(head: &str, body: &str) -> (String, End, Duration) {
        let (mut router, mut here) = tokio::io::duplex(64 * 1024);
        let sent = format!("{head}\r\n\r\n{body}");
        tokio::io::AsyncWriteExt::write_all(&mut router, sent.as_bytes()).await.expect("sent");
        let start = Instant::now();
        let message = read(&mut here, LIMITS, Wanted::All, start + Duration::from_secs(2)).await;
        let message = message.expect("a message");
        (String::from_utf8_lossy(&message.body).into_owned(), message.end, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_document_is_read_whatever_its_length_and_its_chunks_say() {
        let whole = DOCUMENT.len();
        let half = whole / 2;
        let chunk = |text: &str| format!("{:x};ext=1\r\n{text}\r\n", text.len());
        let chunks = chunk(&DOCUMENT[..half]) + &chunk(&DOCUMENT[half..]);
        for (head, body) in [
            (format!("HTTP/1.1 200 OK\r\nContent-Length: {whole}"), DOCUMENT.to_owned()),
            (format!("HTTP/1.1 200 OK\r\nContent-Length: {}", whole + 500), DOCUMENT.to_owned()),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999".to_owned(), DOCUMENT.to_owned()),
            (format!("HTTP/1.1 200 OK\r\nContent-Length: {half}"), DOCUMENT.to_owned()),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0".to_owned(), DOCUMENT.to_owned()),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1".to_owned(), DOCUMENT.to_owned()),
            ("HTTP/1.1 200 OK".to_owned(), DOCUMENT.to_owned()),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked".to_owned(), format!("{chunks}0\r\n\r\n")),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked".to_owned(), chunks.clone()),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: Chunked".to_owned(), chunks.clone()),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked".to_owned(), DOCUMENT.to_owned()),
            ("HTTP/1.1 200 OK".to_owned(), chunks.clone()),
            (
                format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: {half}"),
                format!("{chunks}0\r\n\r\n"),
            ),
        ] {
            let (read, end, took) = read_open(&head, &body).await;
            assert_eq!((read.as_str(), end), (DOCUMENT, End::Whole), "{head} {body}");
            assert!(took < Duration::from_millis(500), "{head}: {took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_document_ends_with_its_framing_or_its_time() {
        let (body, end, took) = read_open("HTTP/1.1 200 OK\r\nContent-Length: 3", "abcdef").await;
        assert_eq!((body.as_str(), end), ("abc", End::Whole));
        assert!(took < GRACE, "{took:?}");
        let (body, end, took) = read_open("HTTP/1.1 200 OK\r\nContent-Length: 30", "abcdef").await;
        assert_eq!((body.as_str(), end), ("abcdef", End::Late));
        assert_eq!(took, Duration::from_secs(2));
        let (body, end, _) = read_open("HTTP/1.1 200 OK", "<a><b>1").await;
        assert_eq!((body.as_str(), end), ("<a><b>1", End::Late));
    }

    #[tokio::test]
    async fn heads_are_read_as_they_come() {
        for head in [
            "HTTP/1.1 200 OK\r\nSID: uuid:1\r\n\r\n",
            "\r\n\r\nHTTP/1.1 200 OK\r\nSID: uuid:1\r\n\r\n",
            "HTTP/1.1 200 OK\nSID:uuid:1\n\n",
            "HTTP/1.0 200\r\nSid : uuid:1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\nSID:\r\n\tuuid:1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nSERVER: caf\u{e9}\r\nsid: uuid:1 \r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nSID: uuid:1\r\n\r\n",
        ] {
            let message = read_all(head.as_bytes()).await.expect("a head");
            assert_eq!(
                (message.head.status(), message.head.get("sid")),
                (Some(200), Some("uuid:1")),
                "{head}"
            );
        }
        assert_eq!(read_all(b"\x16\x03\x01 84.160.12.7\r\n\r\n").await.expect("a head").head.status(), None);
    }

    #[tokio::test]
    async fn nothing_is_read_without_bounds() {
        let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(9000));
        assert!(matches!(read_all(long.as_bytes()).await, Err(ReadError::TooLong)));
        for encoding in ["X: y", "Transfer-Encoding: chunked", "Content-Length: 4"] {
            let long = format!("HTTP/1.1 200 OK\r\n{encoding}\r\n\r\n<a>{}", "<b/>".repeat(2000));
            assert!(matches!(read_all(long.as_bytes()).await, Err(ReadError::TooLong)), "{encoding}");
        }
        let tiny =
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", "1\r\nx\r\n".repeat(2000));
        assert!(matches!(read_all(tiny.as_bytes()).await, Err(ReadError::TooLong)));
        for cut in ["", "HTTP/1.1 200 OK\r\nConte"] {
            assert!(matches!(read_all(cut.as_bytes()).await, Err(ReadError::Broken)), "{cut}");
        }
    }
}
