//! The tray as a panel sees it: items with icon, title and tooltip, and their menus (StatusNotifier and dbusmenu).

mod menu;

use std::time::Duration;

use zbus::{Proxy, names::BusName};

pub use menu::MenuEntry;

use crate::{
    Error, PATIENCE, Result,
    bus::{TRAY_WATCHER, proxy},
    desktop::Desktop,
    processes,
    wait::eventually,
};

const ITEM: &str = "org.kde.StatusNotifierItem";

/// All items in the tray.
#[derive(Debug, Clone)]
pub struct Tray {
    bus: zbus::Connection,
}

/// One item in the tray.
#[derive(Debug, Clone)]
pub struct TrayItem {
    bus: zbus::Connection,
    service: String,
    path: String,
    /// The process that shows it.
    pub pid: u32,
}

/// The text that appears when the mouse rests on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tooltip {
    /// The bold line.
    pub title: String,
    /// The text below.
    pub text: String,
}

/// The picture of an item: by name or as pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// Name in the icon theme; empty when pixels are given.
    pub name: String,
    /// Width in pixels of the largest picture; 0 when only named.
    pub width: i32,
    /// The number of its colours, so that an empty picture is noticed.
    pub colours: usize,
}

impl Tray {
    /// Looks at a desktop's tray.
    pub fn of(desktop: &Desktop) -> Self {
        Self { bus: desktop.bus().clone() }
    }

    /// The items that are there now; none when there is no tray.
    pub async fn items(&self) -> Result<Vec<TrayItem>> {
        let dbus = zbus::fdo::DBusProxy::new(&self.bus).await?;
        if !dbus.name_has_owner(BusName::try_from(TRAY_WATCHER).map_err(zbus::Error::from)?).await? {
            return Ok(Vec::new());
        }
        let watcher = proxy(&self.bus, TRAY_WATCHER, "/StatusNotifierWatcher", TRAY_WATCHER).await?;
        let names: Vec<String> = watcher.get_property("RegisteredStatusNotifierItems").await?;
        let mut items = Vec::new();
        for full in names {
            let (service, path) = full.split_once('/').unwrap_or((&full, "StatusNotifierItem"));
            // GNOME's extension writes `:1.7@/path`.
            let service = service.trim_end_matches('@');
            let name = BusName::try_from(service.to_owned()).map_err(zbus::Error::from)?;
            // An item that has left meanwhile doesn't count.
            if let Ok(pid) = dbus.get_connection_unix_process_id(name).await {
                let (service, path) = (service.to_owned(), format!("/{path}"));
                items.push(TrayItem { bus: self.bus.clone(), service, path, pid });
            }
        }
        Ok(items)
    }

    /// Waits for the item of a process or of one below it.
    pub async fn wait_for_pid(&self, pid: u32, patience: Duration) -> Result<TrayItem> {
        eventually(&format!("a tray item of process {pid}"), patience, async || {
            let family = processes::tree(pid);
            self.items().await.ok()?.into_iter().find(|item| family.contains(&item.pid))
        })
        .await
    }

    /// Waits for an item whose title or id contains a text.
    pub async fn wait_for_title(&self, text: &str, patience: Duration) -> Result<TrayItem> {
        eventually(&format!("a tray item called {text:?}"), patience, async || {
            let mut seen = Vec::new();
            for item in self.items().await.map_err(|error| error.to_string())? {
                let (title, id) =
                    (item.title().await.unwrap_or_default(), item.id().await.unwrap_or_default());
                if title.contains(text) || id.contains(text) {
                    return Ok(item);
                }
                seen.push(format!("{title} ({id})"));
            }
            Err(format!("{seen:?}"))
        })
        .await
    }

    /// Waits until a process has no item (any more).
    pub async fn wait_for_none(&self, pid: u32, patience: Duration) -> Result<()> {
        eventually(&format!("the tray item of process {pid} to go"), patience, async || {
            self.items().await.is_ok_and(|items| items.iter().all(|item| item.pid != pid))
        })
        .await
    }
}

impl TrayItem {
    /// The item's title.
    pub async fn title(&self) -> Result<String> {
        Ok(self.item().await?.get_property("Title").await?)
    }

    /// The item's id, which stays the same across restarts.
    pub async fn id(&self) -> Result<String> {
        Ok(self.item().await?.get_property("Id").await?)
    }

    /// `Active`, `Passive` or `NeedsAttention`.
    pub async fn status(&self) -> Result<String> {
        Ok(self.item().await?.get_property("Status").await?)
    }

    /// The text that appears when the mouse rests on it.
    pub async fn tooltip(&self) -> Result<Tooltip> {
        type Parts = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let (_icon, _pixels, title, text): Parts = self.item().await?.get_property("ToolTip").await?;
        Ok(Tooltip { title, text })
    }

    /// Its picture now.
    pub async fn icon(&self) -> Result<Icon> {
        let item = self.item().await?;
        let name = item.get_property("IconName").await.unwrap_or_default();
        let pictures: Vec<(i32, i32, Vec<u8>)> = item.get_property("IconPixmap").await.unwrap_or_default();
        let (width, _, pixels) = pictures.into_iter().max_by_key(|(width, _, _)| *width).unwrap_or_default();
        let mut colours: Vec<&[u8]> = pixels.chunks_exact(4).collect();
        colours.sort_unstable();
        colours.dedup();
        Ok(Icon { name, width, colours: colours.len() })
    }

    /// The widths of its pictures, as it gives them to panels.
    pub async fn widths(&self) -> Result<Vec<i32>> {
        self.widths_of("IconPixmap").await
    }

    /// The widths of the pictures for [`NeedsAttention`](Self::status).
    pub async fn attention_widths(&self) -> Result<Vec<i32>> {
        self.widths_of("AttentionIconPixmap").await
    }

    async fn widths_of(&self, property: &str) -> Result<Vec<i32>> {
        let pictures: Vec<(i32, i32, Vec<u8>)> = self.item().await?.get_property(property).await?;
        Ok(pictures.into_iter().map(|(width, _, _)| width).collect())
    }

    /// Presses the icon as a panel does, which hands on the activation token of the click first.
    pub async fn activate(&self, token: &str) -> Result<()> {
        let item = self.item().await?;
        item.call_method("ProvideXdgActivationToken", &(token,)).await?;
        item.call_method("Activate", &(0, 0)).await?;
        Ok(())
    }

    /// The menu as it would open now.
    pub async fn menu(&self) -> Result<MenuEntry> {
        menu::read(&self.menu_proxy().await?).await
    }

    /// Waits until the menu has a line with this text in it.
    pub async fn wait_for_line(&self, text: &str) -> Result<()> {
        eventually(&format!("{text:?} in the tray's menu"), PATIENCE, async || {
            let labels = self.menu().await?.labels();
            let has_it = labels.iter().any(|label| label.contains(text));
            if has_it { Ok(()) } else { Err(Error::NotThere(format!("{labels:?}"))) }
        })
        .await
    }

    /// Clicks the menu entry with this label, at any depth.
    pub async fn click(&self, label: &str) -> Result<()> {
        let proxy = self.menu_proxy().await?;
        let menu = menu::read(&proxy).await?;
        let entry = menu
            .find(label)
            .ok_or_else(|| Error::NotThere(format!("no menu entry {label:?} in {:?}", menu.labels())))?;
        if !entry.enabled {
            return Err(Error::NotThere(format!("the menu entry {label:?} is greyed out")));
        }
        menu::click(&proxy, entry.id).await
    }

    async fn item(&self) -> Result<Proxy<'static>> {
        proxy(&self.bus, &self.service, &self.path, ITEM).await
    }

    async fn menu_proxy(&self) -> Result<Proxy<'static>> {
        let path: zbus::zvariant::OwnedObjectPath = self.item().await?.get_property("Menu").await?;
        proxy(&self.bus, &self.service, path.as_str(), menu::INTERFACE).await
    }
}
