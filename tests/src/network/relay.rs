//! A relay from this machine's loopback to one port in a namespace: for a browser at the portal, or a window's driver.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};

use super::namespace::{Namespace, Task};
use crate::{Error, Result};

/// A port on 127.0.0.1 whose connections come out in a namespace. Dropping it closes it.
pub struct Relay {
    port: u16,
    _task: Task,
}

impl Relay {
    /// Opens it; for port 0, at any free one.
    pub fn start(namespace: &Namespace, port: u16, target: SocketAddr) -> Result<Self> {
        let not_started = |source| Error::NotStarted { program: format!("a relay to {target}"), source };
        // Bound here, so that it listens here although it is served from the namespace.
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(not_started)?;
        listener.set_nonblocking(true).map_err(not_started)?;
        let port = listener.local_addr().map_err(not_started)?.port();
        Ok(Self { port, _task: Task::start(namespace, serve(listener, target))? })
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

async fn serve(listener: std::net::TcpListener, target: SocketAddr) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    while let Ok((mut here, _)) = listener.accept().await {
        tokio::spawn(async move {
            if let Ok(mut there) = TcpStream::connect(target).await {
                // Either side may leave at any time.
                let _ended = tokio::io::copy_bidirectional(&mut here, &mut there).await;
            }
        });
    }
}
