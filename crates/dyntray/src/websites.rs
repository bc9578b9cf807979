//! The websites that Dyntray opens in the person's browser. Their addresses come from the settings or from this file,
//! never from what a server says.

use dyntray_agent::Handle;
use dyntray_control::{AgentRequest, Response};
use dyntray_core::settings::form::{EntryForm, Form, website};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::server::WebAddress;

/// The extension that gives GNOME, which has no tray of its own, one.
const TRAY_HELP: &str = "https://extensions.gnome.org/extension/615/appindicator-support/";

/// Opens the website where an entry's tokens are made: its service's, or the sandbox's own portal.
pub async fn open_service(agent: &Handle, entry: EntryId) {
    if let Some(website) = typed(agent, entry).await.as_ref().and_then(website) {
        open(&website);
    }
}

/// Opens SPDYN's website.
pub fn open_spdyn() {
    if let Some(website) = website(&EntryForm::default()) {
        open(&website);
    }
}

/// Opens what answers at an entry's host name. A browser goes on to HTTPS where there is one.
pub async fn open_host(agent: &Handle, entry: EntryId) {
    let Some(typed) = typed(agent, entry).await else { return };
    // Only a host name that the form accepts gets into a URL.
    if let Ok(hostname) = Hostname::parse(typed.hostname.trim()) {
        open(&format!("http://{hostname}/"));
    }
}

async fn typed(agent: &Handle, entry: EntryId) -> Option<EntryForm> {
    form(agent).await?.entries.into_iter().find(|typed| typed.id == Some(entry))
}

/// Opens the first page of the website that new versions are announced on, whatever was announced.
pub async fn open_releases(agent: &Handle) {
    let Some(form) = form(agent).await else { return };
    if let Ok(releases) = WebAddress::parse(&form.releases) {
        open(&releases.website());
    }
}

/// Opens the page of the extension that gives GNOME a tray.
pub fn open_tray_help() {
    open(TRAY_HELP);
}

async fn form(agent: &Handle) -> Option<Form> {
    match agent.ask(AgentRequest::Form).await {
        Response::Form { form } => Some(form),
        _ => None,
    }
}

fn open(website: &str) {
    if let Err(error) = open::that_detached(website) {
        tracing::warn!(%error, website, "no browser could be opened");
    }
}
