//! Sends one update request, and has its answer classified.

use dyntray_core::protocol::reply::{Verdict, first_line};
use dyntray_core::protocol::request::{SecretPlace, UpdateRequest};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::protocol::url_template::{SECRET, percent_encoded};
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Proxy;
use reqwest::{Client, Request};
use secrecy::{ExposeSecret, SecretString};

use crate::http::{self, HttpError, HttpResponse};

/// Stands where an answer repeats the secret.
const HIDDEN: &[u8] = b"***";

/// Sends `request` with `secret`: by HTTP Basic, or in the URL where the service knows nothing else. `proxy` never sees
/// it, and neither does anybody who reads what is made of the answer.
pub async fn send(request: &UpdateRequest, secret: &SecretString, proxy: &Proxy) -> SendEnd {
    match exchange(request, secret, proxy).await {
        Ok(answer) => SendEnd::Answered(read(&answer, request, secret)),
        Err(error) => {
            let trouble = match http::failure(&error) {
                HttpError::NoRoute | HttpError::NotConnected => RetryableError::Unreachable,
                HttpError::NotTrusted => RetryableError::NotTrusted,
                HttpError::TimedOut | HttpError::Broken => RetryableError::Unconfirmed,
            };
            tracing::debug!(server = %request.server, error = %error.without_url(), "request failed");
            SendEnd::Failed(trouble)
        }
    }
}

fn read(answer: &HttpResponse, request: &UpdateRequest, secret: &SecretString) -> Verdict {
    let body = without(&answer.body, secret);
    match request.classify(answer.status, &body) {
        Verdict::Accepted(_) if !answer.whole => {
            Verdict::Retry(RetryableError::Unreadable { line: first_line(&body) })
        }
        verdict => verdict,
    }
}

async fn exchange(
    request: &UpdateRequest,
    secret: &SecretString,
    proxy: &Proxy,
) -> Result<HttpResponse, reqwest::Error> {
    let client = http::through(http::client(&request.server), proxy, &request.server)?.build()?;
    let response = client.execute(prepare(&client, request, secret)?).await?;
    http::answer(response).await
}

/// The request as it goes out: the one place where a secret meets a URL.
fn prepare(
    client: &Client,
    request: &UpdateRequest,
    secret: &SecretString,
) -> Result<Request, reqwest::Error> {
    let url = request.url();
    match request.secret_place() {
        SecretPlace::Basic => client.get(url).basic_auth(&request.user, Some(secret.expose_secret())).build(),
        SecretPlace::Url => {
            let encoded = SecretString::from(percent_encoded(secret.expose_secret()));
            // Nothing else in the URL has braces: what was filled in is escaped.
            let whole = SecretString::from(url.replace(SECRET, encoded.expose_secret()));
            client.get(whole.expose_secret()).build()
        }
    }
}

/// An answer that repeats the request, as error pages do, repeats the secret: it must not get into the history.
fn without(body: &[u8], secret: &SecretString) -> Vec<u8> {
    let plain = secret.expose_secret();
    let encoded = SecretString::from(percent_encoded(plain));
    let mut hidden = body.to_vec();
    for text in [plain.as_bytes(), encoded.expose_secret().as_bytes()] {
        // What is so short is no secret, and might be a return code.
        if text.len() < 6 {
            continue;
        }
        while let Some(at) = hidden.windows(text.len()).position(|window| window == text) {
            hidden.splice(at..at + text.len(), HIDDEN.iter().copied());
        }
    }
    hidden
}

#[cfg(test)]
mod tests;
