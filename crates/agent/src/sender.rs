//! Sends one update request, and has its answer classified.

use dyntray_core::record::SendEnd;
use dyntray_core::reply::classify;
use dyntray_core::request::UpdateRequest;
use dyntray_core::retry::Trouble;
use secrecy::{ExposeSecret, SecretString};

use crate::http::{self, Failure};

/// Sends `request` with `secret` by HTTP Basic: neither URL nor body holds it.
pub async fn send(request: &UpdateRequest, secret: &SecretString) -> SendEnd {
    match exchange(request, secret).await {
        Ok((status, body)) => SendEnd::Answered(classify(status, &body, &request.addresses)),
        Err(error) => {
            let trouble = match http::failure(&error) {
                Failure::NoRoute | Failure::NotConnected => Trouble::Unreachable,
                Failure::NotTrusted => Trouble::NotTrusted,
                Failure::TimedOut | Failure::Broken => Trouble::Unconfirmed,
            };
            tracing::debug!(server = %request.server, error = %error.without_url(), "request failed");
            SendEnd::Failed(trouble)
        }
    }
}

async fn exchange(request: &UpdateRequest, secret: &SecretString) -> Result<(u16, Vec<u8>), reqwest::Error> {
    let client = http::client(&request.server).build()?;
    let response =
        client.get(request.url()).basic_auth(&request.user, Some(secret.expose_secret())).send().await?;
    let status = response.status().as_u16();
    Ok((status, http::body(response).await?))
}
