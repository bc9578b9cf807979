//! Servers on loopback that do whatever a story wants, byte by byte, and remember all they were sent.
#![allow(dead_code, reason = "every file of stories takes what it needs")]

pub mod tls;

use std::ffi::OsStr;
use std::net::IpAddr;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dyntray_agent::{install_tls, sender, web_resolver};
use dyntray_core::observe::observation::Observation;
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Proxy;
use dyntray_core::types::address::{Addresses, Family, PublicAddress};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::server::WebAddress;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub const HOST: &str = "home.spdns.de";
pub const TOKEN: &str = "abcd-efgh-ijkl";
/// `home.spdns.de:abcd-efgh-ijkl`, as HTTP Basic writes it.
pub const BASIC: &str = "Basic aG9tZS5zcGRucy5kZTphYmNkLWVmZ2gtaWprbA==";
pub const IPV4: &str = "84.160.12.7";
pub const IPV6: &str = "2003:e1:1:2::7";

/// What a server does once it has read a request's head.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes, and closes the connection properly.
    Answer(Vec<u8>),
    /// Sends the first bytes, then the second ones for ever and as fast as they are taken.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends the first bytes, then the second ones every half second for ever.
    Drip(Vec<u8>, Vec<u8>),
    /// Says nothing and keeps the connection.
    Hang,
    /// Breaks the connection off (RST).
    Reset,
    /// Sends the first bytes, then breaks the connection off.
    ResetAfter(Vec<u8>),
}

impl Act {
    /// A plain answer of this status and body.
    pub fn status(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with(status, "Content-Type: text/html\r\n", body)
    }

    /// The same with more header lines, each ended by a line break.
    pub fn with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status} Any\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        Self::Answer([head.as_bytes(), body].concat())
    }

    /// A redirect to another address.
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::with(status, &format!("Location: {to}\r\n"), "<html>Moved</html>")
    }
}

#[derive(Default)]
struct Heard {
    connections: usize,
    requests: Vec<String>,
}

/// A running server. It ends with the test.
pub struct Server {
    port: u16,
    heard: Arc<Mutex<Heard>>,
}

impl Server {
    /// Starts one on `127.0.0.1`.
    pub async fn start(act: Act) -> Self {
        Self::on(0, act).await
    }

    /// Starts one on this port of `127.0.0.1`.
    pub async fn on(port: u16, act: Act) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let server = Server {
            port: listener.local_addr().expect("an address").port(),
            heard: Arc::new(Mutex::new(Heard::default())),
        };
        let heard = Arc::clone(&server.heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                locked(&heard).connections += 1;
                let (heard, act) = (Arc::clone(&heard), act.clone());
                tokio::spawn(serve(stream, act, heard));
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of a page of this server, over plain HTTP.
    pub fn page(&self, path: &str) -> WebAddress {
        WebAddress::parse(&format!("http://127.0.0.1:{}{path}", self.port)).expect("an address")
    }

    /// The update server that this one pretends to be.
    pub fn update(&self) -> WebAddress {
        WebAddress::parse_server(&format!("127.0.0.1:{}", self.port)).expect("an address")
    }

    /// How many connections were made, also those that sent nothing.
    pub fn connections(&self) -> usize {
        locked(&self.heard).connections
    }

    /// The heads of all requests.
    pub fn requests(&self) -> Vec<String> {
        locked(&self.heard).requests.clone()
    }
}

fn locked(heard: &Mutex<Heard>) -> std::sync::MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut stream: TcpStream, act: Act, heard: Arc<Mutex<Heard>>) {
    let request = read_head(&mut stream).await;
    locked(&heard).requests.push(request);
    let rest = match act {
        Act::Reset => Some(Vec::new()),
        Act::ResetAfter(bytes) => Some(bytes),
        other => {
            play(&mut stream, other).await;
            None
        }
    };
    if let Some(bytes) = rest {
        stream.write_all(&bytes).await.expect("the client listens");
        // What was sent shall arrive before the break.
        tokio::time::sleep(Duration::from_millis(200)).await;
        stream.set_zero_linger().expect("a socket option");
    }
}

/// The first byte of TLS's first message.
const TLS_HELLO: &[u8] = b"\x16";

/// A request's head; what there is of it, when the client ends early or begins to speak TLS.
pub async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head != TLS_HELLO {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Does what was ordered until it is done or the client goes.
pub async fn play(stream: &mut (impl AsyncWrite + Unpin), act: Act) {
    match act {
        Act::Answer(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Flood(head, rest) => {
            let _ = stream.write_all(&head).await;
            let rest = rest.repeat(1 + 16 * 1024 / rest.len());
            while stream.write_all(&rest).await.is_ok() {}
        }
        Act::Drip(head, rest) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(&rest).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        Act::Hang => std::future::pending().await,
        Act::Reset | Act::ResetAfter(_) => unreachable!("only TCP itself can break a connection off"),
    }
}

/// A port of this machine at which nobody listens.
pub async fn deserted_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

pub fn public(text: &str) -> PublicAddress {
    let ip: IpAddr = text.parse().expect("an address");
    PublicAddress::try_from(ip).expect("a public one")
}

/// An update request of both families to `server`.
pub fn request(server: WebAddress) -> UpdateRequest {
    UpdateRequest {
        entry: EntryId(1),
        server,
        hostname: Hostname::parse(HOST).expect("a host name"),
        dialect: dyntray_core::protocol::dialect::ServerDialect::default(),
        user: HOST.to_owned(),
        addresses: Addresses { ipv4: Some(public(IPV4)), ipv6: Some(public(IPV6)) },
    }
}

/// Sends an update of both families to `server`, as the program does.
pub async fn send(server: WebAddress) -> SendEnd {
    send_request(&request(server)).await
}

pub async fn send_request(request: &UpdateRequest) -> SendEnd {
    send_through(request, &Proxy::System).await
}

pub async fn send_through(request: &UpdateRequest, proxy: &Proxy) -> SendEnd {
    install_tls();
    sender::send(request, &TOKEN.into(), proxy).await
}

/// Looks up an address, as the program does.
pub async fn look_up(resolver: &WebAddress, family: Family) -> Observation {
    install_tls();
    web_resolver::look_up(resolver, family).await
}

/// The value of a header of a request's head.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

const INNER: &str = "DYNTRAY_TEST_INNER";

/// Tells `story` in a process of its own with these variables: a process must not change its own. `test` is the
/// test's full name.
pub fn in_environment(test: &str, variables: &[(&str, &OsStr)], story: impl AsyncFnOnce()) {
    if std::env::var_os(INNER).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(story());
        return;
    }
    let me = std::env::current_exe().expect("this program");
    let told = Command::new(me)
        .args(["--exact", test, "--nocapture"])
        .env(INNER, "1")
        .envs(variables.iter().copied())
        .output()
        .expect("starts");
    let said = String::from_utf8_lossy(&told.stdout);
    let report = format!("{said}{}", String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success() && said.contains("1 passed"), "{report}");
}
