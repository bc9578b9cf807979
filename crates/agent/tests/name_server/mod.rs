//! Name servers on loopback that answer each query with the bytes that a story wants.
#![allow(dead_code, reason = "each file of stories uses only a part")]

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dyntray_agent::dns_check::DnsChecks;
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::hostname::Hostname;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

pub const HOST: &str = "home.spdns.de";

/// Makes the answers to one query, all of which are sent.
pub trait Reply: Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync + 'static {}
impl<F: Fn(&[u8]) -> Vec<Vec<u8>> + Send + Sync + 'static> Reply for F {}

/// A running server. It ends when it is dropped.
pub struct NameServer {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    _running: JoinSet<()>,
}

impl NameServer {
    /// Starts one that answers over UDP and over TCP.
    pub async fn start(udp: impl Reply, tcp: impl Reply) -> Self {
        Self::run(udp, tcp, None, None).await
    }

    /// Starts one that answers over UDP from another port than the one it is asked at.
    pub async fn from_another_port(udp: impl Reply) -> Self {
        let other = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        Self::run(udp, |_: &[u8]| Vec::new(), Some(other), None).await
    }

    /// Starts one that sends a byte of its TCP answers every half second.
    pub async fn dripping(udp: impl Reply, tcp: impl Reply) -> Self {
        Self::run(udp, tcp, None, Some(Duration::from_millis(500))).await
    }

    async fn run(
        udp: impl Reply,
        tcp: impl Reply,
        speaker: Option<UdpSocket>,
        drip: Option<Duration>,
    ) -> Self {
        let (datagrams, connections) = same_port().await;
        let address = datagrams.local_addr().expect("an address");
        let received = Arc::new(Mutex::new(Vec::new()));
        let mut running = JoinSet::new();
        running.spawn(answer_datagrams(datagrams, speaker, udp, Arc::clone(&received)));
        running.spawn(answer_connections(connections, tcp, drip));
        NameServer { address, received, _running: running }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The queries that arrived over UDP.
    pub fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn same_port() -> (UdpSocket, TcpListener) {
    loop {
        let datagrams = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let port = datagrams.local_addr().expect("an address").port();
        if let Ok(connections) = TcpListener::bind(("127.0.0.1", port)).await {
            return (datagrams, connections);
        }
    }
}

async fn answer_datagrams(
    socket: UdpSocket,
    speaker: Option<UdpSocket>,
    reply: impl Reply,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
) {
    let mut buffer = [0; 600];
    while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
        let query = &buffer[..length];
        received.lock().unwrap_or_else(PoisonError::into_inner).push(query.to_vec());
        for bytes in reply(query) {
            speaker.as_ref().unwrap_or(&socket).send_to(&bytes, from).await.expect("sent");
        }
    }
}

async fn answer_connections(listener: TcpListener, reply: impl Reply, drip: Option<Duration>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(query) = read_query(&mut stream).await else { continue };
        for bytes in reply(&query) {
            let length = u16::try_from(bytes.len()).expect("a message").to_be_bytes();
            for piece in [&length[..], &bytes].concat().chunks(if drip.is_some() { 1 } else { usize::MAX }) {
                let _ = stream.write_all(piece).await;
                tokio::time::sleep(drip.unwrap_or_default()).await;
            }
        }
    }
}

async fn read_query(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut query = vec![0; usize::from(stream.read_u16().await.ok()?)];
    stream.read_exact(&mut query).await.ok()?;
    Some(query)
}

/// Asks one server about [`HOST`], as the program does.
pub async fn check(server: SocketAddr) -> DnsAnswer {
    check_families(server, &Family::BOTH).await
}

/// The same for these families.
pub async fn check_families(server: SocketAddr, families: &[Family]) -> DnsAnswer {
    DnsChecks::default().check(&host(), families.iter().copied(), Some(server)).await
}

pub fn host() -> Hostname {
    Hostname::parse(HOST).expect("a host name")
}

pub fn records(ipv4: &[&str], ipv6: &[&str]) -> DnsAnswer {
    let all = |texts: &[&str]| -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().expect("an address")).collect()
    };
    DnsAnswer::Records(PerFamily { ipv4: all(ipv4), ipv6: all(ipv6) })
}
