//! Objects on the session bus, and the name of the tray on it.

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
