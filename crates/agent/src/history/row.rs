//! The JSON of one row.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::HistoryError;

/// The highest version of a row that this program understands. A row says it in its JSON, and one that says none is of
/// version 1. So a later program that means something else by a row keeps older ones from it.
const VERSION: u32 = 1;

/// The key of the version.
const KEY: &str = "\"version\"";

#[derive(Deserialize)]
struct Versioned {
    #[serde(default = "first")]
    version: u32,
}

fn first() -> u32 {
    1
}

/// Reads a row.
///
/// # Errors
/// [`HistoryError::Newer`] if it is of a newer version, else [`HistoryError::Value`].
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, HistoryError> {
    // Thousands of rows have none.
    if json.contains(KEY) {
        let Versioned { version } = serde_json::from_str(json)?;
        if version > VERSION {
            return Err(HistoryError::Newer { version });
        }
    }
    Ok(serde_json::from_str(json)?)
}
