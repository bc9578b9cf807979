//! What the loop does, as sentences of the log: English, for people. The same event's fields stand behind each, for
//! whoever looks for a fault.

use std::fmt::Display;
use std::net::IpAddr;

use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::reply::{Accepted, Verdict};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::types::address::Family;
use dyntray_core::types::network::Network;
use dyntray_core::types::source::{Origin, Source};

/// A source's answer: `looked up IPv4: the router gave no address (no router answers)`.
pub(super) fn looked_up(source: Source, seen: &Observation) -> String {
    let family = family(source.family);
    let source = match source.origin {
        Origin::WebResolver => "the web resolver",
        Origin::FallBack { .. } => "a further web resolver",
        Origin::Router => "the router",
        Origin::Interface => "this machine",
        Origin::Fixed => "the settings",
    };
    match seen {
        Observation::Known { address } => format!("looked up {family}: {source} reports {address}"),
        Observation::NoAddress => format!("looked up {family}: {source} says there is no address"),
        Observation::Unavailable { why } => {
            format!("looked up {family}: {source} gave no address ({})", problem(why))
        }
    }
}

/// The name servers' answer: `the name servers of home.spdns.de have 84.160.12.7`.
pub(super) fn in_dns(hostname: &dyn Display, answer: &DnsAnswer) -> String {
    match answer {
        DnsAnswer::Records(records) => {
            let there: Vec<&IpAddr> = records.ipv4.iter().chain(&records.ipv6).collect();
            if there.is_empty() {
                format!("the name servers have no address for {hostname}")
            } else {
                format!("the name servers have {} for {hostname}", listed(there))
            }
        }
        DnsAnswer::CantVerify(why) => {
            let why = match why {
                DnsProblem::NoNameServers => "they weren't found",
                DnsProblem::NoAnswer => "none answers",
                DnsProblem::Refused => "they refuse, or don't know the name",
                DnsProblem::Disagree => "they don't agree yet",
            };
            format!("the name servers can't be asked about {hostname}: {why}")
        }
    }
}

/// The end of an update: `the update of home.spdns.de was accepted`.
pub(super) fn sent(hostname: &dyn Display, end: &SendEnd) -> String {
    match end {
        SendEnd::Answered(Verdict::Accepted(Accepted::Good)) => {
            format!("the update of {hostname} was accepted")
        }
        SendEnd::Answered(Verdict::Accepted(Accepted::NoChange)) => {
            format!("the update of {hostname} was accepted; the address was there already")
        }
        SendEnd::Answered(Verdict::Halt(_)) => {
            format!("the update of {hostname} was refused; nothing more is sent until a person acts")
        }
        SendEnd::Answered(Verdict::Retry(why)) | SendEnd::Failed(why) => {
            format!("the update of {hostname} failed and is tried again: {}", failure(why))
        }
        SendEnd::NoSecret { .. } => format!("nothing was sent for {hostname}: it has no token or password"),
    }
}

/// The network: `the network: eth0; router 192.168.178.1; IPv4 and IPv6 lead to the internet`.
pub(super) fn network(network: Option<&Network>) -> String {
    let Some(network) = network else { return "the network can't be read".to_owned() };
    if network.interfaces.is_empty() {
        return "there is no network".to_owned();
    }
    let names = listed(network.interfaces.iter().map(|interface| &interface.name));
    let router = network.gateway.as_ref().map_or_else(
        || "no router".to_owned(),
        |gateway| {
            format!(
                "router {}",
                listed([gateway.addresses.ipv4, gateway.addresses.ipv6].into_iter().flatten())
            )
        },
    );
    let leads = match (network.outgoing.ipv4, network.outgoing.ipv6) {
        (Some(_), Some(_)) => "IPv4 and IPv6 lead to the internet",
        (Some(_), None) => "only IPv4 leads to the internet",
        (None, Some(_)) => "only IPv6 leads to the internet",
        (None, None) => "nothing leads to the internet",
    };
    format!("the network: {names}; {router}; {leads}")
}

fn family(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "IPv4",
        Family::Ipv6 => "IPv6",
    }
}

fn problem(why: &LookUpProblem) -> String {
    match why {
        LookUpProblem::Unreachable => "not reachable".into(),
        LookUpProblem::TimedOut => "no answer in time".into(),
        LookUpProblem::NotTrusted => "the certificate isn't the service's".into(),
        LookUpProblem::NoCertificates => "this system has no root certificates".into(),
        LookUpProblem::WrongClock { shows } => format!("this computer's clock shows {shows}"),
        LookUpProblem::CertificateExpired => "the certificate has expired".into(),
        LookUpProblem::CertificateNotYetValid => "the certificate isn't valid yet".into(),
        LookUpProblem::Status { status } => format!("error {status}"),
        LookUpProblem::Redirected => "the answer leads elsewhere".into(),
        LookUpProblem::NotAnAddress { line } => format!("the answer is not an address: {line}"),
        LookUpProblem::WrongFamily => "the answer is an address of the other kind".into(),
        LookUpProblem::Unpublishable { address, why } => format!("{address} can't be published, {why}"),
        LookUpProblem::Interfaces => "the interfaces can't be read".into(),
        LookUpProblem::NameNotFound => "its name can't be resolved".into(),
        LookUpProblem::SignInPage => "a sign-in page answers".into(),
        LookUpProblem::NoRouter => "no router reports one".into(),
        LookUpProblem::NotUnderstood => "the answer can't be understood".into(),
        LookUpProblem::FritzBoxSilent => "the FRITZ!Box keeps it for itself".into(),
        LookUpProblem::AddressKept { .. } => "it is connected, and keeps its address for itself".into(),
        LookUpProblem::DsLite => "it has none of its own: DS-Lite".into(),
    }
}

fn failure(why: &RetryableError) -> String {
    match why {
        RetryableError::Unreachable => "the server can't be reached".into(),
        RetryableError::NotTrusted => "the certificate isn't the server's".into(),
        RetryableError::NoCertificates => "this system has no root certificates".into(),
        RetryableError::WrongClock { shows } => format!("this computer's clock shows {shows}"),
        RetryableError::CertificateExpired => "the certificate has expired".into(),
        RetryableError::CertificateNotYetValid => "the certificate isn't valid yet".into(),
        RetryableError::Unconfirmed => "no answer came".into(),
        RetryableError::Server { code } => format!("the server reports {code}"),
        RetryableError::Unreadable { line } => format!("an update server doesn't answer like this: {line}"),
        RetryableError::KeyringLocked => "the keyring is locked".into(),
        RetryableError::KeyringAbsent => "there is no keyring".into(),
        RetryableError::SecretsUnusable { why } => format!("the file of secrets can't be used: {why}"),
    }
}

fn listed(items: impl IntoIterator<Item = impl Display>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_up_without_an_address_is_told_in_a_sentence() {
        let seen = Observation::Unavailable { why: LookUpProblem::NoRouter };
        let said = looked_up(Source::router(Family::Ipv4), &seen);
        assert_eq!(said, "looked up IPv4: the router gave no address (no router reports one)");
    }

    #[test]
    fn what_the_name_servers_have_is_listed() {
        let there = ["84.160.12.7", "84.160.12.8"].map(|text| text.parse().expect("an address"));
        let records = dyntray_core::types::address::PerFamily { ipv4: there.to_vec(), ipv6: Vec::new() };
        let said = in_dns(&"home.spdns.de", &DnsAnswer::Records(records));
        assert_eq!(said, "the name servers have 84.160.12.7, 84.160.12.8 for home.spdns.de");
        let said =
            in_dns(&"home.spdns.de", &DnsAnswer::Records(dyntray_core::types::address::PerFamily::default()));
        assert_eq!(said, "the name servers have no address for home.spdns.de");
    }
}
