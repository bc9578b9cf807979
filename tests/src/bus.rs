//! Objects on a bus, the name of the tray on it, and places on the screen as programs there tell them.

use serde::Deserialize;
use zbus::{Proxy, proxy::CacheProperties};

use crate::Result;

/// Tray items register here.
pub(crate) const TRAY_WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// An object on the bus, uncached: a story asks for what is true now.
pub(crate) async fn proxy(
    bus: &zbus::Connection,
    name: &str,
    path: &str,
    interface: &'static str,
) -> Result<Proxy<'static>> {
    let builder = zbus::proxy::Builder::<Proxy<'static>>::new(bus)
        .destination(name.to_owned())?
        .path(path.to_owned())?
        .interface(interface)?
        .cache_properties(CacheProperties::No);
    Ok(builder.build().await?)
}

/// A rectangle on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Place {
    /// The distance from the left edge of the screen.
    pub x: f64,
    /// The distance from the upper edge of the screen.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Place {
    /// The point in the middle.
    pub fn middle(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Tells whether another rectangle is wholly inside.
    pub fn contains(&self, other: &Self) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }
}
