//! Reads a router's events (UPnP Device Architecture 2.0, 4.3.2), only to notice that something changed. No address is
//! taken from them.

use super::soap;

/// The length to which values are cut; the ones that matter are shorter.
const MAX_VALUE: usize = 64;

/// The state variables of a WAN connection that matter here; none where an event leaves one out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StateVariables {
    /// `ExternalIPAddress`, as written.
    pub(super) external_address: Option<String>,
    /// `ConnectionStatus`, as written.
    pub(super) connection_status: Option<String>,
}

impl StateVariables {
    /// Reads the body of an event; none if it isn't one.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let text = soap::text_of(body);
        let document = soap::parse(&text)
            .inspect_err(|error| tracing::debug!(%error, "the router's event isn't XML"))
            .ok()?;
        let root = document.root_element();
        if root.tag_name().name() != "propertyset" {
            return None;
        }
        let value = |name| soap::find(root, name).map(|value| value.chars().take(MAX_VALUE).collect());
        Some(StateVariables {
            external_address: value("ExternalIPAddress"),
            connection_status: value("ConnectionStatus"),
        })
    }

    /// Takes over the variables in `newer`. True if one of them was known and differs.
    pub(super) fn update(&mut self, newer: StateVariables) -> bool {
        let mut differs = false;
        for (known, newer) in [
            (&mut self.external_address, newer.external_address),
            (&mut self.connection_status, newer.connection_status),
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
    }

    #[test]
    fn what_is_no_event_says_nothing() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"b\">]><propertyset><ExternalIPAddress>&a;</ExternalIPAddress></propertyset>";
        for body in ["", "<html/>", "<propertyset>", "84.160.12.7", bomb] {
            assert_eq!(StateVariables::read(body.as_bytes()), None, "{body}");
        }
    }
}
