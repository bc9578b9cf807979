//! Gathers what the diagnostics and the history's table are made of: from the agent, the log and the system.

use std::env::consts::{ARCH, OS};
use std::fs;

use dyntray_agent::{Handle, settings_file};
use dyntray_control::{LogLine, Request, Response};
use dyntray_core::Snapshot;
use dyntray_core::record::HistoryItem;
use dyntray_core::settings::form::Form;
use dyntray_core::types::redact::redact;
use dyntray_texts::diagnostics::Facts;
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;

use crate::log::LogFile;

/// So many lines of the history go into the diagnostics.
const HISTORY: u32 = 20;
/// So many lines of the log go into them.
const LOG: u32 = 100;

/// The diagnostics in the chosen language.
pub async fn text(handle: &Handle, log: &LogFile) -> String {
    let snapshot = handle.snapshots.borrow().clone();
    let form = match handle.ask(Request::Form).await {
        Response::Form { form } => form,
        _ => Form::default(),
    };
    let settings = settings_file::to_toml(&form).unwrap_or_else(|error| error.to_string());
    let history = history(handle, HISTORY).await;
    let log: Vec<String> = log.newest(LOG).iter().map(log_line).collect();
    let facts = Facts {
        version: env!("CARGO_PKG_VERSION"),
        system: &system(),
        settings: &settings,
        snapshot: &snapshot,
        network: &handle.network().await,
        history: &history,
        log: &log,
    };
    texts(&snapshot).diagnostics(&facts, Timestamp::now())
}

/// The whole history as a table for spreadsheets.
pub async fn history_table(handle: &Handle) -> String {
    let items = history(handle, u32::MAX).await;
    let snapshot = handle.snapshots.borrow().clone();
    redact(&texts(&snapshot).history_table(&items, &snapshot))
}

/// One line of the log as it is printed.
pub fn log_line(line: &LogLine) -> String {
    let at = line.at.to_zoned_datetime(dyntray_texts::here());
    format!("{} {:5} {}", at.strftime("%Y-%m-%d %H:%M:%S%:z"), line.level.word(), line.text)
}

async fn history(handle: &Handle, limit: u32) -> Vec<HistoryItem> {
    match handle.ask(Request::History { limit }).await {
        Response::History { items } => items,
        _ => Vec::new(),
    }
}

fn texts(snapshot: &Snapshot) -> Texts {
    Texts::of(Language::chosen(snapshot.language))
}

/// `Debian GNU/Linux 13 (trixie), x86_64, GNOME, wayland`.
pub fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map_or(OS, |name| name.trim_matches('"'));
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let parts =
        [Some(name.to_owned()), Some(ARCH.to_owned()), said("XDG_CURRENT_DESKTOP"), said("XDG_SESSION_TYPE")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
