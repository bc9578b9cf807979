//! A WAN connection: the UPnP service that reports the external address (`WANIPConnection` or `WANPPPConnection`).

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use dyntray_core::observe::observation::{LookUpProblem, Observation, admit};
use dyntray_core::protocol::reply::first_line;
use dyntray_core::types::address::{Family, PublicAddress};
use dyntray_core::types::network::Prefix;

use super::control::{Control, Known};
use super::description::Service;
use super::soap::SoapReply;

/// The number of failed questions after which a line's state isn't asked for any more.
const LACKS_STATUS: u8 = 3;

/// One WAN connection of a router.
#[derive(Debug)]
pub(super) struct WanConnection {
    /// The service.
    pub(super) control: Control,
    last_reported: Mutex<Option<String>>,
    /// The questions about its state in a row that failed: [`LACKS_STATUS`] if there is no use in asking.
    status_failures: AtomicU8,
}

/// The state of a line, as `GetStatusInfo` reports it (`WANIPConnection:1`, 2.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineStatus {
    /// Connected.
    Up,
    /// Anything else that it may be: disconnected, connecting, not configured.
    Down,
    /// The router doesn't say.
    NotTold,
}

/// A connection's answer about IPv4.
#[derive(Debug)]
pub(super) struct Ipv4Answer {
    /// The state of the line.
    pub(super) status: LineStatus,
    /// The external address. The one of a line that is down isn't believed.
    pub(super) address: Result<Observation, LookUpProblem>,
}

/// A connection's answer about IPv6.
#[derive(Debug)]
pub(super) enum Ipv6Answer {
    /// It has the action.
    Told(Observation),
    /// It hasn't, or answered something else: it knows nothing of IPv6.
    Unknown,
    /// It didn't answer in time.
    Late,
}

impl WanConnection {
    /// A connection that hasn't been asked yet.
    pub(super) fn new(service: Service) -> Self {
        WanConnection {
            control: Control::new(service),
            last_reported: Mutex::default(),
            status_failures: AtomicU8::new(0),
        }
    }

    /// The external address of the last look-up, as the router wrote it; none before the first one.
    pub(super) fn last_reported(&self) -> Option<String> {
        self.last_reported.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for the state of the line, then for the external IPv4 address.
    pub(super) async fn ipv4(&self) -> Ipv4Answer {
        let status = match self.status().await {
            Ok(status) => status,
            Err(why) => return Ipv4Answer { status: LineStatus::NotTold, address: Err(why) },
        };
        let address = self.external_address(status).await;
        let service = self.control.service();
        tracing::debug!(kind = service.kind, places = ?service.places, ?status, ?address, "a line of the router");
        Ipv4Answer { status, address }
    }

    /// The state of the line. Many lines are idle: a second one for television, a back-up, PPP beside IP. Their address is
    /// one of long ago.
    ///
    /// # Errors
    /// When the router can't be reached or answers too late. An odd answer is none.
    async fn status(&self) -> Result<LineStatus, LookUpProblem> {
        let failures = self.status_failures.load(Ordering::Relaxed);
        if failures >= LACKS_STATUS {
            return Ok(LineStatus::NotTold);
        }
        let (failures, status) =
            match self.control.ask("GetStatusInfo", &["NewConnectionStatus"], Known::ToAll).await {
                Ok(SoapReply::Values(values)) => {
                    (0, Ok(line_status(first(values).as_deref().unwrap_or_default())))
                }
                Err(why @ LookUpProblem::Unreachable) => (failures, Err(why)),
                // It may be busy, or it may never answer this question.
                Err(why @ LookUpProblem::TimedOut) => (failures + 1, Err(why)),
                other => {
                    tracing::debug!(?other, "the router doesn't tell the state of this line");
                    (LACKS_STATUS, Ok(LineStatus::NotTold))
                }
            };
        self.status_failures.store(failures, Ordering::Relaxed);
        status
    }

    async fn external_address(&self, status: LineStatus) -> Result<Observation, LookUpProblem> {
        let values = ["NewExternalIPAddress"];
        let address = match self.control.ask("GetExternalIPAddress", &values, Known::ToAll).await? {
            SoapReply::Values(values) => first(values).ok_or(LookUpProblem::NotUnderstood)?,
            SoapReply::Fault(code) => {
                tracing::debug!(code, "the router refuses to tell its address");
                return Err(LookUpProblem::NoRouter);
            }
        };
        *self.last_reported.lock().unwrap_or_else(PoisonError::into_inner) = Some(address.clone());
        Ok(match status {
            LineStatus::Down => unavailable(LookUpProblem::Unreachable),
            // Either the line is down, or it is up and the router keeps its address for itself.
            LineStatus::NotTold if address.is_empty() => unavailable(LookUpProblem::Unreachable),
            // Its address isn't public then. Which of the two causes it has can't be seen from that alone.
            LineStatus::Up | LineStatus::NotTold if is_none(&address) => unavailable(KEPT),
            LineStatus::Up | LineStatus::NotTold => read_address(Family::Ipv4, &address),
        })
    }

    /// Asks for the external IPv6 address, by an action that only FRITZ!Boxes have.
    ///
    /// # Errors
    /// `Unreachable` if no connection could be made. An odd answer is none: routers answer a question that they don't know
    /// with any status, a page or nothing.
    pub(super) async fn ipv6(&self) -> Result<Ipv6Answer, LookUpProblem> {
        let values = ["NewExternalIPv6Address"];
        let address = match self.control.ask("X_AVM_DE_GetExternalIPv6Address", &values, Known::ToSome).await
        {
            Ok(SoapReply::Values(values)) => first(values),
            Err(why @ LookUpProblem::Unreachable) => return Err(why),
            Err(LookUpProblem::TimedOut) => return Ok(Ipv6Answer::Late),
            other => {
                tracing::debug!(?other, "no IPv6 from this service");
                return Ok(Ipv6Answer::Unknown);
            }
        };
        // An empty address means that the line is coming up, or that it never has IPv6. So it is never `NoAddress`.
        Ok(Ipv6Answer::Told(match address.as_deref() {
            None | Some("" | "::") => unavailable(LookUpProblem::NoRouter),
            Some(address) => read_address(Family::Ipv6, address),
        }))
    }

    /// Asks for the delegated prefix, by an action that only FRITZ!Boxes have; none if it isn't a public one of a usual
    /// length, or the answer is odd.
    pub(super) async fn prefix(&self) -> Option<Prefix> {
        let values = ["NewIPv6Prefix", "NewPrefixLength", "NewValidLifetime"];
        let reply = self.control.ask("X_AVM_DE_GetIPv6Prefix", &values, Known::ToSome).await;
        let Ok(SoapReply::Values(values)) = reply else {
            tracing::debug!(?reply, "no prefix from this service");
            return None;
        };
        let [Some(base), Some(length), lifetime] = values.as_slice() else { return None };
        if lifetime.as_deref() == Some("0") {
            return None;
        }
        read_prefix(base, length)
    }
}

/// The answer of a router that keeps its address for itself.
const KEPT: LookUpProblem = LookUpProblem::AddressKept { next: None, outer: None };

/// True for what routers write where they have no address to tell.
fn is_none(address: &str) -> bool {
    matches!(address, "" | "0.0.0.0")
}

/// Reads a state. A word that isn't the specification's says nothing.
fn line_status(word: &str) -> LineStatus {
    let is_any = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word.trim()));
    if is_any(&["Connected", "Up"]) {
        LineStatus::Up
    } else if is_any(&[
        "Disconnected",
        "Disconnecting",
        "PendingDisconnect",
        "Connecting",
        "Authenticating",
        "Unconfigured",
        "Down",
    ]) {
        LineStatus::Down
    } else {
        LineStatus::NotTold
    }
}

fn first(values: Vec<Option<String>>) -> Option<String> {
    values.into_iter().next().flatten()
}

fn unavailable(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

fn read_address(family: Family, text: &str) -> Observation {
    let Ok(address) = text.parse::<IpAddr>() else {
        return unavailable(LookUpProblem::NotAnAddress { line: first_line(text.as_bytes()) });
    };
    match admit(family, address) {
        Ok(address) => Observation::Known { address },
        Err(why) => unavailable(why),
    }
}

/// Reads a prefix. FRITZ!Boxes write `2003:e1:1:2300::`, in some versions followed by `/56`, and nothing if there is
/// none.
fn read_prefix(base: &str, length: &str) -> Option<Prefix> {
    let base = base.split_once('/').map_or(base, |(base, _)| base);
    let base: Ipv6Addr = base.parse().ok()?;
    PublicAddress::try_from(IpAddr::V6(base)).ok()?;
    let length: u8 = length.parse().ok()?;
    (16..=64).contains(&length).then(|| Prefix::of(base, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_the_specification_spells_it_and_anything_else_says_nothing() {
        for (word, status) in [
            ("Connected", LineStatus::Up),
            (" CONNECTED ", LineStatus::Up),
            ("Disconnected", LineStatus::Down),
            ("PendingDisconnect", LineStatus::Down),
            ("Unconfigured", LineStatus::Down),
            ("", LineStatus::NotTold),
            ("OK", LineStatus::NotTold),
        ] {
            assert_eq!(line_status(word), status, "{word}");
        }
    }

    #[test]
    fn a_prefix_is_read_with_and_without_its_length_behind_it() {
        for base in ["2003:e1:1:2300::", "2003:e1:1:2300::/56", "2003:e1:1:2342::1"] {
            assert_eq!(
                read_prefix(base, "56").map(|p| p.to_string()).as_deref(),
                Some("2003:e1:1:2300::/56")
            );
        }
    }

    #[test]
    fn what_no_provider_delegates_is_no_prefix() {
        for (base, length) in [
            ("", "0"),
            ("::", "0"),
            ("2003:e1::", "0"),
            ("2003:e1::", "65"),
            ("2003:e1::", "300"),
            ("2003:e1::", "x"),
            ("fd00::", "56"),
            ("fe80::", "64"),
            ("2001:db8::", "56"),
            ("84.160.12.7", "24"),
        ] {
            assert_eq!(read_prefix(base, length), None, "{base} {length}");
        }
    }
}
