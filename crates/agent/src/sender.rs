//! Sends one update request, and has its answer classified.

use dyntray_core::record::SendEnd;
use dyntray_core::reply::{Verdict, classify, first_line};
use dyntray_core::request::UpdateRequest;
use dyntray_core::retry::Trouble;
use dyntray_core::settings::Proxy;
use secrecy::{ExposeSecret, SecretString};

use crate::http::{self, Answer, Failure};

/// Sends `request` with `secret` by HTTP Basic: neither URL nor body holds it, nor does `proxy` see it.
pub async fn send(request: &UpdateRequest, secret: &SecretString, proxy: &Proxy) -> SendEnd {
    match exchange(request, secret, proxy).await {
        Ok(answer) => SendEnd::Answered(read(&answer, request)),
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

fn read(answer: &Answer, request: &UpdateRequest) -> Verdict {
    match classify(answer.status, &answer.body, &request.addresses) {
        Verdict::Accepted(_) if !answer.whole => {
            Verdict::Trouble(Trouble::Unreadable { line: first_line(&answer.body) })
        }
        verdict => verdict,
    }
}

async fn exchange(
    request: &UpdateRequest,
    secret: &SecretString,
    proxy: &Proxy,
) -> Result<Answer, reqwest::Error> {
    let client = http::through(http::client(&request.server), proxy, &request.server)?.build()?;
    let response =
        client.get(request.url()).basic_auth(&request.user, Some(secret.expose_secret())).send().await?;
    http::answer(response).await
}
