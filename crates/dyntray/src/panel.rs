//! Watches for a panel that shows tray icons. Where there is none, as on stock GNOME, the window opens once and says
//! so; the icon appears by itself when a panel comes.

use std::time::Duration;

use dyntray_agent::Handle;
use dyntray_control::{Page, ShellRequest};
use dyntray_core::state::health_issue::HealthIssue;
use futures_lite::StreamExt as _;
use zbus::fdo::DBusProxy;
use zbus::{Connection, proxy};

use crate::requests::RequestSender;
use crate::window::Window;

/// The bus name of a panel with a tray.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
/// The time that a desktop gets to start its panel.
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
pub async fn watch(agent: Handle, window: Window, requests: RequestSender) {
    if let Err(error) = follow(&agent, &window, &requests).await {
        tracing::warn!(%error, "the desktop can't be asked about its tray");
        report_no_tray(&agent, &window, &requests).await;
    }
}

async fn follow(agent: &Handle, window: &Window, requests: &RequestSender) -> zbus::Result<()> {
    let connection = Connection::session().await?;
    let bus = DBusProxy::new(&connection).await?;
    let mut changes = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    let mut reported = false;
    loop {
        if !shows_icons(&connection, &bus).await? {
            // A panel that comes meanwhile is a change. Not all announce their tray at once, so look again anyway.
            let _ = tokio::time::timeout(PATIENCE, changes.next()).await;
            if !shows_icons(&connection, &bus).await? {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        if shows_icons(&connection, &bus).await? {
            agent.clear_issue(HealthIssue::NoTray).await;
        } else if reported {
            agent.raise_issue(HealthIssue::NoTray).await;
        } else {
            reported = true;
            report_no_tray(agent, window, requests).await;
        }
        changes.next().await;
        // A new panel registers its name first and its tray right after.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn report_no_tray(agent: &Handle, window: &Window, requests: &RequestSender) {
    agent.raise_issue(HealthIssue::NoTray).await;
    // An open window shows it on every page, and keeps the page that the person is on.
    if !window.is_shown() {
        requests.send(ShellRequest::OpenWindow { page: Page::Status });
    }
}

async fn shows_icons(connection: &Connection, bus: &DBusProxy<'_>) -> zbus::Result<bool> {
    if !bus.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(false);
    }
    let watcher = StatusNotifierWatcherProxy::new(connection).await?;
    Ok(watcher.is_status_notifier_host_registered().await.unwrap_or(false))
}
