//! Combines the answers of several name servers.

use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};

use super::answer::ServerAnswer;

/// The combined answer. Servers without an answer count only if there is no other.
pub(super) fn of(answers: Vec<ServerAnswer>) -> DnsAnswer {
    let mut problem = DnsProblem::NoAnswer;
    let mut agreed = None;
    for answer in answers {
        match answer {
            ServerAnswer::Records(records) if agreed.as_ref().is_some_and(|agreed| *agreed != records) => {
                return DnsAnswer::CantVerify(DnsProblem::Disagree);
            }
            ServerAnswer::Records(records) => agreed = Some(records),
            ServerAnswer::Refused => problem = DnsProblem::Refused,
            ServerAnswer::None => {}
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

    fn answer(ipv4: &str) -> ServerAnswer {
        ServerAnswer::Records(records(ipv4))
    }

    #[test]
    fn those_that_answered_must_agree_and_the_others_dont_count() {
        let agreed = DnsAnswer::Records(records("84.160.12.7"));
        assert_eq!(of(vec![answer("84.160.12.7")]), agreed);
        assert_eq!(
            of(vec![ServerAnswer::None, answer("84.160.12.7"), ServerAnswer::Refused, answer("84.160.12.7")]),
            agreed
        );
        assert_eq!(
            of(vec![answer("84.160.12.7"), ServerAnswer::None, answer("84.160.12.8")]),
            DnsAnswer::CantVerify(DnsProblem::Disagree)
        );
    }

    #[test]
    fn where_nobody_answered_a_refusal_says_more_than_silence() {
        let cant = DnsAnswer::CantVerify;
        assert_eq!(of(vec![ServerAnswer::None, ServerAnswer::None]), cant(DnsProblem::NoAnswer));
        assert_eq!(of(vec![ServerAnswer::None, ServerAnswer::Refused]), cant(DnsProblem::Refused));
        assert_eq!(of(vec![]), cant(DnsProblem::NoAnswer));
    }
}
