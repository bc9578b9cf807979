//! Asks a web service for the address that our connection comes from.

use dyntray_core::address::Family;
use dyntray_core::observation::{LookUpProblem, Observation, read_web_resolver};
use dyntray_core::reply::first_line;
use dyntray_core::server::WebAddress;

use crate::http::{self, Answer, Failure};

/// Asks `resolver` over `family`. Never fails: what went wrong is part of the observation.
pub async fn look_up(resolver: &WebAddress, family: Family) -> Observation {
    match ask(resolver, family).await {
        Ok(Answer { status, body, whole }) => match read_web_resolver(family, status, &body) {
            Observation::Known { .. } if !whole => {
                Observation::Unavailable { why: LookUpProblem::NotAnAddress { line: first_line(&body) } }
            }
            seen => seen,
        },
        Err(error) => {
            let why = match http::failure(&error) {
                // The system has no way out over IPv6: that is an answer. Without IPv4 it is rather offline.
                Failure::NoRoute if family == Family::Ipv6 => return Observation::NoAddress,
                Failure::NoRoute | Failure::NotConnected => LookUpProblem::Unreachable,
                Failure::NotTrusted => LookUpProblem::NotTrusted,
                Failure::TimedOut => LookUpProblem::TimedOut,
                Failure::Broken => LookUpProblem::NotAnAddress { line: String::new() },
            };
            tracing::debug!(%resolver, ?family, error = %error.without_url(), "look-up failed");
            Observation::Unavailable { why }
        }
    }
}

async fn ask(resolver: &WebAddress, family: Family) -> Result<Answer, reqwest::Error> {
    let client = http::of_family(http::client(resolver), family, resolver).build()?;
    let response = client.get(resolver.to_string()).send().await?;
    http::answer(response).await
}
