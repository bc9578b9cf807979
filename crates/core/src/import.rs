//! Entries and their secrets from files of other programs: SPDYN's own export, ddclient, inadyn, and the update
//! URL of a router. [`read`] finds them, [`preview`] says what they would do to the form, [`take`] does it.
//!
//! A file is never believed: its size, entries and complaints are bounded, what can't be used is named with its
//! reason, and nothing that might be a secret is ever repeated.

mod csv;
mod ddclient;
mod fit;
pub mod found;
mod inadyn;
mod reading;
mod text;
mod update_url;

pub use self::fit::{ImportEffect, ImportEntry, ImportPreview, preview, take};
pub use self::found::{
    Found, Import, ImportSource, LARGEST_FILE, LeftOut, LeftOutWhy, MOST_ENTRIES, MOST_LEFT_OUT,
};
use self::reading::Reading;
pub use self::text::decode;

/// Reads a file. `name` is its name, a hint only.
pub fn read(text: &str, name: &str) -> Import {
    let source = text::source(text, name);
    let mut reading = Reading::default();
    if text.len() > LARGEST_FILE {
        reading.leave_out_file(LeftOutWhy::FileTooLarge);
    } else if text.contains('\0') {
        reading.leave_out_file(LeftOutWhy::NotText);
    } else {
        let text = text.trim_start_matches('\u{feff}');
        match source {
            ImportSource::Table => csv::read(text, &mut reading),
            ImportSource::Ddclient => ddclient::read(text, &mut reading),
            ImportSource::Inadyn => inadyn::read(text, &mut reading),
            ImportSource::UpdateUrl => update_url::read(text, &mut reading),
        }
    }
    reading.finish(source)
}
