//! Names of a file that lead to another line today. Whoever keeps names for others would lead them all to their own line.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::types::address::{Addresses, PerFamily, PublicAddress};
use crate::types::network::Prefix;

/// The length of the IPv6 prefix that a home shares, in bits. Its devices and its former addresses are in it.
const HOME_BITS: u8 = 56;

/// An entry of a file whose name leads to another line today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ImportElsewhere {
    /// Its number in the file.
    pub number: u32,
    /// The addresses that its name has, with commas between them.
    pub addresses: String,
}

/// Whether names that all lead to one other line may lead to this line's own address of before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormerAddress {
    /// They may: nobody has kept them since the line's address changed.
    Possible,
    /// They don't: another name leads here, or not all names are known.
    RuledOut,
}

/// The entries whose names lead elsewhere than to `line`, by the records that each has. A family of which either side is
/// unknown says nothing.
pub fn elsewhere(
    line: &Addresses,
    located: &[(u32, PerFamily<Vec<IpAddr>>)],
    former: FormerAddress,
) -> Vec<ImportElsewhere> {
    let mut lines: Vec<BTreeSet<Prefix>> = Vec::new();
    let mut found = Vec::new();
    let mut is_any_here = false;
    for (number, records) in located {
        match leads_to(line, records) {
            None => {}
            Some(Place::Here) => is_any_here = true,
            Some(Place::Elsewhere(addresses)) => {
                join(&mut lines, addresses.iter().copied().map(home_of).collect());
                let text: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                found.push(ImportElsewhere { number: *number, addresses: text.join(", ") });
            }
        }
    }
    let is_former = former == FormerAddress::Possible && !is_any_here && lines.len() == 1;
    if is_former { Vec::new() } else { found }
}

/// Adds what is known of a line. Those that share something are one.
fn join(lines: &mut Vec<BTreeSet<Prefix>>, line: BTreeSet<Prefix>) {
    let same: Vec<BTreeSet<Prefix>> = lines.extract_if(.., |other| !other.is_disjoint(&line)).collect();
    lines.push(same.into_iter().flatten().chain(line).collect());
}

/// The place that a name leads to.
enum Place {
    Here,
    Elsewhere(BTreeSet<IpAddr>),
}

/// The place of a name with these records; none where nothing can be compared.
fn leads_to(line: &Addresses, records: &PerFamily<Vec<IpAddr>>) -> Option<Place> {
    let mut others = BTreeSet::new();
    for own in line.iter() {
        let public = |record: &&IpAddr| PublicAddress::try_from(**record).is_ok();
        for record in records.get(own.family()).iter().filter(public) {
            if home_of(*record) == home_of(own.ip()) {
                return Some(Place::Here);
            }
            others.insert(*record);
        }
    }
    (!others.is_empty()).then_some(Place::Elsewhere(others))
}

/// What all addresses of a home have in common: the IPv4 address, or the IPv6 prefix.
fn home_of(address: IpAddr) -> Prefix {
    match address {
        IpAddr::V4(address) => Prefix::of(address.to_ipv6_mapped(), 128),
        IpAddr::V6(address) => Prefix::of(address, HOME_BITS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::address::Family;

    fn line() -> Addresses {
        let public = |text: &str| text.parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
        Addresses { ipv4: public("84.160.12.7"), ipv6: public("2003:e1:1:2300::7") }
    }

    fn records(all: &[&str]) -> PerFamily<Vec<IpAddr>> {
        let all: Vec<IpAddr> = all.iter().map(|text| text.parse().expect("an address")).collect();
        PerFamily::from_fn(|family| all.iter().copied().filter(|at| Family::of(*at) == family).collect())
    }

    fn found(line: &Addresses, names: &[&[&str]]) -> Vec<(u32, String)> {
        let located: Vec<_> = (0..).zip(names.iter().map(|all| records(all))).collect();
        let all = elsewhere(line, &located, FormerAddress::Possible);
        all.into_iter().map(|at| (at.number, at.addresses)).collect()
    }

    #[test]
    fn names_of_other_lines_are_found_beside_those_of_this_one() {
        let names: &[&[&str]] = &[
            &["84.160.12.7"],
            &["91.3.4.5"],
            &["91.3.4.6", "2a02:8109::9"],
            &["91.3.4.5", "2003:e1:1:2312::20"],
            &["192.168.178.20"],
            &[],
        ];
        let expected = [(1, "91.3.4.5".to_owned()), (2, "91.3.4.6, 2a02:8109::9".to_owned())];
        assert_eq!(found(&line(), names), expected);
        let names: &[&[&str]] = &[&["91.3.4.5"], &["91.3.4.6"]];
        assert_eq!(found(&line(), names).len(), 2, "none leads here, and they lead to two lines");
    }

    #[test]
    fn names_that_all_lead_to_one_former_address_are_this_lines() {
        assert_eq!(found(&line(), &[&["91.3.4.5"], &["91.3.4.5"]]), []);
        assert_eq!(found(&line(), &[&["91.3.4.5"]]), []);
        assert_eq!(
            found(&line(), &[&["91.3.4.5"], &["91.3.4.5"], &["84.160.12.7"]]).len(),
            2,
            "one leads here"
        );
    }

    #[test]
    fn what_is_unknown_of_either_side_says_nothing() {
        let names: &[&[&str]] = &[&["91.3.4.5"], &["91.3.4.6"]];
        assert_eq!(found(&Addresses::default(), names), []);
        let ipv6_only = Addresses { ipv4: None, ..line() };
        assert_eq!(found(&ipv6_only, names), []);
    }
}
