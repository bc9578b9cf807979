//! Calls to the desktop's portal on the session bus. All of it runs on GTK's main loop.

use gtk::gio::{self, DBusCallFlags, DBusConnection};
use gtk::glib::{self, Variant};

/// The portal's bus name.
pub const NAME: &str = "org.freedesktop.portal.Desktop";
/// The object that has all of the portal's interfaces.
pub const PATH: &str = "/org/freedesktop/portal/desktop";

/// The session bus.
pub async fn session_bus() -> Result<DBusConnection, glib::Error> {
    gio::bus_get_future(gio::BusType::Session).await
}

/// Calls a method of the portal, which the bus starts if necessary. Fails where there is none.
pub async fn call(
    bus: &DBusConnection,
    interface: &str,
    method: &str,
    arguments: &Variant,
) -> Result<Variant, glib::Error> {
    const USUAL_TIMEOUT: i32 = -1;
    bus.call_future(
        Some(NAME),
        PATH,
        interface,
        method,
        Some(arguments),
        None,
        DBusCallFlags::NONE,
        USUAL_TIMEOUT,
    )
    .await
}
