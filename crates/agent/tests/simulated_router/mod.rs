//! A simulated router on loopback that answers as a story wants, by SSDP, HTTP and NAT-PMP, and remembers all requests.
#![allow(dead_code, unused_imports, reason = "each file of stories uses only a part")]

#[path = "../wire/act.rs"]
mod act;

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

pub use self::act::{Act, header};
use self::act::{play, read_head};

pub const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Another machine of the same home.
pub const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
pub const IPV4: &str = "84.160.12.7";
pub const SERVICE: &str = "urn:schemas-upnp-org:service:WANIPConnection:1";

impl Act {
    /// The values that answer an action.
    pub fn values(action: &str, values: &[(&str, &str)]) -> Self {
        let values: Vec<_> = values.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
        let values = values.concat();
        let inner = format!("<u:{action}Response xmlns:u=\"{SERVICE}\">{values}</u:{action}Response>");
        Act::status(200, envelope(&inner))
    }

    /// The external IPv4 address, or any text in its place.
    pub fn external(address: &str) -> Self {
        Act::values("GetExternalIPAddress", &[("NewExternalIPAddress", address)])
    }

    /// A refusal with one of UPnP's error codes.
    pub fn fault(code: u16) -> Self {
        let inner = format!(
            "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>\
             <UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>{code}</errorCode>\
             </UPnPError></detail></s:Fault>"
        );
        Act::status(500, envelope(&inner))
    }

    /// A new subscription with this SID.
    pub fn subscribed(sid: &str) -> Self {
        Act::with(200, &format!("SID: {sid}\r\nTIMEOUT: Second-1800\r\n"), "")
    }
}

pub fn envelope(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>{inner}</s:Body></s:Envelope>"
    )
}

/// A description with one connection at these URLs.
pub fn description(control: &str, events: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><deviceList><device>\
         <serviceList><service><serviceType>{SERVICE}</serviceType><controlURL>{control}</controlURL>\
         <eventSubURL>{events}</eventSubURL></service></serviceList></device></deviceList></device></root>"
    )
}

/// Answers some requests by their heads.
type Gate = fn(&str) -> Option<Act>;

#[derive(Default)]
struct Script {
    /// By `GET /path`, by the name of a SOAP action, or by `/path#action`.
    acts: HashMap<String, Act>,
    /// The responses to a search: the source address, and the location.
    locations: Vec<(Ipv4Addr, String)>,
    /// Packets that answer searches for this target.
    answers: Vec<(String, Vec<u8>)>,
    /// Answers a request by its head, before anything else does.
    gate: Option<Gate>,
    /// The responses to NAT-PMP, all of which are sent: the source address, and the packet.
    natpmp: Vec<(Ipv4Addr, Vec<u8>)>,
    natpmp_questions: usize,
    /// Places that answer searches for this target, from a port that wasn't asked.
    from_elsewhere: Vec<(String, String)>,
    requests: Vec<String>,
}

/// The simulated router. It ends with the test.
pub struct SimulatedRouter {
    port: u16,
    options: Options,
    script: Arc<Mutex<Script>>,
}

impl SimulatedRouter {
    /// Starts one that answers nothing yet.
    pub async fn silent() -> Self {
        let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
        let search = UdpSocket::bind((HERE, 0)).await.expect("a port");
        let natpmp = UdpSocket::bind((HERE, 0)).await.expect("a port");
        let options = Options {
            search: v4(search.local_addr().expect("an address")),
            fritz_box_port: closed_port().await,
            natpmp_port: natpmp.local_addr().expect("an address").port(),
            announcements: SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 1), free_port().await),
            search_again: [Duration::from_millis(500); 3],
        };
        let port = listener.local_addr().expect("an address").port();
        let script = Arc::default();
        tokio::spawn(answer_searches(search, Arc::clone(&script)));
        tokio::spawn(answer_natpmp(natpmp, options.natpmp_port, Arc::clone(&script)));
        tokio::spawn(serve(listener, Arc::clone(&script)));
        SimulatedRouter { port, options, script }
    }

    /// Starts one that answers nothing yet, at the port of a FRITZ!Box's descriptions.
    pub async fn fritz_box() -> Self {
        let mut router = Self::silent().await;
        router.options.fritz_box_port = router.port;
        router
    }

    /// The same, which is searched again only after this time.
    pub fn searching_again_after(mut self, wait: Duration) -> Self {
        self.options.search_again = [wait; 3];
        self
    }

    /// Starts a well-behaved one, which tells 84.160.12.7 and sends events.
    pub async fn good() -> Self {
        let router = Self::silent().await;
        router.add_location(HERE, &router.page("/desc.xml"));
        router.on("GET /desc.xml", Act::status(200, description("/ctl", "/evt")));
        router.on("GetExternalIPAddress", Act::external(IPV4));
        router.on("X_AVM_DE_GetExternalIPv6Address", Act::fault(401));
        router.on("SUBSCRIBE /evt", Act::subscribed("uuid:1"));
        router.on("UNSUBSCRIBE /evt", Act::status(200, ""));
        router
    }

    /// Sets the answer to `what` from now on.
    pub fn on(&self, what: &str, act: Act) {
        self.script().acts.insert(what.to_owned(), act);
    }

    /// Adds a response to searches, from this address of this machine.
    pub fn add_location(&self, from: Ipv4Addr, location: &str) {
        self.script().locations.push((from, location.to_owned()));
    }

    /// Stops answering searches.
    pub fn hide(&self) {
        let mut script = self.script();
        script.locations.clear();
        script.answers.clear();
    }

    /// Adds a packet that answers searches for this target, and no others.
    pub fn add_answer(&self, target: &str, packet: impl AsRef<[u8]>) {
        self.script().answers.push((target.to_owned(), packet.as_ref().to_vec()));
    }

    /// Adds an answer to searches for this target, from a port that wasn't asked.
    pub fn add_answer_from_another_port(&self, target: &str, location: &str) {
        self.script().from_elsewhere.push((target.to_owned(), location.to_owned()));
    }

    /// The number of questions by NAT-PMP so far.
    pub fn natpmp_questions(&self) -> usize {
        self.script().natpmp_questions
    }

    /// Has some requests answered by their heads.
    pub fn set_gate(&self, gate: Gate) {
        self.script().gate = Some(gate);
    }

    /// Its port for HTTP.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Adds a response to NAT-PMP, from this address of this machine.
    pub fn add_natpmp(&self, from: Ipv4Addr, packet: &[u8]) {
        self.script().natpmp.push((from, packet.to_vec()));
    }

    pub fn page(&self, path: &str) -> String {
        format!("http://{HERE}:{}{path}", self.port)
    }

    pub fn options(&self) -> Options {
        self.options
    }

    /// The heads of all HTTP requests.
    pub fn requests(&self) -> Vec<String> {
        self.script().requests.clone()
    }

    /// The number of requests for `what`: `GET /path`, or the name of a SOAP action.
    pub fn count(&self, what: &str) -> usize {
        self.requests().iter().filter(|head| key(head) == what).count()
    }

    /// Waits until there are `count` requests for `what`, and returns the head of the last one.
    pub async fn wait_for(&self, what: &str, count: usize) -> String {
        for _ in 0..500 {
            if self.count(what) >= count {
                let requests = self.requests();
                return requests.into_iter().rfind(|head| key(head) == what).expect("it was asked");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{what} was asked {} times: {:#?}", self.count(what), self.requests());
    }

    /// Dyntray's handle to it.
    pub fn handle(&self) -> Router {
        install_tls();
        let router = Router::start_with(self.options);
        router.use_gateway(Some(GATEWAY));
        router
    }

    /// Dyntray's look-up of its address.
    pub async fn look_up(&self, family: Family) -> RouterAnswer {
        self.handle().look_up(family).await
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub const GATEWAY: LanGateway = LanGateway { address: HERE, local_address: HERE };

fn v4(address: SocketAddr) -> SocketAddrV4 {
    match address {
        SocketAddr::V4(address) => address,
        SocketAddr::V6(_) => unreachable!("bound to IPv4"),
    }
}

/// A port at which nobody listens.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
    listener.local_addr().expect("an address").port()
}

async fn free_port() -> u16 {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).await.expect("a port");
    socket.local_addr().expect("an address").port()
}

async fn answer_searches(socket: UdpSocket, script: Arc<Mutex<Script>>) {
    let mut packet = [0; 2048];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        let request = String::from_utf8_lossy(&packet[..length]).into_owned();
        assert!(request.starts_with("M-SEARCH * HTTP/1.1\r\n"), "{request}");
        let (locations, answers, elsewhere) = {
            let script = script.lock().unwrap_or_else(PoisonError::into_inner);
            (script.locations.clone(), script.answers.clone(), script.from_elsewhere.clone())
        };
        let target = header(&request, "st").unwrap_or_default();
        for (_, packet) in answers.iter().filter(|(wanted, _)| wanted == target) {
            let _ = socket.send_to(packet, from).await;
        }
        for (_, location) in elsewhere.iter().filter(|(wanted, _)| wanted == target) {
            let other = UdpSocket::bind((HERE, 0)).await.expect("a port");
            let answer = format!("HTTP/1.1 200 OK\r\nST: {target}\r\nLOCATION: {location}\r\n\r\n");
            let _ = other.send_to(answer.as_bytes(), from).await;
        }
        for (source, location) in locations {
            let answer = format!("HTTP/1.1 200 OK\r\nST: {SERVICE}\r\nLOCATION: {location}\r\n\r\n");
            if source == HERE {
                let _ = socket.send_to(answer.as_bytes(), from).await;
            } else {
                let other = UdpSocket::bind((source, 0)).await.expect("an address of loopback");
                let _ = other.send_to(answer.as_bytes(), from).await;
            }
        }
    }
}

async fn answer_natpmp(socket: UdpSocket, port: u16, script: Arc<Mutex<Script>>) {
    let mut packet = [0; 64];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        assert_eq!(&packet[..length], [0, 0]);
        let answers = {
            let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
            script.natpmp_questions += 1;
            script.natpmp.clone()
        };
        for (source, answer) in answers {
            if source == HERE {
                let _ = socket.send_to(&answer, from).await;
            } else {
                let other = UdpSocket::bind((source, port)).await.expect("an address of loopback");
                let _ = other.send_to(&answer, from).await;
            }
        }
    }
}

async fn serve(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            let (mut stream, head) = read(stream).await;
            let act = {
                let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
                let act = script.acts.get(&path_key(&head)).or_else(|| script.acts.get(&key(&head)));
                let act = script.gate.and_then(|gate| gate(&head)).or_else(|| act.cloned());
                script.requests.push(head);
                act
            };
            play(&mut stream, act.unwrap_or_else(|| Act::status(404, "not found"))).await;
        });
    }
}

/// Reads a request with its body, and returns its head.
async fn read(mut stream: TcpStream) -> (TcpStream, String) {
    let head = read_head(&mut stream).await;
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let _ = stream.read_exact(&mut vec![0; length]).await;
    (stream, head)
}

fn key(head: &str) -> String {
    if let Some((_, action)) = header(head, "soapaction").and_then(|action| action.split_once('#')) {
        return action.trim_matches('"').to_owned();
    }
    head.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn path_key(head: &str) -> String {
    format!("{}#{}", head.split_whitespace().nth(1).unwrap_or_default(), key(head))
}

/// Runs these stories beside each other, because most of the time they wait. wine, under which they run for Windows, takes
/// seconds where many connections are open, so there it is three of them.
pub async fn together(stories: Vec<impl Future<Output = ()> + Send + 'static>) {
    let few = if cfg!(windows) { 3 } else { stories.len() };
    let mut stories = stories.into_iter().peekable();
    while stories.peek().is_some() {
        at_once(stories.by_ref().take(few)).await;
    }
}

/// Runs all of these at the same time.
pub async fn at_once(stories: impl Iterator<Item = impl Future<Output = ()> + Send + 'static>) {
    let begun: Vec<_> = stories.map(tokio::spawn).collect();
    for story in begun {
        story.await.expect("the story passes");
    }
}

/// Sends an event to a listener from an address of this machine. Returns the status; none if nobody answers.
pub async fn notify(from: Ipv4Addr, to: SocketAddrV4, head: &str, body: &str) -> Option<u16> {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddrV4::new(from, 0).into()).expect("an address of loopback");
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

pub fn unavailable(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

pub fn upnp(observation: Observation) -> RouterAnswer {
    RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::Upnp) }
}

pub fn natpmp(observation: Observation) -> RouterAnswer {
    RouterAnswer { observation, prefix: None, protocol: Some(RouterProtocol::NatPmp) }
}

pub fn no_answer(why: LookUpProblem) -> RouterAnswer {
    RouterAnswer { observation: unavailable(why), prefix: None, protocol: None }
}

pub fn prefix(base: &str, length: u8) -> Prefix {
    Prefix { base: base.parse().expect("an address"), length }
}
