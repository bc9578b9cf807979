//! What a router, or whoever pretends to be one, may say: read by the very code that reads it from the network, and told
//! nobody. It is here for those who try to break it (`tests/fuzz`).

use std::net::Ipv4Addr;

use super::gateway_url::GatewayUrl;
use super::{RouterAt, announcements, description, natpmp, search, soap};

/// The home as it is here.
const HOME: RouterAt =
    RouterAt { address: Ipv4Addr::new(192, 168, 1, 1), local: Ipv4Addr::new(192, 168, 1, 2) };

/// A device description (UPnP, XML).
pub fn description(body: &[u8]) {
    if let Some(page) = GatewayUrl::parse("http://192.168.1.1:49000/igddesc.xml", HOME) {
        let _ = description::services(&page, body);
    }
}

/// The answer to a question (SOAP, XML).
pub fn answer(body: &[u8]) {
    let _ = soap::read("GetExternalIPAddress", &["NewExternalIPAddress"], body);
}

/// The answer to a search (SSDP), and the place that it names.
pub fn search(packet: &[u8]) {
    if let Some(location) = search::location(packet) {
        let _ = GatewayUrl::parse(location, HOME);
    }
}

/// A packet of NAT-PMP, asked for or announced.
pub fn natpmp(packet: &[u8]) {
    let _ = natpmp::read(packet);
    let _ = announcements::read(packet);
}
