//! The window's and the command line's end of the socket.

use std::io;

use interprocess::local_socket::tokio::Stream;
use interprocess::local_socket::traits::tokio::Stream as _;
use tokio::io::{BufReader, ReadHalf, WriteHalf};

use crate::line;
use crate::protocol::{Request, Response};
use crate::runtime_dir::RuntimeDir;
#[cfg(windows)]
use crate::user::User;

/// Why the always-on program can't be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It doesn't run.
    #[error("Dyntray is not running")]
    NotRunning,
    /// It went away, or its answer isn't understood.
    #[error("the connection to Dyntray was lost: {0}")]
    Lost(#[source] io::Error),
}

/// One connection for questions and answers.
pub struct Client {
    reader: BufReader<ReadHalf<Stream>>,
    writer: WriteHalf<Stream>,
}

impl Client {
    /// Connects to the program that runs at `place`.
    ///
    /// # Errors
    /// [`ConnectError::NotRunning`] when there is none.
    pub async fn connect(place: &RuntimeDir) -> Result<Self, ConnectError> {
        let name = place.name().map_err(ConnectError::Lost)?;
        let stream = Stream::connect(name).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ConnectError::NotRunning,
            _ => ConnectError::Lost(error),
        })?;
        #[cfg(windows)]
        is_own(&stream).map_err(ConnectError::Lost)?;
        let (reader, writer) = tokio::io::split(stream);
        Ok(Client { reader: BufReader::new(reader), writer })
    }

    /// Sends one request and awaits its answer.
    ///
    /// # Errors
    /// [`ConnectError::Lost`] when the connection ends first.
    pub async fn ask(&mut self, request: &Request) -> Result<Response, ConnectError> {
        line::write(&mut self.writer, request).await.map_err(ConnectError::Lost)?;
        self.read().await?.ok_or_else(|| ConnectError::Lost(io::ErrorKind::UnexpectedEof.into()))
    }

    /// Connects and watches: a snapshot now and after every change. `window` says that the watcher is the window,
    /// and can be shown a page.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn watch(place: &RuntimeDir, window: bool) -> Result<Watch, ConnectError> {
        let mut client = Client::connect(place).await?;
        line::write(&mut client.writer, &Request::Watch { window }).await.map_err(ConnectError::Lost)?;
        Ok(Watch { client })
    }

    async fn read(&mut self) -> Result<Option<Response>, ConnectError> {
        line::read(&mut self.reader).await.map_err(ConnectError::Lost)
    }
}

/// A pipe's name is free for anybody on Windows while Dyntray doesn't run, and a new token goes through it.
#[cfg(windows)]
fn is_own(stream: &Stream) -> io::Result<()> {
    use interprocess::local_socket::traits::StreamCommon as _;
    let server = stream.peer_creds()?.pid().map(User::of).transpose()?;
    if server == Some(User::this()?) { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// A stream of snapshots, and of pages to show.
pub struct Watch {
    client: Client,
}

impl Watch {
    /// The next one; none when the always-on program has ended.
    ///
    /// # Errors
    /// [`ConnectError::Lost`] when the connection breaks.
    pub async fn next(&mut self) -> Result<Option<Response>, ConnectError> {
        self.client.read().await
    }
}
