//! Asks for the newest version of Dyntray, if the settings name a URL for that. Only the number is read from the response:
//! nothing is downloaded, opened or installed because of it.

use dyntray_core::observe::release::Version;
use dyntray_core::settings::Proxy;
use dyntray_core::types::server::WebAddress;
use serde::Deserialize;

use crate::http::{self, BodyEnd, HttpResponse};

/// The part of an announcement that is read. The files of Tauri's updater have the same field.
#[derive(Deserialize)]
struct Announcement {
    version: String,
}

/// The version that is announced at `url` by a JSON object with a `version`; none if that fails.
pub async fn announced(url: &WebAddress, proxy: &Proxy) -> Option<Version> {
    match ask(url, proxy).await {
        Ok(HttpResponse { status: 200, body, end: BodyEnd::Whole, .. }) => {
            let announcement = serde_json::from_slice::<Announcement>(&body);
            let version = announcement.ok().and_then(|announcement| announcement.version.parse().ok());
            if version.is_none() {
                tracing::warn!(%url, "the announcement has no valid version");
            }
            version
        }
        Ok(HttpResponse { status, .. }) => {
            tracing::warn!(%url, status, "no version is announced there");
            None
        }
        Err(error) => {
            tracing::info!(%url, error = %error.without_url(), "no version could be asked for");
            None
        }
    }
}

async fn ask(url: &WebAddress, proxy: &Proxy) -> Result<HttpResponse, reqwest::Error> {
    let client = http::with_proxy(http::client(url), proxy, url)?.build()?;
    Ok(http::read_response(client.get(url.to_string()).send().await?).await)
}
