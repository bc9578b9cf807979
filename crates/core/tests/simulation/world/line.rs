//! The home's line, and the services that report its address.

use std::collections::BTreeMap;
use std::net::IpAddr;

use dyntray_core::observe::observation::{LookUpProblem, Observation, admit, read_web_resolver};
use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::network::{
    AddressLife, Gateway, Interface, InterfaceKind, LocalAddress, Network, NetworkId,
};
use dyntray_core::types::source::{Origin, Source};

/// The behaviour of a source of addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// It reports the line's address.
    #[default]
    Truth,
    /// It can't be reached.
    Unreachable,
    /// It never answers.
    Silence,
    /// A web resolver answers this instead.
    Text(&'static str),
}

/// The router's reports about the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Router {
    /// There is no router, or it reports nothing.
    #[default]
    Mute,
    /// It reports the line's addresses.
    Truth,
    /// It reports this instead of the IPv4 address.
    Says(&'static str),
}

/// The place of this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whereabouts {
    /// A network without a gateway.
    #[default]
    Nameless,
    /// A network whose gateway has no identity that the system tells.
    Hidden,
    /// The network of that name.
    At(&'static str),
}

/// The place of a second address in the system's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Before the line's own.
    First,
    /// After it.
    Last,
}

/// The line.
pub struct Line {
    /// Its present addresses.
    pub addresses: PerFamily<Option<IpAddr>>,
    /// True where it carries anything.
    pub is_up: bool,
    /// True where this machine dials in itself, so that its own interface has the line's IPv4 address.
    pub is_dialled_here: bool,
    /// The router's reports.
    pub router: Router,
    /// The address of this machine's VPN, if there is one.
    pub vpn: Option<IpAddr>,
    /// The network that this machine is in.
    pub whereabouts: Whereabouts,
    /// A temporary IPv6 address that outgoing connections use.
    pub temporary: Option<IpAddr>,
    /// A second lasting IPv6 address of this machine, and its place in the system's list.
    pub second: Option<(IpAddr, Listed)>,
    /// The seconds that each web resolver takes in addition.
    pub delay: i64,
    tellings: BTreeMap<Source, Telling>,
}

impl Line {
    pub fn with(ipv4: Option<IpAddr>, ipv6: Option<IpAddr>) -> Self {
        Line {
            addresses: PerFamily { ipv4, ipv6 },
            is_up: true,
            is_dialled_here: false,
            router: Router::Mute,
            vpn: None,
            whereabouts: Whereabouts::Nameless,
            temporary: None,
            second: None,
            delay: 0,
            tellings: BTreeMap::new(),
        }
    }

    pub fn set(&mut self, family: Family, address: Option<IpAddr>) {
        *self.addresses.get_mut(family) = address;
    }

    pub fn source_tells(&mut self, source: Source, telling: Telling) {
        self.tellings.insert(source, telling);
    }

    fn telling(&self, source: Source) -> Telling {
        self.tellings.get(&source).copied().unwrap_or_default()
    }

    /// The operating system's reading of this machine's network; none while it can't be read.
    pub fn network(&self) -> Option<Network> {
        if self.telling(Source::interface(Family::Ipv4)) == Telling::Unreachable {
            return None;
        }
        let behind_nat = |address: IpAddr| {
            if address.is_ipv4() && !self.is_dialled_here {
                IpAddr::from([192, 168, 178, 20])
            } else {
                address
            }
        };
        let there: Vec<IpAddr> = Family::BOTH
            .iter()
            .filter_map(|family| self.addresses.get(*family).map(behind_nat))
            .filter(|_| self.is_up)
            .collect();
        let local = |address: &IpAddr, is_temporary| LocalAddress {
            address: *address,
            prefix_length: 64,
            life: AddressLife::Preferred,
            is_temporary,
        };
        let mut addresses: Vec<_> = there.iter().map(|address| local(address, false)).collect();
        addresses.extend(self.temporary.iter().map(|address| local(address, true)));
        match self.second.filter(|_| self.is_up) {
            Some((address, Listed::First)) => addresses.insert(0, local(&address, false)),
            Some((address, Listed::Last)) => addresses.push(local(&address, false)),
            None => {}
        }
        let mut interfaces = vec![Interface { name: "eth0".into(), kind: InterfaceKind::Lan, addresses }];
        let tunnel = self.vpn.iter().map(|address| local(address, false)).collect();
        if self.vpn.is_some() {
            interfaces.push(Interface { name: "wg0".into(), kind: InterfaceKind::Tunnel, addresses: tunnel });
        }
        let outgoing = PerFamily::from_fn(|family| {
            let by_vpn = self.vpn.filter(|address| Family::of(*address) == family);
            let own =
                there.iter().copied().chain(self.second.map(|(second, _)| second).filter(|_| self.is_up));
            by_vpn.or_else(|| own.into_iter().find(|address| Family::of(*address) == family))
        });
        let ids = match self.whereabouts {
            Whereabouts::Nameless => None,
            Whereabouts::Hidden => Some(Vec::new()),
            Whereabouts::At(name) => Some(vec![NetworkId(name.to_owned())]),
        };
        let gateway = ids.map(|ids| Gateway { addresses: PerFamily::default(), ids, is_resolving: false });
        Some(Network { interfaces, outgoing, gateway })
    }

    /// The answer of `source` at present, and the seconds that it takes.
    pub fn look_up(&self, source: Source) -> (Observation, i64) {
        let family = source.family;
        let unavailable = |why| Observation::Unavailable { why };
        let second = self.second.map(|(address, _)| address).filter(|second| Family::of(*second) == family);
        let address = self.addresses.get(family).or(second).filter(|_| self.is_up);
        if source.origin == Origin::Router {
            let told = match (self.router, family) {
                (Router::Mute, _) => None,
                (Router::Says(text), Family::Ipv4) => text.parse().ok(),
                (Router::Says(_) | Router::Truth, _) => address,
            };
            let seen = told.map(|address| admit(family, address));
            let seen = seen.unwrap_or(Err(LookUpProblem::NoRouter));
            return (seen.map_or_else(unavailable, |address| Observation::Known { address }), 0);
        }
        let by_vpn = self.vpn.filter(|vpn| self.is_up && Family::of(*vpn) == family);
        let temporary = self.temporary.filter(|_| self.is_up && family == Family::Ipv6);
        match (self.telling(source), by_vpn.or(temporary).or(address)) {
            (Telling::Unreachable, _) | (_, None) => {
                (unavailable(LookUpProblem::Unreachable), 3 + self.delay)
            }
            (Telling::Silence, _) => (unavailable(LookUpProblem::TimedOut), 15),
            (Telling::Text(text), _) => (read_web_resolver(family, 200, text.as_bytes()), 1 + self.delay),
            (Telling::Truth, Some(address)) => {
                (read_web_resolver(family, 200, address.to_string().as_bytes()), 1 + self.delay)
            }
        }
    }
}
