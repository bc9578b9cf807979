//! A WAN connection: the UPnP service that reports the external address (`WANIPConnection` or `WANPPPConnection`).

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use dyntray_core::observe::observation::{LookUpProblem, Observation, admit};
use dyntray_core::protocol::reply::first_line;
use dyntray_core::types::address::{Family, PublicAddress};
use dyntray_core::types::network::Prefix;

use super::description::Service;
use super::gateway_url::send;
use super::soap::{self, SoapReply};

/// A SOAP answer without the value asked for.
const NO_VALUE: LookUpProblem = LookUpProblem::NotAnAddress { line: String::new() };

/// One WAN connection of a router.
#[derive(Debug)]
pub(super) struct WanConnection {
    /// The service, as the router described it.
    pub(super) service: Service,
    last_reported: Mutex<Option<String>>,
}

impl WanConnection {
    /// A connection that hasn't been asked yet.
    pub(super) fn new(service: Service) -> Self {
        WanConnection { service, last_reported: Mutex::default() }
    }

    /// The external address of the last look-up, as the router wrote it; none before the first one.
    pub(super) fn last_reported(&self) -> Option<String> {
        self.last_reported.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks for the external IPv4 address.
    ///
    /// # Errors
    /// The reason why there is no address; `NoRouter` if the router refuses.
    pub(super) async fn ipv4(&self) -> Result<Observation, LookUpProblem> {
        let reply = self.ask("GetExternalIPAddress", &["NewExternalIPAddress"]).await?;
        let address = match reply {
            SoapReply::Values(values) => first(values).ok_or(NO_VALUE)?,
            SoapReply::Fault(code) => {
                tracing::debug!(code, "the router refuses to tell its address");
                return Err(LookUpProblem::NoRouter);
            }
        };
        *self.last_reported.lock().unwrap_or_else(PoisonError::into_inner) = Some(address.clone());
        if !address.is_empty() {
            return Ok(read_address(Family::Ipv4, &address));
        }
        // Either the line is down, or it is up without a public address: miniupnpd behind another router writes nothing
        // where others write 0.0.0.0. That isn't `NoAddress`, because the other router's address may do.
        let status = self.ask("GetStatusInfo", &["NewConnectionStatus"]).await?;
        let is_up = matches!(status, SoapReply::Values(values) if values == [Some("Connected".to_owned())]);
        Ok(if is_up {
            read_address(Family::Ipv4, "0.0.0.0")
        } else {
            unavailable(LookUpProblem::Unreachable)
        })
    }

    /// Asks for the external IPv6 address, by an action that only FRITZ!Boxes have; none if the router refuses it.
    ///
    /// # Errors
    /// The reason why there is no address.
    pub(super) async fn ipv6(&self) -> Result<Option<Observation>, LookUpProblem> {
        let values = ["NewExternalIPv6Address"];
        let address = match self.ask("X_AVM_DE_GetExternalIPv6Address", &values).await? {
            SoapReply::Values(values) => first(values),
            SoapReply::Fault(code) => {
                tracing::debug!(code, "no IPv6 from this service");
                return Ok(None);
            }
        };
        // An empty address means that the line is coming up, or that it never has IPv6. So it is never `NoAddress`.
        Ok(Some(match address.as_deref() {
            None | Some("" | "::") => unavailable(LookUpProblem::NoRouter),
            Some(address) => read_address(Family::Ipv6, address),
        }))
    }

    /// Asks for the delegated prefix, by an action that only FRITZ!Boxes have; none if it isn't a public one of a usual
    /// length.
    ///
    /// # Errors
    /// The reason why there is no address.
    pub(super) async fn prefix(&self) -> Result<Option<Prefix>, LookUpProblem> {
        let values = ["NewIPv6Prefix", "NewPrefixLength", "NewValidLifetime"];
        let reply = self.ask("X_AVM_DE_GetIPv6Prefix", &values).await?;
        let SoapReply::Values(values) = reply else { return Ok(None) };
        let [Some(base), Some(length), lifetime] = values.as_slice() else { return Ok(None) };
        if lifetime.as_deref() == Some("0") {
            return Ok(None);
        }
        Ok(read_prefix(base, length))
    }

    async fn ask(&self, action: &str, values: &[&str]) -> Result<SoapReply, LookUpProblem> {
        let Service { kind, control, .. } = &self.service;
        let request = control
            .request("POST")?
            .header("Content-Type", "text/xml; charset=\"utf-8\"")
            .header("SOAPAction", format!("\"{kind}#{action}\""))
            .body(soap::request(kind, action));
        let answer = send(request).await?;
        match answer.status {
            // A fault comes with status 500.
            200 | 500 => soap::read(action, values, &answer.body)
                .map_err(|_| LookUpProblem::NotAnAddress { line: first_line(&answer.body) }),
            300..=399 => Err(LookUpProblem::Redirected),
            status => Err(LookUpProblem::Status { status }),
        }
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
