//! The clients' end of the socket: the window's and the command line's.

use std::io;

use dyntray_core::observe::release::Version;
use interprocess::local_socket::tokio::Stream;
use interprocess::local_socket::traits::tokio::Stream as _;
use tokio::io::{ReadHalf, WriteHalf};

use crate::foreign_owner::ForeignOwner;
use crate::history_lock::HeldBy;
use crate::line::{self, LineReader};
use crate::message::ClientMessage;
#[cfg(unix)]
use crate::owner::{self, ROOT};
use crate::pieces::Gathered;
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
    /// Its response isn't understood: it is of another version.
    #[error("Dyntray's response isn't understood")]
    NotUnderstood,
    /// It went away.
    #[error("the connection to Dyntray was lost: {0}")]
    Lost(#[source] io::Error),
    /// Another user has taken its place. Nothing was said to them.
    #[error(transparent)]
    ForeignOwner(#[from] ForeignOwner),
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> Self {
        match ForeignOwner::of(&error) {
            Some(foreign) => ConnectError::ForeignOwner(foreign.clone()),
            None if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
                ConnectError::NotRunning
            }
            None => ConnectError::Lost(error),
        }
    }
}

/// One connection to the always-on program, for requests and their responses.
pub struct Client {
    reader: LineReader<ReadHalf<Stream>>,
    writer: WriteHalf<Stream>,
    gathered: Gathered,
}

impl Client {
    /// Connects to the program that has the history of `runtime_dir`, wherever it listens, or else to the one that listens
    /// there.
    ///
    /// # Errors
    /// [`ConnectError::NotRunning`] when there is none, [`ConnectError::Elsewhere`] when it is on another machine,
    /// [`ConnectError::ForeignOwner`] when another user is there.
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
        let connected = Stream::connect(name).await;
        #[cfg(unix)]
        let stream = of_the_right_user(connected, runtime_dir)?;
        #[cfg(windows)]
        let stream = connected?;
        #[cfg(windows)]
        is_own(&stream).map_err(ConnectError::Lost)?;
        let (reader, writer) = tokio::io::split(stream);
        Ok(Client { reader: LineReader::trusting(reader), writer, gathered: Gathered::default() })
    }

    /// Sends one request and awaits its response.
    ///
    /// # Errors
    /// [`ConnectError::Lost`] when the connection ends first, [`ConnectError::NotUnderstood`] for what another version says.
    pub async fn ask(&mut self, request: impl Into<Request>) -> Result<Response, ConnectError> {
        self.send(ClientMessage::Request(request.into())).await?;
        self.read().await?.ok_or_else(|| ConnectError::Lost(io::ErrorKind::UnexpectedEof.into()))
    }

    /// Sends one request, and takes it back when `cancelled` returns first. None when nothing of it was done. It mustn't be
    /// a request that [`Response::Done`] answers.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub async fn ask_unless(
        &mut self,
        request: impl Into<Request>,
        cancelled: impl Future<Output = ()>,
    ) -> Result<Option<Response>, ConnectError> {
        self.send(ClientMessage::Request(request.into())).await?;
        let response = tokio::select! {
            response = self.read() => Some(response?),
            () = cancelled => None,
        };
        let response = if let Some(response) = response {
            response
        } else {
            self.send(ClientMessage::Cancel).await?;
            self.read().await?
        };
        match response.ok_or_else(|| ConnectError::Lost(io::ErrorKind::UnexpectedEof.into()))? {
            Response::Done => Ok(None),
            response => Ok(Some(response)),
        }
    }

    /// Connects and watches: a snapshot now, and then its changes. `window` says that the watcher is the window,
    /// which is sent the pages that it is to show as well.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn watch(runtime_dir: &RuntimeDir, window: bool) -> Result<Watch, ConnectError> {
        let mut client = Client::connect(runtime_dir).await?;
        client.send(ClientMessage::Watch { window }).await?;
        Ok(Watch { client, program: None })
    }

    /// Returns when the always-on program has closed the connection.
    pub async fn closed(&mut self) {
        while let Ok(Some(_)) = self.read().await {}
    }

    async fn send(&mut self, message: ClientMessage) -> Result<(), ConnectError> {
        line::write(&mut self.writer, &message).await.map_err(ConnectError::Lost)
    }

    /// The next response, of all its pieces. May be dropped and called again at any time.
    async fn read(&mut self) -> Result<Option<Response>, ConnectError> {
        while let Some(piece) = self.reader.next().await.map_err(of_reading)? {
            if let Some(response) = self.gathered.take(piece) {
                return Ok(Some(response));
            }
        }
        Ok(None)
    }
}

/// A line that was read to its end and isn't understood is another version's, and no fault of the connection.
fn of_reading(error: io::Error) -> ConnectError {
    match error.kind() {
        io::ErrorKind::InvalidData => ConnectError::NotUnderstood,
        _ => ConnectError::Lost(error),
    }
}

/// The stream, if this user listens at its other end: a new token goes through it. Root is in the place of the user whose
/// directory it is.
#[cfg(unix)]
fn of_the_right_user(connected: io::Result<Stream>, runtime_dir: &RuntimeDir) -> io::Result<Stream> {
    use interprocess::local_socket::traits::StreamCommon as _;
    use std::os::unix::fs::MetadataExt as _;
    let (directory, this) = (runtime_dir.directory(), owner::this_user());
    let about = std::fs::metadata(directory)?;
    if this != ROOT {
        owner::refuse_foreign(directory, &about)?;
    }
    let socket = runtime_dir.socket();
    let stream = match connected {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            owner::refuse_foreign(&socket, &std::fs::symlink_metadata(&socket)?)?;
            return Err(error);
        }
        connected => connected?,
    };
    match stream.peer_creds()?.euid() {
        Some(listener) if listener == this || (this == ROOT && listener == about.uid()) => Ok(stream),
        Some(listener) => Err(owner::foreign(&socket, listener).into()),
        None => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

/// True if the pipe's server is this user's. While Dyntray doesn't run, anybody on Windows can take the pipe's name,
/// and a new token goes through it.
#[cfg(windows)]
fn is_own(stream: &Stream) -> io::Result<()> {
    use interprocess::local_socket::traits::StreamCommon as _;
    use std::os::windows::io::AsHandle as _;
    let server = match stream.peer_creds()?.pid().map(User::of) {
        // It runs as administrator, perhaps this user's.
        Some(Err(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            let Stream::NamedPipe(pipe) = stream;
            Some(User::owner_of(pipe.as_handle())?)
        }
        server => server.transpose()?,
    };
    if server == Some(User::this()?) { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// A stream of a snapshot and its changes, and of pages to show.
pub struct Watch {
    client: Client,
    program: Option<Version>,
}

impl Watch {
    /// The snapshot, the next change of it, or a page; none when the always-on program has ended.
    ///
    /// # Errors
    /// [`ConnectError::Lost`] when the connection breaks, [`ConnectError::NotUnderstood`] for what another version says.
    pub async fn next(&mut self) -> Result<Option<Response>, ConnectError> {
        loop {
            match self.client.read().await? {
                Some(Response::Program { version }) => self.program = Some(version),
                other => return Ok(other),
            }
        }
    }

    /// The version of the always-on program, as soon as the first response has come.
    pub fn program(&self) -> Option<Version> {
        self.program
    }
}
