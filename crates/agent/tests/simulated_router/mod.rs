//! A router on loopback that says whatever a story wants, by SSDP, HTTP and NAT-PMP, and remembers all it was asked.
#![allow(dead_code, reason = "every file of stories takes what it needs")]

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dyntray_agent::install_tls;
use dyntray_agent::router::{LanGateway, Options, Router, RouterAnswer, RouterProtocol};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::types::address::{Family, PublicAddress};
use dyntray_core::types::network::Prefix;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UdpSocket};

pub const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Another machine of the same home.
pub const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
pub const IPV4: &str = "84.160.12.7";
pub const SERVICE: &str = "urn:schemas-upnp-org:service:WANIPConnection:1";

/// What it does once it has read a request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Sends the first bytes, then the second ones for ever and as fast as they are taken.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends the first bytes, then a byte every 100 ms for ever.
    Drip(Vec<u8>),
    /// Says nothing and keeps the connection.
    Hang,
}

impl Act {
    pub fn status(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with(status, "", body)
    }

    /// The same with more header lines, each ended by a line break.
    pub fn with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status} Any\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        Act::Say([head.as_bytes(), body].concat())
    }

    /// The values that answer an action.
    pub fn values(action: &str, values: &[(&str, &str)]) -> Self {
        let values: Vec<_> = values.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
        let values = values.concat();
        let inner = format!("<u:{action}Response xmlns:u=\"{SERVICE}\">{values}</u:{action}Response>");
        Act::status(200, envelope(&inner))
    }

    /// The external IPv4 address, or whatever stands in its place.
    pub fn external(address: &str) -> Self {
        Act::values("GetExternalIPAddress", &[("NewExternalIPAddress", address)])
    }

    /// A refusal with one of UPnP's codes.
    pub fn fault(code: u16) -> Self {
        let inner = format!(
            "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>\
             <UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>{code}</errorCode>\
             </UPnPError></detail></s:Fault>"
        );
        Act::status(500, envelope(&inner))
    }

    /// A subscription of this number.
    pub fn subscribed(number: &str) -> Self {
        Act::with(200, &format!("SID: {number}\r\nTIMEOUT: Second-1800\r\n"), "")
    }
}

pub fn envelope(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>{inner}</s:Body></s:Envelope>"
    )
}

/// A description with one connection, asked and heard at these places.
pub fn description(control: &str, events: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><deviceList><device>\
         <serviceList><service><serviceType>{SERVICE}</serviceType><controlURL>{control}</controlURL>\
         <eventSubURL>{events}</eventSubURL></service></serviceList></device></deviceList></device></root>"
    )
}

#[derive(Default)]
struct Script {
    /// By `GET /path`, by the name of a SOAP action, or by `/path#action`.
    acts: HashMap<String, Act>,
    /// What a search is answered with, and from where.
    locations: Vec<(Ipv4Addr, String)>,
    /// What NAT-PMP is answered with, and from where; each in turn.
    natpmp: Vec<(Ipv4Addr, Vec<u8>)>,
    heard: Vec<String>,
}

/// The router. It ends with the test.
pub struct SimulatedRouter {
    port: u16,
    options: Options,
    script: Arc<Mutex<Script>>,
}

impl SimulatedRouter {
    /// One that says nothing at all yet.
    pub async fn silent() -> Self {
        let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
        let search = UdpSocket::bind((HERE, 0)).await.expect("a port");
        let natpmp = UdpSocket::bind((HERE, 0)).await.expect("a port");
        let options = Options {
            search: v4(search.local_addr().expect("an address")),
            natpmp_port: natpmp.local_addr().expect("an address").port(),
            announcements: SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 1), free_port().await),
            search_again: [Duration::from_millis(500); 3],
        };
        let port = listener.local_addr().expect("an address").port();
        let script = Arc::default();
        tokio::spawn(be_searched(search, Arc::clone(&script)));
        tokio::spawn(be_asked(natpmp, options.natpmp_port, Arc::clone(&script)));
        tokio::spawn(serve(listener, Arc::clone(&script)));
        SimulatedRouter { port, options, script }
    }

    /// A well-behaved one, which tells 84.160.12.7 and its events.
    pub async fn good() -> Self {
        let router = Self::silent().await;
        router.located(HERE, &router.page("/desc.xml"));
        router.acts("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
        router.acts("GetExternalIPAddress", Act::external(IPV4));
        router.acts("X_AVM_DE_GetExternalIPv6Address", Act::fault(401));
        router.acts("SUBSCRIBE /evt", Act::subscribed("uuid:1"));
        router.acts("UNSUBSCRIBE /evt", Act::status(200, ""));
        router
    }

    /// From now on this is what comes of `what`.
    pub fn acts(&self, what: &str, act: Act) {
        self.script().acts.insert(what.to_owned(), act);
    }

    /// From now on a search is also answered so, from this address of this machine.
    pub fn located(&self, from: Ipv4Addr, location: &str) {
        self.script().locations.push((from, location.to_owned()));
    }

    /// Searches aren't answered any more.
    pub fn hides(&self) {
        self.script().locations.clear();
    }

    /// From now on NAT-PMP is answered so, from this address of this machine.
    pub fn natpmp(&self, from: Ipv4Addr, packet: &[u8]) {
        self.script().natpmp.push((from, packet.to_vec()));
    }

    pub fn page(&self, path: &str) -> String {
        format!("http://{HERE}:{}{path}", self.port)
    }

    pub fn options(&self) -> Options {
        self.options
    }

    /// All that it was asked over HTTP: the heads of requests.
    pub fn heard(&self) -> Vec<String> {
        self.script().heard.clone()
    }

    /// How often it was asked this: `GET /path`, or the name of a SOAP action.
    pub fn times(&self, what: &str) -> usize {
        self.heard().iter().filter(|head| key(head) == what).count()
    }

    /// Waits until it has been asked this so often, and returns the last of these requests' head.
    pub async fn asked(&self, what: &str, times: usize) -> String {
        for _ in 0..500 {
            if self.times(what) >= times {
                let heard = self.heard();
                return heard.into_iter().rfind(|head| key(head) == what).expect("it was asked");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{what} was asked {} times: {:#?}", self.times(what), self.heard());
    }

    /// What Dyntray has for speaking to it.
    pub fn followed(&self) -> Router {
        install_tls();
        let router = Router::start_with(self.options);
        router.use_gateway(Some(AT));
        router
    }

    /// What Dyntray reads from it.
    pub async fn told(&self, family: Family) -> RouterAnswer {
        self.followed().look_up(family).await
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub const AT: LanGateway = LanGateway { address: HERE, local_address: HERE };

fn v4(address: SocketAddr) -> SocketAddrV4 {
    match address {
        SocketAddr::V4(address) => address,
        SocketAddr::V6(_) => unreachable!("bound to IPv4"),
    }
}

async fn free_port() -> u16 {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).await.expect("a port");
    socket.local_addr().expect("an address").port()
}

async fn be_searched(socket: UdpSocket, script: Arc<Mutex<Script>>) {
    let mut packet = [0; 2048];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        let question = String::from_utf8_lossy(&packet[..length]).into_owned();
        assert!(question.starts_with("M-SEARCH * HTTP/1.1\r\n"), "{question}");
        let locations = script.lock().unwrap_or_else(PoisonError::into_inner).locations.clone();
        for (source, location) in locations {
            let answer = format!("HTTP/1.1 200 OK\r\nST: {SERVICE}\r\nLOCATION: {location}\r\n\r\n");
            if source == HERE {
                let _ = socket.send_to(answer.as_bytes(), from).await;
            } else {
                let other = UdpSocket::bind((source, 0)).await.expect("loopback is wide");
                let _ = other.send_to(answer.as_bytes(), from).await;
            }
        }
    }
}

async fn be_asked(socket: UdpSocket, port: u16, script: Arc<Mutex<Script>>) {
    let mut packet = [0; 64];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        assert_eq!(&packet[..length], [0, 0]);
        let answers = script.lock().unwrap_or_else(PoisonError::into_inner).natpmp.clone();
        for (source, answer) in answers {
            if source == HERE {
                let _ = socket.send_to(&answer, from).await;
            } else {
                let other = UdpSocket::bind((source, port)).await.expect("loopback is wide");
                let _ = other.send_to(&answer, from).await;
            }
        }
    }
}

async fn serve(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            let (stream, head) = read(stream).await;
            let act = {
                let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
                let act = script.acts.get(&place_key(&head)).or_else(|| script.acts.get(&key(&head)));
                let act = act.cloned();
                script.heard.push(head);
                act
            };
            play(stream, act.unwrap_or_else(|| Act::status(404, "not found"))).await;
        });
    }
}

/// A request's head, once its body is read too.
async fn read(mut stream: TcpStream) -> (TcpStream, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let _ = stream.read_exact(&mut vec![0; length]).await;
    (stream, head)
}

async fn play(mut stream: TcpStream, act: Act) {
    match act {
        Act::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Flood(head, rest) => {
            let _ = stream.write_all(&head).await;
            let rest = rest.repeat(1 + 16 * 1024 / rest.len());
            while stream.write_all(&rest).await.is_ok() {}
        }
        Act::Drip(head) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Act::Hang => std::future::pending().await,
    }
}

/// The value of a header of a request's head.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

fn key(head: &str) -> String {
    if let Some((_, action)) = header(head, "soapaction").and_then(|action| action.split_once('#')) {
        return action.trim_matches('"').to_owned();
    }
    head.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn place_key(head: &str) -> String {
    format!("{}#{}", head.split_whitespace().nth(1).unwrap_or_default(), key(head))
}

/// Does all of these at the same time, as most of them wait.
pub async fn together(stories: Vec<impl Future<Output = ()> + Send + 'static>) {
    let stories: Vec<_> = stories.into_iter().map(tokio::spawn).collect();
    for story in stories {
        story.await.expect("the story ends well");
    }
}

/// Tells an event to a listener, from an address of this machine. Returns the status; none where nobody answers.
pub async fn notify(from: Ipv4Addr, to: SocketAddrV4, head: &str, body: &str) -> Option<u16> {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddrV4::new(from, 0).into()).expect("loopback is wide");
    let mut stream = socket.connect(to.into()).await.ok()?;
    let request = format!("{head}Host: {to}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer.split_whitespace().nth(1)?.parse().ok()
}

pub fn known(address: &str) -> Observation {
    let ip: IpAddr = address.parse().expect("an address");
    Observation::Known { address: PublicAddress::try_from(ip).expect("a public one") }
}

pub fn nothing(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

pub fn upnp(observation: Observation) -> RouterAnswer {
    RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::Upnp) }
}

pub fn natpmp(observation: Observation) -> RouterAnswer {
    RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::NatPmp) }
}

pub fn silence(why: LookUpProblem) -> RouterAnswer {
    RouterAnswer { observation: nothing(why), prefix: None, protocol: None }
}

pub fn prefix(base: &str, length: u8) -> Prefix {
    Prefix { base: base.parse().expect("an address"), length }
}
