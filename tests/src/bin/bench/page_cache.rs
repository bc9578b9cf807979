//! The programs' files as they are after a boot.
//!
//! The pages of a file that was just written lie in memory in large pieces, and a program's process is charged for the
//! whole piece of each page that it touches. People start a program that was written before the last boot.

use dyntray_stories::Story;
use dyntray_stories::app::binary;
use rustix::fs::{Advice, fadvise};

/// Writes both programs to the disk and drops their pages from memory.
pub fn drop_programs() -> Story {
    for program in ["dyntray", "dyntray-window"] {
        let file = std::fs::File::open(binary(program)?)?;
        // Pages that aren't on the disk yet would stay.
        file.sync_all()?;
        fadvise(&file, 0, None, Advice::DontNeed)?;
    }
    Ok(())
}
