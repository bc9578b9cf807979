//! Searches the router by SSDP (UPnP Device Architecture 2.0, 1.3). Only responses of the gateway itself count.

use std::io;
use std::net::{IpAddr, SocketAddrV4};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use super::gateway::LanGateway;
use super::gateway_url::GatewayUrl;

/// The search targets. Old routers answer only to one of their own.
const TARGETS: [&str; 5] = [
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
    "urn:schemas-upnp-org:service:WANIPConnection:1",
    "urn:schemas-upnp-org:service:WANIPConnection:2",
    "urn:schemas-upnp-org:service:WANPPPConnection:1",
];
/// The wait before the requests are sent again, because UDP may lose them.
const RESEND_AFTER: Duration = Duration::from_millis(800);
/// The number of descriptions that are read. A router has one, or one for each version.
const MAX_DESCRIPTIONS: usize = 4;
/// The longest response.
const MAX_RESPONSE: usize = 2048;

/// A search in progress.
pub(super) struct Search {
    socket: UdpSocket,
    gateway: LanGateway,
    group: SocketAddrV4,
    seen: Vec<GatewayUrl>,
}

impl Search {
    /// Starts a search of the home network, from this machine's address in it.
    ///
    /// # Errors
    /// The system's, if that address is gone.
    pub(super) async fn start(gateway: LanGateway, group: SocketAddrV4) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.bind(&SocketAddrV4::new(gateway.local_address, 0).into())?;
        socket.set_multicast_if_v4(&gateway.local_address)?;
        socket.set_multicast_ttl_v4(2)?;
        socket.set_nonblocking(true)?;
        let search = Search { socket: UdpSocket::from_std(socket.into())?, gateway, group, seen: Vec::new() };
        search.send().await?;
        Ok(search)
    }

    /// The URL of the gateway's next description. Waits for ever if there is no more.
    ///
    /// # Errors
    /// The system's, if the network goes away meanwhile.
    pub(super) async fn next(&mut self) -> io::Result<GatewayUrl> {
        let mut packet = [0; MAX_RESPONSE];
        loop {
            let Ok(received) = tokio::time::timeout(RESEND_AFTER, self.socket.recv_from(&mut packet)).await
            else {
                self.send().await?;
                continue;
            };
            let (length, from) = match received {
                // Windows reports in this way that nothing listens at the gateway's port. The multicast may still be answered.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
                received => received?,
            };
            if from.ip() != IpAddr::V4(self.gateway.address) {
                tracing::debug!(%from, "a response from somebody else than the gateway isn't used");
                continue;
            }
            let Some(location) = location(&packet[..length]) else {
                tracing::debug!(%from, "the gateway's response has no location");
                continue;
            };
            match GatewayUrl::parse(location, self.gateway) {
                Some(url) if self.seen.contains(&url) => {}
                Some(url) if self.seen.len() < MAX_DESCRIPTIONS => {
                    self.seen.push(url.clone());
                    return Ok(url);
                }
                Some(url) => tracing::debug!(?url, "one description too many"),
                None => tracing::debug!(location, "a description at another host isn't used"),
            }
        }
    }

    /// Sends the requests to everybody, and once more to the gateway alone: this machine's firewall lets a response in only
    /// from where a request went.
    async fn send(&self) -> io::Result<()> {
        if let Err(error) = self.send_to(self.group).await {
            tracing::debug!(%error, "no multicast here");
        }
        self.send_to(SocketAddrV4::new(self.gateway.address, self.group.port())).await
    }

    async fn send_to(&self, address: SocketAddrV4) -> io::Result<()> {
        for target in TARGETS {
            let request = format!(
                "M-SEARCH * HTTP/1.1\r\nHOST: {address}\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {target}\r\n\r\n"
            );
            self.socket.send_to(request.as_bytes(), address).await?;
        }
        Ok(())
    }
}

/// The `LOCATION` header of a response; none if the packet isn't one.
pub(super) fn location(packet: &[u8]) -> Option<&str> {
    let mut lines = std::str::from_utf8(packet).ok()?.lines();
    let status = lines.next()?;
    if !(status.starts_with("HTTP/1.1 200") || status.starts_with("HTTP/1.0 200")) {
        return None;
    }
    lines
        .filter_map(|line| line.split_once(':'))
        .find_map(|(name, value)| name.trim().eq_ignore_ascii_case("location").then_some(value.trim()))
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_location_is_read_however_its_name_is_spelt() {
        for name in ["LOCATION: ", "Location:", "location:  "] {
            let answer = format!("HTTP/1.1 200 OK\r\nST: x\r\n{name}http://192.168.1.1:80/a.xml\r\n\r\n");
            assert_eq!(location(answer.as_bytes()), Some("http://192.168.1.1:80/a.xml"));
        }
    }

    #[test]
    fn what_is_no_answer_has_no_location() {
        for packet in [
            &b""[..],
            b"\xff\xfe",
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nLOCATION:\r\n\r\n",
            b"HTTP/1.1 404 No\r\nLOCATION: http://192.168.1.1/\r\n\r\n",
            b"NOTIFY * HTTP/1.1\r\nLOCATION: http://192.168.1.1/\r\n\r\n",
            b"M-SEARCH * HTTP/1.1\r\nST: x\r\n\r\n",
        ] {
            assert_eq!(location(packet), None);
        }
    }
}
