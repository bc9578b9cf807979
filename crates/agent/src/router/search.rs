//! Searches the router by SSDP (UPnP Device Architecture 2.0, 1.3). Only the gateway's own answers count.

use std::io;
use std::net::{IpAddr, SocketAddrV4};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use super::RouterAt;
use super::gateway_url::GatewayUrl;

/// What a router answers to. Old ones know only their own words.
const TARGETS: [&str; 5] = [
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
    "urn:schemas-upnp-org:service:WANIPConnection:1",
    "urn:schemas-upnp-org:service:WANIPConnection:2",
    "urn:schemas-upnp-org:service:WANPPPConnection:1",
];
/// UDP may lose the first questions.
const ASK_AGAIN: Duration = Duration::from_millis(800);
/// A router has one description, or one for each version.
const MOST_DESCRIPTIONS: usize = 4;
/// Longer answers are nobody's.
const LONGEST_ANSWER: usize = 2048;

/// A search under way.
pub(super) struct Search {
    socket: UdpSocket,
    at: RouterAt,
    place: SocketAddrV4,
    seen: Vec<GatewayUrl>,
}

impl Search {
    /// Asks all of the home network, from this machine's address in it.
    ///
    /// # Errors
    /// The system's, when that address is gone.
    pub(super) async fn start(at: RouterAt, place: SocketAddrV4) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.bind(&SocketAddrV4::new(at.local, 0).into())?;
        socket.set_multicast_if_v4(&at.local)?;
        socket.set_multicast_ttl_v4(2)?;
        socket.set_nonblocking(true)?;
        let search = Search { socket: UdpSocket::from_std(socket.into())?, at, place, seen: Vec::new() };
        search.ask().await?;
        Ok(search)
    }

    /// Where the gateway says its next description is. Waits for ever when there is no more.
    ///
    /// # Errors
    /// The system's, when the network goes away meanwhile.
    pub(super) async fn next(&mut self) -> io::Result<GatewayUrl> {
        let mut packet = [0; LONGEST_ANSWER];
        loop {
            let Ok(received) = tokio::time::timeout(ASK_AGAIN, self.socket.recv_from(&mut packet)).await
            else {
                self.ask().await?;
                continue;
            };
            let (length, from) = match received {
                // Windows tells so that nobody listens at the gateway's port; others may still answer.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
                received => received?,
            };
            if from.ip() != IpAddr::V4(self.at.address) {
                tracing::debug!(%from, "answered like a router and isn't the gateway: not used");
                continue;
            }
            let Some(location) = location(&packet[..length]) else {
                tracing::debug!(%from, "the gateway's answer has no location");
                continue;
            };
            match GatewayUrl::parse(location, self.at) {
                Some(url) if self.seen.contains(&url) => {}
                Some(url) if self.seen.len() < MOST_DESCRIPTIONS => {
                    self.seen.push(url.clone());
                    return Ok(url);
                }
                Some(url) => tracing::debug!(?url, "one description too many"),
                None => tracing::debug!(location, "the gateway's description is elsewhere: not used"),
            }
        }
    }

    /// Asks everybody, and the gateway once more alone: a firewall of this machine lets an answer in only from where
    /// a question went.
    async fn ask(&self) -> io::Result<()> {
        if let Err(error) = self.ask_at(self.place).await {
            tracing::debug!(%error, "no multicast here");
        }
        self.ask_at(SocketAddrV4::new(self.at.address, self.place.port())).await
    }

    async fn ask_at(&self, place: SocketAddrV4) -> io::Result<()> {
        for target in TARGETS {
            let question = format!(
                "M-SEARCH * HTTP/1.1\r\nHOST: {place}\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {target}\r\n\r\n"
            );
            self.socket.send_to(question.as_bytes(), place).await?;
        }
        Ok(())
    }
}

/// The `LOCATION` of a search's answer; none where it isn't one.
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
