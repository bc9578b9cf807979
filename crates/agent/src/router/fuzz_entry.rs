//! Entry points for fuzzing (`tests/fuzz`): the code that reads what a router sends, or anybody in its name, without the
//! network around it.

use std::net::Ipv4Addr;

use super::gateway::LanGateway;
use super::gateway_url::GatewayUrl;
use super::{announcements, description, natpmp, search, soap};

const HOME: LanGateway =
    LanGateway { address: Ipv4Addr::new(192, 168, 1, 1), local_address: Ipv4Addr::new(192, 168, 1, 2) };

/// Reads a device description (UPnP, XML).
pub fn description(body: &[u8]) {
    if let Some(location) = GatewayUrl::parse("http://192.168.1.1:49000/igddesc.xml", HOME) {
        let _ = description::services(&location, body);
    }
}

/// Reads the response to an action (SOAP, XML).
pub fn answer(body: &[u8]) {
    let _ = soap::read("GetExternalIPAddress", &["NewExternalIPAddress"], body);
}

/// Reads the response to a search (SSDP), and the URL in it.
pub fn search(packet: &[u8]) {
    if let Some(location) = search::location(packet) {
        let _ = GatewayUrl::parse(location, HOME);
    }
}

/// Reads a packet of NAT-PMP, as a response and as an announcement.
pub fn natpmp(packet: &[u8]) {
    let _ = natpmp::read(packet);
    let _ = announcements::read(packet);
}
