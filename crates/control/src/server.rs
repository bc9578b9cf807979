//! The always-on program's end of the socket. It lets in the same user only: the directory is private, the socket's
//! mode is 0600, and the peer's credentials are checked on top. The administrator gets in as well, who could anyhow:
//! that is how the system's service is spoken to. On Windows the pipe's rights are the user's alone, and whose process the
//! peer is is checked on top.

use std::io;

use interprocess::local_socket::ListenerOptions;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::traits::tokio::Listener as _;
use tokio::io::{BufReader, ReadHalf, WriteHalf};

use crate::line;
use crate::protocol::{Request, Response};
use crate::runtime_dir::{Claim, RuntimeDir};
#[cfg(windows)]
use crate::user::User;

/// The administrator.
#[cfg(unix)]
const ROOT: u32 = 0;

/// A listening socket.
pub struct Server {
    listener: Listener,
    #[cfg(unix)]
    owner: u32,
    #[cfg(windows)]
    owner: User,
}

impl Server {
    /// Listens at `place`, which its claim says is ours: a socket file found there is a leftover.
    ///
    /// # Errors
    /// Whatever keeps the socket from being made.
    pub fn listen(place: &RuntimeDir, _claim: &Claim) -> io::Result<Self> {
        let options = ListenerOptions::new().name(place.name()?);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            match std::fs::remove_file(place.socket()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let listener = options.create_tokio()?;
            std::fs::set_permissions(place.socket(), std::fs::Permissions::from_mode(0o600))?;
            let owner = std::fs::metadata(place.socket())?.uid();
            Ok(Server { listener, owner })
        }
        #[cfg(windows)]
        {
            use interprocess::os::windows::local_socket::ListenerOptionsExt as _;
            let owner = User::this()?;
            let listener = options.security_descriptor(owner.alone()?).create_tokio()?;
            Ok(Server { listener, owner })
        }
    }

    /// The next connection of the same user; anybody else's is closed without a word.
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
    /// The next request; none when the client has gone.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for a line that isn't understood; else the connection broke.
    pub async fn next(&mut self) -> io::Result<Option<Request>> {
        line::read(&mut self.reader).await
    }

    /// Sends an answer.
    ///
    /// # Errors
    /// When the connection broke.
    pub async fn answer(&mut self, answer: &Response) -> io::Result<()> {
        line::write(&mut self.writer, answer).await
    }

    /// Takes the connection apart, to answer and to notice the client's going at the same time.
    pub fn split(self) -> (Listening, Answering) {
        (Listening { reader: self.reader }, Answering { writer: self.writer })
    }
}

/// The half that hears the client.
pub struct Listening {
    reader: BufReader<ReadHalf<Stream>>,
}

impl Listening {
    /// Returns when the client has gone.
    pub async fn gone(&mut self) {
        while let Ok(Some(_)) = line::read::<Request>(&mut self.reader).await {}
    }
}

/// The half that answers.
pub struct Answering {
    writer: WriteHalf<Stream>,
}

impl Answering {
    /// Sends an answer.
    ///
    /// # Errors
    /// When the connection broke.
    pub async fn answer(&mut self, answer: &Response) -> io::Result<()> {
        line::write(&mut self.writer, answer).await
    }
}
