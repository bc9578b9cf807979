//! The always-on program's end of the socket. It lets in the same user only: the directory is private, the socket's
//! mode is 0600, and the peer's credentials are checked on top. The administrator gets in as well, since nothing keeps
//! them out anyway and the system's service is controlled that way. On Windows only the user has rights to the pipe,
//! and the owner of the peer's process is checked on top.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use interprocess::local_socket::ListenerOptions;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::traits::tokio::Listener as _;
use tokio::io::{ReadHalf, WriteHalf};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::descriptors::quarter_of_descriptors;
use crate::line::{self, Bounds, LineReader};
use crate::message::ClientMessage;
#[cfg(unix)]
use crate::owner::{self, ROOT};
use crate::pieces;
use crate::response::Response;
use crate::runtime_dir::{Claim, RuntimeDir};
#[cfg(windows)]
use crate::user::User;

/// The greatest number of clients at a time: far more than a person has windows and terminals.
const MOST_CLIENTS: usize = 64;
/// The number of clients that may send a line of more than the usual length at the same time.
const LONG_LINES: usize = 1;
/// A client that says nothing for so long is of no use any more. A person may be typing a token at a terminal.
const SILENCE: Duration = Duration::from_mins(15);
/// The time for a line or a response on its way. Both ends are on this machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// A listening socket.
pub struct Server {
    listener: Listener,
    bounds: Bounds,
    #[cfg(unix)]
    owner: u32,
    #[cfg(windows)]
    owner: User,
}

impl Server {
    /// Listens in `runtime_dir`. The claim shows that it is ours, so a socket file found there is a leftover.
    ///
    /// # Errors
    /// Whatever keeps the socket from being made.
    pub fn listen(runtime_dir: &RuntimeDir, _claim: &Claim) -> io::Result<Self> {
        let long_lines = Arc::new(Semaphore::new(LONG_LINES));
        let bounds = Bounds { silence: SILENCE, patience: PATIENCE, long_lines };
        let options = ListenerOptions::new().name(runtime_dir.name()?);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            match std::fs::remove_file(runtime_dir.socket()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let listener = options.create_tokio()?;
            std::fs::set_permissions(runtime_dir.socket(), std::fs::Permissions::from_mode(0o600))?;
            Ok(Server { listener, bounds, owner: owner::this_user() })
        }
        #[cfg(windows)]
        {
            use interprocess::os::windows::local_socket::ListenerOptionsExt as _;
            let owner = User::this()?;
            let listener = options.security_descriptor(owner.alone()?).create_tokio()?;
            Ok(Server { listener, bounds, owner })
        }
    }

    /// The greatest number of clients that may be connected at a time. At most a quarter of this process's descriptors
    /// are theirs, so that the others are left for updates.
    pub fn most_clients() -> usize {
        quarter_of_descriptors(MOST_CLIENTS)
    }

    /// The next connection of the same user; any other is closed at once.
    ///
    /// # Errors
    /// When the socket itself fails.
    pub async fn accept(&self) -> io::Result<Connection> {
        loop {
            let stream = self.listener.accept().await?;
            if self.is_own(&stream) {
                let (reader, writer) = tokio::io::split(stream);
                let reader = LineReader::bounded(reader, self.bounds.clone());
                return Ok(Connection { reader, writer: ConnectionWriter { writer } });
            }
        }
    }

    #[cfg(unix)]
    fn is_own(&self, stream: &Stream) -> bool {
        use interprocess::local_socket::traits::StreamCommon as _;
        stream
            .peer_creds()
            .is_ok_and(|peer| peer.euid().is_some_and(|user| user == self.owner || user == ROOT))
    }

    /// The pipe's rights let nobody else in. So a process that may not be asked, because it runs as administrator, is this
    /// user's, too.
    #[cfg(windows)]
    fn is_own(&self, stream: &Stream) -> bool {
        use interprocess::local_socket::traits::StreamCommon as _;
        let Some(process) = stream.peer_creds().ok().and_then(|peer| peer.pid()) else { return false };
        match User::of(process) {
            Ok(user) => user == self.owner,
            Err(error) => error.kind() == io::ErrorKind::PermissionDenied,
        }
    }
}

/// One client.
pub struct Connection {
    reader: LineReader<ReadHalf<Stream>>,
    writer: ConnectionWriter,
}

impl Connection {
    /// The client's next message; none when the client has gone, or has been silent for a quarter of an hour.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for a line that isn't understood. Any other when the connection broke, or when a
    /// line was too long or took too long: it is of no use any more then.
    pub async fn next(&mut self) -> io::Result<Option<ClientMessage>> {
        self.reader.next().await
    }

    /// Sends a response.
    ///
    /// # Errors
    /// When the connection broke, or the client doesn't read.
    pub async fn respond(&mut self, response: &Response) -> io::Result<()> {
        self.writer.respond(response).await
    }

    /// Splits the connection, so that responses can be sent while the client's end is watched.
    pub fn split(self) -> (ConnectionReader, ConnectionWriter) {
        (ConnectionReader { reader: self.reader }, self.writer)
    }
}

/// The reading half of a connection.
pub struct ConnectionReader {
    reader: LineReader<ReadHalf<Stream>>,
}

impl ConnectionReader {
    /// Returns when the client has gone. Whatever it says until then is ignored.
    pub async fn closed(&mut self) {
        self.reader.skip_all().await;
    }
}

/// The writing half of a connection.
pub struct ConnectionWriter {
    writer: WriteHalf<Stream>,
}

impl ConnectionWriter {
    /// Sends a response.
    ///
    /// # Errors
    /// When the connection broke, or the client doesn't read.
    pub async fn respond(&mut self, response: &Response) -> io::Result<()> {
        for piece in pieces::of(response) {
            let written = timeout(PATIENCE, line::write(&mut self.writer, piece.as_ref()));
            written.await.map_err(io::Error::from)??;
        }
        Ok(())
    }
}
