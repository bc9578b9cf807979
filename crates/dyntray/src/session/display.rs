//! The session's display: a connection to it is held, and its end is the display's.

use std::io;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::time::Duration;

use dyntray_agent::faults;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixStream;
use tokio::sync::oneshot;

/// A compositor that crashed and is started again by its desktop has so long to come back.
const PATIENCE: Duration = Duration::from_secs(3);
/// The wait between two tries to reach it.
const RETRY: Duration = Duration::from_millis(500);

/// Returns when the session's display has gone; never where there was none. Tells `watched` as soon as its end will be
/// noticed, if ever.
pub async fn lost(watched: oneshot::Sender<()>) {
    let found = Display::connect().await;
    // Nobody may wait for it any more.
    let _ = watched.send(());
    let mut display = match found {
        Ok(Some(display)) => display,
        Ok(None) => return std::future::pending().await,
        Err(error) => {
            tracing::warn!(%error, "the display can't be watched");
            return std::future::pending().await;
        }
    };
    loop {
        display.closed().await;
        let back = async {
            loop {
                tokio::time::sleep(RETRY).await;
                if let Ok(Some(display)) = Display::connect().await {
                    return display;
                }
            }
        };
        match tokio::time::timeout(PATIENCE, back).await {
            Ok(again) => display = again,
            Err(_) => return,
        }
    }
}

/// A connection to the display. Nothing is ever asked over it.
struct Display(UnixStream);

impl Display {
    /// Connects to the display of this program's environment, if it names one. Under Wayland, the X server comes and goes
    /// as it is needed, so it isn't looked at.
    async fn connect() -> io::Result<Option<Self>> {
        if let Some(socket) = wayland_socket() {
            return UnixStream::connect(socket).await.map(|socket| Some(Display(socket)));
        }
        if is_unset("DISPLAY") {
            return Ok(None);
        }
        // The X server's greeting is awaited, and a display may be on another machine.
        let greeted = tokio::task::spawn_blocking(|| faults::contain_call(x_server))
            .await
            .map_err(io::Error::other)??;
        UnixStream::from_std(greeted).map(|socket| Some(Display(socket)))
    }

    /// Returns when the display has closed the connection.
    async fn closed(&mut self) {
        // Compositors say nothing to those who never asked. X servers tell everybody about a new keyboard layout.
        let mut said = [0; 64];
        while self.0.read(&mut said).await.is_ok_and(|length| length > 0) {}
    }
}

/// A connection to the X server, past its greeting: a server closes those that don't introduce themselves. It is only
/// read from, so one to another machine may pass for a local one.
fn x_server() -> io::Result<std::os::unix::net::UnixStream> {
    let (connection, _) = x11rb::connect(None).map_err(io::Error::other)?;
    let socket = connection.stream().as_fd().try_clone_to_owned()?.into();
    std::os::unix::net::UnixStream::set_nonblocking(&socket, true)?;
    Ok(socket)
}

/// The Wayland compositor's socket: a path, or a name in the runtime directory.
fn wayland_socket() -> Option<PathBuf> {
    let name = std::env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty())?;
    Some(PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?).join(name))
}

fn is_unset(variable: &str) -> bool {
    std::env::var_os(variable).is_none_or(|value| value.is_empty())
}
