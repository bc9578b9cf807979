//! UPnP of a router that always tells its outer address, as FRITZ!Boxes do: miniupnpd doesn't tell one that isn't
//! public.

use std::net::Ipv4Addr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
};

use super::{
    addresses::ROUTER_PRIVATE,
    namespace::{Namespace, Task},
    tools,
};
use crate::{Error, Result};

const DEVICE: &str = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
const SERVICE: &str = "urn:schemas-upnp-org:service:WANIPConnection:1";
const UUID: &str = "uuid:75802409-bccb-40e7-8e6c-3ca62f102030";

/// Searches for devices go there (SSDP).
const SEARCHES: (Ipv4Addr, u16) = (Ipv4Addr::new(239, 255, 255, 250), 1900);

/// A running UPnP device.
pub(super) struct FritzboxUpnp {
    searched: Task,
    asked: Task,
}

impl FritzboxUpnp {
    /// Starts it on the inner side of the router.
    pub(super) async fn start(router: &Namespace) -> Result<Self> {
        let listen = async {
            let search = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, SEARCHES.1)).await?;
            search.join_multicast_v4(SEARCHES.0, ROUTER_PRIVATE)?;
            std::io::Result::Ok((search, TcpListener::bind((ROUTER_PRIVATE, 49000)).await?))
        };
        let program = || "UPnP of a FRITZ!Box".to_owned();
        let (search, listener) = router
            .within(listen)
            .await?
            .map_err(|source| Error::NotStarted { program: program(), source })?;
        Ok(Self {
            searched: Task::start(router, be_searched(search))?,
            asked: Task::start(router, serve(listener))?,
        })
    }

    /// Ends it; its ports are free then.
    pub(super) async fn stop(self) {
        self.searched.end().await;
        self.asked.end().await;
    }
}

async fn be_searched(socket: UdpSocket) {
    let mut search = [0; 2048];
    while let Ok((length, who)) = socket.recv_from(&mut search).await {
        let text = String::from_utf8_lossy(&search[..length]).into_owned();
        let wanted = header(&text, "st").unwrap_or_default();
        let kinds = ["ssdp:all", "upnp:rootdevice", DEVICE, SERVICE];
        if !text.starts_with("M-SEARCH") || !kinds.contains(&wanted) {
            continue;
        }
        let kind = if wanted == "ssdp:all" { DEVICE } else { wanted };
        let answer = format!(
            "HTTP/1.1 200 OK\r\nLOCATION: http://{ROUTER_PRIVATE}:49000/igddesc.xml\r\n\
             SERVER: FRITZ!Box 7590 UPnP/1.0 AVM FRITZ!Box 7590\r\nCACHE-CONTROL: max-age=1800\r\nEXT:\r\n\
             ST: {kind}\r\nUSN: {UUID}::{kind}\r\n\r\n"
        );
        // A client that has gone misses it.
        let _told = socket.send_to(answer.as_bytes(), who).await;
    }
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move { answer(stream).await.ok() });
    }
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    while !is_whole(&request) {
        match stream.read(&mut part).await? {
            0 => break,
            read => request.extend_from_slice(&part[..read]),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let (status, body) = page(&request).await;
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/xml; charset=\"utf-8\"\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// Tells whether all of the body is there.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    body.len() >= length
}

async fn page(request: &str) -> (&'static str, String) {
    let first = request.lines().next().unwrap_or_default();
    let action = header(request, "soapaction").unwrap_or_default().trim_matches('"');
    let action = action.strip_prefix(SERVICE).and_then(|rest| rest.strip_prefix('#'));
    match (first.split(' ').next().unwrap_or_default(), action) {
        ("GET", _) if first.contains("/igddesc.xml") => ("200 OK", description()),
        ("POST", Some("GetExternalIPAddress")) => {
            let outer = outer_ipv4().await.unwrap_or(Ipv4Addr::UNSPECIFIED);
            let value = format!("<NewExternalIPAddress>{outer}</NewExternalIPAddress>");
            ("200 OK", response("GetExternalIPAddress", &value))
        }
        ("POST", Some("GetStatusInfo")) => {
            let value = "<NewConnectionStatus>Connected</NewConnectionStatus>\
                         <NewLastConnectionError>ERROR_NONE</NewLastConnectionError><NewUptime>300</NewUptime>";
            ("200 OK", response("GetStatusInfo", value))
        }
        // It has IPv6's actions, and tells none of its own.
        ("POST", Some("X_AVM_DE_GetExternalIPv6Address")) => {
            let value = "<NewExternalIPv6Address></NewExternalIPv6Address><NewPrefixLength>0</NewPrefixLength>\
                         <NewValidLifetime>0</NewValidLifetime><NewPreferedLifetime>0</NewPreferedLifetime>";
            ("200 OK", response("X_AVM_DE_GetExternalIPv6Address", value))
        }
        ("POST", _) => ("500 Internal Server Error", envelope(INVALID_ACTION)),
        ("SUBSCRIBE" | "UNSUBSCRIBE", _) => ("501 Not Implemented", String::new()),
        _ => ("404 Not Found", String::new()),
    }
}

const INVALID_ACTION: &str = "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>\
    <UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>401</errorCode>\
    <errorDescription>Invalid Action</errorDescription></UPnPError></detail></s:Fault>";

fn response(action: &str, values: &str) -> String {
    envelope(&format!("<u:{action}Response xmlns:u=\"{SERVICE}\">{values}</u:{action}Response>"))
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>{body}</s:Body></s:Envelope>"
    )
}

fn description() -> String {
    let device = |kind: &str, name: &str, inner: &str| {
        format!(
            "<device><deviceType>urn:schemas-upnp-org:device:{kind}:1</deviceType><friendlyName>{name}</friendlyName>\
             <manufacturer>AVM Berlin</manufacturer><modelName>FRITZ!Box 7590</modelName><UDN>{UUID}</UDN>{inner}</device>"
        )
    };
    let service = format!(
        "<serviceList><service><serviceType>{SERVICE}</serviceType>\
         <serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><controlURL>/igdupnp/control/WANIPConn1</controlURL>\
         <eventSubURL>/igdupnp/control/WANIPConn1</eventSubURL><SCPDURL>/igdconnSCPD.xml</SCPDURL></service></serviceList>"
    );
    let list = |inner: &str| format!("<deviceList>{inner}</deviceList>");
    let connection = device("WANConnectionDevice", "WANConnectionDevice - FRITZ!Box 7590", &service);
    let outer = device("WANDevice", "WANDevice - FRITZ!Box 7590", &list(&connection));
    let root = device("InternetGatewayDevice", "FRITZ!Box 7590", &list(&outer));
    format!(
        "<?xml version=\"1.0\"?>\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><specVersion><major>1</major>\
         <minor>0</minor></specVersion>{root}</root>"
    )
}

/// The address on the outer side now.
async fn outer_ipv4() -> Option<Ipv4Addr> {
    let mut command = tools::command("ip");
    command.args(["-4", "-j", "addr", "show", "dev", "wan"]);
    let list: serde_json::Value = serde_json::from_str(&tools::feed(command, "").await.ok()?).ok()?;
    list.as_array()?
        .iter()
        .filter_map(|device| device["addr_info"].as_array())
        .flatten()
        .find_map(|known| known["local"].as_str()?.parse().ok())
}

/// A header's value; the case of its name doesn't matter.
fn header<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lines = text.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}
