//! Reads a router's events (UPnP Device Architecture 2.0, 4.3.2), only to notice that something changed. No address is
//! taken from them.

use super::xml;

/// The length to which values are cut; the ones that matter are shorter.
const MAX_VALUE: usize = 64;

/// The state variables of a WAN connection or its line that matter here; none where an event leaves one out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StateVariables {
    /// `ExternalIPAddress`, as written.
    pub(super) external_address: Option<String>,
    /// `ConnectionStatus`, as written.
    pub(super) connection_status: Option<String>,
    /// `PhysicalLinkStatus`, as written.
    pub(super) physical_link_status: Option<String>,
}

impl StateVariables {
    /// Reads the body of an event; none if it isn't one.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let elements = xml::read(body)
            .inspect_err(|error| tracing::debug!(?error, "the router's event isn't XML"))
            .ok()?;
        if elements.root() != Some("propertyset") {
            return None;
        }
        let value = |name| {
            let value = elements.text(elements.all(), name)?;
            Some(value.chars().take(MAX_VALUE).collect())
        };
        Some(StateVariables {
            external_address: value("ExternalIPAddress"),
            connection_status: value("ConnectionStatus"),
            physical_link_status: value("PhysicalLinkStatus"),
        })
    }

    /// Takes over the variables in `newer`. True if one of them was known and differs.
    pub(super) fn update(&mut self, newer: StateVariables) -> bool {
        let mut differs = false;
        for (known, newer) in [
            (&mut self.external_address, newer.external_address),
            (&mut self.connection_status, newer.connection_status),
            (&mut self.physical_link_status, newer.physical_link_status),
        ] {
            if newer.is_some() {
                differs |= known.is_some() && *known != newer;
                *known = newer;
            }
        }
        differs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(properties: &[(&str, &str)]) -> Option<StateVariables> {
        let inner: Vec<_> = properties
            .iter()
            .map(|(name, value)| format!("<e:property><{name}>{value}</{name}></e:property>"))
            .collect();
        let body = format!(
            "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\">{}</e:propertyset>",
            inner.concat()
        );
        StateVariables::read(body.as_bytes())
    }

    #[test]
    fn only_another_value_than_the_known_one_is_a_change() {
        let mut known = StateVariables::default();
        let connected = [("ConnectionStatus", "Connected"), ("ExternalIPAddress", "84.160.12.7")];
        assert!(!known.update(event(&connected).expect("an event")));
        assert!(!known.update(event(&connected).expect("an event")));
        assert!(!known.update(event(&[("PortMappingNumberOfEntries", "3")]).expect("an event")));
        assert!(known.update(event(&[("ExternalIPAddress", "84.160.12.8")]).expect("an event")));
        assert!(known.update(event(&[("ConnectionStatus", "Disconnected")]).expect("an event")));
        assert!(known.update(event(&[("ExternalIPAddress", "")]).expect("an event")));
        assert!(!known.update(event(&[("PhysicalLinkStatus", "Up")]).expect("an event")));
        assert!(known.update(event(&[("PhysicalLinkStatus", "Down")]).expect("an event")));
    }

    #[test]
    fn what_is_no_event_says_nothing() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"b\">]><propertyset><ExternalIPAddress>&a;</ExternalIPAddress></propertyset>";
        for body in ["", "<html/>", "84.160.12.7", bomb] {
            assert_eq!(StateVariables::read(body.as_bytes()), None, "{body}");
        }
    }
}
