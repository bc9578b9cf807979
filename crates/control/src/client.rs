//! The clients' end of the socket: the window's and the command line's.

use std::io;

use interprocess::local_socket::tokio::Stream;
use interprocess::local_socket::traits::tokio::Stream as _;
use tokio::io::{BufReader, ReadHalf, WriteHalf};

use crate::history_lock::HeldBy;
use crate::line;
use crate::message::ClientMessage;
use crate::request::Request;
use crate::response::Response;
use crate::runtime_dir::RuntimeDir;
#[cfg(windows)]
use crate::user::User;

/// The reason why the always-on program can't be reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It doesn't run.
    #[error("Dyntray is not running")]
    NotRunning,
    /// It runs on another machine that shares this home.
    #[error("Dyntray runs on {machine}, with the same history")]
    Elsewhere {
        /// That machine's name.
        machine: String,
    },
    /// It went away, or its response isn't understood.
    #[error("the connection to Dyntray was lost: {0}")]
    Lost(#[source] io::Error),
}

/// One connection to the always-on program, for requests and their responses.
pub struct Client {
    reader: BufReader<ReadHalf<Stream>>,
    writer: WriteHalf<Stream>,
}

impl Client {
    /// Connects to the program that has the history of `runtime_dir`, wherever it listens, or else to the one that listens
    /// there.
    ///
    /// # Errors
    /// [`ConnectError::NotRunning`] when there is none, [`ConnectError::Elsewhere`] when it is on another machine.
    pub async fn connect(runtime_dir: &RuntimeDir) -> Result<Self, ConnectError> {
        match runtime_dir.held_by() {
            Some(HeldBy::Elsewhere(machine)) => return Err(ConnectError::Elsewhere { machine }),
            Some(HeldBy::Here(directory)) if directory != runtime_dir.directory() => {
                // A command without a socket may have it, too.
                match Client::connect_at(&RuntimeDir::at(directory)).await {
                    Err(ConnectError::NotRunning) => {}
                    connected => return connected,
                }
            }
            Some(HeldBy::Here(_)) | None => {}
        }
        Client::connect_at(runtime_dir).await
    }

    async fn connect_at(runtime_dir: &RuntimeDir) -> Result<Self, ConnectError> {
        let name = runtime_dir.name().map_err(ConnectError::Lost)?;
        let stream = Stream::connect(name).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ConnectError::NotRunning,
            _ => ConnectError::Lost(error),
        })?;
        #[cfg(windows)]
        is_own(&stream).map_err(ConnectError::Lost)?;
        let (reader, writer) = tokio::io::split(stream);
        Ok(Client { reader: BufReader::new(reader), writer })
    }

    /// Sends one request and awaits its response.
    ///
    /// # Errors
    /// [`ConnectError::Lost`] when the connection ends first.
    pub async fn ask(&mut self, request: impl Into<Request>) -> Result<Response, ConnectError> {
        self.send(ClientMessage::Request(request.into())).await?;
        self.read().await?.ok_or_else(|| ConnectError::Lost(io::ErrorKind::UnexpectedEof.into()))
    }

    /// Connects and watches: a snapshot now and after every change. `window` says that the watcher is the window,
    /// which is sent the pages that it is to show as well.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn watch(runtime_dir: &RuntimeDir, window: bool) -> Result<Watch, ConnectError> {
        let mut client = Client::connect(runtime_dir).await?;
        client.send(ClientMessage::Watch { window }).await?;
        Ok(Watch { client })
    }

    /// Returns when the always-on program has closed the connection.
    pub async fn closed(&mut self) {
        while let Ok(Some(_)) = self.read().await {}
    }

    async fn send(&mut self, message: ClientMessage) -> Result<(), ConnectError> {
        line::write(&mut self.writer, &message).await.map_err(ConnectError::Lost)
    }

    async fn read(&mut self) -> Result<Option<Response>, ConnectError> {
        line::read(&mut self.reader).await.map_err(ConnectError::Lost)
    }
}

/// True if the pipe's server is this user's. While Dyntray doesn't run, anybody on Windows can take the pipe's name,
/// and a new token goes through it.
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
    /// The next snapshot or page; none when the always-on program has ended.
    ///
    /// # Errors
    /// [`ConnectError::Lost`] when the connection breaks.
    pub async fn next(&mut self) -> Result<Option<Response>, ConnectError> {
        self.client.read().await
    }
}
