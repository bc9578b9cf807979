//! Searches the router by SSDP (UPnP Device Architecture 2.0, 1.3). Only responses of the gateway itself count.

use std::io;
use std::net::{IpAddr, SocketAddrV4};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

use super::gateway::LanGateway;
use super::gateway_url::GatewayUrl;
use super::http1::{self, Head};
use super::options::Options;

/// The search targets. Old routers answer only to one of their own, and some only to `upnp:rootdevice`, for all their
/// devices. The last but one is a FRITZ!Box's own (AVM, "TR-064 – First Steps", 2017-06-06, 2): it answers to that one also
/// where its status by UPnP is switched off.
const TARGETS: [&str; 7] = [
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
    "urn:schemas-upnp-org:service:WANIPConnection:1",
    "urn:schemas-upnp-org:service:WANIPConnection:2",
    "urn:schemas-upnp-org:service:WANPPPConnection:1",
    "urn:dslforum-org:device:InternetGatewayDevice:1",
    "upnp:rootdevice",
];
/// The wait before the second round of requests, because UDP may lose them.
const SECOND_ROUND: Duration = Duration::from_millis(800);
/// The places at which a FRITZ!Box describes itself: by UPnP, and by TR-064 (AVM, "TR-064 – First Steps", 2017-06-06, 3.1).
const USUAL_PLACES: [&str; 2] = ["/igddesc.xml", "/tr64desc.xml"];
/// The number of descriptions that are read. A router has one, or one for each version; a FRITZ!Box has six.
const MAX_DESCRIPTIONS: usize = 12;
/// The most answers in one packet.
const MAX_ANSWERS: usize = 4;
/// The longest response.
const MAX_RESPONSE: usize = 2048;

/// A search in progress.
pub(super) struct Search {
    socket: UdpSocket,
    gateway: LanGateway,
    group: SocketAddrV4,
    /// The port of the usual places.
    usual_port: u16,
    /// The time of the second round; none after it.
    second_round: Option<Instant>,
    /// The descriptions so far, and how many of them were returned.
    found: Vec<GatewayUrl>,
    returned: usize,
}

impl Search {
    /// Starts a search of the home network, from this machine's address in it. The usual places of descriptions come with the
    /// second round: some networks let no such packets through, and not every box answers for every description.
    ///
    /// # Errors
    /// The system's, if that address is gone.
    pub(super) async fn start(gateway: LanGateway, options: &Options) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.bind(&SocketAddrV4::new(gateway.local_address, 0).into())?;
        socket.set_multicast_if_v4(&gateway.local_address)?;
        socket.set_multicast_ttl_v4(2)?;
        socket.set_nonblocking(true)?;
        let socket = UdpSocket::from_std(socket.into())?;
        let second_round = Some(Instant::now() + SECOND_ROUND);
        let Options { search: group, fritz_box_port: usual_port, .. } = *options;
        let search =
            Search { socket, gateway, group, usual_port, second_round, found: Vec::new(), returned: 0 };
        search.send().await?;
        Ok(search)
    }

    /// The URL of the gateway's next description. Waits for ever if there is no more. May be dropped and called again at
    /// any time.
    ///
    /// # Errors
    /// The system's, if the network goes away meanwhile.
    pub(super) async fn next(&mut self) -> io::Result<GatewayUrl> {
        let mut packet = [0; MAX_RESPONSE];
        loop {
            if let Some(url) = self.found.get(self.returned) {
                self.returned += 1;
                return Ok(url.clone());
            }
            let receive = self.socket.recv_from(&mut packet);
            let received = match self.second_round {
                None => receive.await,
                Some(at) => {
                    let Ok(received) = timeout_at(at, receive).await else {
                        self.second_round = None;
                        self.send().await?;
                        let usual: Vec<_> =
                            self.usual_places().filter(|url| !self.found.contains(url)).collect();
                        self.found.extend(usual);
                        continue;
                    };
                    received
                }
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
            for url in locations(&packet[..length], self.gateway) {
                if self.found.contains(&url) {
                    continue;
                }
                if self.found.len() < MAX_DESCRIPTIONS {
                    self.found.push(url);
                } else {
                    tracing::debug!(?url, "one description too many");
                }
            }
        }
    }

    fn usual_places(&self) -> impl Iterator<Item = GatewayUrl> {
        let (gateway, port) = (self.gateway, self.usual_port);
        USUAL_PLACES.into_iter().filter_map(move |path| {
            GatewayUrl::parse(&format!("http://{}:{port}{path}", gateway.address), gateway)
        })
    }

    /// Sends the requests to everybody, and once more to the gateway alone: this machine's firewall lets a response in only
    /// from where a request went.
    async fn send(&self) -> io::Result<()> {
        if *self.group.ip() != self.gateway.address
            && let Err(error) = self.send_to(self.group).await
        {
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

/// The URLs that a packet names as places of descriptions. It is read byte by byte, because some routers write their name
/// in another encoding; some name two places in one response, send two responses in one packet, or have an empty line within
/// one. Some announce themselves in place of an answer.
pub(super) fn locations(packet: &[u8], gateway: LanGateway) -> Vec<GatewayUrl> {
    let mut found = Vec::new();
    let mut rest = packet;
    // False behind a start line that says something else.
    let mut is_answer = false;
    for _ in 0..MAX_ANSWERS {
        let mut head = Head::parse(rest);
        match (head.status(), head.request()) {
            (Some(status), _) => is_answer = matches!(status, 200..=299),
            (None, Some(("NOTIFY", _))) => is_answer = head.get("nts") == Some("ssdp:alive"),
            (None, Some(_)) => is_answer = false,
            // It goes on behind an empty line.
            (None, None) => head = Head::parse(&[b"HTTP/1.1 200 OK\r\n", rest].concat()),
        }
        if is_answer {
            for location in head.all("location").flat_map(|value| value.split([' ', ','])) {
                let location = location.trim_matches(['<', '>', '"']);
                if let Some(url) = GatewayUrl::parse(location, gateway) {
                    found.push(url);
                } else {
                    tracing::debug!(location, "no place of a description");
                }
            }
        }
        match http1::head_length(rest) {
            Some(length) if length < rest.len() => rest = &rest[length..],
            _ => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn found(packet: &[u8]) -> Vec<String> {
        let gateway = LanGateway {
            address: Ipv4Addr::new(192, 168, 1, 1),
            local_address: Ipv4Addr::new(192, 168, 1, 2),
        };
        locations(packet, gateway).iter().map(|url| format!("{url:?}")).collect()
    }

    #[test]
    fn the_location_is_read_however_the_response_is_written() {
        for answer in [
            "HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: http://192.168.1.1:80/a.xml\r\n\r\n",
            "HTTP/1.1 200 OK\r\nLocation:http://192.168.1.1:80/a.xml\r\n\r\n",
            "HTTP/1.0 200\r\nlocation:  http://192.168.1.1:80/a.xml",
            "HTTP/1.1 200 OK\nLOCATION : http://192.168.1.1/a.xml\n\n",
            "HTTP/1.1 200 OK\r\nLOCATION:\r\n http://[::1]:80/a.xml\r\n\r\n",
            "HTTP/1.1 200 OK\r\nLOCATION: <http://169.254.1.1/a.xml>\r\n\r\n",
        ] {
            assert_eq!(found(answer.as_bytes()), ["http://192.168.1.1/a.xml"], "{answer}");
        }
        let name = b"HTTP/1.1 200 OK\r\nSERVER: Bo\xeete\r\nLOCATION: http://192.168.1.1/a.xml\r\n\r\n";
        assert_eq!(found(name), ["http://192.168.1.1/a.xml"]);
    }

    #[test]
    fn all_locations_of_a_packet_are_read() {
        let both = ["http://192.168.1.1:49000/a.xml", "http://192.168.1.1:49000/b.xml"];
        for answer in [
            "HTTP/1.1 200 OK\r\nLOCATION: {a}\r\nLOCATION: {b}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nLOCATION: {a}, {b}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nLOCATION: {a}\r\n\r\nHTTP/1.1 200 OK\r\nLOCATION: {b}\r\n\r\n",
        ] {
            let answer = answer.replace("{a}", both[0]).replace("{b}", both[1]);
            assert_eq!(found(answer.as_bytes()), both, "{answer}");
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
            assert_eq!(found(packet), Vec::<String>::new());
        }
    }
}
