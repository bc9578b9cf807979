//! A captive portal: until somebody signs in, every web page is the network's own.

use std::net::{IpAddr, Ipv6Addr};

use dyntray_sandbox::{Options, Sandbox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{
    Networks,
    namespace::{Namespace, Task},
};
use crate::{Error, Result};

/// What HTTPS meets at a captive portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurePort {
    /// Nothing: packets are dropped.
    Dropped,
    /// A server whose certificate nobody vouches for.
    WrongCertificate,
}

/// What every page leads to.
const SIGN_IN: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: http://login.hotel.test/\r\nContent-Length: 0\r\n\
    Connection: close\r\n\r\n";

/// A running captive portal.
pub(super) struct Captive {
    pages: Task,
    secure: Option<Sandbox>,
}

impl Networks {
    /// Whoever is behind the router that the home's machine is connected to meets a sign-in page. DNS works.
    pub async fn captive_portal_on(&mut self, secure: SecurePort) -> Result<()> {
        self.captive_portal_off().await?;
        let router = &self.here().namespace;
        let pages = router.within(TcpListener::bind((Ipv6Addr::UNSPECIFIED, 8080))).await?;
        let pages =
            pages.map_err(|source| Error::NotStarted { program: "a sign-in page".to_owned(), source })?;
        let captive = Captive {
            pages: Task::start(router, serve(pages))?,
            secure: match secure {
                SecurePort::Dropped => None,
                SecurePort::WrongCertificate => Some(self.start_impostor(router).await?),
            },
        };
        let secure = match secure {
            SecurePort::Dropped => "",
            SecurePort::WrongCertificate => "iifname \"lan\" tcp dport 443 redirect to :8443",
        };
        let rules = format!(
            "table inet captive {{\n  chain prerouting {{\n    type nat hook prerouting priority -110\n    \
             iifname \"lan\" tcp dport 80 redirect to :8080\n    {secure}\n  }}\n  \
             chain forward {{\n    type filter hook forward priority -5\n    \
             meta l4proto {{ tcp, udp }} th dport 53 accept\n    iifname \"lan\" drop\n  }}\n}}\n"
        );
        router.nft(&rules).await?;
        self.captive = Some(captive);
        Ok(())
    }

    /// Somebody has signed in.
    pub async fn captive_portal_off(&mut self) -> Result<()> {
        let Some(captive) = self.captive.take() else { return Ok(()) };
        for router in self.cafe.iter().chain([&self.router]) {
            router.namespace.nft_without("captive").await?;
        }
        captive.pages.end().await;
        if let Some(sandbox) = captive.secure {
            sandbox.stop().await;
        }
        Ok(())
    }

    /// A server with another authority than the one that the home trusts.
    async fn start_impostor(&self, router: &Namespace) -> Result<Sandbox> {
        let mut options = Options::new(self.folder.path().join("impostor")).port(8081).https_port(8443);
        options.bind = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        let started = router.within(dyntray_sandbox::start(options)).await?;
        started.map_err(|error| Error::NotThere(format!("an impostor: {error}")))
    }
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        // Whoever doesn't listen misses it.
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
