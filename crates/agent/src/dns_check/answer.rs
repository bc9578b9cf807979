//! Reads the answers of one name server.

use std::net::IpAddr;
use std::time::Duration;

use dyntray_core::types::address::{Family, PerFamily};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record};

/// The number of aliases that are followed. Real chains have one or two; the limit ends circular ones.
const MAX_ALIASES: usize = 8;
/// The number of addresses of one family that are kept, the lowest ones. A home has one.
const MAX_ADDRESSES: usize = 16;

/// The answer of a server for one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FamilyAnswer {
    /// The addresses, sorted; empty if the name or the record doesn't exist.
    Addresses(Vec<IpAddr>),
    /// An error, a referral, or an alias to a zone that it doesn't serve.
    Refused,
    /// No answer.
    None,
}

/// The answer of a server for both families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ServerAnswer {
    /// The records of both families.
    Records(PerFamily<Vec<IpAddr>>),
    /// It refused at least one family.
    Refused,
    /// No answer, or for one family only.
    None,
}

impl ServerAnswer {
    /// Combines the answers for both families.
    pub(super) fn from_both(ipv4: FamilyAnswer, ipv6: FamilyAnswer) -> Self {
        match (ipv4, ipv6) {
            (FamilyAnswer::Addresses(ipv4), FamilyAnswer::Addresses(ipv6)) => {
                ServerAnswer::Records(PerFamily { ipv4, ipv6 })
            }
            (FamilyAnswer::Refused, _) | (_, FamilyAnswer::Refused) => ServerAnswer::Refused,
            _ => ServerAnswer::None,
        }
    }
}

/// Reads an authoritative answer for `name` (the codes: RFC 1035, 4.1.1; answers without records: RFC 2308, 2).
pub(super) fn read(message: &Message, name: &Name, family: Family) -> FamilyAnswer {
    let head = &message.metadata;
    let is_answer = head.authoritative
        && !head.truncation
        && matches!(head.response_code, ResponseCode::NoError | ResponseCode::NXDomain);
    let Some(owner) = follow_aliases(message, name).filter(|_| is_answer) else {
        return FamilyAnswer::Refused;
    };
    let addresses = addresses_at(message, owner, family);
    // Behind an alias, only the SOA record of the target's zone proves that the target has no record.
    let is_proven = owner == name || message.authorities.iter().any(|record| is_start_of_zone(record, owner));
    if addresses.is_empty() && !is_proven {
        FamilyAnswer::Refused
    } else {
        FamilyAnswer::Addresses(addresses)
    }
}

/// The addresses for `name` in the answer of a resolver, which isn't authoritative.
pub(super) fn resolved(message: &Message, name: &Name, family: Family) -> Vec<IpAddr> {
    follow_aliases(message, name).map(|owner| addresses_at(message, owner, family)).unwrap_or_default()
}

/// The name servers of `zone`; empty if the answer doesn't say that it is a zone.
pub(super) fn name_servers(message: &Message, zone: &Name) -> Vec<Name> {
    records_at(message, zone)
        .filter_map(|data| match data {
            RData::NS(server) => Some(server.0.clone()),
            _ => None,
        })
        .collect()
}

/// The time for which the answer may be kept (RFC 1035, 3.2.1): the shortest of its records'.
pub(super) fn time_to_live(message: &Message) -> Duration {
    let seconds = message.answers.iter().map(|record| record.ttl).min().unwrap_or_default();
    Duration::from_secs(seconds.into())
}

/// The name at the end of the answer's aliases; none if they are circular.
fn follow_aliases<'a>(message: &'a Message, name: &'a Name) -> Option<&'a Name> {
    let mut owner = name;
    for _ in 0..MAX_ALIASES {
        let alias = records_at(message, owner).find_map(|data| match data {
            RData::CNAME(target) => Some(&target.0),
            _ => None,
        });
        match alias {
            Some(target) => owner = target,
            None => return Some(owner),
        }
    }
    None
}

fn addresses_at(message: &Message, owner: &Name, family: Family) -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> = records_at(message, owner)
        .filter_map(|data| match data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        })
        .filter(|address| Family::of(*address) == family)
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.truncate(MAX_ADDRESSES);
    addresses.shrink_to_fit();
    addresses
}

fn records_at<'a>(message: &'a Message, owner: &'a Name) -> impl Iterator<Item = &'a RData> {
    message
        .answers
        .iter()
        .filter(move |record| record.dns_class == DNSClass::IN && record.name == *owner)
        .map(|record| &record.data)
}

fn is_start_of_zone(record: &Record, name: &Name) -> bool {
    matches!(record.data, RData::SOA(_)) && record.name.zone_of(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_proto::op::{MessageType, OpCode};
    use hickory_proto::rr::rdata::{A, AAAA, CNAME, NS, SOA};

    fn name(text: &str) -> Name {
        Name::from_ascii(text).expect("a name")
    }

    fn record(owner: &str, data: RData) -> Record {
        Record::from_rdata(name(owner), 60, data)
    }

    fn a(owner: &str, address: &str) -> Record {
        record(owner, RData::A(A(address.parse().expect("an address"))))
    }

    fn alias(owner: &str, target: &str) -> Record {
        record(owner, RData::CNAME(CNAME(name(target))))
    }

    fn soa(zone: &str) -> Record {
        record(zone, RData::SOA(SOA::new(name(zone), name(zone), 1, 1, 1, 1, 1)))
    }

    fn authoritative(answers: Vec<Record>, authorities: Vec<Record>) -> Message {
        let mut message = Message::new(7, MessageType::Response, OpCode::Query);
        message.metadata.authoritative = true;
        message.answers = answers;
        message.authorities = authorities;
        message
    }

    fn home(message: &Message) -> FamilyAnswer {
        read(message, &name("home.spdns.de."), Family::Ipv4)
    }

    fn addresses(texts: &[&str]) -> FamilyAnswer {
        FamilyAnswer::Addresses(texts.iter().map(|text| text.parse().expect("an address")).collect())
    }

    #[test]
    fn addresses_come_sorted_and_once_and_only_those_of_the_name_and_family() {
        let message = authoritative(
            vec![
                a("HOME.spdns.de.", "84.160.12.9"),
                a("home.spdns.de.", "84.160.12.7"),
                a("home.spdns.de.", "84.160.12.9"),
                a("other.spdns.de.", "84.160.12.1"),
                record("home.spdns.de.", RData::AAAA(AAAA("2003:e1::7".parse().expect("an address")))),
            ],
            vec![],
        );
        assert_eq!(home(&message), addresses(&["84.160.12.7", "84.160.12.9"]));
        assert_eq!(read(&message, &name("home.spdns.de."), Family::Ipv6), addresses(&["2003:e1::7"]));
    }

    #[test]
    fn a_name_or_a_record_that_isnt_there_is_none() {
        let mut message = authoritative(vec![], vec![soa("spdns.de.")]);
        assert_eq!(home(&message), addresses(&[]));
        message.metadata.response_code = ResponseCode::NXDomain;
        assert_eq!(home(&message), addresses(&[]));
    }

    #[test]
    fn an_answer_without_authority_or_with_an_error_or_cut_off_tells_nothing() {
        let good = authoritative(vec![a("home.spdns.de.", "84.160.12.7")], vec![]);
        let mut cached = good.clone();
        cached.metadata.authoritative = false;
        assert_eq!(home(&cached), FamilyAnswer::Refused);
        let mut cut_off = good.clone();
        cut_off.metadata.truncation = true;
        assert_eq!(home(&cut_off), FamilyAnswer::Refused);
        for code in
            [ResponseCode::Refused, ResponseCode::ServFail, ResponseCode::FormErr, ResponseCode::NotAuth]
        {
            let mut error = good.clone();
            error.metadata.response_code = code;
            assert_eq!(home(&error), FamilyAnswer::Refused, "{code}");
        }
    }

    #[test]
    fn an_alias_is_followed_inside_the_answer_and_nowhere_else() {
        let inside = vec![alias("home.spdns.de.", "box.spdns.de."), a("box.spdns.de.", "84.160.12.7")];
        assert_eq!(home(&authoritative(inside, vec![])), addresses(&["84.160.12.7"]));
        let outside = vec![alias("home.spdns.de.", "box.example.org.")];
        assert_eq!(home(&authoritative(outside.clone(), vec![])), FamilyAnswer::Refused);
        assert_eq!(home(&authoritative(outside, vec![soa("spdns.de.")])), FamilyAnswer::Refused);
        let to_nothing = vec![alias("home.spdns.de.", "box.spdns.de.")];
        assert_eq!(home(&authoritative(to_nothing, vec![soa("spdns.de.")])), addresses(&[]));
    }

    #[test]
    fn aliases_in_a_circle_end() {
        let circle = vec![alias("home.spdns.de.", "box.spdns.de."), alias("box.spdns.de.", "home.spdns.de.")];
        assert_eq!(home(&authoritative(circle, vec![soa("spdns.de.")])), FamilyAnswer::Refused);
    }

    #[test]
    fn of_thousands_of_addresses_few_are_kept() {
        let many = (0..4000u32)
            .map(|n| record("home.spdns.de.", RData::A(A(std::net::Ipv4Addr::from(0x0b00_0000 + n)))))
            .collect();
        let FamilyAnswer::Addresses(kept) = home(&authoritative(many, vec![])) else { panic!("addresses") };
        assert_eq!(kept.len(), MAX_ADDRESSES);
    }

    #[test]
    fn an_answer_lives_as_long_as_the_shortest_of_its_records() {
        let mut message =
            authoritative(vec![a("a.spdns.de.", "84.160.12.7"), a("a.spdns.de.", "84.160.12.8")], vec![]);
        message.answers[1].ttl = 7;
        assert_eq!(time_to_live(&message), Duration::from_secs(7));
        assert_eq!(time_to_live(&authoritative(vec![], vec![])), Duration::ZERO);
    }

    #[test]
    fn only_the_zones_own_name_servers_are_its_name_servers() {
        let ns = |owner: &str, server: &str| record(owner, RData::NS(NS(name(server))));
        let message = authoritative(
            vec![ns("spdns.de.", "ns1.spdns.de."), ns("de.", "a.nic.de."), ns("SPDNS.de.", "ns2.spdns.de.")],
            vec![],
        );
        assert_eq!(
            name_servers(&message, &name("spdns.de.")),
            [name("ns1.spdns.de."), name("ns2.spdns.de.")]
        );
        assert_eq!(name_servers(&message, &name("home.spdns.de.")), []);
    }
}
