//! Entry points for fuzzing (`tests/fuzz`): the code that reads what a router sends, or anybody in its name, without the
//! network around it.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::time::Instant;

use super::events::StateVariables;
use super::gateway::LanGateway;
use super::gateway_url::GatewayUrl;
use super::http1::{self, Limits, Wanted};
use super::{announcements, description, natpmp, search, soap};

const HOME: LanGateway =
    LanGateway { address: Ipv4Addr::new(192, 168, 1, 1), local_address: Ipv4Addr::new(192, 168, 1, 2) };

/// Reads a device description (UPnP, XML).
pub fn description(body: &[u8]) {
    if let Some(location) = GatewayUrl::parse("http://192.168.1.1:49000/igddesc.xml", HOME) {
        let _ = description::read(&location, body);
    }
}

/// Reads the response to an action (SOAP, XML).
pub fn answer(body: &[u8]) {
    let _ = soap::read("GetExternalIPAddress", &["NewExternalIPAddress"], body);
}

/// Reads the response to a search (SSDP), and the URL in it.
pub fn search(packet: &[u8]) {
    let _ = search::locations(packet, HOME);
}

/// Reads an event (GENA, XML).
pub fn event(body: &[u8]) {
    let _ = StateVariables::read(body);
}

/// Reads a message of HTTP, an answer or an event, from a connection that ends with it.
pub fn message(bytes: &[u8]) {
    let limits = Limits { head: 1024, body: 4096 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let (mut stream, deadline) = (bytes, Instant::now() + Duration::from_secs(1));
        if let Ok(message) = http1::read(&mut stream, limits, Wanted::All, deadline).await {
            assert!(message.body.len() <= limits.body, "{} bytes", message.body.len());
        }
    });
}

/// Reads a packet of NAT-PMP, as a response and as an announcement.
pub fn natpmp(packet: &[u8]) {
    let _ = natpmp::read(packet);
    let _ = announcements::read(packet);
}
