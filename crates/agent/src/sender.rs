//! Sends one update request, and has its response classified.

use dyntray_core::protocol::reply::{Verdict, first_line_without};
use dyntray_core::protocol::request::{SecretPlace, UpdateRequest};
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::protocol::url_template::{SECRET, percent_encoded};
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Proxy;
use reqwest::{Client, Request};
use secrecy::{ExposeSecret, SecretString};

use crate::certificate_dates::OutOfDate;
use crate::http::{self, BodyEnd, HttpError, HttpResponse};

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
        Ok(response) => {
            Sent { end: read(&response, request, secret), retry_after: response.retry_after(&request.server) }
        }
        Err(error) => {
            let failure = failure(HttpError::of(&error));
            tracing::debug!(server = %request.server, error = %error.without_url(), "request failed");
            SendEnd::Failed(failure).into()
        }
    }
}

/// What a response means. What came of a broken one is enough for a refusal; a success takes all of it.
fn read(response: &HttpResponse, request: &UpdateRequest, secret: &SecretString) -> SendEnd {
    let HttpResponse { status, body, end, .. } = response;
    let line = || first_line_without(body, secret.expose_secret());
    let unreadable = || Verdict::Retry(RetryableError::Unreadable { line: line() });
    let verdict = match end {
        BodyEnd::Whole => request.classify(*status, body),
        BodyEnd::TooLong => request.classify_beginning(*status, body).unwrap_or_else(unreadable),
        BodyEnd::Broken(error) => match request.classify_beginning(*status, body) {
            Some(verdict) => verdict,
            None => return SendEnd::Failed(failure(*error)),
        },
    };
    // Error pages may repeat the request, and neither log nor history may contain the secret.
    SendEnd::Answered(match verdict {
        Verdict::Retry(RetryableError::Unreadable { .. }) => unreadable(),
        verdict => verdict,
    })
}

fn failure(error: HttpError) -> RetryableError {
    match error {
        HttpError::NoRoute | HttpError::NotConnected => RetryableError::Unreachable,
        HttpError::NotTrusted => RetryableError::NotTrusted,
        HttpError::NoCertificates => RetryableError::NoCertificates,
        HttpError::OutOfDate(OutOfDate::WrongClock { shows }) => RetryableError::WrongClock { shows },
        HttpError::OutOfDate(OutOfDate::Expired) => RetryableError::CertificateExpired,
        HttpError::OutOfDate(OutOfDate::NotYetValid) => RetryableError::CertificateNotYetValid,
        HttpError::TimedOut | HttpError::Broken => RetryableError::Unconfirmed,
    }
}

async fn exchange(
    request: &UpdateRequest,
    secret: &SecretString,
    proxy: &Proxy,
) -> Result<HttpResponse, reqwest::Error> {
    let client = http::with_proxy(http::client(&request.server), proxy, &request.server)?.build()?;
    let response = client.execute(prepare(&client, request, secret)?).await?;
    Ok(http::read_response(response).await)
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

#[cfg(test)]
mod tests;
