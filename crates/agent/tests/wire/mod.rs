//! Servers on loopback that behave as a story wants, byte by byte, and remember what they received.
#![allow(dead_code, unused_imports, reason = "each file of stories uses only a part")]

mod act;
mod pace;
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
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form};
use dyntray_core::settings::{Proxy, Records};
use dyntray_core::types::address::{Addresses, Family, PublicAddress};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::server::WebAddress;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

pub use self::act::{Act, header};
use self::act::{play, read_head};

pub const HOST: &str = "home.spdns.de";
pub const TOKEN: &str = "abcd-efgh-ijkl";
/// `home.spdns.de:abcd-efgh-ijkl` in HTTP Basic.
pub const BASIC: &str = "Basic aG9tZS5zcGRucy5kZTphYmNkLWVmZ2gtaWprbA==";
pub const IPV4: &str = "84.160.12.7";
pub const IPV6: &str = "2003:e1:1:2::7";

#[derive(Default)]
struct Received {
    connections: usize,
    requests: Vec<String>,
}

/// A running server. It ends with the test.
pub struct Server {
    port: u16,
    received: Arc<Mutex<Received>>,
}

impl Server {
    /// A form of the entry [`HOST`] with a fixed address, which updates at this server.
    pub fn form(&self) -> Form {
        let entry = EntryForm {
            id: Some(EntryId(1)),
            hostname: HOST.into(),
            server: format!("127.0.0.1:{}", self.port()),
            protocol: Records::Ipv4,
            address_from: AddressChoice::Fixed,
            fixed_ipv4: IPV4.to_owned(),
            ..EntryForm::default()
        };
        Form { entries: vec![entry], home_lock: false, ..Form::default() }
    }

    /// Starts one on `127.0.0.1`.
    pub async fn start(act: Act) -> Self {
        Self::on(0, act).await
    }

    /// Starts one on this port of `127.0.0.1`.
    pub async fn on(port: u16, act: Act) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let server = Server {
            port: listener.local_addr().expect("an address").port(),
            received: Arc::new(Mutex::new(Received::default())),
        };
        let received = Arc::clone(&server.received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                locked(&received).connections += 1;
                let (received, act) = (Arc::clone(&received), act.clone());
                tokio::spawn(serve(stream, act, received));
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a page of this server, over plain HTTP.
    pub fn page(&self, path: &str) -> WebAddress {
        WebAddress::parse(&format!("http://127.0.0.1:{}{path}", self.port)).expect("an address")
    }

    /// This server as an update server.
    pub fn update(&self) -> WebAddress {
        WebAddress::parse_server(&format!("127.0.0.1:{}", self.port)).expect("an address")
    }

    /// The number of connections, including those that sent nothing.
    pub fn connections(&self) -> usize {
        locked(&self.received).connections
    }

    /// The heads of all requests.
    pub fn requests(&self) -> Vec<String> {
        locked(&self.received).requests.clone()
    }
}

fn locked(received: &Mutex<Received>) -> std::sync::MutexGuard<'_, Received> {
    received.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut stream: TcpStream, act: Act, received: Arc<Mutex<Received>>) {
    let request = read_head(&mut stream).await;
    locked(&received).requests.push(request);
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
        // Time for the bytes to arrive before the reset.
        tokio::time::sleep(Duration::from_millis(200)).await;
        stream.set_zero_linger().expect("a socket option");
    }
}

/// A port of this machine at which nobody listens.
pub async fn closed_port() -> u16 {
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
    sender::send(request, &TOKEN.into(), proxy).await.end
}

/// Looks up an address, as the program does.
pub async fn look_up(resolver: &WebAddress, family: Family) -> Observation {
    install_tls();
    web_resolver::look_up(resolver, family).await.observation
}

const INNER: &str = "DYNTRAY_TEST_INNER";

/// Runs `story` in a process of its own with these environment variables, which a process can't safely change for itself.
/// `test` is the full name of the test.
pub fn in_environment(test: &str, variables: &[(&str, &OsStr)], story: impl AsyncFnOnce()) {
    if std::env::var_os(INNER).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(story());
        return;
    }
    let me = std::env::current_exe().expect("this program");
    let output = Command::new(me)
        .args(["--exact", test, "--nocapture"])
        .env(INNER, "1")
        .envs(variables.iter().copied())
        .output()
        .expect("starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let report = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{report}");
}
