//! Watches for a panel that shows tray icons. The icon appears by itself when a panel comes. Where there never was one,
//! as on stock GNOME, the window opens once and says so; afterwards a missing panel is only a health issue, because
//! GNOME takes its away while the screen is locked.

use std::time::Duration;

use dyntray_agent::Handle;
use dyntray_agent::run::MissingTray;
use dyntray_control::{Page, ShellRequest};
use futures_lite::StreamExt as _;
use zbus::fdo::DBusProxy;
use zbus::{Connection, proxy};

use crate::requests::RequestSender;
use crate::window::Window;

/// The bus name of a panel with a tray.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
/// The time that a desktop gets to start its panel.
const PATIENCE: Duration = Duration::from_secs(15);
/// The time in which a bus that failed is known to be closed, if that was the reason.
const CLOSING: Duration = Duration::from_secs(2);

#[proxy(
    interface = "org.kde.StatusNotifierWatcher",
    default_service = "org.kde.StatusNotifierWatcher",
    default_path = "/StatusNotifierWatcher"
)]
trait StatusNotifierWatcher {
    #[zbus(property(emits_changed_signal = "false"))]
    fn is_status_notifier_host_registered(&self) -> zbus::Result<bool>;
}

/// The watch for a panel.
pub struct PanelWatch {
    /// The agent, which shows the health issue.
    pub agent: Handle,
    /// The window, which says more.
    pub window: Window,
    /// The way to open it.
    pub requests: RequestSender,
}

impl PanelWatch {
    /// Watches on `bus` for as long as it is connected.
    pub async fn run(&self, bus: &Connection) {
        if let Err(error) = self.follow(bus).await {
            // A bus that ends fails first, and is known to be closed a little later.
            if tokio::time::timeout(CLOSING, bus.closed()).await.is_err() {
                self.bus_missing(&error).await;
            }
        }
    }

    /// Reports that no panel can be watched for.
    pub async fn bus_missing(&self, error: &zbus::Error) {
        tracing::warn!(%error, "the desktop can't be asked about its tray");
        self.report_missing().await;
    }

    async fn follow(&self, bus: &Connection) -> zbus::Result<()> {
        let names = DBusProxy::new(bus).await?;
        let mut changes = names.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
        loop {
            if !shows_icons(bus, &names).await? {
                // A panel that comes meanwhile is a change. Not all announce their tray at once, so look again anyway.
                let _ = tokio::time::timeout(PATIENCE, changes.next()).await;
                if !shows_icons(bus, &names).await? {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            if shows_icons(bus, &names).await? {
                self.agent.tray_shown().await;
            } else {
                self.report_missing().await;
            }
            if changes.next().await.is_none() {
                return Ok(());
            }
            // A new panel registers its name first and its tray right after.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn report_missing(&self) {
        let known = self.agent.tray_missing().await;
        // An open window shows it on every page, and keeps the page that the person is on.
        if known == MissingTray::News && !self.window.is_shown() {
            self.requests.send(ShellRequest::OpenWindow {
                page: Page::Status,
                activation: None,
                session: None,
            });
        }
    }
}

async fn shows_icons(bus: &Connection, names: &DBusProxy<'_>) -> zbus::Result<bool> {
    if !names.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(false);
    }
    let watcher = StatusNotifierWatcherProxy::new(bus).await?;
    match watcher.is_status_notifier_host_registered().await {
        // The bus is gone, and not only the panel.
        Err(error @ zbus::Error::InputOutput(_)) => Err(error),
        told => Ok(told.unwrap_or(false)),
    }
}
