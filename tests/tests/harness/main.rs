//! Tests of the stage itself: its desktops, its networks and the sandbox are what they claim to be, and leave nothing
//! behind.

mod conformance;
mod desktops;
mod keyrings;
#[cfg(target_os = "linux")]
mod namespaces;
mod notices;
mod portal;
mod searches;
mod tools;
mod tray_items;
mod wall_clock;
mod web_views;
