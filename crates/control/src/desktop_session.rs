//! The desktop session of a program: the display and the bus that its environment names.

use serde::{Deserialize, Serialize};

/// The variables that name a desktop session, in the order of the fields of [`DesktopSession`].
const VARIABLES: [&str; 5] =
    ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS"];

/// A desktop session, as the environment of its programs names it. Nothing else of an environment is ever handed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", default)]
pub struct DesktopSession {
    /// The X server's display.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    display: Option<String>,
    /// The Wayland compositor's socket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    wayland_display: Option<String>,
    /// The file that gives access to the X server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    xauthority: Option<String>,
    /// The desktop's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    current_desktop: Option<String>,
    /// The address of the session bus.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    bus_address: Option<String>,
}

impl DesktopSession {
    /// The session that this program was started in; none without a display.
    pub fn from_environment() -> Option<Self> {
        let [display, wayland_display, xauthority, current_desktop, bus_address] =
            VARIABLES.map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let session = DesktopSession { display, wayland_display, xauthority, current_desktop, bus_address };
        (session.display.is_some() || session.wayland_display.is_some()).then_some(session)
    }

    /// Each variable with its value; none where it isn't set in this session.
    pub fn variables(&self) -> [(&'static str, Option<&str>); VARIABLES.len()] {
        let values = [
            &self.display,
            &self.wayland_display,
            &self.xauthority,
            &self.current_desktop,
            &self.bus_address,
        ];
        std::array::from_fn(|index| (VARIABLES[index], values[index].as_deref()))
    }

    /// The session bus' address; none where the session names none.
    pub fn bus(&self) -> Option<&str> {
        self.bus_address.as_deref().map(without_guid)
    }
}

/// The session bus' address in this program's environment.
pub fn own_bus() -> Option<String> {
    let address = std::env::var(VARIABLES[4]).ok().filter(|address| !address.is_empty())?;
    Some(without_guid(&address).to_owned())
}

/// An address without the number of the bus, which some desktops add to it.
fn without_guid(address: &str) -> &str {
    address.split_once(",guid=").map_or(address, |(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_hands_on_its_display_and_bus_and_clears_what_it_has_not() {
        let session: DesktopSession =
            serde_json::from_str(r#"{"display":":7","busAddress":"unix:path=/run/bus,guid=1f"}"#)
                .expect("JSON");
        assert_eq!(
            session.variables(),
            [
                ("DISPLAY", Some(":7")),
                ("WAYLAND_DISPLAY", None),
                ("XAUTHORITY", None),
                ("XDG_CURRENT_DESKTOP", None),
                ("DBUS_SESSION_BUS_ADDRESS", Some("unix:path=/run/bus,guid=1f")),
            ]
        );
        assert_eq!(session.bus(), Some("unix:path=/run/bus"));
    }
}
