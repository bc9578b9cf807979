//! A captive portal: until somebody signs in, every web page is the network's own.

use std::{
    net::{IpAddr, Ipv6Addr},
    path::Path,
};

use dyntray_sandbox::{Options, Sandbox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::namespace::{Namespace, Task};
use crate::{Error, Result};

/// The answer to HTTPS at a captive portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurePort {
    /// Nothing: packets are dropped.
    Dropped,
    /// A server with an untrusted certificate.
    WrongCertificate,
}

/// The answer to every page.
const SIGN_IN: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: http://login.hotel.test/\r\nContent-Length: 0\r\n\
    Connection: close\r\n\r\n";

/// A running captive portal.
pub(super) struct Captive {
    pages: Task,
    secure: Option<Sandbox>,
}

impl Captive {
    /// Redirects everything behind this router to a sign-in page. DNS works.
    pub(super) async fn start(router: &Namespace, secure: SecurePort, folder: &Path) -> Result<Self> {
        let pages = router.within(TcpListener::bind((Ipv6Addr::UNSPECIFIED, 8080))).await?;
        let pages =
            pages.map_err(|source| Error::NotStarted { program: "a sign-in page".to_owned(), source })?;
        let pages = Task::start(router, serve(pages))?;
        let (secure, redirect) = match secure {
            SecurePort::Dropped => (None, ""),
            SecurePort::WrongCertificate => {
                let redirect = "iifname \"lan\" tcp dport 443 redirect to :8443";
                (Some(start_impostor(router, folder).await?), redirect)
            }
        };
        let rules = format!(
            "table inet captive {{\n  chain prerouting {{\n    type nat hook prerouting priority -110\n    \
             iifname \"lan\" tcp dport 80 redirect to :8080\n    {redirect}\n  }}\n  \
             chain forward {{\n    type filter hook forward priority -5\n    \
             meta l4proto {{ tcp, udp }} th dport 53 accept\n    iifname \"lan\" drop\n  }}\n}}\n"
        );
        router.nft(&rules).await?;
        Ok(Self { pages, secure })
    }

    /// Somebody has signed in: the page's server ends. Its rules stay at the router until [`Captive::open`].
    pub(super) async fn end(self) {
        self.pages.end().await;
        if let Some(sandbox) = self.secure {
            sandbox.stop().await;
        }
    }

    /// Removes the rules from a router, if it has them.
    pub(super) async fn open(router: &Namespace) -> Result<()> {
        router.nft_without("captive").await
    }
}

/// A server with another authority than the one that the home trusts.
async fn start_impostor(router: &Namespace, folder: &Path) -> Result<Sandbox> {
    let mut options = Options::new(folder.join("impostor")).port(8081).https_port(8443);
    options.bind = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    let started = router.within(dyntray_sandbox::start(options)).await?;
    started.map_err(|error| Error::NotThere(format!("an impostor: {error}")))
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        // A client that has gone misses it.
        tokio::spawn(async move { sign_in(stream).await.ok() });
    }
}

async fn sign_in(mut stream: TcpStream) -> std::io::Result<()> {
    let (mut request, mut part) = (Vec::new(), [0; 1024]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part).await? {
            0 => return Ok(()),
            read => request.extend_from_slice(&part[..read]),
        }
    }
    stream.write_all(SIGN_IN).await?;
    stream.shutdown().await
}
