//! Reads a router's UPnP description: the services that report the external address, and their URLs.

use super::gateway_url::GatewayUrl;
use super::soap;

/// The number of services that are used. A router has one line, or two of which one is idle.
const MAX_SERVICES: usize = 3;

/// A service of the router that knows an external address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// Its type, for example `urn:schemas-upnp-org:service:WANIPConnection:1`.
    pub(super) kind: String,
    /// The URL for its actions.
    pub(super) control: GatewayUrl,
    /// The URL for subscriptions to its events; none if it has no events.
    pub(super) events: Option<GatewayUrl>,
}

/// The services that report an external address, in the description's order. Services with a control URL at another host
/// are left out.
///
/// # Errors
/// When it isn't XML, or has a document type: nothing with entities is read.
pub(super) fn services(location: &GatewayUrl, body: &[u8]) -> Result<Vec<Service>, roxmltree::Error> {
    let text = soap::text_of(body);
    let document = soap::parse(&text)?;
    // UPnP 1.0 has a base for all references. If it is at another host, so are all of them.
    let base = match soap::find(document.root(), "URLBase") {
        Some(base) => location.join(base),
        None => Some(location.clone()),
    };
    let Some(base) = base else {
        tracing::debug!(?location, "the description's base is at another host");
        return Ok(Vec::new());
    };
    let services = document.descendants().filter(|node| node.tag_name().name() == "service");
    Ok(services.filter_map(|node| service(&base, node)).take(MAX_SERVICES).collect())
}

fn service(base: &GatewayUrl, node: roxmltree::Node<'_, '_>) -> Option<Service> {
    let kind = soap::find(node, "serviceType").filter(|kind| is_wan_connection(kind))?;
    let control = soap::find(node, "controlURL")?;
    let Some(url) = base.join(control) else {
        tracing::debug!(kind, control, "a service at another host isn't used");
        return None;
    };
    let events = soap::find(node, "eventSubURL").and_then(|reference| base.join(reference));
    Some(Service { kind: kind.to_owned(), control: url, events })
}

/// True for a type with the action `GetExternalIPAddress`, in any version. The type goes into a header later.
fn is_wan_connection(kind: &str) -> bool {
    let version = kind
        .strip_prefix("urn:schemas-upnp-org:service:WANIPConnection:")
        .or_else(|| kind.strip_prefix("urn:schemas-upnp-org:service:WANPPPConnection:"));
    version.is_some_and(|version| version.len() == 1 && version.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::router::gateway::LanGateway;

    fn location() -> GatewayUrl {
        let gateway = LanGateway {
            address: Ipv4Addr::new(192, 168, 1, 1),
            local_address: Ipv4Addr::new(192, 168, 1, 2),
        };
        GatewayUrl::parse("http://192.168.1.1:49000/igddesc.xml", gateway).expect("an address")
    }

    fn described(base: &str, service: &str) -> Vec<Service> {
        let body = format!(
            "<?xml version=\"1.0\"?><root xmlns=\"urn:schemas-upnp-org:device-1-0\">{base}<device>\
             <serviceList><service><serviceType>urn:schemas-any-com:service:Any:1</serviceType>\
             <controlURL>/any</controlURL></service></serviceList><deviceList><device><serviceList>\
             {service}</serviceList></device></deviceList></device></root>"
        );
        services(&location(), body.as_bytes()).expect("a description")
    }

    fn connection(kind: &str, control: &str, events: &str) -> String {
        format!(
            "<service><serviceType>urn:schemas-upnp-org:service:{kind}</serviceType>\
             <controlURL>{control}</controlURL><eventSubURL>{events}</eventSubURL></service>"
        )
    }

    #[test]
    fn the_connection_is_found_in_the_inner_device_with_both_its_urls() {
        for kind in ["WANIPConnection:1", "WANIPConnection:2", "WANPPPConnection:1"] {
            let found = described("", &connection(kind, "/ctl", "evt"));
            assert_eq!(found.len(), 1);
            assert!(found[0].kind.ends_with(kind));
            assert_eq!(format!("{:?}", found[0].control), "http://192.168.1.1:49000/ctl");
            assert_eq!(format!("{:?}", found[0].events), "Some(http://192.168.1.1:49000/evt)");
        }
    }

    #[test]
    fn a_base_counts_and_one_at_another_host_leaves_nothing() {
        let service = connection("WANIPConnection:1", "/ctl", "/evt");
        let found = described("<URLBase>http://192.168.1.1:5000/</URLBase>", &service);
        assert_eq!(format!("{:?}", found[0].control), "http://192.168.1.1:5000/ctl");
        assert_eq!(described("<URLBase>http://84.160.12.9/</URLBase>", &service), Vec::new());
    }

    #[test]
    fn urls_at_another_host_are_not_used() {
        assert_eq!(described("", &connection("WANIPConnection:1", "http://84.160.12.9/c", "/e")), Vec::new());
        let found = described("", &connection("WANIPConnection:1", "/c", "http://84.160.12.9/e"));
        assert_eq!(found[0].events, None);
    }

    #[test]
    fn other_services_and_odd_types_are_passed_over() {
        for kind in
            ["WANIPv6FirewallControl:1", "WANIPConnection:1\r\nX: y", "WANIPConnection:", "WANIPConnection:x"]
        {
            assert_eq!(described("", &connection(kind, "/c", "/e")), Vec::new(), "{kind:?}");
        }
    }
}
