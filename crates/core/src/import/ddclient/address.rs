//! The place where ddclient sees an entry's addresses. Source: its description of `use`, `usev4` and `usev6`.

use crate::import::candidate::Seen;
use crate::import::found::RemarkWhat;
use crate::import::web_page::is_asked;
use crate::settings::Records;

/// A way to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Web,
    Interface,
    Fixed,
    Command,
    Router,
}

/// The records of an entry, the place of its addresses, and what is different in Dyntray.
pub(super) struct AddressFrom<'a> {
    /// The records.
    pub(super) records: Records,
    /// The place.
    pub(super) seen: Seen<'a>,
    /// The differences.
    pub(super) remarks: Vec<RemarkWhat>,
}

/// Reads the settings, each of which `at` finds by its name.
pub(super) fn read<'a>(at: impl Fn(&str) -> Option<&'a str>) -> AddressFrom<'a> {
    let way = |name: &str| at(name).and_then(way);
    let either = way("use");
    // `use` alone meant IPv4, unless what it asks says otherwise.
    let is_ipv6 = at("ipv6").is_some_and(is_yes)
        || match either {
            Some(Way::Web) => at("web").is_some_and(names_ipv6),
            Some(Way::Fixed) => at("ip").is_some_and(|ip| ip.contains(':')),
            _ => false,
        };
    let (ipv4, ipv6) = if is_ipv6 { (None, either) } else { (either, None) };
    let (ipv4, ipv6) = (way("usev4").or(ipv4), way("usev6").or(ipv6));
    let records = match (ipv4, ipv6) {
        (Some(_), None) => Records::Ipv4,
        (None, Some(_)) => Records::Ipv6,
        _ => Records::Both,
    };
    let pages = [
        (way("usev4").is_none() || way("usev6").is_none()).then_some(("use", "web")),
        Some(("usev4", "webv4")),
        Some(("usev6", "webv6")),
    ];
    let is_other = |(choice, page): (&str, &str)| {
        way(choice) == Some(Way::Web) && at(page).is_some_and(|page| !page.is_empty() && !is_asked(page))
    };
    let has_other_page = pages.into_iter().flatten().any(is_other);
    let ways: Vec<Way> = [ipv4, ipv6].into_iter().flatten().collect();
    let is_all = |way| !ways.is_empty() && ways.iter().all(|other| *other == way);
    let mut remarks = Vec::new();
    let mut seen = Seen::Web;
    if is_all(Way::Interface) {
        seen = Seen::Interface;
        if ["if", "ifv4", "ifv6"].iter().any(|name| at(name).is_some_and(|name| !name.is_empty())) {
            remarks.push(RemarkWhat::Interface);
        }
    } else if is_all(Way::Fixed) {
        let or_either = |name| at(name).or_else(|| at("ip")).unwrap_or_default();
        seen = Seen::Fixed(or_either("ipv4"), or_either("ipv6"));
    } else if ways.contains(&Way::Interface) || ways.contains(&Way::Fixed) {
        remarks.push(RemarkWhat::OneSource);
    } else if ways.contains(&Way::Command) {
        remarks.push(RemarkWhat::OtherSource);
    }
    remarks.extend(has_other_page.then_some(RemarkWhat::OtherWebPage));
    remarks.extend(at("wildcard").is_some_and(is_yes).then_some(RemarkWhat::Wildcard));
    AddressFrom { records, seen, remarks }
}

fn way(value: &str) -> Option<Way> {
    match value.to_ascii_lowercase().as_str() {
        "" | "no" | "disabled" => None,
        "web" | "webv4" | "webv6" => Some(Way::Web),
        "if" | "ifv4" | "ifv6" => Some(Way::Interface),
        "ip" | "ipv4" | "ipv6" => Some(Way::Fixed),
        "cmd" | "cmdv4" | "cmdv6" => Some(Way::Command),
        // `fw`, or the name of a router's model.
        _ => Some(Way::Router),
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "y" | "yes" | "t" | "true" | "1")
}

fn names_ipv6(web: &str) -> bool {
    let web = web.to_ascii_lowercase();
    ["ipv6", "ip6", "api6", "dynupdate6", "v6."].iter().any(|part| web.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_an_address_has_its_place_in_dyntray() {
        let fixed = Seen::Fixed;
        for (settings, records, seen, remarks) in [
            ("use=web", Records::Ipv4, Seen::Web, vec![]),
            ("use=web web=ipify-ipv6", Records::Ipv6, Seen::Web, vec![]),
            ("use=web web=https://checkip6.spdyn.de/", Records::Ipv6, Seen::Web, vec![]),
            ("use=web ipv6=yes", Records::Ipv6, Seen::Web, vec![]),
            ("use=web web=dyndns", Records::Ipv4, Seen::Web, vec![RemarkWhat::OtherWebPage]),
            ("use=web web=ipify-ipv4", Records::Ipv4, Seen::Web, vec![]),
            ("use=if if=eth0 web=dyndns", Records::Ipv4, Seen::Interface, vec![RemarkWhat::Interface]),
            ("usev6=webv6 webv6=v6.example.org", Records::Ipv6, Seen::Web, vec![RemarkWhat::OtherWebPage]),
            (
                "usev4=webv4 usev6=ifv6 webv4=a.example.org",
                Records::Both,
                Seen::Web,
                vec![RemarkWhat::OneSource, RemarkWhat::OtherWebPage],
            ),
            ("use=web wildcard=yes", Records::Ipv4, Seen::Web, vec![RemarkWhat::Wildcard]),
            ("use=if if=eth0", Records::Ipv4, Seen::Interface, vec![RemarkWhat::Interface]),
            ("usev6=ifv6 ifv6=eth0", Records::Ipv6, Seen::Interface, vec![RemarkWhat::Interface]),
            ("usev4=ifv4 usev6=ifv6", Records::Both, Seen::Interface, vec![]),
            ("usev4=webv4 usev6=ifv6 ifv6=eth0", Records::Both, Seen::Web, vec![RemarkWhat::OneSource]),
            ("usev4=disabled usev6=webv6", Records::Ipv6, Seen::Web, vec![]),
            ("use=no usev6=webv6", Records::Ipv6, Seen::Web, vec![]),
            ("use=ip ip=84.160.12.7", Records::Ipv4, fixed("84.160.12.7", "84.160.12.7"), vec![]),
            ("use=ip ip=2003:e1::7", Records::Ipv6, fixed("2003:e1::7", "2003:e1::7"), vec![]),
            (
                "usev4=ipv4 ipv4=84.160.12.7 usev6=ipv6 ipv6=2003:e1::7",
                Records::Both,
                fixed("84.160.12.7", "2003:e1::7"),
                vec![],
            ),
            ("use=cmd cmd=/bin/ip", Records::Ipv4, Seen::Web, vec![RemarkWhat::OtherSource]),
            ("use=fw fw=192.168.1.1", Records::Ipv4, Seen::Web, vec![]),
            ("use=linksys", Records::Ipv4, Seen::Web, vec![]),
            ("", Records::Both, Seen::Web, vec![]),
        ] {
            let at = |name: &str| {
                settings
                    .split(' ')
                    .filter_map(|s| s.split_once('='))
                    .find(|(n, _)| *n == name)
                    .map(|(_, v)| v)
            };
            let read = read(at);
            assert_eq!((read.records, read.seen, read.remarks), (records, seen, remarks), "{settings}");
        }
    }
}
