//! Reads a router's UPnP description: the services that report the external address or the line's state, and their URLs.

use std::ops::Range;

use super::gateway_url::GatewayUrl;
use super::xml::{self, Elements, XmlError};

/// The most services that are used: a router has one for each of its lines, and for each protocol of them.
const MAX_SERVICES: usize = 8;

/// The prefix of service types by UPnP.
const UPNP: &str = "urn:schemas-upnp-org:service:";
/// The prefix of the same service types by TR-064 (DSL Forum TR-064, 2004-05).
const TR064: &str = "urn:dslforum-org:service:";

/// A service of the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// Its type, for example `urn:schemas-upnp-org:service:WANIPConnection:1`.
    pub(super) kind: String,
    /// Its URLs, at least one pair: relative to the description's base, and to the description itself where that differs.
    /// Some bases are wrong.
    pub(super) places: Vec<Place>,
}

/// The URLs of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The URL for its actions.
    pub(super) control: GatewayUrl,
    /// The URL for subscriptions to its events; none if it has no events.
    pub(super) events: Option<GatewayUrl>,
}

/// What a description says that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Description {
    /// The services that report an external address, in its order: by UPnP, or by TR-064 where there is none by UPnP.
    pub(super) services: Vec<Service>,
    /// The protocol of these services.
    pub(super) spoken: Spoken,
    /// The services that report the state of the line, and nothing else that matters.
    pub(super) lines: Vec<Service>,
    /// The router's make.
    pub(super) make: Make,
    /// Its unique name as a device; empty where it has none.
    pub(super) device_name: String,
}

/// The protocol of services that report an external address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    /// UPnP IGD.
    Upnp,
    /// TR-064. Most of its actions need a login, which a description doesn't tell.
    Tr064,
}

/// A router's make, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Make {
    /// A FRITZ!Box.
    FritzBox,
    /// Any other.
    Other,
}

/// Reads a description.
///
/// # Errors
/// When it can't be read, or declares entities.
pub(super) fn read(location: &GatewayUrl, body: &[u8]) -> Result<Description, XmlError> {
    let elements = xml::read(body)?;
    // UPnP 1.0 has a base for all references.
    let base = elements.text(elements.all(), "URLBase").filter(|base| !base.is_empty());
    let base = base.and_then(|base| location.join(base)).filter(|base| base != location);
    let bases: Vec<_> = base.iter().chain([location]).collect();
    let all = |is_it: &dyn Fn(&str) -> bool| {
        let services = elements.named("service").filter_map(|at| service(&bases, &elements, at, is_it));
        let mut found: Vec<Service> = Vec::new();
        for service in services {
            if found.len() < MAX_SERVICES && !found.contains(&service) {
                found.push(service);
            }
        }
        found
    };
    let by_upnp = all(&|kind| is_wan_connection(UPNP, kind));
    let (services, spoken) = if by_upnp.is_empty() {
        (all(&|kind| is_wan_connection(TR064, kind)), Spoken::Tr064)
    } else {
        (by_upnp, Spoken::Upnp)
    };
    let lines = all(&|kind| {
        [UPNP, TR064].into_iter().any(|by| has_version(kind.strip_prefix(by), "WANCommonInterfaceConfig:"))
    });
    let is_fritz_box =
        |name| elements.text(elements.all(), name).is_some_and(|text| text.contains("FRITZ!Box"));
    let make = if ["modelName", "friendlyName"].into_iter().any(is_fritz_box) {
        Make::FritzBox
    } else {
        Make::Other
    };
    // That of the root device comes first (UPnP Device Architecture 1.1, section 2.3).
    let device_name = elements.text(elements.all(), "UDN").unwrap_or_default().to_owned();
    Ok(Description { services, spoken, lines, make, device_name })
}

fn service(
    bases: &[&GatewayUrl],
    elements: &Elements,
    at: Range<usize>,
    is_it: &dyn Fn(&str) -> bool,
) -> Option<Service> {
    // Where the end of one is missing, the next one is within it.
    let end = elements.named("service").map(|next| next.start).find(|next| *next > at.start);
    let at = at.start..end.map_or(at.end, |next| next.min(at.end));
    let text = |name| elements.text(at.clone(), name).filter(|text| !text.is_empty());
    let kind = text("serviceType").filter(|kind| is_it(kind))?;
    let control = text("controlURL")?;
    let mut places: Vec<Place> = Vec::new();
    for base in bases {
        let Some(url) = base.join(control) else {
            tracing::debug!(kind, control, "a service that isn't at plain HTTP isn't used");
            continue;
        };
        let events = text("eventSubURL").and_then(|reference| base.join(reference));
        let place = Place { control: url, events };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    (!places.is_empty()).then(|| Service { kind: kind.to_owned(), places })
}

/// True for a type with the action `GetExternalIPAddress`, in any version. The type goes into a header later.
fn is_wan_connection(by: &str, kind: &str) -> bool {
    let kind = kind.strip_prefix(by);
    has_version(kind, "WANIPConnection:") || has_version(kind, "WANPPPConnection:")
}

/// True for this name with a version of one digit behind it.
fn has_version(kind: Option<&str>, name: &str) -> bool {
    let version = kind.and_then(|kind| kind.strip_prefix(name));
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
        read(&location(), body.as_bytes()).expect("a description").services
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
            assert_eq!(format!("{:?}", found[0].places[0].control), "http://192.168.1.1:49000/ctl");
            assert_eq!(format!("{:?}", found[0].places[0].events), "Some(http://192.168.1.1:49000/evt)");
        }
    }

    #[test]
    fn a_base_counts_but_for_its_host() {
        let service = connection("WANIPConnection:1", "/ctl", "/evt");
        for (base, control) in [
            ("http://192.168.1.1:5000/", "http://192.168.1.1:5000/ctl"),
            ("http://169.254.1.1:5000", "http://192.168.1.1:5000/ctl"),
            ("http://84.160.12.9/", "http://192.168.1.1/ctl"),
            ("https://192.168.1.1/", "http://192.168.1.1:49000/ctl"),
            ("", "http://192.168.1.1:49000/ctl"),
        ] {
            let found = described(&format!("<URLBase>{base}</URLBase>"), &service);
            assert_eq!(format!("{:?}", found[0].places[0].control), control, "{base}");
            let last = &found[0].places[found[0].places.len() - 1];
            assert_eq!(format!("{:?}", last.control), "http://192.168.1.1:49000/ctl", "{base}");
        }
    }

    #[test]
    fn urls_at_another_host_are_used_at_the_gateway() {
        let found =
            described("", &connection("WANIPConnection:1", "http://84.160.12.9:80/c", "http://[::1]:81/e"));
        assert_eq!(format!("{:?}", found[0].places[0].control), "http://192.168.1.1/c");
        assert_eq!(format!("{:?}", found[0].places[0].events), "Some(http://192.168.1.1:81/e)");
        assert_eq!(
            described("", &connection("WANIPConnection:1", "https://192.168.1.1/c", "/e")),
            Vec::new()
        );
    }

    #[test]
    fn services_are_told_apart_where_tags_are_missing() {
        let all = connection("WANIPConnection:1", "/a", "") + &connection("WANPPPConnection:1", "/b", "/e");
        let broken = all.replace("</service>", "").replace("<eventSubURL></eventSubURL>", "");
        let found = described("<x>&</x>", &broken);
        let urls: Vec<_> = found
            .iter()
            .map(|of| (format!("{:?}", of.places[0].control), of.places[0].events.is_some()))
            .collect();
        assert_eq!(
            urls,
            [("http://192.168.1.1:49000/a".into(), false), ("http://192.168.1.1:49000/b".into(), true)]
        );
    }

    #[test]
    fn the_number_of_services_is_bounded_and_each_counts_once() {
        let many: String =
            (0..50).map(|at| connection("WANIPConnection:1", &format!("/{}", at / 2), "/e")).collect();
        let found = described("", &many);
        assert_eq!(found.len(), MAX_SERVICES);
        assert_eq!(format!("{:?}", found[7].places[0].control), "http://192.168.1.1:49000/7");
    }

    #[test]
    fn services_of_tr064_count_where_there_are_none_by_upnp() {
        let by_upnp = connection("WANIPConnection:1", "/a", "/e");
        let by_tr064 = connection("WANPPPConnection:1", "/b", "/e").replace("schemas-upnp", "dslforum");
        let read = |services: &str| {
            let body = format!("<root><device><serviceList>{services}</serviceList></device></root>");
            read(&location(), body.as_bytes()).expect("a description")
        };
        let kinds = |services: &[Service]| services.iter().map(|of| of.kind.clone()).collect::<Vec<_>>();
        let both = read(&format!("{by_tr064}{by_upnp}"));
        assert_eq!((both.spoken, both.services.len()), (Spoken::Upnp, 1));
        let line = connection("WANCommonInterfaceConfig:1", "/l", "/e").replace("schemas-upnp", "dslforum");
        let alone = read(&format!("{line}{by_tr064}"));
        assert_eq!(alone.spoken, Spoken::Tr064);
        assert_eq!(kinds(&alone.services), ["urn:dslforum-org:service:WANPPPConnection:1"]);
        assert_eq!(kinds(&alone.lines), ["urn:dslforum-org:service:WANCommonInterfaceConfig:1"]);
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
