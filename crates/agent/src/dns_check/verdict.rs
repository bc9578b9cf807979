//! Puts together what several name servers told.

use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};

use super::answer::Told;

/// What all of them amount to. Those that answered count; others only where nobody did.
pub(super) fn of(told: Vec<Told>) -> DnsAnswer {
    let mut problem = DnsProblem::NoAnswer;
    let mut agreed = None;
    for told in told {
        match told {
            Told::Records(records) if agreed.as_ref().is_some_and(|agreed| *agreed != records) => {
                return DnsAnswer::CantVerify(DnsProblem::Disagree);
            }
            Told::Records(records) => agreed = Some(records),
            Told::Refused => problem = DnsProblem::Refused,
            Told::Nothing => {}
        }
    }
    agreed.map_or(DnsAnswer::CantVerify(problem), DnsAnswer::Records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::address::PerFamily;
    use std::net::IpAddr;

    fn records(ipv4: &str) -> PerFamily<Vec<IpAddr>> {
        PerFamily { ipv4: vec![ipv4.parse().expect("an address")], ipv6: vec![] }
    }

    fn told(ipv4: &str) -> Told {
        Told::Records(records(ipv4))
    }

    #[test]
    fn those_that_answered_must_agree_and_the_others_dont_count() {
        let agreed = DnsAnswer::Records(records("84.160.12.7"));
        assert_eq!(of(vec![told("84.160.12.7")]), agreed);
        assert_eq!(of(vec![Told::Nothing, told("84.160.12.7"), Told::Refused, told("84.160.12.7")]), agreed);
        assert_eq!(
            of(vec![told("84.160.12.7"), Told::Nothing, told("84.160.12.8")]),
            DnsAnswer::CantVerify(DnsProblem::Disagree)
        );
    }

    #[test]
    fn where_nobody_answered_a_refusal_says_more_than_silence() {
        let cant = DnsAnswer::CantVerify;
        assert_eq!(of(vec![Told::Nothing, Told::Nothing]), cant(DnsProblem::NoAnswer));
        assert_eq!(of(vec![Told::Nothing, Told::Refused]), cant(DnsProblem::Refused));
        assert_eq!(of(vec![]), cant(DnsProblem::NoAnswer));
    }
}
