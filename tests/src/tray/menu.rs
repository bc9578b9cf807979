//! An item's menu (com.canonical.dbusmenu).

use std::collections::HashMap;

use zbus::{
    Proxy,
    zvariant::{OwnedValue, Value},
};

use crate::Result;

pub(super) const INTERFACE: &str = "com.canonical.dbusmenu";

/// An entry of the menu on the bus: number, properties, children (each again a node).
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// A line of a menu; the menu itself is the one without a label that holds all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// The item's number for it.
    pub id: i32,
    /// Its text, without the underscores of access keys.
    pub label: String,
    /// It can be clicked.
    pub enabled: bool,
    /// It is shown.
    pub visible: bool,
    /// It is only a line between others.
    pub separator: bool,
    /// It is ticked; none where it can't be.
    pub checked: Option<bool>,
    /// The entries of its submenu.
    pub children: Vec<MenuEntry>,
}

impl MenuEntry {
    /// The visible entry with this label, here or below.
    pub fn find(&self, label: &str) -> Option<&MenuEntry> {
        let here = (self.visible && !self.separator && self.label == label).then_some(self);
        here.or_else(|| self.shown().find_map(|child| child.find(label)))
    }

    /// The visible labels in their order, those of submenus included, separators as `—`.
    pub fn labels(&self) -> Vec<String> {
        let line = |child: &MenuEntry| {
            let own = if child.separator { "—".to_owned() } else { child.label.clone() };
            std::iter::once(own).chain(child.labels()).collect::<Vec<_>>()
        };
        self.shown().flat_map(line).collect()
    }

    fn shown(&self) -> impl Iterator<Item = &MenuEntry> {
        self.children.iter().filter(|child| child.visible)
    }
}

/// Opens the menu, so that the program may bring it up to date, and reads it.
pub(super) async fn read(menu: &Proxy<'_>) -> Result<MenuEntry> {
    // Not every program answers this; those that don't have nothing to prepare.
    let _nothing_to_prepare = menu.call_method("AboutToShow", &(0,)).await;
    let (_revision, root): (u32, Node) = menu.call("GetLayout", &(0, -1, Vec::<&str>::new())).await?;
    Ok(entry(root)?)
}

/// Sends the click.
pub(super) async fn click(menu: &Proxy<'_>, id: i32) -> Result<()> {
    let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let now = u32::try_from(now).unwrap_or(u32::MAX);
    menu.call_method("Event", &(id, "clicked", Value::from(0), now)).await?;
    Ok(())
}

fn entry((id, properties, children): Node) -> zbus::Result<MenuEntry> {
    let text = |name: &str| properties.get(name)?.downcast_ref::<String>().ok();
    let flag = |name: &str| properties.get(name)?.downcast_ref::<bool>().ok();
    let checked = text("toggle-type").filter(|kind| !kind.is_empty()).map(|_| {
        properties.get("toggle-state").and_then(|state| state.downcast_ref::<i32>().ok()) == Some(1)
    });
    Ok(MenuEntry {
        id,
        label: without_access_key(&text("label").unwrap_or_default()),
        enabled: flag("enabled").unwrap_or(true),
        visible: flag("visible").unwrap_or(true),
        separator: text("type").as_deref() == Some("separator"),
        checked,
        children: children
            .into_iter()
            .map(|child| entry(Node::try_from(child)?))
            .collect::<zbus::Result<_>>()?,
    })
}

/// `_Quit` is shown as "Quit" with a line under the Q; `__` is an underscore.
fn without_access_key(label: &str) -> String {
    label.replace("__", "\u{0}").replace('_', "").replace('\u{0}', "_")
}

#[cfg(test)]
mod tests {
    use super::without_access_key;

    #[test]
    fn access_keys_are_not_part_of_a_label() {
        assert_eq!(without_access_key("_Quit"), "Quit");
        assert_eq!(without_access_key("Update _now"), "Update now");
        assert_eq!(without_access_key("my__host.spdns.de"), "my_host.spdns.de");
    }
}
