//! One JSON value a line, of bounded length.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The greatest length of a line in bytes: 2,000 entries need about 600 kB.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Reads one value; none at the end of the stream.
pub(crate) async fn read<T: DeserializeOwned>(
    reader: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    reader.take(LONGEST).read_until(b'\n', &mut line).await?;
    match line.last() {
        None => Ok(None),
        // serde's own message may quote the value, and a value may be a secret.
        Some(b'\n') => serde_json::from_slice(&line)
            .map(Some)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a line that isn't understood")),
        Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "an unfinished or overlong line")),
    }
}

/// Writes one value.
pub(crate) async fn write(writer: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value).map_err(io::Error::other)?;
    line.push(b'\n');
    writer.write_all(&line).await?;
    writer.flush().await
}
