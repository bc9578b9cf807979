//! One notification, as a program announces it.

use std::collections::HashMap;

/// One call of `Notify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The number given to it.
    pub id: u32,
    /// The program, as it calls itself.
    pub app: String,
    /// The notice that this one took the place of; 0 for none.
    pub replaces: u32,
    /// Name or path of the icon.
    pub icon: String,
    /// The bold line.
    pub summary: String,
    /// The text below.
    pub body: String,
    /// Buttons: key and label, in the order given.
    pub actions: Vec<(String, String)>,
    /// 0 low, 1 normal, 2 critical.
    pub urgency: Option<u8>,
    /// Other hints that have a text (`category`, `desktop-entry` …).
    pub hints: HashMap<String, String>,
    /// Milliseconds until it should go; -1: the daemon decides; 0: never.
    pub expires: i32,
    /// It was closed, by the program or by a press of one of its buttons.
    pub closed: bool,
}

impl Notice {
    /// The key of the button with this label.
    pub fn action(&self, label: &str) -> Option<&str> {
        self.actions.iter().find(|(_, shown)| shown == label).map(|(key, _)| key.as_str())
    }
}
