//! Asks a router by UPnP IGD (WANIPConnection:1, 2.4.18 and 2.4.7), and FRITZ!Boxes also for IPv6.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dyntray_core::observe::observation::{LookUpProblem, Observation, admit};
use dyntray_core::protocol::reply::first_line;
use dyntray_core::types::address::{Family, PublicAddress};
use dyntray_core::types::network::Prefix;

use super::RouterAt;
use super::description::{Service, services};
use super::gateway_url::{GatewayUrl, send};
use super::search::Search;
use super::soap::{self, SoapReply};

/// A router answers a search within its MX of one second; then its description is fetched.
const FIND_LIMIT: Duration = Duration::from_millis(2500);

/// A router's services, as it described them.
#[derive(Debug)]
pub(super) struct Igd {
    /// At least one.
    pub(super) connections: Vec<Arc<Connection>>,
    /// Set when it has refused the FRITZ!Box's actions for IPv6.
    speaks_no_ipv6: AtomicBool,
}

/// One service that knows an external address.
#[derive(Debug)]
pub(super) struct Connection {
    /// Where it is.
    pub(super) service: Service,
    /// The external address that it told last, as it wrote it.
    told: Mutex<Option<String>>,
}

/// What was told.
#[derive(Debug)]
pub(super) struct Told {
    /// The external address.
    pub(super) observation: Observation,
    /// The delegated prefix, with IPv6.
    pub(super) prefix: Option<Prefix>,
}

/// Searches the router and reads its description. None where there is no UPnP.
pub(super) async fn find(at: RouterAt, place: std::net::SocketAddrV4) -> Option<Igd> {
    match tokio::time::timeout(FIND_LIMIT, search(at, place)).await {
        Ok(Ok(igd)) => {
            tracing::debug!(?igd.connections, "the router speaks UPnP");
            Some(igd)
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "the router couldn't be searched");
            None
        }
        Err(_) => {
            tracing::debug!(gateway = %at.address, "no UPnP at the gateway");
            None
        }
    }
}

async fn search(at: RouterAt, place: std::net::SocketAddrV4) -> std::io::Result<Igd> {
    let mut search = Search::start(at, place).await?;
    loop {
        let page = search.next().await?;
        if let Some(igd) = describe(&page).await {
            return Ok(igd);
        }
    }
}

async fn describe(page: &GatewayUrl) -> Option<Igd> {
    let answer = send(page.request("GET").ok()?).await.ok()?;
    if answer.status != 200 {
        tracing::debug!(?page, status = answer.status, "no description");
        return None;
    }
    let services = services(page, &answer.body)
        .inspect_err(|error| tracing::debug!(?page, %error, "the description isn't XML"))
        .ok()?;
    let connections: Vec<_> = services
        .into_iter()
        .map(|service| Arc::new(Connection { service, told: Mutex::default() }))
        .collect();
    if connections.is_empty() {
        tracing::debug!(?page, "nothing in it tells an external address");
        return None;
    }
    Some(Igd { connections, speaks_no_ipv6: AtomicBool::new(false) })
}

impl Igd {
    /// The external address of `family`.
    ///
    /// # Errors
    /// Why nothing at all was told; `NoRouter` where this router has no answer to such a question.
    pub(super) async fn look_up(&self, family: Family) -> Result<Told, LookUpProblem> {
        match family {
            Family::Ipv4 => Ok(Told { observation: self.ipv4().await?, prefix: None }),
            Family::Ipv6 => self.ipv6().await,
        }
    }

    /// What each line told last of its external address, as it wrote it.
    pub(super) fn told(&self) -> Vec<Option<String>> {
        self.connections.iter().map(|connection| connection.told()).collect()
    }

    /// Of several lines the first that has a public address counts.
    async fn ipv4(&self) -> Result<Observation, LookUpProblem> {
        let mut best = Err(LookUpProblem::NoRouter);
        for connection in &self.connections {
            match connection.ipv4().await {
                Ok(known @ Observation::Known { .. }) => return Ok(known),
                Ok(other) if best.is_err() => best = Ok(other),
                Err(why) if best == Err(LookUpProblem::NoRouter) => best = Err(why),
                Ok(_) | Err(_) => {}
            }
        }
        best
    }

    /// The FRITZ!Box's own actions, on the same service. Every other router refuses them, and is asked once.
    async fn ipv6(&self) -> Result<Told, LookUpProblem> {
        if self.speaks_no_ipv6.load(Ordering::Relaxed) {
            return Err(LookUpProblem::NoRouter);
        }
        for connection in &self.connections {
            let values = ["NewExternalIPv6Address"];
            let address = match connection.ask("X_AVM_DE_GetExternalIPv6Address", &values).await? {
                SoapReply::Values(values) => first(values),
                SoapReply::Fault(code) => {
                    tracing::debug!(code, "no IPv6 from this service");
                    continue;
                }
            };
            let prefix = connection.prefix().await?;
            // None while the line comes up, or for ever: it can't be told apart, so it is never `NoAddress`.
            let observation = match address.as_deref() {
                None | Some("" | "::") => nothing(LookUpProblem::NoRouter),
                Some(address) => read_address(Family::Ipv6, address),
            };
            return Ok(Told { observation, prefix });
        }
        self.speaks_no_ipv6.store(true, Ordering::Relaxed);
        Err(LookUpProblem::NoRouter)
    }
}

impl Connection {
    /// The external address that it told last, as it wrote it; none before the first time.
    pub(super) fn told(&self) -> Option<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ipv4(&self) -> Result<Observation, LookUpProblem> {
        let said = self.ask("GetExternalIPAddress", &["NewExternalIPAddress"]).await?;
        let address = match said {
            SoapReply::Values(values) => first(values).ok_or(NOT_SAID)?,
            SoapReply::Fault(code) => {
                tracing::debug!(code, "the router refuses to tell its address");
                return Err(LookUpProblem::NoRouter);
            }
        };
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(address.clone());
        if !address.is_empty() {
            return Ok(read_address(Family::Ipv4, &address));
        }
        // A line that is down has none either. One that is up has no public one: miniupnpd behind another router
        // writes nothing where others write 0.0.0.0. It isn't `NoAddress`, as the other router's may serve.
        let status = self.ask("GetStatusInfo", &["NewConnectionStatus"]).await?;
        let up = matches!(status, SoapReply::Values(values) if values == [Some("Connected".to_owned())]);
        Ok(if up { read_address(Family::Ipv4, "0.0.0.0") } else { nothing(LookUpProblem::Unreachable) })
    }

    /// The delegated prefix, as long as it is a public one of a usual length.
    async fn prefix(&self) -> Result<Option<Prefix>, LookUpProblem> {
        let values = ["NewIPv6Prefix", "NewPrefixLength", "NewValidLifetime"];
        let said = self.ask("X_AVM_DE_GetIPv6Prefix", &values).await?;
        let SoapReply::Values(values) = said else { return Ok(None) };
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
            .body(soap::question(kind, action));
        let answer = send(request).await?;
        match answer.status {
            // 500 comes with a fault.
            200 | 500 => soap::read(action, values, &answer.body)
                .map_err(|_| LookUpProblem::NotAnAddress { line: first_line(&answer.body) }),
            300..=399 => Err(LookUpProblem::Redirected),
            status => Err(LookUpProblem::Status { status }),
        }
    }
}

/// The answer was SOAP, and what was asked for isn't in it.
const NOT_SAID: LookUpProblem = LookUpProblem::NotAnAddress { line: String::new() };

fn first(values: Vec<Option<String>>) -> Option<String> {
    values.into_iter().next().flatten()
}

fn nothing(why: LookUpProblem) -> Observation {
    Observation::Unavailable { why }
}

fn read_address(family: Family, text: &str) -> Observation {
    let Ok(address) = text.parse::<IpAddr>() else {
        return nothing(LookUpProblem::NotAnAddress { line: first_line(text.as_bytes()) });
    };
    match admit(family, address) {
        Ok(address) => Observation::Known { address },
        Err(why) => nothing(why),
    }
}

/// FRITZ!Boxes write `2003:e1:1:2300::`, some versions with `/56` behind it, and an empty text where there is none.
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
