//! Dyntray as its packages install it: the desktop entry, by which shells know a window and a notification, and the
//! icon.

use std::{fs, io, path::Path};

use crate::app::binary;

const ENTRY: &str = include_str!("../../../packaging/linux/dyntray.desktop");
const ICON: &[u8] = include_bytes!("../../../icons/app/128.png");

/// Writes both into the person's home folder.
pub(super) fn install(home: &Path) -> io::Result<()> {
    let data = home.join(".local/share");
    let (entries, icons) = (data.join("applications"), data.join("icons/hicolor/128x128/apps"));
    fs::create_dir_all(&entries)?;
    fs::create_dir_all(&icons)?;
    let mut entry = ENTRY.to_owned();
    if let Ok(program) = binary("dyntray") {
        entry = entry.replace("Exec=dyntray", &format!("Exec={}", program.display()));
    }
    fs::write(entries.join("dyntray.desktop"), entry)?;
    fs::write(icons.join("dyntray.png"), ICON)
}
