//! The always-on program's end of the socket. It lets in the same user only: the directory is private, the socket's
//! mode is 0600, and the peer's credentials are checked on top. The administrator gets in as well, since nothing keeps
//! them out anyway and the system's service is controlled that way. On Windows only the user has rights to the pipe,
//! and the owner of the peer's process is checked on top.

use std::io;

use interprocess::local_socket::ListenerOptions;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::traits::tokio::Listener as _;
use tokio::io::{BufReader, ReadHalf, WriteHalf};

use crate::line;
use crate::message::ClientMessage;
#[cfg(unix)]
use crate::owner::{self, ROOT};
use crate::response::Response;
use crate::runtime_dir::{Claim, RuntimeDir};
#[cfg(windows)]
use crate::user::User;

/// A listening socket.
pub struct Server {
    listener: Listener,
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
            Ok(Server { listener, owner: owner::this_user() })
        }
        #[cfg(windows)]
        {
            use interprocess::os::windows::local_socket::ListenerOptionsExt as _;
            let owner = User::this()?;
            let listener = options.security_descriptor(owner.alone()?).create_tokio()?;
            Ok(Server { listener, owner })
        }
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
                return Ok(Connection { reader: BufReader::new(reader), writer });
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

    #[cfg(windows)]
    fn is_own(&self, stream: &Stream) -> bool {
        use interprocess::local_socket::traits::StreamCommon as _;
        let peer = stream.peer_creds().ok().and_then(|peer| User::of(peer.pid()?).ok());
        peer.as_ref() == Some(&self.owner)
    }
}

/// One client.
pub struct Connection {
    reader: BufReader<ReadHalf<Stream>>,
    writer: WriteHalf<Stream>,
}

impl Connection {
    /// The client's next message; none when the client has gone.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for a line that isn't understood; any other when the connection broke.
    pub async fn next(&mut self) -> io::Result<Option<ClientMessage>> {
        line::read(&mut self.reader).await
    }

    /// Sends a response.
    ///
    /// # Errors
    /// When the connection broke.
    pub async fn respond(&mut self, response: &Response) -> io::Result<()> {
        line::write(&mut self.writer, response).await
    }

    /// Splits the connection, so that responses can be sent while the client's end is watched.
    pub fn split(self) -> (ConnectionReader, ConnectionWriter) {
        (ConnectionReader { reader: self.reader }, ConnectionWriter { writer: self.writer })
    }
}

/// The reading half of a connection.
pub struct ConnectionReader {
    reader: BufReader<ReadHalf<Stream>>,
}

impl ConnectionReader {
    /// Returns when the client has gone.
    pub async fn closed(&mut self) {
        while let Ok(Some(_)) = line::read::<ClientMessage>(&mut self.reader).await {}
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
    /// When the connection broke.
    pub async fn respond(&mut self, response: &Response) -> io::Result<()> {
        line::write(&mut self.writer, response).await
    }
}
