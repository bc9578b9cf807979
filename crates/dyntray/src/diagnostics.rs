//! The diagnostics and the history's table, gathered from the agent, the log and the system.

use std::env::consts::{ARCH, OS};
use std::fs;

use dyntray_agent::{Handle, router, settings_file};
use dyntray_control::{AgentRequest, LogLine, Response};
use dyntray_core::Snapshot;
use dyntray_core::record::HistoryItem;
use dyntray_core::settings::form::Form;
use dyntray_core::types::redact::redact;
use dyntray_texts::diagnostics::Facts;
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;

use crate::log::LogFile;

/// The number of history items in the diagnostics.
const HISTORY: u32 = 20;
/// The number of log lines in them.
const LOG: u32 = 100;

/// The diagnostics in the chosen language.
pub async fn text(agent: &Handle, log: &LogFile) -> String {
    let snapshot = agent.snapshots.borrow().clone();
    let form = match agent.ask(AgentRequest::Form).await {
        Response::Form { form } => form,
        _ => Form::default(),
    };
    let settings = settings_file::to_toml(&form).unwrap_or_else(|error| error.to_string());
    let history = history(agent, HISTORY).await;
    let log: Vec<String> = log.newest(LOG).iter().map(log_line).collect();
    let keyring = agent.keyring().await;
    let facts = Facts {
        version: env!("CARGO_PKG_VERSION"),
        system: &system(),
        settings: &settings,
        snapshot: &snapshot,
        keyring: keyring.as_deref(),
        network: &agent.network().await,
        hears_routers: router::hears_routers(),
        history: &history,
        log: &log,
    };
    texts(&snapshot).diagnostics(&facts, Timestamp::now())
}

/// The whole history as a table for spreadsheets. It is made in a thread of its own, because it may have thousands of lines.
pub async fn history_table(agent: &Handle) -> String {
    let items = history(agent, u32::MAX).await;
    let snapshot = agent.snapshots.borrow().clone();
    let made =
        tokio::task::spawn_blocking(move || redact(&texts(&snapshot).history_table(&items, &snapshot))).await;
    made.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// One line of the log as it is printed.
pub fn log_line(line: &LogLine) -> String {
    let at = line.at.to_zoned_datetime(dyntray_texts::here());
    format!("{} {:5} {}", at.strftime("%Y-%m-%d %H:%M:%S%:z"), line.level.word(), line.text)
}

async fn history(agent: &Handle, limit: u32) -> Vec<HistoryItem> {
    match agent.ask(AgentRequest::History { limit }).await {
        Response::History { items } => items,
        _ => Vec::new(),
    }
}

fn texts(snapshot: &Snapshot) -> Texts {
    Texts::of(Language::chosen(snapshot.language))
}

/// The operating system and the desktop: `Debian GNU/Linux 13 (trixie), x86_64, GNOME, wayland`.
pub fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map_or(OS, |name| name.trim_matches('"'));
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let parts =
        [Some(name.to_owned()), Some(ARCH.to_owned()), said("XDG_CURRENT_DESKTOP"), said("XDG_SESSION_TYPE")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
