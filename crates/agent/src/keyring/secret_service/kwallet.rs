//! KWallet becomes the secret service when it runs, and nothing but its own name starts it.

use std::thread;
use std::time::{Duration, Instant};

use zbus::Result;
use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::{BusName, WellKnownName};

use super::names::NAME;

/// The daemons that may be installed, the newest first.
const DAEMONS: [&str; 2] = ["org.kde.kwalletd6", "org.kde.kwalletd5"];
/// The time in which a started daemon becomes the secret service. A read waits no longer than five seconds.
const START: Duration = Duration::from_secs(3);

/// Starts KWallet where nothing is the secret service and either KDE runs or the bus could start nothing else.
pub(super) fn start_where_needed(bus: &Connection) -> Result<()> {
    let bus = DBusProxy::new(bus)?;
    if is_there(&bus)? {
        return Ok(());
    }
    let startable = bus.list_activatable_names()?;
    let is_startable = |name: &str| startable.iter().any(|startable| startable.as_str() == name);
    if is_startable(NAME) && !is_kde(&std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default()) {
        return Ok(());
    }
    for daemon in DAEMONS.into_iter().filter(|daemon| is_startable(daemon)) {
        match bus.start_service_by_name(WellKnownName::try_from(daemon)?, 0) {
            Ok(_) if becomes_the_service(&bus)? => return Ok(()),
            Ok(_) => tracing::warn!(daemon, "it started, and didn't become the secret service"),
            Err(error) => tracing::warn!(daemon, %error, "it couldn't be started"),
        }
    }
    Ok(())
}

fn is_there(bus: &DBusProxy<'_>) -> Result<bool> {
    Ok(bus.name_has_owner(BusName::try_from(NAME)?)?)
}

fn becomes_the_service(bus: &DBusProxy<'_>) -> Result<bool> {
    let end = Instant::now() + START;
    while Instant::now() < end {
        if is_there(bus)? {
            return Ok(true);
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(false)
}

/// True of a desktop's names, like `KDE` or `ubuntu:GNOME`, that KDE is among.
fn is_kde(desktop: &str) -> bool {
    desktop.split(':').any(|name| name.eq_ignore_ascii_case("KDE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kde_is_known_by_its_name_alone() {
        for (desktop, expected) in
            [("KDE", true), ("X-Cinnamon:KDE", true), ("ubuntu:GNOME", false), ("", false)]
        {
            assert_eq!(is_kde(desktop), expected, "{desktop}");
        }
    }
}
