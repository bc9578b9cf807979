//! Asks what the newest version of Dyntray is, where the settings say whom to ask. A number is all that is taken from
//! the answer: nothing is fetched, opened or installed because of it.

use dyntray_core::observe::release::Version;
use dyntray_core::settings::Proxy;
use dyntray_core::types::server::WebAddress;
use serde::Deserialize;

use crate::http::{self, HttpResponse};

/// The part that is read of an announcement; Tauri's updater has the same field in its own.
#[derive(Deserialize)]
struct Announcement {
    version: String,
}

/// The version that is announced at `at`: a JSON object with a `version`. None where nothing could be learnt.
pub async fn announced(at: &WebAddress, proxy: &Proxy) -> Option<Version> {
    match answer_of(at, proxy).await {
        Ok(HttpResponse { status: 200, body, whole: true }) => {
            let announcement = serde_json::from_slice::<Announcement>(&body);
            let version = announcement.ok().and_then(|announcement| announcement.version.parse().ok());
            if version.is_none() {
                tracing::warn!(%at, "what is announced there is no version");
            }
            version
        }
        Ok(HttpResponse { status, .. }) => {
            tracing::warn!(%at, status, "no version is announced there");
            None
        }
        Err(error) => {
            tracing::info!(%at, error = %error.without_url(), "no version could be asked for");
            None
        }
    }
}

async fn answer_of(at: &WebAddress, proxy: &Proxy) -> Result<HttpResponse, reqwest::Error> {
    let client = http::through(http::client(at), proxy, at)?.build()?;
    http::answer(client.get(at.to_string()).send().await?).await
}
