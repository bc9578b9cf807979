//! Sends one update request, and has its response classified.

use dyntray_core::protocol::reply::{Verdict, first_line};
use dyntray_core::protocol::request::{SecretPlace, UpdateRequest};
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::protocol::url_template::{SECRET, percent_encoded};
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Proxy;
use reqwest::{Client, Request};
use secrecy::{ExposeSecret, SecretString};

use crate::certificate_dates::OutOfDate;
use crate::http::{self, HttpError, HttpResponse};

/// The replacement for a secret in a response.
const MASK: &[u8] = b"***";

/// A request that was sent, or couldn't be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its end.
    pub end: SendEnd,
    /// The server's wish to be left alone for a while, if there is one.
    pub retry_after: Option<RetryAfter>,
}

impl From<SendEnd> for Sent {
    fn from(end: SendEnd) -> Self {
        Sent { end, retry_after: None }
    }
}

/// Sends `request` with `secret`: by HTTP Basic, or in the URL if the service knows nothing else. `proxy` never sees the
/// secret, and the result never contains it.
pub async fn send(request: &UpdateRequest, secret: &SecretString, proxy: &Proxy) -> Sent {
    match exchange(request, secret, proxy).await {
        Ok(response) => Sent {
            end: SendEnd::Answered(read(&response, request, secret)),
            retry_after: response.retry_after(&request.server),
        },
        Err(error) => {
            let failure = match HttpError::of(&error) {
                HttpError::NoRoute | HttpError::NotConnected => RetryableError::Unreachable,
                HttpError::NotTrusted => RetryableError::NotTrusted,
                HttpError::OutOfDate(OutOfDate::WrongClock { shows }) => RetryableError::WrongClock { shows },
                HttpError::OutOfDate(OutOfDate::Expired) => RetryableError::CertificateExpired,
                HttpError::OutOfDate(OutOfDate::NotYetValid) => RetryableError::CertificateNotYetValid,
                HttpError::TimedOut | HttpError::Broken => RetryableError::Unconfirmed,
            };
            tracing::debug!(server = %request.server, error = %error.without_url(), "request failed");
            SendEnd::Failed(failure).into()
        }
    }
}

fn read(response: &HttpResponse, request: &UpdateRequest, secret: &SecretString) -> Verdict {
    let body = masked(&response.body, secret);
    match request.classify(response.status, &body) {
        Verdict::Accepted(_) if !response.is_complete => {
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
    let client = http::with_proxy(http::client(&request.server), proxy, &request.server)?.build()?;
    let response = client.execute(prepare(&client, request, secret)?).await?;
    http::read_response(response).await
}

/// The request as it is sent. This is the only place where a secret gets into a URL.
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
            // Nothing else in the URL has braces, because the values in it are escaped.
            let url = SecretString::from(url.replace(SECRET, encoded.expose_secret()));
            client.get(url.expose_secret()).build()
        }
    }
}

/// The body with the secret masked. Error pages may repeat the request, and the history must not contain the secret.
fn masked(body: &[u8], secret: &SecretString) -> Vec<u8> {
    let plain = secret.expose_secret();
    let encoded = SecretString::from(percent_encoded(plain));
    let mut masked = body.to_vec();
    for text in [plain.as_bytes(), encoded.expose_secret().as_bytes()] {
        // A text as short as this is no secret, and might be a return code.
        if text.len() < 6 {
            continue;
        }
        while let Some(at) = masked.windows(text.len()).position(|window| window == text) {
            masked.splice(at..at + text.len(), MASK.iter().copied());
        }
    }
    masked
}

#[cfg(test)]
mod tests;
