//! Reads the history beside the loop, through a connection of its own: ten thousand lines take a while.

use std::path::PathBuf;

use dyntray_core::record::HistoryItem;

use super::error::HistoryError;
use super::open_mode::OpenMode;
use super::{database, lines};

/// A reader of the history, for another thread.
pub struct HistoryReader {
    pub(super) path: PathBuf,
    pub(super) mode: OpenMode,
}

impl HistoryReader {
    /// The newest `limit` items, newest first. Blocks while they are read.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn newest(&self, limit: u32) -> Result<Vec<HistoryItem>, HistoryError> {
        let connection = match self.mode {
            OpenMode::Newer { version } => return Err(HistoryError::Newer { version }),
            OpenMode::ReadWrite => database::open_beside(&self.path)?,
            OpenMode::ReadOnly | OpenMode::DryRun => database::open_read_only(&self.path)?,
        };
        lines::newest(&connection, limit)
    }
}
