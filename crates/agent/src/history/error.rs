//! The ways in which the database can fail.

use std::io;

/// An error of the database.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// SQLite's own error.
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    /// A value in the database isn't what was written.
    #[error("{0}")]
    Value(#[from] serde_json::Error),
    /// An error of the file system.
    #[error("{0}")]
    Files(#[from] io::Error),
    /// The file is of a newer version of the program, which may mean anything by what is in it.
    #[error("the database is of a newer version of Dyntray: {version}")]
    Newer {
        /// The version of its schema, or of a row.
        version: u32,
    },
    /// The file is damaged.
    #[error("the database is damaged")]
    Damaged,
}

impl HistoryError {
    /// True if another process is writing at the moment. It can be tried again soon.
    pub(crate) fn is_busy(&self) -> bool {
        use rusqlite::Error::SqliteFailure;
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        matches!(self, HistoryError::Database(SqliteFailure(failure, _))
            if matches!(failure.code, DatabaseBusy | DatabaseLocked))
    }

    /// True if the file itself is at fault. A full disk or a missing permission is no damage: nothing is moved aside
    /// because of it.
    pub(super) fn is_damage(&self) -> bool {
        use rusqlite::Error::{InvalidColumnType, SqlInputError, SqliteFailure};
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            HistoryError::Database(SqliteFailure(failure, _)) => {
                matches!(failure.code, DatabaseCorrupt | NotADatabase)
            }
            HistoryError::Database(error) => matches!(error, SqlInputError { .. } | InvalidColumnType(..)),
            HistoryError::Damaged | HistoryError::Value(_) => true,
            HistoryError::Files(_) | HistoryError::Newer { .. } => false,
        }
    }
}
