//! The home's line and the services that tell its address.

use std::collections::BTreeMap;
use std::net::IpAddr;

use dyntray_core::address::{Family, PerFamily};
use dyntray_core::observation::{LookUpProblem, Observation, admit, read_web_resolver};
use dyntray_core::settings::Source;

/// How a source of addresses behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// It tells the line's address.
    #[default]
    Truth,
    /// It can't be reached.
    Unreachable,
    /// It never answers.
    Silence,
    /// A web resolver answers this instead.
    Text(&'static str),
}

/// The line.
pub struct Line {
    /// Its addresses now.
    pub addresses: PerFamily<Option<IpAddr>>,
    /// Whether it carries anything.
    pub is_up: bool,
    tellings: BTreeMap<Source, Telling>,
}

impl Line {
    pub fn with(ipv4: Option<IpAddr>, ipv6: Option<IpAddr>) -> Self {
        Line { addresses: PerFamily { ipv4, ipv6 }, is_up: true, tellings: BTreeMap::new() }
    }

    pub fn set(&mut self, family: Family, address: Option<IpAddr>) {
        *self.addresses.get_mut(family) = address;
    }

    pub fn source_tells(&mut self, source: Source, telling: Telling) {
        self.tellings.insert(source, telling);
    }

    /// What `source` answers now, and how many seconds that takes.
    pub fn look_up(&self, source: Source) -> (Observation, i64) {
        let family = source.family();
        let unavailable = |why| Observation::Unavailable { why };
        let is_web = source == Source::web_resolver(family);
        let address = self.addresses.get(family).filter(|_| self.is_up);
        match (self.tellings.get(&source).copied().unwrap_or_default(), address) {
            (Telling::Unreachable, _) if !is_web => (unavailable(LookUpProblem::Interfaces), 0),
            (Telling::Truth, None) if !is_web => (Observation::NoAddress, 0),
            (_, Some(address)) if !is_web => {
                let seen = admit(family, address);
                (seen.map_or_else(unavailable, |address| Observation::Known { address }), 0)
            }
            (Telling::Unreachable, _) | (_, None) => (unavailable(LookUpProblem::Unreachable), 3),
            (Telling::Silence, _) => (unavailable(LookUpProblem::TimedOut), 15),
            (Telling::Text(text), _) => (read_web_resolver(family, 200, text.as_bytes()), 1),
            (Telling::Truth, Some(address)) => {
                (read_web_resolver(family, 200, address.to_string().as_bytes()), 1)
            }
        }
    }
}
