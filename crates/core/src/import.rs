//! Import of entries and their secrets from other programs' files: SPDYN's own export, ddclient, inadyn, and the
//! update URL of a router. [`read`] finds the entries, [`preview`] shows their effect on the form, [`take`] takes
//! them over.
//!
//! A file is never trusted: its size, entries and complaints are bounded, each part that can't be used is listed with
//! its reason, and nothing that might be a secret is ever repeated.

mod candidate;
mod csv;
mod ddclient;
mod elsewhere;
mod entry;
mod fit;
pub mod found;
mod inadyn;
mod name;
mod own_url;
mod reading;
mod server;
mod text;
mod update_url;
mod web_page;

pub use self::elsewhere::{FormerAddress, ImportElsewhere, elsewhere};
pub use self::fit::{ImportEffect, ImportEntry, ImportPreview, preview, take};
pub use self::found::{
    Found, Import, ImportSource, LARGEST_FILE, LeftOut, LeftOutWhy, MOST_ENTRIES, MOST_LEFT_OUT, Remark,
    RemarkWhat,
};
use self::reading::Reading;
pub use self::text::decode;

/// Reads a file. Its `name` is only a hint.
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
