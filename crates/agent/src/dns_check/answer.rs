//! Reads what one name server answered.

use std::net::IpAddr;

use dyntray_core::types::address::{Family, PerFamily};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record};

/// So many aliases are followed. Real chains have one or two; the limit ends circles.
const LONGEST_CHAIN: usize = 8;
/// So many addresses of one family are kept, the lowest ones. A home has one.
const MOST_ADDRESSES: usize = 16;

/// What a server answered for one family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// These addresses, sorted; none where the name or the record doesn't exist.
    Addresses(Vec<IpAddr>),
    /// An error, a referral, or an alias to what it doesn't serve.
    Refused,
    /// No answer.
    Nothing,
}

/// What a server told in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The records of both families.
    Records(PerFamily<Vec<IpAddr>>),
    /// It refused at least one family.
    Refused,
    /// It didn't answer, or only for one family.
    Nothing,
}

impl Told {
    /// Both families' answers of one server.
    pub(super) fn from_both(ipv4: Read, ipv6: Read) -> Self {
        match (ipv4, ipv6) {
            (Read::Addresses(ipv4), Read::Addresses(ipv6)) => Told::Records(PerFamily { ipv4, ipv6 }),
            (Read::Refused, _) | (_, Read::Refused) => Told::Refused,
            _ => Told::Nothing,
        }
    }
}

/// Reads an authoritative answer for `name`. RFC 1035, 4.1.1 has the codes; RFC 2308, 2 says what "none" looks like.
pub(super) fn read(message: &Message, name: &Name, family: Family) -> Read {
    let head = &message.metadata;
    let has_told = head.authoritative
        && !head.truncation
        && matches!(head.response_code, ResponseCode::NoError | ResponseCode::NXDomain);
    let Some(owner) = follow_aliases(message, name).filter(|_| has_told) else {
        return Read::Refused;
    };
    let addresses = addresses_at(message, owner, family);
    // With an alias, "none" is said by the zone that the alias leads to, and only its own SOA record proves that.
    let is_proven = owner == name || message.authorities.iter().any(|record| is_start_of_zone(record, owner));
    if addresses.is_empty() && !is_proven { Read::Refused } else { Read::Addresses(addresses) }
}

/// The addresses that a resolver, which has authority over nothing, found for `name`.
pub(super) fn resolved(message: &Message, name: &Name, family: Family) -> Vec<IpAddr> {
    follow_aliases(message, name).map(|owner| addresses_at(message, owner, family)).unwrap_or_default()
}

/// The name servers of `zone`, where the answer says that it is a zone.
pub(super) fn name_servers(message: &Message, zone: &Name) -> Vec<Name> {
    records_at(message, zone)
        .filter_map(|data| match data {
            RData::NS(server) => Some(server.0.clone()),
            _ => None,
        })
        .collect()
}

/// The name at which the answer's aliases end; none where they go in a circle.
fn follow_aliases<'a>(message: &'a Message, name: &'a Name) -> Option<&'a Name> {
    let mut owner = name;
    for _ in 0..LONGEST_CHAIN {
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
    addresses.truncate(MOST_ADDRESSES);
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

    fn home(message: &Message) -> Read {
        read(message, &name("home.spdns.de."), Family::Ipv4)
    }

    fn addresses(texts: &[&str]) -> Read {
        Read::Addresses(texts.iter().map(|text| text.parse().expect("an address")).collect())
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
        assert_eq!(home(&cached), Read::Refused);
        let mut cut_off = good.clone();
        cut_off.metadata.truncation = true;
        assert_eq!(home(&cut_off), Read::Refused);
        for code in
            [ResponseCode::Refused, ResponseCode::ServFail, ResponseCode::FormErr, ResponseCode::NotAuth]
        {
            let mut error = good.clone();
            error.metadata.response_code = code;
            assert_eq!(home(&error), Read::Refused, "{code}");
        }
    }

    #[test]
    fn an_alias_is_followed_inside_the_answer_and_nowhere_else() {
        let inside = vec![alias("home.spdns.de.", "box.spdns.de."), a("box.spdns.de.", "84.160.12.7")];
        assert_eq!(home(&authoritative(inside, vec![])), addresses(&["84.160.12.7"]));
        let outside = vec![alias("home.spdns.de.", "box.example.org.")];
        assert_eq!(home(&authoritative(outside.clone(), vec![])), Read::Refused);
        assert_eq!(home(&authoritative(outside, vec![soa("spdns.de.")])), Read::Refused);
        let to_nothing = vec![alias("home.spdns.de.", "box.spdns.de.")];
        assert_eq!(home(&authoritative(to_nothing, vec![soa("spdns.de.")])), addresses(&[]));
    }

    #[test]
    fn aliases_in_a_circle_end() {
        let circle = vec![alias("home.spdns.de.", "box.spdns.de."), alias("box.spdns.de.", "home.spdns.de.")];
        assert_eq!(home(&authoritative(circle, vec![soa("spdns.de.")])), Read::Refused);
    }

    #[test]
    fn of_thousands_of_addresses_few_are_kept() {
        let many = (0..4000u32)
            .map(|n| record("home.spdns.de.", RData::A(A(std::net::Ipv4Addr::from(0x0b00_0000 + n)))))
            .collect();
        let Read::Addresses(kept) = home(&authoritative(many, vec![])) else { panic!("addresses") };
        assert_eq!(kept.len(), MOST_ADDRESSES);
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
