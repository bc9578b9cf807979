//! The libraries and crates that the two programs must not have.

use dyntray_stories::app::binary;
use dyntray_stories::{Story, processes};

#[test]
fn the_always_on_program_links_no_gtk_and_no_web_engine() -> Story {
    let libraries = processes::linked_libraries(&binary("dyntray")?)?;
    for forbidden in ["gtk", "gdk", "webkit", "javascriptcore", "glib", "dbus-1", "soup"] {
        assert!(!libraries.iter().any(|library| library.to_lowercase().contains(forbidden)), "{libraries:?}");
    }
    Ok(())
}

#[test]
fn the_window_program_has_no_http_client_and_no_keyring_of_its_own() -> Story {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/Cargo.toml"))?;
    for forbidden in ["reqwest", "keyring", "dyntray-agent", "rusqlite", "notify-rust", "tray-icon"] {
        assert!(!manifest.contains(forbidden), "{forbidden}");
    }
    Ok(())
}
