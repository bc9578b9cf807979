//! Watches whether a panel shows tray icons. Where none does, as on stock GNOME, the window opens once and says so;
//! the icon appears by itself when a panel comes.

use std::time::Duration;

use dyntray_agent::Handle;
use dyntray_control::Page;
use dyntray_core::state::health_issue::HealthIssue;
use futures_lite::StreamExt as _;
use zbus::fdo::DBusProxy;
use zbus::{Connection, proxy};

use crate::app::show;
use crate::launch::Windows;

/// The name that a panel with a tray is known by.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
/// A desktop that is just starting gets so long to bring its panel up.
const PATIENCE: Duration = Duration::from_secs(15);

#[proxy(
    interface = "org.kde.StatusNotifierWatcher",
    default_service = "org.kde.StatusNotifierWatcher",
    default_path = "/StatusNotifierWatcher"
)]
trait StatusNotifierWatcher {
    #[zbus(property(emits_changed_signal = "false"))]
    fn is_status_notifier_host_registered(&self) -> zbus::Result<bool>;
}

/// Watches until the task is ended.
pub async fn watch(handle: Handle, windows: Windows) {
    if let Err(error) = follow(&handle, &windows).await {
        tracing::warn!(%error, "the desktop can't be asked about its tray");
        say_so(&handle, &windows).await;
    }
}

async fn follow(handle: &Handle, windows: &Windows) -> zbus::Result<()> {
    let connection = Connection::session().await?;
    let bus = DBusProxy::new(&connection).await?;
    let mut changes = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    let mut told = false;
    loop {
        if !shows_icons(&connection, &bus).await? {
            // A panel that comes meanwhile is a change, but not all announce their tray at once: look again anyway.
            let _ = tokio::time::timeout(PATIENCE, changes.next()).await;
            if !shows_icons(&connection, &bus).await? {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        if shows_icons(&connection, &bus).await? {
            handle.clear_issue(HealthIssue::NoTray).await;
        } else if told {
            handle.raise_issue(HealthIssue::NoTray).await;
        } else {
            told = true;
            say_so(handle, windows).await;
        }
        changes.next().await;
        // A new panel registers its name first and its tray right after.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn say_so(handle: &Handle, windows: &Windows) {
    handle.raise_issue(HealthIssue::NoTray).await;
    // An open window shows it on every page; nobody's form is taken away for it.
    if !windows.is_shown() {
        show(handle, windows, Page::Status);
    }
}

async fn shows_icons(connection: &Connection, bus: &DBusProxy<'_>) -> zbus::Result<bool> {
    if !bus.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(false);
    }
    let watcher = StatusNotifierWatcherProxy::new(connection).await?;
    Ok(watcher.is_status_notifier_host_registered().await.unwrap_or(false))
}
