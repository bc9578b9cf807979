//! What a server does with a connection, byte by byte.
#![allow(dead_code, reason = "each file of stories uses only a part")]

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The behaviour of a server after it has read the head of a request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes, and closes the connection properly.
    Answer(Vec<u8>),
    /// Sends the first bytes, then the second ones for ever, as fast as they are taken.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends the first bytes, then the second ones every half second for ever.
    Drip(Vec<u8>, Vec<u8>),
    /// Sends nothing and keeps the connection open.
    Hang,
    /// Resets the connection (RST).
    Reset,
    /// Sends these bytes, then resets the connection.
    ResetAfter(Vec<u8>),
}

impl Act {
    /// A plain answer of this status and body.
    pub fn status(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with(status, "Content-Type: text/html\r\n", body)
    }

    /// An answer with these header lines, each ended by a line break.
    pub fn with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status} Any\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        Act::Answer([head.as_bytes(), body].concat())
    }

    /// A redirect to another address.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::with(status, &format!("Location: {to}\r\n"), "<html>Moved</html>")
    }
}

/// The first byte of TLS's first message.
const TLS_HELLO: &[u8] = b"\x16";

/// Reads the head of a request, or a part of it if the client ends early or speaks TLS.
pub async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head != TLS_HELLO {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Performs `act` until it is done or the client leaves.
pub async fn play(stream: &mut (impl AsyncWrite + Unpin), act: Act) {
    match act {
        Act::Answer(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Flood(head, rest) => {
            let _ = stream.write_all(&head).await;
            let rest = rest.repeat(1 + 16 * 1024 / rest.len());
            while stream.write_all(&rest).await.is_ok() {}
        }
        Act::Drip(head, rest) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(&rest).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        Act::Hang => std::future::pending().await,
        Act::Reset | Act::ResetAfter(_) => unreachable!("only TCP itself can reset a connection"),
    }
}

/// The value of a header in the head of a request.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}
